"""Commands that tell of a run: what was paid, what it cost, what was decided."""

from results.messages import _
from scenarios.options.common import as_json, count, workers
from scenarios.options.parser import Parser


def explain(made: Parser) -> None:
    """Arguments of ``careteams explain``."""
    made.add_argument("run", metavar=_("RUN"), help=_("folder of a run"))
    made.add_argument("--team", metavar=_("TEAM"), default="", help=_("one team, by name"))
    made.add_argument("--year", metavar="N", type=count, default=0, help=_("year of the run (by default, the last)"))
    made.add_argument("--policy", metavar=_("RULE"), default="", help=_("one payment rule"))
    as_json(made)


def budget(made: Parser) -> None:
    """Arguments of ``careteams budget``."""
    made.add_argument("run", metavar=_("RUN"), help=_("folder of a run"))
    made.add_argument("--against", metavar=_("RUN"), help=_("folder of the run to compare with"))
    made.add_argument("--year", metavar="N", type=count, default=0, help=_("year of the run (by default, the last)"))
    as_json(made)


def story(made: Parser) -> None:
    """Arguments of ``careteams story``."""
    made.add_argument("run", metavar=_("RUN"), help=_("folder of a run"))
    made.add_argument("--team", metavar=_("TEAM"), default="", help=_("one team, by name (by default, the first)"))
    made.add_argument("--years", metavar="N-N", default="", help=_("a year, or the first and the last"))
    made.add_argument("--events", action="store_true", help=_("print every event with all its terms instead"))
    made.add_argument("--figures", metavar=_("FOLDER"), help=_("also draw the figures of the team into this folder"))
    as_json(made)


def replications(made: Parser) -> None:
    """Arguments of ``careteams replications``."""
    made.add_argument("path", metavar=_("PATH"), help=_("folder of a comparison (compare --out)"))
    made.add_argument("--out", metavar=_("FOLDER"), help=_("where the figure goes (by default, that folder)"))
    made.add_argument("--quiet", action="store_true", help=_("no progress bar, no summary"))


def rerun(made: Parser) -> None:
    """Arguments of ``careteams rerun``."""
    made.add_argument("file", metavar=_("FILE"), help=_("a figure, table or page, or the folder of a run"))
    made.add_argument("--out", metavar=_("FOLDER"), help=_("a new folder (by default, one beside the file)"))
    made.add_argument("--accept-changes", action="store_true", help=_("run with other code, parameters or files too"))
    made.add_argument("--quiet", action="store_true", help=_("no progress bar, no summary"))


def report(made: Parser) -> None:
    """Arguments of ``careteams report``."""
    made.add_argument(
        "path", metavar=_("PATH"), help=_("folder of a run, of a sweep, or of a comparison (compare --out)")
    )  # fmt: skip
    made.add_argument("--out", metavar=_("FILE"), help=_("the page (by default, report.html in the folder)"))
    made.add_argument("--posterior", metavar=_("FILE"), help=_("posterior.csv that says of what something was learnt"))
    made.add_argument("--no-examples", action="store_true", help=_("run no example of each arm of a comparison"))
    made.add_argument("--accept-changes", action="store_true", help=_("run examples with other code too"))
    made.add_argument("--quiet", action="store_true", help=_("no progress bar, no summary"))


def teach(made: Parser) -> None:
    """Arguments of ``careteams teach``."""
    made.add_argument("--out", metavar=_("FILE"), help=_("write the page, one HTML file, here"))
    made.add_argument("--kit", metavar=_("FOLDER"), help=_("write the teacher's kit, printable, into this folder"))
    made.add_argument("--payload", metavar=_("FILE"), help=_("write the numbers behind the page here, as JSON"))
    made.add_argument("--quick", action="store_true", help=_("few runs: to see the page, not to teach with it"))
    made.add_argument("--keep", metavar=_("FOLDER"), help=_("where runs are kept, so that a stopped command goes on"))
    workers(made)
    made.add_argument("--quiet", action="store_true", help=_("no progress bar"))

"""Commands that tell of a run: what was paid, what it cost, what was decided."""

from results.messages import _
from scenarios.options.common import as_json, count
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


def rerun(made: Parser) -> None:
    """Arguments of ``careteams rerun``."""
    made.add_argument("file", metavar=_("FILE"), help=_("a figure, table or page, or the folder of a run"))
    made.add_argument("--out", metavar=_("FOLDER"), help=_("a new folder (by default, one beside the file)"))
    made.add_argument("--accept-changes", action="store_true", help=_("run with other code, parameters or files too"))
    made.add_argument("--quiet", action="store_true", help=_("no progress bar, no summary"))

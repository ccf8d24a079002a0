"""Commands that run one scenario or one part of the model."""

from results.messages import _
from scenarios.options.common import as_json, count, counts, quiet, scenario, workers
from scenarios.options.parser import Parser


def run(made: Parser) -> None:
    """Arguments of ``careteams run``."""
    scenario(made)
    made.add_argument("--years", metavar="N", help=_("years after the warm-up"))
    made.add_argument("--seed", metavar="N", help=_("seed of every draw"))
    made.add_argument("--out", metavar=_("FOLDER"), help=_("a new folder for the run (by default under results/runs)"))
    made.add_argument("--threads", metavar="N", type=count, default=1, help=_("threads; results do not depend on them"))
    made.add_argument("--record-events", action="store_true", help=_("write every claim line too"))
    made.add_argument("--panel", metavar="N", help=_("patients to follow week by week"))
    made.add_argument("--no-figure", action="store_true", help=_("draw no figure"))
    made.add_argument("--quiet", action="store_true", help=_("no progress bar, no summary"))


def territory(made: Parser) -> None:
    """Arguments of ``careteams territory``."""
    scenario(made, default="default")
    made.add_argument("--epci", metavar=_("NAME"), help=_("a real intercommunal area, by name or nine-digit code"))
    made.add_argument("--out", metavar=_("FILE"), help=_("draw a map into this file"))


def lab(made: Parser) -> None:
    """Arguments of ``careteams lab``."""
    made.add_argument(
        "--set", metavar=_("KEY=VALUE"), action="append", default=[],
        help=_("change one parameter, such as parameters.utility.precision=1; may be repeated"),
    )  # fmt: skip
    made.add_argument("--figure", metavar=_("FILE"), help=_("draw what players do into this file"))
    as_json(made)


def norms(made: Parser) -> None:
    """Arguments of ``careteams norms``."""
    scenario(made, default="default")
    workers(made)
    made.add_argument("--out", metavar=_("FILE"), help=_("also write the norms into this file"))
    quiet(made)


def live(made: Parser) -> None:
    """Arguments of ``careteams live``."""
    scenario(made, default="village")
    made.add_argument("--port", metavar="N", type=count, default=8765, help=_("port of this machine"))
    made.add_argument("--no-browser", action="store_true", help=_("open no browser"))
    made.add_argument("--quiet", action="store_true", help=_("no progress bar"))


def bench(made: Parser) -> None:
    """Arguments of ``careteams bench``."""
    made.add_argument("--sizes", metavar="N,N", type=counts, help=_("patients, several sizes with commas"))
    made.add_argument("--threads", metavar="N,N", type=counts, help=_("numbers of threads"))
    made.add_argument(
        "--territories", metavar="N,N", type=counts, help=_("measure studies over so many real territories instead")
    )
    workers(made)
    made.add_argument("--save", action="store_true", help=_("add the figures to the history in benchmarks"))
    as_json(made)

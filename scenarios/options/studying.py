"""Commands that run many scenarios: patterns, comparisons, sweeps."""

from results.messages import _
from scenarios.options.common import as_json, count, scenario
from scenarios.options.parser import Parser


def validate(made: Parser) -> None:
    """Arguments of ``careteams validate``."""
    made.add_argument("files", metavar=_("FILE"), nargs="*", help=_("files of patterns (by default, all of ours)"))
    made.add_argument("--seeds", metavar="N", type=count, help=_("replicates, instead of those of the patterns"))
    made.add_argument("--workers", metavar="N", type=count, help=_("processes that share the work"))
    made.add_argument("--markdown", metavar=_("FILE"), help=_("also write the table into this file"))
    made.add_argument("--quiet", action="store_true", help=_("no progress bar"))
    as_json(made)


def compare(made: Parser) -> None:
    """Arguments of ``careteams compare``."""
    scenario(made)
    made.add_argument(
        "--arm", metavar=_("NAME[=WHAT]"), action="append", default=[],
        help=_("what is tried: an override, a reform file, a scenario, or payment rules such as peps; may be repeated"),
    )  # fmt: skip
    made.add_argument(
        "--baseline", metavar=_("NAME"), default="", help=_("arm to compare with (by default, the first)")
    )
    made.add_argument(
        "--outcome", metavar=_("NAME"), action="append", default=[], help=_("what is compared; may be repeated")
    )  # fmt: skip
    made.add_argument(
        "--by", metavar=_("GROUP"), action="append", default=[],
        help=_("also by group: age, ald, c2s, area or profession; may be repeated"),
    )  # fmt: skip
    made.add_argument("--seeds", metavar="N", type=count, help=_("worlds (with --stop, the most worlds)"))
    made.add_argument("--years", metavar="N", type=count, help=_("years after the warm-up"))
    made.add_argument("--read", metavar="N-N", default="", help=_("years that are read (by default, all)"))
    made.add_argument("--warm-up", metavar="N", type=count, help=_("years of warm-up (by default, by the rule)"))
    made.add_argument(
        "--precision", metavar="X", default="1%",
        help=_("half-width of the interval that is wanted: 1%% of the baseline, or a number"),
    )  # fmt: skip
    made.add_argument(
        "--stop", choices=("sign", "precision"), default="",
        help=_("add worlds until the sign of each difference is known, or its interval is as narrow as wanted"),
    )  # fmt: skip
    made.add_argument(
        "--ensemble", metavar="N", type=count, default=0, help=_("draw uncertain parameters so many times")
    )  # fmt: skip
    made.add_argument(
        "--parameters", metavar="ID", action="append", default=[],
        help=_("parameters or groups of them to draw (by default, all that are uncertain)"),
    )  # fmt: skip
    made.add_argument("--workers", metavar="N", type=count, help=_("processes that share the work"))
    made.add_argument("--out", metavar=_("FOLDER"), help=_("write tables and a figure into this folder"))
    made.add_argument("--figure", metavar=_("FILE"), help=_("draw the differences into this file"))
    made.add_argument("--quiet", action="store_true", help=_("no progress bar"))
    as_json(made)


def sweep(made: Parser) -> None:
    """Arguments of ``careteams sweep``."""
    made.add_argument("design", metavar="DESIGN", help=_("path of a design file"))
    made.add_argument("--workers", metavar="N", type=count, help=_("processes that share the work"))
    made.add_argument("--out", metavar=_("STORE"), default="", help=_("folder or address that keeps the runs"))
    made.add_argument("--engine", choices=("local", "dask"), default="local", help=_("processes here, or a cluster"))
    made.add_argument("--address", metavar=_("ADDRESS"), default="", help=_("the Dask scheduler"))
    made.add_argument("--shard", metavar="I/N", default="", help=_("run one part only, for a job of a job array"))
    made.add_argument("--progress", action="store_true", help=_("show a progress bar with an estimate of the end"))
    made.add_argument("--accept-changes", action="store_true", help=_("go on with runs made by other versions"))
    made.add_argument("--quiet", action="store_true", help=_("no progress bar, no summary"))

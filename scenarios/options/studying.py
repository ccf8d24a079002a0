"""Commands that run many scenarios: patterns, comparisons, sweeps."""

from results.messages import _
from scenarios.options.common import arms, count, counts, engine, outcomes, quiet, scenario, years
from scenarios.options.parser import Parser


def validate(made: Parser) -> None:
    """Arguments of ``careteams validate``."""
    made.add_argument("files", metavar=_("FILE"), nargs="*", help=_("files of patterns (by default, all of ours)"))
    made.add_argument("--seeds", metavar="N", type=count, help=_("replicates, instead of those of the patterns"))
    engine(made)
    made.add_argument("--markdown", metavar=_("FILE"), help=_("also write the table into this file"))
    quiet(made)


def compare(made: Parser) -> None:
    """Arguments of ``careteams compare``."""
    scenario(made)
    arms(made)
    outcomes(made)
    made.add_argument(
        "--by", metavar=_("GROUP"), action="append", default=[],
        help=_("also by group: age, ald, c2s, area or profession; may be repeated"),
    )  # fmt: skip
    made.add_argument("--seeds", metavar="N", type=count, help=_("worlds (with --stop, the most worlds)"))
    years(made)
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
    engine(made)
    made.add_argument("--out", metavar=_("FOLDER"), help=_("write tables and a figure into this folder"))
    made.add_argument("--figure", metavar=_("FILE"), help=_("draw the differences into this file"))
    quiet(made)


def attribute(made: Parser) -> None:
    """Arguments of ``careteams attribute``."""
    scenario(made)
    made.add_argument("--policy", metavar=_("RULE"), required=True, help=_("the payment rule that is looked into"))
    made.add_argument(
        "--team", metavar=_("NAME"), default="", help=_("the team that it pays (by default, the first of the scenario)")
    )
    made.add_argument("--seeds", metavar="N", type=count, help=_("redraws of chance (by default, 30)"))
    made.add_argument("--years", metavar="N", type=count, help=_("years under the rule (by default, 1)"))
    made.add_argument(
        "--run-in", choices=("0", "1", "2", "3"), default="1",
        help=_("years before the rule in which chance is redrawn too (0: the contract keeps its own days)"),
    )  # fmt: skip
    made.add_argument("--worlds", metavar="N", type=count, default=1, help=_("worlds founded anew (by default, 1)"))
    made.add_argument(
        "--effect", metavar="X%", action="append", default=[],
        help=_("planted response: share by which spending falls, such as 2%%; may be repeated"),
    )  # fmt: skip
    made.add_argument(
        "--plant", metavar=_("KEY=VALUE"), action="append", default=[],
        help=_("change that stands for a response, in the arm with the rule only; may be repeated"),
    )  # fmt: skip
    made.add_argument("--sizes", metavar="N,N", type=counts, help=_("sizes of lists of the power curve"))
    made.add_argument("--areas", action="store_true", help=_("also place the team in each type of living area"))
    made.add_argument("--warm-up", metavar="N", type=count, help=_("years of warm-up (by default, by the rule)"))
    engine(made)
    made.add_argument("--out", metavar=_("FOLDER"), help=_("write tables and a figure into this folder"))
    made.add_argument("--figure", metavar=_("FILE"), help=_("draw the parts of the payment into this file"))
    quiet(made)


def evaluate(made: Parser) -> None:
    """Arguments of ``careteams evaluate``."""
    made.add_argument("file", metavar=_("FILE"), help=_("path of an evaluation file"))
    engine(made)
    made.add_argument("--out", metavar=_("FOLDER"), help=_("write tables and a figure into this folder"))
    made.add_argument(
        "--outcome", metavar=_("NAME"), default="", help=_("outcome of the figure (by default, the first of the file)")
    )
    quiet(made)


def sweep(made: Parser) -> None:
    """Arguments of ``careteams sweep``."""
    made.add_argument("design", metavar="DESIGN", help=_("path of a design file"))
    engine(made)
    made.add_argument("--out", metavar=_("STORE"), default="", help=_("folder or address that keeps the runs"))
    made.add_argument("--shard", metavar="I/N", default="", help=_("run one part only, for a job of a job array"))
    made.add_argument("--progress", action="store_true", help=_("show a progress bar with an estimate of the end"))
    made.add_argument("--accept-changes", action="store_true", help=_("go on with runs made by other versions"))
    made.add_argument("--quiet", action="store_true", help=_("no progress bar, no summary"))


def calibrate(made: Parser) -> None:
    """Arguments of ``careteams calibrate``."""
    made.add_argument("file", metavar=_("FILE"), help=_("path of a calibration file"))
    made.add_argument("--seeds", metavar="N", type=count, help=_("worlds of each point, instead of those of the file"))
    made.add_argument("--points", metavar="N", type=count, help=_("points of the first wave"))
    made.add_argument("--waves", metavar="N", type=count, help=_("waves at most"))
    engine(made)
    made.add_argument("--out", metavar=_("FOLDER"), help=_("write tables and figures into this folder"))
    made.add_argument(
        "--figure", metavar=_("FILE"), help=_("draw prior and posterior into this file, the fit beside it")
    )
    made.add_argument("--markdown", metavar=_("FILE"), help=_("also write the report into this file"))
    quiet(made)


def sensitivity(made: Parser) -> None:
    """Arguments of ``careteams sensitivity``."""
    scenario(made)
    arms(made)
    made.add_argument(
        "--method", choices=("morris", "sobol"), default="morris",
        help=_("morris screens many parameters; sobol shares the variance among few"),
    )  # fmt: skip
    outcomes(made)
    made.add_argument(
        "--parameters", metavar="ID", action="append", default=[],
        help=_("parameters or groups of them to vary (by default, all that are uncertain)"),
    )  # fmt: skip
    made.add_argument("--together", action="store_true", help=_("parameters of one group move together, as one"))
    made.add_argument("--trajectories", metavar="N", type=count, default=0, help=_("trajectories of Morris's design"))
    made.add_argument("--samples", metavar="N", type=count, default=0, help=_("rows of Sobol's design, a power of two"))
    made.add_argument("--seeds", metavar="N", type=count, help=_("worlds of each point, the same for all"))
    years(made)
    made.add_argument(
        "--posterior", metavar=_("FILE"), help=_("posterior.csv that says of which parameters something was learnt")
    )
    engine(made)
    made.add_argument("--out", metavar=_("FOLDER"), help=_("write tables and figures into this folder"))
    made.add_argument("--figure", metavar=_("FILE"), help=_("draw the tornado into this file, the scatter beside it"))
    quiet(made)


def textbook(made: Parser) -> None:
    """Arguments of ``careteams textbook``."""
    made.add_argument("--seeds", metavar="N", type=count, help=_("worlds"))
    made.add_argument("--years", metavar="N", type=count, help=_("years after the warm-up"))
    engine(made)
    made.add_argument("--figure", metavar=_("FILE"), help=_("draw both models into this file"))
    quiet(made)

"""Arguments that several commands share."""

import re
from typing import Final

from agents.mistakes import Mistake
from results.messages import _
from scenarios.options.parser import Parser
from scenarios.wording import printable

SPAN: Final = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")
"""A year, or the first and the last of several."""
LOCAL, DASK = "local", "dask"
ENGINES: Final = (LOCAL, DASK)
"""Where the runs of a study may be made."""


def scenario(made: Parser, default: str | None = None) -> None:
    """The scenario that is asked about, and changes of it."""
    text = _("name of a preset, or path of a TOML file")
    if default:
        made.add_argument("scenario", metavar="SCENARIO", nargs="?", default=default, help=text)
    else:
        made.add_argument("scenario", metavar="SCENARIO", help=text)
    made.add_argument(
        "--set", metavar=_("KEY=VALUE"), action="append", default=[],
        help=_("change one value, such as team.agapanthes.physicians=6; may be repeated"),
    )  # fmt: skip


def arms(made: Parser) -> None:
    """What is tried, and what it is compared with."""
    made.add_argument(
        "--arm", metavar=_("NAME[=WHAT]"), action="append", default=[],
        help=_("what is tried: an override, a reform file, a scenario, or payment rules such as peps; may be repeated"),
    )  # fmt: skip
    made.add_argument(
        "--baseline", metavar=_("NAME"), default="", help=_("arm to compare with (by default, the first)")
    )


def outcomes(made: Parser) -> None:
    """What is read of each run."""
    made.add_argument(
        "--outcome", metavar=_("NAME"), action="append", default=[], help=_("what is compared; may be repeated")
    )  # fmt: skip


def years(made: Parser) -> None:
    """Years that are simulated, and which of them are read."""
    made.add_argument("--years", metavar="N", type=count, help=_("years after the warm-up"))
    made.add_argument("--read", metavar="N-N", default="", help=_("years that are read (by default, all)"))
    made.add_argument("--warm-up", metavar="N", type=count, help=_("years of warm-up (by default, by the rule)"))


def workers(made: Parser) -> None:
    """How many processes share the work."""
    made.add_argument("--workers", metavar="N", type=count, help=_("processes that share the work"))


def engine(made: Parser) -> None:
    """Where the runs of a study are made: processes of this machine, or a cluster."""
    workers(made)
    made.add_argument("--engine", choices=ENGINES, default=LOCAL, help=_("processes here, or a cluster"))
    made.add_argument("--address", metavar=_("ADDRESS"), default="", help=_("the Dask scheduler"))


def quiet(made: Parser) -> None:
    """Whether progress is shown, and whether JSON is printed."""
    made.add_argument("--quiet", action="store_true", help=_("no progress bar"))
    as_json(made)


def as_json(made: Parser) -> None:
    """Whether JSON is printed."""
    made.add_argument("--json", action="store_true", help=_("print JSON"))


def count(text: str) -> int:
    """A whole number of 1 or more.

    Raises:
        Mistake: when it is none.
    """
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise Mistake("{value} is not a whole number of 1 or more.", value=printable(text))
    return value


def counts(text: str) -> list[int]:
    """Whole numbers with commas."""
    return [count(part) for part in text.split(",")]


def span(option: str, text: str) -> tuple[int, ...]:
    """Years from ``3`` or ``2-5``; none for "".

    Args:
        option: what was asked for with it, such as ``--years``.
        text: what was given.

    Raises:
        Mistake: when it is neither.
    """
    if not text:
        return ()
    found = SPAN.fullmatch(text.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if last < first or first < 1:
        raise Mistake("{option} {text}: expected a year such as 3, or years such as 2-5.", option=option, text=text)
    return tuple(range(first, last + 1))

"""Arguments that several commands share."""

from results.messages import _
from scenarios.options.parser import Parser


def scenario(made: Parser, default: str | None = None) -> None:
    """The scenario that is asked about, and changes of it."""
    text = _("name of a preset, or path of a TOML file")
    if default:
        made.add_argument("scenario", metavar="SCENARIO", nargs="?", default=default, help=text)
    else:
        made.add_argument("scenario", metavar="SCENARIO", help=text)
    made.add_argument(
        "--set", metavar="KEY=VALUE", action="append", default=[],
        help=_("change one value, such as team.agapanthes.physicians=6; may be repeated"),
    )  # fmt: skip


def as_json(made: Parser) -> None:
    """Whether JSON is printed."""
    made.add_argument("--json", action="store_true", help=_("print JSON"))


def count(text: str) -> int:
    """A whole number above 0."""
    from scenarios.commands.runs import whole_number

    return whole_number(text)


def counts(text: str) -> list[int]:
    """Whole numbers with commas."""
    return [count(part) for part in text.split(",")]

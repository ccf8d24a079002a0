"""Commands about a user's own team."""

from results.messages import _
from scenarios.options.parser import Parser


def team(made: Parser) -> None:
    """Arguments of ``careteams team``."""
    made.add_argument("action", choices=("from-table",), help=_("from-table: build a preset from a table of counts"))
    made.add_argument("file", metavar=_("FILE"), help=_("counts of patients, staff and acts, in CSV"))
    made.add_argument("--out", metavar=_("FILE"), help=_("where the preset goes (by default, beside the table)"))
    made.add_argument("--replace", action="store_true", help=_("write over a preset that is there"))

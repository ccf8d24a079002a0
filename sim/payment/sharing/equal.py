"""In equal parts, by head or by days worked (systems 4)."""

from sim.payment.sharing.members import Members
from sim.payment.sharing.rule import SHARE, SharingRule, bring_with_sum
from sim.payment.sheet import Sheet

BY_HEAD = "pool / members_of_team"
BY_PRESENCE = "pool * days / days_of_team if days_of_team > 0 else pool / members_of_team"


class Equal(SharingRule):
    """The same for everybody, or for every day worked."""

    name = "equal"
    title = "In equal parts"

    def write(self, sheet: Sheet, members: Members) -> None:
        """See :meth:`SharingRule.write`."""
        if self.term("equal_by", members.year) == "head":
            sheet.let(SHARE, BY_HEAD, "An equal part")
            return
        bring_with_sum(sheet, members, "days", "Days worked", "days")
        sheet.let(SHARE, BY_PRESENCE, "A part by days worked")

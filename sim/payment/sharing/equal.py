"""In equal parts, by head or by days worked (systems 4)."""

from sim.payment.sharing.members import Members
from sim.payment.sharing.rule import SHARE, SharingRule, bring_with_sum, share_by
from sim.payment.sheet import Sheet

BY_HEAD = "pool / members_of_team"


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
        share_by(sheet, "days", "A part by days worked")

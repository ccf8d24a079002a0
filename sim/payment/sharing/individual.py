"""Each one gets what the patients on the own list brought (systems 4)."""

from sim.payment.sharing.members import Members
from sim.payment.sharing.rule import SharingRule, bring_with_sum, share_by
from sim.payment.sheet import Sheet


class Individual(SharingRule):
    """By the lump sums of the patients registered with each."""

    name = "individual"
    title = "By one's own patients"

    def write(self, sheet: Sheet, members: Members) -> None:
        """See :meth:`SharingRule.write`."""
        bring_with_sum(sheet, members, "lump_sums", "Lump sums of the patients on the own list")
        share_by(sheet, "lump_sums", "A part by the own list")

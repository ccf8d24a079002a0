"""By the value of each one's acts: fee-for-service inside a lump sum (systems 4)."""

from sim.payment.sharing.members import Members
from sim.payment.sharing.rule import SharingRule, bring_with_sum, share_by
from sim.payment.sheet import Sheet


class FeeProportional(SharingRule):
    """By the value at tariff of the acts in whose place the money is paid."""

    name = "fee_proportional"
    title = "By the value of one's acts"

    def write(self, sheet: Sheet, members: Members) -> None:
        """See :meth:`SharingRule.write`."""
        bring_with_sum(sheet, members, "acts_value", "Value of the acts at tariff")
        share_by(sheet, "acts_value", "A part by the value of acts")

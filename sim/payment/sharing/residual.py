"""Persons come last: staff and projects first, then claims as far as money goes (systems 4)."""

from sim.payment.sharing.members import Members
from sim.payment.sharing.rule import COLLECTIVE, SHARE, SharingRule, bring_with_sum
from sim.payment.sheet import Sheet


class Residual(SharingRule):
    """What staff and projects leave, up to what persons claim for collective work at the house rate."""

    name = "residual"
    title = "What staff and projects leave"
    pools = (COLLECTIVE,)
    keeps_rest = True

    def write(self, sheet: Sheet, members: Members) -> None:
        """See :meth:`SharingRule.write`."""
        bring_with_sum(sheet, members, "hours", "Hours of collective work", "hours")
        sheet.bring("house_rate", members.of_team(members.hourly_rate), "Pay of the house", "EUR/hour")
        sheet.let("claim", "house_rate * hours", "Claim for collective work")
        sheet.let("claims_of_team", "house_rate * hours_of_team", "Claims of all of the team")
        sheet.let(SHARE, "claim if claims_of_team <= pool else claim * pool / claims_of_team",
                  "What is left, up to the claim")  # fmt: skip

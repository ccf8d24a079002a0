"""The same pay for an hour of collective work, whatever the profession (systems 4)."""

from sim.payment.sharing.members import Members
from sim.payment.sharing.rule import COLLECTIVE, SHARE, SharingRule, bring_with_sum
from sim.payment.sheet import Sheet


class EqualHourly(SharingRule):
    """Hours at the house rate; when money is short the rate falls, never the hours. The rest stays on the account."""

    name = "equal_hourly"
    title = "By the hour, the same for all"
    pools = (COLLECTIVE,)
    keeps_rest = True

    def write(self, sheet: Sheet, members: Members) -> None:
        """See :meth:`SharingRule.write`."""
        bring_with_sum(sheet, members, "hours", "Hours of collective work", "hours")
        sheet.bring("house_rate", members.of_team(members.hourly_rate), "Pay of the house", "EUR/hour")
        sheet.let("rate", "house_rate if house_rate * hours_of_team <= pool else pool / hours_of_team",
                  "Rate that the account can pay", "EUR/hour")  # fmt: skip
        sheet.let(SHARE, "rate * hours", "Pay of the hours")

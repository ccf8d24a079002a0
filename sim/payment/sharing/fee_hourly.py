"""An hour of collective work at the price of an hour of one's own consultations (systems 4)."""

import numpy as np

from sim.payment.sharing.members import Members
from sim.payment.sharing.rule import COLLECTIVE, SHARE, SharingRule, bring_with_sum
from sim.payment.sheet import Sheet


class FeeHourly(SharingRule):
    """Hours at one's own price; when money is short all prices fall alike. The rest stays on the account."""

    name = "fee_hourly"
    title = "By the hour, at one's own fee"
    pools = (COLLECTIVE,)
    keeps_rest = True

    def write(self, sheet: Sheet, members: Members) -> None:
        """See :meth:`SharingRule.write`."""
        bring_with_sum(sheet, members, "hours", "Hours of collective work", "hours")
        sheet.bring("act_price", members.act_price, "Price of one's own usual act")
        sheet.let("own_rate", "act_price * acts_per_hour", "Price of an hour", "EUR/hour")
        claim = sheet.let("claim", "own_rate * hours", "Hours at one's own price")
        sheet.bring("claims_of_team", members.summed(np.asarray(claim)), "The same, of all of the team")
        sheet.let(SHARE, "claim if claims_of_team <= pool else claim * pool / claims_of_team",
                  "What the account can pay of it")  # fmt: skip

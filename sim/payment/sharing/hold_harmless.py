"""Nobody below the fees of a reference year, and what is left by days and acts (systems 4)."""

import numpy as np

from sim.payment.sharing.members import Members
from sim.payment.sharing.rule import SHARE, SharingRule, bring_with_sum
from sim.payment.sheet import Sheet


class HoldHarmless(SharingRule):
    """Reference income at today's presence; the surplus half by days, half by acts. A deficit cuts all alike."""

    name = "hold_harmless"
    title = "Nobody below the reference year"

    def write(self, sheet: Sheet, members: Members) -> None:
        """See :meth:`SharingRule.write`."""
        sheet.bring("reference_income", members.reference_income, "Fees of the reference year")
        bring_with_sum(sheet, members, "days", "Days worked", "days")
        sheet.bring("reference_days", members.reference_days, "Days worked in the reference year", "days")
        bring_with_sum(sheet, members, "acts_value", "Value of the acts at tariff")
        reference = sheet.let(
            "reference", "reference_income * days / reference_days if reference_days > 0 else reference_income",
            "Fees of the reference year, at the days worked now",
        )  # fmt: skip
        sheet.bring("reference_of_team", members.summed(np.asarray(reference)), "The same, of all of the team")
        by_days = "days / days_of_team if days_of_team > 0 else 1 / members_of_team"
        by_acts = "acts_value / acts_value_of_team if acts_value_of_team > 0 else 1 / members_of_team"
        sheet.let("days_share", by_days, "Part of the team's days", "share")
        sheet.let("acts_share", by_acts, "Part of the value of the team's acts", "share")
        sheet.let("surplus", "max(0, pool - reference_of_team)", "What the team has beyond its reference")
        sheet.let(
            SHARE,
            "pool / members_of_team if reference_of_team <= 0"
            " else pool * reference / reference_of_team if pool < reference_of_team"
            " else reference + surplus * (presence_weight * days_share + (1 - presence_weight) * acts_share)",
            "The reference and a part of the surplus; less for all alike when there is a deficit",
        )  # fmt: skip

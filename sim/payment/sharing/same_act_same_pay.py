"""An act done by a nurse in the place of a physician is worth what the physician's is (systems 4)."""

import numpy as np

from sim.payment.sharing.members import Members
from sim.payment.sharing.reading import LEVELS, NURSE, PHYSICIAN
from sim.payment.sharing.rule import SHARE, SharingRule
from sim.payment.sheet import Sheet


class SameActSamePay(SharingRule):
    """Nurses get the physicians' implicit value of an act for each act handed over; physicians the rest, by acts."""

    name = "same_act_same_pay"
    title = "Same act, same pay"
    among_all = True

    def write(self, sheet: Sheet, members: Members) -> None:
        """See :meth:`SharingRule.write`."""
        physician = members.level == LEVELS.index(PHYSICIAN)
        nurse = members.level == LEVELS.index(NURSE)
        acts = np.where(physician, members.acts, 0.0)
        delegated = np.where(nurse, members.delegated_acts, 0.0)
        of_team = {"physicians_of_team": physician, "acts_of_team": acts, "delegated_of_team": delegated}
        labels = ("Physicians who take part", "Acts of the team's physicians", "Acts that nurses did in their place")
        sheet.bring("physician", physician, "A physician", "yes/no")
        sheet.bring("acts", acts, "Acts of one's own", "acts")
        sheet.bring("delegated_acts", delegated, "Acts done in the place of a physician", "acts")
        for (name, values), label in zip(of_team.items(), labels, strict=True):
            sheet.bring(name, members.summed(values), label, "count" if name == "physicians_of_team" else "acts")
        sheet.let("act_value", "0 if acts_of_team <= 0 else pool / max(acts_of_team, delegated_of_team)",
                  "Implicit value of an act")  # fmt: skip
        sheet.let("for_physicians", "pool - act_value * delegated_of_team", "What is left for physicians")
        sheet.let(
            SHARE,
            "pool / members_of_team if acts_of_team <= 0"
            " else act_value * delegated_acts if not physician else for_physicians * acts / acts_of_team",
            "Acts at the same value",
        )  # fmt: skip

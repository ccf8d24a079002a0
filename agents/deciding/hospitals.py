"""What a hospital does for the town, paid by activity and without a list (behaviour E).

Notice and direct admission have a base here, one a hospital; the week adds the tie of the patient's own physician and
the crowding of the day to it, and bounds the sum.
"""

import numpy as np
from numpy.typing import NDArray

from agents.deciding.decision import Decision, Numbers
from agents.deciding.utility import logistic
from agents.declarations import Row


def notice_base(usual: float, leads_bid: NDArray[np.bool_], q: Row) -> Numbers:
    """Chance of a discharge notice, at no tie and usual occupancy, ``(hospitals,)``."""
    return usual + q["hospital_side_notice_bid"] * leads_bid


def agreement(tie: Numbers, q: Row) -> Decision:
    """Chance that a physician agrees within a year that patients count for the hospital too, ``(physicians,)``."""
    terms = {"tie": q["hospital_side_agree_tie"] * tie}
    return Decision(logistic(q["hospital_side_agree_constant"] + terms["tie"]), terms)


def tie_after(tie: Numbers, alternating: Numbers, subordinated: NDArray[np.bool_], q: Row) -> Numbers:
    """Tie of each physician with the hospital after a quarter.

    Who has no tie does not contact it, so nothing builds one.

    Args:
        tie: before, 0 to 1, ``(physicians,)``.
        alternating: share of the list's discharges that were notified and then followed in town.
        subordinated: whether the hospital has asked the physician to work under it.
        q: parameters of those who decide.
    """
    built = q["hospital_side_tie_building"] * alternating * (1 - tie) * (tie > 0)
    return np.clip(tie + built + q["hospital_side_tie_subordination"] * subordinated, 0, 1)

"""Whether a physician takes new patients (behaviour D6)."""

import numpy as np
from numpy.typing import ArrayLike

from agents.deciding.decision import Decision, Incentives, Numbers
from agents.deciding.utility import logistic
from agents.declarations import Row, Table


def patient_pay(phat: Incentives, visits: ArrayLike) -> Numbers:
    """Perceived worth of one more registered patient (EUR a year): the payment for the list, and the visits to come.

    Args:
        phat: perceived incentives; ``registration`` holds what the list alone pays.
        visits: own visits of a new patient in a year; 0 where ``registration`` already counts them.
    """
    return np.asarray(phat["registration"] + np.asarray(visits, dtype=np.float64) * phat["visit"])


def list_openness(
    p: Table,
    phat: Incentives,
    q: Row,
    *,
    visits: ArrayLike,
    local_need: ArrayLike = 0.0,
    is_building: ArrayLike = 0.0,
    near_retirement: ArrayLike = 0.0,
) -> Decision:
    """Share of asking patients that the physician registers; whom rather than whom, ``sim/week/listing.py`` says.

    Args:
        p: physicians who reconsider.
        phat: perceived incentives of the same physicians.
        q: parameters of those who decide.
        visits: see :func:`patient_pay`.
        local_need: how short of physicians the place is, 0 to 1.
        is_building: whether the list is still being built, 0 to 1.
        near_retirement: whether the physician is about to retire, 0 to 1.

    Returns:
        Share, and the terms.
    """
    terms = {
        "overload": q["practice_list_overload"] * p["overload"].astype(np.float64),
        "money": q["practice_list_money"] * patient_pay(phat, visits) / q["practice_list_money_unit"],
        "local_need": q["practice_list_need"] * _each(p, local_need),
        "list_building": q["practice_list_building"] * _each(p, is_building),
        "near_retirement": q["practice_list_near_retirement"] * _each(p, near_retirement),
    }
    return Decision(logistic(q["practice_list_base"] + np.sum(list(terms.values()), axis=0)), terms)


def _each(p: Table, numbers: ArrayLike) -> Numbers:
    """One number a physician."""
    return np.broadcast_to(np.asarray(numbers, dtype=np.float64), len(p)).copy()

"""Whether a professional comes to meetings (behaviour D8)."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from agents.deciding.decision import Decision, Numbers
from agents.deciding.utility import logistic
from agents.declarations import Row

HOUR: Final = 60.0  # minutes
WEEKS: Final = 52


def hour_of_care(visit_pay: ArrayLike, q: Row) -> Numbers:
    """What an hour of visits brings (EUR), as professionals count them: by the length that they declare."""
    return np.asarray(np.asarray(visit_pay, dtype=np.float64) * HOUR / q["practice_visit_minutes_declared"])


def attendance(
    q: Row,
    *,
    rate: ArrayLike,
    care_hour_pay: ArrayLike,
    overload: ArrayLike,
    private_gain: ArrayLike = 0.0,
    tie_leader: ArrayLike = 0.0,
    recognition: ArrayLike = 0.0,
    clash: ArrayLike = 0.0,
) -> Decision:
    """Probability of coming to a meeting, for physicians and nurses alike.

    Args:
        q: parameters of those who decide.
        rate: perceived pay of an hour of meeting (EUR), ``(persons,)``.
        care_hour_pay: perceived pay of an hour of care (EUR); :func:`hour_of_care` for physicians.
        overload: ``(persons,)``.
        private_gain: what the person gets out of it that is not money.
        tie_leader: tie with who leads the team, 0 to 1.
        recognition: 0 to 1.
        clash: 1 where meetings fall on home rounds or on a day off.

    Returns:
        Probability, and the terms.
    """
    weights: Mapping[str, tuple[float, ArrayLike]] = {
        "private_gain": (1.0, private_gain),
        "tie_leader": (q["practice_meeting_tie"], tie_leader),
        "recognition": (q["practice_meeting_recognition"], recognition),
        "overload": (q["practice_meeting_overload"], overload),
        "clash": (q["practice_meeting_clash"], clash),
    }
    money = (np.asarray(rate, dtype=np.float64) - np.asarray(care_hour_pay, dtype=np.float64)) / (
        q["practice_meeting_money_unit"]
    )
    terms = {"money": money}
    terms |= {name: weight * np.asarray(given, dtype=np.float64) for name, (weight, given) in weights.items()}
    terms = {name: np.array(term) for name, term in zip(terms, np.broadcast_arrays(*terms.values()), strict=True)}
    return Decision(logistic(q["practice_meeting_base"] + np.sum(list(terms.values()), axis=0)), terms)


def minutes_held(meetings_year: ArrayLike, q: Row) -> Numbers:
    """Minutes a week of the formal meetings that a team holds, so many of them a year."""
    return np.asarray(np.asarray(meetings_year) * q["setting_meeting_minutes"] / WEEKS)


def collective_minutes(probability: Numbers, offered: ArrayLike, q: Row) -> Numbers:
    """Minutes a week of collective work: the meetings held, up to the most that anybody gives, times the part attended.

    Args:
        probability: value of :func:`attendance`, ``(persons,)``.
        offered: minutes of meetings a week that the person's team holds.
        q: parameters of those who decide.
    """
    return np.asarray(probability * np.clip(offered, 0.0, q["practice_meeting_most_minutes"]))

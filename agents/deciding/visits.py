"""How long a visit lasts (behaviour D4), and how much is done by phone (D5)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.deciding.decision import Decision, Incentives, Numbers
from agents.deciding.utility import choose_best, logistic, one_step, options_from
from agents.declarations import Row, Table


def minute_value(visit_pay: ArrayLike, overload: ArrayLike, queue: ArrayLike, q: Row) -> Numbers:
    """Worth of a minute to a physician (EUR): what the next visit would bring if somebody waits, and the load felt.

    Args:
        visit_pay: perceived incentive of a visit (EUR), ``(physicians,)``.
        overload: ``(physicians,)``.
        queue: whether patients wait, so that a minute saved is a visit gained.
        q: parameters of those who decide.
    """
    earned = np.asarray(visit_pay, dtype=np.float64) / q["practice_visit_minutes"] * np.asarray(queue, dtype=np.float64)
    return np.asarray(earned + q["practice_slot_overload"] * np.asarray(overload, dtype=np.float64))


def slot_utility(
    minutes: Numbers, moves: NDArray[np.bool_], worth: Numbers, best: float, altruism: Numbers, q: Row
) -> dict[str, Numbers]:
    """Utility of each length of a visit, by part.

    Args:
        minutes: lengths, ``(physicians, options)``.
        moves: where a length differs from the present one, same shape.
        worth: :func:`minute_value`, ``(physicians,)``.
        best: length that serves the patient best (minutes).
        altruism: weight on the patient's benefit, ``(physicians,)``.
        q: parameters of those who decide.
    """
    return {
        "time": -minutes * worth[:, None] / q["incentives_eps"],
        "benefit": -altruism[:, None] * np.abs(minutes - best) / q["practice_slot_benefit_minutes"],
        "change": -q["practice_slot_inertia"] * moves,
    }


def choose_slot(p: Table, phat: Incentives, q: Row, *, chronic: bool, queue: ArrayLike, altruism: Numbers) -> Decision:
    """Length given to a chronic, or to an acute, visit: the best of the present one and the next on either side.

    Both money and the patient's benefit are straight lines on each side of the best length: without steps, whoever cuts
    at all would cut at once to the shortest.

    Args:
        p: physicians who reconsider.
        phat: perceived incentives of the same physicians.
        q: parameters of those who decide.
        chronic: which of the two.
        queue: whether patients wait, ``(physicians,)``.
        altruism: weight on the patient's benefit, ``(physicians,)``.

    Returns:
        Minutes, and the terms.
    """
    now, best = p["slot_acute"], q["practice_slot_best_acute"]
    if chronic:
        now, best = p["slot_chronic"], q["practice_slot_best_chronic"]
    minutes = one_step(options_from(now, q["practice_slot_choices"]))
    worth = minute_value(phat["visit"], p["overload"], queue, q)
    made = choose_best(minutes, slot_utility(minutes.values, minutes.moves, worth, best, altruism, q))
    return Decision(made.value, {**made.terms, "minute_value": worth})


def shared_agenda(minutes: ArrayLike, team: ArrayLike, is_shared: ArrayLike, q: Row) -> Numbers:
    """Lengths of visits once the members of a team that share an agenda have met half-way (mechanism M13).

    Args:
        minutes: length that each physician would give, ``(physicians,)``.
        team: team of each, ``(physicians,)``.
        is_shared: whether the physician's agenda is shared with the team, ``(physicians,)``.
        q: parameters of those who decide.

    Returns:
        Minutes, ``(physicians,)``; the mean of a team stays what it was, the spread shrinks.
    """
    own = np.asarray(minutes, dtype=np.float64)
    shares = np.asarray(is_shared, dtype=bool)
    _teams, row = np.unique(np.asarray(team), return_inverse=True)
    members = np.bincount(row, weights=shares)
    means = np.bincount(row, weights=own * shares) / np.maximum(members, 1.0)
    return np.where(shares, own + q["practice_slot_agenda"] * (means[row] - own), own)


def phone_share(p: Table, phat: Incentives, q: Row) -> Decision:
    """Share of contacts taken by phone: more under load, less where only presence is paid.

    Args:
        p: physicians who reconsider.
        phat: perceived incentives of the same physicians.
        q: parameters of those who decide.

    Returns:
        Share, and the terms.
    """
    lost = (phat["visit"] - phat["phone_contact"]) / q["incentives_eps"]
    terms = {
        "overload": q["practice_phone_overload"] * p["overload"].astype(np.float64),
        "money": q["practice_phone_money"] * lost,
    }
    return Decision(logistic(q["practice_phone_base"] + terms["overload"] + terms["money"]), terms)

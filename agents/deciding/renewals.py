"""How often a chronic prescription is renewed (behaviour D3): a choice among intervals, between habit and need."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from agents.deciding.decision import Decision, Incentives, Numbers
from agents.deciding.utility import choose, options_from, quantity_parts
from agents.declarations import Row, Table

MONTHS: Final = 12.0
WEEKS: Final = 52.0


def best_contacts(drift: ArrayLike, effect: float, q: Row) -> Numbers:
    """Yearly contacts that keep the control of a class of patients where it should be (behaviour C4).

    Where a contact restores nothing, none is wanted.

    Args:
        drift: what control loses a week, e.g. the median of a physician's stable, or unstable, patients.
        effect: share of missing control regained at a contact (``care.gp_effect``).
        q: parameters of those who decide.
    """
    lost = np.asarray(WEEKS * np.asarray(drift, dtype=np.float64))
    restored = effect * q["practice_missing_control"]
    return lost / restored if restored else np.zeros_like(lost)


def believed_best(habit: ArrayLike, habit_months: ArrayLike, best: ArrayLike) -> Numbers:
    """Yearly contacts that the physician takes for best: habit and need, weighed.

    Args:
        habit: weight of habit, 0 to 1, ``(physicians,)``.
        habit_months: interval that is the habit, ``(physicians,)`` or one for all.
        best: :func:`best_contacts`, ``(physicians,)``.
    """
    weight = np.asarray(habit, dtype=np.float64)
    usual = MONTHS / np.asarray(habit_months, dtype=np.float64)
    return np.asarray(weight * usual + (1.0 - weight) * np.asarray(best, dtype=np.float64))


def choose_interval(
    p: Table,
    phat: Incentives,
    q: Row,
    u: Numbers,
    *,
    now: ArrayLike,
    habit_months: ArrayLike,
    best: ArrayLike,
    altruism: Numbers,
    nurse_contacts: ArrayLike = 0.0,
) -> Decision:
    """Months between renewals of one class of patients, stable or unstable.

    Args:
        p: physicians who reconsider.
        phat: perceived incentives of the same physicians.
        q: parameters of those who decide.
        u: uniforms, ``(physicians, 1 + intervals)``, the first for staying.
        now: present interval of the class (months), ``(physicians,)``.
        habit_months: interval that is the habit.
        best: yearly contacts that the class needs, :func:`best_contacts`.
        altruism: weight on the patient's benefit, ``(physicians,)``.
        nurse_contacts: contacts with a nurse for the follow-up (k01-k05) a patient of the class and year. Each counts
            as part of a contact with the physician: shared follow-up spaces visits.

    Returns:
        Months, and the terms; ``believed_best`` is the yearly number of visits held to be best.
    """
    months = options_from(now, q["practice_interval_choices"])
    visits = MONTHS / months.values
    shared = q["practice_shared_follow_up"] * np.asarray(nurse_contacts, dtype=np.float64)
    aimed = np.maximum(believed_best(p["habit"], habit_months, best) - shared, 0.0)
    parts = quantity_parts(
        visits, phat["visit"][:, None] * visits, aimed, altruism, p["overload"].astype(np.float64), q, months.moves
    )
    made = choose(months, parts, u, q)
    return Decision(made.value, {**made.terms, "visit_pay": phat["visit"], "believed_best": aimed})


def habit_after_benchmark(habit: ArrayLike, trust: ArrayLike, readability: ArrayLike, q: Row) -> Numbers:
    """Weight of habit once a benchmark has been seen: the more, the more its sender is trusted and it reads as care.

    Args:
        habit: weight of habit, ``(physicians,)``.
        trust: trust in who brings the benchmark, 0 to 1.
        readability: how far it reads as good care, 0 to 1 (``r`` of behaviour 0).
        q: parameters of those who decide.
    """
    lost = (
        q["practice_habit_benchmark"] * np.asarray(trust, dtype=np.float64) * np.asarray(readability, dtype=np.float64)
    )
    return np.maximum(np.asarray(habit, dtype=np.float64) - lost, 0.0)


def habit_after_pay(habit: ArrayLike, visit_pay: ArrayLike, habit_visit_pay: ArrayLike, q: Row) -> Numbers:
    """Weight of habit a quarter later: it wears off while the direct pay of a visit is not what it was.

    Args:
        habit: weight of habit, ``(physicians,)``.
        visit_pay: direct pay of a visit today (EUR).
        habit_visit_pay: direct pay of a visit when the habit formed (EUR).
        q: parameters of those who decide.
    """
    then = np.asarray(habit_visit_pay, dtype=np.float64)
    differs = np.abs(np.asarray(visit_pay, dtype=np.float64) - then) > q["practice_habit_pay_change"] * np.abs(then)
    return np.maximum(np.asarray(habit, dtype=np.float64) - q["practice_habit_pay"] * differs, 0.0)

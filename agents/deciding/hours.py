"""How many half-days a physician works (behaviour D7): income against leisure, once a year.

Utility is ``Y^(1-eta)/(1-eta) - psi*h^(1+phi)/(1+phi)`` with ``Y = w*h + other``. Its slope falls in ``h`` wherever
there is income, so the best number is found by halving an interval; ``psi`` is what makes the half-days of the first
year the best ones.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from agents.deciding.decision import Decision, Numbers
from agents.declarations import Row, Table

HALVINGS: Final = 50
"""Of the interval in which the best number lies: enough for the last bit."""


def distaste_for_work(half_days: ArrayLike, half_day_pay: ArrayLike, other_income: ArrayLike, q: Row) -> Numbers:
    """The weight ``psi`` on working time that makes the present half-days the best ones.

    Args:
        half_days: present half-days a week, ``(physicians,)``.
        half_day_pay: yearly income brought by one half-day a week (EUR), in the year that calibrates.
        other_income: lump sums less practice costs in that year (EUR); may be negative.
        q: parameters of those who decide.

    Returns:
        ``(physicians,)``; 0 where a half-day brings nothing or nothing is earned: such a physician is not moved by pay.
    """
    h, pay, other = (np.asarray(column, dtype=np.float64) for column in (half_days, half_day_pay, other_income))
    income = pay * h + other
    moved = (pay > 0) & (income > 0)
    worth = np.where(moved, pay, 0.0) * np.where(moved, income, 1.0) ** -q["incentives_income_effect"]
    return np.asarray(worth * h ** -q["practice_hours_curvature"])


def best_half_days(
    distaste: Numbers, half_day_pay: Numbers, other_income: Numbers, low: Numbers, high: Numbers, q: Row
) -> Numbers:
    """Half-days with the highest utility between two bounds, ``(physicians,)`` each; see :func:`distaste_for_work`."""
    few, many = low.astype(np.float64), high.astype(np.float64)
    for _halving in range(HALVINGS):
        h = 0.5 * (few + many)
        income = half_day_pay * h + other_income
        poor = income <= 0  # no income at all: one more half-day is worth anything
        gain = np.maximum(half_day_pay, 0.0) * np.where(poor, 1.0, income) ** -q["incentives_income_effect"]
        more = (poor & (half_day_pay > 0)) | (gain > distaste * h ** q["practice_hours_curvature"])
        few, many = np.where(more, h, few), np.where(more, many, h)
    return 0.5 * (few + many)


def choose_half_days(
    p: Table, q: Row, *, distaste: Numbers, half_day_pay: Numbers, other_income: Numbers, bounds: ArrayLike
) -> Decision:
    """Half-days of next year: one step towards the best ones, at most.

    Args:
        p: physicians.
        q: parameters of those who decide.
        distaste: :func:`distaste_for_work`, from the first year's accounts.
        half_day_pay: yearly income that one half-day a week brings now (EUR).
        other_income: lump sums less practice costs now (EUR).
        bounds: fewest and most half-days a week (``workforce.half_days_bounds``).

    Returns:
        Half-days a week, and the terms; ``fee_weight`` is ``f = w*h/Y``.
    """
    now = p["half_days"].astype(np.float64)
    low, high = (np.full(len(p), bound) for bound in np.asarray(bounds, dtype=np.float64))
    low, high = np.minimum(low, now), np.maximum(high, now)  # who stands outside the bounds is not pushed in
    nearest = np.maximum(low, now - q["practice_hours_step"]), np.minimum(high, now + q["practice_hours_step"])
    best = best_half_days(distaste, half_day_pay, other_income, *nearest, q)
    income = half_day_pay * now + other_income
    terms = {
        "half_day_pay": half_day_pay,
        "income": income,
        "fee_weight": half_day_pay * now / np.where(income > 0, income, np.inf),
    }
    return Decision(np.where(distaste > 0, best, now), terms)


def fee_elasticity(fee_weight: ArrayLike, q: Row) -> Numbers:
    """Elasticity of hours to the fee, ``(1 - eta*f) / (phi + eta*f)``: negative where income is mostly fees."""
    felt = q["incentives_income_effect"] * np.asarray(fee_weight, dtype=np.float64)
    return np.asarray((1.0 - felt) / (q["practice_hours_curvature"] + felt))

"""How many half-days physicians work (behaviour D7)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding.hours import choose_half_days, distaste_for_work, fee_elasticity
from tests.agents.deciding.people import physicians, weights

BOUNDS = (5.0, 11.0)
few = settings(max_examples=50)


def half_days(before: tuple[float, float], now: tuple[float, float], start: float = 9.5, **changed: float) -> float:
    """Half-days after one year; pay of a half-day and other income in the year that calibrates, and now."""
    q, p = weights(**changed), physicians(1, half_days=start)
    (pay, other), (new_pay, new_other) = (tuple(np.array([x]) for x in pair) for pair in (before, now))
    distaste = distaste_for_work(p["half_days"], pay, other, q)
    made = choose_half_days(p, q, distaste=distaste, half_day_pay=new_pay, other_income=new_other, bounds=BOUNDS)
    return float(made.value[0])


@few
@given(st.floats(2_000, 30_000), st.floats(-5_000, 60_000), st.floats(5, 11), st.floats(0.5, 2.5), st.floats(0.5, 3))
def test_the_first_year_is_at_its_best(pay: float, other: float, start: float, eta: float, phi: float) -> None:
    weight = {"incentives__income_effect": eta, "practice__hours_curvature": phi}
    assert half_days((pay, other), (pay, other), start, **weight) == pytest.approx(start, abs=1e-5)


@few
@given(st.floats(0.2, 2.5), st.floats(0.5, 2.5), st.floats(0.5, 3))
def test_hours_fall_with_the_fee_where_the_income_effect_wins(fee_weight: float, eta: float, phi: float) -> None:
    """Qualitative check 11: hours fall with the fee when eta * f exceeds 1, and rise below."""
    income = 90_000.0
    pay, other = fee_weight * income / 8.0, income * (1 - fee_weight)
    weight = {"incentives__income_effect": eta, "practice__hours_curvature": phi}
    moved = half_days((pay, other), (1.05 * pay, other), 8.0, **weight) - 8.0
    if abs(eta * fee_weight - 1) > 0.1:
        assert np.sign(moved) == np.sign(1 - eta * fee_weight)
    said = float(fee_elasticity(fee_weight, weights(**weight)))
    assert np.sign(said) == np.sign(1 - eta * fee_weight)


def test_half_days_move_by_one_step_a_year_within_their_bounds() -> None:
    assert half_days((16_000, -60_000), (9_000, -60_000)) == pytest.approx(10.5)
    assert half_days((16_000, -60_000), (9_000, -60_000), start=10.8) == pytest.approx(11.0)
    assert half_days((16_000, -60_000), (9_000, -60_000), practice__hours_step=0.25) == pytest.approx(9.75)


def test_a_lump_sum_buys_leisure() -> None:
    assert half_days((10_000, 0), (10_000, 20_000)) < 9.5


def test_pay_moves_nobody_whom_it_never_reached() -> None:
    assert half_days((0, 60_000), (10_000, 60_000), start=8.0) == 8.0
    assert half_days((10_000, -200_000), (10_000, 0), start=8.0) == 8.0


def test_who_loses_all_income_works_more_and_who_gains_nothing_by_work_works_less() -> None:
    assert half_days((10_000, -20_000), (10_000, -120_000)) == pytest.approx(10.5)
    assert half_days((10_000, -20_000), (0, 70_000)) == pytest.approx(8.5)


def test_nobody_is_pushed_into_the_bounds() -> None:
    assert half_days((10_000, 0), (10_000, 0), start=4.0) == pytest.approx(4.0)


def test_no_income_effect_leaves_the_price_alone() -> None:
    assert fee_elasticity([1.6, 0.4], weights(incentives__income_effect=0.0)).tolist() == [1.0, 1.0]

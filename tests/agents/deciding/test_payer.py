"""The payer: what presses it, what it does about it, how it watches."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding import payer
from sim.parameters import behaviour_record

Q: Any = behaviour_record()[0]
SHARES = st.floats(0, 1)
DRAWS = st.floats(0, 0.999)
cheap = settings(max_examples=50)


def shares(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def pressed(risk: float = 0.0, spent: float = 100.0, budget: float = 100.0, surprised: float = 0.0) -> float:
    return float(payer.pressure(risk, spent, budget, surprised, Q).value[0])


# Pressure.


def test_pressure_is_that_of_the_formula() -> None:
    assert pressed() == 0
    assert pressed(risk=0.5) == pytest.approx(0.3)
    assert pressed(spent=50.0) == pytest.approx(0.6 * 0.35)
    assert pressed(surprised=0.5) == pytest.approx(0.2)
    assert pressed(spent=120.0) == pytest.approx(-0.1)
    told = payer.pressure(0.5, 100.0, 0.0, 0.0, Q).terms
    assert told["chance"][0] == pytest.approx(1 / (1 + math.exp(-(6 * 0.3 - 3))))
    assert told["under"][0] == told["deficit"][0] == 0, "without a budget none is left, and none is overspent"


@cheap
@given(risk=SHARES, more=SHARES, spent=st.floats(0, 200), surprised=SHARES)
def test_more_risk_and_more_surprise_press_more(risk: float, more: float, spent: float, surprised: float) -> None:
    assert pressed(max(risk, more), spent, 100, surprised) >= pressed(min(risk, more), spent, 100, surprised)
    assert pressed(risk, spent, 100, max(more, surprised)) >= pressed(risk, spent, 100, min(more, surprised))
    chance = payer.pressure(risk, spent, 100, surprised, Q).terms["chance"][0]
    assert 0 < chance < 1


@cheap
@given(trust=SHARES, conflict=SHARES, absence=SHARES)
def test_complaints_and_absence_are_read_as_exits(trust: float, conflict: float, absence: float) -> None:
    def risk(trust: float, conflict: float, absence: float) -> float:
        return float(payer.perceived_exit(shares(trust), shares(conflict), shares(absence), Q)[0])

    assert 0 < risk(trust, conflict, absence) < 1
    assert risk(trust / 2, conflict, absence) >= risk(trust, conflict, absence)
    assert risk(trust, 1.0, absence) >= risk(trust, conflict, absence)
    assert risk(trust, conflict, 1.0) >= risk(trust, conflict, absence)


@cheap
@given(results=st.lists(st.integers(0, 9), min_size=2, max_size=8), data=st.data())
def test_surprise_is_a_distance_between_orders(results: list[int], data: st.DataObject) -> None:
    pay = np.array(results, dtype=np.float64)
    merit = np.array(data.draw(st.permutations(results)), dtype=np.float64)
    assert 0 <= payer.surprise(pay, merit) <= 1
    assert payer.surprise(pay, merit) == payer.surprise(merit, pay)
    assert payer.surprise(pay, 3 * pay + 1) == 0
    distinct = np.arange(len(pay), dtype=np.float64)
    assert payer.surprise(distinct, -distinct) == 1


def test_one_team_surprises_nobody() -> None:
    assert payer.surprise(shares(5), shares(1)) == 0


# Moves.


def test_the_cheapest_move_that_helps_most_teams_at_risk_is_made() -> None:
    cost, helped = shares(10, 500, 300, 200, -50), shares(0.2, 1, 1, 0.8, 0)
    made = payer.choose_move(cost, helped, 1e6, True, shares(0, 0), 1.0, Q)
    assert made.value.tolist() == [3]
    assert made.terms["cost"].tolist() == [200]
    assert made.terms["vetoed"].tolist() == [0]


def test_no_move_is_made_by_chance_or_for_want_of_one() -> None:
    assert payer.choose_move(shares(1), shares(1), 1e6, False, shares(0.5, 0), 0.5, Q).value.tolist() == [payer.NO_MOVE]
    assert payer.choose_move(shares(1), shares(0), 1e6, False, shares(0, 0), 1.0, Q).value.tolist() == [payer.NO_MOVE]
    assert payer.choose_move(shares(), shares(), 1e6, False, shares(0, 0), 1.0, Q).value.tolist() == [payer.NO_MOVE]


@pytest.mark.parametrize(("office", "cost", "u", "vetoed"), [
    (True, 21.0, 0.39, 1), (True, 21.0, 0.41, 0), (True, 19.0, 0.0, 0), (False, 21.0, 0.0, 0),
])  # fmt: skip
def test_a_budget_office_vetoes_some_costly_moves(office: bool, cost: float, u: float, vetoed: int) -> None:
    made = payer.choose_move(shares(cost), shares(1), 1_000.0, office, shares(0, u), 1.0, Q)
    assert made.value.tolist() == [0]
    assert made.terms["vetoed"].tolist() == [vetoed]


@cheap
@given(u=DRAWS)
def test_a_move_takes_effect_in_half_a_year_to_a_year(u: float) -> None:
    assert 26 <= payer.weeks_to_effect(u, Q) <= 52
    assert payer.weeks_to_effect(0.0, Q) == 26
    assert payer.weeks_to_effect(0.9999, Q) == 52


# Before a signature.


def test_a_refusal_follows_the_formula() -> None:
    chance = payer.refusal(shares(0, 1, 0, 0), shares(0, 0, 1, 0), shares(0, 0, 0, 1), 0.0, Q)
    np.testing.assert_allclose(chance, 1 / (1 + np.exp([1, -1, 3, 0])))


@cheap
@given(missing=SHARES, goodwill=SHARES, new=SHARES, teams=st.integers(0, 50), target=st.integers(0, 50))
def test_a_target_for_the_number_of_teams_makes_the_payer_less_strict(
    missing: float, goodwill: float, new: float, teams: int, target: int
) -> None:
    far = payer.shortfall(teams, target)
    assert 0 <= far <= 1
    assert far == 0 or teams < target
    state = shares(missing), shares(goodwill), shares(new)
    assert payer.refusal(*state, far, Q)[0] <= payer.refusal(*state, 0.0, Q)[0]


def test_two_heads_agree_or_let_chance_decide() -> None:
    u = np.array([[0.1, 0.1, 0.9], [0.9, 0.9, 0.1], [0.1, 0.9, 0.4], [0.9, 0.1, 0.6]])
    said = payer.heads(np.full(4, 0.5), u, Q)
    assert said.value.tolist() == [True, False, True, False]
    assert said.terms["disagree"].tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(("precision", "uptake", "practice"), [(0.5, 1.0, 1.0), (1.0, 0.7, 1.0), (0.0, 1.0, 0.7)])
def test_precision_costs_uptake_and_vagueness_costs_practice(precision: float, uptake: float, practice: float) -> None:
    q = behaviour_record({"payer_modes.precision": precision})[0]
    assert payer.uptake(q) == pytest.approx(uptake)
    assert payer.practice(q) == pytest.approx(practice)


# After it.


@cheap
@given(hours=st.floats(0, 200), teams=st.integers(0, 500))
def test_hours_for_each_team_fall_when_teams_are_many(hours: float, teams: int) -> None:
    assert payer.hours_per_team(hours, teams, Q) <= hours
    assert payer.hours_per_team(hours, teams + 1, Q) <= payer.hours_per_team(hours, teams, Q)
    assert payer.hours_per_team(hours, 20, Q) == hours
    assert payer.hours_per_team(hours, 40, Q) == hours / 2


def test_a_fall_of_activity_and_a_poor_report_look_like_deviations() -> None:
    assert payer.deviation(shares(0.6, 0.4, 0.6), shares(1, 1, 0.8), Q).tolist() == [False, True, True]


def test_a_deviation_brings_help_seldom_a_reminder_hardly_ever_a_claw_back() -> None:
    u = np.stack([np.zeros(1000), np.arange(1000) / 1000], axis=1)
    done = payer.control(np.ones(1000, dtype=bool), 12.0, u, Q)
    counts = np.bincount(done.value, minlength=4)
    assert counts.tolist() == [0, 900, 90, 10]
    assert payer.ANSWERS[payer.CLAW_BACK] == "claw_back"


@cheap
@given(hours=st.floats(0, 30), looked=DRAWS, end=DRAWS, deviates=st.booleans())
def test_who_is_not_looked_at_or_conforms_is_left_alone(
    hours: float, looked: float, end: float, deviates: bool
) -> None:
    done = payer.control(np.array([deviates]), hours, np.array([[looked, end]]), Q)
    seen = looked < min(1, hours / 12)
    assert bool(done.terms["looked"][0]) == seen
    assert (done.value[0] > payer.LEFT_ALONE) == (seen and deviates)


@cheap
@given(trust=SHARES, steered=SHARES, answer=st.integers(0, 3))
def test_steering_wears_trust_down(trust: float, steered: float, answer: int) -> None:
    after = float(payer.trust_after(shares(trust), np.array([answer]), steered, Q)[0])
    assert 0 <= after <= trust
    usual = float(payer.trust_after(shares(trust), np.array([payer.LEFT_ALONE]), 0.0, Q)[0])
    assert usual == trust
    assert payer.trust_after(shares(0.5), np.array([payer.REMINDER]), 0.0, Q)[0] == pytest.approx(0.45)
    assert payer.trust_after(shares(0.5), np.array([payer.LEFT_ALONE]), 1.0, Q)[0] == pytest.approx(0.45)
    assert payer.steering(12.0, Q) == 0
    assert payer.steering(24.0, Q) == 1


@cheap
@given(goodwill=SHARES, reported=SHARES, answer=st.integers(0, 3))
def test_the_payer_remembers_conformity(goodwill: float, reported: float, answer: int) -> None:
    after = payer.goodwill_after(shares(goodwill), shares(reported), np.array([answer]), Q)[0]
    assert 0 <= after <= 1
    assert after >= payer.goodwill_after(shares(goodwill), shares(0), np.array([payer.CLAW_BACK]), Q)[0]

"""Habits formed before year 1, under the usual pay: what an arm pays instead is a change that people see."""

from dataclasses import replace
from functools import cache

import numpy as np

from agents.templates import VISIT
from scenarios.norms.invented import invented_norms
from scenarios.overrides import overridden
from sim.model import CareModel, prepared
from sim.world import WEEKS_PER_YEAR
from tests.sim.deciding.town import USUAL, deciding_town, under

QUARTER = 13
CUT = 0.58
FEES = ["fees.G=14.5", "fees.G_CHILD=17.4", "fees.HOME=20.3", "fees.VL=34.8", "fees.IMT=34.8", "fees.LONG=34.8",
        "fees.TLC=14.5", "fees.TECH=23.2", "fees.SNP=8.7"]  # fmt: skip


@cache
def _warm() -> CareModel:
    return prepared(deciding_town(people=900))


def _after_a_quarter(model: CareModel) -> CareModel:
    model.run(QUARTER)
    return model


def test_habits_have_formed_before_anything_is_tried() -> None:
    p = _warm().world.physicians
    assert (p["income_habit"] > 0).all()
    assert (p["habit_visit_pay"] > 0).all()
    assert (p["pay_changed_week"] == -1).all()
    assert (p["phantom_pay"] == 0).all()


def test_under_the_usual_contract_nothing_has_changed() -> None:
    arm = _after_a_quarter(under(_warm(), USUAL))
    assert (arm.world.physicians["pay_changed_week"] == -1).all()
    assert np.allclose(arm.world.physicians["other_income"], _warm().world.physicians["other_income"])


def test_a_cut_of_fees_is_seen_in_the_accounts_of_its_first_year_and_felt_as_a_loss() -> None:
    spec = _warm().specification
    assert spec is not None
    arm = _warm().fork(overridden(spec, FEES))
    arm.run(WEEKS_PER_YEAR + QUARTER)
    before, now = _warm().world.physicians, arm.world.physicians
    same = before["who"] == now["who"]
    assert same.any()
    before, now = before[same], now[same]
    assert (now["pay_changed_week"][:, VISIT] == arm.world.week).all()
    assert np.allclose(now["direct_pay"][:, VISIT], CUT * before["direct_pay"][:, VISIT], rtol=0.05)
    lost = before["direct_pay"][:, VISIT] - now["direct_pay"][:, VISIT]
    assert np.allclose(now["phantom_pay"][:, VISIT], lost, atol=1e-3)
    assert (now["habit_visit_pay"] == before["habit_visit_pay"]).all()
    assert (now["habit"] < before["habit"]).all()


def test_pay_that_comes_as_a_lump_sum_instead_is_no_loss_of_income() -> None:
    """Fees give way to a lump sum that spends as much: an hour pays less at once, the year pays the same."""
    spec = _warm().specification
    assert spec is not None
    team = replace(spec.teams["team"], contract=[*USUAL, "peps"], terms={"peps": {"min_list": 0, "activity_low": 0.0}})
    arm = _after_a_quarter(_warm().fork(replace(spec, teams={"team": team}), norms=invented_norms()))
    before, now = _warm().world.physicians, arm.world.physicians
    paid = [p["direct_pay"][:, VISIT] * p["half_day_visits"] * p["half_days"] for p in (before, now)]
    assert (paid[1] < 0.5 * paid[0]).all()
    net = [fees + p["other_income"] for fees, p in zip(paid, (before, now), strict=True)]
    expected = now["income"] * (1 - now["overhead"])
    assert np.allclose(net[1], expected, rtol=0.02)
    assert (net[1] > 0.75 * net[0]).all()


def test_the_past_is_that_of_every_arm_whichever_scenario_was_warmed_up() -> None:
    """The contract that a scenario signs in year 1 is no habit yet."""
    spec = deciding_town(people=900, contract=["fee_for_service"])
    other = prepared(spec).world.physicians
    for column in ("direct_pay", "habit_visit_pay", "income_habit", "other_income", "hours_weight"):
        assert (other[column] == _warm().world.physicians[column]).all(), column


def test_a_world_warmed_up_without_deciders_remembers_when_they_begin() -> None:
    still = prepared(replace(deciding_town(people=900), decisions=False))
    assert not still.world.physicians["income_habit"].any()
    arm = _after_a_quarter(still.fork(deciding_town(people=900)))
    assert (arm.world.physicians["income_habit"] > 0).all()
    assert arm.world.week % WEEKS_PER_YEAR == QUARTER

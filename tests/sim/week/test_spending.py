"""Drugs and other spending: a mean by age and condition, a lasting factor, another each year (behaviour A1)."""

import math

import numpy as np
import pytest

from agents.patients import ALIVE, SPEND_DRUGS, SPEND_GP, SPEND_OTHER
from sim.draws import chained
from sim.week.scene import scene
from sim.week.spending import accrue_other_spending, lognormal, normal
from sim.world import World
from tests.sim.made_weeks import seasoned

PEOPLE = 3_000


def made(**parameters: float) -> World:
    """People of 50 without conditions, their lasting factors over all quantiles."""
    world = seasoned()
    for name, value in {"scale": 1.0, "persistent_sd": 0.8, "transitory_sd": 0.5, **parameters}.items():
        world.parameters[f"spending_{name}"] = value
    p = world.patients
    p["flags"], p["birth_week"], p["conditions"], p["spend"] = ALIVE, world.week - 52 * 50, 0, 0
    p["persistent_factor"] = np.arange(len(p)) % 256
    return world


def spent(world: World, item: int = SPEND_DRUGS) -> np.ndarray:
    s = scene(world)
    world.patients["spend"] = 0
    for i in range(PEOPLE):
        accrue_other_spending(s, i)
    return world.patients["spend"][:PEOPLE, item].astype(float)


def base(world: World, name: str) -> float:
    return float(world.parameters[0][f"spending_{name}_base"][2])  # 45-64


@pytest.mark.parametrize(("item", "name"), [(SPEND_DRUGS, "drugs"), (SPEND_OTHER, "other")])
def test_the_mean_is_that_of_the_age(item: int, name: str) -> None:
    """Both factors are lognormal of mean 1, so that spread moves no mean (within four standard errors)."""
    world = made()
    amounts = spent(world, item)
    assert abs(amounts.mean() - base(world, name)) < 4 * amounts.std() / math.sqrt(PEOPLE) + 0.02 * base(world, name)
    assert amounts.std() > 0.5 * amounts.mean()
    assert not spent(world, SPEND_GP).any()


def test_without_spread_everybody_spends_the_same_and_conditions_add() -> None:
    world = made(persistent_sd=0.0, transitory_sd=0.0, scale=2.0)
    np.testing.assert_allclose(spent(world), 2.0 * base(world, "drugs"), rtol=1e-5)
    world.patients["conditions"] = 0b1
    more = float(world.parameters[0]["spending_drugs_condition"][0])
    np.testing.assert_allclose(spent(world), 2.0 * (base(world, "drugs") + more), rtol=1e-5)


def test_the_lasting_factor_lasts_and_the_other_does_not() -> None:
    world = made(transitory_sd=0.0)
    first = spent(world)
    world.week += 52
    world.patients["birth_week"] += 52
    np.testing.assert_array_equal(spent(world), first)
    world = made(persistent_sd=0.0)
    first = np.log(spent(world))
    world.week += 52
    world.patients["birth_week"] += 52
    again = np.log(spent(world))
    assert abs(np.corrcoef(first, again)[0, 1]) < 4 / math.sqrt(PEOPLE)
    assert first.std() == pytest.approx(0.5, rel=0.08)


def test_draws_are_normal() -> None:
    draws = np.array([normal(np.uint64(chained(np.uint64(5), np.uint64(n)))) for n in range(5_000)])
    from scipy import stats

    assert stats.kstest(draws, "norm").pvalue > 0.001
    assert lognormal(0.0, 0.6) == pytest.approx(math.exp(-0.18))

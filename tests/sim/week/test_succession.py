import numpy as np
import pytest

from agents.declarations import Table
from sim.parameters import parameter_record
from sim.week.demography import NUMBERS
from sim.week.scene import scene
from sim.week.succession import NO_SUCCESSOR, succession_week
from sim.world import World
from tests.sim.made_people import made_world


def aged(par: Table, age: int = 70) -> World:
    world = made_world(2_000, par=par)
    world.physicians["birth_week"] = -52 * age
    return world


def certain(**overrides: float | list[float]) -> Table:
    values: dict[str, float | list[float]] = {"demography.retirement": [1.0] * 11, "demography.vacancy_weeks": 0.0}
    return parameter_record({**values, **{f"demography.{name}": value for name, value in overrides.items()}})


def weeks(world: World, first: int, last: int) -> list[tuple[int, int]]:
    now, everybody = scene(world), (0, len(world.physicians), world.territories.view(NUMBERS))
    return [succession_week(now._replace(week=week), *everybody) for week in range(first, last)]


def test_the_young_do_not_retire() -> None:
    world = aged(certain(), age=55)
    assert weeks(world, 0, 52) == [(0, 0)] * 52


def test_a_list_that_waits_passes_to_a_younger_successor() -> None:
    world = aged(certain(list_kept=1.0))
    lists = world.physicians["registered_list"].copy()
    before = world.physicians["who"].copy()
    assert weeks(world, 0, 1) == [(18, 0)]
    assert (world.physicians["vacant_until"] == 1).all()
    assert weeks(world, 1, 2) == [(0, 18)]
    assert (world.physicians["vacant_until"] == -1).all()
    assert (world.physicians["who"] != before).all()
    age = (1 - world.physicians["birth_week"]) / 52
    assert ((age >= 30) & (age <= 42.1)).all()
    np.testing.assert_array_equal(world.physicians["registered_list"], lists)
    assert (world.patients["registered_gp"] >= 0).sum() == lists.sum()


def test_a_list_that_does_not_wait_is_released() -> None:
    world = aged(certain(list_kept=0.0))
    weeks(world, 0, 1)
    assert (world.patients["registered_gp"] < 0).all()
    assert (world.patients["known_gp"] < 0).all()
    assert not world.physicians["registered_list"].any()


def test_without_a_successor_the_post_stays_empty() -> None:
    world = aged(certain(succession=0.0))
    assert weeks(world, 0, 1) == [(18, 0)]
    assert (world.physicians["vacant_until"] == NO_SUCCESSOR).all()
    assert sum(started for _, started in weeks(world, 1, 104)) == 0


def test_retirement_comes_at_the_rates_of_the_table() -> None:
    world = aged(parameter_record(), age=62)
    n = 18
    retired = [weeks(world, 52 * y, 52 * y + 1)[0][0] for y in range(8)]
    assert 0 < sum(retired) <= n
    expected = 1 - np.prod(1 - world.parameters[0]["demography_retirement"][:8])
    assert sum(retired) / n == pytest.approx(expected, abs=0.35)


@pytest.mark.parametrize(
    ("succession", "attraction", "interns"), [(0.5, 0.0, 0.0), (0.5, 2.0, 0.0), (0.5, 0.0, 0.9), (0.5, -9.0, 0.0)]
)
def test_posts_are_taken_over_where_a_site_attracts_or_trains(
    succession: float, attraction: float, interns: float
) -> None:
    """Power: 18 posts in each of 20 worlds; the bounds are four standard errors away."""
    found = posts = 0
    for seed in range(20):
        world = aged(certain(succession=succession, list_kept=1.0))
        world.seed = seed
        world.teams["attraction"], world.teams["intern_stays"] = attraction, interns
        weeks(world, 0, 1)
        found += int((world.physicians["vacant_until"] < NO_SUCCESSOR).sum())
        posts += len(world.physicians)
    odds = succession / (1 - succession) * np.exp(attraction)
    chance = 1 - (1 - interns) / (1 + odds)
    assert abs(found / posts - chance) < 4 * np.sqrt(chance * (1 - chance) / posts) + 1e-9

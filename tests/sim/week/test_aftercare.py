"""The days after a stay: the second check, a month after the discharge (behaviour C5)."""

import numpy as np
import pytest

from agents.patients import ALIVE, POST_DISCHARGE
from sim.week.aftercare import second_check
from sim.week.scene import scene
from sim.world import World
from tests.sim.made_weeks import seasoned, weeks

DISCHARGED = 7 * 58


def checked(share: float, first_after: int) -> World:
    """A world all of whose patients left the hospital on one day, and were to be seen some days after it."""
    world = seasoned()
    world.parameters["hospital_second_check"] = share
    world.patients["discharge_day"], world.patients["followup_day"] = DISCHARGED, DISCHARGED + first_after
    return world


def days_of_check(world: World) -> np.ndarray:
    s = scene(world)
    return np.array([second_check(s, i) for i in range(len(world.patients))])


@pytest.mark.parametrize("first_after", [1, 7, 27])
def test_a_second_check_comes_a_month_after_the_discharge(first_after: int) -> None:
    assert (days_of_check(checked(1.0, first_after)) == DISCHARGED + 30).all()
    assert (days_of_check(checked(0.0, first_after)) == -1).all()


def test_there_is_no_third() -> None:
    assert (days_of_check(checked(1.0, 30)) == -1).all()


def test_the_share_is_that_of_the_parameter() -> None:
    world = checked(0.3, 5)
    again = days_of_check(world) > 0
    assert again.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / len(again)))


def test_it_is_asked_for_in_its_week() -> None:
    """A patient discharged a fortnight ago asks twice: this week, and in the week of the thirtieth day."""
    world = seasoned()
    world.parameters["hospital_second_check"] = 1.0
    p = np.flatnonzero(world.patients["flags"] & ALIVE)[:200]
    world.patients["flags"][p] &= ALIVE
    world.patients["pending"]["need"][p] = 255
    world.patients["discharge_day"][p], world.patients["followup_day"][p] = 7 * (world.week - 2), 7 * world.week
    world.patients["last_stay"][p], world.patients["wake"][p] = world.week - 3, world.week
    asked = []
    for week in weeks(world, 4):
        mine = week.requests[np.isin(week.requests["patient"], p) & (week.requests["need"] == POST_DISCHARGE)]
        asked.append(len(np.unique(mine["patient"][mine["since"] == week.number])))
    assert asked[0] == 200
    assert asked[1] < 5, "only who left the hospital once more"
    assert asked[2] > 150, "all but those who died, are in hospital again or still wait"
    assert asked[3] < 5

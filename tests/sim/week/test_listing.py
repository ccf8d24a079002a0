"""Whom physicians list: anybody alike, or, where they select, rather who needs few minutes (behaviour D6)."""

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.patients import CHRONIC
from sim.deciding.selection import know_usual_patients
from sim.week.listing import expected_visits, open_for, takes_on
from sim.week.scene import scene
from sim.world import World
from tests.sim.made_weeks import living, seasoned

PEOPLE = 400


def selecting(weight: float) -> World:
    world = seasoned()
    world.behaviour["practice_list_selection"] = weight
    world.physicians["list_open"] = 0.4
    know_usual_patients(world)
    return world


def relative_minutes(world: World) -> NDArray[np.float64]:
    """Minutes that each living patient needs over those of a usual one, by the lengths of physician 0."""
    s, p = scene(world), world.physicians[0]
    visits = np.array([expected_visits(s, i) for i in np.flatnonzero(living(world.patients)).tolist()])
    return np.asarray((visits @ [p["slot_acute"], p["slot_chronic"]]) / p["list_minutes"], dtype=np.float64)


def chances(world: World) -> NDArray[np.float64]:
    s = scene(world)
    return np.array([open_for(s, i, 0) for i in np.flatnonzero(living(world.patients)).tolist()])


def test_nobody_selects_unless_asked_to() -> None:
    world = selecting(0.0)
    assert not world.physicians["list_minutes"].any()
    assert chances(world)[:PEOPLE].tolist() == pytest.approx([0.4] * PEOPLE)


def test_the_chance_is_that_of_behaviour_d6() -> None:
    """logistic(Z - sel (minutes / mean - 1)), Z the openness to anybody; the mean patient is as welcome as before."""
    world = selecting(0.7)
    relative = relative_minutes(world)
    assert relative.mean() == pytest.approx(1, rel=1e-6)
    assert relative.std() > 0.3, "patients must differ, or there is nothing to select by"
    z = np.log(0.4 / 0.6) - 0.7 * (relative - 1)
    assert chances(world) == pytest.approx(1 / (1 + np.exp(-z)), rel=1e-5)


def test_the_chronically_ill_are_less_welcome_the_more_physicians_select() -> None:
    ill = [
        chances(world)[(world.patients["flags"][living(world.patients)] & CHRONIC) > 0].mean()
        for world in map(selecting, (0.0, 0.5, 1.0))
    ]
    assert ill[0] > ill[1] > ill[2]


@pytest.mark.parametrize("openness", [0.0, 1.0])
def test_a_list_that_is_open_or_closed_to_all_is_so(openness: float) -> None:
    world = selecting(1.0)
    world.physicians["list_open"] = openness
    assert set(chances(world).tolist()) == {openness}
    assert 0 <= takes_on(scene(world), 0, 0) <= 1

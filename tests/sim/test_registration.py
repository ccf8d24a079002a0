from functools import cache

import numpy as np
import pytest

from agents.patients import ALD, AME, KEEPS_NO_GP
from sim.parameters import parameter_record
from sim.registration import provider_from, reach
from sim.world import World
from tests.sim.made_people import ages, bands, living, made_world, uneven_village

PAR = parameter_record()


@cache
def world() -> World:
    return made_world(23_000)


def test_adults_without_a_physician_are_as_many_as_in_the_evidence() -> None:
    people = living(world())
    adults = people[ages(people) >= 18]
    without = adults["registered_gp"] < 0
    ill = (adults["flags"] & ALD) != 0
    assert without.mean() == pytest.approx(0.11, abs=4 * np.sqrt(0.11 * 0.89 / len(adults)))
    assert without[ill].mean() == pytest.approx(0.045, abs=4 * np.sqrt(0.045 * 0.955 / ill.sum()))
    keeps = (adults["flags"] & KEEPS_NO_GP) != 0
    assert keeps.sum() / without.sum() == pytest.approx(0.5, abs=0.06)
    assert without[keeps].all()


def test_state_medical_aid_never_registers() -> None:
    people = living(world())
    aided = people[(people["flags"] & AME) != 0]
    assert len(aided) > 50
    assert (aided["registered_gp"] < 0).all()


def test_lists_follow_their_targets_and_are_counted() -> None:
    people = living(world())
    doctors = world().physicians
    counted = np.bincount(people["registered_gp"][people["registered_gp"] >= 0], minlength=len(doctors))
    np.testing.assert_array_equal(counted, doctors["registered_list"])
    scaled = doctors["list_target"] * counted.sum() / doctors["list_target"].sum()
    np.testing.assert_allclose(counted, scaled, rtol=0.12)
    assert counted.mean() == pytest.approx(1001, rel=0.05)


def test_adult_lists_have_the_quartiles_of_their_targets() -> None:
    people = living(world())
    registered = people[(ages(people) >= 18) & (people["registered_gp"] >= 0)]
    adults = np.bincount(registered["registered_gp"], minlength=len(world().physicians))
    targets = world().physicians["list_target"] * adults.sum() / world().physicians["list_target"].sum()
    np.testing.assert_allclose(np.quantile(adults, [0.25, 0.75]), np.quantile(targets, [0.25, 0.75]), rtol=0.06)
    assert 510 <= np.quantile(adults, 0.25) <= 690  # P-LIST-DIST, V-02


def test_near_physicians_are_preferred() -> None:
    w = world()
    people = living(w)
    registered = people[people["registered_gp"] >= 0]
    home, office = w.cells[registered["cell"]], w.cells[w.physicians["cell"][registered["registered_gp"]]]
    shuffled = np.roll(office, len(office) // 2)
    travelled = np.hypot(home["x_km"] - office["x_km"], home["y_km"] - office["y_km"]).mean()
    anywhere = np.hypot(home["x_km"] - shuffled["x_km"], home["y_km"] - shuffled["y_km"]).mean()
    assert travelled < 0.93 * anywhere  # a village of 9 km, half of it in one town


def test_children_see_the_physician_of_an_adult_of_the_cell() -> None:
    people = living(world())
    children = people[(ages(people) < 18) & ((people["flags"] & AME) == 0)]
    assert (children["known_gp"] >= 0).all()
    pairs = set(zip(people["cell"].tolist(), people["registered_gp"].tolist(), strict=True))
    followed = [pair in pairs for pair in zip(children["cell"].tolist(), children["known_gp"].tolist(), strict=True)]
    assert np.mean(followed) > 0.99
    assert (children["registered_gp"] >= 0).mean() == pytest.approx(0.33, abs=0.03)


def test_nurse_ties_are_those_of_the_old_and_spread_over_nurses() -> None:
    people = living(world())
    tied = people["nurse_tie"] >= 0
    band = bands(people)
    assert tied[band >= 4].mean() == pytest.approx(0.71, abs=0.04)  # P-NURSE-USE
    assert tied[band <= 2].mean() < 0.10
    each = np.bincount(people["nurse_tie"][tied], minlength=len(world().nurses))
    assert each.min() > 0.6 * each.mean()


def test_the_overlap_with_nurses_of_a_team_is_their_part_of_all_nurses() -> None:
    people = living(world())
    old = people[(bands(people) >= 4) & (people["nurse_tie"] >= 0)]
    few = np.isin(old["nurse_tie"], np.arange(0, len(world().nurses), 6))
    assert few.mean() == pytest.approx(1 / 6, abs=0.05)  # P-NURSE-OVERLAP


def test_reach_balances_sites_and_sends_nobody_where_nobody_is() -> None:
    cells = uneven_village().cells
    people = cells["people"].sum(axis=1).astype(float)
    at, room = np.array([0, 40, 40, 80]), np.array([1.0, 2.0, 1.0, 4.0])
    near = reach(cells, people, at, room, PAR)
    np.testing.assert_allclose(near.share[:, -1], 1.0)
    shares = np.diff(near.share, axis=1, prepend=0)
    received = np.zeros(3)
    np.add.at(received, near.sites, shares * people[:, None])
    np.testing.assert_allclose(received / people.sum(), [1 / 8, 3 / 8, 4 / 8], rtol=0.02)
    assert provider_from(near, 0, 0.0, 0.0) in range(4)
    empty = reach(cells, people, np.zeros(0, dtype=np.int64), np.zeros(0), PAR)
    assert provider_from(empty, 0, 0.5, 0.5) == -1

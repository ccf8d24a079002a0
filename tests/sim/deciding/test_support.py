"""Quarters at the desk, and of coordinators."""

from dataclasses import replace

import numpy as np
import pytest

from agents.declarations import new_table
from agents.support import COLUMNS, COORDINATOR, SECRETARY
from agents.tasks import K15, K16, K17, K18
from sim.deciding import pairs, support
from sim.deciding.partner_facts import quiet
from sim.world import World
from tests.sim.deciding.made_partners import Notebook, partners_world, told


def staffed(secretaries: int = 4, coordinators: int = 0) -> World:
    world = partners_world(team_count=2)
    world.support = new_table(COLUMNS, secretaries + coordinators)
    world.support["who"] = np.arange(len(world.support)) + 1
    world.support["team"] = np.arange(len(world.support)) % 2
    world.support["role"][secretaries:] = COORDINATOR
    world.support["tasks"][:secretaries] = 1 << K17
    return world


def test_one_task_a_quarter_until_there_is_none() -> None:
    world = staffed()
    world.support["load"][3] = 1.2
    diary = Notebook()
    for _ in range(5):
        support.staff_desk(world, diary)
    everything = sum(1 << task for task in (K15, K16, K17, K18))
    assert world.support["tasks"].tolist() == [everything] * 3 + [1 << K17]
    assert world.support["morale"].tolist() == pytest.approx([0.71] * 3 + [0.8])
    assert world.support["error"].tolist() == pytest.approx([0.23] * 3 + [0.2])
    assert told(diary.of("desk"), "task") == [K16] * 3 + [K18] * 3 + [K15] * 3


def test_low_morale_empties_desks_and_they_are_filled() -> None:
    world = staffed(200)
    world.support["morale"], world.support["error"] = 0.2, 0.4
    diary = Notebook()
    support.staff_desk(world, diary)
    gone = np.flatnonzero(world.support["in_post"] == 0)
    assert 10 <= len(gone) <= 32
    world.week += 13
    world.behaviour["desk_refill"] = 1
    support.staff_desk(world, diary)
    assert set(told(diary.of("hire"), "support")) == set(gone.tolist())
    new = world.support[gone]
    assert new["tasks"].tolist() == [1 << K17] * len(gone)
    assert (new["error"].mean(), new["morale"].mean()) == pytest.approx((0.2, 0.8))


def test_a_desk_without_people_has_no_load() -> None:
    world = staffed(3)
    world.support["load"] = [0.8, 1.1, 1.0]
    assert pairs.desk_load(world).tolist() == pytest.approx([0.9, 1.1])
    world.support["in_post"][1] = 0
    assert pairs.desk_load(world).tolist() == pytest.approx([0.9, 0.0])


def test_coordinators_serve_files_first_and_money_brings_more() -> None:
    world = staffed(0, 2)
    world.support["fte"] = [0.2, 1.0]
    world.teams["admin_hours"], world.teams["meetings"], world.teams["projects"] = 1.0, 26, 2
    facts = replace(quiet(world), earmarked=np.array([0.0, 26_000.0]))
    spent = support.coordinate(world, facts)
    assert spent.evidence.tolist() == pytest.approx([6, 6])
    assert spent.meetings.tolist() == pytest.approx([1, 1])
    assert spent.projects.tolist() == pytest.approx([0, 4], abs=1e-6)
    assert world.teams["organisational_hours"].tolist() == pytest.approx([7, 36])
    around = support.prevention_around(world, spent)
    assert around[0] < 1e-6 < around[1]


def test_nobody_coordinates() -> None:
    world = staffed(2)
    spent = support.coordinate(world, quiet(world))
    assert not np.array(spent).any()
    assert support.prevention_around(world, spent).tolist() == [0, 0]
    assert (world.support["role"] == SECRETARY).all()
    world.support = world.support[:0]
    support.staff_desk(world, Notebook())

"""Which tasks may pass in a dyad, and what bears on each."""

from datetime import date

import numpy as np
import pytest

from agents.nurses import ADVANCED_PRACTICE, ASALEE, LIBERAL, PATHWAY
from agents.tasks import INFORMAL, K01, K02, K09, K12, K13, K16, N_TASKS
from agents.teams import GROUP
from sim.deciding import pairs
from sim.deciding.partner_facts import quiet
from sim.world import World
from tests.sim.deciding.made_partners import partners_world

EVERYTHING = slice(0, None)


def of(world: World) -> pairs.Pairs:
    return pairs.pairs_of(world, slice(0, len(world.dyads)), pairs.surroundings(world, quiet(world)))


def tasks(world: World, nurse: int = 0) -> set[int]:
    found = of(world)
    return set(found.task[found.nurse == nurse].tolist())


def test_bits() -> None:
    bits = pairs.bits_of(np.array([0, 0, 2]), np.array([1, 20, 3]), 4)
    assert bits.tolist() == [2 + 2**20, 0, 8, 0]
    rows, found = np.nonzero(pairs.taken_on(bits))
    assert (rows.tolist(), found.tolist()) == ([0, 0, 2], [1, 20, 3])


def test_advanced_practice_waits_for_its_law() -> None:
    assert K01 in tasks(partners_world(day=date(2019, 6, 1)))
    assert tasks(partners_world(day=date(2016, 1, 4))) == set()


def test_protocols_need_a_coordinated_team() -> None:
    assert K02 in tasks(partners_world((LIBERAL,)))
    alone = tasks(partners_world((LIBERAL,), team_kind=GROUP))
    assert K02 not in alone
    assert {K09, K12, K13} <= alone


def test_derogatory_acts_need_an_authorisation() -> None:
    world = partners_world((ASALEE,))
    assert K02 not in tasks(partners_world((ASALEE,), team_kind=GROUP, day=date(2011, 1, 3)))
    assert K02 in tasks(world)
    world.nurses["derogatory_authorised"] = 0
    assert K02 not in tasks(world)


def test_slots_fill_holes() -> None:
    world = partners_world((ASALEE,))
    world.nurses["load"] = 0.3
    assert K12 in tasks(world)
    world.nurses["load"] = 0.7
    assert K12 not in tasks(world)
    world.dyads["informal"] = 1 << K12
    assert K12 not in tasks(world), "what was done before does not open them"


def test_closed_gone_and_declined() -> None:
    world = partners_world((ADVANCED_PRACTICE, PATHWAY))
    world.teams["closed_tasks"] = 1 << K01
    assert K01 not in tasks(world)
    world.dyads["refused"][world.dyads["nurse"] == 1] = 1 << K16
    assert K16 not in tasks(world, 1)
    world.nurses["in_post"][1] = 0
    assert tasks(world, 1) == set()
    world.dyads["share"][world.dyads["nurse"] == 1, K16] = 0.2
    assert tasks(world, 1) == {K16}, "what is handed over is looked at in any case"
    assert not of(world).allowed[of(world).nurse == 1].any()


def test_circumstances_by_hand() -> None:
    world = partners_world((LIBERAL,))
    world.physicians["liability_shock"][2] = 0.9
    world.physicians["job_meaning"][3] = 0.4
    world.dyads["availability"] = 0.3
    found = of(world)
    c = pairs.circumstances(world, found, pairs.surroundings(world, quiet(world)))
    at = (found.task == K13) & (found.physician == 0)
    g, calls = world.parameters["tasks_minutes_gp"][0][K13], 5
    assert c.freed_minutes[at][0] == pytest.approx(0.6 * (g - calls) - 0.13 * g, rel=1e-5)
    assert (c.availability[at][0], c.formal[at][0]) == (1.0, 0.0)
    assert c.availability[found.task == K09].tolist() == pytest.approx([0.3] * 5)
    assert c.liability[at][0] == pytest.approx(0.3)
    assert c.liability[(found.task == K13) & (found.physician == 2)][0] == pytest.approx(1.0)
    assert c.openness[(found.task == K13) & (found.physician == 3)][0] == pytest.approx(0.4)
    assert (found.scope[at] == INFORMAL).all()


def test_blocks_part_no_physician(monkeypatch: pytest.MonkeyPatch) -> None:
    world = partners_world((LIBERAL, PATHWAY), team_count=3)
    monkeypatch.setattr(pairs, "BLOCK", 5)
    found = list(pairs.blocks(world.physicians))
    assert found[0].start == 0
    assert found[-1].stop == len(world.dyads)
    assert [a.stop for a in found[:-1]] == [b.start for b in found[1:]]
    ends = set(world.physicians["dyad_end"].tolist())
    assert {block.stop for block in found} <= ends
    assert list(pairs.blocks(world.physicians[:0])) == []


def test_all_nurses_of_a_physician_together() -> None:
    world = partners_world((LIBERAL, PATHWAY), team_count=2)
    world.dyads["share"][:, K09] = 0.3
    world.dyads["share"][:2, K12] = 0.8
    total = pairs.handed_over(world.dyads, len(world.physicians) + 1)
    assert total.shape == (len(world.physicians) + 1, N_TASKS)
    assert total[:-1, K09].tolist() == pytest.approx([0.6] * 10)
    assert total[0, K12] == 1
    assert total[-1].sum() == 0

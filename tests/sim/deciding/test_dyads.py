"""Quarters of dyads: drop by drop, one new task, refusals, stacks and supply."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.nurses import ADVANCED_PRACTICE, ASALEE, KINDS, LIBERAL, PATHWAY
from agents.tasks import K01, K09, K12, K13, K17, N_TASKS, TASKS
from agents.templates import handover
from sim.deciding import dyads, pairs
from sim.deciding.diary import Diary
from sim.deciding.partner_facts import Facts, quiet
from sim.world import World
from tests.sim.deciding.made_partners import Notebook, partners_world, told


def quarters(world: World, count: int, facts: Facts | None = None) -> Notebook:
    diary = Notebook()
    for _ in range(count):
        world.week += 13
        dyads.delegate(world, facts or quiet(world), diary)
    return diary


def paid(world: World, euros: float, task: int = K01, kind: int = ADVANCED_PRACTICE) -> Facts:
    return replace(quiet(world), incentives={handover(task, kind): np.full(len(world.physicians), euros)})


def begun(world: World) -> NDArray[np.int64]:
    return (world.dyads["share"] > 0).sum(axis=1)


def test_one_new_task_a_quarter_the_one_that_gains_most() -> None:
    world = partners_world()
    diary = quarters(world, 1)
    assert begun(world).tolist() == [1] * 5
    (block,) = diary.of("delegation")
    assert {TASKS[task] for task in block["task"]} == {"k09"}, "the least central, and it frees minutes"
    assert (block["after"] <= 0.05).all()
    before = world.dyads["share"].copy()
    quarters(world, 1)
    assert begun(world).tolist() == [2] * 5
    assert (world.dyads["share"] - before <= 0.05 + 1e-6).all()


def test_the_diary_is_told_why() -> None:
    block = quarters(partners_world(), 1).of("delegation")[0]
    parts = ("overload", "knowledge", "availability", "openness", "core", "formal", "liability", "peers", "reading")
    z = -2.2 + sum(block[name][0] for name in (*parts, "money"))
    assert block["target"][0] == pytest.approx(1 / (1 + np.exp(-z)))
    assert block["formal_autonomy"][0] == 1
    assert block["effective_autonomy"][0] == pytest.approx(0.95)


def test_the_diary_of_a_run_takes_it() -> None:
    diary, world = Diary(), partners_world((LIBERAL, ASALEE))
    dyads.delegate(world, quiet(world), diary)
    frame = diary.frame()
    assert set(frame["kind"]) == {"delegation", "refusal"}


def test_in_the_end_it_is_the_worked_example() -> None:
    world = partners_world()
    world.physicians["liability"] = 0.3
    quarters(world, 120, paid(world, -17.5))
    assert world.dyads["share"][:, K01].tolist() == pytest.approx([0.08] * 5, abs=0.005)


def test_who_reconsiders_begins_and_who_proposes() -> None:
    world = partners_world((ADVANCED_PRACTICE, PATHWAY))
    facts = replace(quiet(world), reconsiders=np.arange(5) == 1)
    quarters(world, 1, facts)
    assert set(world.dyads["physician"][begun(world) > 0].tolist()) == {1}
    world.nurses["leader_type"][0] = 1
    quarters(world, 1, facts)
    assert (begun(world)[world.dyads["nurse"] == 0] > 0).all()


def test_tasks_under_way_follow_without_reconsidering() -> None:
    world = partners_world()
    world.dyads["share"][:, K01] = 0.9
    quarters(world, 1, replace(quiet(world), reconsiders=np.zeros(5, dtype=bool)))
    assert world.dyads["share"][:, K01].tolist() == pytest.approx([0.9 - 0.15] * 5)


@pytest.mark.parametrize("task", [K01, K09])
def test_money_moves_the_named_task_its_way(task: int) -> None:
    worlds = [partners_world() for _ in range(4)]
    for world, euros in zip(worlds, (-20.0, 0.0, 5.0, 20.0), strict=True):
        quarters(world, 30, paid(world, euros, task))
    shares = [world.dyads["share"][:, task].mean() for world in worlds]
    assert (np.diff(shares) > 0).all()


def test_check_2_more_nurses_take_no_more() -> None:
    one, two = partners_world(), partners_world((ADVANCED_PRACTICE, ADVANCED_PRACTICE))
    for world in (one, two):
        quarters(world, 60)
    handed = [pairs.handed_over(world.dyads, 5)[:, K01] for world in (one, two)]
    assert handed[0] == pytest.approx(handed[1], rel=0.01)


def test_check_12_a_post_beside_a_closed_physician_stays_idle() -> None:
    world = partners_world()
    world.teams["closed_tasks"] = (1 << N_TASKS) - 1
    quarters(world, 20)
    assert not world.dyads["share"].any()
    unwilling = partners_world()
    unwilling.physicians["open_deleg"], unwilling.physicians["core"], unwilling.physicians["liability"] = 0, 1, 1
    quarters(unwilling, 20)
    willing = partners_world()
    quarters(willing, 20)
    assert unwilling.dyads["share"].sum() < 0.2 * willing.dyads["share"].sum()


def test_rare_pairs_do_dirty_work() -> None:
    world = partners_world()
    world.dyads["handed"] = 0
    quarters(world, 20)
    done = set(np.nonzero(world.dyads["share"].any(axis=0))[0].tolist())
    assert done
    assert (world.parameters["tasks_core"][0][list(done)] < 0.3).all()


def test_law_takes_back() -> None:
    world = partners_world(day=date(2016, 1, 4))
    world.dyads["share"][:, K01] = 0.3
    quarters(world, 1)
    assert world.dyads["share"][:, K01].tolist() == pytest.approx([0.24] * 5, abs=1e-6)


def test_a_loaded_nurse_declines_and_is_asked_again() -> None:
    world = partners_world()
    world.nurses["load"] = 1.2
    diary = quarters(world, 40)
    assert not world.dyads["share"].any()
    declined = told(diary.of("refusal"), "task")
    assert len(declined) > 5 * len(set(declined)), "some are asked again"
    assert world.dyads["refused"].all()


def test_liberal_nurses_are_paid_to_accept() -> None:
    world = partners_world((LIBERAL,), team_count=40)
    well = replace(
        quiet(world), nurse_incentives={handover(k, LIBERAL): np.full(len(world.nurses), 60.0) for k in range(N_TASKS)}
    )
    unpaid, payed = world.fork(), world.fork()
    quarters(unpaid, 1)
    quarters(payed, 1, well)
    assert begun(payed).mean() > 0.8
    assert begun(unpaid).mean() < 0.4


def test_holes_are_filled_informally() -> None:
    world = partners_world((ASALEE,))
    quarters(world, 12)
    assert (world.dyads["share"][:, [K12, K17]] > 0).all()
    assert pairs.taken_on(world.dyads["informal"])[:, [K09, K12, K17]].all()
    world.nurses["load"] = 0.9
    quarters(world, 40)
    assert (world.dyads["share"][:, [K12, K17]] < 0.01).all()


def test_overload_hands_homes_over_without_a_decision() -> None:
    world = partners_world((LIBERAL, LIBERAL))
    world.physicians["overload"] = 1.0
    quarters(world, 1, replace(quiet(world), reconsiders=np.zeros(5, dtype=bool)))
    assert pairs.handed_over(world.dyads, 5)[:, K13].tolist() == pytest.approx([0.3] * 5)
    assert pairs.taken_on(world.dyads["informal"])[:, K13].all()


def test_pathway_nurses_wait_to_be_known() -> None:
    world = partners_world((PATHWAY,))
    world.dyads["knowledge"] = 0.3
    quarters(world, 4)
    assert not world.dyads["share"].any()
    world.dyads["knowledge"] = 0.5
    quarters(world, 1)
    assert (begun(world) == 1).all()


def test_the_same_draws_whoever_stands_beside() -> None:
    alone, beside = partners_world((LIBERAL,), team_count=2), partners_world((LIBERAL,), team_count=7)
    for world in (alone, beside):
        world.physicians["territory"] = world.physicians["team"]
        quarters(world, 6)
    assert alone.dyads["share"].tobytes() == beside.dyads["share"][: len(alone.dyads)].tobytes()


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    worlds = [partners_world((LIBERAL, ASALEE), team_count=4) for _ in range(2)]
    quarters(worlds[0], 5)
    monkeypatch.setattr(pairs, "BLOCK", 3)
    quarters(worlds[1], 5)
    assert worlds[0].dyads.tobytes() == worlds[1].dyads.tobytes()


def test_nobody_to_hand_over_to() -> None:
    world = partners_world()
    world.dyads = world.dyads[:0]
    assert quarters(world, 1).told == []
    assert len(KINDS) == pairs.N_KINDS

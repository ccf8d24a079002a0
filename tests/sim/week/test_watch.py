"""Homebound patients watched by a nurse without anybody's decision (behaviour D2, constrained informal channel)."""

import numpy as np
import pytest

from agents.nurses import LIBERAL
from agents.tasks import K13
from sim import events as ev
from sim.draws import chained
from sim.founding import found
from sim.week.scene import scene
from sim.week.watch import watching_nurse
from sim.world import World
from tests.sim.made_weeks import SHARING, lived, living, seasoned, town

KEYS = [np.uint64(chained(np.uint64(77), np.uint64(n))) for n in range(2_000)]


def made(share: float = 1.0, overload: float = 0.0, far: bool = False, tied: bool = True) -> World:
    """The first patient lives beside the first physician, or is made to count as far, and has a nurse or not."""
    world = seasoned()
    world.parameters["tasks_informal_watch"] = share
    world.parameters["tasks_watch_minutes"] = 0.0 if far else 100.0
    world.physicians["overload"] = overload
    world.patients["nurse_tie"][0] = int(np.flatnonzero(world.nurses["kind"] == LIBERAL)[-1]) if tied else -1
    return world


def nurse_of(world: World) -> int:
    return int(watching_nurse(scene(world), 0, 0, int(world.patients["nurse_tie"][0]), KEYS[0]))


@pytest.mark.parametrize(("overload", "far", "watched"), [
    (0.0, False, False), (0.7, False, False), (0.9, False, True), (0.0, True, True),
])  # fmt: skip
def test_a_nurse_watches_where_the_physician_has_no_time_or_is_far(overload: float, far: bool, watched: bool) -> None:
    world = made(overload=overload, far=far)
    assert nurse_of(world) == (world.patients["nurse_tie"][0] if watched else -1)


def test_without_a_nurse_of_ones_own_it_is_one_of_the_team_and_one_in_post() -> None:
    world = made(far=True, tied=False)
    assert world.nurses["kind"][nurse_of(world)] == LIBERAL
    assert world.nurses["team"][nurse_of(world)] == world.physicians["team"][0]
    world.nurses["in_post"] = 0
    assert nurse_of(world) == -1
    assert nurse_of(made(share=0.0, far=True)) == -1


def test_its_share_is_that_of_the_parameter() -> None:
    s = scene(made(share=0.2, far=True))
    tie = int(s.patients["nurse_tie"][0])
    watched = np.mean([watching_nurse(s, 0, 0, tie, key) >= 0 for key in KEYS])
    assert watched == pytest.approx(0.2, abs=4 * np.sqrt(0.16 / len(KEYS)))


def watched_in(share: float) -> tuple[np.ndarray, np.ndarray]:
    world = found(town(6_000, teams={"sharing": SHARING}, parameters={"tasks.informal_watch": share}))
    world.parameters["tasks_watch_minutes"] = 0.0
    lines = lived(world, 20)
    mine = lines[(lines["kind"] == ev.NURSE) & (lines["task"] == K13)]
    home = lines[(lines["kind"] == ev.GP) & np.isin(lines["code"], (ev.HOME, ev.VL)) & (lines["need"] == 7)]
    return mine, home


def test_it_is_informal_unpaid_and_told_to_the_physician() -> None:
    none, usual = watched_in(0.0)
    some, fewer = watched_in(0.5)
    assert not len(none)
    assert len(some) > 20
    assert (some["channel"] == ev.INFORMAL).all()
    assert not some["cents"].any()
    assert (some["gp_minutes_tenths"] > 0).all()
    replaced = (some["marks"] & ev.REPLACES) > 0
    assert 0.4 < replaced.mean() < 0.8
    told = (some["marks"] & ev.VALIDATED) > 0
    assert told[replaced].all(), "at the start every visit that spares the physician one is told"
    assert not told[~replaced].any(), "who comes in person anyway need not be told"
    assert len(fewer) < len(usual)


def test_nobody_watches_who_is_not_there() -> None:
    world = found(town(teams={}))
    world.nurses["in_post"] = 0
    lines = lived(world, 6)
    assert not np.isin(lines["kind"], (ev.NURSE, ev.ROUNDS)).any()
    assert living(world.patients).any()

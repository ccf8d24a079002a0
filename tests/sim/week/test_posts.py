"""Nurses out of post: nobody goes to them, and their patients find others (behaviour E)."""

import numpy as np

from agents.nurses import ADVANCED_PRACTICE
from sim import events as ev
from sim.founding import found
from sim.week.choice import bounced, nurse_near
from sim.week.requests import AGAIN, TO_NURSE, TO_ROUNDS
from sim.week.scene import scene
from tests.sim.made_weeks import lived, living, seasoned, town, weeks


def test_requests_pass_by_who_has_left_and_home_nursing_goes_on() -> None:
    world = seasoned()
    at_home = int(((lived(world.fork(), 1)["kind"]) == ev.ROUNDS).sum())
    gone = np.unique(world.patients["nurse_tie"][living(world.patients) & (world.patients["home_until"] > world.week)])
    gone = gone[gone >= 0][:1]
    world.nurses["in_post"][gone] = 0
    for week in weeks(world, 6):
        r = week.requests
        assert not np.isin(r["provider"][np.isin(r["target"], (TO_NURSE, TO_ROUNDS))], gone).any()
        assert int((week.events["kind"] == ev.ROUNDS).sum()) > 0.9 * at_home
        assert not world.nurses["minutes"][gone].any()


def test_no_task_is_handed_to_who_has_left() -> None:
    world = found(town())
    world.nurses["in_post"][world.nurses["kind"] == ADVANCED_PRACTICE] = 0
    lines = lived(world, 12)
    handed = lines[(lines["kind"] == ev.NURSE) & (lines["channel"] != ev.DOOR)]
    assert len(handed) > 5
    assert (world.nurses["in_post"][handed["payee"]] == 1).all()
    assert not (handed["channel"] == ev.TRANSFER).any()


def test_the_nurse_of_a_patient_is_the_own_one_while_in_post() -> None:
    world = seasoned()
    s = scene(world)
    tied = np.flatnonzero(living(world.patients) & (world.patients["nurse_tie"] >= 0))[:50]
    own, homes = world.patients["nurse_tie"][tied], world.patients["cell"][tied]

    def near() -> list[int]:
        return [nurse_near(s, int(cell), int(tie)) for cell, tie in zip(homes, own, strict=True)]

    assert near() == own.tolist()
    world.nurses["in_post"][own[0]] = 0
    others = near()
    assert own[0] not in others
    assert min(others) >= 0, "somebody near takes over"


def test_two_who_lead_or_two_who_do_not_send_the_patient_back_and_forth() -> None:
    world = found(town())
    world.parameters["tasks_bounce"] = 1.0
    s, key = scene(world), np.uint64(4)
    d = int(np.flatnonzero(world.dyads["share"].any(axis=1))[0])
    nurse, physician = world.dyads["nurse"][d], world.dyads["physician"][d]
    for leads, leader, clash in ((1, 1, True), (0, 0, True), (1, 0, False), (0, 1, False)):
        world.physicians["leads"][physician], world.nurses["leader_type"][nurse] = leads, leader
        assert bounced(s, d, key) == clash
    world.parameters["tasks_bounce"] = 0.0
    world.nurses["leader_type"][nurse] = 0
    assert not bounced(s, d, key)


def test_who_is_sent_back_and_forth_asks_again() -> None:
    def waits(bounce: float) -> tuple[int, int]:
        world = found(town(parameters={"tasks.bounce": bounce}))
        world.physicians["leads"], world.nurses["leader_type"] = 1, 1
        again = handed = 0
        for week in weeks(world, 10):
            again += int((week.requests["target"] == AGAIN).sum())
            handed += int((week.requests["dyad"] >= 0).sum())
        return again, handed

    (none, all_handed), (some, fewer) = waits(0.0), waits(0.3)
    assert some > none
    assert fewer < all_handed

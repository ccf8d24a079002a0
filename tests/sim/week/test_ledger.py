"""Sums across providers: counters, occupancy of beds, load of secretaries (behaviour C6, A4)."""

import numpy as np
import pytest

from agents.declarations import Table
from agents.patients import NEVER
from agents.support import SECRETARY
from agents.tasks import K01, K02, K03, K04, K09, K17, K18
from sim import events as ev
from sim.founding import found
from sim.week.ledger import (
    WEEKLY_COUNTS,
    book_lines,
    clear_counts,
    close_hospital_week,
    count_lists,
    support_load,
    work_of_desk,
)
from sim.week.parts import blocks
from sim.week.scene import scene
from sim.world import World
from tests.sim.made_weeks import living, seasoned, town, weeks


def test_counters_start_each_week_at_nothing() -> None:
    world = seasoned()
    s = scene(world)
    for name, columns in WEEKLY_COUNTS.items():
        for column in columns:
            getattr(world, name)[column] = 7
    before = world.physicians["posted_wait_days"].copy()
    clear_counts(s)
    assert not any(getattr(world, name)[column].any() for name, columns in WEEKLY_COUNTS.items() for column in columns)
    np.testing.assert_array_equal(world.physicians["posted_wait_days"], before)


def test_counters_are_those_of_the_weeks_lines() -> None:
    world = found(town(7_000))
    leaks = 0
    for week in weeks(world, 8):
        lines, g, j = week.events, world.physicians, world.nurses
        contacts = lines[lines["kind"] == ev.GP]
        np.testing.assert_array_equal(g["contacts"], np.bincount(contacts["payee"], minlength=len(g)))
        home = contacts[np.isin(contacts["code"], (ev.HOME, ev.VL))]
        np.testing.assert_array_equal(g["home_contacts"], np.bincount(home["payee"], minlength=len(g)))
        # A leak is counted with the physician whose patient went elsewhere.
        leaked = lines[(lines["marks"] & ev.LEAK) > 0]
        assert (leaked["registered_team"] != leaked["provider_team"]).all()
        np.testing.assert_array_equal(g["leaks"], np.bincount(leaked["registered_gp"], minlength=len(g)))
        leaks += len(leaked)
        for column, kind, weights in (("contacts", ev.NURSE, None), ("stops", ev.ROUNDS, "stops")):
            mine = lines[lines["kind"] == kind]
            counted = np.bincount(mine["payee"], mine[weights] if weights else None, minlength=len(j))
            np.testing.assert_array_equal(j[column], counted)
    assert leaks > 50


def test_occupancy_follows_the_days_of_stays_begun() -> None:
    world = seasoned()
    world.parameters["hospital_occupancy_memory"] = 0.9
    world.hospitals["occupancy"], world.hospitals["beds"], world.hospitals["bed_days"] = 0.8, 10, 140
    close_hospital_week(scene(world))
    assert world.hospitals["occupancy"] == pytest.approx(0.9 * 0.8 + 0.1 * 2.0)


def test_secretaries_carry_the_requests_of_their_team() -> None:
    world = seasoned()
    world.parameters["service_booking_minutes"], world.parameters["service_wait_memory"] = 6.0, 0.75
    world.physicians["requests"] = 100
    desks = np.flatnonzero(world.support["role"] == SECRETARY)
    world.support["load"] = 0.5
    support_load(scene(world), world.support)
    assert len(desks) > 0
    for row in desks:
        team = world.support["team"][row]
        mine = (world.support["team"] == team) & (world.support["role"] == SECRETARY)
        asked = 600.0 * (world.physicians["team"] == team).sum()
        load = asked / world.support["weekly_minutes"][mine].sum()
        assert world.support["load"][row] == pytest.approx(0.75 * 0.5 + 0.25 * load, rel=1e-5)
    others = world.support["role"] != SECRETARY
    assert (world.support["load"][others] == 0.5).all()


def test_a_team_sorts_calls_as_wrongly_as_who_is_at_its_desk() -> None:
    world = seasoned()
    desks = world.support[world.support["role"] == SECRETARY]
    world.support["error"], world.support["in_post"] = 0.25, 1
    work_of_desk(scene(world), world.support)
    has_desk = np.isin(np.arange(len(world.teams)), desks["team"])
    assert has_desk.any()
    assert (world.teams["desk_error"] == np.where(has_desk, np.float32(0.25), 0)).all()
    world.support["in_post"] = 0
    work_of_desk(scene(world), world.support)
    assert (world.teams["desk_error"] == 0).all(), "who answers the telephone in person sorts rightly"


@pytest.mark.parametrize("rows", [None, 97])
def test_lists_are_counted_among_the_living(rows: int | None) -> None:
    """In parts as at once."""
    world = seasoned()
    world.physicians["registered_list"] = 0
    gone = np.flatnonzero(living(world.patients) & (world.patients["registered_gp"] == 1))[:5]
    world.patients["flags"][gone] = 0
    everybody = len(world.patients)
    count_lists(scene(world), (0, len(world.physicians)), blocks(0, everybody, rows or everybody))
    alive = living(world.patients)
    counted = [int((world.patients["registered_gp"][alive] == g).sum()) for g in range(len(world.physicians))]
    assert world.physicians["registered_list"].tolist() == counted


def stay(world: World, cause: int, marks: int, last_nurse: int) -> Table:
    """A stay of the first patient, on the list of physician 1, so many weeks after a nurse's follow-up."""
    world.patients["nurse_contact"][0] = NEVER if last_nurse < 0 else world.week - last_nurse
    line = np.zeros(1, ev.DTYPE)
    line["kind"], line["payee_kind"], line["payee"], line["registered_gp"] = ev.STAY, ev.OUTSIDE, -1, 1
    line["cause"], line["marks"], line["patient"] = cause, marks, 0
    return line


@pytest.mark.parametrize(
    ("marks", "last_nurse", "adverse"),
    [(ev.AVOIDABLE, 5, 1), (ev.READMISSION, 13, 1), (ev.AVOIDABLE, 14, 0), (ev.AVOIDABLE, -1, 0), (0, 5, 0)],
)
def test_an_avoidable_stay_soon_after_a_nurses_follow_up_is_seen(marks: int, last_nurse: int, adverse: int) -> None:
    world = seasoned()
    world.physicians["adverse_tasks"] = 0
    clear_counts(scene(world))
    book_lines(scene(world), stay(world, ev.CAUSE_OTHER_AVOIDABLE, marks, last_nurse))
    assert world.physicians["adverse"].tolist() == [0, adverse, *[0] * (len(world.physicians) - 2)]
    assert world.physicians["adverse_tasks"].sum() == adverse


def test_it_is_held_against_the_task_that_bears_on_its_cause_until_the_quarter_ends() -> None:
    world = seasoned()
    world.physicians["adverse_tasks"] = 0
    causes = {ev.CAUSE_DIABETES: K02, ev.CAUSE_HEART_FAILURE: K03, ev.CAUSE_COPD: K04, ev.CAUSE_OTHER_AVOIDABLE: K01}
    for cause in causes:
        clear_counts(scene(world))
        book_lines(scene(world), stay(world, cause, ev.AVOIDABLE, 2))
        assert world.physicians["adverse"][1] == 1
    assert np.flatnonzero(world.physicians["adverse_tasks"][1]).tolist() == sorted(causes.values())
    line = stay(world, ev.CAUSE_COPD, ev.AVOIDABLE, 2)
    line["registered_gp"] = -1
    book_lines(scene(world), line)
    assert world.physicians["adverse_tasks"].sum() == 4


def test_adverse_stays_are_those_of_the_weeks_lines() -> None:
    world = found(town(7_000, parameters={"hospital.hf_hazard": 0.3, "hospital.copd_hazard": 0.08}))
    world.patients["nurse_contact"] = 0
    seen = 0
    for week in weeks(world, 10):
        lines = week.events
        stays = lines[(lines["kind"] == ev.STAY) & ((lines["marks"] & (ev.AVOIDABLE | ev.READMISSION)) > 0)]
        stays = stays[stays["registered_gp"] >= 0]
        assert world.physicians["adverse"].sum() <= len(stays)
        seen += int(world.physicians["adverse"].sum())
    assert seen == world.physicians["adverse_tasks"].sum() > 5


def desk(world: World, *tasks: int, in_post: int = 1) -> Table:
    """The first team with a secretary, after its desk has these tasks."""
    desks = world.support["role"] == SECRETARY
    world.support["tasks"][desks], world.support["in_post"][desks] = sum(1 << task for task in tasks), in_post
    work_of_desk(scene(world), world.support)
    return world.teams[int(world.support["team"][desks][0])]


def test_what_is_prepared_at_the_desk_saves_minutes_and_recalls_patients() -> None:
    """k18: 5 minutes, of which 0.8 replace the physician's."""
    world = seasoned()
    usual = desk(world, K17)
    assert not any(usual[column].any() for column in ("desk_minutes_saved", "recall", "navigation"))
    q = world.parameters[0]
    full = desk(world, K17, K18, K09)
    assert full["desk_minutes_saved"] == pytest.approx(q["tasks_sigma"][K18] * q["tasks_minutes_gp"][K18])
    assert full["recall"] == pytest.approx(q["tasks_recall"])
    empty = desk(world, K17, K18, K09, in_post=0)
    assert not any(empty[column].any() for column in ("desk_minutes_saved", "recall"))
    assert empty["navigation"] == pytest.approx(-q["tasks_navigation"]), "nobody books: more is forgone"


def test_secretaries_who_stay_carry_the_work_of_those_who_left() -> None:
    world = found(town(teams={}))
    row = int(np.flatnonzero(world.support["role"] == SECRETARY)[0])
    world.support = np.concatenate([world.support, world.support[row : row + 1]])
    world.physicians["requests"] = 100
    world.support["load"] = 0.0
    support_load(scene(world), world.support)
    both = float(world.support["load"][row])
    world.support["load"], world.support["in_post"][-1] = 0.0, 0
    support_load(scene(world), world.support)
    assert world.support["load"][row] == pytest.approx(2 * both)
    assert world.support["load"][-1] == 0

"""Sums across providers: counters, occupancy of beds, load of secretaries (behaviour C6, A4)."""

import numpy as np
import pytest

from agents.support import SECRETARY
from sim import events as ev
from sim.founding import found
from sim.week.ledger import WEEKLY_COUNTS, clear_counts, close_hospital_week, count_lists, support_load
from sim.week.scene import scene
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
        home = contacts[contacts["code"] == ev.HOME]
        np.testing.assert_array_equal(g["home_contacts"], np.bincount(home["payee"], minlength=len(g)))
        # A leak is counted with the physician whose patient went elsewhere.
        leaked = lines[(lines["marks"] & ev.LEAK) > 0]
        assert (leaked["registered_team"] != leaked["provider_team"]).all()
        np.testing.assert_array_equal(g["leaks"], np.bincount(leaked["registered_gp"], minlength=len(g)))
        leaks += len(leaked)
        for column, kind, weights in (("contacts", ev.NURSE, None), ("stops", ev.ROUNDS, "count")):
            mine = lines[lines["kind"] == kind]
            counted = np.bincount(mine["payee"], mine[weights] if weights else None, minlength=len(j))
            if column == "contacts" or (mine["code"] == ev.AMI).all():
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


def test_lists_are_counted_among_the_living() -> None:
    world = seasoned()
    world.physicians["registered_list"] = 0
    gone = np.flatnonzero(living(world.patients) & (world.patients["registered_gp"] == 1))[:5]
    world.patients["flags"][gone] = 0
    count_lists(scene(world))
    alive = living(world.patients)
    counted = [int((world.patients["registered_gp"][alive] == g).sum()) for g in range(len(world.physicians))]
    assert world.physicians["registered_list"].tolist() == counted

"""Reports of teams, and what rules read of them (behaviour F5)."""

from typing import Any

import numpy as np
import pytest

from agents.deciding.practice_and_report import CONFORMING, MEETINGS, PROTOCOLS, RESISTANT
from agents.teams import CRITERIA
from sim.deciding import leaders, reports
from sim.deciding.diary import Diary
from sim.treasury import treasury_of
from tests.sim.deciding.made_teams import ASKED, GROUP_ROW, HOME, made_spec, made_world

READ = ("meetings", "files_reviewed", "protocols", "opening_ok", "software_ok")


def made() -> tuple[Any, Any, Diary]:
    spec = made_spec()
    world = made_world(spec)
    treasury = treasury_of(world, spec)
    leaders.begin_team_life(world, treasury, ASKED)
    reports.begin_reports(world)
    return world, treasury, Diary()


def test_reports_begin_with_what_columns_say() -> None:
    world, _, _ = made()
    assert world.teams["reported"][HOME].tolist() == [1, 0, 1, 1, 1, 0]
    assert world.teams["practised"].shape == (4, len(CRITERIA))
    assert (world.teams["practised"] <= 1).all()


def test_only_what_a_contract_asks_for_is_reported() -> None:
    world, treasury, diary = made()
    before = world.teams[GROUP_ROW : GROUP_ROW + 1].copy()
    reports.practise_and_report(world, treasury, ASKED, diary)
    for name in (*READ, "reported"):
        assert (world.teams[GROUP_ROW][name] == before[name][0]).all()


def test_a_report_raises_what_rules_read_and_practice_does_not() -> None:
    world, treasury, diary = made()
    world.teams["meetings"][HOME], world.teams["files_reviewed"][HOME] = 0, 0
    world.teams["reported"][HOME] = 0
    world.physicians["collective_minutes"] = 60
    read = [world.teams[name][HOME].copy() for name in READ]
    world.teams["practised"][HOME] = 1
    assert [world.teams[name][HOME] for name in READ] == read
    reports.practise_and_report(world, treasury, ASKED, diary)
    assert world.teams["reported"][HOME, MEETINGS] == 1
    assert world.teams["meetings"][HOME] == 6
    assert world.teams["files_reviewed"][HOME] == 30
    assert world.teams["opening_ok"][HOME] == 1
    assert world.teams["reported"][HOME, PROTOCOLS] == world.teams["protocols"][HOME]


def test_higher_numbers_stay_and_reports_nobody_keeps_up_fall() -> None:
    world, treasury, diary = made()
    reports.practise_and_report(world, treasury, ASKED, diary)
    assert world.teams["meetings"][HOME] == 8
    world.teams["leader"][HOME], world.teams["coordinator_fte"][HOME] = -1, 0
    reports.practise_and_report(world, treasury, ASKED, diary)
    assert world.teams["meetings"][HOME] == 0
    assert world.teams["files_reviewed"][HOME] == 0


def test_the_profile_is_an_output_and_can_change() -> None:
    world, treasury, diary = made()
    reports.practise_and_report(world, treasury, ASKED, diary)
    able = int(world.teams["profile"][HOME])
    world.teams["learning_years"], world.teams["payer_trust"] = 0, 0
    world.teams["leader"][HOME] = -1
    reports.practise_and_report(world, treasury, ASKED, diary)
    assert able >= CONFORMING
    assert world.teams["profile"][HOME] == RESISTANT
    assert diary.counts[0, "profile"] == 2


def test_contracts_and_reports_are_paperwork() -> None:
    world, treasury, diary = made()
    world.teams["reported"][HOME] = 0
    reports.practise_and_report(world, treasury, ASKED, diary)
    hours = float(world.teams["admin_hours"][HOME])
    assert hours > 0.1  # what is reported; no contract has paid yet
    assert world.teams["admin_hours"][GROUP_ROW] == pytest.approx(0.0, abs=1e-3)
    reports.practise_and_report(world, treasury, ASKED, diary)
    assert world.teams["admin_hours"][HOME] <= hours


def test_one_more_demand_stops_a_project_of_the_weak() -> None:
    world, _treasury, diary = made()
    world.teams["leader"][HOME], world.teams["learning_years"][HOME] = -1, 0
    reports.demand(world, np.ones(4, dtype=bool), diary)
    assert world.teams["projects"][HOME] == 0
    assert diary.counts[0, "project"] == 1

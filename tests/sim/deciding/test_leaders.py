"""Leaders and projects of teams, quarter by quarter (behaviour F1, F6)."""

from typing import Any

import numpy as np
import pytest

from agents.deciding.leaders import FORMS
from agents.teams import GROUP, MSP
from sim.deciding import leaders
from sim.deciding.diary import Diary
from sim.treasury import treasury_of
from tests.sim.deciding.made_teams import ALONE, ASKED, CENTRE, GROUP_ROW, HOME, made_spec, made_world


def made() -> tuple[Any, Any, Diary]:
    spec = made_spec()
    world = made_world(spec)
    treasury = treasury_of(world, spec)
    leaders.begin_team_life(world, treasury, ASKED)
    return world, treasury, Diary()


def test_how_year_1_begins() -> None:
    world, _, _ = made()
    teams = world.teams
    assert (teams["leader"] == teams["first_physician"]).all()
    assert teams["recognised"].tolist() == [1, 1, 1, 1]
    assert teams["projects"].tolist() == [1, 0, 0, 0]
    assert teams["learning_years"].tolist() == [3, 0, 0, 0]
    assert teams["fixed_commitments"][HOME] == pytest.approx(0.3 * 44_000 + 7 * 500)
    assert teams["fixed_commitments"][GROUP_ROW] == 0


def test_a_worn_leader_is_followed_or_missed() -> None:
    world, treasury, diary = made()
    first = int(world.teams["leader"][HOME])
    world.physicians["will"] = 0.7
    world.physicians["fatigue"][first] = 1.0
    world.behaviour["team_life_role_left"] = 1.0
    leaders.lead_quarter(world, treasury, ASKED, diary)
    follower = int(world.teams["leader"][HOME])
    assert follower != first
    assert world.physicians["team"][follower] == HOME
    world.physicians["will"] = 0.1
    world.physicians["fatigue"][follower] = 1.0
    mine = world.physicians["team"][world.dyads["physician"]] == HOME
    knowledge = world.dyads["knowledge"].copy()
    leaders.lead_quarter(world, treasury, ASKED, diary)
    assert world.teams["leader"][HOME] == leaders.NOBODY
    assert world.teams["projects"][HOME] == pytest.approx(0.5)
    assert (world.dyads["knowledge"] < knowledge).tolist() == mine.tolist()
    assert diary.counts[0, "leader"] == 2


def test_retirement_of_the_only_leader_is_a_shock() -> None:
    world, treasury, diary = made()
    world.physicians["will"] = 0.1
    world.physicians["vacant_until"][world.teams["leader"][HOME]] = 10_000
    cohesion = float(world.teams["cohesion"][HOME])
    leaders.lead_quarter(world, treasury, ASKED, diary)
    assert world.teams["cohesion"][HOME] == pytest.approx(0.8 * cohesion)
    world.physicians["will"][world.teams["first_physician"][HOME] + 1] = 0.9
    leaders.lead_quarter(world, treasury, ASKED, diary)
    assert world.teams["leader"][HOME] == world.teams["first_physician"][HOME] + 1


def test_organisation_tires_who_leads() -> None:
    world, treasury, diary = made()
    world.teams["organisational_hours"] = 10
    world.physicians["overload"] = 1.0
    leaders.lead_quarter(world, treasury, ASKED, diary)
    first = world.teams["leader"]
    assert world.physicians["fatigue"][first[HOME]] == pytest.approx(0.2 + 0.02 * (10 - 0.8 * 35 * 0.3), abs=1e-5)
    assert world.physicians["fatigue"][first[GROUP_ROW]] == pytest.approx(0.2 + 0.02 * 10, abs=1e-5)
    assert world.physicians["fatigue"][first[HOME] + 1] == pytest.approx(0.2)


def test_what_leading_takes_is_booked_to_files_and_to_organising() -> None:
    """C6: coordinators write 4 of 5 hours of files; the leader the rest, out of 10 - 0.8 * 35 * 0.3 hours in all."""
    world, treasury, diary = made()
    teams, p = world.teams, world.physicians
    members = float(teams["physicians"][HOME] + teams["nurses"][HOME])
    teams["organisational_hours"], teams["evidence_hours"][HOME], teams["admin_hours"] = 10, 4, 5 / members
    first = teams["leader"].copy()
    leaders.lead_quarter(world, treasury, ASKED, diary)
    left = 10 - 0.8 * 35 * 0.3
    assert p["evidence_minutes"][first[HOME]] == pytest.approx(60 * 1, rel=1e-5)
    assert p["organisational_minutes"][first[HOME]] == pytest.approx(60 * (left - 1), rel=1e-4)
    others = np.setdiff1d(np.arange(len(p)), first)
    assert not p["evidence_minutes"][others].any()
    assert not p["organisational_minutes"][others].any()


def test_years_together_add_up() -> None:
    world, treasury, diary = made()
    for _ in range(4):
        leaders.lead_quarter(world, treasury, ASKED, diary)
    assert world.teams["maturity_years"] == pytest.approx(np.full(4, 4.0))
    assert world.teams["learning_years"] == pytest.approx([4, 0, 0, 0])


def test_a_group_that_suffers_becomes_a_health_home() -> None:
    world, treasury, diary = made()
    world.physicians["overload"] = 1.5
    for name in ("network", "knowhow", "will"):
        world.physicians[name] = 0.9
    leaders.start_projects(world, diary)
    assert np.flatnonzero(world.teams["projects"] % 1 > 0).tolist() == [GROUP_ROW]
    kinds = []
    for _ in range(6):
        kinds.append(int(world.teams["kind"][GROUP_ROW]))
        world.week += 13
        leaders.lead_quarter(world, treasury, ASKED, diary)
    assert set(kinds) == {GROUP}
    if world.teams["other_professionals"][GROUP_ROW]:
        assert world.teams["kind"][GROUP_ROW] == MSP
    assert world.teams["projects"][GROUP_ROW] == pytest.approx(1.0)
    assert world.teams["kind"][ALONE] == 0


def test_a_practice_that_meets_is_not_a_health_home_for_it() -> None:
    spec = made_spec()
    world, diary = made_world(spec), Diary()
    treasury = treasury_of(world, spec)
    world.teams["meetings"], world.teams["other_professionals"][GROUP_ROW] = 8, 10
    leaders.begin_team_life(world, treasury, ASKED)
    assert world.teams["projects"].tolist() == [1, 0, 1, 0]
    world.physicians["will"] = 0  # nobody to carry a project
    for _ in range(8):
        world.week += 13
        leaders.lead_quarter(world, treasury, ASKED, diary)
    assert world.teams["kind"][GROUP_ROW] == GROUP
    assert world.teams["other_professionals"][GROUP_ROW] == 10


def test_software_is_tried_three_times() -> None:
    world, _, diary = made()
    world.behaviour["team_life_adopts_software"] = 0.0
    asked = np.array([True, False, False, False])
    for year in range(3):
        assert world.teams["software_ok"][HOME] == 1
        assert leaders.try_software(world, asked, diary)[HOME] == 0
        assert world.teams["bad_trials"][HOME] == year + 1
    assert world.teams["software_ok"][HOME] == 0
    assert world.teams["software_ok"][CENTRE] == 1
    assert diary.counts[0, "software"] == 1


def test_how_teams_are_led_is_told() -> None:
    world, _, _ = made()
    world.physicians["network"] = world.physicians["knowhow"] = world.physicians["will"] = 0.1
    leaders.recognise(world)
    assert [FORMS[form] for form in world.teams["leadership"]] == ["isolated"] * 4
    world.physicians["network"] = world.physicians["knowhow"] = world.physicians["will"] = 0.9
    leaders.recognise(world)
    assert [FORMS[form] for form in world.teams["leadership"]] == ["shared", "shared", "shared", "single"]
    world.teams["leader"] = leaders.NOBODY
    leaders.recognise(world)
    assert [FORMS[form] for form in world.teams["leadership"]] == ["none"] * 4


def test_sites_with_company_and_a_label_attract_and_the_mean_post_is_the_measure() -> None:
    world, _, _ = made()
    leaders.attract(world)
    drawn, posts = world.teams["attraction"], world.teams["physicians"]
    assert drawn[HOME] > drawn[GROUP_ROW] > drawn[CENTRE] > drawn[ALONE]
    assert (drawn * posts).sum() == pytest.approx(0, abs=1e-5)
    world.teams["interns"][HOME] = 1
    leaders.attract(world)
    assert world.teams["intern_stays"].tolist() == pytest.approx([0.3, 0, 0, 0])

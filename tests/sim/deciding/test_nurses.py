"""Nurses come and go, speak and keep silent."""

from dataclasses import replace

import numpy as np
import pytest

from agents.nurses import ADVANCED_PRACTICE, ASALEE, LIBERAL
from agents.tasks import K01, K02
from sim.deciding import nurses
from sim.deciding.partner_facts import quiet
from sim.world import World
from tests.sim.deciding.made_partners import Notebook, partners_world, told


def quarters(world: World, count: int, **facts: object) -> Notebook:
    diary = Notebook()
    for _ in range(count):
        world.week += 13
        nurses.staff_nurses(world, replace(quiet(world), **facts), diary)  # type: ignore[arg-type]
    return diary


def test_content_keeps_them() -> None:
    busy, empty = (partners_world((ASALEE,), team_count=200) for _ in range(2))
    for world in (busy, empty):
        world.dyads["handed"] = 0
        world.behaviour["nursing_refill"] = 0
    busy.dyads["handed"][:, K02] = 10
    quarters(busy, 4)
    quarters(empty, 4)
    stay = [1 / (1 + np.exp(-z)) for z in (2.5 + 1 - 0.64, 1 - 0.64)]
    assert busy.nurses["in_post"].mean() == pytest.approx(stay[0], abs=0.07)
    assert empty.nurses["in_post"].mean() == pytest.approx(stay[1], abs=0.1)


def test_a_year_of_poverty_ends_advanced_practice() -> None:
    world = partners_world(team_count=3)
    world.behaviour["nursing_refill"] = 0
    world.nurses["salaried"] = 0
    world.dyads["share"][:, K01] = 0.3
    income, topped_up = np.array([2000.0, 2000.0, 3600.0]), np.array([False, True, False])
    assert quarters(world, 3, nurse_income=income, topped_up=topped_up).told == []
    diary = quarters(world, 1, nurse_income=income, topped_up=topped_up)
    assert world.nurses["in_post"].tolist() == [0, 1, 1]
    assert world.dyads["share"][:, K01].tolist() == pytest.approx([0.0] * 5 + [0.3] * 10)
    assert (told(diary.of("departure"), "nurse"), told(diary.of("departure"), "text")) == ([0], ["income"])


def test_liberal_nurses_stay() -> None:
    world = partners_world((LIBERAL,), team_count=20)
    assert quarters(world, 8).told == []


def test_whoever_comes_begins_anew() -> None:
    world = partners_world((ASALEE,), team_count=10)
    diary = Notebook()
    world.dyads["validation"], world.dyads["trust"], world.dyads["share"][:, K02] = 0.1, 0.3, 0.5
    nurses.empty_posts(world, np.array([2, 3]), diary, "funding")
    theirs = np.isin(world.dyads["nurse"], (2, 3))
    assert not world.dyads["share"][theirs].any()
    world.behaviour["nursing_refill"] = 1
    skill = world.nurses["skill"].copy()
    nurses.staff_nurses(world, quiet(world), diary)
    assert world.nurses["in_post"][[2, 3]].tolist() == [1, 1]
    assert world.dyads["knowledge"][theirs].tolist() == pytest.approx([0.05] * 10)
    assert world.dyads["trust"][theirs].tolist() == pytest.approx([0.7] * 10)
    assert world.dyads["validation"][theirs][:, K02].tolist() == pytest.approx([0.2] * 10)
    assert world.dyads["trust"][~theirs].tolist() == pytest.approx([0.3] * 40)
    assert (world.nurses["skill"][[2, 3]] != skill[[2, 3]]).all()
    assert sorted(told(diary.of("hire"), "nurse")) == [2, 3]


def test_a_closed_post_is_not_filled() -> None:
    world = partners_world((ASALEE,), team_count=2)
    world.behaviour["nursing_refill"] = 1
    world.nurses["in_post"], world.nurses["weekly_minutes"] = 0, 0
    quarters(world, 4)
    assert not world.nurses["in_post"].any()


def test_the_unhappy_withdraw_or_speak() -> None:
    world = partners_world(team_count=400)
    world.dyads["share"][:, K01], world.dyads["trust"] = 0.2, 0.3
    world.nurses["collective_minutes"] = 60
    nurses.speak(world)
    silent = world.nurses["collective_minutes"] < 60
    assert silent.mean() == pytest.approx(0.95, abs=0.04)
    spoke = world.dyads["trust"] > 0.3 + 1e-6
    assert np.array_equal(np.unique(world.dyads["nurse"][spoke]), np.flatnonzero(~silent))
    content = partners_world(team_count=5)
    content.dyads["share"][:, K01] = 0.2
    before = content.nurses.tobytes()
    nurses.speak(content)
    assert content.nurses.tobytes() == before


def test_incomes_that_no_account_tells_are_the_usual_ones() -> None:
    world = partners_world((LIBERAL, ASALEE, ADVANCED_PRACTICE))
    income = nurses.own_income(world, replace(quiet(world), nurse_income=np.array([np.nan, np.nan, 1500.0])))
    assert income.tolist() == [3600.0, 2000.0, 1500.0]


def test_no_nurse_at_all() -> None:
    world = partners_world()
    world.nurses, world.dyads = world.nurses[:0], world.dyads[:0]
    assert quarters(world, 1).told == []


def met(world: World, **facts: object) -> list[float]:
    """Minutes of meetings of each nurse, settled at the end of a year."""
    world.week = 52
    nurses.come_to_meetings(world, replace(quiet(world), **facts))  # type: ignore[arg-type]
    return [float(minutes) for minutes in world.nurses["collective_minutes"].tolist()]


def test_rounds_keep_liberal_nurses_from_meetings() -> None:
    """26 meetings of an hour a year: half an hour a week is held; the worked numbers are those of behaviour D8."""
    world = partners_world((LIBERAL, ASALEE))
    world.teams["meetings"] = 26
    world.nurses["home_share"], world.nurses["load"] = [0.9, 0.0], 0.5
    world.teams["recognised"] = 0
    expected = [30 / (1 + np.exp(-z)) for z in (-0.2 + 0.3 - 1.5 * 0.9, -0.2 + 0.3)]
    assert met(world) == pytest.approx(expected)
    world.behaviour["practice_meeting_clash"] = 0
    assert met(world) == pytest.approx([expected[1]] * 2)
    world.teams["recognised"] = 1
    assert met(world) == pytest.approx([30 / (1 + np.exp(-(0.1 + 0.8 * 0.4)))] * 2)


def test_nurses_come_the_less_the_more_care_brings_and_the_more_the_more_meetings_do() -> None:
    world = partners_world((LIBERAL, LIBERAL, LIBERAL))
    world.teams["meetings"], world.nurses["load"] = 26, 0.5
    care = np.array([30.0, 30.0, 0.0])
    dear, paid, free = met(world, nurse_care_hour=care, nurse_incentives={"collective_hour": np.array([0.0, 30.0, 0])})
    assert dear < paid == free
    world.nurses["load"] = 1.2
    assert met(world, nurse_care_hour=care)[2] < free


def test_only_members_in_post_of_a_team_that_meets_come() -> None:
    world = partners_world((ASALEE, ASALEE, ASALEE, ASALEE), team_count=2)
    world.teams["meetings"] = [26, 0]
    world.nurses["in_post"][1], world.nurses["team"][2] = 0, -1
    world.nurses["collective_minutes"] = 7
    minutes = met(world)
    assert minutes[0] > 0
    assert minutes[3] == minutes[0]
    assert [minutes[1], minutes[2], *minutes[4:]] == [0] * 6


def test_who_withdrew_stays_away_until_the_year_is_over() -> None:
    world = partners_world((ASALEE,), team_count=20)
    world.teams["meetings"], world.behaviour["nursing_stay_content"] = 26, 1000
    world.dyads["handed"][:, K02] = 10
    quarters(world, 1)
    settled = world.nurses["collective_minutes"].copy()
    assert settled.min() > 0
    world.nurses["collective_minutes"] = 0
    quarters(world, 2)
    assert not world.nurses["collective_minutes"].any()
    quarters(world, 1)
    assert world.nurses["collective_minutes"].tolist() == pytest.approx(settled.tolist())

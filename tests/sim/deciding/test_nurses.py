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

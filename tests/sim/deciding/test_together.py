"""A quarter of working together, and a bad day."""

from dataclasses import replace

import numpy as np
import pytest

from agents.nurses import ADVANCED_PRACTICE, LIBERAL
from agents.tasks import K01, K05, K11
from sim.deciding import together
from sim.deciding.partner_facts import quiet
from tests.sim.deciding.made_partners import Notebook, partners_world


def test_events_teach() -> None:
    world = partners_world(parameters={"delegation.adverse_rate": 0.0})
    world.dyads["handed"] = 0
    world.dyads["handed"][0, [K01, K11]] = 50
    together.live_together(world, quiet(world), Notebook())
    rest = 0.2 * 0.35
    calls = rest + (0.35 - rest) * np.exp(-0.02 * 50 * 0.7 * 0.5)
    assert world.dyads["validation"][0, K01] == pytest.approx(calls)
    assert world.dyads["validation"][0, K11] > 0.5
    assert world.dyads["validation"][1, K01] == pytest.approx(0.35)
    assert world.dyads["experience"][0, K01] == pytest.approx(1 - np.exp(-2.5))
    mature = 1 - np.exp(-3 / 2.5)  # three years together
    assert world.dyads["knowledge"].tolist() == pytest.approx([0.5 + 0.03 * 0.5 * mature - 0.01] * 5)
    together.forget_events(world)
    assert not world.dyads["handed"].any()


def test_meetings_that_both_attend_make_partners_known() -> None:
    world = partners_world()
    world.teams["meetings"] = 12
    world.physicians["collective_minutes"][0] = 60
    together.live_together(world, quiet(world), Notebook())
    alone = world.dyads["knowledge"][0]
    world.nurses["collective_minutes"] = 60
    world.dyads["knowledge"] = 0.5
    together.live_together(world, quiet(world), Notebook())
    assert world.dyads["knowledge"][0] > alone == pytest.approx(world.dyads["knowledge"][1])


def test_roles_clash_where_they_work_together() -> None:
    world = partners_world((ADVANCED_PRACTICE, LIBERAL))
    world.nurses["leader_type"][0] = 1
    world.dyads["handed"][8:] = 0
    together.live_together(world, quiet(world), Notebook())
    assert world.dyads["trust"].tolist() == pytest.approx([0.65, 0.7] * 4 + [0.7, 0.7])


def test_handing_over_people_takes_meaning() -> None:
    world = partners_world()
    world.dyads["share"][0, K05] = 1
    together.live_together(world, quiet(world), Notebook())
    meaning = world.physicians["job_meaning"]
    assert meaning[0] < meaning[1] == pytest.approx(0.7)


def test_a_bad_day_halves_the_task_in_the_whole_team() -> None:
    world = partners_world(team_count=2, parameters={"delegation.adverse_rate": 0.0})
    world.dyads["share"][:, [K01, K05]] = 0.4
    seen = np.zeros((len(world.dyads), 21), dtype=bool)
    seen[1, K01] = True
    diary = Notebook()
    together.live_together(world, replace(quiet(world), adverse=seen), diary)
    assert world.dyads["share"][:, K01].tolist() == pytest.approx([0.2] * 5 + [0.4] * 5)
    assert world.dyads["share"][:, K05].tolist() == pytest.approx([0.4] * 10)
    assert world.dyads["validation"][1, K01] == 1
    assert world.dyads["validation"][0, K01] < 1
    assert world.physicians["liability_shock"].tolist() == pytest.approx([0, 0.3] + [0] * 8)
    (block,) = diary.of("shock")
    assert (block["physician"].tolist(), block["task"].tolist()) == ([1], [K01])


def test_bad_days_come_by_themselves_in_proportion() -> None:
    world = partners_world(team_count=200, parameters={"delegation.adverse_rate": 0.001})
    world.dyads["handed"] = 0
    world.dyads["handed"][:, K01] = 100
    diary = Notebook()
    together.live_together(world, quiet(world), diary)
    (block,) = diary.of("shock")
    assert 60 < len(block["task"]) < 130, "1,000 pairs, about 0.095 each"


def test_nobody_works_together() -> None:
    world = partners_world()
    world.dyads = world.dyads[:0]
    together.live_together(world, quiet(world), Notebook())

"""Who comes to meetings: nurses settle it once a year, physicians start as their pay makes it worth."""

from dataclasses import replace

import numpy as np
import pytest

from agents.nurses import ASALEE, LIBERAL
from agents.tasks import K02
from sim.deciding import meetings, nurses
from sim.deciding.partner_facts import quiet
from sim.world import World
from tests.sim.deciding.made_partners import Notebook, partners_world


def quarters(world: World, count: int) -> None:
    for _ in range(count):
        world.week += 13
        nurses.staff_nurses(world, quiet(world), Notebook())


def met(world: World, **facts: object) -> list[float]:
    """Minutes of meetings of each nurse, settled at the end of a year."""
    world.week = 52
    meetings.nurses_come(world, replace(quiet(world), **facts))  # type: ignore[arg-type]
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


def test_physicians_come_as_what_they_believe_makes_it_worth() -> None:
    """One of behaviour D8's sums: 26 meetings, visits at 26.5 EUR of 18 minutes, none or 50 EUR an hour of meeting."""
    world = partners_world()
    world.teams["meetings"], world.teams["recognised"], world.physicians["overload"] = 26, 1, 0.5
    unpaid, paid = (
        meetings.physicians_come(world, {"collective_hour": np.full(5, rate), "visit": np.full(5, 26.5)})
        for rate in (0.0, 50.0)
    )
    declared = float(world.behaviour[0]["practice_visit_minutes_declared"])
    for made, rate in ((unpaid, 0.0), (paid, 50.0)):
        z = -0.2 + (rate - 26.5 * 60 / declared) / 60 + 0.3 + 0.8 * 0.4 - 0.5
        assert made.value == pytest.approx([30 / (1 + np.exp(-z))] * 5)
    assert (paid.value > unpaid.value).all()

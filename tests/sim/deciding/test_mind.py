"""Talk inside teams, quarter by quarter (behaviour 0)."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from agents.deciding.relay import TEAM_PEER
from agents.templates import N_TEMPLATES
from sim.deciding.diary import Diary
from sim.deciding.mind import talk
from tests.sim.deciding.made_teams import HOME, made_spec, made_world


def test_a_mocked_message_costs_trust_once_and_not_each_time_it_is_repeated() -> None:
    """Behaviour 0: trust in the messenger falls by 0.1 where r < 0.2."""
    world: Any = made_world(made_spec())
    p, first = world.physicians, int(world.teams["first_physician"][HOME])
    p["intermediary"] = 0
    p["intermediary"][first] = 1
    world.behaviour["incentives_benefit"] = np.full(N_TEMPLATES, -1.0)
    paid = SimpleNamespace(physicians={"euro_saved": SimpleNamespace(settled=np.ones(len(p)))})
    p["pay_changed_week"] = world.week
    listeners = np.flatnonzero(p["team"] == HOME)[1:]
    for _ in range(4):
        talk(world, paid, np.ones(len(p)), Diary())  # type: ignore[arg-type]
        world.week += 13
        assert p["trust"][listeners, TEAM_PEER] == pytest.approx(0.9)
    assert p["trust"][first, TEAM_PEER] == 1

"""Mesa agents that are views of a row: AgentSet works on them, and what they write is in the table."""

import subprocess
import sys
from datetime import date
from random import Random
from typing import Any

import mesa
import numpy as np
import pytest

from agents.nurses import ASALEE
from agents.payer import MODES
from agents.views import Coordinator, Hospital, Nurse, Payer, Physician, Secretary, Team
from sim.parameters import behaviour_record, parameter_record
from sim.specification import ScenarioSpec, TeamSpec
from sim.staffing import staff
from sim.staffing.payer import payer_table
from sim.territory.layers import mesa_grid
from sim.townhall import attach_agents
from sim.world import World
from tests.sim.made_ground import village


def small_world() -> World:
    par, ground = parameter_record(), village()
    team = TeamSpec(kind="msp", physicians=3, liberal_nurses=2, asalee_fte=1.0, coordinator_fte=0.5)
    found = staff(ground, ScenarioSpec(teams={"msp": team}), 1, par, behaviour_record())
    empty: dict[str, Any] = {name: np.zeros(0) for name in World.__dataclass_fields__}
    return World(
        **{
            **empty, "seed": 1, "start": date(2021, 1, 4), "week": 0, "warm_up_weeks": 0, "parameters": par,
            "behaviour": behaviour_record(),
            "communes": ground.communes, "cells": ground.cells, "physicians": found.physicians,
            "nurses": found.nurses, "dyads": found.dyads, "support": found.support, "hospitals": found.hospitals,
            "teams": found.teams, "names": found.names, "payer": payer_table(par), "notes": [],
        }
    )  # fmt: skip


@pytest.fixture
def town() -> tuple[mesa.Model, World]:
    model, world = mesa.Model(rng=1), small_world()
    attach_agents(model, world, {0: mesa_grid(world.cells, 0, Random(1))})
    return model, world


def test_every_row_has_its_agent(town: tuple[mesa.Model, World]) -> None:
    model, world = town
    counts = {kind: len(agents) for kind, agents in model.agents_by_type.items()}
    assert counts[Physician] == len(world.physicians) == 18
    assert counts[Nurse] == len(world.nurses)
    assert counts[Team] == len(world.teams)
    assert counts[Hospital] == len(world.hospitals) == 1
    assert counts[Secretary] + counts[Coordinator] == len(world.support)
    assert counts[Payer] == 1


def test_agents_stand_on_the_cell_of_their_row(town: tuple[mesa.Model, World]) -> None:
    model, world = town
    for agent in model.agents_by_type[Physician]:
        here = world.cells[agent.cell_row]
        assert agent.cell.coordinate == (int(here["x_km"]), int(here["y_km"]))
        assert agent in agent.cell.agents
    hospital = next(iter(model.agents_by_type[Hospital]))
    assert hospital.cell_row == world.hospitals["cell"][0]
    desk = next(iter(model.agents_by_type[Coordinator]))
    assert desk.cell_row == world.teams["cell"][desk.team]


def test_reading_an_attribute_reads_the_table(town: tuple[mesa.Model, World]) -> None:
    model, world = town
    physician = next(iter(model.agents_by_type[Physician]))
    world.physicians["half_days"][0] = 4.5
    assert physician.half_days == 4.5
    assert isinstance(physician.half_days, float)
    assert physician.who == int(world.physicians["who"][0])
    assert physician.core.shape == (21,)
    assert "half_days" in dir(physician)
    assert repr(physician) == "<Physician 0>"


def test_writing_an_attribute_writes_to_the_table(town: tuple[mesa.Model, World]) -> None:
    model, world = town
    agents = list(model.agents_by_type[Physician])
    agents[3].fatigue = 0.75
    agents[3].core[2] = 0.125
    agents[3].minutes = np.arange(14.0)
    assert world.physicians["fatigue"][3] == 0.75
    assert world.physicians["core"][3, 2] == 0.125
    assert world.physicians["minutes"][3].tolist() == list(range(14))


def test_an_agent_set_selects_aggregates_gets_sets_and_does(town: tuple[mesa.Model, World]) -> None:
    model, world = town
    physicians = model.agents_by_type[Physician]
    women = physicians.select(lambda agent: agent.woman == 1)
    assert len(women) == world.physicians["woman"].sum()
    assert physicians.agg("half_days", sum) == pytest.approx(float(world.physicians["half_days"].sum()), rel=1e-6)
    assert physicians.get("team") == world.physicians["team"].tolist()
    women.set("list_open", 0.25)
    assert (world.physicians["list_open"][world.physicians["woman"] == 1] == 0.25).all()
    assert (world.physicians["list_open"][world.physicians["woman"] == 0] != 0.25).all()

    def tire(agent: Physician) -> None:
        agent.fatigue += 0.125

    before = world.physicians["fatigue"].copy()
    physicians.do(tire)
    np.testing.assert_allclose(world.physicians["fatigue"], before + 0.125)
    physicians.do("step")
    by_team = physicians.groupby("team").count()
    assert by_team[0] == 3


def test_what_is_no_column_is_an_error_that_names_the_nearest(town: tuple[mesa.Model, World]) -> None:
    model, _ = town
    nurse = next(iter(model.agents_by_type[Nurse]))
    with pytest.raises(AttributeError, match=r"Nurse has no column 'autonmy'\. Did you mean 'autonomy'"):
        _ = nurse.autonmy
    with pytest.raises(AttributeError, match="Nurse has no column 'half_days'"):
        nurse.half_days = 3
    assert not hasattr(nurse, "zebra")


def test_who_is_stable_whatever_the_order_of_attachment(town: tuple[mesa.Model, World]) -> None:
    model, world = town
    again = mesa.Model(rng=2)
    attach_agents(again, world.fork(), {})
    assert again.agents_by_type[Physician].get("who") == model.agents_by_type[Physician].get("who")
    assert next(iter(again.agents_by_type[Physician])).cell is None


def test_views_follow_a_table_that_is_replaced(town: tuple[mesa.Model, World]) -> None:
    model, world = town
    world.physicians = world.physicians.copy()
    world.physicians["alpha"][0] = 2.5
    agent = next(iter(model.agents_by_type[Physician]))
    assert agent.alpha == 2.5
    agent.alpha = 3.5
    assert world.physicians["alpha"][0] == 3.5


def test_nothing_is_stored_twice(town: tuple[mesa.Model, World]) -> None:
    model, _ = town
    for agent in model.agents_by_type[Physician]:
        assert set(vars(agent)) <= {"_tables", "row", "model", "unique_id", "pos", "_mesa_cell"}


def test_names_are_said_in_the_words_of_scenarios(town: tuple[mesa.Model, World]) -> None:
    model, _ = town
    team = next(iter(model.agents_by_type[Team]))
    assert (team.name, team.kind_name) == ("msp", "msp")
    kinds = {nurse.kind_name for nurse in model.agents_by_type[Nurse].select(lambda agent: agent.kind == ASALEE)}
    assert kinds == {"asalee"}
    payer = next(iter(model.agents_by_type[Payer]))
    assert payer.mode_name == MODES[0] == "static"
    payer.budget = 5e6
    assert payer.table["budget"].tolist() == [5e6]


def test_columns_stay_light_to_import() -> None:
    code = (
        "import sys; import agents.physicians, agents.nurses, agents.teams, agents.payer, agents.tasks; "
        "assert 'mesa' not in sys.modules and 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

"""Where the people of a world meet Mesa: one agent a row, on the cells of the grids."""

from collections.abc import Mapping

import numpy as np
from mesa import Model
from mesa.discrete_space import Cell, OrthogonalMooreGrid

from agents.support import SECRETARY
from agents.views import Coordinator, Hospital, Nurse, Payer, Physician, RowAgent, Secretary, Team
from sim.world import World


def attach_agents(model: Model, world: World, grids: Mapping[int, OrthogonalMooreGrid]) -> None:
    """Register every professional, team and hospital of a world with a Mesa model, each on its cell, and the payer.

    The agents are views (``agents/views.py``): they hold no state, so this may be called on a world at any week, and
    they show what the world holds at the moment they are read.

    Args:
        model: the Mesa model, which keeps the agents.
        world: whose tables they are views of.
        grids: the Mesa grid of each territory (``sim.territory.layers.mesa_grid``); a territory without one has agents
            on no cell.
    """
    kinds: tuple[type[RowAgent], ...] = (Team, Physician, Nurse, Hospital)
    for kind in kinds:
        for row, cell in enumerate(getattr(world, kind.TABLE)["cell"]):
            kind(model, world, row, _cell(world, grids, int(cell)))
    for row, (role, team) in enumerate(zip(world.support["role"], world.support["team"], strict=True)):
        desk = Secretary if role == SECRETARY else Coordinator
        desk(model, world, row, _cell(world, grids, int(world.teams["cell"][team])))
    Payer(model, world)


def _cell(world: World, grids: Mapping[int, OrthogonalMooreGrid], row: int) -> Cell | None:
    """The Mesa cell of a row of the cells; a grid's coordinates are whole kilometres."""
    cell = world.cells[row]
    grid = grids.get(int(cell["territory"]))
    return None if grid is None else grid[int(np.floor(cell["x_km"])), int(np.floor(cell["y_km"]))]

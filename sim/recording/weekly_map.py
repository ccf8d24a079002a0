"""The map of each week: who waits in which cell, and from which cell contacts flow to whom."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Column, Table, new_table
from agents.patients import ALIVE, NO_PENDING
from sim import events as ev
from sim.world import World

WHAT: Final = (*ev.KINDS, "waiting")
WAITING: Final = len(ev.KINDS)
"""The kinds of events, and open requests at the end of the week."""

COLUMNS: Final = (
    Column("cell", "i4", "", "home cell of the patients (row of the cells)"),
    Column("what", "u1", "", "kind of event, or waiting: open requests at the end of the week"),
    Column("site", "i4", "", "who served: row of the team, of the hospital for emergencies and stays, -1 for nobody"),
    Column("count", "i4", "count", "events or open requests of that week"),
)


def map_rows(world: World, events: Table) -> Table:
    """One row a cell, kind of event and site, with something to count.

    Args:
        world: the world after the week.
        events: the week's claim lines (``sim.events.COLUMNS``).

    Returns:
        A table of :data:`COLUMNS`, in the order of cells, kinds and sites.
    """
    cells, kinds = world.patients["cell"][events["patient"]], events["kind"]
    sites = np.where(np.isin(kinds, (ev.ED, ev.STAY)), events["payee"], events["provider_team"])
    keys = np.stack([cells, kinds.astype(np.int32), sites.astype(np.int32)], axis=1)
    found, counts = np.unique(np.concatenate([keys, _waiting(world)]), axis=0, return_counts=True)
    table = new_table(COLUMNS, len(found))
    table["cell"], table["what"], table["site"] = found[:, 0], found[:, 1], found[:, 2]
    table["count"] = counts
    return table


def _waiting(world: World) -> NDArray[np.int32]:
    """A key for each open request: shape ``(requests, 3)``."""
    patients = world.patients
    alive = patients["flags"] & ALIVE > 0
    waits = (patients["pending"]["need"] != NO_PENDING) & alive[:, None]
    cells = np.repeat(patients["cell"], waits.sum(axis=1))
    return np.stack([cells, np.full_like(cells, WAITING), np.full_like(cells, -1)], axis=1)

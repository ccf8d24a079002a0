"""Who hands what to whom: the dyads as they stand when a year ends."""

from typing import Final

import numpy as np

from agents.tasks import TASKS
from sim.payment.stacked import Block
from sim.world import World

PLAIN: Final = {
    "physician": ("", "row of the physician"),
    "nurse": ("", "row of the nurse"),
    "knowledge": ("share", "what the physician knows of the nurse"),
    "trust": ("share", "trust of the pair"),
}
BY_TASK: Final = {
    "share": "share of the task handed over",
    "validation": "share of events with a validation call",
}
COLUMNS: Final = (
    {"year": ("year", "year of the run")}
    | PLAIN
    | {f"{name}_{task}": ("share", f"{label}: {task}") for name, label in BY_TASK.items() for task in TASKS}
)
"""Unit and label of every column."""


def dyad_block(world: World, year: int) -> Block:
    """One row a pair of physician and nurse."""
    dyads = world.dyads
    columns = {"year": np.full(len(dyads), year, dtype=np.int32)} | {name: dyads[name].copy() for name in PLAIN}
    for name in BY_TASK:
        columns |= {f"{name}_{task}": dyads[name][:, place].copy() for place, task in enumerate(TASKS)}
    return len(dyads), columns

"""What a kernel sees of the world: its tables, in one named tuple."""

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from sim.law import scope_on
from sim.world import World


class Scene(NamedTuple):
    """The tables of a world, by reference, the law of the week, and the key and week of every draw."""

    patients: Table
    physicians: Table
    nurses: Table
    dyads: Table
    teams: Table
    hospitals: Table
    cells: Table
    near_physicians: NDArray[np.int32]
    near_nurses: NDArray[np.int32]
    near_hospitals: NDArray[np.int32]
    par: Table
    law: NDArray[np.int64]
    seed: np.uint64
    week: int


def scene(world: World, day: date | None = None) -> Scene:
    """The scene of the coming week, by the law of ``day``: of its own first day where none is given."""
    return Scene(
        world.patients, world.physicians, world.nurses, world.dyads, world.teams, world.hospitals, world.cells,
        world.near_physicians, world.near_nurses, world.near_hospitals,
        world.parameters, scope_on(day or world.day(), world.parameters), np.uint64(world.seed), world.week,
    )  # fmt: skip

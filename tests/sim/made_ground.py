"""A small ground made by hand: a town of T1 in the middle of villages of T2, on 9 x 9 cells."""

import numpy as np

from agents.declarations import new_table
from sim.area_types import AREA_TYPES
from sim.draws import content_id
from sim.territory.grid import CELLS, COMMUNES, Ground

SIDE = 9
PEOPLE_SHARES = (0.21, 0.32, 0.26, 0.11, 0.065, 0.035)


def village(people: int = 23_000, name: str = "Made", town_share: float = 0.5) -> Ground:
    """Nine communes of nine cells; the middle one is the town, and half of its people live in its middle cell."""
    communes = new_table(COMMUNES, 9)
    communes["name"] = [f"Commune {n}" for n in range(9)]
    communes["code"] = [f"0000{n}" for n in range(9)]
    communes["area_type"] = [AREA_TYPES.index("T1" if n == 4 else "T2") for n in range(9)]
    cells = new_table(CELLS, SIDE * SIDE)
    column, row = np.divmod(np.arange(SIDE * SIDE), SIDE)
    cells["x_km"], cells["y_km"] = column + 0.5, row + 0.5
    cells["commune"] = column // 3 * 3 + row // 3
    cells["who"] = [content_id(name, x, y) for x, y in zip(column.tolist(), row.tolist(), strict=True)]
    cells["area_type"] = communes["area_type"][cells["commune"]]
    weights = np.where(cells["commune"] == 4, town_share / 16, (1 - town_share) / 72)
    weights[40] = town_share / 2
    cells["people"] = np.outer(weights * people, PEOPLE_SHARES)
    communes["people"] = np.bincount(cells["commune"], weights=cells["people"].sum(axis=1)).round()
    return Ground(name=name, builder="synthetic", cells=cells, communes=communes)

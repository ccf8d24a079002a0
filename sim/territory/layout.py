"""Where communes lie and where their people live: seats, cells and inhabitants on a grid of 1 km.

No coordinates are known, so this is an assumption, the same for invented and for real communes: the largest commune
near the centre, the others spread, larger ones rather closer; each cell belongs to the seat nearest to it for its
weight; people thin out with distance from their seat.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from agents.declarations import Table
from sim.draws import child_ids, decision, normals, uniforms
from sim.territory.sizes import whole_parts

SEAT: Final = decision("territory.seat", "position of the seat of a commune")
SEAT_ORDER: Final = decision("territory.seat_order", "which seat goes to a larger commune")
CELL_PEOPLE: Final = decision("territory.cell_people", "unevenness of people between cells of a commune")
NEIGHBOURS: Final = 12  # nearest seats that may claim a cell
FAR_REACHING: Final = 24  # largest communes, which may claim any cell
ROOM: Final = 2.0  # cells that the largest density would need, times this, are given to a commune


@dataclass(frozen=True, slots=True)
class Layout:
    """Inhabited cells, south to north then west to east.

    Attributes:
        columns, rows: size of the whole grid, cells of 1 km.
        x, y: column and row of each inhabited cell, shape ``(cells,)``.
        commune: commune of each cell, shape ``(cells,)``.
        people: inhabitants of each cell, at least 1, shape ``(cells,)``.
    """

    columns: int
    rows: int
    x: NDArray[np.int64]
    y: NDArray[np.int64]
    commune: NDArray[np.int64]
    people: NDArray[np.int64]


def lay_out(
    sizes: NDArray[np.int64], area: float, grid: tuple[int, int], seed: int, who: int, parameters: Table
) -> Layout:
    """Lay communes out on the middle of a grid.

    Args:
        sizes: people of each commune, shape ``(communes,)``; the largest gets the central seat.
        area: cells that the communes share; the others of the grid stay empty.
        grid: columns and rows, made larger in proportion when ``area`` does not fit.
        seed: seed of the run.
        who: content id of the territory.
        parameters: record of all parameters.
    """
    least = len(sizes) + ROOM * float(sizes.sum()) / parameters["territory_cell_people_most"][0]
    area = max(area, least)
    columns, rows = _stretched(grid, area) if area > grid[0] * grid[1] else grid
    width, height = _stretched((columns, rows), area)
    width, height = min(width, columns), min(height, rows)
    seats = _seats(sizes, width, height, seed, who, parameters)
    y, x = (a.ravel() for a in np.mgrid[0:height, 0:width])
    centres = np.column_stack([x + 0.5, y + 0.5])
    commune = _claimed(centres, seats, sizes, width, parameters)
    distance = np.hypot(*(centres - seats[commune]).T)
    people = _inhabitants(sizes, commune, distance, child_ids(who, y * 2**16 + x), seed, parameters)
    lived = people > 0
    west, south = (columns - width) // 2, (rows - height) // 2
    return Layout(columns, rows, x[lived] + west, y[lived] + south, commune[lived], people[lived])


def _stretched(grid: tuple[int, int], area: float) -> tuple[int, int]:
    """A rectangle of the same shape as ``grid`` that holds ``area`` cells."""
    factor = np.sqrt(area / (grid[0] * grid[1]))
    columns = max(1, int(np.ceil(grid[0] * factor - 1e-9)))
    return columns, max(1, int(np.ceil(area / columns - 1e-9)))


def _seats(
    sizes: NDArray[np.int64], width: int, height: int, seed: int, who: int, parameters: Table
) -> NDArray[np.float64]:
    """Seat of each commune, at the centre of a cell of its own, shape ``(communes, 2)``."""
    side = np.array([width, height], dtype=float)
    off = parameters["territory_town_off_centre"][0]
    town = side * (0.5 + off * (2 * uniforms(seed, SEAT, child_ids(who, [0, 1])) - 1))
    across = min(width, max(1, int(np.ceil(np.sqrt(len(sizes) * width / height)))))
    along = int(np.ceil(len(sizes) / across))
    block = np.arange(across * along)
    shake = uniforms(seed, SEAT, child_ids(who, 2 + np.arange(2 * len(block)))).reshape(-1, 2)
    places = (np.column_stack([block % across, block // across]) + 0.1 + 0.8 * shake) * side / [across, along]
    distance = np.hypot(*(places - town).T)
    near_first = np.argsort(distance * (0.5 + uniforms(seed, SEAT_ORDER, child_ids(who, block))), kind="stable")
    near_first = near_first[near_first != np.argmin(distance)]  # the town stands in its own block
    seats = np.empty((len(sizes), 2))
    largest_first = np.argsort(-sizes, kind="stable")
    seats[largest_first[0]] = town
    seats[largest_first[1:]] = places[near_first[: len(sizes) - 1]]
    return _one_each(seats, largest_first, width, height)


def _one_each(seats: NDArray[np.float64], order: NDArray[np.int64], width: int, height: int) -> NDArray[np.float64]:
    """Move seats that share a cell to the nearest free one; all end at the centre of their cell."""
    cells = np.clip(np.floor(seats).astype(np.int64), 0, [width - 1, height - 1])
    free = np.ones(width * height, dtype=bool)
    for commune in order:
        wanted = cells[commune, 1] * width + cells[commune, 0]
        if not free[wanted]:
            open_cells = np.flatnonzero(free)
            gap = (open_cells % width - cells[commune, 0]) ** 2 + (open_cells // width - cells[commune, 1]) ** 2
            wanted = open_cells[np.argmin(gap)]
            cells[commune] = wanted % width, wanted // width
        free[wanted] = False
    return cells.astype(np.float64) + 0.5


def _claimed(
    centres: NDArray[np.float64],
    seats: NDArray[np.float64],
    sizes: NDArray[np.int64],
    width: int,
    parameters: Table,
) -> NDArray[np.int64]:
    """Commune of each cell: the nearest seat, larger communes reaching further; shape ``(cells,)``."""
    reach = (sizes / np.median(sizes)) ** parameters["territory_reach_growth"][0]
    _, near = cKDTree(seats).query(centres, k=min(NEIGHBOURS, len(seats)))
    large = np.argsort(-sizes, kind="stable")[:FAR_REACHING]
    near = np.hstack([near.reshape(len(centres), -1), np.tile(large, (len(centres), 1))])
    distance = np.hypot(*np.moveaxis(centres[:, None] - seats[near], 2, 0))
    commune = near[np.arange(len(centres)), np.argmin(distance / reach[near], axis=1)]
    own = np.floor(seats[:, 1]).astype(np.int64) * width + np.floor(seats[:, 0]).astype(np.int64)
    commune[own] = np.arange(len(seats))
    return _with_room(commune, centres, seats, sizes, own, parameters)


def _with_room(
    commune: NDArray[np.int64],
    centres: NDArray[np.float64],
    seats: NDArray[np.float64],
    sizes: NDArray[np.int64],
    own: NDArray[np.int64],
    parameters: Table,
) -> NDArray[np.int64]:
    """Give communes too dense for their cells the nearest cells of smaller neighbours, seats excepted."""
    wanted = np.ceil(ROOM * sizes / parameters["territory_cell_people_most"][0]).astype(np.int64)
    fixed = np.zeros(len(commune), dtype=bool)
    fixed[own] = True
    for i in np.argsort(-sizes, kind="stable")[: np.count_nonzero(wanted > 1)]:
        held = np.flatnonzero(commune == i)
        if len(held) < wanted[i]:
            order = np.argsort(np.hypot(*(centres - seats[i]).T), kind="stable")
            held = order[~fixed[order] | (commune[order] == i)][: wanted[i]]
            commune[held] = i
        fixed[held] = True
    return commune


def _inhabitants(
    sizes: NDArray[np.int64],
    commune: NDArray[np.int64],
    distance: NDArray[np.float64],
    ids: NDArray[np.uint64],
    seed: int,
    parameters: Table,
) -> NDArray[np.int64]:
    """People of each cell: thinning out from the seat, none above the largest density where there is room."""
    core = parameters["territory_core_km"][0] * (sizes / 1000.0) ** parameters["territory_core_growth"][0]
    uneven = parameters["territory_cell_spread"][0] * normals(seed, CELL_PEOPLE, ids)
    weight = np.exp(np.maximum(uneven - distance / core[commune], -60.0))
    most = parameters["territory_cell_people_most"][0] - 1.0
    people = weight * (sizes / np.bincount(commune, weights=weight, minlength=len(sizes)))[commune]
    while (people > most).any():
        full = people >= most  # stays full: what the others get back only grows
        held = np.bincount(commune, weights=np.where(full, most, 0.0), minlength=len(sizes))
        open_weight = np.bincount(commune, weights=np.where(full, 0.0, weight), minlength=len(sizes))
        scale = np.maximum(sizes - held, 0.0) / np.where(open_weight > 0, open_weight, 1.0)
        people = np.where(full, most, weight * scale[commune])
    return whole_parts(people, commune, sizes)

"""Lands: neighbouring territories that pass a week by themselves, for nobody serves two territories (design 4)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.week.parts import Range
from sim.world import World


class Land(NamedTuple):
    """Rows of neighbouring territories, and of all who live and work there."""

    territories: Range
    patients: Range
    nurses: Range
    physicians: Range


def lands(world: World, least: int) -> list[Land]:
    """Cut a world into lands, in the order of their rows.

    Args:
        world: its tables stand territory by territory.
        least: patients of a land; the last one has what is left.
    """
    ends = world.territories["last_patient"].astype(np.int64)
    cuts, begun = [0], 0
    for after, end in enumerate(ends, start=1):
        if end - begun >= least or after == len(ends):
            cuts.append(after)
            begun = end
    edges = np.array(cuts)
    rows = (edges, np.append(0, ends)[edges], _edges(world.nurses["territory"], edges),
            _edges(world.physicians["territory"], edges))  # fmt: skip
    return [Land(*((int(of[k]), int(of[k + 1])) for of in rows)) for k in range(len(edges) - 1)]


def whole(world: World) -> Land:
    """A world as one land."""
    return Land(*((0, len(table)) for table in (world.territories, world.patients, world.nurses, world.physicians)))


def _edges(territories: NDArray[np.int16], edges: NDArray[np.int64]) -> NDArray[np.intp]:
    """The first row of each of some territories; the rows are sorted by territory."""
    return np.searchsorted(territories, edges)

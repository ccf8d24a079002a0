"""The demography of a week: births, deaths, moves, retirements, in a fixed order (behaviour C)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table, one_dtype
from agents.patients import AGE_BAND_STARTS, NEWS
from sim.kernel import kernel
from sim.life_tables import AGES
from sim.population import blank_patients, inhabitants
from sim.territory.grid import TERRITORY_DTYPE
from sim.week.lands import Land, whole
from sim.week.newcomers import (
    BIRTHS,
    DEATHS,
    MOVES_IN,
    MOVES_OUT,
    N_FLOWS,
    WITHOUT_ROOM,
    arrivals,
    births,
    count_residents,
    read_news,
)
from sim.week.rates import N_STREAMS, ceiling_of
from sim.week.scene import Scene, scene
from sim.week.succession import succession_week
from sim.world import World

RECOUNT_WEEKS = 13

NUMBERS = one_dtype(TERRITORY_DTYPE[["who", "first_patient", "last_patient", "births", "residents", "next_row"]])
"""The numbers of a territory: a kernel does not take its texts."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What does not change while people come and go, worked out once a world.

    Attributes:
        target: people by territory and age band at the start, shape ``(territories, 6)``.
        cumulative: cumulative share of each band's people, cell by cell within a territory, shape ``(cells, 6)``.
        first_cell, last_cell: rows of each territory's cells.
        laws: cumulative law of newcomers' age within each band, shape ``(6, AGES)``.
        blank: an empty row.
    """

    target: NDArray[np.float64]
    cumulative: NDArray[np.float64]
    first_cell: NDArray[np.int64]
    last_cell: NDArray[np.int64]
    laws: NDArray[np.float64]
    blank: Table


@dataclass(frozen=True, slots=True)
class Flows:
    """What happened in one week; people are counted by territory, shape ``(territories,)``.

    Attributes:
        births, deaths, moves_in, moves_out: people.
        without_room: newcomers turned away because every row is taken (``population.room`` is then too small).
        rows: rows of the newborn and newcomers.
        retired, successors: physicians, over all territories.
    """

    births: NDArray[np.int64]
    deaths: NDArray[np.int64]
    moves_in: NDArray[np.int64]
    moves_out: NDArray[np.int64]
    without_room: NDArray[np.int64]
    rows: NDArray[np.int32]
    retired: int
    successors: int


def settlement(world: World) -> Settlement:
    """Work out the settlement of a world; its cells are sorted by territory."""
    cells, n = world.cells, len(world.territories)
    first = np.searchsorted(cells["territory"], np.arange(n), side="left")
    last = np.searchsorted(cells["territory"], np.arange(n), side="right")
    target = np.zeros((n, len(AGE_BAND_STARTS)))
    cumulative = np.zeros((len(cells), len(AGE_BAND_STARTS)))
    for t in range(n):
        people = inhabitants(cells["people"][first[t] : last[t]]).astype(float)
        target[t] = people.sum(axis=0)
        cumulative[first[t] : last[t]] = np.cumsum(people, axis=0) / np.maximum(target[t], 1.0)
    return Settlement(target, cumulative, first, last, _newcomers_ages(world.parameters), blank_patients(1))


def _newcomers_ages(par: Table) -> NDArray[np.float64]:
    """Cumulative law of newcomers' age within each band: they have the ages of those who move away."""
    q = par[0]
    weight = q["life_survival"].mean(axis=0) * np.maximum(q["life_leave"], 1e-9)
    laws = np.zeros((len(AGE_BAND_STARTS), AGES))
    for band, (low, high) in enumerate(zip(AGE_BAND_STARTS, (*AGE_BAND_STARTS[1:], AGES), strict=True)):
        laws[band, low:high] = weight[low:high]
    return np.cumsum(laws, axis=1) / laws.sum(axis=1, keepdims=True)


def demography_week(
    world: World, place: Settlement | None = None, news: NDArray[np.int32] | None = None, s: Scene | None = None,
    land: Land | None = None,
) -> Flows:  # fmt: skip
    """Take those who are gone off the lists, fill rows with the newborn and newcomers, then see to physicians' posts.

    To be called once a week; what patients' own kernels announced in the week before is carried out now.

    Args:
        world: changed in place.
        place: :func:`settlement` of the world, worked out anew when left out.
        news: rows of the patients flagged ``NEWS``, sorted, where the caller knows them; else all rows are looked at.
        s: the scene of the week, where the caller has it.
        land: where; the whole world by default. ``news`` are of who lives there.
    """
    place, land = place or settlement(world), land or whole(world)
    if news is None:
        news = np.flatnonzero(world.patients["flags"] & NEWS).astype(np.int32)
    flows = np.zeros((land.territories[1] - land.territories[0], N_FLOWS), dtype=np.int64)
    rows, mothers = np.empty((2, land.patients[1] - land.patients[0]), dtype=np.int32)
    taken, retired, successors = _week(
        s or scene(world), (*land.territories, *land.physicians), world.territories.view(NUMBERS), place.target,
        place.cumulative, place.first_cell, place.last_cell, place.laws, place.blank, news, mothers, rows, flows,
        np.zeros(N_STREAMS),
    )  # fmt: skip
    return Flows(
        flows[:, BIRTHS], flows[:, DEATHS], flows[:, MOVES_IN], flows[:, MOVES_OUT], flows[:, WITHOUT_ROOM],
        rows[:taken].copy(), retired, successors,
    )  # fmt: skip


@kernel
def _week(
    s: Scene, edges: tuple[int, int, int, int], territories: Table,
    target: NDArray[np.float64], cumulative: NDArray[np.float64], first_cell: NDArray[np.int64],
    last_cell: NDArray[np.int64], laws: NDArray[np.float64], blank: Table, news: NDArray[np.int32],
    mothers: NDArray[np.int32], rows: NDArray[np.int32], flows: NDArray[np.int64], rates: NDArray[np.float64],
) -> tuple[int, int, int]:  # fmt: skip
    """The week of some territories and of their physicians' posts: newcomers, retirements and successions.

    ``edges`` are the first territory and physician, each with the one behind the last; ``rates`` is room for those of
    one patient; the others are as in :func:`_settle`.
    """
    first, last, first_physician, last_physician = edges
    taken = _settle(
        s, first, last, territories, target, cumulative, first_cell, last_cell, laws, blank, news, mothers, rows, flows
    )  # fmt: skip
    retired, successors = succession_week(s, first_physician, last_physician, territories)
    for n in range(taken):
        s.patients[rows[n]].ceiling = ceiling_of(s, rows[n], rates)
    return taken, retired, successors


@kernel
def _settle(
    s: Scene, first: int, last: int, territories: Table, target: NDArray[np.float64],
    cumulative: NDArray[np.float64], first_cell: NDArray[np.int64], last_cell: NDArray[np.int64],
    laws: NDArray[np.float64], blank: Table, news: NDArray[np.int32], mothers: NDArray[np.int32],
    rows: NDArray[np.int32], flows: NDArray[np.int64],
) -> int:  # fmt: skip
    """The week of territories ``[first, last)``; writes the rows of the newborn and newcomers, returns how many.

    ``territories`` are the numbers of all, ``news`` rows in their order, ``mothers`` scratch, ``flows`` those of the
    territories of this week; the others are as in :class:`Settlement` and :class:`Flows`.
    """
    taken = 0
    told = 0
    for t in range(first, last):
        territory = territories[t : t + 1]
        of_week = flows[t - first]
        lo, hi = territory[0].first_patient, territory[0].last_patient
        counted = 0
        for band in range(target.shape[1]):
            counted += territory[0].residents[band]
        if s.week % RECOUNT_WEEKS == 0 or counted == 0:
            count_residents(s.patients, lo, hi, s.week, territory[0].residents)
        begin = told
        while told < news.size and news[told] < hi:
            told += 1
        n = read_news(s, news[begin:told], blank, mothers, of_week)
        taken = births(s, territory, mothers, n, blank, rows, taken, of_week)
        taken = arrivals(
            s, territory, target[t], cumulative, first_cell[t], last_cell[t], laws, blank, rows, taken, of_week
        )  # fmt: skip
    return taken

"""What a reference world counts: every norm's measure by class of the list, from the world's own claims and people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents import patients as people
from agents.declarations import Table
from scenarios.norms.content import SPENDING, apl_edges, class_means
from sim.accounts import Accounts
from sim.measures import Measure
from sim.payment.accounts_of_year import LIST_CLASSES
from sim.people_counted import PeopleCount
from sim.standard_measures.lists import CLASS_AGES
from sim.views import View, events_view, looked_up, patients_views
from sim.world import World

type Numbers = NDArray[np.float64]

BITS: Final = (people.WOMAN, people.ALD, people.C2S)
"""What tells the eight classes of one age apart, in the order of ``LIST_CLASSES``."""


@dataclass(frozen=True)
class ByClass:
    """What a year of one world was, by class of the list.

    Attributes:
        registered: registered patients on the last day, ``(classes,)``.
        sums: sum of each norm's measure over registered patients, in its unit, ``(classes,)``.
        bands: registered patients by band of accessibility of their physician's practice, ``(bands, classes)``.
        spending: their insurer spending (EUR), ``(bands,)``.
    """

    registered: Numbers
    sums: Mapping[str, Numbers]
    bands: Numbers
    spending: Numbers


class ReferenceAccounts(Accounts):
    """The accounts of a reference world, which also count by class of the list.

    Ninety-six classes of every measure would be too many measures for the accounts of each week; here the claims of
    registered patients are kept until the year ends, and counted once.

    Attributes:
        by_class: years by number, 0 for the last of the warm-up.
    """

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.by_class: dict[int, ByClass] = {}
        self._lines: list[Table] = []

    def add(self, events: Table, world: World) -> None:
        """Take one week, as :meth:`Accounts.add`."""
        super().add(events, world)
        self._lines.append(events[events["registered_gp"] >= 0])

    def close_year(self, world: World, year: int | None = None, also: Sequence[PeopleCount] = ()) -> int:
        """Close a year, as :meth:`Accounts.close_year`."""
        closed = super().close_year(world, year, also)
        self.by_class[closed] = counted(world, self._lines)
        self._lines = []
        return closed

    def fork(self, world: World | None = None) -> "ReferenceAccounts":
        """A copy that shares nothing that changes with this one."""
        other = super().fork(world)
        assert isinstance(other, ReferenceAccounts)
        other.by_class, other._lines = dict(self.by_class), list(self._lines)
        return other


def counted(world: World, lines: list[Table]) -> ByClass:
    """Count a year by class.

    Args:
        world: at the end of its last week, before yearly columns are reset.
        lines: claims of registered patients, week by week.
    """
    measures = class_means()
    sums = {name: np.zeros(len(LIST_CLASSES)) for name in measures}
    if lines:
        view = events_view(np.concatenate(lines), world)
        _add_up(view, class_of(view), {n: m for n, m in measures.items() if m.source == "events"}, sums)
    bands = np.zeros((len(apl_edges()) + 1, len(LIST_CLASSES)))
    spending = np.zeros(len(bands))
    for view, kinds, gps in _registered(world):
        _add_up(view, kinds, {n: m for n, m in measures.items() if m.source == "patients"}, sums)
        listed = gps >= 0
        band = np.digitize(practice_apl(world, gps[listed]), apl_edges())
        np.add.at(bands, (band, kinds[listed]), 1.0)
        np.add.at(spending, band, view.values(measures[SPENDING])[listed])
    return ByClass(bands.sum(axis=0), sums, bands, spending)


def class_of(view: View) -> NDArray[np.int64]:
    """Place in ``LIST_CLASSES`` of each row."""
    age = np.searchsorted(CLASS_AGES, view.column("age"), side="right") - 1
    flags = view.column("flags")
    bits = sum(((flags & bit) > 0).astype(np.int64) << place for place, bit in enumerate(BITS))
    return np.asarray(age * (1 << len(BITS)) + bits)


def practice_apl(world: World, physicians: NDArray[Any]) -> Numbers:
    """Accessibility where the teams of physicians have their main site."""
    cells = world.teams["cell"][world.physicians["team"][physicians]]
    return np.asarray(world.cells["apl"][cells], dtype=np.float64)


def _registered(world: World) -> Iterator[tuple[View, NDArray[np.int64], NDArray[Any]]]:
    """The living, block by block: their rows, class (-1 for who is registered with nobody) and physician."""
    for view in patients_views(world):
        gps = looked_up(np.arange(len(world.physicians)), view.column("registered_gp"))
        yield view, np.where(gps >= 0, class_of(view), -1), gps


def _add_up(view: View, kinds: NDArray[np.int64], measures: Mapping[str, Measure], sums: dict[str, Numbers]) -> None:
    """Add measures over rows to their sums by class; rows of class -1 count for nobody."""
    for name, declared in measures.items():
        assert not declared.distinct, name
        rows = view.rows(declared)
        rows = rows[kinds[rows] >= 0]
        values = view.values(declared)[rows]
        sums[name] += np.bincount(kinds[rows], weights=values, minlength=len(LIST_CLASSES)) / declared.divisor

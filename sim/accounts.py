"""Accounts: every declared measure, by owner and by year; the only thing that a payment rule may see (design 4)."""

import copy
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import sim.standard_measures  # noqa: F401  declares the standard measures
from agents.declarations import Table
from agents.mistakes import Mistake, nearest
from sim.counting import CountingPlan, Year, YearCount
from sim.footprints import ACTIONS, LINES, Action, FootprintSums, find_action, pooled_means
from sim.measures import LEVELS, MEASURES, Measure, find_measure
from sim.people_counted import PeopleCount
from sim.world import World

PEOPLE_WORTH_THREADS: Final = 50_000
"""Patients from which a week's lines are worth handing over to another thread."""

FOOTPRINT_YEARS: Final = 2
"""Years of footprints kept: quotes read last year's, reports compare it with the one before."""


class Accounts:
    """The accounts of a world.

    Args:
        world: the world; only its sizes and parameters are read here, nothing of it is kept.
        measures, actions: what is counted, all that is declared by default.
        chunk_rows: most lines that are taken in together; parameter ``accounts.chunk_rows`` by default.
        threads: with more than one, a week's lines are counted while the next week begins, and the end of a year is
            shared among them; a small world (:data:`PEOPLE_WORTH_THREADS`) is counted by who calls.

    Attributes:
        years: closed years by number, 1 for the first after the warm-up.
    """

    def __init__(
        self,
        world: World,
        *,
        measures: Mapping[str, Measure] | None = None,
        actions: Mapping[str, Action] | None = None,
        chunk_rows: int | None = None,
        threads: int = 1,
    ) -> None:
        self.measures = dict(MEASURES if measures is None else measures)
        self.actions = dict(ACTIONS if actions is None else actions)
        self.chunk_rows = chunk_rows or int(world.parameters[0]["accounts_chunk_rows"])
        self.years: dict[int, Year] = {}
        self._plan = CountingPlan(self.measures, self.actions)
        self._count = YearCount(self._plan, world, self.chunk_rows)
        shared = threads > 1 and len(world.patients) >= PEOPLE_WORTH_THREADS
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="accounts") if shared else None
        self._under_way: Future[None] | None = None

    def add(self, events: Table, world: World) -> None:
        """Take one week: its claim lines, and the week's minutes as they stand in the tables.

        Args:
            events: lines of the week (``sim.events.DTYPE``), which must not change any more; nothing of them is kept.
            world: the world at the end of that week.
        """
        self._catch_up()
        self._count.begin_week(events, world)
        if self._threads is None or self._count.reads_world:
            self._count.count(events, world)
        else:
            self._under_way = self._threads.submit(self._count.count, events, world)

    def _catch_up(self) -> None:
        """Wait until the lines given so far are counted; what went wrong with them is raised here."""
        if self._under_way is not None:
            under_way, self._under_way = self._under_way, None
            under_way.result()

    def close_year(self, world: World, year: int | None = None, also: Sequence[PeopleCount] = ()) -> int:
        """Count what is left, measure the tables as they stand, store the year and begin the next.

        Args:
            world: the world at the end of the last week of the year, before yearly columns are reset.
            year: year of the run; by default that of the last week that was added.
            also: further counts over the living, kept among the totals of the year.

        Returns:
            The year that was closed (1 for the first after the warm-up).
        """
        self._catch_up()
        if year is None:
            week = world.week - 1 if self._count.last_week is None else self._count.last_week
            year = world.year_of(week)
        self.years[year] = self._count.close(world, self._threads, also)
        for old in sorted(self.years)[:-FOOTPRINT_YEARS]:
            # Closed years are shared with the arms that forked since: they keep theirs.
            physicians = self.years[old].footprints.physicians
            self.years[old] = replace(self.years[old], footprints=FootprintSums(self.actions, physicians))
        self._count = YearCount(self._plan, world, self.chunk_rows, self._count)
        return year

    def fork(self, world: World | None = None) -> "Accounts":
        """A copy that shares nothing that changes with this one, for another arm; it counts at once.

        Args:
            world: that of the arm. Between two years, nothing is counted yet and nothing copied; and measures that were
                declared since (by a rule of the arm's own) are counted from then on; they were nothing before.
        """
        self._catch_up()
        other = copy.copy(self)
        other._threads = None
        other.years = dict(self.years)
        if world is not None and not self._count.begun:
            more = self.measures.keys() < MEASURES.keys()
            other.measures = dict(MEASURES if more else self.measures)
            other._plan = CountingPlan(other.measures, other.actions) if more else self._plan.fork()
            other._count = YearCount(other._plan, world, other.chunk_rows)
            return other
        other._count = copy.deepcopy(self._count)
        other._plan = other._count.plan
        return other

    def year(self, year: int) -> Year:
        """A closed year.

        Raises:
            Mistake: when the year has not been closed.
        """
        if year not in self.years:
            raise Mistake(
                "the accounts hold no year {year}. Years closed: {known}.",
                year=year, known=", ".join(map(str, self.years)) or "-",
            )  # fmt: skip
        return self.years[year]

    def exact(self, name: str, year: int, by: str = "physician") -> NDArray[Any]:
        """Undivided sums of a measure (cents, tenths of minutes), the last one for nobody: ``(owners + 1,)``.

        Raises:
            Mistake: when the measure, the level or the year is not known.
        """
        declared = find_measure(name, self.measures)
        if by not in declared.per:
            raise Mistake(
                'measure "{name}" is not kept by {by}. Did you mean "{nearest}"? Kept by: {known}.',
                name=name, by=by, nearest=nearest(by, declared.per) or declared.per[0], known=", ".join(declared.per),
            )  # fmt: skip
        closed = self.year(year)
        return _sums(closed, name, _place(declared.per, by, closed.sizes))

    def array(self, name: str, year: int, by: str = "physician") -> NDArray[Any]:
        """A measure by owner, in its unit: ``(owners,)``."""
        return _in_unit(self.exact(name, year, by), self.measures[name])

    measure = array

    def nobody(self, name: str, year: int, by: str = "physician") -> float:
        """What belongs to no owner at a level, in the unit of the measure."""
        return float(self.exact(name, year, by)[-1]) / find_measure(name, self.measures).divisor

    def total(self, name: str, year: int, by: str = "territory") -> float:
        """A measure over all owners and nobody, in its unit."""
        return float(self.exact(name, year, by).sum()) / find_measure(name, self.measures).divisor

    def columns(self, year: int, by: str = "physician") -> dict[str, NDArray[Any]]:
        """Every measure kept at a level, by name, in its unit: ``(owners,)`` each.

        Raises:
            Mistake: when the level or the year is not known.
        """
        if by not in LEVELS:
            raise Mistake(
                'level "{by}" is not known. Did you mean "{nearest}"? Known: {known}.',
                by=by, nearest=nearest(by, LEVELS) or LEVELS[0], known=", ".join(LEVELS),
            )  # fmt: skip
        closed = self.year(year)
        here = {per: _place(per, by, closed.sizes) for per in {one.per for one in self.measures.values()} if by in per}
        return {
            name: _in_unit(_sums(closed, name, here[declared.per]), declared)
            for name, declared in self.measures.items() if by in declared.per
        }  # fmt: skip

    def frame(self, year: int, by: str = "physician") -> pd.DataFrame:
        """The same as a table: one row an owner, one column a measure."""
        frame = pd.DataFrame(self.columns(year, by))
        frame.index.name = by
        return frame

    def footprint(self, action: str, measure: str, year: int, by: str = "physician") -> NDArray[np.float64]:
        """What one unit of an action adds to a measure, in its unit, for each physician: ``(physicians,)``.

        Args:
            action: declared name of the action.
            measure: declared name of the measure.
            year: closed year whose events are read.
            by: whose line is moved: the physician's own, that of the team, that of the territory.
        """
        closed = self.year(year)
        find_action(action, self.actions)
        declared = find_measure(measure, self.measures)
        if declared.moved_by:
            declared = find_measure(declared.moved_by, self.measures)
        if by not in LINES:
            raise Mistake('footprints are kept by {known}, not by "{by}".', by=by, known=", ".join(LINES))
        sums = closed.footprints
        number = sums.names.index(action)
        units = sums.units[number, :-1]
        if declared.name not in sums.sums:
            return np.zeros(len(units))
        lines = sums.sums[declared.name][LINES[by], number, :-1]
        return pooled_means(lines, units, closed.teams, closed.territories, closed.enough) / declared.divisor

    def footprints(self, action: str, year: int, by: str = "physician") -> pd.DataFrame:
        """Footprints of an action on every measure: one row a physician, one column a measure."""
        return pd.DataFrame({name: self.footprint(action, name, year, by) for name in self.measures})


def _place(per: Sequence[str], by: str, sizes: Mapping[str, int]) -> slice:
    """Where a level stands among the sums of a measure, with its line for nobody."""
    start = 0
    for level in per:
        end = start + sizes[level] + 1
        if level == by:
            return slice(start, end)
        start = end
    raise KeyError(by)


def _sums(closed: Year, name: str, place: slice) -> NDArray[Any]:
    """Sums of a measure at a level; 0 for everybody where nothing was counted."""
    known = closed.totals.get(name)
    return np.zeros(place.stop - place.start, dtype=np.int64) if known is None else known[place]


def _in_unit(sums: NDArray[Any], declared: Measure) -> NDArray[Any]:
    """Sums of the owners of a level, without those of nobody, in the unit of their measure."""
    owned = sums[:-1]
    return owned if declared.divisor == 1 else owned / declared.divisor

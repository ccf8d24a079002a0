"""Accounts: every declared measure, by owner and by year; the only thing that a payment rule may see (design 4).

Claim lines are kept until there are enough of them, then all measures are counted at once. Where the cuts fall
changes nothing: sums are whole numbers, and a patient seen once is remembered for the year.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import sim.standard_measures  # noqa: F401  declares the standard measures
from agents.declarations import Table
from agents.mistakes import Mistake, nearest
from sim.footprints import ACTIONS, LINES, Action, ActionLines, FootprintSums, find_action, pooled_means
from sim.measures import LEVELS, MEASURES, Measure, find_measure
from sim.summation import Seen, add_lines, distinct_keys
from sim.views import View, events_view, level_sizes, patients_view, table_view
from sim.world import WEEKS_PER_YEAR, World
from sim.yearly_facts import spending_facts

type Totals = dict[str, NDArray[Any]]
"""Sums by measure: its levels one after the other, in each one entry an owner and a last one for nobody."""

WEEKS_BETWEEN_COUNTS: Final = 13
FOOTPRINT_YEARS: Final = 2
"""Years of footprints kept: quotes read last year's, reports compare it with the one before."""

ENDED_WITH_THE_YEAR: Final = ("patients", "physicians", "nurses", "support", "hospitals", "teams", "communes")


@dataclass(slots=True)
class YearOfTime:
    """What the week's columns of professionals add up to in the year.

    Attributes:
        minutes: by source ("physicians", "nurses"), minutes by use, ``(rows, uses)``.
        weeks, half_days: weeks worked and half-days worked by physicians.
    """

    minutes: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    weeks: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    half_days: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def add_week(self, world: World) -> None:
        """Add one week as it stands in the tables."""
        for source in ("physicians", "nurses"):
            week = np.asarray(getattr(world, source)["minutes"])
            self.minutes[source] = _longer(self.minutes.get(source, np.zeros((0, week.shape[1]))), len(week)) + week
        present = world.physicians["present"].astype(float)
        self.weeks = _longer(self.weeks, len(present)) + present
        self.half_days = _longer(self.half_days, len(present)) + present * world.physicians["half_days"]

    def columns(self, source: str, world: World) -> dict[str, Callable[[], NDArray[Any]]]:
        """Derived columns of a source."""
        if source not in ("physicians", "nurses"):
            return {}
        table = getattr(world, source)
        minutes = self.minutes.get(source, np.zeros((0, table["minutes"].shape[1])))
        columns: dict[str, Callable[[], NDArray[Any]]] = {"minutes_year": lambda: _longer(minutes, len(table))}
        if source == "physicians":
            columns["weeks_year"] = lambda: _longer(self.weeks, len(table))
            columns["half_days_year"] = lambda: _longer(self.half_days, len(table))
        return columns


@dataclass(slots=True)
class Year:
    """One closed year: totals by measure and level, footprints, who belonged where, and facts of the patients."""

    totals: Totals
    sizes: Mapping[str, int]
    footprints: FootprintSums
    teams: NDArray[np.int64]
    territories: NDArray[np.int64]
    enough: float
    facts: Mapping[str, float]


class Accounts:
    """The accounts of a world.

    Args:
        world: the world; only its sizes and parameters are read here, nothing of it is kept.
        measures, actions: what is counted, all that is declared by default.
        chunk_rows: lines after which measures are counted; parameter ``accounts.chunk_rows`` by default.
    """

    def __init__(
        self,
        world: World,
        *,
        measures: Mapping[str, Measure] | None = None,
        actions: Mapping[str, Action] | None = None,
        chunk_rows: int | None = None,
    ) -> None:
        self.measures = dict(MEASURES if measures is None else measures)
        self.actions = dict(ACTIONS if actions is None else actions)
        self.chunk_rows = chunk_rows or int(world.parameters[0]["accounts_chunk_rows"])
        self.years: dict[int, Year] = {}
        self._warm_up_weeks = world.warm_up_weeks
        self._check_moved_by()
        self._begin_year(world)

    def _begin_year(self, world: World) -> None:
        self._buffer: list[Table] = []
        self._buffered = 0
        self._last_week: int | None = None
        self._totals: Totals = {}
        self._seen: dict[tuple[str, str], Seen] = {}
        self._footprints = FootprintSums(self.actions, len(world.physicians))
        self._time = YearOfTime()

    def _check_moved_by(self) -> None:
        for declared in self.measures.values():
            if declared.moved_by:
                find_measure(declared.moved_by, self.measures)

    # What comes in

    def add(self, events: Table, world: World) -> None:
        """Take one week: its claim lines, and the week's minutes as they stand in the tables.

        Args:
            events: lines of the week (``sim.events.DTYPE``); they are copied.
            world: the world at the end of that week.
        """
        self._time.add_week(world)
        if len(events):
            self._buffer.append(events.copy())
            self._buffered += len(events)
            self._last_week = int(events["week"][-1])
        if self._buffered >= self.chunk_rows or len(self._buffer) >= WEEKS_BETWEEN_COUNTS:
            self.count(world)

    def count(self, world: World) -> None:
        """Count every measure over the lines held so far."""
        if not self._buffer:
            return
        view = events_view(np.concatenate(self._buffer), world)
        self._buffer, self._buffered = [], 0
        acted = ActionLines(view, self.actions, self._footprints)
        for declared in self.measures.values():
            if declared.source == "events":
                count = self._count_distinct if declared.distinct else self._count_lines
                count(view, declared, acted)

    def _sums(self, declared: Measure, view: View) -> NDArray[np.int64]:
        """The running sums of a measure, its levels one after the other, each with a place for nobody."""
        if declared.name not in self._totals:
            length = sum(view.sizes[level] + 1 for level in declared.per)
            self._totals[declared.name] = np.zeros(length, dtype=np.int64)
        return self._totals[declared.name]

    def _count_lines(self, view: View, declared: Measure, acted: ActionLines) -> None:
        rows = view.rows(declared)
        if not len(rows):
            return
        values = view.values(declared)
        add_lines(rows, values, view.places(declared.of, declared.per), self._sums(declared, view))
        acted.feed(declared, rows, values)

    def _count_distinct(self, view: View, declared: Measure, acted: ActionLines) -> None:
        rows = view.rows(declared)
        if not len(rows):
            return
        week_of_year = (view.column("week")[rows].astype(np.int64) - self._warm_up_weeks) % WEEKS_PER_YEAR
        period = week_of_year * declared.periods // WEEKS_PER_YEAR
        who = view.column(declared.distinct)[rows]
        places = view.places(declared.of, declared.per)[rows]
        sums = self._sums(declared, view)
        for number, level in enumerate(declared.per):
            seen = self._seen.setdefault((declared.name, level), Seen())
            fresh = seen.add(distinct_keys(places[:, number], period, who)).astype(bool)
            sums += np.bincount(places[fresh, number], minlength=len(sums))
            if level in LINES:
                acted.feed_distinct(declared, rows[fresh], LINES[level])

    # The end of the year

    def close_year(self, world: World, year: int | None = None) -> int:
        """Count what is left, measure the tables as they stand, store the year and begin the next.

        Args:
            world: the world at the end of the last week of the year, before yearly columns are reset.
            year: year of the run; by default that of the last week that was added.

        Returns:
            The year that was closed (1 for the first after the warm-up).
        """
        self.count(world)
        if year is None:
            week = world.week - 1 if self._last_week is None else self._last_week
            year = (week - world.warm_up_weeks) // WEEKS_PER_YEAR + 1
        views = {source: self._table_view(source, world) for source in ENDED_WITH_THE_YEAR}
        for declared in self.measures.values():
            if declared.source != "events":
                self._measure_table(views[declared.source], declared)
        self._footprints.settle(self.measures)
        self.years[year] = Year(
            totals=self._totals, sizes=level_sizes(world), footprints=self._footprints, teams=world.physicians["team"].astype(np.int64),
            territories=world.physicians["territory"].astype(np.int64),
            enough=float(world.parameters[0]["accounts_footprint_events"]), facts=spending_facts(world),
        )  # fmt: skip
        for old in sorted(self.years)[:-FOOTPRINT_YEARS]:
            self.years[old].footprints.sums.clear()
        self._begin_year(world)
        return year

    def _table_view(self, source: str, world: World) -> View:
        if source == "patients":
            return patients_view(world)
        derived = self._time.columns(source, world)
        if source == "teams":
            derived |= _practice_columns(world)
        return table_view(source, world, derived)

    def _measure_table(self, view: View, declared: Measure) -> None:
        rows = view.rows(declared)
        values = view.values(declared)
        added = [
            np.bincount(view.owner(declared.of, level)[rows], weights=values[rows], minlength=view.sizes[level] + 1)
            for level in declared.per
        ]
        self._totals[declared.name] = np.concatenate(added).astype(values.dtype)

    # What is read

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
        if name not in closed.totals:
            return np.zeros(closed.sizes[by] + 1, dtype=np.int64)
        start = sum(closed.sizes[level] + 1 for level in declared.per[: declared.per.index(by)])
        return closed.totals[name][start : start + closed.sizes[by] + 1]

    def array(self, name: str, year: int, by: str = "physician") -> NDArray[Any]:
        """A measure by owner, in its unit: ``(owners,)``."""
        divisor = find_measure(name, self.measures).divisor
        sums = self.exact(name, year, by)[:-1]
        return sums if divisor == 1 else sums / divisor

    measure = array

    def nobody(self, name: str, year: int, by: str = "physician") -> float:
        """What belongs to no owner at a level, in the unit of the measure."""
        return float(self.exact(name, year, by)[-1]) / find_measure(name, self.measures).divisor

    def total(self, name: str, year: int, by: str = "territory") -> float:
        """A measure over all owners and nobody, in its unit."""
        return float(self.exact(name, year, by).sum()) / find_measure(name, self.measures).divisor

    def frame(self, year: int, by: str = "physician") -> pd.DataFrame:
        """Every measure kept at a level: one row an owner, one column a measure, in its unit."""
        if by not in LEVELS:
            raise Mistake(
                'level "{by}" is not known. Did you mean "{nearest}"? Known: {known}.',
                by=by, nearest=nearest(by, LEVELS) or LEVELS[0], known=", ".join(LEVELS),
            )  # fmt: skip
        names = [name for name, declared in self.measures.items() if by in declared.per]
        frame = pd.DataFrame({name: self.array(name, year, by) for name in names})
        frame.index.name = by
        return frame

    def footprint(self, action: str, measure: str, year: int, by: str = "physician") -> NDArray[np.float64]:
        """What one unit of an action adds to a measure, in its unit, for each physician: ``(physicians,)``.

        Args:
            action, measure: declared names.
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

    def fork(self) -> "Accounts":
        """A copy that shares nothing that changes with this one, for another arm."""
        other = copy.copy(self)
        for name in ("_buffer", "_totals", "_seen", "_footprints", "_time"):
            setattr(other, name, copy.deepcopy(getattr(self, name)))
        other.years = dict(self.years)
        return other


def _practice_columns(world: World) -> dict[str, Callable[[], NDArray[Any]]]:
    """What is known of the place where each team has its main site."""
    cells, cell = world.cells, world.teams["cell"]
    names: Sequence[str] = ("apl", "poverty", "area_type", "under_served")
    return {f"practice_{name}": (lambda name=name: cells[name][cell]) for name in names}


def _longer(sums: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
    """Sums with room for ``rows`` rows."""
    if len(sums) >= rows:
        return sums
    return np.concatenate([sums, np.zeros((rows - len(sums), *sums.shape[1:]))])

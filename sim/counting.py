"""A year being counted: claim lines go into a tally week by week, measures are read off it when the year ends.

Claim lines are held until there are enough of them, then taken in together. Where the cuts fall changes nothing: sums
are whole numbers, and a patient seen once is remembered for the year.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from agents.mistakes import Mistake
from sim import events
from sim.footprints import LINES as LINES_MOVED
from sim.footprints import Action, ActionLines, FootprintSums
from sim.line_buffer import LineBuffer
from sim.line_classes import LineClasses, by_class
from sim.measures import Measure, find_measure
from sim.summation import Index, Ints, Places, Rows, add_lines, rows_of_classes
from sim.tally import LINES, OWNER_COLUMNS, Tally
from sim.views import NO_FIELDS, View, events_view, level_sizes, patients_views, table_view
from sim.working_time import YearOfTime
from sim.world import WEEKS_PER_YEAR, World
from sim.yearly_facts import spending_facts

type Totals = dict[str, NDArray[Any]]
"""Sums by measure: its levels one after the other, in each one entry an owner and a last one for nobody."""

WEEKS_HELD: Final = 13
"""Weeks after which lines are taken in, however few."""

FIRST_ROOM: Final = 16_384
"""Lines for which there is room at first."""

READ_AT_THE_END: Final = ("patients", "physicians", "nurses", "support", "hospitals", "teams", "communes")


@dataclass(slots=True)
class Year:
    """One closed year.

    Attributes:
        totals: sums of every measure.
        sizes: number of owners at each level.
        footprints: what actions added to measures.
        teams, territories: of each physician, at the end of the year.
        enough: own events from which a physician's own footprint stands.
        facts: what only single patients know (``sim.yearly_facts``).
    """

    totals: Totals
    sizes: Mapping[str, int]
    footprints: FootprintSums
    teams: NDArray[np.int64]
    territories: NDArray[np.int64]
    enough: float
    facts: Mapping[str, float]


class CountingPlan:
    """How each declared measure is counted: by class of lines, by patient met, line by line, or off a table.

    Args:
        measures, actions: what is counted.

    Raises:
        Mistake: when a measure is moved by one that does not exist, or a distinct count has odd conditions.
    """

    def __init__(self, measures: Mapping[str, Measure], actions: Mapping[str, Action]) -> None:
        self.actions = actions
        on_lines = [declared for declared in measures.values() if declared.source == "events"]
        classed = [declared for declared in on_lines if by_class(declared)]
        self.off_tables = [declared for declared in measures.values() if declared.source != "events"]
        self.by_class = [declared for declared in classed if not declared.distinct]
        self.distinct = [declared for declared in classed if declared.distinct]
        self.line_by_line = [declared for declared in on_lines if not by_class(declared)]
        self._check(measures)
        counted = {f"measure {declared.name}": declared for declared in classed}
        counted |= {f"action {declared.name}": declared.as_measure for declared in actions.values()}
        self.classes = LineClasses(counted)
        values = [declared.value for declared in self.by_class if isinstance(declared.value, str)]
        self.value_columns = tuple(dict.fromkeys(values))
        met = [declared.distinct for declared in self.distinct]
        needed = (*self.classes.columns, *self.value_columns, *OWNER_COLUMNS, "week", *met)
        self.columns = tuple(events.DTYPE.names or ()) if self.line_by_line else tuple(dict.fromkeys(needed))

    def _check(self, measures: Mapping[str, Measure]) -> None:
        for declared in measures.values():
            if declared.moved_by:
                find_measure(declared.moved_by, measures)
        for declared in self.line_by_line:
            if declared.distinct:
                raise Mistake(
                    'measure "{name}": distinct values are counted by conditions on small columns only.',
                    name=declared.name,
                )

    def chosen(self, declared: Measure) -> NDArray[np.bool_]:
        """Classes that a measure counts."""
        return self.classes.chosen(f"measure {declared.name}")

    def acted(self, view: View, classes: Places, sums: FootprintSums) -> ActionLines:
        """Lines or tallies by action."""
        names = [f"action {name}" for name in self.actions]
        return ActionLines(view, classes, *self.classes.actions(names, sums.physicians + 1), sums)


class YearCount:
    """A year being counted.

    Args:
        plan: what is counted, and how.
        world: the world as the year begins.
        chunk_rows: lines after which they are taken in.
        before: the year before, from which is learnt how much room patients met need.
    """

    def __init__(self, plan: CountingPlan, world: World, chunk_rows: int, before: "YearCount | None" = None) -> None:
        self.plan = plan
        self.chunk_rows = chunk_rows
        self.last_week: int | None = None
        self._warm_up_weeks = world.warm_up_weeks
        self._held: LineBuffer = before._held if before else LineBuffer(plan.columns, min(chunk_rows, FIRST_ROOM))
        self._sizes = level_sizes(world)
        self._totals: Totals = {}
        rooms = {key: len(met.slots) for key, met in before._met.items()} if before else {}
        self._met: dict[tuple[str, str], Index] = {key: Index.with_room(room) for key, room in rooms.items()}
        self._tally = Tally(plan.value_columns)
        self._footprints = FootprintSums(plan.actions, len(world.physicians))
        self._time = YearOfTime()

    def add(self, lines: Table, world: World) -> None:
        """Take one week: its claim lines, and the week's minutes as they stand in the tables."""
        self._time.add_week(world)
        if len(lines):
            self._held.add(lines)
            self.last_week = int(lines["week"][-1])
        if self._held.rows >= self.chunk_rows or self._held.weeks >= WEEKS_HELD:
            self._take_in(world)

    def close(self, world: World) -> Year:
        """Count what is left, read the tables as they stand, and give the year."""
        self._take_in(world)
        self._check_sizes(world)
        self._count_tally(world)
        for source in READ_AT_THE_END:
            for view in patients_views(world) if source == "patients" else [self._table_view(source, world)]:
                for declared in self.plan.off_tables:
                    if declared.source == source:
                        self._measure_table(view, declared)
        self._footprints.settle({declared.name for declared in self.plan.distinct})
        return Year(
            totals=self._totals, sizes=level_sizes(world), footprints=self._footprints,
            teams=world.physicians["team"].astype(np.int64),
            territories=world.physicians["territory"].astype(np.int64),
            enough=float(world.parameters[0]["accounts_footprint_events"]), facts=spending_facts(world),
        )  # fmt: skip

    def _take_in(self, world: World) -> None:
        """Add the lines held so far to the tally, and count what needs single lines."""
        if not self._held.rows:
            return
        self._check_sizes(world)
        columns = self._held.columns()
        classes = self.plan.classes.of(columns, self._held.rows)
        self._tally.add(classes, columns)
        view = events_view(np.broadcast_to(NO_FIELDS, self._held.rows), world, columns)
        acted = self.plan.acted(view, classes, self._footprints)
        week_of_year = (columns["week"].astype(np.int32) - self._warm_up_weeks) % WEEKS_PER_YEAR
        for declared in self.plan.distinct:
            self._count_distinct(view, declared, classes, week_of_year, acted)
        for declared in self.plan.line_by_line:
            rows = view.rows(declared)
            self._count_lines(view, declared, rows, view.values(declared))
            acted.feed(declared, rows, view.values(declared))
        self._held.clear()

    def _check_sizes(self, world: World) -> None:
        """Owners are numbered by row: no table of owners may grow or shrink within a year."""
        if level_sizes(world) != self._sizes:
            raise ValueError(f"owners changed within a year: {self._sizes} became {level_sizes(world)}")

    def _count_tally(self, world: World) -> None:
        """Count every measure over the tally of the year."""
        care, homes = self._tally.care, self._tally.homes
        if not len(care.classes):
            return
        view, home_view = events_view(care.owners, world), events_view(homes.owners, world)
        acted = self.plan.acted(view, care.classes, self._footprints)
        acted.count_units(care.sums[LINES])
        by_class, homes_by_class = (group.rows(len(self.plan.classes.members)) for group in (care, homes))
        for declared in self.plan.by_class:
            column = declared.value if isinstance(declared.value, str) else LINES
            rows = rows_of_classes(self.plan.chosen(declared), *by_class)
            if not len(rows):
                continue
            acted.feed(declared, rows, care.sums[column])
            if declared.of == "home":
                rows = rows_of_classes(self.plan.chosen(declared), *homes_by_class)
                self._count_lines(home_view, declared, rows, homes.sums[column])
            else:
                self._count_lines(view, declared, rows, care.sums[column])

    def _count_distinct(
        self, view: View, declared: Measure, classes: Places, week_of_year: Places, acted: ActionLines
    ) -> None:
        periods = week_of_year * np.int32(declared.periods) // np.int32(WEEKS_PER_YEAR)
        sums, offset = self._sums(declared, view), 0
        for level in declared.per:
            owners, room = view.owner(declared.of, level), view.sizes[level] + 1
            met = self._met.setdefault((declared.name, level), Index())
            firsts = met.meet(self.plan.chosen(declared), classes, owners, periods, view.column(declared.distinct))
            sums[offset : offset + room] += np.bincount(owners[firsts], minlength=room)
            offset += room
            if level in LINES_MOVED:
                acted.feed_distinct(declared, firsts, LINES_MOVED[level])

    def _sums(self, declared: Measure, view: View) -> NDArray[np.int64]:
        """The running sums of a measure, its levels one after the other, each with a place for nobody."""
        if declared.name not in self._totals:
            length = sum(view.sizes[level] + 1 for level in declared.per)
            self._totals[declared.name] = np.zeros(length, dtype=np.int64)
        return self._totals[declared.name]

    def _count_lines(self, view: View, declared: Measure, rows: Rows, values: Ints) -> None:
        add_lines(rows, values, view.places(declared.of, declared.per), self._sums(declared, view))

    def _table_view(self, source: str, world: World) -> View:
        derived = self._time.columns(source, world)
        if source == "teams":
            derived |= _practice_columns(world)
        return table_view(source, world, derived)

    def _measure_table(self, view: View, declared: Measure) -> None:
        rows = view.rows(declared)
        values = view.values(declared)
        if values.dtype == np.int64:
            self._count_lines(view, declared, rows, values)
            return
        added = [
            np.bincount(view.owner(declared.of, level)[rows], weights=values[rows], minlength=view.sizes[level] + 1)
            for level in declared.per
        ]
        sums = np.concatenate(added)
        self._totals[declared.name] = self._totals.get(declared.name, np.zeros(len(sums))) + sums


def _practice_columns(world: World) -> dict[str, Callable[[], NDArray[Any]]]:
    """What is known of the place where each team has its main site."""

    def at_practice(name: str) -> Callable[[], NDArray[Any]]:
        return lambda: world.cells[name][world.teams["cell"]]

    return {f"practice_{name}": at_practice(name) for name in ("apl", "poverty", "area_type", "under_served")}

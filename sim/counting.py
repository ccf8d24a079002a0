"""A year being counted: claim lines go into a tally week by week, measures are read off it when the year ends.

Where the cuts between weeks fall changes nothing: sums are whole numbers, and a patient seen once is remembered for the
year. Nothing of the lines is kept longer than it takes until there are enough of them to be worth counting.
"""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from operator import call
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from agents.mistakes import Mistake
from sim import events
from sim.footprints import LINES as LINES_MOVED
from sim.footprints import Action, ActionLines, FootprintSums, of_side
from sim.line_classes import LineClasses, by_class
from sim.line_kernels import OWNERS, owner_number, spread_groups
from sim.line_reading import as_lines
from sim.measures import Measure, find_measure
from sim.meetings import NO_LIST, OFS, Acts, Meetings, followed, listed, owner_sizes
from sim.people_counted import PeopleCount, PeopleCounting, add_rows
from sim.summation import Ints, Places, Rows, add_lines
from sim.tally import Groups, Kinds, Tally
from sim.views import View, events_view, level_sizes, patients_views, table_view
from sim.working_time import YearOfTime
from sim.world import World
from sim.yearly_facts import READ, spending_facts

type Totals = dict[str, NDArray[Any]]
"""Sums by measure: its levels one after the other, in each one entry an owner and a last one for nobody."""

WORTH_COUNTING: Final = 65_536
"""Lines that are counted at once: what counting costs whatever their number is little then."""
READ_AT_THE_END: Final = ("physicians", "nurses", "support", "hospitals", "teams", "communes")


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
        self.people = PeopleCounting([declared for declared in self.off_tables if declared.source == "patients"])
        self.by_class = [declared for declared in classed if not declared.distinct]
        self.of_homes = [declared for declared in self.by_class if declared.of == "home"]
        self.distinct = [declared for declared in classed if declared.distinct]
        self.line_by_line = [declared for declared in on_lines if not by_class(declared)]
        self._check(measures)
        counted = {f"measure {declared.name}": declared for declared in classed}
        counted |= {f"action {declared.name}": declared.as_measure for declared in actions.values()}
        self.classes = LineClasses(counted)
        values = [declared.value for declared in self.by_class if isinstance(declared.value, str)]
        self.value_columns = tuple(dict.fromkeys(values))
        self.distinct_columns = tuple(dict.fromkeys(declared.distinct for declared in self.distinct))

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

    def fork(self) -> "CountingPlan":
        """The same plan, whose classes grow on their own from here."""
        other = copy.copy(self)
        other.classes = self.classes.fork()
        return other

    def chosen_by(self, measures: Sequence[Measure], known: int = 0) -> NDArray[np.bool_]:
        """Which of the classes from ``known`` on measures count, ``(classes, measures)``."""
        names = self.classes.names
        return self.classes.members[known:, [names[f"measure {declared.name}"] for declared in measures]]

    def acted(self, view: View, classes: Places, sums: FootprintSums) -> ActionLines:
        """Lines by action."""
        return ActionLines(view, classes, *self._actions(sums), sums)

    def acts(self, sums: FootprintSums, known: int = 0) -> Acts:
        """Actions of the classes from ``known`` on, of who did the act, then those decided by whose list it is."""
        first, actions = self._actions(sums, known)
        return *of_side(first, actions, sums, 0), *of_side(first, actions, sums, 1)

    def _actions(self, sums: FootprintSums, known: int = 0) -> tuple[Places, Places]:
        return self.classes.actions([f"action {name}" for name in self.actions], sums.physicians + 1, known)


class YearCount:
    """A year being counted.

    Args:
        plan: what is counted, and how.
        world: the world as the year begins.
        chunk_rows: most lines that are taken in together.
        before: the year before, whose memory is used again, and what it has derived from the classes.
    """

    def __init__(self, plan: CountingPlan, world: World, chunk_rows: int, before: "YearCount | None" = None) -> None:
        self.plan = plan
        self.chunk_rows = chunk_rows
        self.last_week: int | None = None
        self._warm_up_weeks = world.warm_up_weeks
        self._sizes = level_sizes(world)
        self._totals: Totals = {}
        self._tally = Tally(plan.value_columns)
        self._footprints = FootprintSums(plan.actions, len(world.physicians))
        self._time = YearOfTime()
        self._waiting: Table = before._waiting if before else np.empty(WORTH_COUNTING, dtype=events.DTYPE)
        self._held = 0
        if before and before._footprints.units.shape != self._footprints.units.shape:
            before = None  # other physicians: nothing that hangs on their number holds any more
        self._meetings: list[Meetings] = [
            Meetings(
                [declared for declared in plan.distinct if declared.distinct == column], self._sizes, self._footprints,
                before._meetings[number] if before else None,
            )
            for number, column in enumerate(plan.distinct_columns)
        ]  # fmt: skip
        self._acts: Acts = before._acts if before else (*NO_LIST, *NO_LIST)
        self._home_kinds: Kinds = before._home_kinds if before else Kinds()
        self._classes_known: int = before._classes_known if before else 0

    @property
    def begun(self) -> bool:
        """Whether any of its weeks has passed."""
        return bool(self._time.minutes)

    @property
    def reads_world(self) -> bool:
        """Whether lines cannot be counted without the tables of the world as they stand."""
        return bool(self.plan.line_by_line)

    def begin_week(self, lines: Table, world: World) -> None:
        """Read what must be read off the world's tables before they change: the week's minutes, the owners."""
        self._time.add_week(world)
        if len(lines):
            self.last_week = int(lines["week"][-1])
            self._check_sizes(world)

    def count(self, lines: Table, world: World) -> None:
        """Count the claim lines of the week that was begun; few of them wait for those of the next weeks."""
        if self.reads_world or self._held + len(lines) > WORTH_COUNTING:
            self._count_waiting(world)
        if self.reads_world or len(lines) > WORTH_COUNTING:
            self._count_all(lines, world)
            return
        self._waiting[self._held : self._held + len(lines)] = lines
        self._held += len(lines)

    def _count_waiting(self, world: World) -> None:
        held, self._held = self._held, 0
        self._count_all(self._waiting[:held], world)

    def _count_all(self, lines: Table, world: World) -> None:
        for start in range(0, len(lines), self.chunk_rows):
            self._take_in(lines[start : start + self.chunk_rows], world)

    def close(self, world: World, threads: Executor | None = None, also: Sequence[PeopleCount] = ()) -> Year:
        """Count what is left, read the tables as they stand, and give the year.

        Args:
            world: the world at the end of the year.
            threads: they share the work.
            also: further counts over the living, whose sums stand beside those of the measures.
        """
        self._check_sizes(world)
        self._count_waiting(world)
        for met in self._meetings:
            met.settle(self._totals, self._footprints)
        counts = (PeopleCount(self.plan.people), *also)
        blocks = (partial(_of_people, counts, view) for view in patients_views(world))  # a block done is forgotten
        tasks: Iterator[Callable[[], Any]] = chain([self._count_tally], blocks)
        done = map(call, tasks) if threads is None else threads.map(call, tasks)
        next(done)
        spent = []
        for sums, columns in done:
            for count, of_block in zip(counts, sums, strict=True):
                count.join(of_block)
            spent.append(columns)
        for count in counts:
            self._totals |= count.found()
        for source in READ_AT_THE_END:
            view = self._table_view(source, world)
            for declared in self.plan.off_tables:
                if declared.source == source:
                    add_rows(view, declared, self._totals)
        self._footprints.settle({declared.name for declared in self.plan.distinct})
        return Year(
            totals=self._totals, sizes=level_sizes(world), footprints=self._footprints,
            teams=world.physicians["team"].astype(np.int64),
            territories=world.physicians["territory"].astype(np.int64),
            enough=float(world.parameters[0]["accounts_footprint_events"]), facts=spending_facts(spent),
        )  # fmt: skip

    def _take_in(self, table: Table, world: World) -> None:
        """Add lines to the tally, and count what needs single lines."""
        lines = as_lines(table)
        classes = self.plan.classes.of(lines)
        self._know_classes()
        self._tally.add(lines, classes, self._home_kinds.of_class)
        for met in self._meetings:
            met.add(lines, classes, self._warm_up_weeks, self._acts)
        if not self.plan.line_by_line:
            return
        view = events_view(table, world)
        acted = self.plan.acted(view, classes, self._footprints)
        for declared in self.plan.line_by_line:
            rows = view.rows(declared)
            self._count_lines(view, declared, rows, view.values(declared))
            acted.feed(declared, rows, view.values(declared))

    def _know_classes(self) -> None:
        """Bring what is derived from the classes up to date when there are new ones."""
        known, now = self._classes_known, len(self.plan.classes.members)
        if known == now:
            return
        acts, more = self._acts, self.plan.acts(self._footprints, known)
        self._acts = *followed(acts[:2], more[:2]), *followed(acts[2:], more[2:])
        for met in self._meetings:
            met.know(self.plan.chosen_by(met.measures, known))
        self._home_kinds.know(self.plan.chosen_by(self.plan.of_homes, known))
        self._classes_known = now

    def _check_sizes(self, world: World) -> None:
        """Owners are numbered by row: no table of owners may grow or shrink within a year."""
        if level_sizes(world) != self._sizes:
            raise ValueError(f"owners changed within a year: {self._sizes} became {level_sizes(world)}")

    def _count_tally(self) -> None:
        """Count every measure over the tally of the year."""
        care, homes = self._tally.care, self._tally.homes
        if not care.index.count:
            return
        self._know_classes()
        present = np.bincount(care.held[0][:, -1], minlength=self._classes_known) > 0
        whole = self.plan.chosen_by(self.plan.by_class)
        chosen = whole & present[:, None]
        first_of_provider, _, first_of_list, _ = self._acts
        acting = (np.diff(first_of_provider) + np.diff(first_of_list)) > 0
        used, felt = chosen.any(axis=0), chosen[acting].any(axis=0)
        measures = [declared for declared, is_used in zip(self.plan.by_class, used, strict=True) if is_used]
        felt_names = [declared.name for declared, is_felt in zip(self.plan.by_class, felt, strict=True) if is_felt]
        sums = self._footprints.room_for(felt_names)
        chosen = chosen[:, used]
        at_home = np.array([declared.of == "home" for declared in measures])
        totals = self._rooms(measures)
        self._spread(care, measures, chosen, ~at_home, totals, sums, felt[used], self._footprints.units.reshape(-1))
        chosen = whole[self._home_kinds.firsts][:, used] & at_home
        self._spread(homes, measures, chosen, at_home, totals, sums, np.zeros(len(measures), dtype=bool), sums[:0])

    def _rooms(self, measures: Sequence[Measure]) -> Ints:
        """Totals of measures, one after the other, each also under its name."""
        lengths = [sum(self._sizes[level] + 1 for level in declared.per) for declared in measures]
        ends = np.cumsum([0, *lengths])
        totals = np.zeros(ends[-1], dtype=np.int64)
        for declared, start, end in zip(measures, ends, ends[1:], strict=False):
            self._totals[declared.name] = totals[start:end]
        return totals

    def _spread(
        self, groups: Groups, measures: Sequence[Measure], chosen: NDArray[np.bool_], counted: NDArray[np.bool_],
        totals: Ints, sums: Ints, felt: NDArray[np.bool_], units: Ints,
    ) -> None:  # fmt: skip
        """Add groups to the totals of the measures ``counted`` and to the footprints of those ``felt``."""
        facts = np.zeros((len(measures), 3), dtype=np.int64)
        level_first, levels, start = [0], [], 0
        for number, declared in enumerate(measures):
            column = declared.value if isinstance(declared.value, str) else None
            facts[number, :2] = self._tally.column(column), OFS.index(declared.of)
            for level in declared.per:
                if counted[number]:
                    levels.append((owner_number(declared.of, level), start))
                start += self._sizes[level] + 1
            level_first.append(len(levels))
        width = self._footprints.units.size
        facts[:, 2] = np.where(felt, (np.cumsum(felt) - 1) * len(LINES_MOVED) * width, -1)
        inside = spread_groups(
            *groups.held, owner_sizes(self._sizes), np.zeros(len(OWNERS), dtype=np.int64), listed(chosen), facts,
            np.array(level_first, dtype=np.int64), np.array(levels, dtype=np.int64).reshape(-1, 2),
            self._acts, totals, sums, units, width,
        )  # fmt: skip
        if not inside:
            raise IndexError(f"a line belongs to somebody beyond the tables {self._sizes}")

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


def _of_people(counts: Sequence[PeopleCount], view: View) -> tuple[list[Totals], list[NDArray[Any]]]:
    """Sums of a block of people, by count, and the columns from which the facts of the year are read."""
    return [count.of_block(view) for count in counts], [view.column(name) for name in READ]


def _practice_columns(world: World) -> dict[str, Callable[[], NDArray[Any]]]:
    """What is known of the place where each team has its main site."""

    def at_practice(name: str) -> Callable[[], NDArray[Any]]:
        return lambda: world.cells[name][world.teams["cell"]]

    return {f"practice_{name}": at_practice(name) for name in ("apl", "poverty", "area_type", "under_served")}

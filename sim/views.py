"""Tables as measures see them: columns by name, who each row belongs to, and masks shared by all measures.

A column is copied once to plain memory, a condition is evaluated once, a set of conditions gives its rows once: a
hundred measures over the same lines then cost little more than their sums.
"""

import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents import patients as people
from agents.declarations import Table
from agents.mistakes import Mistake, nearest
from sim import events
from sim.measures import Condition, Mask, Measure, Value, holds
from sim.summation import rows_held
from sim.world import WEEKS_PER_YEAR, World

type Column = NDArray[Any]
type Rows = NDArray[np.int64]

PAYEE_OF_LEVEL: Final = {
    "physician": events.PHYSICIAN, "nurse": events.THE_NURSE, "hospital": events.THE_HOSPITAL,
}  # fmt: skip


BLOCK: Final = 1 << 17
"""Patients that are looked at together, so that memory does not grow with the population."""

SPENT: Final = {"spent": "spend", "spent_prev": "spend_prev"}
"""Spending of patients over all categories, this year and last, and the columns by category that it is summed from."""

NO_FIELDS: Final = np.zeros(1, dtype=[])
"""A row of no table, for rows whose columns stand beside it."""


def level_sizes(world: World) -> dict[str, int]:
    """Number of owners at each level."""
    tables = {
        "physician": world.physicians, "nurse": world.nurses, "hospital": world.hospitals, "team": world.teams,
        "territory": world.territories, "commune": world.communes,
    }  # fmt: skip
    return {level: len(table) for level, table in tables.items()}


class View:
    """One table, with derived columns and owners.

    Args:
        table: the rows.
        derived: further columns, by name, computed when first asked for.
        owners: for each ``(of, level)``, the owner of each row: a row number, -1 for nobody.
        sizes: number of owners at each level (:func:`level_sizes`).
        parameters: record of the parameters, for values that need one.
    """

    def __init__(
        self,
        table: Table,
        derived: Mapping[str, Callable[[], Column]],
        owners: Mapping[tuple[str, str], Callable[[], Column]],
        sizes: Mapping[str, int],
        parameters: Table | None = None,
    ) -> None:
        self.table = table
        self.sizes = sizes
        self.parameters = parameters
        self._derived = derived
        self._owners = owners
        self._columns: dict[str, Column] = {}
        self._places: dict[tuple[str, tuple[str, ...]], NDArray[np.int32]] = {}
        self._added: dict[Value, Column] = {}
        self._values: dict[Value, Column] = {}
        self._masks: dict[tuple[str, Condition], Mask] = {}
        self._somewhere: dict[tuple[str, Condition], bool] = {}
        self._owner_columns: dict[tuple[str, str], NDArray[np.int32]] = {}

    def __len__(self) -> int:
        return len(self.table)

    def column(self, name: str) -> Column:
        """A declared or derived column, in plain memory.

        Raises:
            Mistake: with the nearest known name.
        """
        if name not in self._columns:
            if name in self._derived:
                self._columns[name] = self._derived[name]()
            elif name in (self.table.dtype.names or ()):
                self._columns[name] = np.ascontiguousarray(self.table[name])
            else:
                known = [*(self.table.dtype.names or ()), *self._derived]
                raise Mistake(
                    'column "{name}" is not known. Did you mean "{nearest}"?',
                    name=name, nearest=nearest(name, known) or "",
                )  # fmt: skip
        return self._columns[name]

    def hold(self, columns: Mapping[str, Column]) -> None:
        """Take columns that are in plain memory already."""
        self._columns.update(columns)

    def mask(self, name: str, condition: Condition) -> Mask:
        """Where a condition on a column holds."""
        key = (name, condition)
        if key not in self._masks:
            self._masks[key] = holds(self.column(name), condition)
            self._somewhere[key] = bool(self._masks[key].any())
        return self._masks[key]

    def rows(self, declared: Measure) -> Rows:
        """Rows that a measure counts, in the order of the table; stops at the first condition that holds nowhere."""
        held: Mask | None = None
        for name, condition in declared.where:
            mask = self.mask(name, condition)
            if not self._somewhere[name, condition]:
                return np.zeros(0, dtype=np.int64)
            held = mask if held is None else held & mask
        if declared.odd is not None:
            odd = declared.odd(self)
            held = odd if held is None else held & odd
        return np.arange(len(self)) if held is None else rows_held(held)

    def values(self, declared: Measure) -> Column:
        """What a measure adds up, for every row of the table: whole numbers stay whole."""
        value = declared.value
        if value not in self._values:
            self._values[value] = _summable(self.added(value))
        return self._values[value]

    def added(self, value: Value) -> Column:
        """What is added up, for every row of the table, as it stands there."""
        if value not in self._added:
            self._added[value] = self._read(value)
        return self._added[value]

    def _read(self, value: Value) -> Column:
        if value is None:
            return np.ones(len(self), dtype=np.int64)
        if callable(value):
            return np.asarray(value(self))
        if isinstance(value, tuple):
            name, axis = value
            return self.column(name)[:, axis]
        return self.column(value)

    def owner(self, of: str, level: str) -> NDArray[np.int32]:
        """Owner of each row at a level; the number of owners stands for nobody."""
        key = (of, level)
        if key not in self._owner_columns:
            owner = np.array(self._owners[key](), dtype=np.int32)
            owner[owner < 0] = self.sizes[level]
            if owner.max(initial=0) > self.sizes[level]:
                raise IndexError(f"a row belongs to {level} {owner.max()}, of {self.sizes[level]}")
            self._owner_columns[key] = owner
        return self._owner_columns[key]

    def places(self, of: str, levels: tuple[str, ...]) -> NDArray[np.int32]:
        """Where the owners of each row stand when the sums of several levels follow each other: ``(rows, levels)``."""
        if (of, levels) not in self._places:
            places = np.empty((len(self), len(levels)), dtype=np.int32)
            offset = 0
            for number, level in enumerate(levels):
                places[:, number] = self.owner(of, level) + np.int32(offset)
                offset += self.sizes[level] + 1
            self._places[of, levels] = places
        return self._places[of, levels]


def is_whole(column: Column) -> bool:
    """Whether a column holds whole numbers."""
    return column.dtype.kind in "iub"


def _summable(column: Column) -> Column:
    """Whole numbers as int64, others as float64, in plain memory."""
    return np.ascontiguousarray(column, dtype=np.int64 if is_whole(column) else np.float64)


def _itself(view: View) -> View:
    """A view for its own columns to read: they do not keep it, so that a block that is done leaves memory at once."""
    known: View = weakref.proxy(view)
    return known


def events_view(lines: Table, world: World, columns: Mapping[str, Column] | None = None) -> View:
    """Claim lines: whoever did the act, the list the patient is on, and where the patient lives.

    Args:
        lines: the lines.
        world: the world they belong to.
        columns: columns that are already in plain memory.
    """

    def paid(level: str) -> Callable[[], Column]:
        return lambda: np.where(seen.column("payee_kind") == PAYEE_OF_LEVEL[level], seen.column("payee"), -1)

    def column(name: str) -> Callable[[], Column]:
        return lambda: seen.column(name)

    owners = {("provider", level): paid(level) for level in PAYEE_OF_LEVEL}
    owners |= {("provider", "team"): column("provider_team")}
    owners |= {("list", "physician"): column("registered_gp"), ("list", "team"): column("registered_team")}
    owners |= {(of, "territory"): column("territory") for of in ("provider", "list", "home")}
    owners |= {("home", "commune"): column("commune")}
    view = View(lines, {}, owners, level_sizes(world), world.parameters)
    seen = _itself(view)
    view.hold(columns or {})
    return view


def patients_views(world: World) -> Iterator[View]:
    """The living, as they stand at the end of the week that was simulated last, block by block."""
    for start in range(0, len(world.patients), BLOCK):
        yield _patients_block(world, world.patients[start : start + BLOCK])


def _patients_block(world: World, block: Table) -> View:
    """The living of some rows of the patients."""
    living = np.flatnonzero(block["flags"] & people.ALIVE)
    cells = world.cells

    def kept(name: str) -> Callable[[], Column]:
        return lambda: np.asfortranarray(block[name][living])  # each axis by itself: measures add up one of them

    def age() -> Column:
        return (world.week - seen.column("birth_week").astype(np.int64)) // WEEKS_PER_YEAR

    def age_band() -> Column:
        return np.searchsorted(people.AGE_BAND_STARTS, seen.column("age"), side="right") - 1

    def weeks_since_gp() -> Column:
        return world.week - seen.column("last_gp").astype(np.int64)

    def in_all(name: str) -> Callable[[], Column]:
        return lambda: seen.column(name).sum(axis=1, dtype=np.float64)

    def at_home(name: str) -> Callable[[], Column]:
        return lambda: cells[name][seen.column("cell")]

    owners: dict[tuple[str, str], Callable[[], Column]] = {
        ("list", "physician"): lambda: seen.column("registered_gp"),
        ("list", "team"): lambda: looked_up(world.physicians["team"], seen.column("registered_gp")),
        ("list", "territory"): lambda: np.where(seen.column("registered_gp") >= 0, at_home("territory")(), -1),
        ("home", "territory"): at_home("territory"),
        ("home", "commune"): at_home("commune"),
    }
    derived = {name: kept(name) for name in block.dtype.names or ()}
    derived |= {"age": age, "age_band": age_band, "weeks_since_gp": weeks_since_gp}
    derived |= {name: in_all(column) for name, column in SPENT.items()}
    rows = np.broadcast_to(NO_FIELDS, len(living))
    view = View(rows, derived, owners, level_sizes(world), world.parameters)
    seen = _itself(view)
    return view


def table_view(source: str, world: World, derived: Mapping[str, Callable[[], Column]]) -> View:
    """A table of professionals, teams, hospitals or communes, each row its own owner."""
    table: Table = getattr(world, source)
    own_level = {"physicians": "physician", "nurses": "nurse", "hospitals": "hospital", "teams": "team"}
    own_level |= {"communes": "commune"}
    owners: dict[tuple[str, str], Callable[[], Column]] = {("self", "territory"): lambda: table["territory"]}
    if "team" in (table.dtype.names or ()):
        owners["self", "team"] = lambda: table["team"]
    if source in own_level:
        owners["self", own_level[source]] = lambda: np.arange(len(table))
    return View(table, derived, owners, level_sizes(world), world.parameters)


def looked_up(column: Column, rows: Column) -> Column:
    """``column[rows]``, -1 where the row is -1."""
    found = np.full(len(rows), -1, dtype=np.int64)
    known = rows >= 0
    found[known] = column[rows[known]]
    return found

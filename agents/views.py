"""Mesa agents that are views of a row: an attribute reads and writes a column, and nothing is stored twice.

Only what shows the model to people imports this module: the kernels read the tables, and ``mesa`` is slow to import.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, Final, Protocol

import numpy as np
from mesa import Agent, Model
from mesa.discrete_space import Cell, FixedAgent

from agents import hospitals, nurses, payer, physicians, support, teams
from agents.declarations import Column, Table
from agents.mistakes import nearest

OWN: Final = frozenset({"model", "unique_id", "pos", "cell", "row", "_mesa_cell", "_tables"})
"""Attributes that belong to the view itself, or to Mesa."""


class Tables(Protocol):
    """What holds the tables: a world. A view looks its table up each time, so one that grows stays its own."""


class RowView:
    """The columns of one row as attributes. A column named ``cell`` is read as ``cell_row``: ``cell`` is Mesa's cell.

    A column of one number a row gives a plain number; a column with more (``minutes``, ``core``) gives the stored
    array itself, so that writing into it writes to the table.

    Attributes:
        TABLE: name of the table in the world.
        COLUMNS: its columns, as declared.
        row: row of the table.
    """

    TABLE: ClassVar[str]
    COLUMNS: ClassVar[tuple[Column, ...]]
    _NAMES: ClassVar[frozenset[str]] = frozenset()

    row: int
    _tables: Tables

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Learn the names of the columns once a class."""
        super().__init_subclass__(**kwargs)
        if hasattr(cls, "COLUMNS"):
            cls._NAMES = frozenset(column.name for column in cls.COLUMNS) - OWN

    @property
    def table(self) -> Table:
        """The whole table of which this is a row."""
        table: Table = getattr(self._tables, self.TABLE)
        return table

    @property
    def cell_row(self) -> int:
        """Row of the cells where the agent works."""
        return int(self.table["cell"][self.row])

    def columns(self) -> Iterable[str]:
        """Names of the columns that are attributes here."""
        return sorted(self._NAMES)

    def __getattr__(self, name: str) -> Any:
        if name not in self._NAMES:  # reached only for what is neither Mesa's nor the view's own
            raise AttributeError(self._unknown(name))
        value = self.table[name][self.row]
        return value if isinstance(value, np.ndarray) else value.item()

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._NAMES:
            self.table[name][self.row] = value
        elif name in OWN:
            super().__setattr__(name, value)
        else:
            raise AttributeError(self._unknown(name))

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *self._NAMES]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.row}>"

    def _unknown(self, name: str) -> str:
        close = nearest(name, self._NAMES)
        hint = f" Did you mean {close!r}?" if close else ""
        return f"{type(self).__name__} has no column {name!r}.{hint}"


class RowAgent(RowView, FixedAgent):
    """A view of a row that stands on a cell of a Mesa grid."""

    def __init__(self, model: Model, tables: Tables, row: int, cell: Cell | None = None) -> None:
        self._tables, self.row = tables, row
        super().__init__(model)
        if cell is not None:
            self.cell = cell


class Physician(RowAgent):
    """A physician (GP)."""

    TABLE = "physicians"
    COLUMNS = physicians.COLUMNS


class Nurse(RowAgent):
    """A nurse of one of four kinds."""

    TABLE = "nurses"
    COLUMNS = nurses.COLUMNS

    @property
    def kind_name(self) -> str:
        """Kind of nurse, as scenarios write it."""
        return nurses.KINDS[self.kind]


class Support(RowAgent):
    """A member of the support staff, who works where the team's main site is."""

    TABLE = "support"
    COLUMNS = support.COLUMNS

    @property
    def cell_row(self) -> int:
        """Row of the cells of the team's main site."""
        return int(self._tables.teams["cell"][self.team])  # type: ignore[attr-defined]


class Secretary(Support):
    """A secretary; a medical assistant is one whose wage is subsidised."""


class Coordinator(Support):
    """A coordinator."""


class Hospital(RowAgent):
    """A hospital: an emergency department and medical beds."""

    TABLE = "hospitals"
    COLUMNS = hospitals.COLUMNS


class Team(RowAgent):
    """A team, from a solo practice to a territorial community."""

    TABLE = "teams"
    COLUMNS = teams.COLUMNS

    @property
    def kind_name(self) -> str:
        """Kind of team, as scenarios write it."""
        return teams.KINDS[self.kind]

    @property
    def name(self) -> str:
        """Name of the team."""
        return str(self._tables.names[self.row])  # type: ignore[attr-defined]


class Payer(RowView, Agent):
    """The payer, who stands on no cell."""

    TABLE = "payer"
    COLUMNS = payer.COLUMNS

    def __init__(self, model: Model, tables: Tables, row: int = 0) -> None:
        self._tables, self.row = tables, row
        super().__init__(model)

    @property
    def mode_name(self) -> str:
        """How the payer handles its rules."""
        return payer.MODES[self.mode]

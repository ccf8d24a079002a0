"""A year of claim lines added up by class and owner: all that measures need, in a small table.

Lines of one class with the same provider and the same list are one *tally*: their number, and the sum of each column
that some measure adds up. Where residents matter by commune, a second table holds class by commune.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from sim import events
from sim.summation import Index, Ints, Places, Rows, add_column

LINES: Final = "number of lines"
PROVIDER: Final = ("payee_kind", "payee", "provider_team")
LIST: Final = ("territory", "registered_gp", "registered_team")
HOME: Final = ("commune", "territory")
ROW_BITS: Final = 24
CLASS_SHIFT: Final = 42
PROVIDER_SHIFT: Final = 21
OWNER_COLUMNS: Final = (*PROVIDER, *LIST, "commune")


def packed(columns: Mapping[str, NDArray[Any]], names: tuple[str, ...]) -> Ints:
    """Several columns of rows (-1 for none) in one whole number each, 24 bits a column; the first is the narrowest."""
    key = columns[names[0]].astype(np.int64) + 1
    for name in names[1:]:
        key <<= ROW_BITS
        key += columns[name]
        key += 1
    return key


@dataclass(slots=True)
class Grouped:
    """Lines grouped by a key: sums of each group, and one line that stands for it.

    Attributes:
        classes: class of each group.
        owners: columns that name its owners, as a claim line has them.
        sums: by column, sums of the group's lines.
    """

    value_columns: tuple[str, ...]
    index: Index = field(default_factory=Index)
    classes: Places = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    owners: Table = field(default_factory=lambda: np.zeros(0, dtype=events.DTYPE))
    sums: dict[str, Ints] = field(default_factory=dict)

    def rows(self, classes: int) -> tuple[Rows, Rows]:
        """Groups by class, of so many classes: where each class starts in an order of the groups, and the order."""
        counts = np.bincount(self.classes, minlength=classes)
        first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return first, np.argsort(self.classes, kind="stable").astype(np.int64)

    def add(self, keys: Ints, classes: Places, columns: Mapping[str, NDArray[Any]]) -> None:
        """Add lines by key."""
        found, firsts = self.index.add(keys)
        stand_ins = np.zeros(len(firsts), dtype=events.DTYPE)
        for name in OWNER_COLUMNS:
            stand_ins[name] = columns[name][firsts]
        self.owners = np.concatenate([self.owners, stand_ins])
        self.classes = np.concatenate([self.classes, classes[firsts]])
        for name in (LINES, *self.value_columns):
            before = self.sums.get(name, np.zeros(0, dtype=np.int64))
            self.sums[name] = np.concatenate([before, np.zeros(len(firsts), dtype=np.int64)])
            values = np.ones(len(keys), dtype=np.int64) if name == LINES else columns[name]
            add_column(found, values, self.sums[name])


@dataclass(slots=True)
class Tally:
    """The lines of one year, by class, provider and list; and by class and commune.

    Attributes:
        value_columns: columns that some measure adds up.
    """

    value_columns: tuple[str, ...]
    providers: Index = field(default_factory=Index)
    lists: Index = field(default_factory=Index)
    care: Grouped = field(init=False)
    homes: Grouped = field(init=False)

    def __post_init__(self) -> None:
        """Make the two tables."""
        self.care, self.homes = Grouped(self.value_columns), Grouped(self.value_columns)

    def add(self, classes: Places, columns: Mapping[str, NDArray[Any]]) -> None:
        """Add lines, given their classes and columns."""
        provider, _ = self.providers.add(packed(columns, PROVIDER))
        of_list, _ = self.lists.add(packed(columns, LIST))
        wide = classes.astype(np.int64) << CLASS_SHIFT
        self.care.add(wide | provider.astype(np.int64) << PROVIDER_SHIFT | of_list, classes, columns)
        self.homes.add(wide | packed(columns, HOME), classes, columns)

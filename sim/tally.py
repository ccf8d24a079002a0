"""A year of claim lines added up by class and owner: all that measures need, in a small table.

Lines of one class with the same provider and the same list are one *group*: their number, and the sum of each column
that some measure adds up. Where residents matter by commune, a second table holds classes by commune; those that
measures of residents treat alike are one *kind* there, which makes it small enough to stay in a cache.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.line_classes import numbered
from sim.line_kernels import CARE, HOMES, LINES_TOGETHER, LISTS, PROVIDERS, tally_lines
from sim.line_reading import OWNER_COLUMNS, Lines, owner_places, places
from sim.measures import Mask
from sim.summation import Index, Ints, Places

FIRST_GROUPS = 512


@dataclass(slots=True)
class Kinds:
    """Classes that some measures cannot tell apart.

    Attributes:
        of_class: kind of each class, numbered in order of first meeting.
        firsts: a class of each kind, the first that was met.
    """

    of_class: Places = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    firsts: list[int] = field(default_factory=list)
    _known: dict[bytes, int] = field(default_factory=dict)

    def know(self, chosen: Mask) -> None:
        """Tell which of the next classes each measure counts, ``(classes, measures)``."""
        kinds, fresh = numbered(chosen, self._known)
        self.firsts += (len(self.of_class) + fresh).tolist()
        self.of_class = np.concatenate([self.of_class, kinds])


@dataclass(slots=True)
class Groups:
    """Lines grouped by a key.

    Attributes:
        index: the keys.
        owners: columns that name the owners of each group, and last its class or kind, ``(room, columns)``.
        sums: number of lines, and sum of each value column, ``(room, 1 + columns)``.
    """

    index: Index
    owners: Places
    sums: Ints

    @classmethod
    def empty(cls, columns: int, room: int = FIRST_GROUPS) -> "Groups":
        """No group, with room for some."""
        owners = np.zeros((room, len(OWNER_COLUMNS)), dtype=np.int32)
        return cls(Index.with_room(2 * room), owners, np.zeros((room, 1 + columns), dtype=np.int64))

    @property
    def held(self) -> tuple[Places, Ints]:
        """Owners and sums of the groups met."""
        return self.owners[: self.index.count], self.sums[: self.index.count]

    def make_room(self, groups: int) -> None:
        """Grow when so many new groups would fill more than half of the table."""
        self.index.make_room(groups)
        more = len(self.index.slots) // 2 - len(self.owners)
        if more > 0:
            self.owners, self.sums = (np.concatenate([old, np.zeros((more, old.shape[1]), dtype=old.dtype)])
                                      for old in (self.owners, self.sums))  # fmt: skip


@dataclass(slots=True)
class Tally:
    """The lines of one year, by class, provider and list; and by kind and commune.

    Attributes:
        value_columns: columns that some measure adds up.
        before: the tally of the year before, from which is learnt how much room is needed.
    """

    value_columns: tuple[str, ...]
    providers: Index = field(default_factory=Index)
    lists: Index = field(default_factory=Index)
    care: Groups = field(init=False)
    homes: Groups = field(init=False)
    _values: Ints = field(init=False)
    _at: NDArray[np.int64] = field(default_factory=owner_places)
    _scratch: Ints = field(default_factory=lambda: np.zeros((2, LINES_TOGETHER), dtype=np.int64))

    def __post_init__(self) -> None:
        """Make the two tables."""
        self.care, self.homes = Groups.empty(len(self.value_columns)), Groups.empty(len(self.value_columns))
        self._values = places(self.value_columns)

    def column(self, name: str | None) -> int:
        """Where the sums of a value column stand; None for the number of lines."""
        return 0 if name is None else 1 + self.value_columns.index(name)

    def add(self, lines: Lines, classes: Places, home_kinds: Places) -> None:
        """Add lines, given their classes, and the kind of each class to measures of residents."""
        indexes = [self.providers, self.lists, self.care.index, self.homes.index]
        assert (PROVIDERS, LISTS, CARE, HOMES) == (0, 1, 2, 3)
        counts, done = np.array([index.count for index in indexes]), 0
        while done < len(classes):
            care, homes = ((g.index.slots, g.index.numbers, g.owners, g.sums) for g in (self.care, self.homes))
            done = tally_lines(
                done, lines, classes, home_kinds, self._at, self._values, counts,
                (self.providers.slots, self.providers.numbers), (self.lists.slots, self.lists.numbers), care, homes,
                *self._scratch,
            )  # fmt: skip
            for index, count in zip(indexes, counts.tolist(), strict=True):
                index.count = count
            for table in (self.providers, self.lists, self.care, self.homes):
                table.make_room(LINES_TOGETHER)

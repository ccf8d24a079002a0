"""The inner loops of the accounts: adding lines up by owner, counting patients once, and feeding footprints.

Whole numbers only, so that neither the order of the lines nor the cuts between chunks change anything.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.draws import mixed

type Ints = NDArray[np.int64]
type Rows = NDArray[np.int64]
type Places = NDArray[np.int32]

EMPTY: Final = -1
FIRST_SLOTS: Final = 1024


@njit(cache=True, nogil=True)
def add_lines(rows: Rows, values: Ints, places: Places, totals: Ints) -> None:
    """Add the value of every row to each of its owners.

    Args:
        rows: rows that a measure counts.
        values: value of every row of the table.
        places: where each row's owners stand in ``totals``, ``(rows of the table, levels)``.
        totals: sums of all levels, one after the other.
    """
    for k in range(len(rows)):
        row = np.uint64(rows[k])  # an unsigned index spares compiled code the test for negative ones
        for level in range(places.shape[1]):
            totals[np.uint64(places[row, np.uint64(level)])] += values[row]


@njit(cache=True, nogil=True)
def add_actions(
    rows: Rows, values: Ints, classes: Places, first: Places, actions: Places, places: Places, sums: Ints
) -> None:
    """Add the value of every row to the sums of each action that the row is.

    Args:
        rows: rows that a measure counts.
        values: value of every row of the table.
        classes: class of every row.
        first: where the actions of each class start in ``actions``; the next entry is where they end.
        actions: offset of each action in ``sums``.
        places: offset of the line and agent of each row in ``sums``.
        sums: sums by line, action and agent, flat.
    """
    for k in range(len(rows)):
        row = np.uint64(rows[k])
        place = np.uint64(places[row])
        of_class = np.uint64(classes[row])
        for a in range(np.uint64(first[of_class]), np.uint64(first[of_class + np.uint64(1)])):
            sums[place + np.uint64(actions[a])] += values[row]


@njit(cache=True, nogil=True)
def rows_held(mask: NDArray[np.bool_]) -> Rows:
    """Rows where a mask holds, in order."""
    rows = np.empty(len(mask) + 1, dtype=np.int64)
    found = np.uint64(0)
    for row in range(len(mask)):
        rows[found] = row
        found += np.uint64(mask[np.uint64(row)])
    return rows[:found]


@njit(cache=True, nogil=True)
def _look_up(
    keys: Ints, start: int, slots: Ints, numbers: Places, known: int, count: int, found: Places, firsts: Rows
) -> tuple[int, int]:
    """Number keys by first meeting, until the table is half full; returns where it stopped, and the new count."""
    last = np.uint64(len(slots) - 1)
    for k in range(start, len(keys)):
        key = keys[k]
        slot = mixed(np.uint64(key)) & last
        while slots[slot] != EMPTY and slots[slot] != key:
            slot = (slot + np.uint64(1)) & last
        if slots[slot] == EMPTY:
            if 2 * count >= len(slots):
                return k, count
            slots[slot] = key
            numbers[slot] = count
            firsts[count - known] = k
            count += 1
        found[k] = numbers[slot]
    return len(keys), count


@dataclass(slots=True)
class Index:
    """Keys (whole numbers >= 0) numbered 0, 1, 2, ... in the order in which they were first met."""

    slots: Ints = field(default_factory=lambda: np.full(FIRST_SLOTS, EMPTY, dtype=np.int64))
    numbers: Places = field(default_factory=lambda: np.zeros(FIRST_SLOTS, dtype=np.int32))
    count: int = 0

    @classmethod
    def with_room(cls, slots: int) -> "Index":
        """An empty index with so many slots (a power of two), half of which can be filled before it grows."""
        return cls(np.full(slots, EMPTY, dtype=np.int64), np.zeros(slots, dtype=np.int32))

    def add(self, keys: Ints) -> tuple[Places, Rows]:
        """The number of each key, and the positions at which a key was met for the first time ever."""
        found = np.empty(len(keys), dtype=np.int32)
        firsts = np.empty(len(keys), dtype=np.int64)
        known, done = self.count, 0
        while done < len(keys):
            done, self.count = _look_up(keys, done, self.slots, self.numbers, known, self.count, found, firsts)
            if done < len(keys):
                self._grow()
        return found, firsts[: self.count - known]

    def make_room(self, keys: int) -> None:
        """Grow when so many new keys would fill more than half of the table."""
        if 2 * (self.count + keys) > len(self.slots):
            self._grow()

    def _grow(self) -> None:
        held = self.slots != EMPTY
        keys = np.empty(self.count, dtype=np.int64)
        keys[self.numbers[held]] = self.slots[held]
        self.slots = np.full(4 * len(self.slots), EMPTY, dtype=np.int64)
        self.numbers = np.zeros(len(self.slots), dtype=np.int32)
        nothing = np.zeros(len(keys), dtype=np.int64)
        _look_up(keys, 0, self.slots, self.numbers, 0, 0, np.zeros(len(keys), dtype=np.int32), nothing)

"""Who met whom in a year: distinct counts, each patient once for each owner (and period), as claim lines come in.

The first owners that each patient meets stand beside the patient, the others in a chain behind: lines come in the order
of patients, so what is looked at lies together.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.footprints import LINES as LINES_MOVED
from sim.footprints import FootprintSums
from sim.line_kernels import OWNERS, owner_number
from sim.line_reading import Lines, owner_places, place
from sim.measures import Measure
from sim.meeting_kernels import SET_LINE, meet_lines
from sim.summation import Ints, Places, rows_held
from sim.world import WEEKS_PER_YEAR

type Listed = tuple[Places, Places]
"""What each row chooses, one row after the other: where each starts, and what."""

NO_LIST: Final[Listed] = (np.zeros(1, dtype=np.int32), np.zeros(0, dtype=np.int32))

type Acts = tuple[Places, Places, Places, Places]
"""Actions of each class, of both sides: where they start, and their offsets."""

type Memory = tuple[NDArray[Any], NDArray[Any], Places, Ints]
"""Owners beside each value, their periods, where the chain of each value starts, and the entries of all chains."""

OFS: Final = ("provider", "list", "home")
FIRST_VALUES: Final = 1024
SLOTS: Final = 2
"""Owners beside each patient, where a patient may meet several: most meet no more."""

ONE_OWNER: Final = ("territory", "commune")


def owner_sizes(sizes: dict[str, int]) -> Ints:
    """Number of owners of each kind in the order of ``line_kernels.OWNERS``."""
    return np.array([sizes[level] for _, level in OWNERS], dtype=np.int64)


class Meetings:
    """Distinct counts over one column of the claim lines.

    Args:
        measures: distinct counts, all over the same column.
        sizes: number of owners at each level.
        footprints: sums of the year, for their shape.
        before: the year before, whose memory is used again, and what it knows of the classes.
    """

    def __init__(
        self, measures: Sequence[Measure], sizes: dict[str, int], footprints: FootprintSums,
        before: "Meetings | None" = None,
    ) -> None:  # fmt: skip
        self.measures = measures
        self._sizes = sizes
        self._owner_sizes = owner_sizes(sizes)
        self._width = footprints.units.size
        self._spec, slots, periodic, total = self._declare()
        self.totals: Ints = np.zeros(total, dtype=np.int64)
        self._sums: Ints = np.zeros((len(measures), len(LINES_MOVED), *footprints.units.shape), dtype=np.int64)
        self._column = np.array(place(measures[0].distinct), dtype=np.int64)
        self._at = owner_places()
        self._own = np.zeros(len(OWNERS), dtype=np.int64)
        self._counts = np.zeros(1, dtype=np.int64)
        empty = _empty(slots, periodic, int(self._owner_sizes.max()), max(one.periods for one in measures))
        self._memory: Memory = before._memory if before and _alike(before._memory, empty) else empty
        for used in self._memory[:3]:
            used.fill(0)
        self._of_class: Listed = before._of_class if before else NO_LIST

    def _declare(self) -> tuple[Ints, int, int, int]:
        """The sets of meetings, one for each measure and level; then slots, slots with periods, and totals in all."""
        spec, slots, periodic, total = [], 0, 0, 0
        for number, declared in enumerate(self.measures):
            for level in declared.per:
                rooms = 1 if level in ONE_OWNER else SLOTS
                line = LINES_MOVED.get(level, -1)
                sums = number * len(LINES_MOVED) * self._width if line >= 0 else -1
                spec.append((
                    owner_number(declared.of, level), slots, rooms, periodic if declared.periods > 1 else -1,
                    declared.periods, total, sums, OFS.index(declared.of), line,
                ))  # fmt: skip
                slots += rooms
                periodic += rooms * (declared.periods > 1)
                total += self._sizes[level] + 1
        return np.array(spec, dtype=np.int64).reshape(-1, SET_LINE + 1), slots, periodic, total

    def know(self, chosen: NDArray[np.bool_]) -> None:
        """Tell which of the next classes each measure counts, ``(classes, measures)``."""
        of_set = np.repeat(np.arange(len(self.measures)), [len(declared.per) for declared in self.measures])
        self._of_class = followed(self._of_class, listed(chosen[:, of_set]))

    def add(self, lines: Lines, classes: Places, first_week: int, acts: Acts) -> None:
        """Count lines.

        Args:
            lines: the lines.
            classes: class of each.
            first_week: a week with which a year begins.
            acts: actions of each class.

        Raises:
            IndexError: when a line belongs to an owner beyond its table.
        """
        done = 0
        while done < len(classes):
            done = meet_lines(
                done, lines, classes, self._at, self._column, first_week, WEEKS_PER_YEAR, self._owner_sizes, self._own,
                self._spec, self._of_class, acts,
                (*self._memory, self._counts), self.totals, self._sums.reshape(-1), self._width,
            )  # fmt: skip
            if done < 0:
                raise IndexError(f"line {-1 - done} belongs to somebody beyond the tables {self._sizes}")
            if done < len(classes):
                self._make_room(lines)

    def _make_room(self, lines: Lines) -> None:
        held, bits, head, chain = self._memory
        if self._counts[0] + len(self._spec) >= len(chain):
            chain = _longer(chain, 2 * len(chain) + len(self._spec))
        kind, column = self._column.tolist()
        values = (lines.bytes, lines.halves.view(np.uint16), lines.halves, lines.words, lines.longs)[kind][:, column]
        needed = int(values.max()) + 2
        if needed > len(head):
            room = max(needed, len(head) * 5 // 4)
            held, bits, head = _longer(held, room), _longer(bits, room), _longer(head, room)
        self._memory = held, bits, head, chain

    def settle(self, totals: dict[str, NDArray[np.int64]], footprints: FootprintSums) -> None:
        """Give the sums of the year."""
        start = 0
        for number, declared in enumerate(self.measures):
            end = start + sum(self._sizes[level] + 1 for level in declared.per)
            totals[declared.name] = self.totals[start:end]
            start = end
            if self._sums[number].any():
                footprints.sums[declared.name] = self._sums[number]


def listed(chosen: NDArray[np.bool_]) -> Listed:
    """What each row chooses, one row after the other: where each starts, and the columns."""
    rows, columns = chosen.shape
    held = rows_held(np.ascontiguousarray(chosen).reshape(-1))
    first = np.searchsorted(held, np.arange(rows + 1) * columns)
    return first.astype(np.int32), (held % max(columns, 1)).astype(np.int32)


def followed(rows: Listed, more: Listed) -> Listed:
    """What some rows choose, and then what more rows do."""
    return np.concatenate([rows[0], rows[0][-1] + more[0][1:]]), np.concatenate([rows[1], more[1]])


def _empty(slots: int, periodic: int, owners: int, periods: int) -> Memory:
    """Nobody met anybody. Most of what accounts keep of a patient stands here, so it takes no more bytes than it needs.

    Args:
        slots: owners beside each value.
        periodic: those of them with periods.
        owners: the largest number of owners of a kind.
        periods: the largest number of periods.
    """
    held = np.zeros((FIRST_VALUES, slots), dtype=np.uint16 if owners < np.iinfo(np.uint16).max else np.int32)
    bits = np.zeros((FIRST_VALUES, periodic), dtype=np.uint16 if periods <= np.iinfo(np.uint16).bits else np.int64)
    return held, bits, np.zeros(FIRST_VALUES, dtype=np.int32), np.zeros((FIRST_VALUES, 3), dtype=np.int64)


def _alike(one: Memory, other: Memory) -> bool:
    """Whether two memories hold owners and periods in the same kinds of numbers."""
    return one[0].dtype == other[0].dtype and one[1].dtype == other[1].dtype


def _longer[T: np.generic](old: NDArray[T], room: int) -> NDArray[T]:
    """The same with room for more rows, empty."""
    new = np.zeros((room, *old.shape[1:]), dtype=old.dtype)
    new[: len(old)] = old
    return new

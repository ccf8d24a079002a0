"""Classes of claim lines: two lines are of one class when every declared measure and action treats them alike.

A condition sees a column through few answers, so each column becomes a digit, and the digits of a line its code. Codes
that meet the same set of declarations are one class. A year of claims then fits in a table of classes by owner.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim import events
from sim.measures import Condition, Mask, Measure, holds
from sim.summation import Index, Ints, Places, add_digits

SMALL: Final = (np.dtype("u1"), np.dtype("u2"))
"""Types of which every value can be tried."""

MOST_CODES: Final = 2**62


def by_class(declared: Measure) -> bool:
    """Whether a measure can be counted by class: small columns, no odd predicate, a plain column to add up."""
    small = all(events.DTYPE[name] in SMALL for name, _ in declared.where)
    return small and declared.odd is None and (declared.value is None or isinstance(declared.value, str))


@cache
def answers(name: str, condition: Condition) -> Mask:
    """Where a condition holds, for every value that a column can take."""
    dtype = events.DTYPE[name]
    return holds(np.arange(np.iinfo(dtype).max + 1).astype(dtype), condition)


@cache
def digits_of(name: str, conditions: tuple[Condition, ...]) -> tuple[Ints, int]:
    """The digit of every value of a column, values with the same answers sharing one; and how many digits there are."""
    digits = np.zeros(len(answers(name, conditions[0])), dtype=np.int64)
    for condition in conditions:
        _, digits = np.unique(2 * digits + answers(name, condition), return_inverse=True)
    return digits.astype(np.int64), int(digits.max()) + 1


class LineClasses:
    """The classes met so far.

    Args:
        declared: measures and actions (as measures) that can be counted by class, by name.

    Attributes:
        members: which declarations each class meets, ``(classes, declarations)``.
        columns: columns that decide the class.
    """

    def __init__(self, declared: Mapping[str, Measure]) -> None:
        self.names = {name: number for number, name in enumerate(declared)}
        self.members: Mask = np.zeros((0, len(declared)), dtype=bool)
        self._wanted: dict[tuple[str, Condition], int] = {}
        for measure in declared.values():
            for pair in measure.where:
                self._wanted.setdefault(pair, len(self._wanted))
        self._required = np.zeros((len(self._wanted), len(declared)), dtype=np.float32)
        for number, measure in enumerate(declared.values()):
            for pair in measure.where:
                self._required[self._wanted[pair], number] = 1
        by_column: dict[str, list[Condition]] = {}
        for name, condition in self._wanted:
            by_column.setdefault(name, []).append(condition)
        self.columns = tuple(by_column)
        self._digits = self._placed({name: tuple(conditions) for name, conditions in by_column.items()})
        self._codes = Index()
        self._class_of_code: Places = np.zeros(0, dtype=np.int32)
        self._known: dict[bytes, int] = {}

    @staticmethod
    def _placed(by_column: Mapping[str, tuple[Condition, ...]]) -> dict[str, Ints]:
        """Digits of every column, each at a place of its own in the code."""
        place, placed = 1, {}
        for name, conditions in by_column.items():
            digits, count = digits_of(name, conditions)
            placed[name] = digits * place
            place *= count
        if place >= MOST_CODES:
            raise OverflowError("the conditions of all measures together need more codes than a whole number holds")
        return placed

    def of(self, columns: Mapping[str, NDArray[Any]], rows: int) -> Places:
        """Class of every line, from its columns; new classes are added."""
        codes = np.zeros(rows, dtype=np.int64)
        for name, digits in self._digits.items():
            add_digits(columns[name], digits, codes)
        found, firsts = self._codes.add(codes)
        if len(firsts):
            new = self._classes_of({name: columns[name][firsts] for name in self.columns}, len(firsts))
            self._class_of_code = np.concatenate([self._class_of_code, new])
        return self._class_of_code[found]

    def _classes_of(self, columns: Mapping[str, NDArray[Any]], rows: int) -> Places:
        """Classes of lines that stand for new codes."""
        held = np.zeros((rows, len(self._wanted)), dtype=np.float32)
        for (name, condition), number in self._wanted.items():
            held[:, number] = answers(name, condition)[columns[name]]
        members = held @ self._required == self._required.sum(axis=0)
        classes = np.zeros(rows, dtype=np.int32)
        fresh: list[int] = []
        for row, key in enumerate(np.packbits(members, axis=1)):
            number = self._known.setdefault(key.tobytes(), len(self._known))
            classes[row] = number
            if number == len(self.members) + len(fresh):
                fresh.append(row)
        self.members = np.concatenate([self.members, members[fresh]])
        return classes

    def chosen(self, name: str) -> Mask:
        """Which classes meet a declaration."""
        return np.ascontiguousarray(self.members[:, self.names[name]])

    def actions(self, names: Sequence[str], width: int) -> tuple[Places, Places]:
        """Actions of each class, one class after the other: where each starts, and offsets (``number * width``)."""
        chosen = self.members[:, [self.names[name] for name in names]]
        first = np.concatenate([[0], np.cumsum(chosen.sum(axis=1))]).astype(np.int32)
        return first, (np.nonzero(chosen)[1] * width).astype(np.int32)

"""Classes of claim lines: two lines are of one class when every declared measure and action treats them alike.

A condition sees a column through few answers, so each column becomes a digit, and the digits of a line its code. Codes
that meet the same set of declarations are one class. A year of claims then fits in a table of classes by owner.
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import batched
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim import events
from sim.line_kernels import LINES_TOGETHER, code_lines, match_lines
from sim.line_reading import Lines, places
from sim.measures import Condition, Mask, Measure, holds
from sim.requirements import Requirements
from sim.summation import Index, Ints, Places

SMALL: Final = (np.dtype("u1"), np.dtype("u2"))
"""Types of which every value can be tried."""

DIGIT: Final = np.dtype("u2")
"""Type of a digit: a small column has no more of them than values, and many small ones stay in the cache."""

MOST_CODES: Final = 2**62
NEW_CODES: Final = 4096
"""New codes for which classes are found together."""
CONDITIONS_AT_ONCE: Final = 40
"""Answers that are packed before they are numbered: beside the digits of a small column they fit in a number."""


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
    return digits_by((answers(name, condition) for condition in conditions), len(answers(name, conditions[0])))


def digits_by(held: Iterable[Mask], rows: int) -> tuple[Ints, int]:
    """A digit for each of some rows, those with the same answers sharing one; and how many digits there are.

    Args:
        held: where each of some conditions holds, ``(rows,)`` each.
        rows: how many there are.
    """
    digits = np.zeros(rows, dtype=np.int64)
    for some in batched(held, CONDITIONS_AT_ONCE):
        for mask in some:
            digits = 2 * digits + mask
        _, digits = np.unique(digits, return_inverse=True)
    return digits.astype(np.int64), int(digits.max()) + 1


def numbered(rows: Mask, known: dict[bytes, int]) -> tuple[Places, NDArray[np.intp]]:
    """Number of each row, equal rows sharing one, and the first row of each new number, in order of first meeting.

    ``known`` are the numbers of rows met before; new ones are added.
    """
    before = len(known)
    packed = np.ascontiguousarray(np.packbits(rows, axis=1))
    keys = packed.view(f"V{packed.shape[1]}").ravel().tolist() if packed.size else [b""] * len(rows)
    found = np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int32)
    numbers, firsts = np.unique(found, return_index=True)
    return found, firsts[numbers >= before]


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
        self._required = Requirements(list(declared.values()))
        by_column = self._required.by_column
        self.columns = tuple(by_column)
        self._next_place = 1
        self._places: dict[str, int] = {}
        placed = [self._placed(name, conditions) for name, conditions in by_column.items()]
        self._digits, self._starts = _one_after_other([digits for digits, _ in placed], np.zeros(0, dtype=DIGIT))
        self._met, self._met_from = _one_after_other([met for _, met in placed], self._required.words[:0])
        self._worth = np.array(list(self._places.values()), dtype=np.int64)
        self._columns = places(self.columns)
        self._keys = np.zeros(LINES_TOGETHER, dtype=np.int64)
        self._codes = Index()
        self._class_of_code: Places = np.zeros(0, dtype=np.int32)
        self._known: dict[bytes, int] = {}

    def fork(self) -> "LineClasses":
        """The same classes, to which others are added on their own from here."""
        other = copy.copy(self)
        other._keys, other._codes, other._known = self._keys.copy(), copy.deepcopy(self._codes), dict(self._known)
        return other

    def _placed(self, name: str, conditions: tuple[Condition, ...]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Digits of a column, which get a place of their own in the code; and what conditions lines of each meet."""
        digits, count = digits_of(name, conditions)
        self._places[name] = self._next_place
        self._next_place *= count
        if self._next_place >= MOST_CODES:
            raise OverflowError("the conditions of all measures together need more codes than a whole number holds")
        met = np.zeros((count, self._required.words.shape[1]), dtype=np.uint64)
        stands_for = np.unique(digits, return_index=True)[1]
        for condition in conditions:
            word, bit = self._required.place(name, condition)
            met[answers(name, condition)[stands_for], word] |= bit
        return digits.astype(DIGIT), met

    def of(self, lines: Lines) -> Places:
        """Class of every line; new classes are added."""
        codes, done, index = np.empty(len(lines.bytes), dtype=np.int32), 0, self._codes
        while done < len(codes):
            known = index.count
            counts, firsts = np.array([known]), np.empty(NEW_CODES, dtype=np.int32)
            done = code_lines(
                done, lines, self._columns, self._starts, self._worth, self._digits, index.slots, index.numbers, counts,
                known, firsts, codes, self._keys,
            )  # fmt: skip
            index.count = int(counts[0])
            if index.count > known:
                new = self._classes_of(lines, firsts[: index.count - known])
                self._class_of_code = np.concatenate([self._class_of_code, new])
            index.make_room(LINES_TOGETHER)
        return self._class_of_code[codes]

    def _classes_of(self, lines: Lines, rows: Places) -> Places:
        """Classes of lines that stand for new codes."""
        members = np.ones((len(rows), len(self.names)), dtype=bool)
        match_lines(
            lines, rows, self._columns, self._starts, self._digits, self._met_from, self._met, self._required.words,
            members,
        )  # fmt: skip
        classes, fresh = numbered(members, self._known)
        self.members = np.concatenate([self.members, members[fresh]])
        return classes

    def chosen(self, name: str) -> Mask:
        """Which classes meet a declaration."""
        return np.ascontiguousarray(self.members[:, self.names[name]])

    def actions(self, names: Sequence[str], width: int, known: int = 0) -> tuple[Places, Places]:
        """Actions of each class from ``known`` on: where those of each start, and offsets (``number * width``)."""
        chosen = self.members[known:, [self.names[name] for name in names]]
        first = np.concatenate([[0], np.cumsum(chosen.sum(axis=1))]).astype(np.int32)
        return first, (np.nonzero(chosen)[1] * width).astype(np.int32)


def _one_after_other(parts: Sequence[NDArray[Any]], empty: NDArray[Any]) -> tuple[NDArray[Any], Ints]:
    """Tables as one, and where each of them starts."""
    return np.concatenate([*parts, empty]), np.cumsum([0, *map(len, parts)])[:-1].astype(np.int64)

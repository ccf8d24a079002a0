"""Counting the living at the end of a year: many measures over the same rows, in two passes.

Conditions see a column through few answers (``sim.line_classes``), so people fall into a few thousand classes, and each
is added to the measures of their class. Measures that are not of that kind are counted one by one.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.line_classes import CONDITIONS_AT_ONCE
from sim.measures import Condition, Measure, holds
from sim.meetings import listed
from sim.summation import Index, Ints, Places, add_lines
from sim.views import View

MOST_VALUES: Final = 1 << 17
"""Widest range of values of a column of which every one is tried."""

type Amounts = NDArray[np.float64]


@kernel
def add_people(
    classes: Places, first: Places, which: Places, level_first: Ints, levels: Ints, owners: Places, columns: Ints,
    values: Ints, totals: Ints,
) -> None:  # fmt: skip
    """Add every person to the measures of their class, for each of their owners.

    ``first`` and ``which`` are the measures of each class: where they start, and which; ``level_first`` and ``levels``
    the levels of each measure: its column of ``owners``, and where its totals start; ``columns`` the column of
    ``values`` that each measure adds up, -1 to count people.
    """
    for person in range(len(classes)):
        kind = np.uint64(classes[person])
        for k in range(first[kind], first[kind + np.uint64(1)]):
            m = np.uint64(which[k])
            value = np.int64(1)
            if columns[m] >= 0:
                value = values[person, columns[m]]
            for level in range(level_first[m], level_first[m + np.uint64(1)]):
                totals[np.uint64(levels[level, 1] + owners[person, levels[level, 0]])] += value


@kernel
def add_amounts(owner: Places, values: Amounts, totals: Amounts) -> None:
    """Add what is fractional, for the owners of one level: ``(people, amounts)`` to ``(owners, amounts)``, in order."""
    for person in range(len(owner)):
        place = np.uint64(owner[person])
        for v in range(values.shape[1]):
            totals[place, v] += values[person, v]


class PeopleCount:
    """Sums over the living.

    Args:
        measures: measures of patients.

    Attributes:
        totals: sums of each measure, its levels one after the other, each with a last place for nobody.
    """

    def __init__(self, measures: Sequence[Measure]) -> None:
        self.measures = measures
        self.totals: dict[str, NDArray[Any]] = {}

    def add(self, view: View) -> None:
        """Add a block of people."""
        whole, fractional = [], []
        for declared in self.measures:
            is_whole = declared.value is None or view.values(declared).dtype == np.int64
            if declared.odd is None and is_whole:
                whole.append(declared)
            elif declared.odd is None and not declared.where:
                fractional.append(declared)
            else:
                add_rows(view, declared, self.totals)
        self._add_whole(view, whole)
        for belongs in dict.fromkeys((declared.of, declared.per) for declared in fractional):
            self._add_fractional(view, [d for d in fractional if (d.of, d.per) == belongs], *belongs)

    def _add_whole(self, view: View, measures: Sequence[Measure]) -> None:
        classes, chosen = classes_of(view, measures)
        places = dict.fromkeys((declared.of, level) for declared in measures for level in declared.per)
        numbers = {place: number for number, place in enumerate(places)}
        names = list(dict.fromkeys(declared.value for declared in measures if declared.value is not None))
        level_first, levels, columns, starts, end = [0], [], [], [0], 0
        for declared in measures:
            for level in declared.per:
                levels.append((numbers[declared.of, level], end))
                end += view.sizes[level] + 1
            starts.append(end)
            level_first.append(len(levels))
            columns.append(-1 if declared.value is None else names.index(declared.value))
        values = [view.values(next(d for d in measures if d.value == name)) for name in names]
        totals = np.zeros(end, dtype=np.int64)
        add_people(
            classes, *listed(chosen), np.array(level_first, dtype=np.int64),
            np.array(levels, dtype=np.int64).reshape(-1, 2),
            _beside([view.owner(*place) for place in places], np.int32), np.array(columns, dtype=np.int64),
            _beside(values, np.int64), totals,
        )  # fmt: skip
        for declared, start, stop in zip(measures, starts, starts[1:], strict=False):
            self._put(declared, totals[start:stop])

    def _add_fractional(self, view: View, measures: Sequence[Measure], of: str, per: tuple[str, ...]) -> None:
        values = _beside([view.values(declared) for declared in measures], np.float64)
        added = [np.zeros((view.sizes[level] + 1, len(measures))) for level in per]
        for level, sums in zip(per, added, strict=True):
            add_amounts(view.owner(of, level), values, sums)
        for number, declared in enumerate(measures):
            self._put(declared, np.concatenate([sums[:, number] for sums in added]))

    def _put(self, declared: Measure, sums: NDArray[Any]) -> None:
        before = self.totals.get(declared.name)
        self.totals[declared.name] = sums if before is None else before + sums


def add_rows(view: View, declared: Measure, totals: dict[str, NDArray[Any]]) -> None:
    """Add the rows of a table to one measure, whatever its conditions and value."""
    rows, values = view.rows(declared), view.values(declared)
    if values.dtype == np.int64:
        length = sum(view.sizes[level] + 1 for level in declared.per)
        sums = totals.setdefault(declared.name, np.zeros(length, dtype=np.int64))
        add_lines(rows, values, view.places(declared.of, declared.per), sums)
        return
    added = np.concatenate([
        np.bincount(view.owner(declared.of, level)[rows], weights=values[rows], minlength=view.sizes[level] + 1)
        for level in declared.per
    ])  # fmt: skip
    totals[declared.name] = totals.get(declared.name, np.zeros(len(added))) + added


def classes_of(view: View, measures: Sequence[Measure]) -> tuple[Places, NDArray[np.bool_]]:
    """Class of each row, and which measures each class meets: ``(classes, measures)``."""
    by_column: dict[str, dict[Condition, None]] = {}
    for declared in measures:
        for name, condition in declared.where:
            by_column.setdefault(name, {})[condition] = None
    codes, place = np.zeros(len(view), dtype=np.int64), 1
    for name, conditions in by_column.items():
        digits, count = digits_of_rows(view, name, list(conditions))
        codes += digits * place
        place *= count
    classes, firsts = Index().add(codes)
    held = {
        (name, condition): holds(view.column(name)[firsts], condition)
        for name, conditions in by_column.items() for condition in conditions
    }  # fmt: skip
    chosen = np.ones((len(firsts), len(measures)), dtype=bool)
    for number, declared in enumerate(measures):
        for pair in declared.where:
            chosen[:, number] &= held[pair]
    return classes, chosen


def digits_of_rows(view: View, name: str, conditions: Sequence[Condition]) -> tuple[Ints, int]:
    """A digit for each row, rows with the same answers to all conditions on a column sharing one; and their number."""
    column = view.column(name)
    if not len(column):
        return np.zeros(0, dtype=np.int64), 1
    low, high = (int(column.min()), int(column.max())) if column.dtype.kind in "iu" else (0, MOST_VALUES)
    if high - low < MOST_VALUES:
        digits, count = _digits(np.arange(low, high + 1).astype(column.dtype), conditions)
        return digits[column.astype(np.int64) - low], count
    return _digits(column, conditions)


def _digits(column: NDArray[Any], conditions: Sequence[Condition]) -> tuple[Ints, int]:
    digits = np.zeros(len(column), dtype=np.int64)
    for start in range(0, len(conditions), CONDITIONS_AT_ONCE):
        for condition in conditions[start : start + CONDITIONS_AT_ONCE]:
            digits = 2 * digits + holds(column, condition)
        _, digits = np.unique(digits, return_inverse=True)
    return digits, int(digits.max()) + 1


def _beside(columns: Sequence[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    """Columns as a table ``(rows, columns)``."""
    if not columns:
        return np.zeros((0, 0), dtype=dtype)
    table = np.empty((len(columns[0]), len(columns)), dtype=dtype)
    for number, column in enumerate(columns):
        table[:, number] = column
    return table

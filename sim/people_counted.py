"""Counting the living at the end of a year: many measures over the same rows, in one pass.

Conditions see a column through few answers (``sim.line_classes``), so people fall into a few thousand classes, and each
is added to the measures of their class. Measures with odd conditions are counted one by one.
"""

from collections.abc import Mapping, Sequence
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

type Sums = dict[str, NDArray[Any]]
"""Sums of each measure: its levels one after the other, each with a last place for nobody."""


@kernel
def add_people(
    classes: Places, first: Places, which: Places, value_of: Ints, level_first: Ints, levels: Ints, owners: Places,
    values: NDArray[Any], totals: NDArray[Any],
) -> None:  # fmt: skip
    """Add every person to the measures of their class, one after the other: whole numbers and amounts alike.

    Given:
        classes: class of each person.
        first, which: measures of each class: where they start, and which.
        value_of: row of ``values`` that each measure adds up.
        level_first, levels: levels of each measure: where they start; row of ``owners``, and where its totals start.
        owners, values: one a person.
        totals: written.
    """
    for one in range(len(classes)):
        person = np.uint64(one)
        kind = np.uint64(classes[person])
        for k in range(first[kind], first[kind + np.uint64(1)]):
            m = np.uint64(which[k])
            value = values[np.uint64(value_of[m]), person]
            for level in range(level_first[m], level_first[m + np.uint64(1)]):
                totals[np.uint64(levels[level, 1] + owners[np.uint64(levels[level, 0]), person])] += value


class PeopleCount:
    """Sums over the living.

    Args:
        measures: measures of patients.

    Attributes:
        totals: sums of each measure, its levels one after the other, each with a last place for nobody.
    """

    def __init__(self, measures: Sequence[Measure]) -> None:
        self.measures = measures
        self.totals: Sums = {}

    def add(self, view: View) -> None:
        """Add a block of people."""
        self.join(self.of_block(view))

    def join(self, sums: Sums) -> None:
        """Add the sums of a block."""
        for name, more in sums.items():
            before = self.totals.get(name)
            self.totals[name] = more if before is None else before + more

    def of_block(self, view: View) -> Sums:
        """The sums of one block of people, of which blocks may be counted at the same time."""
        sums: Sums = {}
        plain = [declared for declared in self.measures if declared.odd is None]
        classes, chosen = classes_of(view, plain)
        values = {declared.value: view.values(declared) for declared in plain}
        fractional = np.array([values[declared.value].dtype.kind == "f" for declared in plain], dtype=bool)
        for dtype, these in ((np.int64, ~fractional), (np.float64, fractional)):
            some = [declared for declared, is_one in zip(plain, these, strict=True) if is_one]
            sums |= _added_up(view, some, values, classes, chosen[:, these], dtype)
        for declared in self.measures:
            if declared.odd is not None:
                add_rows(view, declared, sums)
        return sums


def _added_up(
    view: View, measures: Sequence[Measure], values: Mapping[Any, NDArray[Any]], classes: Places,
    chosen: NDArray[np.bool_], dtype: Any,
) -> Sums:  # fmt: skip
    """Sums of measures of one type, by the classes that each counts."""
    owners = list(dict.fromkeys((declared.of, level) for declared in measures for level in declared.per))
    added_up = list(dict.fromkeys(declared.value for declared in measures))
    level_first, levels, starts, end = [0], [], [0], 0
    for declared in measures:
        for level in declared.per:
            levels.append((owners.index((declared.of, level)), end))
            end += view.sizes[level] + 1
        level_first.append(len(levels))
        starts.append(end)
    totals = np.zeros(end, dtype=dtype)
    add_people(
        classes, *listed(chosen), np.array([added_up.index(declared.value) for declared in measures], dtype=np.int64),
        np.array(level_first, dtype=np.int64), np.array(levels, dtype=np.int64).reshape(-1, 2),
        _stacked([view.owner(*one) for one in owners], np.int32), _stacked([values[one] for one in added_up], dtype),
        totals,
    )  # fmt: skip
    return {d.name: totals[start:end] for d, start, end in zip(measures, starts, starts[1:], strict=False)}


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


def _stacked(columns: Sequence[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    """Columns as the rows of a table: ``(columns, people)``."""
    return np.stack(columns, dtype=dtype) if columns else np.zeros((0, 0), dtype=dtype)

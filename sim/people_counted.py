"""Counting the living at the end of a year: many measures over the same rows, in one pass.

Conditions see a column through few answers (``sim.line_classes``), so people fall into a few thousand classes, and each
is added to the measures of their class. Measures with odd conditions are counted one by one.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.line_classes import digits_by
from sim.measures import Condition, Measure, holds
from sim.meetings import listed
from sim.requirements import Requirements
from sim.summation import Index, Ints, Places, add_lines
from sim.views import View

MOST_VALUES: Final = 1 << 17
"""Widest range of values of a column of which every one is tried."""
ROUND_VALUES: Final = 256
"""Whole numbers by which such a range is rounded outwards."""
RANGES_KEPT: Final = 64
"""Ranges of which the digits are remembered, of all columns."""

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


class PeopleCounting:
    """How some measures of patients are counted.

    Args:
        measures: the measures.

    Attributes:
        plain: those that are counted by class; the others have odd conditions.
        odd: the others.
        required: conditions of the plain ones.
    """

    def __init__(self, measures: Sequence[Measure]) -> None:
        self.plain = [declared for declared in measures if declared.odd is None]
        self.odd = [declared for declared in measures if declared.odd is not None]
        self.required = Requirements(self.plain)


class PeopleCount:
    """Sums over the living.

    Args:
        counting: what is counted, and how.

    Attributes:
        totals: sums of each measure, its levels one after the other, each with a last place for nobody.
    """

    def __init__(self, counting: PeopleCounting) -> None:
        self.counting = counting
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
        plain = self.counting.plain
        classes, chosen = classes_of(view, self.counting.required)
        values = {declared.value: view.values(declared) for declared in plain}
        fractional = np.array([values[declared.value].dtype.kind == "f" for declared in plain], dtype=bool)
        for dtype, these in ((np.int64, ~fractional), (np.float64, fractional)):
            some = [declared for declared, is_one in zip(plain, these, strict=True) if is_one]
            sums |= _added_up(view, some, values, classes, chosen[:, these], dtype)
        for declared in self.counting.odd:
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


def classes_of(view: View, required: Requirements) -> tuple[Places, NDArray[np.bool_]]:
    """Class of each row, and which measures each class meets: ``(classes, measures)``."""
    codes, place = np.zeros(len(view), dtype=np.int64), 1
    for name, conditions in required.by_column.items():
        digits, count = digits_of_rows(view.column(name), conditions)
        codes += digits * place
        place *= count
    classes, firsts = Index().add(codes)
    of_class = {name: view.column(name)[firsts] for name in required.by_column}
    return classes, required.met(len(firsts), lambda name, condition: holds(of_class[name], condition))


def digits_of_rows(column: NDArray[Any], conditions: tuple[Condition, ...]) -> tuple[Ints, int]:
    """A digit for each row, rows with the same answers to all conditions on a column sharing one; and their number."""
    if not len(column):
        return np.zeros(0, dtype=np.int64), 1
    low, high = (int(column.min()), int(column.max())) if column.dtype.kind in "iu" else (0, MOST_VALUES)
    if high - low < MOST_VALUES:
        # Rounded, so that the few ranges in which a column moves from year to year are looked at once.
        low, high = low // ROUND_VALUES * ROUND_VALUES, (high // ROUND_VALUES + 1) * ROUND_VALUES
        digits, count = _digits_between(low, high, column.dtype.str, conditions)
        return digits[column.astype(np.int64) - low], count
    return digits_by((holds(column, condition) for condition in conditions), len(column))


@lru_cache(maxsize=RANGES_KEPT)
def _digits_between(low: int, high: int, dtype: str, conditions: tuple[Condition, ...]) -> tuple[Ints, int]:
    """Digits of the whole numbers from ``low`` to below ``high``, as a column holds them."""
    values = np.arange(low, high).astype(dtype)
    return digits_by((holds(values, condition) for condition in conditions), len(values))


def _stacked(columns: Sequence[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    """Columns as the rows of a table: ``(columns, people)``."""
    return np.stack(columns, dtype=dtype) if columns else np.zeros((0, 0), dtype=dtype)

"""Counting the living at the end of a year: many measures over the same rows, in one pass.

Conditions see a column through few answers (``sim.line_classes``), so people fall into a few thousand classes, and each
is added to the measures of their class. Measures with odd conditions are counted one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.line_classes import digits_by
from sim.line_kernels import Whole
from sim.measures import Condition, Mask, Measure, holds
from sim.requirements import Requirements
from sim.summation import Index, Ints, Places, add_lines
from sim.views import View, is_whole

MOST_VALUES: Final = 1 << 17
"""Widest range of values of a column of which every one is tried."""
ROUND_VALUES: Final = 256
"""Whole numbers by which such a range is rounded outwards."""
RANGES_KEPT: Final = 64
"""Ranges of which the digits are remembered, of all columns."""
PEOPLE_TOGETHER: Final = 2048
"""People whose columns are laid side by side at once: so many stay in the cache."""

type Sums = dict[str, NDArray[Any]]
"""Sums of each measure: its levels one after the other, each with a last place for nobody."""


@kernel
def add_terms(
    person: Whole, start: Whole, end: Whole, which: Places, terms: Places, owners: Places, values: NDArray[Any],
    totals: NDArray[Any],
) -> None:  # fmt: skip
    """Add one person to the terms listed in ``which`` from ``start`` to before ``end``; see :func:`add_people`."""
    for k in range(start, end):
        term = np.uint64(which[np.uint64(k)])
        value, owner = np.uint64(terms[term, 0]), np.uint64(terms[term, 1])
        totals[np.uint64(terms[term, 2] + owners[owner, person])] += values[value, person]


@kernel
def add_people(
    classes: Places, first: Places, which: Places, terms: Places, owners: Places, values: Ints, totals: Ints,
    amounts: NDArray[np.float64], sums: NDArray[np.float64],
) -> None:  # fmt: skip
    """Add every person to the measures of their class, one after the other.

    Given:
        classes: class of each person.
        first, which: terms of each class: where those of whole numbers start, then those of amounts; and which.
        terms: a level of a measure each: row of ``values`` that is added up, row of ``owners``, start of its sums.
        owners, values: one a person.
        totals: written.
        amounts, sums: the memory of ``values`` and ``totals``, read as amounts.
    """
    for one in range(len(classes)):
        person = np.uint64(one)
        kind = np.uint64(2 * classes[person])
        start, amounts_start, end = first[kind], first[kind + np.uint64(1)], first[kind + np.uint64(2)]
        add_terms(person, start, amounts_start, which, terms, owners, values, totals)
        add_terms(person, amounts_start, end, which, terms, owners, amounts, sums)


@kernel
def list_terms(met: Mask, order: Places, amounts_from: Whole, term_first: Places, first: Places, which: Places) -> None:
    """List the terms of each class, those of whole numbers before those of amounts.

    Given:
        met: which measures each class meets.
        order: measures, those of whole numbers first; ``amounts_from`` is where the others start.
        term_first: where the terms of each measure start.
        first, which: written, see :func:`add_people`.
    """
    count = 0
    for one in range(len(met)):
        for half, (low, high) in enumerate(((0, amounts_from), (amounts_from, len(order)))):
            for k in range(low, high):
                measure = np.uint64(order[k])
                if met[one, measure]:
                    for term in range(term_first[measure], term_first[measure + np.uint64(1)]):
                        which[count] = term
                        count += 1
            first[2 * one + half + 1] = count


class PeopleCounting:
    """How some measures of patients are counted.

    Args:
        measures: the measures.

    Attributes:
        plain: those that are counted by class; the others have odd conditions.
        odd: the others.
        required: conditions of the plain ones.
        values: what the plain ones add up.
        owners: whom they belong to, by way and level.
    """

    def __init__(self, measures: Sequence[Measure]) -> None:
        self.plain = [declared for declared in measures if declared.odd is None]
        self.odd = [declared for declared in measures if declared.odd is not None]
        self.required = Requirements(self.plain)
        self.values = tuple(dict.fromkeys(declared.value for declared in self.plain))
        self.owners = tuple(dict.fromkeys((declared.of, level) for declared in self.plain for level in declared.per))
        self._layout: Layout | None = None

    def layout(self, sizes: Mapping[str, int]) -> "Layout":
        """Where the sums stand; worked out anew when there are more or fewer owners."""
        if self._layout is None or self._layout.sizes != sizes:
            self._layout = Layout.of(self, sizes)
        return self._layout


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the sums of the plain measures stand.

    Attributes:
        sizes: number of owners at each level.
        terms: a level of a measure each, see :func:`add_people`.
        term_first: where the terms of each measure start.
        value_of: which of the values each measure adds up.
        starts: where the sums of each measure start.
    """

    sizes: Mapping[str, int]
    terms: Places
    term_first: Places
    value_of: NDArray[np.intp]
    starts: list[int]

    @classmethod
    def of(cls, counting: PeopleCounting, sizes: Mapping[str, int]) -> "Layout":
        """The measures one after the other, and in each its levels."""
        values = {value: row for row, value in enumerate(counting.values)}
        owners = {owner: row for row, owner in enumerate(counting.owners)}
        terms, term_first, starts, end = [], [0], [0], 0
        for declared in counting.plain:
            for level in declared.per:
                terms.append((values[declared.value], owners[declared.of, level], end))
                end += sizes[level] + 1
            term_first.append(len(terms))
            starts.append(end)
        value_of = np.array([values[declared.value] for declared in counting.plain], dtype=np.intp)
        return cls(
            sizes,
            np.array(terms, dtype=np.int32).reshape(-1, 3),
            np.array(term_first, dtype=np.int32),
            value_of,
            starts,
        )

    def listed(self, met: Mask, whole: Mask) -> tuple[Places, Places]:
        """Terms of each class (:func:`list_terms`), given what it meets and which measures add up whole numbers."""
        order = np.argsort(~whole, kind="stable").astype(np.int32)
        first = np.zeros(2 * len(met) + 1, dtype=np.int32)
        which = np.empty(len(met) * len(self.terms), dtype=np.int32)
        list_terms(met, order, np.count_nonzero(whole), self.term_first, first, which)
        return first, which


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

    def join(self, sums: Sums) -> None:
        """Add the sums of a block."""
        for name, more in sums.items():
            before = self.totals.get(name)
            self.totals[name] = more if before is None else before + more

    def found(self) -> Sums:
        """What is kept of the sums of all blocks."""
        return self.totals

    def of_block(self, view: View) -> Sums:
        """The sums of one block of people, of which blocks may be counted at the same time."""
        counting = self.counting
        layout = counting.layout(view.sizes)
        added = [view.added(value) for value in counting.values]
        whole = np.array([is_whole(column) for column in added], dtype=bool)[layout.value_of]
        classes, met = classes_of(view, counting.required)
        listed = layout.listed(met, whole)
        totals = np.zeros(layout.starts[-1], dtype=np.int64)
        amounts = totals.view(np.float64)
        self._add(view, added, classes, listed, layout.terms, totals)
        ends = zip(counting.plain, whole.tolist(), layout.starts, layout.starts[1:], strict=False)
        sums: Sums = {d.name: (totals if is_one else amounts)[start:end] for d, is_one, start, end in ends}
        for declared in counting.odd:
            add_rows(view, declared, sums)
        return sums

    def _add(
        self, view: View, added: Sequence[NDArray[Any]], classes: Places, listed: tuple[Places, Places], terms: Places,
        totals: Ints,
    ) -> None:  # fmt: skip
        """Add everybody to their terms, some people after the other."""
        owners = np.empty((len(self.counting.owners), PEOPLE_TOGETHER), dtype=np.int32)
        values = np.empty((len(added), PEOPLE_TOGETHER), dtype=np.int64)
        amounts = values.view(np.float64)
        laid = [(owners[row], view.owner(*owner)) for row, owner in enumerate(self.counting.owners)]
        laid += [((values if is_whole(column) else amounts)[row], column) for row, column in enumerate(added)]
        for start in range(0, len(view), PEOPLE_TOGETHER):
            some = classes[start : start + PEOPLE_TOGETHER]
            for room, column in laid:
                room[: len(some)] = column[start : start + PEOPLE_TOGETHER]
            add_people(some, *listed, terms, owners, values, totals, amounts, totals.view(np.float64))


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

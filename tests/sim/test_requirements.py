"""Conditions packed in words: a row meets a declaration when all of its conditions hold, however many there are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from sim.measures import Between, Bits, Measure, holds
from sim.requirements import WORD, Requirements

COLUMNS = {"age": np.arange(0, 100, 3), "flags": np.arange(34) % 8}


def measure(number: int, *where: tuple[str, object]) -> Measure:
    """A measure of patients with some conditions."""
    return Measure(f"m{number}", "a measure", "count", "invented", where=tuple(where))  # type: ignore[arg-type]


CONDITIONS = st.one_of(
    st.tuples(st.just("age"), st.builds(Between, st.integers(0, 50), st.integers(40, 99))),
    st.tuples(st.just("flags"), st.builds(Bits, st.integers(0, 7), st.just(0))),
    st.tuples(st.just("age"), st.tuples(st.integers(0, 99), st.integers(0, 99))),
)


@given(st.lists(st.lists(CONDITIONS, max_size=4), max_size=40))
def test_a_row_meets_what_holds_of_it_condition_by_condition(asked: list[list[tuple[str, object]]]) -> None:
    declared = [measure(number, *where) for number, where in enumerate(asked)]
    met = Requirements(declared).met(34, lambda name, condition: holds(COLUMNS[name], condition))
    expected = np.ones((34, len(declared)), dtype=bool)
    for number, where in enumerate(asked):
        for name, condition in where:
            expected[:, number] &= holds(COLUMNS[name], condition)  # type: ignore[arg-type]
    assert_array_equal(met, expected)


def test_conditions_fill_more_than_one_word() -> None:
    declared = [measure(n, ("age", Between(n, n + 1)), ("flags", Bits(n % 8))) for n in range(90)]
    required = Requirements(declared)
    assert required.words.shape == (90, 2)
    assert len(required.by_column["age"]) == 90 > WORD
    met = required.met(34, lambda name, condition: holds(COLUMNS[name], condition))
    ages, flags = COLUMNS["age"], COLUMNS["flags"]
    expected = [(ages >= n) & (ages <= n + 1) & (flags & n % 8 == n % 8) for n in range(90)]
    assert_array_equal(met, np.transpose(expected))

"""Formulas: what they compute, what they refuse."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.mistakes import Mistake
from sim.payment.formula import FUNCTIONS, formula

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5)


def value(text: str, **names: object) -> np.ndarray:
    return formula(text)(lambda name: names[name])


@given(NUMBERS)
@settings(max_examples=50)
def test_arithmetic_is_that_of_numpy_row_by_row(numbers: list[float]) -> None:
    a = np.array(numbers)
    assert np.array_equal(value("max(0, a * 2 - 1) / 4 + -a", a=a), np.maximum(0, a * 2 - 1) / 4 - a)
    assert np.array_equal(value("clip(a, -1, 1)", a=a), np.clip(a, -1, 1))
    assert np.array_equal(value("a if a > 0 else 0", a=a), np.where(a > 0, a, 0))
    assert np.array_equal(value("a >= 0 and not a > 5 or a == -1", a=a), (a >= 0) & ~(a > 5) | (a == -1))
    assert np.array_equal(value("0 <= a <= 5", a=a), (a >= 0) & (a <= 5))
    assert np.array_equal(value("min(a, 3, 1) + floor(a)", a=a), np.minimum(a, 1) + np.floor(a))


def test_the_branch_that_is_not_taken_may_divide_by_zero() -> None:
    a = np.array([0.0, 2.0])
    assert value("1 / a if a > 0 else 0", a=a).tolist() == [0.0, 0.5]


def test_words_of_switches_are_compared() -> None:
    assert value('1 if mode == "excess" else 0', mode="excess") == 1
    assert value('1 if mode == "excess" else 0', mode="none") == 0


def test_names_come_in_order_and_functions_are_none_of_them() -> None:
    assert formula("min(b, a) + b * c").names == ("b", "a", "c")
    assert not set(formula("max(x, 1)").names) & set(FUNCTIONS)


@pytest.mark.parametrize(
    "text",
    ["", "a +", "a ** 2", "a.b", "a[0]", "lambda: 1", "open('x')", "(a for a in b)", "__import__('os')", "a if b",
     "max(a, key=b)", "a := 1", "f'{a}'", "[1, 2]", "a is b", "a @ b"],
)  # fmt: skip
def test_what_is_no_formula_is_refused_before_anything_is_computed(text: str) -> None:
    with pytest.raises(Mistake):
        formula(text)

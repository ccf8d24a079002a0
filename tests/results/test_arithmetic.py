"""Formulas as people read them give what the payment rules compute."""

import ast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from results.arithmetic import as_read, as_taken, names, value, with_numbers
from results.messages import set_language
from sim.payment.formula import formula

WORTH = {"a": 3.0, "b": 0.0, "c": True, "d": 1234.5, "how": "by_gap"}


def numbers(text: str) -> str:
    return with_numbers(text, WORTH, lambda name, answer: "yes" if answer else f"{WORTH[name]}")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a * (d - 1)", "3.0 × (1234.5 \u2212 1)"),
        ("a / b if b > 0 else d", "1234.5"),
        ("(a / b if b > 0 else d) * a", "1234.5 × 3.0"),
        ("a if b > 0 else (d if c else 2) * 3 if a > 1 else 4", "1234.5 × 3"),
        ("max(0, b - a) + min(a, d if c else 2)", "max(0, 0.0 \u2212 3.0) + min(3.0, 1234.5)"),
        ("c and a >= 2 and not b", "yes and 3.0 ≥ 2 and not yes"),
        ("c * a", "True × 3.0"),
        ('a if how == "by_gap" else d', "3.0"),
    ],
)
def test_numbers_stand_in_the_place_of_names_as_far_as_the_rule_applies(text: str, shown: str) -> None:
    assert numbers(text) == shown


def test_the_rule_itself_is_shown_whole_with_the_signs_of_arithmetic() -> None:
    assert as_read("a / b if b >= 0 and not c else a - b * 2") == "a ÷ b if b ≥ 0 and not c else a \u2212 b × 2"
    set_language("fr")
    try:
        assert as_read("a / b if b >= 0 and not c else a") == "a ÷ b si b ≥ 0 et non c sinon a"
        assert as_read("clip(a, 0.5, 1)") == "clip(a\u202f; 0,5\u202f; 1)"
    finally:
        set_language("en")


def test_names_come_in_order_and_functions_are_none() -> None:
    assert names("min(b, a) + a / clip(c, 0, 1)") == ["b", "a", "c"]


def test_what_is_no_formula_is_refused() -> None:
    with pytest.raises(ValueError, match="no formula"):
        value("a ** 2", WORTH)


# Whatever the formula, this reader and the payment rules agree on it.

LEAVES = st.sampled_from(["a", "b", "d", "2", "0.5"])


def _deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    return st.one_of(
        st.builds(lambda pair, sign: f"({pair[0]} {sign} {pair[1]})", two, st.sampled_from("+-*")),
        st.builds(lambda pair, name: f"{name}({pair[0]}, {pair[1]})", two, st.sampled_from(["min", "max"])),
        st.builds(lambda one, pair: f"({one} if {pair[0]} > {pair[1]} else {pair[0]})", inner, two),
        st.builds(lambda one, pair: f"({one} if {pair[0]} > 1 and {pair[1]} <= 2 else 7)", inner, two),
        st.builds(lambda one: f"clip({one}, 0, 10)", inner),
    )


@settings(max_examples=150)
@given(st.recursive(LEAVES, _deeper, max_leaves=12), st.floats(-5, 5), st.floats(-5, 5))
def test_the_reader_agrees_with_the_rules(text: str, a: float, b: float) -> None:
    worth = {"a": a, "b": b, "d": 3.0}
    expected = float(np.asarray(formula(text)(worth.__getitem__)))
    assert value(text, worth) == pytest.approx(expected)
    assert value(as_taken(text, worth), worth) == pytest.approx(expected)
    said = (
        with_numbers(text, worth, lambda name, _answer: f"({worth[name]!r})").replace("×", "*").replace("\u2212", "-")
    )
    assert " if " not in said
    assert value(said, {}) == pytest.approx(expected)
    ast.parse(said, mode="eval")

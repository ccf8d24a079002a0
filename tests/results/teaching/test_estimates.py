import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from results.intervals import paired
from results.teaching.estimates import intervals, known, plain, sign


@given(arrays(np.float64, st.tuples(st.integers(2, 9), st.integers(1, 3)), elements=st.floats(-1e6, 1e6)))
def test_intervals_are_those_of_a_comparison(values: np.ndarray) -> None:
    for found, column in zip(intervals(values, 0), values.T, strict=True):
        expected = paired(column)
        assert found == pytest.approx([expected.mean, expected.low, expected.high], rel=1e-9, abs=1e-6)


def test_one_seed_has_no_interval_and_a_missing_one_is_left_out() -> None:
    alone = intervals(np.array([[2.0]]), 0)[0]
    assert alone[0] == 2.0
    assert np.isnan(alone[1:]).all()
    whole, holed = np.array([1.0, 2.0, 4.0]), np.array([1.0, np.nan, 2.0, 4.0])
    assert intervals(holed[:, None], 0) == pytest.approx(intervals(whole[:, None], 0))


def table() -> pd.DataFrame:
    rows = [
        {"arm": arm, "seed": seed, "year": year, "x": 10 * seed + year + effect}
        for arm, effect in (("a", 0.0), ("b", 5.0)) for seed in (1, 2, 3) for year in (1, 2)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_luck_that_arms_share_goes_out_of_their_difference() -> None:
    found = known(table(), "village", ["a", "b"], "a", [2], ["x"])
    assert found.estimate("x", "b", "a") == pytest.approx((5.0, 5.0, 5.0))
    assert found.estimate("x", "a", "b") == pytest.approx((-5.0, -5.0, -5.0))
    mean, low, high = found.estimate("x", "a")
    assert mean == pytest.approx(22.0)
    assert low < mean < high
    assert found.by_year.shape == (2, 2, 1, 3)
    assert found.values.shape == (2, 3, 1)  # noqa: PD011 - no frame


def test_numbers_of_one_study_are_told_apart_on_the_same_seeds() -> None:
    found = known(table(), "village", ["a", "b"], "a", [2], ["x"])
    assert found.apart(("x", "b"), ("x", "a")) == pytest.approx((5.0, 5.0, 5.0))


def test_the_interval_of_a_share_ends_where_shares_do() -> None:
    shares = table().assign(x=lambda rows: (rows["seed"] == 1).astype(float))
    free, held = (known(shares, "village", ["a", "b"], "a", [2], ["x"], names) for names in ((), ("x",)))
    assert free.estimate("x", "a")[1] < 0
    assert held.estimate("x", "a")[1] == 0.0
    assert held.estimate("x", "a")[2] == 1.0
    assert held.by_year.min() >= 0.0


def test_a_sign_is_told_only_where_zero_is_outside() -> None:
    assert sign((1.0, 0.2, 1.8)) == "more"
    assert sign((-1.0, -1.8, -0.2)) == "less"
    assert sign((1.0, -0.2, 2.2)) == sign((1.0, math.nan, math.nan)) == "unclear"


def test_json_holds_no_missing_number() -> None:
    assert plain((1.23456789, math.nan, math.inf)) == [1.23457, None, None]

"""Intervals: known answers, symmetries, and how often they hold what they promise."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.random import Generator, default_rng
from scipy import stats

from results.intervals import (
    Estimate,
    Numbers,
    always_valid,
    benjamini_hochberg,
    chances_of_extremes,
    complete,
    crossed,
    evidence,
    holm,
    paired,
    still_needed,
)

REPETITIONS = 2000
NEAR_95 = (0.93, 0.97)
"""Between which the share of intervals that hold the truth must lie."""

numbers = st.floats(-1e3, 1e3, allow_nan=False, width=32)
replicates = arrays(np.float64, st.integers(3, 12), elements=numbers)


# Known answers.


def test_the_paired_interval_is_that_of_students_test() -> None:
    """Sleep of ten patients under two drugs (Student 1908): mean 1.58, interval 0.70 to 2.46, p = 0.002833."""
    extra = np.array([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])
    found = paired(extra)
    assert found.mean == pytest.approx(1.58)
    assert found.degrees == 9
    assert (found.low, found.high) == pytest.approx((0.7001142, 2.4598858), abs=1e-6)
    assert found.p == pytest.approx(0.002833, abs=1e-6)
    expected = stats.ttest_1samp(extra, 0.0)
    assert found.p == pytest.approx(expected.pvalue)


def test_a_difference_without_spread_is_certain_and_none_at_all_is_no_finding() -> None:
    assert (paired(np.full(5, 2.0)).p, paired(np.zeros(5)).p) == (0.0, 1.0)
    assert always_valid(np.full(5, 2.0)).p == 0.0
    assert always_valid(np.zeros(5)).low == 0.0
    assert math.isnan(paired(np.zeros(0)).mean)
    assert math.isnan(paired(np.ones(1)).low)


def test_one_vector_gives_the_paired_interval() -> None:
    values = np.array([[1.0, 2.0, 4.0]])
    assert crossed(values) == paired(values[0])


def test_the_parts_of_a_crossed_table_are_those_of_its_analysis_of_variance() -> None:
    """Two factors without repetition; mean squares by hand: 8, 18 and 0.5."""
    table = np.array([[1.0, 4.0], [3.0, 6.0], [5.0, 9.0]])
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    rest = table - rows[:, None] - columns + table.mean()
    noise = (rest**2).sum() / 2
    found = crossed(table)
    assert found.mean == pytest.approx(28 / 6)
    assert found.between == pytest.approx(math.sqrt((2 * rows.var(ddof=1) - noise) / 2))
    assert found.within == pytest.approx(math.sqrt(noise + (3 * columns.var(ddof=1) - noise) / 3))
    total = 2 * rows.var(ddof=1) + 3 * columns.var(ddof=1) - noise
    assert found.error == pytest.approx(math.sqrt(total / 6))
    assert found.range_low < found.low < found.high < found.range_high


def test_p_values_of_many_tests_are_those_of_the_books() -> None:
    """Holm by hand; Benjamini and Hochberg as in SciPy."""
    p = np.array([0.01, 0.04, 0.03, 0.005])
    assert holm(p).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert benjamini_hochberg(p).tolist() == pytest.approx(stats.false_discovery_control(p).tolist())
    with_a_hole = np.array([0.01, np.nan, 0.03])
    assert holm(with_a_hole)[[0, 2]].tolist() == pytest.approx([0.02, 0.03])
    assert np.isnan(holm(with_a_hole)[1])
    assert np.isnan(benjamini_hochberg(with_a_hole)[1])
    assert len(holm(np.zeros(0))) == 0


def test_replicates_still_needed() -> None:
    """31 replicates give t = 2.042 and, with a spread of 1, a half-width of 0.3668; 30 give 0.3734."""
    assert still_needed(1.0, 10, 0.37) == 21
    assert still_needed(1.0, 31, 0.37) == 0
    assert still_needed(0.0, 5, 0.1) == 0
    assert still_needed(1.0, 5, 0.0) == math.inf
    assert still_needed(1.0, 5, 1e-9) == math.inf
    assert math.isnan(still_needed(math.nan, 5, 0.1))


def test_what_is_left_when_whole_vectors_and_seeds_go() -> None:
    values = np.arange(12.0).reshape(3, 4)
    values[1] = np.nan
    values[0, 2] = np.nan
    block, rows, columns = complete(values)
    assert (rows.tolist(), columns.tolist()) == ([True, False, True], [True, True, False, True])
    assert block.tolist() == [[0, 1, 3], [8, 9, 11]]
    assert complete(np.full((2, 3), np.nan))[0].size == 0


def test_chances_of_being_highest_and_lowest() -> None:
    low, middle = np.arange(6.0)[None, :], np.arange(6.0)[None, :] + 0.5  # always 0.5 apart
    highest, lowest = chances_of_extremes(np.stack([low, middle, middle]))
    assert highest.tolist() == [0.0, 0.5, 0.5]
    assert lowest.tolist() == [1.0, 0.0, 0.0]
    assert np.isnan(chances_of_extremes(np.zeros((2, 0, 0)))[0]).all()


@pytest.mark.parametrize("seeds", [2, 5, 40])
def test_the_chance_of_being_best_is_that_of_a_t_test(seeds: int) -> None:
    """With two arms it is one less half of the p-value, however few the replicates."""
    difference = default_rng(3).normal(0.5, 1.0, seeds)
    highest, lowest = chances_of_extremes(np.stack([np.zeros((1, seeds)), difference[None, :]]))
    one_sided = 1 - paired(difference).p / 2 if difference.mean() > 0 else paired(difference).p / 2
    assert highest[1] == pytest.approx(one_sided, abs=0.01)
    assert lowest[1] == pytest.approx(1 - one_sided, abs=0.01)


def test_the_chance_of_being_best_over_parameters_is_on_the_safe_side() -> None:
    difference = default_rng(5).normal(1.0, 1.0, (6, 5)) + np.arange(6.0)[:, None] - 2.5
    highest, _lowest = chances_of_extremes(np.stack([np.zeros((6, 5)), difference]))
    assert 0.5 < highest[1] <= 1 - crossed(difference).p / 2 + 0.02


# Symmetries.


@settings(max_examples=50)
@given(replicates)
def test_swapping_arms_flips_signs(values: Numbers) -> None:
    for interval in (paired, always_valid):
        here, there = interval(values), interval(-values)
        assert (here.mean, here.low, here.high, here.p) == (-there.mean, -there.high, -there.low, there.p)
    table = np.stack([values, values[::-1] * 2])
    here, there = crossed(table), crossed(-table)
    assert here.low == pytest.approx(-there.high)
    assert here.p == pytest.approx(there.p)


@settings(max_examples=50)
@given(arrays(np.float64, st.tuples(st.integers(2, 4), st.integers(2, 6)), elements=numbers))
def test_parts_of_a_crossed_table_are_never_negative(table: Numbers) -> None:
    found = crossed(table)
    assert found.between >= 0
    assert found.within >= 0
    assert found.low <= found.mean <= found.high
    assert found.range_low <= found.low
    assert found.high <= found.range_high


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_corrected_p_values_keep_their_order_and_are_no_smaller(p: list[float]) -> None:
    raw = np.array(p)
    for corrected in (holm(raw), benjamini_hochberg(raw)):
        assert (corrected >= raw - 1e-12).all()
        assert (corrected <= 1).all()
        assert (np.diff(corrected[np.argsort(raw, kind="stable")]) >= -1e-12).all()
    assert (benjamini_hochberg(raw) <= holm(raw) + 1e-12).all()


# What intervals promise, over many repetitions.


def share(holds: list[bool]) -> float:
    return sum(holds) / len(holds)


@pytest.mark.parametrize("seeds", [5, 20])
def test_a_paired_interval_of_95_percent_holds_the_truth_in_95_percent(seeds: int) -> None:
    rng = default_rng(seeds)
    found = [paired(rng.normal(1.5, 2.0, seeds)) for _ in range(REPETITIONS)]
    assert NEAR_95[0] <= share([one.low <= 1.5 <= one.high for one in found]) <= NEAR_95[1]


def table_of(rng: Generator, sizes: tuple[int, int], spreads: tuple[float, float, float]) -> Numbers:
    """Effects of vectors, of seeds, and noise, around 1."""
    vectors, seeds, noise = spreads
    of_vectors, of_seeds = rng.normal(0, vectors, (sizes[0], 1)), rng.normal(0, seeds, (1, sizes[1]))
    return np.asarray(1 + of_vectors + of_seeds + rng.normal(0, noise, sizes))


@pytest.mark.parametrize(
    ("sizes", "spreads"), [((10, 6), (1, 1, 1)), ((10, 5), (1, 0, 1)), ((10, 5), (0, 1, 1)), ((20, 10), (1, 0.5, 0.5))]
)
def test_an_interval_over_parameters_and_seeds_holds_the_truth(
    sizes: tuple[int, int], spreads: tuple[float, float, float]
) -> None:
    rng = default_rng(7)
    found = [crossed(table_of(rng, sizes, spreads)) for _ in range(REPETITIONS)]
    assert NEAR_95[0] <= share([one.low <= 1 <= one.high for one in found]) <= NEAR_95[1]
    effects = 1 + rng.normal(0, spreads[0], REPETITIONS)
    held = [one.range_low <= effect <= one.range_high for one, effect in zip(found, effects, strict=True)]
    assert share(held) >= NEAR_95[0], "the range is on the safe side where parameters matter little"


def test_one_seed_a_vector_still_gives_an_honest_interval() -> None:
    rng = default_rng(11)
    found = [crossed(table_of(rng, (12, 1), (1, 0, 1))) for _ in range(REPETITIONS)]
    assert NEAR_95[0] <= share([one.low <= 1 <= one.high for one in found]) <= NEAR_95[1]


def test_an_always_valid_interval_misses_the_truth_at_any_look_in_5_percent_at_most() -> None:
    rng = default_rng(13)
    looks = [2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 70, 100]
    draws = rng.normal(0.7, 1.3, (REPETITIONS, looks[-1]))
    missed = [any(not one.low <= 0.7 <= one.high for one in (always_valid(row[:n]) for n in looks)) for row in draws]
    assert share(missed) <= 0.05


def test_stopping_when_narrow_enough_keeps_the_coverage() -> None:
    """An interval that is not made for looking loses coverage here (Chow and Robbins 1965); this one does not."""
    rng = default_rng(17)
    held, counts = [], []
    for _ in range(1000):
        draws = rng.normal(0.0, 1.0, 120)
        n = next((n for n in range(10, 121, 5) if half(always_valid(draws[:n])) <= 0.45), 120)
        found = always_valid(draws[:n])
        held.append(found.low <= 0 <= found.high)
        counts.append(n)
    assert share(held) >= 0.95
    assert len(set(counts)) > 3, "the stopping time is random"


def half(found: Estimate) -> float:
    return (found.high - found.low) / 2


def test_looking_again_and_again_finds_no_effect_where_there_is_none() -> None:
    """Five percent at most, while a t test that is looked at as often finds one several times as often."""
    rng = default_rng(19)
    looks = range(10, 101, 5)
    draws = rng.normal(0.0, 1.0, (1000, 100))
    always = share([any(always_valid(row[:n]).p <= 0.05 for n in looks) for row in draws])
    naive = share([any(paired(row[:n]).p <= 0.05 for n in looks) for row in draws])
    assert always <= 0.05
    assert naive > 0.15


def test_a_planted_effect_is_found_by_looking() -> None:
    rng = default_rng(23)
    found = [always_valid(rng.normal(1.0, 1.0, 30)).low > 0 for _ in range(500)]
    assert share(found) > 0.9


def test_evidence_is_one_over_alpha_where_the_interval_ends() -> None:
    values = default_rng(29).normal(0.0, 1.0, 25)
    edge = values - always_valid(values).low
    assert evidence(float(edge.mean()), float(edge.std(ddof=1)), 25) == pytest.approx(20)
    assert evidence(1.0, 1.0, 1) == 1.0


def test_intervals_that_are_looked_at_together_are_wider() -> None:
    values = default_rng(31).normal(0.0, 1.0, 25)
    assert half(always_valid(values, tests=10)) > half(always_valid(values)) > half(paired(values))

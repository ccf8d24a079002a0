"""Likelihoods of targets: against the densities they stand for, and far from them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from results.likelihoods import Kind, Target


def made(kind: Kind, low: float = 8.0, high: float = 12.0) -> Target:
    return Target("t", "T", "", kind, 10.0, 1.0, low, high)


def of(target: Target, mean: float, variance: float) -> float:
    return float(target.log_likelihood(np.array([mean]), np.array([variance]))[0])


@given(st.floats(-50, 50), st.floats(0, 25))
def test_a_normal_target_adds_what_is_not_known_of_the_mean(mean: float, variance: float) -> None:
    spread = math.sqrt(1 + variance)
    assert of(made("normal"), mean, variance) == pytest.approx(stats.norm.logpdf(10, mean, spread), rel=1e-9)
    assert of(made("student"), mean, variance) == pytest.approx(stats.t.logpdf(10, 4, mean, spread), rel=1e-9)


@given(st.floats(0, 20), st.floats(0.01, 25))
def test_a_band_is_the_chance_of_lying_in_it(mean: float, variance: float) -> None:
    spread = math.sqrt(variance)
    chance = stats.norm.cdf(12, mean, spread) - stats.norm.cdf(8, mean, spread)
    assert math.exp(of(made("band"), mean, variance)) == pytest.approx(chance, rel=1e-6, abs=1e-12)


def test_far_from_a_band_nearer_is_still_better() -> None:
    """Without a slope a search that starts badly would never arrive; no difference of two zeros."""
    below = [of(made("band"), mean, 0.01) for mean in (-500.0, -50.0, 0.0, 7.0, 10.0)]
    above = [of(made("band"), mean, 0.01) for mean in (500.0, 50.0, 20.0, 13.0, 10.0)]
    assert np.isfinite(below + above).all()
    assert below == sorted(below)
    assert above == sorted(above)


def test_a_band_may_have_one_end() -> None:
    open_above = made("band", 8.0, math.inf)
    assert of(open_above, 1000.0, 1.0) == pytest.approx(0.0)
    assert of(open_above, 8.0, 1.0) == pytest.approx(math.log(0.5))


def test_the_tolerance_is_the_sd_or_a_quarter_of_the_band() -> None:
    assert made("normal").tolerance == 1.0
    assert made("band", 6.0, 14.0).tolerance == 2.0

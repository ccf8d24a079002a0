from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.patients import AGE_BAND_STARTS, DIABETES
from sim.life_tables import AGES, LIFE_FIELDS, banded_curve, by_age, with_life_tables
from sim.parameters import parameter_record

BANDS = [slice(a, b) for a, b in pairwise((*AGE_BAND_STARTS, AGES))]
WEIGHTS = np.linspace(1.0, 0.01, AGES)
PAR = parameter_record()[0]


@settings(max_examples=25)
@given(st.lists(st.floats(0.01, 0.3), min_size=6, max_size=6))
def test_a_banded_curve_has_the_mean_of_each_band_when_bands_do_not_jump(values: list[float]) -> None:
    rising = np.sort(np.array(values))
    curve = banded_curve(rising, WEIGHTS)
    means = [np.average(curve[band], weights=WEIGHTS[band]) for band in BANDS]
    np.testing.assert_allclose(means, rising, rtol=0.15)


def test_a_band_of_nothing_stays_at_nothing() -> None:
    curve = banded_curve(np.array([0.0, 0.0, 0.048, 0.10, 0.12, 0.11]), WEIGHTS)
    assert not curve[:45].any()
    assert (curve[45:] > 0).all()


def test_rates_between_ages_lie_between_those_of_the_ages() -> None:
    rates = by_age(np.array([0.0, 50.0, 100.0]), np.array([0.001, 0.01, 0.3]))
    assert (np.diff(rates[:100]) > 0).all()
    assert rates[50] == pytest.approx(0.01, rel=0.05)


def test_every_table_is_finite_and_every_chance_is_a_chance() -> None:
    for name, _, _ in LIFE_FIELDS:
        assert np.isfinite(PAR[name]).all(), name
    for name in ("life_death", "life_prevalence", "life_incidence", "life_frailty", "life_fertility", "life_leave"):
        assert (PAR[name] >= 0).all(), name
        assert (PAR[name] <= 1).all(), name


def test_the_cohort_keeps_the_prevalence_of_the_bands() -> None:
    levels = np.diff(PAR["life_levels"], axis=2, prepend=0)
    by_poverty = (PAR["life_prevalence"] * levels[..., None]).sum(axis=2)
    poor = float(PAR["population_poor_mean"])
    mean = (1 - poor) * by_poverty[0] + poor * by_poverty[1]
    women = float(PAR["population_women_at_birth"])
    alive = (1 - women) * PAR["life_survival"][0] + women * PAR["life_survival"][1]
    for condition, wanted in enumerate(PAR["population_prevalence"]):
        found = [np.average(mean[band, condition], weights=alive[band]) for band in BANDS]
        np.testing.assert_allclose(found, wanted, rtol=0.02, atol=0.009)


def test_diabetes_is_twice_as_frequent_among_the_poor_below_sixty() -> None:
    levels = np.diff(PAR["life_levels"], axis=2, prepend=0)
    diabetes = (PAR["life_prevalence"][..., DIABETES] * levels).sum(axis=2)
    assert (diabetes[1] / diabetes[0])[20:60].mean() == pytest.approx(2.0, rel=0.03)
    assert (diabetes[1] / diabetes[0])[80:].mean() < 1.3


def test_the_vulnerable_are_sicker_and_thin_out_with_age() -> None:
    assert (np.diff(PAR["life_prevalence"][0, 60].sum(axis=1)) > 0).all()
    share_of_most_vulnerable = 1.0 - PAR["life_levels"][0, :, -2]
    assert share_of_most_vulnerable[0] == pytest.approx(1 / 16)
    assert (np.diff(share_of_most_vulnerable) <= 1e-7).all()


def test_mean_frailty_is_that_of_the_quantiles() -> None:
    np.testing.assert_allclose(PAR["life_frailty"].mean(axis=1), PAR["life_frailty_mean"], atol=0.004)


def test_tables_follow_an_override_and_are_added_once() -> None:
    lower = np.array(PAR["population_prevalence"])
    lower[DIABETES] *= 0.5
    half = parameter_record({"population.prevalence": lower.tolist()})
    ratio = half[0]["life_prevalence"][0, 70, 8, DIABETES] / PAR["life_prevalence"][0, 70, 8, DIABETES]
    assert 0.3 < ratio < 0.7
    again = with_life_tables(half)
    assert again.dtype == half.dtype
    assert again.tobytes() == half.tobytes()

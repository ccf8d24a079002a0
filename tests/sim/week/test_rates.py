"""How often things happen: the Poisson tail, the thinning under a ceiling, and the rates that come out of it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from agents.patients import ACUTE, ADMINISTRATIVE, CHRONIC, DIABETES, EMERGENCY, HEART_FAILURE, PSYCHOSOCIAL
from sim.founding import found
from sim.week import requests as rq
from sim.week.rates import (
    CAUSE_OF_STREAM,
    N_STREAMS,
    NEED_OF_STREAM,
    S_ACUTE,
    S_ADMINISTRATIVE,
    S_AVOIDABLE,
    S_COPD,
    S_DEATH,
    S_DIABETES,
    S_EMERGENCY,
    S_FLARE,
    S_HEART_FAILURE,
    S_HOME,
    S_NURSING,
    S_OTHER_STAY,
    S_PREVENTION,
    S_PSYCHOSOCIAL,
    S_WOMEN,
    candidates,
    ceiling_of,
    share_left,
    stream_at,
    write_ceilings_of,
)
from sim.week.scene import scene
from sim.world import World
from tests.sim.made_weeks import SHARING, living, seasoned, town, weeks

BEHAVIOUR = {
    "needs_acute": [3.0, 1.4, 1.2, 1.1, 1.0], "needs_acute_ages": [0.0, 6.0, 18.0, 45.0, 65.0], "needs_flare": 0.8,
    "needs_flare_control_loss": 0.25, "needs_prevention": [0.5, 0.25], "needs_administrative": 0.5,
    "needs_psychosocial": [0.25, 3.0], "needs_womens_health": 0.2, "needs_home_visits": 8.0, "needs_home_frailty": 0.5,
    "needs_scale": 1.1, "hospital_hf_hazard": 0.13, "hospital_avoidable_hazard": 0.0015, "hospital_control_slope": 2.0,
    "hospital_reference_control": 0.75, "hospital_reference_frailty": 0.1, "hospital_poor_ratio": 1.3,
    "hospital_context_slope": 0.25,
}  # fmt: skip
"""The numbers of behaviour C1 and C5, whatever the calibration has made of them."""


def made() -> World:
    world = seasoned()
    for name, value in BEHAVIOUR.items():
        world.parameters[name] = value
    return world


@settings(derandomize=True)
@given(st.floats(1e-4, 3.0), st.floats(0, 1, exclude_max=True))
def test_candidates_are_the_quantiles_of_a_poisson_law(weekly: float, u: float) -> None:
    """Given that there is at least one: as many as the tail of the law is above the draw."""
    u *= -np.expm1(-weekly)
    tails = stats.poisson.sf(np.arange(N_STREAMS), weekly)
    if np.abs(tails - u).min() > 1e-12:
        assert candidates(u, weekly) == max(1, int(np.sum(u < tails)))


def test_candidates_over_a_grid_have_the_law_given_one() -> None:
    weekly, cells = 0.7, 100_000
    counts = np.bincount([candidates(u, weekly) for u in (np.arange(cells) + 0.5) / cells * -np.expm1(-weekly)])
    expected = stats.poisson.pmf(np.arange(1, 6), weekly) / -np.expm1(-weekly)
    np.testing.assert_allclose(counts[1:6] / cells, expected, atol=2 / cells)


def patient_of(world: World, condition: int, age: int = 60) -> int:
    """A living patient with a condition."""
    p = world.patients
    ages = (world.week - p["birth_week"].astype(int)) // 52
    return int(np.flatnonzero(living(p) & (p["conditions"] >> condition & 1 > 0) & (ages >= age))[0])


def ceilings(world: World, i: int) -> np.ndarray:
    rates = np.zeros(N_STREAMS)
    total = write_ceilings_of(scene(world), i, rates)
    assert total == pytest.approx(rates.sum())
    return rates


@pytest.mark.parametrize("control", [0.0, 0.4, 1.0])
def test_what_happens_has_the_frequencies_of_the_rates(control: float) -> None:
    """A grid of draws, so that frequencies are exact to one cell of it for each edge."""
    world, cells = made(), 20_000
    i = patient_of(world, HEART_FAILURE)
    world.patients["control"][i] = int(65535 * control)
    s, rates = scene(world), ceilings(world, i)
    total = rates.sum()
    streams = np.array([stream_at(s, i, total * (k + 0.5) / cells, rates) for k in range(cells)])
    left = np.array([share_left(s, i, stream) for stream in range(N_STREAMS)])
    observed = np.array([np.sum(streams == stream) for stream in range(N_STREAMS)]) / cells
    np.testing.assert_allclose(observed, rates * left / total, atol=2 / cells)
    assert np.mean(streams < 0) == pytest.approx(1 - (rates * left).sum() / total, abs=N_STREAMS / cells)
    if control == 0.0:
        assert (left == 1.0).all()
    else:
        assert left[S_FLARE] == pytest.approx(1 - control, abs=1e-4)


def test_control_leaves_the_hazards_of_the_behaviour() -> None:
    """C5: base hazard x exp(-2 (control - 0.75)) x exp(frailty - 0.1) x 1.3 if poor x exp(0.25 z)."""
    world = made()
    i = patient_of(world, HEART_FAILURE)
    p = world.patients[i : i + 1]
    p["control"], p["frailty"] = int(65535 * 0.6), 102
    p["flags"] |= 32
    z = float(world.cells["poverty_z"][p["cell"][0]])
    person = np.exp(-2 * (0.6 - 0.75)) * np.exp(0.4 - 0.1) * 1.3 * np.exp(0.25 * z)
    s, rates = scene(world), ceilings(world, i)
    for stream, base in ((S_HEART_FAILURE, 0.13), (S_AVOIDABLE, 0.0015)):
        assert rates[stream] * share_left(s, i, stream) == pytest.approx(base * person, rel=1e-3)
    p["flags"] &= ~np.uint16(32)
    assert ceilings(world, i)[S_HEART_FAILURE] * 1.3 == pytest.approx(rates[S_HEART_FAILURE])


def test_who_has_no_condition_is_at_the_reference() -> None:
    world = made()
    ages = (world.week - world.patients["birth_week"].astype(int)) // 52
    i = int(np.flatnonzero(living(world.patients) & (world.patients["conditions"] == 0) & (ages > 40))[0])
    world.patients["frailty"][i], world.cells["poverty_z"] = 25, 0.0
    world.patients["flags"][i] &= ~np.uint16(32)
    s, rates = scene(world), ceilings(world, i)
    hazard = rates[S_AVOIDABLE] * share_left(s, i, S_AVOIDABLE)
    assert hazard == pytest.approx(0.0015, rel=0.01)
    for stream in (S_FLARE, S_HEART_FAILURE, S_COPD, S_DIABETES):
        assert rates[stream] == 0.0


@pytest.mark.parametrize(
    ("age", "acute", "prevention"), [(3, 3.0, 0.5), (10, 1.4, 0.25), (30, 1.2, 0.25), (50, 1.1, 0.25), (80, 1.0, 0.25)]
)
def test_needs_by_age_are_those_of_the_behaviour(age: int, acute: float, prevention: float) -> None:
    world = made()
    world.patients["birth_week"][0] = world.week - 52 * age - 10
    world.patients["flags"][0] |= 3  # a woman, alive
    world.patients["frailty"][0] = 0
    world.patients["conditions"][0] = 0
    rates, scale = ceilings(world, 0), 1.1
    assert rates[S_ACUTE] == pytest.approx(scale * acute)
    assert rates[S_PREVENTION] == pytest.approx(scale * prevention)
    assert rates[S_ADMINISTRATIVE] == pytest.approx(scale * (0.5 if age >= 18 else 0.0))
    assert rates[S_PSYCHOSOCIAL] == pytest.approx(scale * 0.25)
    assert rates[S_WOMEN] == pytest.approx(scale * (0.2 if 18 <= age <= 44 else 0.0))
    assert rates[S_HOME] == 0.0
    world.patients["frailty"][0], world.patients["conditions"][0] = 153, 1 << 5
    rates = ceilings(world, 0)
    assert rates[S_HOME] == pytest.approx(scale * 8.0)
    assert rates[S_PSYCHOSOCIAL] == pytest.approx(scale * 3.0)
    assert rates[S_FLARE] == pytest.approx(scale * 0.8 / 0.25)


def test_ceilings_are_above_every_rate_and_stored_as_a_chance() -> None:
    world = seasoned()
    s, rates = scene(world), np.zeros(N_STREAMS)
    for i in np.flatnonzero(living(world.patients))[:300].tolist():
        total = write_ceilings_of(s, i, rates)
        assert (rates >= 0).all()
        left = [share_left(s, i, stream) for stream in range(N_STREAMS)]
        assert 0.0 <= min(left) <= max(left) <= 1.0
        assert ceiling_of(s, i, rates) / 2**32 == pytest.approx(-np.expm1(-total / 52), rel=1e-6)


def test_streams_and_their_names_agree() -> None:
    assert len({S_ACUTE, S_FLARE, S_PREVENTION, S_ADMINISTRATIVE, S_PSYCHOSOCIAL, S_WOMEN, S_HOME, S_EMERGENCY}) == 8
    assert NEED_OF_STREAM[S_ACUTE] == ACUTE
    assert NEED_OF_STREAM[S_EMERGENCY] == EMERGENCY
    assert len(NEED_OF_STREAM) == S_EMERGENCY + 1
    assert len(CAUSE_OF_STREAM) == S_OTHER_STAY + 1
    assert {S_DEATH, S_NURSING} == {N_STREAMS - 2, N_STREAMS - 1}


def test_needs_arise_as_often_as_their_rates_say() -> None:
    """Whole weeks of 4,000 people against the sum of their rates: within four standard errors."""
    world = found(town(teams={"sharing": replace(SHARING, delegation={})}))
    streams = {S_ACUTE: ACUTE, S_ADMINISTRATIVE: ADMINISTRATIVE, S_PSYCHOSOCIAL: PSYCHOSOCIAL, S_EMERGENCY: EMERGENCY}
    expected, observed = np.zeros(N_STREAMS), np.zeros(N_STREAMS)
    deaths = 0
    for week in weeks(world, 10):
        if week.number == 0:  # rates hardly change in ten weeks
            world_then = found(town(teams={"sharing": replace(SHARING, delegation={})}))
            s, rates = scene(world_then), np.zeros(N_STREAMS)
            for i in np.flatnonzero(living(world_then.patients)).tolist():
                write_ceilings_of(s, i, rates)
                expected += rates / 52
        r = week.requests[week.requests["slot"] == rq.NEW_REQUEST]
        for stream, need in streams.items():
            observed[stream] += np.sum((r["need"] == need) & (r["target"] != rq.TO_HOSPITAL))
        observed[S_OTHER_STAY] += np.sum((r["target"] == rq.TO_HOSPITAL) & ((r["marks"] & rq.PLANNED) > 0))
        deaths += int(week.flows["deaths"].sum())
    observed[S_DEATH] = deaths
    for stream in (*streams, S_OTHER_STAY, S_DEATH):
        assert abs(observed[stream] - 10 * expected[stream]) < 4 * np.sqrt(10 * expected[stream]), stream
    assert observed[S_ACUTE] > 800


def test_renewals_come_at_the_interval_of_the_patient() -> None:
    """Behaviour C1: 12 / interval a year, for those under chronic treatment."""
    world = seasoned()
    world.dyads["share"] = 0.0
    treated = world.patients[living(world.patients) & ((world.patients["flags"] & CHRONIC) > 0)]
    a_year = (12 / treated["renewal_interval_months"].astype(float)).sum()
    asked = 0
    for week in weeks(world, 26):
        r = week.requests
        asked += int(np.sum((r["need"] == 1) & (r["slot"] == rq.NEW_REQUEST)))
    # Renewals wait, so that they come a little later than due.
    assert 0.85 * a_year / 2 < asked < 1.05 * a_year / 2
    assert patient_of(world, DIABETES) >= 0

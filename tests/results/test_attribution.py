"""Statistics of attribution: parts that sum up, intervals that hold the truth, rates of a bonus with known error."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from results.attribution import Draws, attributed, estimated, rate_of
from results.intervals import t_quantile
from sim.draws import decision, normals

CAUSES = ("response", "territory", "case_mix", "start", "trend")
EFFECTS = np.array([4.0, -2.0, 1.0, 3.0, 0.0])
BASE = 10.0
NOISE = decision("test.attribution.noise", "noise of a toy payment")


def linear(draws: int, sd: float, repetition: int = 0, effects: np.ndarray = EFFECTS) -> np.ndarray:
    """A game whose players add their effects, each with luck of its own: ``(32, draws)``."""
    z = sd * normals(repetition + 1, NOISE, np.arange(6 * draws)).reshape(6, draws)
    players = [(number >> np.arange(5)) & 1 for number in range(32)]
    return np.array([BASE + z[5] + (on[:, None] * (effects[:, None] + z[:5])).sum(axis=0) for on in players])


def of(worth: np.ndarray, guaranteed: float = BASE, groups: int = 10) -> Draws:
    draws = worth.shape[1]
    again = [(np.delete(worth, range(start, draws, groups), axis=1), guaranteed) for start in range(groups)]
    nothing = np.zeros(draws)
    return Draws(worth, guaranteed, again, range(1, draws + 1), 100.0, nothing, nothing, nothing)


def test_parts_sum_to_the_payment_and_each_is_what_it_adds() -> None:
    found = attributed([of(linear(20, 0.0))], CAUSES).parts.set_index("part")
    assert found.loc[list(CAUSES), "mean"].to_numpy() == pytest.approx(EFFECTS)
    assert found.loc[list(CAUSES), "even"].to_numpy() == pytest.approx(EFFECTS), "where causes only add up"
    assert found.loc["common", "mean"] == BASE
    assert found.loc["luck", "mean"] == pytest.approx(0.0)
    assert found["mean"].iloc[:-1].sum() == pytest.approx(found.loc["payment", "mean"])
    assert found.loc["payment", "mean_per_patient"] == pytest.approx(0.16)
    assert (found["high"] - found["low"]).abs().max() == pytest.approx(0.0, abs=1e-9)


def test_merit_is_what_is_paid_above_the_pay_of_nobody_responding_and_the_rest_is_shared_evenly() -> None:
    """Under a floor, causes help each other: the response gets what it adds, the others divide what is left."""
    worth = np.maximum(linear(20, 0.0, effects=np.array([4.0, -20.0, 8.0, 8.0, 0.0])), 0.0)
    found = attributed([of(worth)], CAUSES).parts.set_index("part")
    assert found.loc["response", "mean"] == pytest.approx(worth[31, 0] - worth[30, 0])
    assert found.loc["case_mix", "mean"] == pytest.approx(found.loc["start", "mean"])
    assert found.loc["trend", "mean"] == pytest.approx(0.0)
    for column in ("mean", "even"):
        assert found[column].iloc[:-1].sum() == pytest.approx(worth[31, 0])
    assert found.loc["response", "even"] != pytest.approx(found.loc["response", "mean"])


def interval(worlds: list[Draws]) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the intervals of the causes."""
    mean, error, degrees = estimated(worlds)
    half = t_quantile(degrees) * error[1:6]
    return mean[1:6] - half, mean[1:6] + half


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """1,000 repetitions: 95 % of intervals within 93 to 97 % (the standard error of such a rate is 0.7 points)."""
    inside = np.zeros(5)
    for repetition in range(1_000):
        low, high = interval([of(linear(30, 2.0, repetition))])
        inside += (low <= EFFECTS) & (high >= EFFECTS)
    assert (inside / 1_000 >= 0.93).all()
    assert (inside / 1_000 <= 0.97).all()


def test_no_response_is_called_one_as_rarely_as_stated() -> None:
    """400 repetitions without response: 0 outside its interval in 5 %, within three standard errors (3.3 points)."""
    none = EFFECTS * (np.arange(5) > 0)
    called = 0
    for repetition in range(400):
        low, high = interval([of(linear(30, 2.0, repetition, none))])
        called += bool(low[0] > 0 or high[0] < 0)
    assert 0.017 <= called / 400 <= 0.083


def test_several_worlds_take_their_spread_from_one_to_the_next() -> None:
    """Worlds differ more than redraws of one: intervals hold the mean over worlds, 300 repetitions of 8 worlds."""
    inside = 0
    for repetition in range(300):
        shift = 3 * normals(repetition + 1, NOISE, np.arange(8), 1)
        effects = np.tile(EFFECTS, (8, 1))
        effects[:, 0] += shift
        low, high = interval([of(linear(10, 1.0, 8 * repetition + place, effects[place])) for place in range(8)])
        inside += bool(low[0] <= EFFECTS[0] <= high[0])
    assert 0.91 <= inside / 300 <= 0.99


def test_luck_earns_what_a_floor_makes_of_it() -> None:
    """An average team under a floor at zero gets sd / sqrt(2 pi) by luck alone."""
    z = 100.0 * normals(1, NOISE, np.arange(4_000))
    worth = np.tile(np.maximum(z, 0.0), (32, 1))
    found: Any = attributed([of(worth, guaranteed=0.0)], CAUSES).parts.set_index("part")
    truth = 100.0 * float(norm.pdf(0))
    assert found.loc["luck", "low"] < truth < found.loc["luck", "high"]
    assert found.loc[list(CAUSES), "mean"].abs().max() == 0


def test_each_draw_has_its_own_luck_and_their_mean_is_that_of_the_table() -> None:
    found = attributed([of(np.maximum(linear(40, 5.0), 0.0))], CAUSES)
    parts = found.parts.set_index("part")["mean"]
    assert found.draws["luck"].mean() == pytest.approx(parts["luck"])
    rest = parts.drop(["luck", "payment"]).sum()
    assert (found.draws["luck"] + rest).to_numpy() == pytest.approx(found.draws["with_response"].to_numpy())


def test_rates_of_a_bonus_against_normal_theory() -> None:
    """Paid when savings exceed what any team gets: the error rates of a one-sided threshold at 0."""
    saving = normals(3, NOISE, np.arange(2_000))
    for effect in (0.0, 1.0, 3.0):
        rate = rate_of(100.0 * np.maximum(saving + effect, 0.0), 0.0)
        assert rate["paid_low"] <= float(norm.cdf(effect - 0.01)) <= rate["paid_high"]
    assert rate_of(np.full(5, 10.0), 9.5)["paid"] == 0, "less than a euro more is no bonus"

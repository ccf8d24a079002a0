"""Emulators and draws from posteriors: on functions whose answer is known."""

import hashlib
import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import qmc

from results.emulation import TooFewError, emulated, sampled

type Numbers = NDArray[np.float64]
KEY = hashlib.shake_256(b"a test").digest(4 * 624)


def bent(cube: Numbers) -> Numbers:
    found: Numbers = 10 + 4 * cube[:, 0] + np.sin(4 * cube[:, 1])
    return found


def runs(points: int, noise: float, shared: float, seeds: int = 3) -> tuple[Numbers, Numbers]:
    luck = np.random.default_rng(points)
    cube = qmc.LatinHypercube(3, rng=1).random(points)
    own = noise * luck.normal(0, 1, (points, seeds))
    return cube, bent(cube)[:, None] + own + shared * luck.normal(0, 1, seeds)


def test_an_emulator_foretells_points_where_nothing_was_run_and_says_how_well() -> None:
    cube, values = runs(50, 0.3, 0.0)
    emulator = emulated(cube, values)
    others = qmc.LatinHypercube(3, rng=9).random(200)
    mean, variance = emulator.predict(others)
    errors = mean - bent(others)
    assert np.sqrt((errors**2).mean()) < 0.12, "less than the luck of one point, 0.17"
    assert (np.abs(errors) < 2 * np.sqrt(variance)).mean() > 0.85
    explained, covered = emulator.left_out()
    assert explained > 0.95
    assert covered > 0.85


def test_luck_that_all_points_share_is_not_averaged_out() -> None:
    """Three seeds of sd 2: the mean is off by 1.15 however many points there are, and the variance says so."""
    known = [math.sqrt(emulated(*runs(points, 0.1, 2.0)).predict(np.full((1, 3), 0.5))[1][0]) for points in (20, 60)]
    assert all(0.3 < sd < 3.0 for sd in known)
    assert math.sqrt(emulated(*runs(60, 0.1, 0.0)).predict(np.full((1, 3), 0.5))[1][0]) < 0.1


def test_runs_that_failed_leave_the_rest() -> None:
    cube, values = runs(40, 0.3, 0.0)
    holed = values.copy()
    holed[5] = np.nan
    holed[7, 1] = np.nan
    emulator = emulated(cube, holed)
    assert emulator.points == 39
    assert emulator.predict(cube)[0] == pytest.approx(bent(cube), abs=0.5)
    with pytest.raises(TooFewError):
        emulated(cube, np.full_like(values, np.nan))
    with pytest.raises(TooFewError):
        emulated(cube, values[:, :1])


def test_positive_values_that_span_magnitudes_are_emulated_in_logarithm() -> None:
    cube = qmc.LatinHypercube(2, rng=1).random(40)
    values = np.exp(6 * cube[:, 0])[:, None] * np.array([0.98, 1.0, 1.02])
    emulator = emulated(cube, values)
    assert emulator.in_logarithm
    assert emulator.predict(np.array([[0.5, 0.2]]))[0][0] == pytest.approx(math.exp(3), rel=0.03)


def test_an_outcome_that_nothing_moves_is_emulated_by_itself() -> None:
    cube = qmc.LatinHypercube(2, rng=1).random(20)
    mean, _variance = emulated(cube, np.full((20, 2), 7.0)).predict(cube)
    assert mean == pytest.approx(np.full(20, 7.0))


def test_draws_follow_the_density_and_the_same_key_gives_the_same() -> None:
    """A product of two normals cut off by the cube: means to 0.02, standard deviations to a tenth."""
    centre, sd = np.array([0.4, 0.6]), np.array([0.1, 0.05])

    def density(points: Numbers) -> Numbers:
        return np.asarray(-0.5 * (((points - centre) / sd) ** 2).sum(axis=1))

    draws, effective = sampled(density, 2, KEY, steps=400)
    assert effective > 300
    assert draws.mean(axis=0) == pytest.approx(centre, abs=0.02)
    assert draws.std(axis=0) == pytest.approx(sd, rel=0.1)
    assert np.array_equal(draws, sampled(density, 2, KEY, steps=400)[0])
    other = hashlib.shake_256(b"another").digest(4 * 624)
    assert not np.array_equal(draws, sampled(density, 2, other, steps=400)[0])
    assert ((draws > 0) & (draws < 1)).all()


def test_draws_of_a_flat_density_are_the_prior() -> None:
    draws, _effective = sampled(lambda points: np.zeros(len(points)), 1, KEY, steps=400)
    assert np.quantile(draws, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.05)

"""Emulators: what the model would give at points where it was not run, and how far that may be off.

A Gaussian process for each target (scikit-learn), on means over seeds: a linear trend and a smooth rest (Rasmussen and
Williams 2006). What seeds contribute is told from what parameters do by two-way mean squares, since every point is run
with the same seeds: the part that differs from point to point is known noise of the process; the part that all points
share cannot be averaged out by more points, and is added to every variance.
"""

import math
import warnings
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from results.intervals import complete, mean_squares

type Numbers = NDArray[np.float64]

RESTARTS: Final = 1
"""Further starts of the search for the process's scales."""
LEAST_NOISE: Final = 1e-6
"""Least variance of a mean, as a part of the variance between points: what a process needs to be solved."""
SCALES: Final = (0.15, 20.0)
"""Shortest and longest scale over which an outcome may bend, in ranges of a parameter."""
SKEWED: Final = 5.0
"""Ratio of the largest to the smallest of positive values from which their logarithm is emulated."""
NORMAL_95: Final = 1.959963984540054
FEWEST: Final = 2


class TooFewError(Exception):
    """Too few runs reached their end for anything to be said."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """A fitted process.

    Attributes:
        process: scikit-learn's regressor, of standardised means on points of the cube around its centre.
        centre, scale: of the means.
        shared: variance of the part of chance that all points share.
        in_logarithm: whether all that is in logarithm.
        points: points that it has learnt from.
    """

    process: Any
    centre: float
    scale: float
    shared: float
    in_logarithm: bool
    points: int

    def predict(self, cube: Numbers) -> tuple[Numbers, Numbers]:
        """Mean and variance at points of the unit cube, ``(n, parameters)`` to ``(n,)`` each."""
        mean, sd = self.process.predict(cube - 0.5, return_std=True)
        mean, variance = self.centre + self.scale * mean, (self.scale * sd) ** 2 + self.shared
        return (np.exp(mean), np.exp(2 * mean) * variance) if self.in_logarithm else (mean, variance)

    def left_out(self) -> tuple[float, float]:
        """How well each point is foretold by the others.

        Returns:
            Share of the variance between points that is foretold, and share of points within their 95 % interval
            (Rasmussen and Williams 2006, eq. 5.12).
        """
        inverse = np.linalg.inv(self.process.L_ @ self.process.L_.T)
        values, spread = self.process.y_train_, 1 / np.diag(inverse)
        errors = inverse @ values * spread
        explained = 1 - float((errors**2).sum() / ((values - values.mean()) ** 2).sum())
        return explained, float((np.abs(errors) <= NORMAL_95 * np.sqrt(spread)).mean())


def emulated(cube: Numbers, values: Numbers) -> Emulator:
    """Learn what points give.

    Args:
        cube: points of the unit cube, ``(points, parameters)``.
        values: ``(points, seeds)``, not a number where a run has failed.

    Raises:
        TooFewError: when fewer than two points or seeds are left.
    """
    known = values[~np.isnan(values)]
    in_logarithm = len(known) > 0 and bool(0 < known.min() < known.max() / SKEWED)
    values = np.log(values) if in_logarithm else values
    whole, _rows, _columns = complete(values)
    if min(whole.shape) < FEWEST:
        raise TooFewError
    _between, of_seeds, noise = mean_squares(whole)
    counts = (~np.isnan(values)).sum(axis=1)
    run = counts > 0
    means = np.nanmean(values[run], axis=1)
    centre, scale = float(means.mean()), float(means.std())
    shared = max(of_seeds - noise, 0.0) / (len(whole) * whole.shape[1])
    if scale <= abs(centre) * np.finfo(float).eps * len(means):
        scale = 1.0  # nothing moves it
    process = _process(cube.shape[1], np.maximum(noise / counts[run] / scale**2, LEAST_NOISE))
    with warnings.catch_warnings(), one_thread():
        warnings.simplefilter("ignore")  # a scale at its bound: a parameter that moves nothing, or bends sharply
        process.fit(cube[run] - 0.5, (means - centre) / scale)
    return Emulator(process, centre, scale, shared, in_logarithm, int(run.sum()))


def one_thread() -> Any:
    """Small matrices on one thread: faster, and the same to the last bit on any number of processors."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


def _process(width: int, noise: Numbers) -> Any:
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct

    trend = ConstantKernel(1.0, (1e-3, 1e3)) * DotProduct(1.0, "fixed")
    rest = ConstantKernel(0.1, (1e-6, 1e2)) * RBF(np.full(width, 1.0), SCALES)
    # random_state decides the further starts only: the same data give the same process
    return GaussianProcessRegressor(trend + rest, alpha=noise, n_restarts_optimizer=RESTARTS, random_state=0)


def sampled(
    log_likelihood: Any, width: int, key: bytes, *, steps: int, keep: int = 4000, walkers: int = 0
) -> tuple[Numbers, float]:
    """Draws from a posterior over the unit cube, whose prior is uniform, by an ensemble of walkers (emcee).

    Args:
        log_likelihood: of points ``(n, width)``, ``(n,)``.
        width: number of parameters.
        key: bytes that decide the draws; the same give the same.
        steps: steps of each walker; half as many come before.
        keep: draws that are handed back, about: whole steps of all walkers, evenly spaced.
        walkers: walkers, by default enough.

    Returns:
        Draws ``(n, width)`` and their effective number: that of independent draws that would tell as much.
    """
    import emcee
    from scipy.stats import qmc

    walkers = walkers or max(32, 6 * width)
    walkers += walkers % 2

    def log_posterior(points: Numbers) -> Numbers:
        within = ((points > 0) & (points < 1)).all(axis=1)
        found = np.full(len(points), -math.inf)
        if within.any():
            found[within] = log_likelihood(points[within])
        return found

    cloud = qmc.Sobol(width, rng=int.from_bytes(key[:4], "little")).random_base2(12)
    start = cloud[np.argsort(-log_posterior(cloud), kind="stable")[:walkers]]
    moves = [(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.2)]
    sampler = emcee.EnsembleSampler(walkers, width, log_posterior, moves=moves, vectorize=True)
    sampler.random_state = ("MT19937", np.frombuffer(key, dtype=np.uint32), len(key) // 4)
    with one_thread():
        state = sampler.run_mcmc(start, steps // 2)
        sampler.reset()
        sampler.run_mcmc(state, steps)
    chain = sampler.get_chain()
    correlated = float(np.max(emcee.autocorr.integrated_time(chain, tol=0)))
    draws = chain[:: max(1, walkers * steps // keep)].reshape(-1, width)
    return draws, min(walkers * steps / max(correlated, 1.0), float(len(draws)))

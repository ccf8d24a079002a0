"""The few shapes that starting values are drawn from."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

type Numbers = NDArray[np.float64]

NO_SPREAD = 1e-4
"""A share this close to a bound, or a spread this small, is taken as having none."""


def betas(u: Numbers, mean: ArrayLike, sd: ArrayLike) -> Numbers:
    """Beta quantiles at ``u`` for a mean and a standard deviation.

    A spread that no one-humped or flat Beta has is cut to what its concentration of 1 gives; a mean of 0 or 1, or a
    spread of 0, gives the mean itself.
    """
    from scipy.special import betaincinv  # imported here: SciPy is slow to start

    m, s = np.broadcast_arrays(np.asarray(mean, dtype=float), np.asarray(sd, dtype=float))
    varied = (s > NO_SPREAD) & (m > NO_SPREAD) & (m < 1 - NO_SPREAD)
    inside, spread = np.where(varied, m, 0.5), np.where(varied, s, 0.5)
    concentration = np.maximum(inside * (1 - inside) / spread**2 - 1, 1.0)
    drawn = betaincinv(inside * concentration, (1 - inside) * concentration, u)
    return np.where(varied, drawn, m)


def scaled_to(weights: Numbers, total: float, low: float, high: float) -> Numbers:
    """Numbers in proportion to ``weights``, kept within ``[low, high]``, that sum to ``total`` where they can."""
    if not len(weights):
        return weights.copy()
    small, large = 0.0, max(high, total) / weights.min()
    for _ in range(100):  # halving: the sum grows with the scale
        middle = (small + large) / 2
        if np.clip(middle * weights, low, high).sum() < total:
            small = middle
        else:
            large = middle
    return np.clip(large * weights, low, high)


def logistic(z: ArrayLike) -> Numbers:
    """The logistic function."""
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))

"""Intervals and tests on paired differences: pure arithmetic on arrays, for ``results/comparison.py``.

Three kinds of interval, each for what was drawn:

* :func:`paired`: one world a seed, one number of seeds fixed beforehand; Student's t on the paired differences.
* :func:`crossed`: several vectors of parameters by several seeds, both drawn; two-way random effects without repetition
  (Searle, Casella and McCulloch 1992, ch. 4), degrees of freedom by Satterthwaite (1946).
* :func:`always_valid`: any number of looks, stopping whenever one likes; the t-mixture of Lai (1976), whose error is
  bounded over all looks together (Wang and Ramdas 2025, "Anytime-valid t-tests", theorem 4.7).
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.stats import qmc

type Numbers = NDArray[np.float64]

LEVEL: Final = 0.95
TUNED_FOR: Final = 30
"""Replicates around which the always valid interval is narrowest."""
DRAWS: Final = 4096
"""Draws of weights behind a probability of being best: a power of two, as Sobol's sequence likes it."""
MOST_REPLICATES: Final = 10**9
"""Replicates beyond which a precision is called out of reach."""
FEWEST: Final = 2
"""Replicates without which there is no interval."""
ROUNDING: Final = 1e-12
"""Share of two numbers by which they may differ and be one: sums taken in another order leave such differences, which
without any spread would pass for certain ones. What any rule moves is larger by far."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and what is known of it.

    Attributes:
        mean: the mean.
        low, high: ends of the interval.
        error: standard error of the mean.
        degrees: degrees of freedom, not a number where the interval is no t interval.
        p: p-value of "the mean is 0".
        between: standard deviation of the true mean from one vector of parameters to the next.
        within: standard deviation of replicates under one vector of parameters.
        range_low, range_high: where the effect lies under parameters that nobody knows, drawn from their ranges.
    """

    mean: float
    low: float
    high: float
    error: float
    degrees: float
    p: float
    between: float = math.nan
    within: float = math.nan
    range_low: float = math.nan
    range_high: float = math.nan


NOTHING: Final = Estimate(*[math.nan] * 6)
"""What is known of no replicate."""


def apart(values: Numbers, others: Numbers) -> Numbers:
    """Values less others, 0 where no more than rounding tells them apart."""
    found = values - others
    return np.where(np.abs(found) <= ROUNDING * np.maximum(np.abs(values), np.abs(others)), 0.0, found)


def t_quantile(degrees: float, level: float = LEVEL) -> float:
    """Half-width of a t interval in standard errors."""
    return float(special.stdtrit(degrees, (1 + level) / 2))


def p_value(mean: float, error: float, degrees: float) -> float:
    """Two-sided p-value of "the mean is 0"; a mean without any spread is certain."""
    if error == 0:
        return 1.0 if mean == 0 else 0.0
    return float(2 * special.stdtr(degrees, -abs(mean) / error))


def paired(differences: Numbers, level: float = LEVEL) -> Estimate:
    """Student's interval of a mean.

    Args:
        differences: one a replicate, ``(n,)``.
        level: coverage of the interval.
    """
    n = len(differences)
    if n < FEWEST:
        return Estimate(float(differences.mean()), *[math.nan] * 5) if n else NOTHING
    mean, spread = float(differences.mean()), float(differences.std(ddof=1))
    error = spread / math.sqrt(n)
    half = t_quantile(n - 1, level) * error
    return Estimate(mean, mean - half, mean + half, error, n - 1, p_value(mean, error, n - 1), within=spread)


def crossed(differences: Numbers, level: float = LEVEL) -> Estimate:
    """Interval of a mean over vectors of parameters and seeds, both of them drawn.

    ``low`` to ``high`` is the interval of the mean effect over the ranges of the parameters: it narrows with more
    vectors and seeds. ``range_low`` to ``range_high`` is where the effect of one unknown vector lies: it does not.

    Args:
        differences: ``(vectors, seeds)``, complete.
        level: coverage of the interval.
    """
    vectors, seeds = differences.shape
    if vectors < FEWEST:
        return paired(differences.ravel(), level)
    mean, count = float(differences.mean()), vectors * seeds
    of_vectors = seeds * float(differences.mean(axis=1).var(ddof=1))
    if seeds < FEWEST:
        variance, degrees, noise = of_vectors / count, float(vectors - 1), math.nan
        between = within = math.nan  # one cannot be told from the other
    else:
        _vectors, of_seeds, noise = mean_squares(differences)
        variance, degrees = _variance_of_mean(of_vectors, of_seeds, noise, vectors, seeds)
        between = math.sqrt(max(of_vectors - noise, 0.0) / seeds)
        within = math.sqrt(noise + max(of_seeds - noise, 0.0) / vectors)
    error = math.sqrt(variance)
    half = t_quantile(degrees, level) * error
    # What seeds leave in the mean of a vector stays in: taken out, the range would miss small differences too often.
    wide = max(half, t_quantile(vectors - 1, level) * math.sqrt(of_vectors / seeds + variance))
    p = p_value(mean, error, degrees)
    return Estimate(mean, mean - half, mean + half, error, degrees, p, between, within, mean - wide, mean + wide)


def mean_squares(values: Numbers) -> tuple[float, float, float]:
    """Mean squares of two ways without repetition: between rows, between columns, and the rest (their interaction).

    Args:
        values: ``(rows, columns)``, complete, two or more of each.
    """
    rows, columns = values.shape
    by_row, by_column, mean = values.mean(axis=1), values.mean(axis=0), values.mean()
    rest = values - by_row[:, None] - by_column[None, :] + mean
    return (
        columns * float(by_row.var(ddof=1)),
        rows * float(by_column.var(ddof=1)),
        float((rest**2).sum()) / ((rows - 1) * (columns - 1)),
    )


def _variance_of_mean(
    of_vectors: float, of_seeds: float, noise: float, vectors: int, seeds: int
) -> tuple[float, float]:
    """Variance of the grand mean from the mean squares, and its degrees of freedom."""
    count = vectors * seeds
    if of_seeds <= noise:
        return of_vectors / count, float(vectors - 1)
    if of_vectors <= noise:
        return of_seeds / count, float(seeds - 1)
    total = of_vectors + of_seeds - noise
    parts = of_vectors**2 / (vectors - 1) + of_seeds**2 / (seeds - 1) + noise**2 / ((vectors - 1) * (seeds - 1))
    return total / count, max(total**2 / parts, 1.0)


def complete(values: Numbers) -> tuple[Numbers, NDArray[np.bool_], NDArray[np.bool_]]:
    """The largest block without holes that is left when whole rows and columns go, the emptiest first.

    Args:
        values: ``(vectors, seeds)``, not a number where a run has failed.

    Returns:
        The block, and which rows and columns it keeps.
    """
    missing = np.isnan(values)
    rows, columns = np.ones(len(values), dtype=bool), np.ones(values.shape[1], dtype=bool)
    while missing[np.ix_(rows, columns)].any():
        holes = missing & rows[:, None] & columns[None, :]
        by_row, by_column = holes.sum(axis=1) / columns.sum(), holes.sum(axis=0) / rows.sum()
        if by_row.max() >= by_column.max():
            rows[int(by_row.argmax())] = False
        else:
            columns[int(by_column.argmax())] = False
    return values[np.ix_(rows, columns)], rows, columns


# Looking as often as one likes.


def evidence(mean: float, spread: float, n: int, tuned_for: int = TUNED_FOR) -> float:
    """How much more likely replicates are under some effect than under none: 20 or more refutes "none" at 5 %.

    The t-mixture: the effect, in standard deviations, is normal around 0. Under no effect its expectation is 1 however
    often one looks, so that the chance that it ever reaches ``1 / alpha`` is at most ``alpha``.

    Args:
        mean: mean of the replicates.
        spread: their standard deviation.
        n: their number.
        tuned_for: replicates around which the interval is narrowest.
    """
    if n < FEWEST or spread == 0:
        return 1.0 if n < FEWEST or mean == 0 else math.inf
    k = 1 + n * _mixture(tuned_for)
    x = n * (mean / spread) ** 2 / (n - 1)
    logarithm = n / 2 * (math.log1p(x) - math.log1p(x / k)) - math.log(k) / 2
    return math.exp(min(logarithm, 700.0))


def _mixture(tuned_for: int, alpha: float = 0.05) -> float:
    """Variance of the effect in the mixture that makes the interval narrow at a number of replicates."""
    wanted = -2 * math.log(alpha)
    return (wanted + math.log(wanted + 1) + 1) / tuned_for


def always_valid(differences: Numbers, level: float = LEVEL, *, tests: int = 1, tuned_for: int = TUNED_FOR) -> Estimate:
    """Interval that holds at every look together, so that one may stop whenever one likes.

    Args:
        differences: one a replicate, ``(n,)``, in the order in which they came.
        level: coverage over all looks and, with ``tests``, over all differences that are looked at.
        tests: differences that are looked at together (Bonferroni).
        tuned_for: replicates around which the interval is narrowest.
    """
    n = len(differences)
    if n < FEWEST:
        return paired(differences, level)
    mean, spread = float(differences.mean()), float(differences.std(ddof=1))
    alpha, k = (1 - level) / tests, 1 + n * _mixture(tuned_for)
    odds = math.exp(math.log(k / alpha**2) / n)
    half = spread * math.sqrt((n - 1) / n * (odds - 1) / (1 - odds / k)) if odds < k else math.inf
    if spread == 0:
        half = 0.0
    p = min(1.0, 1 / evidence(mean, spread, n, tuned_for))
    return Estimate(mean, mean - half, mean + half, spread / math.sqrt(n), math.nan, p, within=spread)


# What is still needed, many tests at once, and which arm is best.


def still_needed(spread: float, n: int, half_width: float, level: float = LEVEL) -> float:
    """Replicates beyond ``n`` after which a t interval is expected to be as narrow as wanted.

    Args:
        spread: standard deviation of a replicate.
        n: replicates so far.
        half_width: half of the width that is wanted.
        level: coverage of the interval.
    """
    if math.isnan(spread) or math.isnan(half_width):
        return math.nan
    if spread == 0:
        return 0.0
    if half_width <= 0:
        return math.inf

    def wide(m: int) -> bool:
        return t_quantile(m - 1, level) * spread / math.sqrt(m) > half_width

    low, high = 1, FEWEST
    while wide(high):
        low, high = high, 2 * high
        if high > MOST_REPLICATES:
            return math.inf
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if wide(middle) else (low, middle)
    return float(max(high - n, 0))


def holm(p: Numbers) -> Numbers:
    """P-values such that the chance of one false finding among all is as stated (Holm 1979); missing ones stay so."""
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    adjusted = np.full(len(p), np.nan)
    factors = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * factors), 1.0)
    return adjusted


def benjamini_hochberg(p: Numbers) -> Numbers:
    """P-values such that the share of false findings among findings is as stated (Benjamini and Hochberg 1995)."""
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")][::-1]
    adjusted = np.full(len(p), np.nan)
    factors = len(order) / np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.minimum.accumulate(p[order] * factors), 1.0)
    return adjusted


def chances_of_extremes(values: Numbers, draws: int = DRAWS) -> tuple[Numbers, Numbers]:
    """How likely each arm is to have the highest mean of all, and the lowest.

    By a multiplier bootstrap over replicates, the multipliers being the same in every arm, since arms are paired, and
    scaled as Student's t is, so that few replicates are not too sure: for two arms the chance is one less half of the
    p-value of their paired test. With several vectors of parameters these get multipliers too. Arms that tie share.

    Args:
        values: ``(arms, vectors, seeds)``, complete.
        draws: draws of multipliers, from Sobol's sequence: the same values give the same chances.

    Returns:
        Chances of being highest and of being lowest, ``(arms,)`` each; not a number for a single replicate.
    """
    arms, vectors, seeds = values.shape
    if vectors * seeds < FEWEST:
        return np.full(arms, np.nan), np.full(arms, np.nan)
    multipliers = bootstrap_multipliers(vectors, seeds, draws)
    means = np.stack([_drawn_means(arm, *multipliers) for arm in values], axis=1)

    def chances(extremes: Numbers) -> Numbers:
        tied = np.abs(means - extremes[:, None]) <= ROUNDING * np.abs(values).max()
        return np.asarray((tied / tied.sum(axis=1, keepdims=True)).mean(axis=0))

    return chances(means.max(axis=1)), chances(means.min(axis=1))


def _drawn_means(values: Numbers, of_vectors: Numbers, of_seeds: Numbers) -> Numbers:
    """Means of ``(vectors, seeds)`` as far as is known, one a draw, ``(draws,)``."""
    mean = values.mean()
    return np.asarray(mean + of_vectors @ (values.mean(axis=1) - mean) + of_seeds @ (values.mean(axis=0) - mean))


@lru_cache(maxsize=8)
def bootstrap_multipliers(vectors: int, seeds: int, draws: int) -> tuple[Numbers, Numbers]:
    """What deviations of vectors and of seeds are multiplied by, ``(draws, vectors)`` and ``(draws, seeds)``."""
    uniforms = qmc.Sobol(vectors + seeds + 2, scramble=True, rng=0).random(draws)
    uniforms = np.clip(uniforms, np.finfo(float).tiny, 1 - np.finfo(float).eps)
    normals = special.ndtri(uniforms[:, 2:])
    parts = []
    for number, part in enumerate((normals[:, :vectors], normals[:, vectors:])):
        count = part.shape[1]
        freedom = max(count - 1, 1)
        scale = np.sqrt(freedom / (2 * special.gammaincinv(freedom / 2, uniforms[:, number])))
        parts.append(part * scale[:, None] / math.sqrt(count * freedom))
    return parts[0], parts[1]

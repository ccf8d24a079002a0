"""Means by class of the list: a regression of totals, from which a class departs as far as its numbers bear it out.

The regression is log-linear (Poisson pseudo-likelihood) on age x sex, long-term illness and means-tested cover by age,
and each pair of these: totals of ages, sexes, illness and cover are kept, as a norm must, which a regression of logs of
amounts would not do. Combinations of three or more are left to credibility (Bühlmann): with ``n`` patient-years, a
class weighs ``n / (n + k)`` against the regression, where ``k`` is how much single patients vary within a class over
how much classes vary around the regression. Classes with few patients thus lie on it.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.payment.accounts_of_year import LIST_CLASSES

type Numbers = NDArray[np.float64]

MOST_STEPS: Final = 100
LONGEST_STEP: Final = 2.0
"""Largest move of a coefficient (log) in one step of Newton's method, which may start far from the solution."""
PRECISION: Final = 1e-9
ROUNDS: Final = 20
"""Most rounds between means by class and growth by year, each given the other."""


@cache
def covariates() -> Numbers:
    """What the regression knows of each class, ``(classes, coefficients)``; the first column is the constant."""
    ages = sorted({one.low_age for one in LIST_CLASSES})
    age = np.array([[one.low_age == low for low in ages[1:]] for one in LIST_CLASSES], dtype=np.float64)
    flags = np.array([[one.woman, one.ald, one.c2s] for one in LIST_CLASSES], dtype=np.float64)
    woman, ald, c2s = (flags[:, [place]] for place in range(3))
    pairs = [age * woman, age * ald, age * c2s, woman * ald, woman * c2s, ald * c2s]
    return np.hstack([np.ones((len(LIST_CLASSES), 1)), age, flags, *pairs])


def log_linear(
    exposure: Numbers, total: Numbers, prior: float, start: Numbers | None = None
) -> tuple[Numbers, Numbers]:
    """Fit ``total = exposure * exp(covariates @ coefficients)``.

    Args:
        exposure: patient-years of each class, ``(classes,)``.
        total: what they add up to, ``(classes,)``, not negative.
        prior: patient-years that the belief in coefficients of 0 weighs; it decides where there is no patient.
        start: coefficients to begin with.

    Returns:
        Means ``(classes,)``, coefficients; all 0 where nothing was counted.
    """
    x = covariates()
    coefficients = np.zeros(x.shape[1]) if start is None else start.copy()
    if total.sum() <= 0:
        return np.zeros(len(exposure)), np.zeros(x.shape[1])
    level = total.sum() / exposure.sum()
    ridge = np.full(x.shape[1], prior)
    ridge[0] = 0.0
    for _ in range(MOST_STEPS):
        expected = exposure * np.exp(x @ coefficients)
        slope = x.T @ (total / level - expected) - ridge * coefficients
        step = np.linalg.solve((x * expected[:, None]).T @ x + np.diag(ridge), slope)
        longest = float(np.abs(step).max())
        coefficients += step * min(1.0, LONGEST_STEP / max(longest, PRECISION))
        if longest < PRECISION:
            break
    return level * np.exp(x @ coefficients), coefficients


@dataclass(frozen=True)
class Fit:
    """Means by class and growth by year of one name.

    Attributes:
        means: a registered patient of each class in the base year, ``(classes,)``.
        growth: of each year relative to the base year, ``(years,)``.
        coefficients: of the regression, from which another fit may start.
        credibility: weight of each class's own numbers, ``(classes,)``.
    """

    means: Numbers
    growth: Numbers
    coefficients: Numbers
    credibility: Numbers


def fitted(
    patients: Numbers, totals: Numbers, base: int, prior: float, *, grows: bool = True, like: Fit | None = None
) -> Fit:
    """Means by class, and growth by year given the classes.

    Args:
        patients: registered patients by cluster, year and class, ``(clusters, years, classes)``, weighted.
        totals: what is counted of them, alike.
        base: place of the base year.
        prior: as for :func:`log_linear`.
        grows: whether years may differ.
        like: a fit of nearly the same data, which lends its coefficients and credibility.
    """
    n, s = patients.sum(axis=0), totals.sum(axis=0)
    growth = np.ones(len(n))
    coefficients = like.coefficients if like else np.zeros(covariates().shape[1])
    for _ in range(ROUNDS):
        exposure, total = growth @ n, s.sum(axis=0)
        regression, coefficients = log_linear(exposure, total, prior, coefficients)
        if like is None:
            by_cluster = np.einsum("y,tyc->tc", growth, patients)
            credibility = credibilities(by_cluster, totals.sum(axis=1), regression)
        else:
            credibility = like.credibility
        means = blended(exposure, total, regression, credibility)
        found = s.sum(axis=1) / np.maximum(n @ means, PRECISION) if grows and s.any() else growth
        moved = float(np.abs(found / found[base] - growth).max())
        growth = found / found[base]
        if moved < PRECISION:
            break
    return Fit(means, growth, coefficients, credibility)


def blended(exposure: Numbers, total: Numbers, regression: Numbers, credibility: Numbers) -> Numbers:
    """Means between the regression and each class's own, which keep the total of the nation."""
    own = np.divide(total, exposure, out=regression.copy(), where=exposure > 0)
    means = regression + credibility * (own - regression)
    expected = float((exposure * means).sum())
    return means * total.sum() / expected if expected > 0 else means


def credibilities(exposure: Numbers, totals: Numbers, means: Numbers) -> Numbers:
    """Weight that each class's own mean bears against the regression, 0 to 1, ``(classes,)``.

    Args:
        exposure: patient-years by cluster and class, ``(clusters, classes)``.
        totals: what is counted of them, alike.
        means: of the regression, ``(classes,)``.
    """
    expected = exposure * means
    n, e, o = exposure.sum(axis=0), expected.sum(axis=0), totals.sum(axis=0)
    known = e > 0
    if not known.any():
        return np.zeros(len(means))
    ratio = np.divide(o, e, out=np.ones(len(means)), where=known)
    place = np.divide(totals.sum(axis=1), expected.sum(axis=1), out=np.ones(len(expected)), where=expected.any(axis=1))
    cells = expected > 0
    apart = np.divide(totals, expected, out=np.zeros_like(expected), where=cells) - place[:, None] * ratio
    freedom = cells.sum() - known.sum() - len(exposure)
    within = float((exposure * apart**2)[cells].sum() / max(freedom, 1))  # variance of one patient-year
    if within <= 0:
        return known.astype(np.float64)
    weight = n[known] / within
    mean = (weight * ratio[known]).sum() / weight.sum()
    q = float((weight * (ratio[known] - mean) ** 2).sum())
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    between = max(0.0, (q - (known.sum() - 1)) / max(scale, PRECISION))  # DerSimonian and Laird
    return np.divide(n * between, n * between + within, out=np.zeros(len(means)), where=known)

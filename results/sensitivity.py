"""Which uncertain parameters decide a paired difference: Morris's and Sobol's measures, freed of what luck adds.

Every point of a design is run with the same seeds. By the law of total variance the variance of one replicate is that
of its expectation given the parameters, plus the mean of what seeds add to it. Measures of parameters are about the
first part only, but are made from means over few seeds, whose luck passes for an effect. A product of two means over
the same seeds holds that luck once too often; the mean of products over pairs of *different* seeds does not, and equals
``product of means - covariance over seeds / seeds``. All corrections here are that one step, made where the estimators
of SALib multiply, so that without luck the numbers are SALib's. It holds whether or not points share their luck.

Intervals are jackknifes that leave out one block (a trajectory of Morris, a row of Saltelli's design) or one seed at a
time, the two variances added, since both were drawn (Owen 2007 on such crossed data).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from results.intervals import mean_squares, t_quantile

type Numbers = NDArray[np.float64]
type Method = Literal["morris", "sobol"]

LEVEL: Final = 0.95
FEWEST: Final = 2
FEWEST_LEFT_OUT: Final = 3
"""Seeds from which leaving one out still leaves a pair."""


@dataclass(frozen=True, slots=True)
class Design:
    """Points at which parameters were varied.

    Attributes:
        method: ``morris`` or ``sobol``.
        factors: names of what is varied, one parameter or several that move together.
        members: parameters of each factor.
        cube: points as shares of the ranges, ``(blocks, points of a block, parameters)``. A block is a trajectory, or
            the points ``A, A with B's factor 1, ..., B`` of a row.
    """

    method: Method
    factors: tuple[str, ...]
    members: tuple[tuple[str, ...], ...]
    cube: Numbers

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every parameter, in the order of the columns of the cube."""
        return tuple(name for names in self.members for name in names)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What came out, for each arm and outcome.

    Attributes:
        design: the points.
        indices: one row an arm, outcome and factor.
        shares: one row an arm and outcome: what parameters and what luck contribute, blocks used and dropped.
        differences: ``(blocks, points, seeds)``, by arm and outcome, dropped blocks included.
    """

    design: Design
    indices: pd.DataFrame
    shares: pd.DataFrame
    differences: dict[tuple[str, str], Numbers]


def analysed(design: Design, values: dict[tuple[str, str], Numbers]) -> Sensitivity:
    """Measures of every factor.

    Args:
        design: the points.
        values: by arm and outcome, paired differences ``(blocks, points, seeds)``, not a number where a run has failed.
    """
    indices, shares = [], []
    for (arm, outcome), differences in values.items():
        whole = ~np.isnan(differences).any(axis=(1, 2))
        place = {"arm": arm, "outcome": outcome}
        known, cube = differences[whole], design.cube[whole]
        facts = {"blocks": int(whole.sum()), "dropped": int((~whole).sum()), "seeds": differences.shape[2]}
        shares.append({**place, **facts, **_shares(design, known)})
        rows = _morris(design, cube, known) if design.method == "morris" else _sobol(design, known)
        slopes = _slopes(design, cube, known)
        indices += [{**place, "factor": name, "slope": slope, **row}
                    for name, slope, row in zip(design.factors, slopes, rows, strict=True)]  # fmt: skip
    return Sensitivity(design, pd.DataFrame(indices), pd.DataFrame(shares), values)


def product(one: Numbers, other: Numbers) -> Numbers:
    """Product of expectations over seeds: the mean of products over pairs of different seeds.

    Args:
        one: ``(..., seeds)``; a single seed gives the plain product.
        other: of the same shape.
    """
    means = one.mean(axis=-1) * other.mean(axis=-1)
    seeds = one.shape[-1]
    if seeds < FEWEST:
        return np.asarray(means)
    both = ((one - one.mean(axis=-1, keepdims=True)) * (other - other.mean(axis=-1, keepdims=True))).sum(axis=-1)
    return np.asarray(means - both / (seeds - 1) / seeds)


def jackknifed(estimate: Callable[[Numbers], Numbers], values: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """An estimate with its interval over blocks and seeds, both drawn.

    Args:
        estimate: of ``(blocks, points, seeds)``, ``(k,)``.
        values: the same.

    Returns:
        Estimates, lower and upper ends.
    """
    whole, variance = estimate(values), np.zeros(1)
    blocks, _points, seeds = values.shape
    for axis, count, least in ((0, blocks, FEWEST), (2, seeds, FEWEST_LEFT_OUT)):
        if count >= least:
            left = np.stack([estimate(np.delete(values, place, axis)) for place in range(count)])
            variance = variance + (count - 1) / count * ((left - left.mean(axis=0)) ** 2).sum(axis=0)
    if blocks < FEWEST:
        return whole, np.full_like(whole, np.nan), np.full_like(whole, np.nan)
    half = t_quantile(blocks - 1, LEVEL) * np.sqrt(variance)
    return whole, whole - half, whole + half


# Law of total variance.


def spread_points(design: Design, values: Numbers) -> Numbers:
    """Values at points spread over the ranges, ``(points, seeds)``: all of Morris's, or A and B of Saltelli's."""
    points = values if design.method == "morris" else values[:, [0, -1]]
    return np.asarray(points.reshape(-1, values.shape[2]))


def variances(values: Numbers) -> tuple[float, float]:
    """Variance that parameters explain and that luck adds to one replicate, from ``(points, seeds)``.

    By two-way mean squares: parameters' part is freed of what seeds add to each point, and may come out below 0.
    """
    points, seeds = values.shape
    if points < FEWEST:
        return math.nan, math.nan
    if seeds < FEWEST:
        return float(values.var(ddof=1)), math.nan
    between, of_seeds, rest = mean_squares(values)
    return (between - rest) / seeds, rest + max(of_seeds - rest, 0.0) / points


def _shares(design: Design, values: Numbers) -> dict[str, float]:
    """What parameters and what luck contribute to the variance of one replicate."""

    def estimate(part: Numbers) -> Numbers:
        of_parameters, of_luck = variances(spread_points(design, part))
        total = of_parameters + (0.0 if math.isnan(of_luck) else of_luck)
        return np.array([of_parameters, of_parameters / total if total > 0 else math.nan, of_luck])

    nothing = dict.fromkeys(("mean", "sd_parameters", "sd_luck", "share", "share_low", "share_high"), math.nan)
    if not len(values):
        return nothing
    (variance, share, luck), low, high = jackknifed(estimate, values)
    return {
        "mean": float(spread_points(design, values).mean()), "sd_parameters": math.sqrt(max(float(variance), 0.0)),
        "sd_luck": math.sqrt(luck) if luck >= 0 else math.nan, "share": min(max(float(share), 0.0), 1.0),
        "share_low": min(max(float(low[1]), 0.0), 1.0), "share_high": min(max(float(high[1]), 0.0), 1.0),
    }  # fmt: skip


# Sobol's indices.


def _sobol(design: Design, values: Numbers) -> list[dict[str, float]]:
    """First-order and total indices; none where parameters explain nothing that can be told from luck."""
    count = len(design.factors)
    names = ("first", "total")
    if len(values) < FEWEST:
        return [dict.fromkeys((f"{n}{e}" for n in names for e in ("", "_low", "_high")), math.nan)] * count

    def estimate(part: Numbers) -> Numbers:
        return sobol_indices(part)

    variance, low, _high = jackknifed(lambda part: np.array([sobol_variance(part)]), values)
    found = np.full((3, 2 * count), np.nan) if _only_luck(variance[0], low[0], values) else np.stack(
        jackknifed(estimate, values))  # fmt: skip
    return [
        {f"{name}{end}": float(found[row, count * place + factor])
         for place, name in enumerate(names) for row, end in enumerate(("", "_low", "_high"))}
        for factor in range(count)
    ]  # fmt: skip


def _only_luck(variance: float, low: float, values: Numbers) -> bool:
    """Whether the parameters' variance cannot be told from 0; without luck any variance can."""
    noisy = values.shape[2] > 1 and bool((values.std(axis=2) > 0).any())
    return variance <= 0 or (noisy and low <= 0)


def sobol_variance(values: Numbers) -> float:
    """Variance between points that parameters explain, from the points A and B of every row."""
    ends = np.concatenate([values[:, 0], values[:, -1]])
    centred = ends - ends.mean(axis=0)
    return float(product(centred, centred).mean())


def sobol_indices(values: Numbers) -> Numbers:
    """First-order indices, then total ones, from ``(rows, factors + 2, seeds)``.

    The estimators of SALib (Saltelli et al. 2010, table 2 b and f), applied to means over seeds, whose part of luck is
    then taken off numerator and denominator (see the module).
    """
    from SALib.analyze.sobol import first_order, total_order

    variance = sobol_variance(values)
    rows = values - np.concatenate([values[:, 0], values[:, -1]]).mean(axis=0)
    mixed = rows[:, 1:-1]
    a, b = (np.broadcast_to(rows[:, [place]], mixed.shape) for place in (0, -1))
    step, means = mixed - a, [part.mean(axis=2) for part in (a, mixed, b)]
    spread = float(np.var(np.r_[means[0], means[2]]))
    if spread == 0 or variance <= 0:
        return np.full(2 * mixed.shape[1], np.nan)
    alone = means[2] * step.mean(axis=2) - product(b, step)
    whole = (step.mean(axis=2) ** 2 - product(step, step)) / 2
    first = first_order(*means) * spread - alone.mean(axis=0)
    total = total_order(*means) * spread - whole.mean(axis=0)
    return np.concatenate([first, total]) / variance


# Morris's elementary effects.


def elementary_effects(design: Design, cube: Numbers, values: Numbers) -> Numbers:
    """Effects of each factor in each trajectory, over the whole range of the factor, ``(blocks, factors, seeds)``.

    A factor of several parameters has no direction: its effects are about its step alone.
    """
    owner = np.repeat(np.arange(len(design.factors)), [len(names) for names in design.members])
    effects = np.full((len(cube), len(design.factors), values.shape[2]), np.nan)
    steps = np.diff(cube, axis=1)
    for block, moves in enumerate(steps):
        for place, move in enumerate(moves):
            column = int(np.abs(move).argmax())
            factor, size = owner[column], move[column]
            size = size if len(design.members[factor]) == 1 else abs(size)
            effects[block, factor] = (values[block, place + 1] - values[block, place]) / size
    return effects


def morris_measures(effects: Numbers) -> Numbers:
    """``mu``, ``mu_star``, ``sigma`` of every factor one after the other, from ``(blocks, factors, seeds)``.

    The mean of absolute values takes the sign of an effect from the other seeds, so that luck, which has no sign of its
    own, adds nothing; small effects whose sign is not known come out a little small.
    """
    blocks, _factors, seeds = effects.shape
    means = effects.mean(axis=2)
    if seeds >= FEWEST:
        others = effects.sum(axis=2, keepdims=True) - effects
        absolute = (np.sign(others) * effects).mean(axis=2)
    else:
        absolute = np.abs(means)
    mu = means.mean(axis=0)
    within = (means**2 - product(effects, effects)).mean(axis=0)
    sigma = (
        np.sqrt(np.maximum(means.var(axis=0, ddof=1) - within, 0.0)) if blocks >= FEWEST else np.full_like(mu, np.nan)
    )
    return np.concatenate([mu, absolute.mean(axis=0), sigma])


def _morris(design: Design, cube: Numbers, values: Numbers) -> list[dict[str, float]]:
    """Measures of Morris with their intervals, and what luck alone would make of the mean absolute effect."""
    count, names = len(design.factors), ("mu", "mu_star", "sigma")
    if not len(values):
        return [dict.fromkeys((*(f"{n}{e}" for n in names for e in ("", "_low", "_high")), "luck"), math.nan)] * count
    effects = elementary_effects(design, cube, values)
    found = np.stack(jackknifed(morris_measures, effects))
    errors = effects.std(axis=2, ddof=1) / math.sqrt(effects.shape[2]) if effects.shape[2] > 1 else np.full(
        effects.shape[:2], np.nan)  # fmt: skip
    luck = math.sqrt(2 / math.pi) * errors.mean(axis=0)
    return [
        {f"{name}{end}": float(found[row, count * place + factor])
         for place, name in enumerate(names) for row, end in enumerate(("", "_low", "_high"))}
        | {"luck": float(luck[factor])}
        for factor in range(count)
    ]  # fmt: skip


def _slopes(design: Design, cube: Numbers, values: Numbers) -> list[float]:
    """Mean change of the difference over the range of each factor: for one parameter, by regression on all points."""
    if not len(values):
        return [math.nan] * len(design.factors)
    points = cube.reshape(-1, cube.shape[2])
    matrix = np.column_stack([np.ones(len(points)), points])
    if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        return [math.nan] * len(design.factors)
    found = np.linalg.lstsq(matrix, values.mean(axis=2).ravel(), rcond=None)[0][1:]
    slopes = iter(found.tolist())
    own = [[next(slopes) for _name in names] for names in design.members]
    return [part[0] if len(part) == 1 else math.nan for part in own]


def strength(row: Any, method: Method) -> float:
    """What factors are ordered by: the total index, or the mean absolute effect."""
    value = float(row["total" if method == "sobol" else "mu_star"])
    return -math.inf if math.isnan(value) else value


def ranked(found: Sensitivity, arm: str, outcome: str) -> pd.DataFrame:
    """Factors of one difference, the strongest first."""
    rows = found.indices[(found.indices["arm"] == arm) & (found.indices["outcome"] == outcome)]
    order = sorted(rows.index, key=lambda place: strength(rows.loc[place], found.design.method), reverse=True)
    return rows.loc[order].reset_index(drop=True)


def resting(found: Sensitivity, arm: str, outcome: str, unlearnt: Sequence[str]) -> float:
    """Part of the strength of all factors that belongs to those with a parameter that nobody has learnt of.

    Factors whose interval holds 0 are left out; not a number when no other is there.
    """
    rows = ranked(found, arm, outcome)
    members = dict(zip(found.design.factors, found.design.members, strict=True))
    low = "total_low" if found.design.method == "sobol" else "mu_star_low"
    told = [row[low] > 0 for row in rows.to_dict("records")]
    sizes = np.array([max(strength(row, found.design.method), 0.0) for row in rows.to_dict("records")]) * told
    if sizes.sum() <= 0:
        return math.nan
    own = np.array([bool(set(members[str(name)]) & set(unlearnt)) for name in rows["factor"]])
    return float(sizes[own].sum() / sizes.sum())

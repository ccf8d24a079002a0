"""From the tidy table of a study to one value a seed: the statistics that a pattern may ask for."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.patterns.declaration import Pattern

type Numbers = NDArray[np.float64]


def seed_values(pattern: Pattern, table: pd.DataFrame) -> pd.Series:
    """The pattern's statistic, one value a seed; missing where a run that it needs has failed, or a ratio is to 0.

    Args:
        pattern: what is asked for.
        table: rows of a study (:class:`scenarios.study.Study`), whose arms are called as in the pattern.

    Returns:
        Series of floats indexed by seed, in order of the seeds.
    """
    arms = [pattern.arm, pattern.control] if pattern.control else [pattern.arm]
    wanted = table[table["arm"].isin(arms)]
    by_seed = dict(list(wanted.groupby("seed", sort=True)))
    if pattern.independent:
        by_seed = _with_other_controls(pattern, by_seed)
    with np.errstate(divide="ignore", invalid="ignore"):  # a ratio to 0 is missing, like that of a failed run
        found = {seed: _value(pattern, rows) for seed, rows in by_seed.items()}
    values = {seed: value if np.isfinite(value) else np.nan for seed, value in found.items()}
    return pd.Series(values, dtype="float64", name=pattern.id).rename_axis("seed")


def _with_other_controls(pattern: Pattern, by_seed: dict[Any, pd.DataFrame]) -> dict[Any, pd.DataFrame]:
    """Rows of each seed's arm beside those of the control of the next seed, in a circle: other patients, other luck."""
    seeds = list(by_seed)
    nexts = dict(zip(seeds, [*seeds[1:], *seeds[:1]], strict=True))
    parts = {}
    for seed, rows in by_seed.items():
        other = by_seed[nexts[seed]]
        control = other[other["arm"] == pattern.control].assign(seed=seed)
        parts[seed] = pd.concat([rows[rows["arm"] == pattern.arm], control], ignore_index=True)
    return parts


def _value(pattern: Pattern, rows: pd.DataFrame) -> float:
    """The statistic of one seed; NaN when a territory or a year is missing."""
    in_years = rows[rows["year"].isin(pattern.years_read)]
    arms = {arm: part.sort_values(["territory", "year"]) for arm, part in in_years.groupby("arm")}
    expected = rows["territory"].nunique() * len(pattern.years_read)
    for arm in {pattern.arm, pattern.control or pattern.arm}:
        if arm not in arms or len(arms[arm]) < expected or arms[arm][list(pattern.outcomes)].isna().any(axis=None):
            return float("nan")
    cells = arms[pattern.arm]
    match pattern.statistic:
        case "level":
            return _level(pattern, cells)
        case "paired_difference":
            return _level(pattern, cells) - _level(pattern, arms[pattern.control])
        case "paired_ratio":
            return float(np.divide(_level(pattern, cells), _level(pattern, arms[pattern.control])))
        case "quantile":
            return _quantile(pattern, *_points(pattern, cells))
        case "share":
            return _share(pattern, cells, arms[pattern.control] if pattern.control else None)
        case "gradient":
            return _gradient(pattern, _effects(pattern, cells, arms))
        case _:
            return _correlation(pattern, _effects(pattern, cells, arms))


def _effects(pattern: Pattern, cells: pd.DataFrame, arms: dict[Any, pd.DataFrame]) -> pd.DataFrame:
    """Rows of the arm, its outcomes less those of the control where there is one: the effect in each place."""
    if not pattern.control:
        return cells
    outcomes = list(pattern.outcome)
    return cells.assign(**(cells[outcomes] - arms[pattern.control][outcomes].to_numpy()))


def _weights(pattern: Pattern, cells: pd.DataFrame) -> Numbers:
    return cells[pattern.weight].to_numpy(float) if pattern.weight else np.ones(len(cells))


def _points(pattern: Pattern, cells: pd.DataFrame) -> tuple[Numbers, Numbers]:
    """Values and weights, pooled over the outcomes of the pattern (each has the same part of a row's weight)."""
    values = cells[list(pattern.outcome)].to_numpy(float)
    if pattern.over:
        values = values / cells[[pattern.over]].to_numpy(float)
    weights = np.repeat(_weights(pattern, cells), len(pattern.outcome))
    return values.ravel(), weights


def _level(pattern: Pattern, cells: pd.DataFrame) -> float:
    """Weighted mean; with ``over`` the ratio of two weighted means (not the mean of ratios, which small cells rule)."""
    weights = _weights(pattern, cells)
    mean = np.average(cells[list(pattern.outcome)].to_numpy(float).mean(axis=1), weights=weights)
    if pattern.over:
        mean = mean / np.average(cells[pattern.over].to_numpy(float), weights=weights)
    return float(mean)


def _quantile(pattern: Pattern, values: Numbers, weights: Numbers) -> float:
    order = np.argsort(values, kind="stable")
    values, weights = values[order], weights[order] / weights.sum()
    if pattern.tail == "at":
        return float(np.interp(pattern.quantile, np.cumsum(weights) - weights / 2, values))
    if pattern.tail == "above":
        values, weights = values[::-1], weights[::-1]
    part = pattern.quantile if pattern.tail == "below" else 1 - pattern.quantile
    return _mean_of_first(values, weights, part)


def _mean_of_first(values: Numbers, weights: Numbers, part: float) -> float:
    """Mean of the first part of the weight (which adds to 1), the last value counted in so far as it belongs."""
    ends = np.cumsum(weights)
    within = np.clip(part - (ends - weights), 0, weights)
    return float(np.average(values, weights=within)) if within.sum() > 0 else float(values[0])


def _share(pattern: Pattern, cells: pd.DataFrame, control: pd.DataFrame | None) -> float:
    values, weights = _points(pattern, cells)
    if control is not None:
        values = values - _points(pattern, control)[0]
    return float(np.average(values > pattern.threshold, weights=weights))


def _gradient(pattern: Pattern, cells: pd.DataFrame) -> float:
    """Lowest against highest part of the territories, ordered by ``by``."""
    order = np.argsort(cells[pattern.by].to_numpy(float), kind="stable")
    values = cells[list(pattern.outcome)].to_numpy(float).mean(axis=1)[order]
    weights = _weights(pattern, cells)[order]
    weights = weights / weights.sum()
    lowest = _mean_of_first(values, weights, pattern.end)
    highest = _mean_of_first(values[::-1], weights[::-1], pattern.end)
    return float(np.divide(lowest, highest)) if pattern.contrast == "ratio" else lowest - highest


def _correlation(pattern: Pattern, cells: pd.DataFrame) -> float:
    weights = _weights(pattern, cells)
    both = np.cov(cells[pattern.outcome[0]].to_numpy(float), cells[pattern.by].to_numpy(float), aweights=weights)
    return float(both[0, 1] / np.sqrt(both[0, 0] * both[1, 1]))

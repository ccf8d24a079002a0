"""What a calibration has learnt of each parameter, and which results rest on parameters of which it learnt nothing.

Contraction is the share of a parameter's prior variance that the targets took away, ``1 - var(posterior) / var(prior)``
(Schad, Betancourt and Vasishth 2021). A parameter whose contraction is small has the posterior that somebody declared:
it is called prior-driven, and so is every result that rests on it.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from results.likelihoods import Target

type Numbers = NDArray[np.float64]

CONTRACTED: Final = 0.2
"""Contraction from which a parameter counts as learnt: its standard deviation is a tenth smaller than declared."""
QUANTILES: Final = (0.025, 0.25, 0.5, 0.75, 0.975)
SHIPPED: Final = Path(__file__).parents[1] / "scenarios" / "calibrations" / "world_posterior.csv"
"""The posterior of the world that comes with careteams, the last one that was made of it."""
INSIDE, OVERLAP, MISS = "inside", "overlap", "miss"
FITTED, COMPARED = "calibration", "validation"
SURE: Final = 0.95
FEWEST: Final = 10
"""Draws below which no correlation is looked at."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What was declared of a parameter before anything was compared.

    Attributes:
        name: its column: the id, with the place of one number of a table.
        parameter: its id.
        title, unit: what it is called.
        law: ``uniform``, ``log-uniform`` or ``normal``.
        low, high: its range.
        grid: values at the middles of parts of equal probability, ``(n,)``.
        now: its value in the model.
    """

    name: str
    parameter: str
    title: str
    unit: str
    law: str
    low: float
    high: float
    grid: Numbers
    now: float


@dataclass(frozen=True, slots=True)
class Posterior:
    """What came out of a calibration.

    Attributes:
        parameters: one row a parameter: prior, posterior, contraction.
        correlations: of parameters under the posterior.
        fit: one row a target, those of the calibration first.
        emulators: one row a fitted target: how well it is emulated.
        sample: draws, one column a parameter.
        draws: predictive draws, one row a draw and target.
        priors, targets: what was declared.
        budget: points, seeds, runs, waves, effective draws, runs that failed.
        provenance: what the numbers come from.
    """

    parameters: pd.DataFrame
    correlations: pd.DataFrame
    fit: pd.DataFrame
    emulators: pd.DataFrame
    sample: pd.DataFrame
    draws: pd.DataFrame
    priors: tuple[Prior, ...]
    targets: tuple[Target, ...]
    budget: Mapping[str, Any]
    provenance: dict[str, Any] = field(default_factory=dict)


def parameter_table(priors: Sequence[Prior], sample: pd.DataFrame) -> pd.DataFrame:
    """What is known of each parameter, before and after.

    Args:
        priors: what was declared.
        sample: draws from the posterior, one column a parameter.
    """
    rows = []
    for prior in priors:
        drawn = sample[prior.name].to_numpy(float)
        before, after = float(prior.grid.std()), float(drawn.std())
        contraction = 1 - (after / before) ** 2
        quantiles = dict(zip((f"q{100 * q:g}" for q in QUANTILES), np.quantile(drawn, QUANTILES).tolist(), strict=True))
        rows.append({
            "name": prior.name, "parameter": prior.parameter, "title": prior.title, "unit": prior.unit,
            "now": prior.now, "prior": prior.law, "low": prior.low, "high": prior.high,
            "prior_mean": float(prior.grid.mean()), "prior_sd": before, "mean": float(drawn.mean()), "sd": after,
            **quantiles, "contraction": contraction, "prior_driven": contraction < CONTRACTED,
        })  # fmt: skip
    return pd.DataFrame(rows)


def prior_driven(ids: Iterable[str], file: Path | None = None) -> list[str]:
    """Those of some parameters of which no calibration has learnt: the uncontracted, and those never calibrated.

    Args:
        ids: ids of parameters.
        file: ``posterior.csv`` of a calibration; that of the world by default.
    """
    learnt = contracted(file or SHIPPED)
    return [name for name in dict.fromkeys(ids) if name not in learnt]


@cache
def contracted(file: Path) -> frozenset[str]:
    """Ids of the parameters that a calibration has learnt of; none where there is no such file."""
    if not file.exists():
        return frozenset()
    table = pd.read_csv(file, usecols=["parameter", "contraction"], comment="#")
    return frozenset(table.loc[table["contraction"] >= CONTRACTED, "parameter"])


def fit_table(
    targets: Sequence[Target], values: Mapping[str, pd.DataFrame], before: Mapping[str, pd.DataFrame],
    points: pd.DataFrame, learnt: Mapping[str, bool],
) -> pd.DataFrame:  # fmt: skip
    """Targets beside what the model gives under the posterior.

    Args:
        targets: what is compared.
        values: by target, runs at draws from the posterior: one row a draw, one column a seed.
        before: by target, runs at draws from the prior, where there are any.
        points: the parameters of the draws, one column each.
        learnt: whether the calibration has learnt of each.
    """
    rows = []
    for target in targets:
        runs = values[target.id].to_numpy(float)
        means = _means(runs)
        low, mean, high = _span(means)
        prior_low, prior_mean, prior_high = _span(_means(before[target.id].to_numpy(float)) if target.id in before
                                                  else np.empty(0))  # fmt: skip
        rests_on, correlation = strongest(points, means)
        rows.append({
            "target": target.id, "title": target.title, "unit": target.unit,
            "group": FITTED if target.fitted else COMPARED, "likelihood": target.kind if target.fitted else "",
            "value": target.value, "sd": target.sd, "band_low": target.low, "band_high": target.high,
            "prior_mean": prior_mean, "prior_low": prior_low, "prior_high": prior_high,
            "mean": mean, "low": low, "high": high, "draws": int((~np.isnan(means)).sum()),
            "failed": int(np.isnan(runs).sum()), "inside": _inside(means, target),
            "verdict": _verdict(mean, low, high, target), "rests_on": rests_on, "correlation": correlation,
            "prior_driven": bool(rests_on) and not learnt[rests_on],
        })  # fmt: skip
    return pd.DataFrame(rows)


def _means(values: Numbers) -> Numbers:
    """Means over seeds, one a draw; missing where every run of a draw has failed."""
    counts = (~np.isnan(values)).sum(axis=1)
    return np.where(counts > 0, np.nansum(values, axis=1) / np.maximum(counts, 1), np.nan)


def _span(means: Numbers) -> tuple[float, float, float]:
    """Mean of draws between the ends of what holds 95 % of them."""
    known = means[~np.isnan(means)]
    if not len(known):
        return math.nan, math.nan, math.nan
    low, high = np.quantile(known, [(1 - SURE) / 2, (1 + SURE) / 2])
    return float(low), float(known.mean()), float(high)


def _inside(means: Numbers, target: Target) -> float:
    known = means[~np.isnan(means)]
    return float(((known >= target.low) & (known <= target.high)).mean()) if len(known) else math.nan


def _verdict(mean: float, low: float, high: float, target: Target) -> str:
    if target.low <= mean <= target.high:
        return INSIDE
    return OVERLAP if low <= target.high and high >= target.low else MISS


def strongest(points: pd.DataFrame, values: Numbers) -> tuple[str, float]:
    """The parameter that moves with a result most, by rank correlation over draws; none that chance might explain.

    Chance gets one in twenty for all parameters together (Bonferroni, by Fisher's transformation).
    """
    known = ~np.isnan(values)
    count = int(known.sum())
    if count < FEWEST or np.ptp(values[known]) == 0:
        return "", math.nan
    ranks = points[known].rank()
    found = ranks.corrwith(pd.Series(values[known], index=ranks.index).rank()).fillna(0.0)
    name = str(found.abs().idxmax())
    limit = math.tanh(float(special.ndtri(1 - (1 - SURE) / 2 / len(found))) / math.sqrt(count - 3))
    return (name, float(found[name])) if abs(found[name]) > limit else ("", math.nan)

"""What an evaluator does with a panel of teams: the usual estimators of the effect on those who joined.

A panel has one row a team and year, with columns ``team``, ``year``, ``entry`` (first year under the policy, 0 for
never or not yet), ``outcome``, and whatever evaluators may match on. All teams are seen in all years. The estimand is
the same everywhere: the mean effect over the team-years that are under the policy. The estimators of two-way fixed
effects, of staggered entry and of synthetic controls are those of diff-diff; nothing here knows the truth.
"""

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LEVEL: Final = 0.95
LEAST: Final = 2
"""Teams on each side under which there is nothing to estimate a spread from."""
PLACEBOS: Final = 30
"""Placebo groups behind a standard error of synthetic controls; Arkhangelsky et al. (2021) take more, for one panel."""

type Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated effect, in the unit of the outcome, and its 95 % interval; not a number where there is none."""

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan


NOTHING: Final = Estimate()


@dataclass(frozen=True)
class Wide:
    """A panel as matrices.

    Attributes:
        outcome: by team and year, ``(teams, years)``.
        entry: place of the first year under the policy, ``(teams,)``; the number of years for never.
        traits: what teams may be matched on, ``(teams, traits)``.
    """

    outcome: Numbers
    entry: NDArray[np.int64]
    traits: Numbers

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Who joins within the panel, ``(teams,)``."""
        return self.entry < self.outcome.shape[1]

    @property
    def under(self) -> NDArray[np.bool_]:
        """Team-years under the policy, ``(teams, years)``."""
        return np.arange(self.outcome.shape[1])[None, :] >= self.entry[:, None]

    @property
    def long(self) -> pd.DataFrame:
        """The panel itself, with teams and years numbered from 0 and 1; ``entry`` is 0 for never."""
        teams, years = self.outcome.shape
        return pd.DataFrame({
            "team": np.repeat(np.arange(teams), years), "year": np.tile(np.arange(1, years + 1), teams),
            "entry": np.repeat(np.where(self.treated, self.entry + 1, 0), years), "outcome": self.outcome.ravel(),
        })  # fmt: skip


def wide(panel: pd.DataFrame, traits: Sequence[str] = ()) -> Wide:
    """A panel as matrices.

    Args:
        panel: one row a team and year, columns ``team``, ``year``, ``entry``, ``outcome`` and the traits.
        traits: columns to match on.

    Raises:
        ValueError: when a team is not seen in every year.
    """
    ordered = panel.sort_values(["team", "year"], kind="stable")
    years = np.unique(ordered["year"])
    teams = ordered["team"].nunique()
    if len(ordered) != teams * len(years):
        raise ValueError("every team must be seen in every year")
    first = ordered.iloc[:: len(years)]
    entry = first["entry"].to_numpy(dtype=np.int64)
    place = np.where((entry > 0) & (entry <= years[-1]), np.searchsorted(years, entry), len(years))
    outcome = ordered["outcome"].to_numpy(dtype=float).reshape(teams, len(years))
    return Wide(outcome, place, first[list(traits)].to_numpy(dtype=float))


def _interval(value: float, error: float, freedom: float) -> Estimate:
    """An estimate with its interval by Student's t; none without a standard error."""
    from scipy.special import ndtri, stdtrit

    if not (math.isfinite(value) and math.isfinite(error)):
        return Estimate(float(value))
    wanted = (1 + LEVEL) / 2
    half = float(ndtri(wanted) if math.isinf(freedom) else stdtrit(freedom, wanted)) * float(error)
    return Estimate(float(value), float(value) - half, float(value) + half)


def _changes(panel: Wide, rows: NDArray[np.int64], entry: int) -> Numbers:
    """Mean outcome after an entry less the mean before it, of some teams."""
    own = panel.outcome[rows]
    return np.asarray(own[:, entry:].mean(axis=1) - own[:, :entry].mean(axis=1))


def _weights(panel: Wide) -> Numbers:
    """Weight of each team that joins: its years under the policy, summing to 1."""
    years = panel.under.sum(axis=1)[panel.treated].astype(float)
    return np.asarray(years / years.sum())


def before_after(panel: Wide, _seed: int = 0) -> Estimate:
    """Years after the entry less years before it, of those who joined: no control at all.

    The interval is that of a paired t-test over teams.
    """
    joined = np.flatnonzero(panel.treated)
    if len(joined) < LEAST or not panel.entry[joined].min():
        return NOTHING
    own = np.array([_changes(panel, np.array([row]), int(panel.entry[row]))[0] for row in joined])
    weights = _weights(panel)
    value = float(weights @ own)
    error = math.sqrt(float(weights**2 @ (own - value) ** 2) * len(own) / (len(own) - 1))
    return _interval(value, error, len(own) - 1)


def matches(panel: Wide) -> NDArray[np.int64]:
    """For each team that joins, the never joining one that was most alike before, ``(joined,)``; with replacement.

    Alike by Mahalanobis' distance in the traits and the mean outcome before the entry (Rubin 1980).
    """
    from scipy.spatial import KDTree

    controls = np.flatnonzero(~panel.treated)
    found = np.empty(int(panel.treated.sum()), dtype=np.int64)
    joined = np.flatnonzero(panel.treated)
    for entry in np.unique(panel.entry[joined]):
        seen = np.column_stack([panel.traits, panel.outcome[:, :entry].mean(axis=1)])
        cohort = panel.entry[joined] == entry
        concerned = np.concatenate([controls, joined[cohort]])
        scale = np.atleast_2d(np.cov(seen[concerned], rowvar=False))
        values, vectors = np.linalg.eigh(scale)
        kept = values > values.max() * 1e-10
        whitened = seen @ (vectors[:, kept] / np.sqrt(values[kept]))
        _far, nearest = KDTree(whitened[controls]).query(whitened[joined[cohort]])
        found[cohort] = controls[np.atleast_1d(nearest)]
    return found


def _matched(panel: Wide, of: Callable[[NDArray[np.int64], int], Numbers]) -> Estimate:
    """Mean difference of matched pairs in what ``of(teams, entry)`` says of them.

    The variance is that of Abadie and Imbens (2006, theorem 7) for matching with replacement: the second part is for
    controls that are used more than once, whose own spread is read off the control that is most like them.
    """
    joined, controls = np.flatnonzero(panel.treated), np.flatnonzero(~panel.treated)
    if min(len(joined), len(controls)) < LEAST or not panel.entry[joined].min():
        return NOTHING
    partner, weights = matches(panel), _weights(panel)
    own = np.empty(len(joined))
    reused = 0.0
    for entry in np.unique(panel.entry[joined]):
        cohort = panel.entry[joined] == entry
        own[cohort] = of(joined[cohort], int(entry)) - of(partner[cohort], int(entry))
        said = of(controls, int(entry))
        before = panel.outcome[controls][:, :entry].mean(axis=1)
        order = np.argsort(before, kind="stable")
        spread = np.empty(len(controls))
        spread[order] = _spread(said[order])
        used = np.array([weights[cohort][partner[cohort] == control] for control in controls], dtype=object)
        reused += sum(float((w.sum() ** 2 - (w**2).sum()) * s) for w, s in zip(used, spread, strict=True))
    value = float(weights @ own)
    own_part = float(weights**2 @ (own - value) ** 2) * len(own) / (len(own) - 1)
    return _interval(value, math.sqrt(own_part + reused), len(own) - 1)


def _spread(values: Numbers) -> Numbers:
    """Variance at each place of an ordered list, from its nearest neighbour: half the squared difference."""
    gaps = np.diff(values) ** 2 / 2
    return np.concatenate([gaps[:1], (gaps[:-1] + gaps[1:]) / 2, gaps[-1:]])


def matched(panel: Wide, _seed: int = 0) -> Estimate:
    """Those who joined against the most similar others, in the years after: matched controls."""
    return _matched(panel, lambda teams, entry: np.asarray(panel.outcome[teams, entry:].mean(axis=1)))


def matched_did(panel: Wide, _seed: int = 0) -> Estimate:
    """The same pairs, but their changes: matched difference-in-differences."""
    return _matched(panel, lambda teams, entry: _changes(panel, teams, entry))


def two_way(panel: Wide, _seed: int = 0) -> Estimate:
    """Two-way fixed effects, one coefficient for all: least squares, standard errors by team.

    Levels of teams are taken out beforehand: they are nested in the clusters, and count for no degree of freedom.
    """
    from diff_diff import LinearRegression

    teams, years = panel.outcome.shape
    joined = panel.entry[panel.treated]
    if len(joined) < LEAST or (panel.treated.all() and (joined == joined[0]).all()):
        return NOTHING
    columns = [panel.under.astype(float), *(np.tile(year, (teams, 1)) for year in np.eye(years)[1:])]
    design = np.column_stack([_own(column).ravel() for column in columns])
    fitted = LinearRegression(include_intercept=False, cluster_ids=np.repeat(np.arange(teams), years))
    fitted.fit(design, _own(panel.outcome).ravel())
    return _interval(float(fitted.coefficients_[0]), float(fitted.get_se(0)), teams - 1)


def _own(values: Numbers) -> Numbers:
    """Values by team and year, less the mean of their team."""
    return np.asarray(values - values.mean(axis=1, keepdims=True))


def staggered(panel: Wide, _seed: int = 0) -> Estimate:
    """Callaway and Sant'Anna (2021): each cohort against teams not yet in, averaged over team-years."""
    from diff_diff import CallawaySantAnna

    if panel.treated.sum() < LEAST or (~panel.treated).sum() < LEAST or not panel.entry.min():
        return NOTHING
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of small cohorts, which is what is studied
        fitted = CallawaySantAnna(control_group="not_yet_treated").fit(
            panel.long, outcome="outcome", unit="team", time="year", first_treat="entry"
        )
    return _interval(float(fitted.overall_att), float(fitted.overall_se), math.inf)


def imputed(panel: Wide, _seed: int = 0) -> Estimate:
    """Borusyak, Jaravel and Spiess (2024): what would have been, from all team-years that are not under the policy."""
    from diff_diff import ImputationDiD

    if panel.treated.sum() < LEAST or (~panel.treated).sum() < LEAST or not panel.entry.min():
        return NOTHING
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of small cohorts, which is what is studied
        fitted = ImputationDiD().fit(panel.long, outcome="outcome", unit="team", time="year", first_treat="entry")
    return _interval(float(fitted.overall_att), float(fitted.overall_se), len(panel.outcome) - 1)


def synthetic(panel: Wide, seed: int = 0) -> Estimate:
    """Synthetic controls with a level of their own (synthetic difference-in-differences, Arkhangelsky et al. 2021).

    Not those of Abadie, Diamond and Hainmueller (2010): they were made for one treated unit, and with five that share
    their controls an interval by placebo held the truth 85 times in 100 on toy panels that are fair to them.

    Each cohort against weighted teams that never join; the weights of cohorts are their team-years. Standard errors by
    placebo, which needs more controls than a cohort has teams.
    """
    from diff_diff import SyntheticDiD

    joined = panel.entry[panel.treated]
    controls = int((~panel.treated).sum())
    cohorts, counts = np.unique(joined, return_counts=True)
    if len(joined) < LEAST or cohorts[0] < LEAST or controls <= counts.max():
        return NOTHING
    years, long = panel.outcome.shape[1], panel.long
    weights = counts * (years - cohorts) / float((counts * (years - cohorts)).sum())
    value = variance = 0.0
    for entry, weight in zip(cohorts, weights, strict=True):
        table = long[long["entry"].isin((0, entry + 1))]
        table = table.assign(treated=(table["entry"] > 0).astype(int))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of poor fits before, which is what is studied
            fitted = SyntheticDiD(variance_method="placebo", n_bootstrap=PLACEBOS, seed=seed).fit(
                table, outcome="outcome", treatment="treated", unit="team", time="year",
                post_periods=list(range(int(entry) + 1, years + 1)),
            )  # fmt: skip
        value += weight * float(fitted.att)
        variance += (weight * float(fitted.se)) ** 2
    return _interval(value, math.sqrt(variance), math.inf)


METHODS: Final[Mapping[str, Callable[[Wide, int], Estimate]]] = {
    "before_after": before_after, "matched": matched, "matched_did": matched_did, "two_way": two_way,
    "staggered": staggered, "imputed": imputed, "synthetic": synthetic,
}  # fmt: skip
"""What evaluators do, by name: ``method(panel, seed)``; the seed is for placebo draws alone."""

"""From the table of the reference study to norms: means by class, growth, living areas, national values, deciles.

Worlds are weighted so that living-area types stand in their national proportions. Standard errors are those of the
jackknife: each world is left out in turn, the others of its type standing in for it. Patients of one world, and one
patient's years, may resemble each other as they like.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agents.mistakes import Mistake
from scenarios.norms.content import (
    CONTACTS,
    FEES,
    GROWING,
    SPENDING,
    apl_edges,
    class_means,
    indicators,
    indicators_of_physicians,
    totals,
)  # fmt: skip
from scenarios.norms.reference import (
    POINTS,
    POVERTY,
    REGISTERED,
    in_band,
    of_class,
    physicians,
    point,
    scoring_terms,
    spent_in_band,
)  # fmt: skip
from scenarios.norms.regression import Fit, fitted
from scenarios.patterns.territories import value_of
from sim.area_types import AREA_TYPES
from sim.payment.norms import Norms
from sim.payment.norms_file import CLASSES
from sim.payment.quality import QualityParameters, ratio
from sim.specification import ScenarioSpec

type Numbers = NDArray[np.float64]
type Estimates = dict[tuple[str, str], Any]
"""Values by part of the norms and name."""

TENTHS: Final = np.arange(1, 10) / 10
OF_AREAS: Final = {**dict.fromkeys(FEES), SPENDING: None, CONTACTS: "contacts"}
"""Means that are also known by living-area type, with the name they have there where it differs."""


@dataclass(frozen=True)
class Worlds:
    """The reference study as arrays: worlds (a territory and seed), years, classes.

    Attributes:
        area: living-area type of each world, ``(worlds,)``.
        share: part of the nation who live in each type, ``(6,)``.
        registered: ``(worlds, years, classes)``.
        sums: by norm, ``(worlds, years, classes)``.
        bands: registered patients, ``(worlds, years, bands, classes)``.
        spending: of bands, ``(worlds, years, bands)``.
        totals: by measure, ``(worlds, years)``.
        points: quantiles over physicians, and how many there are, by indicator: ``(worlds, years, points)`` and
            ``(worlds, years)``.
        base: place of the base year.
    """

    area: NDArray[np.int64]
    share: Numbers
    registered: Numbers
    sums: Mapping[str, Numbers]
    bands: Numbers
    spending: Numbers
    totals: Mapping[str, Numbers]
    points: Mapping[str, tuple[Numbers, Numbers]]
    base: int = 1

    @property
    def patient_years(self) -> int:
        """People simulated from the base year on."""
        return round(float(self.totals["residents"][:, self.base :].sum()))

    def weights(self) -> Numbers:
        """Weight of each world, so that types stand in national proportions of people; 1 on average, ``(worlds,)``."""
        people = self.totals["residents"].mean(axis=1)
        of_type = np.bincount(self.area, weights=people, minlength=len(AREA_TYPES))
        share = np.where(of_type > 0, self.share, 0.0)
        factor = np.divide(share * people.sum(), of_type * share.sum(), out=np.zeros(len(share)), where=of_type > 0)
        return np.asarray(factor[self.area])


def worlds_of(table: pd.DataFrame, territories: Sequence[ScenarioSpec]) -> Worlds:
    """The arrays of a study's table.

    Raises:
        Mistake: when a world failed, with its message.
    """
    failed = table[table["stage"] != ""]
    if len(failed):
        first = failed.iloc[0]
        raise Mistake('the norms cannot be made: territory "{territory}", {stage}: {reason}',
                      territory=first["territory"], stage=first["stage"], reason=first["message"])  # fmt: skip
    area = {spec.name: AREA_TYPES.index(next(iter(spec.territory.area_types))) for spec in territories}
    table = table.sort_values(["territory", "seed", "year"], kind="stable")
    years = table["year"].nunique()
    columns = table.drop(columns=["territory", "arm", "stage", "message"])
    at = {name: place for place, name in enumerate(columns.columns)}
    values = columns.to_numpy(dtype=np.float64)

    def read(names: Sequence[str], *shape: int) -> Numbers:
        return values[:, [at[name] for name in names]].reshape(-1, years, *shape)

    bands = range(len(apl_edges()) + 1)
    return Worlds(
        area=np.array([area[name] for name in table["territory"].iloc[::years]], dtype=np.int64),
        share=np.asarray(value_of("territory.population_share", territories[0]), dtype=np.float64),
        registered=read([of_class(REGISTERED, one) for one in CLASSES], len(CLASSES)),
        sums={name: read([of_class(name, one) for one in CLASSES], len(CLASSES)) for name in class_means()},
        bands=read([in_band(band, one) for band in bands for one in CLASSES], len(bands), len(CLASSES)),
        spending=read([spent_in_band(band) for band in bands], len(bands)),
        totals={name: read([name]) for name in (*totals(), POVERTY)},
        points={
            name: (read([point(name, place) for place in range(POINTS)], POINTS), read([physicians(name)]))
            for name in indicators_of_physicians()
        },
    )


def norms_of(worlds: Worlds, digest: str, base_year: int, prior: float, about: Mapping[str, Any]) -> Norms:
    """National norms with standard errors.

    Args:
        worlds: the reference study.
        digest: of what made it.
        base_year: calendar year of the first simulated year.
        prior: patient-years of the belief in coefficients of 0.
        about: what else the norms say of themselves.

    Raises:
        Mistake: when nobody is registered.
    """
    if not worlds.registered.any():
        raise Mistake("the norms cannot be made: nobody is registered with a physician in the reference worlds.")
    weights, terms = worlds.weights(), scoring_terms(base_year)
    fits = _fits(worlds, weights, prior)
    found = _estimates(worlds, weights, fits, terms)
    errors = _jackknife(worlds, weights, found, lambda w: _estimates(worlds, w, _fits(worlds, w, prior, fits), terms))
    parts: dict[str, dict[str, Any]] = {"by_class": {}, "trend": {}, "by_area": {}, "numbers": {}, "growth": {}}
    wrong: dict[str, dict[str, Any]] = {part: {} for part in parts}
    for (part, name), value in found.items():
        if np.isfinite(value).all():  # a study without territories of some type says nothing of types
            parts[part][name], wrong[part][name] = value, errors[part, name]
    years = range(base_year - worlds.base, base_year - worlds.base + worlds.registered.shape[1])
    growth = {name: dict(zip(years, map(float, factors), strict=True)) for name, factors in parts["growth"].items()}
    del wrong["growth"]
    return Norms(
        digest=digest, base_year=base_year, by_class=parts["by_class"], growth=growth, trend=parts["trend"],
        by_area=parts["by_area"], deciles=_deciles(worlds, weights, terms), numbers=parts["numbers"],
        standard_errors=wrong,
        about={**about, "patient_years": worlds.patient_years, "worlds": len(worlds.area)},
    )  # fmt: skip


def _fits(worlds: Worlds, weights: Numbers, prior: float, like: Mapping[str, Fit] | None = None) -> dict[str, Fit]:
    used = weights[:, None, None]
    patients = worlds.registered * used
    known: Mapping[str, Fit | None] = like or dict.fromkeys(worlds.sums)
    return {
        name: fitted(patients, sums * used, worlds.base, prior, grows=name in GROWING, like=known[name])
        for name, sums in worlds.sums.items()
    }


def _estimates(worlds: Worlds, weights: Numbers, fits: Mapping[str, Fit], terms: QualityParameters) -> Estimates:
    """Every value but the deciles."""
    patients = np.einsum("t,tyc->yc", weights, worlds.registered)
    found: Estimates = {("by_class", name): fit.means for name, fit in fits.items()}
    found["by_class", "share"] = patients.sum(axis=0) / patients.sum()
    for name in GROWING:
        found["growth", name] = fits[name].growth
        found["trend", name] = _trend(fits[name].growth[worlds.base :])
        total = np.einsum("t,tyc->y", weights, worlds.sums[name])
        found["numbers", name] = float((total / fits[name].growth).sum() / patients.sum())
    found |= _of_areas(worlds, weights, fits)
    return found | _numbers(worlds, weights, terms)


def _trend(growth: Numbers) -> float:
    """Yearly growth factor of a log-linear trend; 1 where nothing was counted."""
    if len(growth) < 2 or not (growth > 0).all():  # noqa: PLR2004 - a trend needs two years
        return 1.0
    return math.exp(np.polyfit(np.arange(len(growth)), np.log(growth), 1)[0])


def _of_areas(worlds: Worlds, weights: Numbers, fits: Mapping[str, Fit]) -> Estimates:
    """Means of the living-area types; and spending over what is expected, by accessibility and by type."""
    types = (worlds.area[:, None] == np.arange(len(AREA_TYPES))) * weights[:, None]
    patients = types.T @ worlds.registered.sum(axis=(1, 2))
    found: Estimates = {}
    for name, other in OF_AREAS.items():
        total = types.T @ (worlds.sums[name].sum(axis=2) / fits[name].growth).sum(axis=1)
        found["by_area", other or name] = _over(total, patients)
    fit = fits[SPENDING]
    expected = (worlds.bands @ fit.means) * fit.growth[None, :, None]
    of_bands = _over(weights @ worlds.spending.sum(axis=1), weights @ expected.sum(axis=1))
    for band, factor in enumerate(of_bands):
        if not math.isnan(factor):
            found["numbers", f"spending_apl_{band}"] = float(factor)
    due = types.T @ (expected.sum(axis=1) @ np.nan_to_num(of_bands, nan=1.0))
    found["by_area", "spending_factor"] = _over(types.T @ worlds.spending.sum(axis=(1, 2)), due)
    return found


def _numbers(worlds: Worlds, weights: Numbers, terms: QualityParameters) -> Estimates:
    """National values of indicators, and of the population."""
    nation = {name: np.atleast_1d(weights @ values.sum(axis=1)) for name, values in worlds.totals.items()}
    people, listed, ame = nation["residents"], nation["registered_list"], nation["ame_residents"]
    values = {
        "registered": listed / people,
        POVERTY: weights @ (worlds.totals[POVERTY] * worlds.totals["residents"]).sum(axis=1) / people,
        "share_c2s": nation["list_c2s"] / listed,
        "share_c2s_ame": (nation["list_c2s"] + ame) / (listed + ame),
    }
    values |= {name: ratio(one, nation.__getitem__, terms, least=0.0) for name, one in indicators().items()}
    return {("numbers", name): float(value[0]) for name, value in values.items() if np.isfinite(value[0])}


def _jackknife(
    worlds: Worlds, weights: Numbers, whole: Estimates, again: Callable[[Numbers], Estimates]
) -> dict[tuple[str, str], Any]:
    """Standard errors, worlds being drawn by living-area type; not a number where a type has one world only."""
    squares: dict[tuple[str, str], Any] = {key: np.zeros_like(value, dtype=float) for key, value in whole.items()}
    for left_out, area in enumerate(worlds.area):
        alike = worlds.area == area
        count = int(alike.sum())
        if count < 2:  # noqa: PLR2004 - nobody stands in for a single world
            continue
        others = np.where(alike, weights * count / (count - 1), weights)
        others[left_out] = 0.0
        found = again(others)
        for key in squares.keys() & found.keys():
            squares[key] = squares[key] + (count - 1) / count * (np.asarray(found[key]) - whole[key]) ** 2
    single = np.bincount(worlds.area, minlength=len(AREA_TYPES)) < 2  # noqa: PLR2004 - as above
    errors = {key: np.sqrt(square) for key, square in squares.items()}
    for key, error in errors.items():
        if key[0] == "by_area":
            errors[key] = np.where(single, np.nan, error)
    return {key: error if error.ndim else float(error) for key, error in errors.items()}


def _deciles(worlds: Worlds, weights: Numbers, terms: QualityParameters) -> dict[str, Numbers]:
    """Deciles over territories and years, and over physicians and years."""
    found: dict[str, Numbers] = {}
    years = slice(worlds.base, None)
    areas = {name: values[:, years].ravel() for name, values in worlds.totals.items()}
    each = np.repeat(weights, worlds.registered.shape[1] - worlds.base)
    for name, one in indicators().items():
        deciles = weighted_quantiles(ratio(one, areas.__getitem__, terms), each, TENTHS)
        if deciles is not None:
            found[name] = deciles
    for name, (points, count) in worlds.points.items():
        # Each of a world's points stands for as many of its physicians.
        weight = np.broadcast_to((weights[:, None] * count)[:, years, None] / POINTS, points[:, years].shape)
        deciles = weighted_quantiles(points[:, years].ravel(), weight.ravel(), TENTHS)
        if deciles is not None:
            found[f"{name}_physicians"] = deciles
    return found


def weighted_quantiles(values: Numbers, weights: Numbers, shares: Numbers) -> Numbers | None:
    """Quantiles of weighted values, straight between the middles of their weights; None where no value is known."""
    known = np.isfinite(values) & (weights > 0)
    if not known.any():
        return None
    order = np.argsort(values[known], kind="stable")
    sorted_values, sorted_weights = values[known][order], weights[known][order]
    middles = (np.cumsum(sorted_weights) - sorted_weights / 2) / sorted_weights.sum()
    return np.asarray(np.interp(shares, middles, sorted_values))


def _over(above: Numbers, below: Numbers) -> Numbers:
    """A ratio, not a number where there is nothing below."""
    return np.divide(above, below, out=np.full(np.shape(below), np.nan), where=below > 0)

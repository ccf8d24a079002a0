"""The territories of a pattern: named scenarios, or many territories of contrasted density."""

import math
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist
from typing import Any, Final

import numpy as np

from scenarios.reading import load
from sim.area_types import AREA_TYPES
from sim.mechanisms import effective_parameters
from sim.parameters import all_parameters
from sim.specification import UNSET, ScenarioSpec

MANY: Final = "many"
FILE: Final = Path(__file__).parent / "territories.toml"


def territories_of(names: Sequence[str]) -> list[ScenarioSpec]:
    """Scenarios of a pattern: presets or files by name; ``many`` stands for the whole contrasted set.

    Raises:
        Mistake: when a scenario does not exist or is wrong.
    """
    return [spec for name in names for spec in (contrasted() if name == MANY else [load(name)])]


def contrasted(base: ScenarioSpec | None = None, count: int | None = None) -> list[ScenarioSpec]:
    """Territories of one living-area type each, in French proportions, with densities spread around those of the type.

    Every territory has the people of ``base`` (the calibration baseline), on a ground of the area of its type, and only
    default teams, so that the number of physicians follows its density. There are ``count`` of them, or as many as the
    file says.
    """
    base = base or load("baseline")
    numbers = {key: entry["value"] for key, entry in tomllib.loads(FILE.read_text(encoding="utf-8")).items()}
    counts = _by_share(np.asarray(value_of("territory.population_share", base)), count or int(numbers["count"]))
    densities = value_of("territory.gps_per_10000", base)
    return [
        _territory(base, area, ordinal, float(density) * factor, float(share))
        for area, density, count, share in zip(AREA_TYPES, densities, counts, numbers["area_share"], strict=True)
        for ordinal, factor in enumerate(spread(count, numbers["density_spread"]), start=1)
    ]


def value_of(parameter: str, spec: ScenarioSpec) -> Any:
    """The value of a parameter in a scenario."""
    return effective_parameters(spec).get(parameter, all_parameters()[parameter].value)


def spread(count: int, deviation: float) -> list[float]:
    """Factors with mean 1 at the middle quantiles of a lognormal with this sd of the log."""
    if not count:
        return []
    middles = [(i + 0.5) / count for i in range(count)]
    factors = np.exp([deviation * NormalDist().inv_cdf(p) for p in middles])
    return list(map(float, factors / factors.mean()))


def _territory(base: ScenarioSpec, area: str, ordinal: int, density: float, area_share: float) -> ScenarioSpec:
    name, side = f"{area}-{ordinal}", math.sqrt(area_share)
    ground = replace(
        base.territory, name=name, area_types={area: 1.0}, gps_per_10000=round(density, 2), nurses_per_10000=UNSET,
        share_65_plus=UNSET, poverty=UNSET, c2s=UNSET,
        columns=round(base.territory.columns * side), rows=round(base.territory.rows * side),
    )  # fmt: skip
    return replace(base, name=name, territory=ground, teams={}, fill_with_default_teams=True)


def _by_share(shares: np.ndarray, count: int) -> list[int]:
    """Whole numbers in proportion to shares that add up to ``count`` (largest remainders)."""
    exact = shares / shares.sum() * count
    whole = np.floor(exact).astype(int)
    whole[np.argsort(whole - exact, kind="stable")[: count - whole.sum()]] += 1
    return [int(n) for n in whole]

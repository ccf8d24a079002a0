"""The reference study: worlds of the six living-area types in national proportions, on the one study engine.

An outcome of this study is one column of a year's counts: a measure of one class, a total, a physician's indicator.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Final

import numpy as np

from scenarios.norms.content import apl_edges, class_means, indicators_of_physicians, totals
from scenarios.norms.counting import ReferenceAccounts
from scenarios.norms.design import CONTRACT, Design
from scenarios.patterns.territories import contrasted
from scenarios.reading import load
from scenarios.study import CARETEAMS, Laboratory, Study
from scenarios.study.laboratory import Model, itself, nothing_to_make
from sim.mechanisms import effective_parameters
from sim.payment.accounts_of_year import LIST_CLASSES
from sim.payment.norms_file import CLASSES
from sim.payment.quality import QualityParameters, quality_terms, ratio
from sim.specification import FEES, ScenarioSpec, TerritorySpec

ARM: Final = "reference"
REGISTERED: Final = "registered"
POVERTY: Final = "poverty"
POINTS: Final = 25
"""Physicians of a world stand in the table as so many of their own quantiles; few worlds have more physicians."""


def of_class(name: str, one: str) -> str:
    """Column of the sum of a norm's measure over registered patients of a class."""
    return f"{name} of {one}"


def in_band(band: int, one: str) -> str:
    """Column of the registered patients of a class, by band of accessibility."""
    return f"band {band} of {one}"


def spent_in_band(band: int) -> str:
    """Column of the spending of registered patients, by band of accessibility."""
    return f"spending of band {band}"


def point(indicator: str, place: int) -> str:
    """Column of a quantile of an indicator over the physicians of a world."""
    return f"{indicator} at {place}"


def physicians(indicator: str) -> str:
    """Column of the number of physicians who have an indicator."""
    return f"physicians with {indicator}"


@dataclass(frozen=True, slots=True)
class Column:
    """An outcome of the study: one column of a year."""

    name: str

    def function(self, model: Any, _year: int) -> float:
        """Its value in the year that was read last."""
        return float(model.facts[self.name])


class ReferenceModel:
    """A model as the study engine sees it: the first year that is read is the last of its warm-up.

    So norms also know the year before the first, with which rules compare it.

    Attributes:
        model: the model.
        facts: the columns of the year that was read last.
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        self.world = model.world
        self.facts: dict[str, float] = {}

    def run_year(self) -> None:
        """Go on by a year (the first time, only read what is there)."""
        if self.facts:
            self.model.run_year()
        self.facts = facts_of(self.model)


def prepare(spec: ScenarioSpec) -> Model:
    """Found and warm up a reference world."""
    from sim.founding import found
    from sim.model import CareModel

    model = CareModel(found(spec), spec)
    model.accounts = ReferenceAccounts(model.world)
    model.warm(spec)
    return ReferenceModel(model)


def go_on(model: Model, _base: ScenarioSpec, _arm: ScenarioSpec) -> Model:
    """A reference study has one arm, which may go on with the world itself."""
    return model


def close(model: Model) -> None:
    """Let go of a reference world, and of the model in it; again if need be, since its one arm is itself."""
    inner = vars(model).pop("model", None)
    if inner is not None:
        CARETEAMS.close(inner)
    CARETEAMS.close(model)


@cache
def columns() -> Mapping[str, Column]:
    """Every column of a year, by name."""
    bands = range(len(apl_edges()) + 1)
    names = [of_class(name, one) for name in (REGISTERED, *class_means()) for one in CLASSES]
    names += [in_band(band, one) for band in bands for one in CLASSES]
    names += [spent_in_band(band) for band in bands]
    names += [*totals(), POVERTY]
    for indicator in indicators_of_physicians():
        names += [physicians(indicator), *(point(indicator, place) for place in range(POINTS))]
    return {name: Column(name) for name in names}


REFERENCE: Final[Laboratory] = replace(
    CARETEAMS, prepare=prepare, begin=itself, fork=go_on, outcomes=columns, close=close, ready=nothing_to_make
)
"""Makes reference worlds for the study engine."""


def reference_study(spec: ScenarioSpec, design: Design) -> Study:
    """The study that makes the norms of a scenario: its parameters, fees and first day, on reference territories."""
    baseline = load("baseline")
    reform = {name: terms for name, terms in spec.reform.items() if name in (FEES, CONTRACT)}
    base = replace(
        baseline, start=spec.start, parameters=effective_parameters(spec), reform=reform, default_contract=[CONTRACT],
        territory=_of_size(baseline.territory, design.people), warm_up_years=0, decisions=False,
    )  # fmt: skip
    return Study(
        territories=contrasted(base, design.territories), arms={ARM: []}, outcomes=list(columns()),
        seeds=range(1, design.seeds + 1), years=design.years_for(spec) + 1, laboratory=REFERENCE,
    )  # fmt: skip


def _of_size(territory: TerritorySpec, people: int) -> TerritorySpec:
    """A territory with other people, as densely settled, its town in proportion."""
    share = people / territory.people
    columns, rows = (max(2, round(side * math.sqrt(share))) for side in (territory.columns, territory.rows))
    return replace(territory, people=people, town=round(territory.town * share), columns=columns, rows=rows)


def facts_of(model: Any) -> dict[str, float]:
    """Every column of the year that a model has closed last."""
    year = max(model.accounts.years)
    facts = _class_facts(model.accounts.by_class[year])
    facts |= {name: float(model.accounts.array(name, year, "territory").sum()) for name in totals()}
    cells = model.world.cells
    people = cells["people"].sum(axis=1, dtype=float)
    facts[POVERTY] = float((cells["poverty"] * people).sum() / people.sum())
    terms = scoring_terms(model.specification.first_year + year - 1)
    for name, one in indicators_of_physicians().items():
        found = ratio(one, lambda measure: model.accounts.array(measure, year, "physician").astype(float), terms)
        found = np.sort(found[np.isfinite(found)])
        places = (np.arange(POINTS) + 0.5) / POINTS * len(found)
        facts[physicians(name)] = float(len(found))
        for place, rank in enumerate(places.astype(int)):
            facts[point(name, place)] = float(found[rank]) if len(found) else float("nan")
    return facts


def scoring_terms(year: int) -> QualityParameters:
    """The terms of scoring in a calendar year."""
    return QualityParameters(**{name: entry.value for name, entry in quality_terms().at(date(year, 12, 31)).items()})


def _class_facts(counts: Any) -> dict[str, float]:
    table = {REGISTERED: counts.registered, **counts.sums}
    facts = {
        of_class(name, one): float(sums[place]) for name, sums in table.items() for place, one in enumerate(CLASSES)
    }
    for band, registered in enumerate(counts.bands):
        facts[spent_in_band(band)] = float(counts.spending[band])
        facts |= {in_band(band, one): float(registered[place]) for place, one in enumerate(CLASSES)}
    assert len(LIST_CLASSES) == len(CLASSES)
    return facts

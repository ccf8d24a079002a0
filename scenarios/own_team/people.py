"""From the patients of a list to the people of a territory, of whom that list is then registered.

A list is not a population: few children are registered, and people with long-term illness more often than others. The
people are made so that those of them who are registered, by the shares that the model uses, are like the list.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.patients import AGE_BAND_STARTS, AGE_BANDS
from results.messages import _, number
from scenarios.own_team.counts import Counts, margin
from sim.life_tables import AGES
from sim.parameters import parameter_record
from sim.territory.composition import shifted

type Floats = NDArray[np.float64]

BANDS: Final = len(AGE_BANDS)
LEAST_PEOPLE_A_COMMUNE: Final = 60
"""People under whom a commune is joined with others: a little above what a scenario asks for."""
ELSEWHERE: Final = "Elsewhere"
ROUNDING: Final = 1.003
"""People for each one that the list asks for: whole people in whole cells must not leave it a patient short."""


@dataclass(frozen=True, slots=True)
class People:
    """The people of a territory.

    Attributes:
        total: inhabitants.
        registered: patients of the list.
        ages: share of the people in each age band of the model, shape ``(6,)``.
        women, ald, c2s: shares by age band; None where the file says nothing.
        communes: share of the people by commune; empty where the file says nothing.
        filled: what the file does not say and how it was filled, one sentence each.
    """

    total: int
    registered: int
    ages: Floats
    women: Floats | None
    ald: Floats | None
    c2s: Floats | None
    communes: dict[str, float]
    filled: list[str]


def people(counts: Counts) -> People:
    """The people of whom a list is registered."""
    par = parameter_record()[0]
    filled: list[str] = []
    to_bands = _to_bands(counts.ages, par, filled)
    listed = _listed(counts, to_bands, par, filled)
    women = _trait(counts, "sex", "F", to_bands, listed, _women(par))
    ald = _trait(counts, "ald", "yes", to_bands, listed, par["population_ald"].astype(float))
    c2s = _trait(counts, "c2s", "yes", to_bands, listed, np.full(BANDS, float(par["territory_c2s_mean"])))
    filled += _unsaid(counts, {"sex": women, "ald": ald, "c2s": c2s})
    ill, well = _living(listed, par["population_ald"].astype(float) if ald is None else ald, par)
    living = ill + well
    total = math.ceil(float(living.sum()) * ROUNDING)
    filled.append(_("People: {people}, of whom {registered} are registered here, by the shares of the model.",
                    people=number(total), registered=number(counts.total)))  # fmt: skip
    ald = None if ald is None else ill / np.maximum(living, 1e-9)
    communes = _communes(margin(counts, "commune"), total, filled)
    return People(total, counts.total, living / living.sum(), women, ald, c2s, communes, filled)


def _alive(par: Any) -> Floats:
    """People at each year of age in France: the age profile over bands, survivors inside them."""
    women = float(par["population_women_at_birth"])
    alive = (1.0 - women) * par["life_survival"][0] + women * par["life_survival"][1]
    edges = [*AGE_BAND_STARTS, AGES]
    found = np.zeros(AGES)
    for band, (first, end) in enumerate(pairwise(edges)):
        found[first:end] = par["territory_age_profile"][band] * alive[first:end] / alive[first:end].sum()
    return found


def _women(par: Any) -> Floats:
    """Share of women in each age band, by the life tables."""
    girls = float(par["population_women_at_birth"]) * par["life_survival"][1]
    boys = (1.0 - float(par["population_women_at_birth"])) * par["life_survival"][0]
    edges = [*AGE_BAND_STARTS, AGES]
    parts = [(girls[a:b].sum(), (girls + boys)[a:b].sum()) for a, b in pairwise(edges)]
    return np.array([part / whole for part, whole in parts])


def _to_bands(ages: Sequence[tuple[int, int]], par: Any, filled: list[str]) -> Floats:
    """What part of each band of the file falls into each band of the model, shape ``(bands of the file, 6)``."""
    alive = _alive(par)
    model = np.digitize(np.arange(AGES), AGE_BAND_STARTS[1:])
    share = np.zeros((len(ages), BANDS))
    for place, (first, last) in enumerate(ages):
        inside = slice(min(first, AGES - 1), min(last, AGES - 1) + 1)
        share[place] = np.bincount(model[inside], weights=alive[inside], minlength=BANDS) / alive[inside].sum()
    if np.count_nonzero(share) > len(ages):
        filled.append(_("Age bands of the file that the bands of the model cut were divided as French ages are."))
    return share


def _listed(counts: Counts, to_bands: Floats, par: Any, filled: list[str]) -> Floats:
    """Patients of the list in each age band of the model."""
    by_age = margin(counts, "age")
    if by_age:
        return np.array([by_age.get((band,), 0) for band in counts.ages], dtype=np.float64) @ to_bands
    filled.append(_("Ages: those of France, registered by the shares of the model."))
    usual = par["territory_age_profile"] * par["workforce_registered_share"]
    return np.asarray(counts.total * usual / usual.sum(), dtype=np.float64)


def _trait(counts: Counts, name: str, value: str, to_bands: Floats, listed: Floats, usual: Floats) -> Floats | None:
    """Share of the patients of each age band who have a trait; None where the file says nothing.

    Where it says the share of all only, those of the age bands are moved together to it, on the log-odds scale.
    """
    by_age = margin(counts, "age", name)
    if by_age:
        whole = np.array([sum(by_age.get((band, one), 0) for one in _values(by_age)) for band in counts.ages], float)
        having = np.array([by_age.get((band, value), 0) for band in counts.ages], dtype=np.float64)
        # A band of the file that the model's bands cut has more of what is usual in its older part.
        weight = to_bands * usual
        weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-12)
        return np.clip((having @ weight) / np.maximum(whole @ to_bands, 1e-9), 0.0, 1.0)
    alone = margin(counts, name)
    if not alone:
        return None
    return shifted(usual, np.maximum(listed, 1e-9), alone.get((value,), 0) / counts.total)


def _values(table: Mapping[Any, int]) -> list[Any]:
    return sorted({cell[1] for cell in table})


def _unsaid(counts: Counts, traits: Mapping[str, Floats | None]) -> list[str]:
    named = {"sex": _("Sex"), "ald": _("Long-term illness (ALD)"), "c2s": _("Means-tested cover (C2S)")}
    said = []
    for name, shares in traits.items():
        if shares is None:
            said.append(_("{what}: as in the model, by age.", what=named[name]))
        elif ("age", name) not in counts.tables:
            said.append(_("{what}: the share of the file, spread over ages as in the model.", what=named[name]))
    return said


def _living(listed: Floats, ald: Floats, par: Any) -> tuple[Floats, Floats]:
    """People in each age band with and without long-term illness, of whom the list is what is registered.

    Of adults a share is registered, of those with long-term illness a larger one (``sim/registration.py``).
    """
    ill, well = listed * ald, listed * (1.0 - ald)
    children, adults = par["workforce_registered_share"][0], float(np.average(par["workforce_registered_share"][1:]))
    living_ill = ill / (1.0 - float(par["population_no_gp_ald"]))
    grown = slice(1, None)
    living_well = np.maximum(listed[grown].sum() / adults - living_ill[grown].sum(), 0.0)
    ratio = living_well / max(well[grown].sum(), 1e-9)
    found = np.concatenate([[ill[0] / children], living_ill[grown]])
    return found, np.concatenate([[well[0] / children], well[grown] * ratio])


def _communes(listed: Mapping[Any, int], total: int, filled: list[str]) -> dict[str, float]:
    """Share of the people by commune; those in which too few would live are joined."""
    patients = sum(listed.values())
    shares = {str(name): count / patients for (name,), count in listed.items() if count}
    small = {name for name, share in shares.items() if share * total < LEAST_PEOPLE_A_COMMUNE}
    if not shares:
        filled.append(_("Communes: drawn from the French sizes, the largest with a third of the people."))
    if small and small != shares.keys():
        rest = sum(shares.pop(name) for name in small)
        into = ELSEWHERE if rest * total >= LEAST_PEOPLE_A_COMMUNE else min(shares, key=lambda name: shares[name])
        shares[into] = shares.get(into, 0.0) + rest
        filled.append(_("Communes with few patients were joined as {name}: {communes}.",
                        name=into, communes=", ".join(sorted(small))))  # fmt: skip
    return shares

"""Where they settle: teams in their commune, other practices and nurses where people live, hospitals in town."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.declarations import Table
from agents.mistakes import Mistake, nearest
from sim.area_types import AREA_TYPES
from sim.draws import chained, content_id, decision, step_key, uniform
from sim.kernel import compiled
from sim.specification import TerritorySpec
from sim.staffing.practices import Practice
from sim.territory.grid import Ground

type Cells = NDArray[np.int64]

SITE = decision("staffing.site", "cell of the main site of a team")
FURTHER_SITE = decision("staffing.further_site", "cell of a further site of a team")
PRACTICE = decision("staffing.practice", "cell of a practice that nobody named")
NURSE = decision("staffing.nurse", "cell of a nurse outside any team")


TINY = 2.0**-54
"""Keeps the logarithm of a draw finite."""


@compiled
def _chosen(
    key: np.uint64, who: NDArray[np.uint64], options: NDArray[np.uint64], logs: NDArray[np.float64]
) -> NDArray[np.int64]:
    out = np.zeros(len(who), dtype=np.int64)
    for i in range(len(who)):
        own, best = chained(key, who[i]), -np.inf
        for j in range(len(options)):
            if logs[j] == -np.inf:
                continue
            # one draw an option (Gumbel): a new cell attracts some, and moves nobody between the others
            score = logs[j] - math.log(-math.log(uniform(chained(own, options[j])) + TINY))
            if score > best:
                best, out[i] = score, j
    return out


@compiled
def _key(seed: np.uint64, which: np.uint64) -> np.uint64:
    return step_key(seed, which, 0)


def drawn_cells(seed: int, which: np.uint64, who: ArrayLike, ground: Ground, weights: NDArray[np.float64]) -> Cells:
    """A cell for each id, drawn in proportion to ``weights`` (shape ``(cells,)``, not all zero), one draw an option."""
    with np.errstate(divide="ignore"):
        logs = np.log(weights)
    key = np.uint64(_key(np.uint64(seed), np.uint64(which)))
    return _chosen(key, np.asarray(who, dtype=np.uint64), ground.cells["who"].copy(), logs)


def people_of(ground: Ground) -> NDArray[np.float64]:
    """Inhabitants of each cell."""
    return ground.cells["people"].sum(axis=1, dtype=np.float64)


def commune_people(ground: Ground) -> NDArray[np.float64]:
    """Inhabitants of each commune, from its cells."""
    return np.bincount(ground.cells["commune"], weights=people_of(ground), minlength=len(ground.communes))


def busiest_cell(ground: Ground, commune: int) -> int:
    """The cell of a commune in which most people live."""
    return int(np.argmax(np.where(ground.cells["commune"] == commune, people_of(ground), -1)))


def commune_of(practice: Practice, ground: Ground) -> int:
    """Commune (row) of a team's main site: the one named, else the largest of the living-area type, else the main town.

    Raises:
        Mistake: when the territory has no such commune, or no commune of the type.
    """
    wanted, people = practice.spec.commune, commune_people(ground)
    if wanted:
        names = [str(name) for name in ground.communes["name"]]
        known = [str(code) for code in ground.communes["code"]] + names
        if wanted not in known:
            raise Mistake(
                'team "{team}": commune = "{value}" is not in the territory "{territory}". Did you mean "{nearest}"?',
                team=practice.name, value=wanted, territory=ground.name, nearest=nearest(wanted, known) or names[0],
            )  # fmt: skip
        return known.index(wanted) % len(names)
    if practice.spec.area_type:
        of_type = ground.communes["area_type"] == AREA_TYPES.index(practice.spec.area_type)
        if not of_type.any():
            here = sorted({AREA_TYPES[code] for code in ground.communes["area_type"]})
            raise Mistake(
                'team "{team}": area_type = "{value}", but the territory "{territory}" has only {known}.',
                team=practice.name, value=practice.spec.area_type, territory=ground.name, known=", ".join(here),
            )  # fmt: skip
        people = np.where(of_type, people, -1)
    return int(np.argmax(people))


def placed_teams(practices: Sequence[Practice], ground: Ground, seed: int, par: Table) -> list[Practice]:
    """Teams of the scenario with their sites: the main one in its commune, further ones near it."""
    people = people_of(ground)
    placed = []
    for practice in practices:
        inside = np.where(ground.cells["commune"] == commune_of(practice, ground), people, 0.0)
        sites = [int(drawn_cells(seed, SITE, [practice.who], ground, inside)[0])]
        near = people * np.exp(-kilometres(ground, sites[0]) / par["workforce_site_km"][0])
        for ordinal in range(1, practice.spec.sites):
            near[sites] = 0.0
            if not near.any():
                break
            who = content_id("site", practice.who, ordinal)
            sites.append(int(drawn_cells(seed, FURTHER_SITE, [who], ground, near)[0]))
        placed.append(dataclasses.replace(practice, sites=tuple(sites)))
    return placed


def placed_practices(
    practices: Sequence[Practice], ground: Ground, seed: int, par: Table, settled: Sequence[Practice] = ()
) -> list[Practice]:
    """Other practices, one after another, each in a cell drawn by people, density of its type and room left there.

    A practice that has a site keeps it; ``settled`` are those already placed, around which there is less room.
    """
    weights = settling(ground, par["territory_gps_per_10000"][0], float(par["workforce_practice_smallest_commune"][0]))
    near = closeness(ground, float(par["workforce_crowding_km"][0]))
    communes = ground.cells["commune"]
    posts = sum(p.physicians for p in (*settled, *practices))
    people = commune_people(ground)
    expected = np.maximum(near @ people * posts / max(people.sum(), 1.0), 1e-9)
    supply = np.zeros(len(people))
    for p in settled:
        for site in p.sites:
            supply += near[communes[site]] * p.physicians / len(p.sites)
    placed = []
    for practice in practices:
        sites = practice.sites
        if not sites:
            room = np.exp(-float(par["workforce_crowding"][0]) * supply / expected)
            sites = (int(drawn_cells(seed, PRACTICE, [practice.who], ground, weights * room[communes])[0]),)
        supply += near[communes[sites[0]]] * practice.physicians
        placed.append(dataclasses.replace(practice, sites=sites))
    return placed


def closeness(ground: Ground, km: float) -> NDArray[np.float64]:
    """How much communes count for one another, from 1 at no distance, shape ``(communes, communes)``."""
    people, communes = people_of(ground), ground.cells["commune"]
    whole = np.maximum(np.bincount(communes, weights=people, minlength=len(ground.communes)), 1e-9)
    x, y = (
        np.bincount(communes, weights=people * ground.cells[axis], minlength=len(whole)) / whole
        for axis in ("x_km", "y_km")
    )
    return np.exp(-np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :]) / km)


def settling(ground: Ground, by_type: NDArray[np.float64], smallest: float) -> NDArray[np.float64]:
    """How likely each cell is to be settled: its people times the density of its type, tiny communes left out."""
    large = commune_people(ground) >= smallest
    weights = people_of(ground) * by_type[ground.cells["area_type"]]
    kept = np.where(large[ground.cells["commune"]], weights, 0.0)
    return kept if kept.any() else weights


def kilometres(ground: Ground, cell: int) -> NDArray[np.float64]:
    """Distance of every cell from one of them, in km."""
    x, y = ground.cells["x_km"].astype(np.float64), ground.cells["y_km"].astype(np.float64)
    return np.hypot(x - x[cell], y - y[cell])


def minutes_from(ground: Ground, cell: int, par: Table) -> NDArray[np.float64]:
    """Travel from every cell to one of them, in minutes."""
    return par["territory_travel_base_minutes"][0] + kilometres(ground, cell) / par["territory_travel_km_per_minute"][0]


def left_over(known: Sequence[int], taken: Sequence[tuple[int, int]], ground: Ground) -> list[int]:
    """Known places that remain once teams have taken the nearest ones.

    Args:
        known: cell of each known professional.
        taken: for each team, its cell and how many of its professionals are among the known ones.
        ground: the territory.
    """
    left = list(known)
    for cell, count in taken:
        away = kilometres(ground, cell)
        left.sort(key=lambda place: (away[place], place))
        del left[:count]
    return sorted(left)


def hospital_sites(ground: Ground, spec: TerritorySpec, par: Table) -> list[tuple[int, float]]:
    """Cells of the hospitals, and minutes of travel beyond them: where they are known, else in the largest communes.

    When a travel time from the main town is asked, the first hospital lies in the cell nearest to it; further than any
    cell, it lies outside the territory, and is reached through the farthest cell.
    """
    if ground.hospital_cells or not spec.hospitals:
        return [(cell, 0.0) for cell in ground.hospital_cells[: None if spec.hospitals else 0]]
    order = np.argsort(-commune_people(ground), kind="stable")
    sites = [(busiest_cell(ground, int(order[k % len(order)])), 0.0) for k in range(spec.hospitals)]
    if spec.hospital_minutes >= 0:
        minutes = minutes_from(ground, sites[0][0], par)
        cell = int(np.argmin(np.abs(minutes - spec.hospital_minutes)))
        sites[0] = (cell, max(spec.hospital_minutes - float(minutes.max()), 0.0))
    return sites

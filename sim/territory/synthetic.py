"""The invented territory: communes drawn from the French size distribution, one town, a wanted number of people."""

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from agents.mistakes import Mistake
from sim.specification import TerritorySpec
from sim.territory.compose import composed, new_communes, territory_id
from sim.territory.grid import Ground
from sim.territory.layout import lay_out
from sim.territory.living_areas import in_proportion, notes_of_shares
from sim.territory.notes import Note
from sim.territory.sizes import draw_sizes, whole_parts

DEFAULT_NAME = "synthetic"


def build(spec: TerritorySpec, seed: int, parameters: Table) -> Ground:
    """An invented territory of exactly ``spec.people`` people (P-SYN-DEFAULT by default).

    The ground keeps its outer cells empty when people are few for it, and is made larger when they are many, so that
    the mean density stays between ``density_least`` and ``density_most`` of ``territory.toml``.

    Raises:
        Mistake: when the numbers of the territory cannot be met.
    """
    if spec.people < 1 or spec.columns < 1 or spec.rows < 1:
        raise Mistake(
            "territory: people = {people}, columns = {columns}, rows = {rows}: expected 1 or more of each.",
            people=spec.people, columns=spec.columns, rows=spec.rows,
        )  # fmt: skip
    count, town = spec.commune_count, min(spec.town, spec.people)
    if count and (count > spec.people or (town and count * town < spec.people)):
        raise Mistake(
            "territory.commune_count = {count}: {people} people do not fit, the largest having {town}.",
            count=count, people=spec.people, town=town,
        )  # fmt: skip
    name = spec.name or DEFAULT_NAME
    who = territory_id(spec.builder, name)
    named, sizes = _communes(spec, seed, who, parameters)
    area = _area(spec, len(sizes), parameters)
    layout = lay_out(sizes, area, (spec.columns, spec.rows), seed, who, parameters)
    weights = np.bincount(layout.commune, weights=layout.people)
    x = np.bincount(layout.commune, weights=layout.people * layout.x) / weights
    y = np.bincount(layout.commune, weights=layout.people * layout.y) / weights
    types = in_proportion(sizes, np.hypot(x - x[0], y - y[0]), spec.area_types)
    codes = ["S" + np.base_repr(i + 1, 36).zfill(4) for i in range(len(sizes))]
    names = named or [f"Commune {i + 1}" for i in range(len(sizes))]
    ground = composed(spec, name, layout, new_communes(codes, names, types), seed, parameters)
    ground.notes.extend(_notes(spec, ground, (layout.columns, layout.rows)))
    ground.notes.extend(notes_of_shares(ground.communes, spec.area_types))
    return ground


def _communes(spec: TerritorySpec, seed: int, who: int, parameters: Table) -> tuple[list[str], NDArray[np.int64]]:
    """Names, where the scenario gives them, and people of the communes, largest first."""
    if not spec.commune_shares:
        return [], draw_sizes(spec.people, spec.town, seed, who, parameters, spec.commune_count)
    names = sorted(spec.commune_shares, key=lambda name: -spec.commune_shares[name])
    shares = np.array([spec.commune_shares[name] for name in names])
    return names, whole_parts(shares, np.zeros(len(names), dtype=np.int64), np.array([spec.people]))


def _area(spec: TerritorySpec, communes: int, parameters: Table) -> float:
    """Cells that people may live in, from the densities that are plausible."""
    number = parameters[0]
    least = max(spec.people / number["territory_density_most"], communes * number["territory_commune_area_least_km2"])
    widest = max(1.0, spec.people / number["territory_density_least"])
    return float(max(least, min(widest, spec.columns * spec.rows)))


def _notes(spec: TerritorySpec, ground: Ground, grid: tuple[int, int]) -> list[Note]:
    """What a reader must know of this ground."""
    count = len(ground.communes)
    notes = [
        Note("Communes and their people are those of the scenario, laid out by us: {communes}.", communes=count)
        if spec.commune_shares
        else Note(
            "Invented territory. Communes drawn from the French size distribution and laid out by us: {communes}.",
            communes=count,
        )
    ]
    if grid != (spec.columns, spec.rows):
        notes.append(
            Note(
                "The ground was made larger, {columns} x {rows} cells, to keep a plausible density.",
                columns=grid[0], rows=grid[1],
            )
        )  # fmt: skip
    if spec.town > spec.people and not spec.commune_shares:
        notes.append(
            Note("The town of {town} people was cut to the {people} of the territory.",
                 town=spec.town, people=spec.people)
        )  # fmt: skip
    return notes

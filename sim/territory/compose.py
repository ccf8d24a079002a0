"""From a layout of communes to a ground: the cells and the communes, filled."""

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table, new_table
from sim.draws import child_ids, content_id
from sim.specification import TerritorySpec
from sim.territory.composition import OLD, ages, poverty, share_65_plus, standardised
from sim.territory.grid import CELLS, COMMUNES, Ground
from sim.territory.layout import Layout


def territory_id(builder: str, name: str) -> int:
    """Stable content id of a territory: how it is made and what it is called."""
    return content_id("territory", builder, name)


def cell_ids(who: int, x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Stable content ids of cells: their territory and whole kilometres."""
    return child_ids(who, y * 2**16 + x)


def composed(
    spec: TerritorySpec,
    name: str,
    layout: Layout,
    communes: Table,
    seed: int,
    parameters: Table,
) -> Ground:
    """The ground of a layout.

    Args:
        spec: the territory wanted (its 65+ share and poverty rate, when given, are met over people).
        name: name of the territory.
        layout: where people live.
        communes: communes with ``code``, ``name`` and ``area_type``; people and poverty are filled here.
        seed: seed of the run.
        parameters: record of all parameters.
    """
    who = territory_id(spec.builder, name)
    cells = new_table(CELLS, len(layout.x))
    cells["who"] = cell_ids(who, layout.x, layout.y)
    cells["commune"] = layout.commune
    cells["x_km"] = layout.x + 0.5
    cells["y_km"] = layout.y + 0.5
    cells["area_type"] = communes["area_type"][layout.commune]
    by_type = parameters["territory_share_65_plus"][0][cells["area_type"]]
    profile = np.array(spec.age_shares or parameters["territory_age_profile"][0], dtype=np.float64)
    wanted = float(profile[OLD].sum() / profile.sum()) if spec.age_shares else spec.share_65_plus
    old = share_65_plus(by_type, layout.people, cells["who"], wanted, seed, parameters)
    cells["people"] = ages(layout.people, old, profile)
    by_type = parameters["territory_poverty_rate"][0][cells["area_type"]]
    cells["poverty"] = poverty(by_type, cells, who, spec.poverty, seed, parameters)
    return Ground(name=name, builder=spec.builder, cells=cells, communes=summed_up(cells, communes))


def summed_up(cells: Table, communes: Table) -> Table:
    """Fill the people and poverty of the communes, and the standardised poverty of the cells, from the cells."""
    inhabitants = cells["people"].sum(axis=1).astype(float)
    people = np.bincount(cells["commune"], weights=inhabitants, minlength=len(communes))
    poor = np.bincount(cells["commune"], weights=inhabitants * cells["poverty"], minlength=len(communes))
    communes["people"] = np.rint(people)
    communes["poverty"] = poor / np.maximum(people, 1.0)
    cells["poverty_z"] = standardised(cells["poverty"].astype(float), inhabitants)
    return communes


def new_communes(codes: list[str], names: list[str], types: NDArray[np.uint8]) -> Table:
    """A table of communes with their codes, names and living-area types; :func:`summed_up` fills the rest."""
    communes = new_table(COMMUNES, len(codes))
    communes["code"] = codes
    communes["name"] = names
    communes["area_type"] = types
    return communes

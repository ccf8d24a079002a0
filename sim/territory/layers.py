"""The ground as Mesa shows it: a grid with property layers, made from the table of cells."""

from random import Random  # noqa: TID251 - Mesa asks for one; nothing here draws from it
from typing import Final

import numpy as np
from mesa.discrete_space import OrthogonalMooreGrid

from agents.declarations import Table
from agents.patients import AGE_BANDS

BAND_LAYERS: Final = tuple(f"inhabitants_{band.replace('-', '_').replace('+', '_plus')}" for band in AGE_BANDS)
"""Names of the layers of inhabitants, one an age band: ``inhabitants_0_17`` to ``inhabitants_85_plus``."""
LAYERS: Final = (*BAND_LAYERS, "inhabitants", "poverty", "living_area_type", "apl")
NOBODY: Final = -1  # living-area type of a cell where nobody lives


def mesa_grid(cells: Table, territory: int = 0, random: Random | None = None) -> OrthogonalMooreGrid:
    """A Mesa grid of one territory whose property layers hold what the table of cells holds.

    Layers (indexed ``[column, row]``, west to east then south to north): inhabitants by age band and in all, poverty
    rate, living-area type (0 for T1 to 5 for T6, -1 where nobody lives) and APL. They are a copy: call again
    after the table has changed.

    Args:
        cells: table of cells.
        territory: which territory.
        random: generator that Mesa's grid keeps; a fixed one when left out, since the model draws by keys only.
    """
    shown = cells[cells["territory"] == territory]
    x, y = np.floor(shown["x_km"]).astype(int), np.floor(shown["y_km"]).astype(int)
    dimensions = (int(x.max(initial=0)) + 1, int(y.max(initial=0)) + 1)
    grid = OrthogonalMooreGrid(dimensions, torus=False, random=random or Random(0))
    bands = {name: shown["people"][:, i] for i, name in enumerate(BAND_LAYERS)}
    values = {**bands, "inhabitants": shown["people"].sum(axis=1), "poverty": shown["poverty"], "apl": shown["apl"]}
    for name, column in values.items():
        grid.create_property_layer(name, default_value=0.0, dtype=float).data[x, y] = column
    types = grid.create_property_layer("living_area_type", default_value=NOBODY, dtype=int)
    types.data[x, y] = shown["area_type"]
    return grid

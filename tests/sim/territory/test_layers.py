"""The Mesa grid shows what the table of cells holds."""

import numpy as np
import pytest

from agents.patients import AGE_BANDS
from sim.specification import TerritorySpec
from sim.territory import build_ground
from sim.territory.layers import BAND_LAYERS, LAYERS, NOBODY, mesa_grid


def test_layers_equal_the_table() -> None:
    cells = build_ground(TerritorySpec(), 1).cells
    cells["apl"] = np.arange(len(cells)) / 100
    grid = mesa_grid(cells)
    x, y = np.floor(cells["x_km"]).astype(int), np.floor(cells["y_km"]).astype(int)
    assert len(BAND_LAYERS) == len(AGE_BANDS)
    for band, name in enumerate(BAND_LAYERS):
        assert getattr(grid, name).data[x, y] == pytest.approx(cells["people"][:, band])
    assert grid.inhabitants.data[x, y] == pytest.approx(cells["people"].sum(axis=1))
    assert grid.poverty.data[x, y] == pytest.approx(cells["poverty"])
    assert grid.apl.data[x, y] == pytest.approx(cells["apl"])
    assert grid.living_area_type.data[x, y].tolist() == cells["area_type"].tolist()
    assert grid.inhabitants.data.sum() == 23_000
    lived = np.zeros(grid.dimensions, dtype=bool)
    lived[x, y] = True
    assert (grid.living_area_type.data[~lived] == NOBODY).all()


def test_a_mesa_cell_reads_the_layers() -> None:
    cells = build_ground(TerritorySpec(people=500), 1).cells
    grid = mesa_grid(cells)
    first = cells[0]
    cell = grid[int(first["x_km"]), int(first["y_km"])]
    assert cell.inhabitants == first["people"].sum()
    assert all(hasattr(cell, name) for name in LAYERS)


def test_each_territory_has_a_grid_of_its_own() -> None:
    cells = np.concatenate([build_ground(TerritorySpec(people=people), 1).cells for people in (500, 900)])
    cells["territory"][len(cells) - np.count_nonzero(cells["territory"] == 0) :] = 0
    half = len(build_ground(TerritorySpec(people=500), 1).cells)
    cells["territory"][half:] = 1
    assert mesa_grid(cells, 0).inhabitants.data.sum() == 500
    assert mesa_grid(cells, 1).inhabitants.data.sum() == 900

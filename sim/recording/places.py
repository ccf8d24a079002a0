"""The map of a run: cells, communes and sites, written once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from agents.declarations import Column, Table
from agents.nurses import LIBERAL
from agents.teams import KINDS as TEAM_KINDS
from sim.area_types import AREA_TYPES
from sim.recording.tables import Description, categories, described, flattened, write_table
from sim.territory.grid import CELLS, COMMUNES
from sim.world import World

SITE_KINDS: Final = ("team", "hospital")

_AREA: Final = "living-area type, T1 to T6"
_ALL_AGES: Final = {"name": "people", "unit": "people", "label": "inhabitants of all ages at the start"}
SITES: Final = (
    Column("site", "i4", "", "row of the team or hospital"),
    Column("kind", "u1", "", "team or hospital"),
    Column("name", "U80", "", "name of the team"),
    Column("team_kind", "i2", "", "kind of team, none for a hospital"),
    Column("territory", "i2", "", "territory"),
    Column("x_km", "f4", "km", "west to east"),
    Column("y_km", "f4", "km", "south to north"),
    Column("physicians", "i4", "count", "physicians"),
    Column("nurses", "i4", "count", "nurses of the team in post, of any kind"),
    Column("liberal_nurses", "i4", "count", "of these, self-employed nurses"),
    Column("registered_list", "i4", "patients", "registered patients at the end of the run"),
    Column("beds", "i4", "beds", "medical beds"),
)


def write_places(
    world: World, folder: Path, origin: Mapping[str, str] | None = None
) -> dict[str, tuple[int, list[Description]]]:
    """Write ``cells``, ``communes`` and ``sites`` with what they say of their origin; rows and columns, by table."""
    parts = {
        "cells": _cells(world), "communes": _plain(world.communes, COMMUNES, "commune"), "sites": _sites(world)
    }  # fmt: skip
    return {name: _write(folder / f"{name}.parquet", *part, origin) for name, part in parts.items()}


type Part = tuple[dict[str, pa.Array], list[Description]]


def _write(
    path: Path, arrays: dict[str, pa.Array], columns: list[Description], origin: Mapping[str, str] | None
) -> tuple[int, list[Description]]:
    table = pa.table(arrays, metadata=dict(origin or {}) or None)
    write_table(table, path)
    return table.num_rows, columns


def _plain(table: Table, columns: tuple[Column, ...], key: str) -> Part:
    """A table of the ground as columns, its row number first and its area types by name."""
    arrays: dict[str, pa.Array] = {key: pa.array(np.arange(len(table), dtype=np.int32))}
    for column in columns:
        for name, part in flattened(column):
            values = np.ascontiguousarray(table[column.name] if part is None else table[column.name][:, part])
            arrays[name] = categories(values, AREA_TYPES) if column.name == "area_type" else pa.array(values)
    return arrays, _described(columns, key)


def _described(columns: tuple[Column, ...], key: str) -> list[Description]:
    """Columns of a table of the ground as they are written."""
    named = {"area_type": {"label": _AREA}}  # the ground holds its codes
    row = {"name": key, "unit": "", "label": f"row of the {key}s"}
    return [row, *(each | named.get(each["name"], {}) for each in described(columns))]


def described_places() -> dict[str, list[Description]]:
    """Columns of the tables of :func:`write_places`, by table."""
    return {
        "cells": [*_described(CELLS, "cell"), _ALL_AGES], "communes": _described(COMMUNES, "commune"),
        "sites": described(SITES),
    }  # fmt: skip


def _cells(world: World) -> Part:
    arrays, columns = _plain(world.cells, CELLS, "cell")
    people = world.cells["people"].sum(axis=1, dtype=np.float64)
    arrays["people"] = pa.array(people)
    return arrays, [*columns, _ALL_AGES]


def _sites(world: World) -> Part:
    """One row a team (its main site) and a hospital."""
    teams, hospitals = world.teams, world.hospitals
    n, both = len(teams), len(teams) + len(hospitals)
    cells = np.concatenate([teams["cell"], hospitals["cell"]])
    lists = np.bincount(*_members(world.physicians), minlength=n)[:n].astype(np.int32)
    liberal = (world.nurses["team"] >= 0) & (world.nurses["in_post"] != 0) & (world.nurses["kind"] == LIBERAL)
    columns: dict[str, NDArray[Any]] = {
        "site": np.concatenate([np.arange(n), np.arange(len(hospitals))]).astype(np.int32),
        "territory": np.concatenate([teams["territory"], hospitals["territory"]]),
        "x_km": world.cells["x_km"][cells],
        "y_km": world.cells["y_km"][cells],
        "physicians": _padded(np.bincount(world.physicians["team"], minlength=n), both),
        "nurses": _padded(teams["nurses"], both),
        "liberal_nurses": _padded(np.bincount(world.nurses["team"][liberal], minlength=n), both),
        "registered_list": _padded(lists, both),
        "beds": np.concatenate([np.zeros(n), hospitals["beds"]]).astype(np.int32),
    }
    arrays = {name: pa.array(np.ascontiguousarray(values)) for name, values in columns.items()}
    arrays["kind"] = categories(np.repeat([0, 1], [n, len(hospitals)]), SITE_KINDS)
    nobody = np.full(len(hospitals), len(TEAM_KINDS))
    arrays["team_kind"] = categories(np.concatenate([teams["kind"], nobody]), TEAM_KINDS)
    arrays["name"] = pa.array([*world.names, *[""] * len(hospitals)], pa.string())
    return {c.name: arrays[c.name] for c in SITES}, described(SITES)


def _members(physicians: Table) -> tuple[NDArray[Any], NDArray[Any]]:
    return physicians["team"], physicians["registered_list"]


def _padded(counts: NDArray[Any], length: int) -> NDArray[np.int32]:
    out = np.zeros(length, np.int32)
    out[: len(counts)] = counts
    return out

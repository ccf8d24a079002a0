"""A world is saved, read again and forked without losing or sharing a byte."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.declarations import Table
from sim.founding import found
from sim.world import World
from tests.sim.made_weeks import digest, lived, living, packed, seasoned, town


def arrays(world: World) -> dict[str, np.ndarray[Any, Any]]:
    values = {field.name: getattr(world, field.name) for field in fields(world)}
    return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}


def test_a_world_saved_and_read_is_the_same_byte_by_byte(tmp_path: Path) -> None:
    world = seasoned()
    world.save(tmp_path / "world.npz")
    again = World.load(tmp_path / "world.npz")
    assert digest(again) == digest(world)
    for name, array in arrays(world).items():
        other = arrays(again)[name]
        assert other.dtype == array.dtype, name
        assert other.dtype.isalignedstruct == array.dtype.isalignedstruct, name
        assert packed(other) == packed(array), name
    assert (again.names, again.notes, again.start) == (world.names, world.notes, world.start)


def test_equal_worlds_give_equal_files_whatever_the_memory_held(tmp_path: Path) -> None:
    one, two = seasoned(), seasoned()
    values = packed(two.patients)
    for table in (two.patients, two.physicians, two.dyads, two.cells):
        first_gap = traces(table)
        table.view(np.uint8).reshape(len(table), -1)[:, first_gap] = 123
    one.save(tmp_path / "one.npz")
    two.save(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    assert packed(two.patients) == values
    two.patients["frailty"][0] += 1
    two.save(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() != (tmp_path / "two.npz").read_bytes()


def traces(table: Table) -> np.ndarray[Any, Any]:
    """Bytes of a row that no column reaches: those that stay when every column is written over."""
    spoiled = np.zeros(1, table.dtype)
    spoiled.view(np.uint8)[...] = 255
    for name in table.dtype.names or ():
        spoiled[name] = np.zeros((), table.dtype[name])
    return np.asarray(spoiled.view(np.uint8) == 255)


def test_going_on_from_a_saved_world_is_going_on(tmp_path: Path) -> None:
    world = seasoned()
    world.save(tmp_path / "world.npz")
    again = World.load(tmp_path / "world.npz")
    assert digest(again, lived(again, 7)) == digest(world, lived(world, 7))
    assert again.week == 67
    assert digest(again) != digest(World.load(tmp_path / "world.npz"))


def test_what_is_saved_beside_a_world_does_not_disturb_it(tmp_path: Path) -> None:
    world = found(town(1_200, teams={}))
    world.save(tmp_path / "world.npz", accounts=np.arange(5))
    assert digest(World.load(tmp_path / "world.npz")) == digest(world)
    with np.load(tmp_path / "world.npz") as saved:
        assert saved["accounts"].tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("name", ["Saint-Étienne « œ »", "", "Ωmega 城"])
def test_names_of_people_and_places_survive(tmp_path: Path, name: str) -> None:
    world = found(town(1_200, teams={}))
    world.names, world.notes = [name], [f"{name}: positions are laid out by us.", ""]
    world.save(tmp_path / "world.npz")
    again = World.load(tmp_path / "world.npz")
    assert (again.names, again.notes) == (world.names, world.notes)


def test_a_fork_shares_nothing() -> None:
    world = seasoned()
    before = digest(world)
    fork = world.fork()
    assert digest(fork) == before
    for name, array in arrays(world).items():
        assert not np.shares_memory(array, arrays(fork)[name]), name
    fork.names.append("another")
    fork.notes.append("another")
    lived(fork, 3)
    assert digest(world) == before
    assert digest(fork) != before


def spoil(table: Table) -> None:
    table.view(np.uint8)[...] ^= 255


@pytest.mark.parametrize("name", ["patients", "physicians", "dyads", "cells", "hospitals", "payer", "near_physicians"])
def test_a_change_in_a_fork_is_not_seen_in_the_world(name: str) -> None:
    world = seasoned()
    before, fork = digest(world), world.fork()
    spoil(getattr(fork, name))
    assert digest(world) == before != digest(fork)


def test_days_and_years_are_those_of_the_calendar() -> None:
    world = found(town(1_200, teams={}))
    assert world.day() == date(2021, 1, 4)
    assert world.day(52) == date(2022, 1, 3)
    world.week, world.warm_up_weeks = 103, 104
    assert world.year == 0
    world.week = 104
    assert world.year == 1
    world.week = 156
    assert world.year == 2


@pytest.mark.parametrize(
    "change", [lambda world: world, lambda world: World(**{f.name: getattr(world, f.name) for f in fields(World)})]
)
def test_a_row_of_the_patients_is_small(change: Callable[[World], World]) -> None:
    """Design 6: at most 200 bytes a patient."""
    world = change(seasoned())
    assert world.patients.dtype.itemsize <= 200
    assert world.patients.nbytes / living(world.patients).sum() < 220


def test_tables_of_all_worlds_share_their_types(tmp_path: Path) -> None:
    """Compiled code knows a type by its identity, and compares others field by field at every call."""
    world = found(town())
    world.save(tmp_path / "world.npz")
    for other in (found(town()), world.fork(), World.load(tmp_path / "world.npz")):
        for table in ("patients", "physicians", "teams", "cells", "parameters"):
            assert getattr(other, table).dtype is getattr(world, table).dtype

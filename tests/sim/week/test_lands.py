"""Lands: every row of a world belongs to one of them, with the territory that it names."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from sim.founding import found
from sim.week.lands import lands, whole
from sim.world import World
from tests.sim.made_weeks import town

PEOPLE = (2_000, 1_500, 3_000, 1_800)


@cache
def towns() -> World:
    """Towns side by side; nobody works in the third."""
    world = found([town(people, 1, f"Town {k}") for k, people in enumerate(PEOPLE)])
    empty = {name: getattr(world, name)[getattr(world, name)["territory"] != 2] for name in ("physicians", "nurses")}
    return replace(world, **empty)


@pytest.mark.parametrize(("least", "expected"), [(0, 4), (1, 4), (2_400, 3), (10**9, 1)])
def test_lands_hold_every_row_once_in_its_order(least: int, expected: int) -> None:
    world = towns()
    several = lands(world, least)
    assert len(several) == expected
    for place, table in (("territories", world.territories), ("patients", world.patients),
                         ("nurses", world.nurses), ("physicians", world.physicians)):  # fmt: skip
        ranges = [getattr(land, place) for land in several]
        assert [row for lo, hi in ranges for row in range(lo, hi)] == list(range(len(table)))


def test_rows_of_a_land_are_those_of_its_territories() -> None:
    world = towns()
    several = lands(world, 1)
    for table, place in ((world.nurses, "nurses"), (world.physicians, "physicians")):
        for land in several:
            assert set(table["territory"][slice(*getattr(land, place))]) <= set(range(*land.territories))
    for land in several:
        of_home = world.cells["territory"][world.patients["cell"][slice(*land.patients)]]
        assert set(of_home) == set(range(*land.territories))
    assert several[2].nurses[0] == several[2].nurses[1], "nobody works there"


def test_no_land_but_the_last_is_smaller_than_asked() -> None:
    least = 2_400
    sizes = [land.patients[1] - land.patients[0] for land in lands(towns(), least)]
    assert np.min(sizes[:-1]) >= least


def test_a_world_without_territories_has_no_land_of_its_own() -> None:
    """One that holds nobody, as some tests make it, is one empty land."""
    nothing = replace(towns(), territories=towns().territories[:0])
    assert lands(nothing, 1) == []
    assert whole(nothing).territories == (0, 0)


def test_the_whole_world_is_one_land() -> None:
    world = towns()
    assert lands(world, 10**9) == [whole(world)]

"""Founding: grounds, staff and people become one world, alone or side by side, with every reference in its place."""

from dataclasses import replace

import numpy as np
import pytest

from agents.mistakes import Mistake
from agents.nurses import LIBERAL
from sim import events as ev
from sim.founding import REFERENCES, found
from sim.specification import ScenarioSpec, TerritorySpec
from sim.territory.access import travel_minutes
from sim.week.rates import N_STREAMS, ceiling_of
from sim.week.scene import scene
from sim.world import World
from tests.sim.made_weeks import SHARING, TABLES, digest, lived, living, packed, town


def pair() -> World:
    return found([town(2_000, name="North", hospitals=2), town(2_600, name="South", teams={})])


def column_of(world: World, table: str, column: str) -> np.ndarray:
    values = getattr(world, table)
    return values[column] if column else values


def territory_of(world: World, table: str) -> np.ndarray:
    """The territory of each row that may be referred to."""
    if table == "territories":
        return np.arange(len(world.territories))
    if table == "patients":
        return np.repeat(np.arange(len(world.territories)), np.diff([0, *world.territories["last_patient"]]))
    if table == "dyads":
        return world.physicians["territory"][world.dyads["physician"]]
    return getattr(world, table)["territory"]


ENDS = {"last_physician", "last_nurse", "dyad_end", "last_patient"}
"""Columns that hold the row after the last."""
ALL_REFERENCES = [(table, column, to) for table, columns in REFERENCES.items() for column, to in columns.items()]


@pytest.mark.parametrize(("table", "column", "to"), ALL_REFERENCES, ids=lambda value: value or "rows")
def test_every_reference_leads_to_a_row_of_the_same_territory(table: str, column: str, to: str) -> None:
    world = pair()
    rows = column_of(world, table, column)
    target = territory_of(world, to)
    bound = column in ENDS or column.startswith("first_") or column == "dyad_start"
    assert rows.min() >= -1
    assert rows.max() <= len(target) - (not bound)
    if bound:
        return  # ranges are looked at below
    from_ = world.cells["territory"] if table.startswith("near_") else territory_of(world, table)
    if table == "patients":
        from_ = world.cells["territory"][world.patients["cell"]]
    for held in rows.reshape(len(rows), -1).T:
        known = held >= 0
        np.testing.assert_array_equal(target[held[known]], from_[known])


def test_ranges_hold_those_who_belong_there() -> None:
    world = pair()
    for row, team in enumerate(world.teams):
        assert (world.physicians["team"][team["first_physician"] : team["last_physician"]] == row).all()
        assert team["last_physician"] - team["first_physician"] == (world.physicians["team"] == row).sum()
        assert (world.nurses["team"][team["first_nurse"] : team["last_nurse"]] == row).all()
    for row, physician in enumerate(world.physicians):
        assert (world.dyads["physician"][physician["dyad_start"] : physician["dyad_end"]] == row).all()
    assert (world.dyads["nurse"] >= 0).all()
    land = world.territories
    assert land["first_patient"].tolist() == [0, land["last_patient"][0]]
    assert land["last_patient"][1] == len(world.patients)
    for row in range(2):
        mine = world.patients[land["first_patient"][row] : land["last_patient"][row]]
        assert (world.cells["territory"][mine["cell"]][living(mine)] == row).all()


def test_side_by_side_is_each_alone_with_its_rows_moved() -> None:
    together = pair()
    alone = [found(town(2_000, name="North", hospitals=2)), found(town(2_600, name="South", teams={}))]
    for table in (*TABLES, "near_physicians", "near_nurses", "near_hospitals"):
        parts = [getattr(world, table).copy() for world in alone]
        for column, to in REFERENCES.get(table, {}).items():
            held = parts[1][column] if column else parts[1]
            held[held >= 0] += len(getattr(alone[0], to))
        assert b"".join(packed(part) for part in parts) == packed(getattr(together, table)), table
    assert together.names == alone[0].names + alone[1].names


def test_a_world_of_one_is_found_as_one_or_as_a_list() -> None:
    assert digest(found(town(1_500))) == digest(found([town(1_500)]))


def test_parameters_seed_and_dates_are_those_of_the_first() -> None:
    one = replace(town(1_200, 3, "One", teams={}), parameters={"care.gp_effect": 0.05})
    two = replace(town(1_200, 9, "Two", teams={}), parameters={"care.gp_effect": 0.2})
    world = found([one, two])
    assert world.seed == 3
    assert world.parameters[0]["care_gp_effect"] == 0.05
    assert (world.week, world.warm_up_weeks, world.start) == (0, 0, one.start)
    assert world.territories["name"].tolist() == ["One", "Two"]


def test_two_territories_of_one_name_are_a_mistake() -> None:
    with pytest.raises(Mistake, match="two of them have the same name"):
        found([town(1_200, name="Same"), town(1_500, name="Same")])


def test_ids_are_unique_over_tables_and_territories() -> None:
    world = pair()
    ids = np.concatenate(
        [getattr(world, table)["who"] for table in TABLES if table not in ("communes", "dyads", "patients")]
    )
    people = world.patients["who"][living(world.patients)]
    assert len(np.unique(ids)) == len(ids)
    assert len(np.unique(people)) == len(people)


def test_lists_and_ceilings_are_ready() -> None:
    world = pair()
    alive = living(world.patients)
    registered = world.patients["registered_gp"][alive]
    counted = np.bincount(registered[registered >= 0], minlength=len(world.physicians))
    np.testing.assert_array_equal(world.physicians["registered_list"], counted)
    assert counted.sum() > 0.7 * alive.sum()
    rates = np.zeros(N_STREAMS)
    s = scene(world)
    for i in np.flatnonzero(alive)[::97].tolist():
        assert world.patients["ceiling"][i] == ceiling_of(s, i, rates)


@pytest.mark.parametrize("territory", [0, 1])
def test_the_nearest_are_the_nearest(territory: int) -> None:
    world = pair()
    cells = np.flatnonzero(world.cells["territory"] == territory)
    for near, table, mask in (
        (world.near_physicians, world.physicians, np.ones(len(world.physicians), bool)),
        (world.near_nurses, world.nurses, world.nurses["kind"] == LIBERAL),
        (world.near_hospitals, world.hospitals, np.ones(len(world.hospitals), bool)),
    ):
        there = np.flatnonzero((table["territory"] == territory) & mask)
        for cell in cells[:: max(1, len(cells) // 15)]:
            here, found_rows = world.cells[cell], near[cell][near[cell] >= 0]
            assert len(found_rows) == min(near.shape[1], len(there))
            assert set(found_rows.tolist()) <= set(there.tolist())
            offices = world.cells[table["cell"]]
            minutes = travel_minutes(here["x_km"], here["y_km"], offices["x_km"], offices["y_km"], world.parameters)
            assert (np.diff(minutes[found_rows]) >= -1e-6).all()
            assert minutes[found_rows].max() <= np.sort(minutes[there])[len(found_rows) - 1] + 1e-6


def test_a_territory_without_hospital_or_nurses_lives() -> None:
    spec = town(1_500, teams={}, hospitals=0, nurses_per_10000=0.0)
    world = found(spec)
    assert not len(world.nurses)
    assert (world.near_nurses == -1).all()
    lines = lived(world, 12)
    if len(world.hospitals) == 0:
        assert (world.near_hospitals == -1).all()
        assert not np.isin(lines["kind"], (ev.ED, ev.STAY)).any()
    assert (lines["kind"] == ev.GP).sum() > 500


def test_a_territory_without_physicians_lives_on_other_care() -> None:
    world = found(town(1_500, teams={}, gps_per_10000=0.0))
    assert not len(world.physicians)
    lines = lived(world, 12)
    assert not (lines["kind"] == ev.GP).any()
    for kind in (ev.TELECONSULTATION, ev.ED, ev.FORGONE, ev.DELAY):
        assert (lines["kind"] == kind).any()


@pytest.mark.parametrize("builder", ["epci"])
def test_a_real_territory_is_founded_too(builder: str) -> None:
    spec = ScenarioSpec(territory=TerritorySpec(builder=builder, name="Lannion"), teams={"sharing": SHARING})
    world = found(spec)
    assert living(world.patients).sum() > 10_000
    assert world.notes
    assert len(world.physicians) > 5

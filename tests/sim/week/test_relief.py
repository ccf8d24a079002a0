"""What nurse events mean for physicians: owed and freed minutes, and counts by pair (behaviour D2)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.declarations import Table, new_table
from agents.tasks import K01, K09
from sim.week.relief import CALLS, FREED, MOST_HANDED, OWED, book_nurse_events, divide_freed
from sim.week.requests import COLUMNS, REPLACES, TO_GP, TO_NURSE
from sim.week.scene import scene
from sim.world import World
from tests.sim.made_weeks import seasoned, weeks


def events_of(world: World, number: int, **columns: int) -> Table:
    """Served requests for a task handed over by the first pair."""
    rows = new_table(COLUMNS, number)
    rows["target"], rows["served"], rows["dyad"], rows["task"] = TO_NURSE, 1, 0, K01
    rows["physician"], rows["gp_minutes_tenths"] = world.dyads["physician"][0], 25
    for name, value in columns.items():
        rows[name] = value
    return rows


def supervised(world: World) -> int:
    """Tenths of a minute of supervision of one hand-over of the renewal."""
    q = world.parameters[0]
    return int(10.0 * q["tasks_supervision"][K01] * q["tasks_minutes_gp"][K01])


def test_support_is_owed_for_what_nurses_served() -> None:
    world = seasoned()
    requests = np.concatenate([
        events_of(world, 2), events_of(world, 3, served=0), events_of(world, 1, physician=-1, dyad=-1),
        events_of(world, 1, target=TO_GP),
    ])  # fmt: skip
    minutes = book_nurse_events(scene(world), requests, 0, len(world.physicians))
    assert minutes[OWED, world.dyads["physician"][0]] == minutes[OWED].sum() == 50
    assert not minutes[FREED].any(), "what is added frees nothing"


def test_of_some_physicians_only_their_own_is_booked() -> None:
    """Those of a land stand behind those of the lands before: the first counts from its own row."""
    world = seasoned()
    requests, g = events_of(world, 2), int(world.dyads["physician"][0])
    calls = max(0, 50 - 2 * supervised(world))
    assert book_nurse_events(scene(world), requests, g, g + 1).tolist() == [[50], [calls], [0]]


def test_validation_calls_are_what_is_owed_beyond_supervision() -> None:
    """C6: a task supervised for 1.5 minutes, and one call of 4 minutes."""
    world = seasoned()
    world.parameters["tasks_minutes_gp"][0, K01], world.parameters["tasks_supervision"][0, K01] = 15.0, 0.1
    requests = np.concatenate([events_of(world, 3, gp_minutes_tenths=15), events_of(world, 1, gp_minutes_tenths=55)])
    minutes = book_nurse_events(scene(world), requests, 0, len(world.physicians))
    assert (minutes[OWED].sum(), minutes[CALLS].sum()) == (100, 40)


def test_what_replaces_a_physicians_work_frees_its_time_less_supervision() -> None:
    world = seasoned()
    world.parameters["tasks_minutes_gp"][0, K01] = 15.0
    requests = np.concatenate([events_of(world, 3, marks=REPLACES), events_of(world, 1)])
    minutes = book_nurse_events(scene(world), requests, 0, len(world.physicians))
    assert minutes[FREED].sum() == 3 * 150 - 4 * 25


def test_events_are_counted_by_pair_and_task() -> None:
    world = seasoned()
    world.dyads["handed"] = 0
    s, all_of_them = scene(world), len(world.physicians)
    for _ in range(2):
        book_nurse_events(s, np.concatenate([events_of(world, 2), events_of(world, 1, task=K09)]), 0, all_of_them)
    assert (world.dyads["handed"][0, K01], world.dyads["handed"][0, K09]) == (4, 2)
    assert world.dyads["handed"].sum() == 6
    world.dyads["handed"][0, K01] = MOST_HANDED - 1
    book_nurse_events(s, events_of(world, 5), 0, all_of_them)
    assert world.dyads["handed"][0, K01] == MOST_HANDED


def test_counts_of_a_quarter_are_those_of_claim_lines() -> None:
    world = seasoned()
    world.dyads["handed"] = 0
    counted = 0
    for week in weeks(world, 8):
        served = (week.requests["target"] == TO_NURSE) & (week.requests["served"] > 0) & (week.requests["dyad"] >= 0)
        counted += int(served.sum())
    assert world.dyads["handed"].sum() == counted > 20


@settings(derandomize=True, max_examples=50)
@given(st.floats(0, 1), st.floats(0, 1.5), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_parts_of_freed_time_are_parts(
    patients: float, overload: float, longer: float, collective: float, leak: float
) -> None:
    world = seasoned()
    world.teams["more_patients"], world.physicians["overload"] = patients, overload
    q = world.parameters
    q["service_freed_longer"], q["service_freed_collective"], q["service_freed_leak"] = longer, collective, leak
    parts = divide_freed(scene(world), 0, 100.0)
    assert min(parts) >= -1e-9
    kept = min(1.0, patients + q[0]["service_freed_overload"] * min(overload, 1.0))
    assert sum(parts) == pytest.approx(100 * leak * (1 - kept), abs=1e-3)


def test_freed_time_by_hand() -> None:
    world = seasoned()
    world.teams["more_patients"], world.physicians["overload"] = 0.3, 1.2
    assert divide_freed(scene(world), 0, 100.0) == pytest.approx((10, 15, 15), abs=1e-3)  # 60 stay for patients

"""The desk that sorts calls (behaviour E: triage, accuracy 0.8)."""

from collections import Counter

import numpy as np
import pytest

from agents.declarations import Table, new_table
from agents.patients import HIGH, LOW, MEDIUM
from sim.draws import chained
from sim.week.asking import sort_call
from sim.week.requests import COLUMNS
from sim.week.scene import scene
from sim.week.service import in_order
from tests.sim.made_weeks import seasoned

CALLS = 3_000


def calls(priority: int, error: float) -> Table:
    """Calls of one class to the first physician, sorted at a desk."""
    world = seasoned()
    world.teams["desk_error"] = error
    s, rows = scene(world), new_table(COLUMNS, CALLS)
    rows["priority"] = priority
    for n in range(CALLS):
        sort_call(s, rows[n], np.uint64(chained(np.uint64(5), np.uint64(n))))
    return rows


@pytest.mark.parametrize("priority", [HIGH, MEDIUM, LOW])
def test_calls_sorted_wrongly_fall_in_either_other_class(priority: int) -> None:
    """Four standard errors of 3,000 calls: 0.03."""
    rows = calls(priority, 0.2)
    found = Counter((rows["priority"] + rows["misplaced"]).tolist())
    assert set(found) == {HIGH, MEDIUM, LOW}
    for place, count in found.items():
        assert count / CALLS == pytest.approx(0.8 if place == priority else 0.1, abs=0.03)
    assert (rows["priority"] == priority).all(), "what the patient needs does not change"


def test_a_desk_without_error_sorts_as_needs_are() -> None:
    assert not calls(MEDIUM, 0.0)["misplaced"].any()


def test_calls_are_served_in_the_order_in_which_they_were_sorted() -> None:
    rows = new_table(COLUMNS, 3)
    rows["priority"], rows["misplaced"], rows["since"] = (LOW, HIGH, MEDIUM), (-2, 2, 0), 7
    rows["tie"] = (1, 2, 3)
    assert in_order(rows, np.arange(3), 7).tolist() == [0, 2, 1]

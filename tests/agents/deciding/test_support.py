"""The desk and the coordinators: by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding import support
from agents.tasks import K15, K16, K17, K18
from sim.parameters import behaviour_record, parameter_record

Q = behaviour_record()[0]
CORE = parameter_record()[0]["tasks_core"]
HOURS = st.floats(0, 100)


def test_the_least_central_comes_first_while_there_is_time() -> None:
    booking = 1 << K17
    taken = np.array([0, booking, booking | 1 << K16, booking | 1 << K16 | 1 << K18], dtype=np.int32)
    assert support.next_task(taken, np.full(4, 0.9), CORE, Q).tolist() == [K17, K16, K18, K15]
    assert support.next_task(taken, np.full(4, 1.1), CORE, Q).tolist() == [-1] * 4
    everything = sum(1 << task for task in support.DESK)
    assert support.next_task(np.array([everything], dtype=np.int32), np.zeros(1), CORE, Q).tolist() == [-1]


def test_a_task_costs_morale_and_adds_errors() -> None:
    added = np.array([True, False])
    assert support.morale_after(np.full(2, 0.8), added, Q).tolist() == pytest.approx([0.77, 0.8])
    assert support.error_after(np.full(2, 0.2), added, Q).tolist() == pytest.approx([0.21, 0.2])


def test_who_quits() -> None:
    assert support.quits(np.array([0.29, 0.29, 0.3]), np.array([0.09, 0.1, 0.0]), Q).tolist() == [True, False, False]


def test_files_come_first() -> None:
    spent = support.coordinator_hours(
        np.full(3, 10.0), np.array([12.0, 4.0, 0.0]), np.full(3, 26.0), np.full(3, 1.0), Q
    )
    assert [part.tolist() for part in spent] == [[10, 4, 0], [0, 1, 1], [0, 2, 2], [0, 3, 7]]


@settings(max_examples=50)
@given(HOURS, HOURS, st.floats(0, 300), st.floats(0, 10))
def test_hours_are_all_spent(hours: float, paperwork: float, meetings: float, projects: float) -> None:
    own, asked, held, run = (np.array([x]) for x in (hours, paperwork, meetings, projects))
    parts = support.coordinator_hours(own, asked, held, run, Q)
    assert sum(part[0] for part in parts) == pytest.approx(hours)
    assert min(part[0] for part in parts) >= 0


def test_money_brings_paperwork() -> None:
    assert support.hours_of_money(np.array([26_000.0, -5.0]), Q).tolist() == pytest.approx([1.0, 0.0])


def test_prevention_goes_around_physicians() -> None:
    added = support.prevention_relayed(np.array([0.5, 0.5, 0.0]), np.array([0.5, 0.0, 1.0]), np.ones(3), Q)
    assert added[0] > 0
    assert added[1:].tolist() == [0, 0]

"""Leaders: strength, fatigue, succession, learning, software, attraction (behaviour F6)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding import leaders
from tests.agents.deciding.people import physicians, weights

SHARE = st.floats(0, 1)


@given(network=SHARE, knowhow=SHARE, will=SHARE)
@settings(max_examples=50)
def test_strength_is_a_mean_that_nothing_makes_up_for(network: float, knowhow: float, will: float) -> None:
    found = float(leaders.strength(*(np.array([one]) for one in (network, knowhow, will)))[0])
    assert min(network, knowhow, will) - 1e-9 <= found <= max(network, knowhow, will) + 1e-9
    assert found <= np.cbrt(min(network, knowhow, will)) + 1e-9


def test_consultants_bring_knowhow_and_no_network() -> None:
    q = weights()
    assert leaders.advised(np.array([0.1, 0.1, 0.9]), np.array([True, False, True]), q) == pytest.approx(
        [0.6, 0.1, 0.9]
    )


def test_carriers_have_all_three() -> None:
    p = physicians(3, network=[0.9, 0.9, 0.6], knowhow=[0.9, 0.4, 0.6], will=[0.9, 0.9, 0.6])
    assert leaders.carriers(p, weights()).tolist() == [True, False, True]


def test_conflict_costs_recognition() -> None:
    q, ones = weights(), np.ones(2)
    assert leaders.recognised(ones, 0.7 * ones, np.array([0.0, 0.3]), q).tolist() == [True, False]


def test_forms_of_leadership() -> None:
    q = weights()
    found = leaders.form_of(
        np.array([0, 1, 1, 1, 1, 1]), np.array([0, 1, 2, 0, 1, 2]), np.array([0.5, 0.5, 0.5, 0.5, 0.1, 0.5]),
        np.array([0, 0, 0, 0, 0, 0.3]), q,
    )  # fmt: skip
    assert [leaders.FORMS[one] for one in found] == ["none", "single", "shared", "emerging", "isolated", "divided"]


def test_leaders_tire_and_rest() -> None:
    q = weights()
    start, hours = np.array([0.5, 0.5, 0.2, 1.0]), np.array([5.0, 0.0, 0.0, 50.0])
    after = leaders.fatigue_next(start, hours, np.array([1.0, 0.0, 0.0, 1.0]), np.array([0.0, 1.0, 1.0, 0.0]), q)
    assert after == pytest.approx([0.65, 0.47, 0.2, 1.0])


def test_only_the_worn_leave_the_role() -> None:
    q = weights()
    left = leaders.leaves_role(np.array([0.95, 0.95, 0.85]), np.array([0.1, 0.3, 0.1]), q)
    assert left.value.tolist() == [True, False, False]


def test_the_strongest_of_the_willing_follows() -> None:
    q = weights()
    p = physicians(4, will=[0.9, 0.7, 0.7, 0.5], network=[0.9, 0.2, 0.8, 0.9], knowhow=0.5)
    members = np.arange(4)
    assert leaders.successor(p, members, 0, q) == 2
    assert leaders.successor(p, np.array([3]), 0, q) == leaders.NOBODY
    assert leaders.lost_leader(True, q).cohesion < leaders.lost_leader(False, q).cohesion


def test_maturity_takes_years() -> None:
    q = weights()
    found = leaders.maturity(np.array([0.0, 2.5, 5.0]), q)
    assert found == pytest.approx([0.0, 0.632, 0.865], abs=0.001)


def test_a_coordinator_takes_work_off_the_leader() -> None:
    q = weights()
    assert leaders.organisational_load(np.array([10.0, 10.0]), np.array([0.0, 10.5]), q) == pytest.approx([10.0, 1.6])


def test_three_bad_trials_end_shared_software() -> None:
    q = weights()
    trial = leaders.software_trial(np.array([0.9, 0.4, 0.4, 0.2]), np.array([2.0, 0.0, 2.0, 2.0]), np.zeros(4), q)
    assert trial.works.tolist() == [True, False, False, False]
    assert trial.dropped.tolist() == [False, False, True, True]
    assert trial.conflict == pytest.approx([0.0, 0.2, 0.2, 0.0])
    assert leaders.adopts(np.array([True, False]), np.array([0.5, 0.5]), q).tolist() == [True, False]


def test_young_physicians_choose_company() -> None:
    q = weights()
    drawn = leaders.attraction(np.array([0.0, 1.0, 3.0, 9.0]), np.array([0.0, 0.0, 1.0, 1.0]), q)
    assert drawn == pytest.approx([0.0, 0.5, 1.8, 1.8])
    assert leaders.intern_stays(np.array([0.0, 1.0, 2.0]), q) == pytest.approx([0.0, 0.3, 0.51])

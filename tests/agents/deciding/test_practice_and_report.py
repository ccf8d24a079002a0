"""Practice and report: two channels, and the profile that comes out of ability (behaviour F5)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding import practice_and_report as reporting
from agents.deciding.decision import Numbers
from agents.teams import CRITERIA, PROFILES
from tests.agents.deciding.people import weights

N = len(CRITERIA)
ALL = np.ones((1, N), dtype=bool)


def reported_by(
    profile: int, practised: Numbers, *, u: float = 0.9, carried: bool = True, before: float = 0.0
) -> reporting.Reporting:
    return reporting.report(
        practised, np.full((1, N), before), ALL, np.array([profile]), np.array([carried]), np.full((1, N), u), weights()
    )


def test_ability_makes_the_profile() -> None:
    q = weights()
    able = reporting.ability(
        np.array([0.2, 0.5, 0.9]), np.array([0.0, 1.5, 6.0]), np.array([0.5, 0.5, 0.8]), np.array([0.3, 0.6, 0.9]), q
    )
    assert able.value == pytest.approx([0.25, 0.525, 0.9])
    assert [PROFILES[one] for one in reporting.profile_of(able.value, q)] == list(PROFILES)


def test_what_each_profile_writes() -> None:
    practised = np.array([[0.0, 0.3, 0.0, 0.1, 0.5, 0.0]])
    resistant = reported_by(reporting.RESISTANT, practised)
    assert resistant.reported.tolist() == [[0, 1, 0, 0, 1, 0]]
    assert resistant.hours == pytest.approx([20.0])
    conforming = reported_by(reporting.CONFORMING, practised)
    assert conforming.reported.tolist() == [[1, 1, 1, 0, 1, 0]]
    assert conforming.hours == pytest.approx([60.0])
    announced = reported_by(reporting.INNOVATIVE, practised)
    assert announced.reported.tolist() == [[1, 1, 1, 1, 1, 1]]
    assert not announced.started.any()
    assert (announced.practised == practised).all()
    started = reported_by(reporting.INNOVATIVE, practised, u=0.1)
    assert started.started.tolist() == [[False, False, False, True, False, True]]
    assert started.practised[0, reporting.PREVENTION] == pytest.approx(0.5)


def test_reports_are_kept_up_by_somebody() -> None:
    practised = np.array([[0.0, 0.3, 0.0, 0.1, 0.5, 0.0]])
    alone = reported_by(reporting.INNOVATIVE, practised, carried=False, before=1.0)
    assert alone.reported.tolist() == [[0, 1, 0, 0, 1, 0]]
    assert alone.hours == pytest.approx([0.0])


@given(practised=st.lists(st.floats(0, 1), min_size=N, max_size=N), u=st.floats(0, 1))
@settings(max_examples=50)
def test_more_ability_never_reports_less(practised: list[float], u: float) -> None:
    true = np.array([practised])
    found = [reported_by(profile, true, u=u).reported for profile in range(len(PROFILES))]
    assert (found[0] <= found[1]).all()
    assert (found[1] <= found[2]).all()


def test_true_practice_is_what_members_do() -> None:
    q, one = weights(), np.ones(1)
    seen = reporting.Practice(15.0 * one, 3.0 * one, 0.5 * one, 0.6 * one, 5.5 * one, 0.4 * one, 0.3 * one)
    assert reporting.true_practice(seen, q) == pytest.approx(np.array([[0.5, 0.5, 1.0, 0.5, 0.4, 0.3]]))


def test_one_more_demand_is_disavowal_to_the_weak() -> None:
    found = reporting.disavowed(np.array([0.3, 0.3, 0.5]), np.array([True, False, True]), weights())
    assert found.tolist() == [True, False, False]


def test_what_reports_tell() -> None:
    meetings, protocols = reporting.told(np.array([[1.0, 1.0, 0, 0, 0, 0], [0.0, 0, 0, 0, 0, 0]]), weights())
    assert meetings.tolist() == [6, 0]
    assert protocols.tolist() == [1, 0]
    assert reporting.weekly(np.array([52.0])) == pytest.approx([1.0])

"""What working together changes: by hand, and bounded."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding import partners
from agents.tasks import K01, K05, K11, N_TASKS
from sim.parameters import behaviour_record, parameter_record

Q = behaviour_record()[0]
START = parameter_record()[0]["tasks_validation_start"]
SHARES = st.floats(0, 1)


def test_calls_fall_with_events_among_people_who_trust() -> None:
    task, events = np.array([K01, K01, K01]), np.array([0.0, 50.0, 1e6])
    after = partners.validation_after(np.full(3, 0.35), events, task, np.full(3, 0.7 * 0.5), START, Q)
    rest = 0.2 * 0.35
    assert after.tolist() == pytest.approx([0.35, rest + (0.35 - rest) * np.exp(-0.02 * 50 * 0.35), rest])


def test_anticoagulants_are_checked_forever() -> None:
    after = partners.validation_after(np.ones(1), np.full(1, 1e6), np.array([K11]), np.ones(1), START, Q)
    assert after.tolist() == [0.5]


def test_a_dependent_nurse_goes_on_calling() -> None:
    after = partners.validation_after(np.full(1, 0.35), np.full(1, 1e6), np.array([K01]), np.zeros(1), START, Q)
    assert after.tolist() == [0.35]


def test_encounters() -> None:
    both = partners.attends(np.array([15.0, 60.0, 60.0]), np.array([52.0, 12.0, 0.0]), Q)
    assert both.tolist() == pytest.approx([0.25, 1.0, 0.0])
    met = partners.encounters_month(np.array([1.0, 0.3]), np.array([2.0, 1.0]), np.full(2, 12.0), np.array([0, 1]), Q)
    assert met.tolist() == pytest.approx([2.0, 0.3 + 2.0])


def test_knowledge_grows_with_encounters_and_fades_without() -> None:
    after = partners.knowledge_after(np.array([0.5, 0.5]), np.array([4.0, 0.0]), Q)
    assert after.tolist() == pytest.approx([0.5 + 0.03 * 4 * 0.5 - 0.01, 0.49])


@settings(max_examples=50)
@given(SHARES, st.floats(0, 60))
def test_knowledge_stays_a_share(knowledge: float, encounters: float) -> None:
    assert 0 <= partners.knowledge_after(np.array([knowledge]), np.array([encounters]), Q)[0] <= 1


def test_experience_saturates() -> None:
    after = partners.experience_after(np.array([0.0, 0.5, 0.5]), np.array([20.0, 0.0, 1e6]), Q)
    assert after.tolist() == pytest.approx([1 - np.exp(-1), 0.5, 1.0])


def test_two_who_lead_or_none_lose_trust() -> None:
    clash = partners.clash(np.array([1, 1, 0, 0]), np.array([1, 0, 1, 0]))
    assert clash.tolist() == [True, False, False, True]
    assert partners.trust_after(np.array([0.7, 0.7, 0.7, 0.02]), clash, Q).tolist() == pytest.approx(
        [0.65, 0.7, 0.7, 0]
    )


def test_meaning_goes_with_relational_tasks() -> None:
    handed = np.zeros((3, N_TASKS))
    handed[1, K05] = 1
    handed[2] = 1
    after = partners.meaning_after(np.full(3, 0.7), handed, Q)
    assert after.tolist() == pytest.approx([0.7, 0.7 - 0.05 / Q["delegation_relational"].sum(), 0.65])


def test_fear_halves_in_a_year() -> None:
    shock = np.array([0.3])
    for _ in range(4):
        shock = partners.liability_after(shock, Q)
    assert shock.tolist() == pytest.approx([0.15])


def test_adverse_events_come_with_events() -> None:
    rate = Q["delegation_adverse_rate"]
    events, u = np.array([0.0, 1.0, 1.0, 1e7]), np.array([0.0, 0.5 * rate, 2 * rate, 0.99])
    assert partners.adverse(events, u, Q).tolist() == [False, True, False, True]

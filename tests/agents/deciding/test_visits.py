"""How long visits last, and how much is done by phone (behaviour D4, D5)."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding.visits import choose_slot, minute_value, phone_share, shared_agenda
from tests.agents.deciding.people import Numbers, physicians, weights

few = settings(max_examples=50)


def slots(pay: float, alpha: Numbers, now: float = 25.0, overload: float = 0.5, queue: float = 1.0) -> Numbers:
    q, count = weights(), len(alpha)
    p = physicians(count, slot_chronic=now, overload=overload)
    return choose_slot(p, {"visit": np.full(count, pay)}, q, chronic=True, queue=queue, altruism=alpha).value


def test_a_minute_is_worth_the_next_visit_only_when_somebody_waits() -> None:
    q = weights()
    assert minute_value([34.0, 34.0, 0.0], [0.5, 0.5, 1.0], [1, 0, 1], q) == pytest.approx([2.5, 0.5, 1.0])


@few
@given(st.floats(0, 60), st.floats(0, 30), st.floats(0.05, 4), st.sampled_from([15.0, 20.0, 23.0, 25.0, 30.0]))
def test_fees_shorten_visits_and_altruism_brings_them_to_what_is_best(
    pay: float, more: float, alpha: float, now: float
) -> None:
    """Qualitative check 9, and mechanism M12."""
    each = np.array([alpha])
    assert slots(pay + more, each, now) <= slots(pay, each, now)
    assert np.abs(slots(pay, each + 1.0, now) - 25) <= np.abs(slots(pay, each, now) - 25)


@few
@given(st.floats(0.05, 4), st.floats(0, 1.5), st.floats(0, 1.5))
def test_load_shortens_visits(alpha: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    each = np.array([alpha])
    assert slots(30.0, each, overload=high) <= slots(30.0, each, overload=low)


def test_visits_change_one_step_at_a_time() -> None:
    assert slots(60.0, np.array([0.05]), overload=1.5).tolist() == [20.0]
    assert slots(0.0, np.array([3.0]), now=10.0, overload=0.0).tolist() == [15.0]


def test_acute_visits_have_a_length_of_their_own() -> None:
    q, p = weights(), physicians(2, slot_acute=[15.0, 10.0], slot_chronic=25.0)
    made = choose_slot(p, {"visit": np.zeros(2)}, q, chronic=False, queue=1.0, altruism=np.array([2.0, 0.5]))
    assert made.value.tolist() == [10.0, 10.0], "12 minutes are best, and 10 are closer to them than 15"


def test_no_benchmark_reaches_the_length_of_visits() -> None:
    """Qualitative check 6: habit, on which benchmarks act, is not asked; neither is anything else that they move."""
    q, pay = weights(), {"visit": np.full(2, 30.0)}
    p = physicians(2, habit=[0.8, 0.0], slot_chronic=25.0)
    first, second = choose_slot(p, pay, q, chronic=True, queue=1.0, altruism=np.full(2, 0.7)).value
    assert first == second
    assert not {"benchmark", "trust", "readability", "message"} & set(inspect.signature(choose_slot).parameters)


@few
@given(st.lists(st.floats(10, 40), min_size=2, max_size=8), st.floats(0, 1))
def test_a_shared_agenda_keeps_the_mean_and_lowers_the_variance(minutes: list[float], way: float) -> None:
    """Mechanism M13."""
    count = len(minutes)
    met = shared_agenda(minutes, np.zeros(count, int), np.ones(count), weights(practice__slot_agenda=way))
    assert met.mean() == pytest.approx(np.mean(minutes))
    assert met.var() == pytest.approx((1 - way) ** 2 * np.var(minutes), abs=1e-9)


def test_only_members_who_share_an_agenda_are_averaged() -> None:
    met = shared_agenda([20.0, 40.0, 30.0, 15.0], [3, 3, 3, -1], [1, 1, 0, 0], weights())
    assert met.tolist() == [25.0, 35.0, 30.0, 15.0]


def test_the_phone_is_used_under_load_and_where_presence_pays_no_more() -> None:
    p = physicians(4, overload=[0.0, 1.0, 0.0, 0.0])
    made = phone_share(p, {"visit": np.array([30.0, 30, 0, 30]), "phone_contact": np.array([0.0, 0, 0, 30])}, weights())
    plain, loaded, unpaid, equal = made.value
    assert plain < loaded
    assert plain < unpaid == equal
    assert made.terms["money"] == pytest.approx([-1.6, -1.6, 0, 0])

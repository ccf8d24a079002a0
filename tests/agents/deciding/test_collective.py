"""Whether professionals come to meetings (behaviour D8)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding.collective import attendance, collective_minutes, hour_of_care
from tests.agents.deciding.people import weights

few = settings(max_examples=50)


def comes(**facts: float) -> float:
    known = {"rate": 50.0, "care_hour_pay": 100.0, "overload": 0.5} | facts
    return float(attendance(weights(), **known).value)


@few
@given(st.floats(0, 100), st.floats(0, 200), st.floats(1, 50))
def test_one_rate_is_a_loss_for_who_earns_more_by_care(rate: float, care: float, more: float) -> None:
    """Mechanism M59."""
    assert comes(rate=rate, care_hour_pay=care + more) < comes(rate=rate, care_hour_pay=care)
    assert comes(rate=rate + more, care_hour_pay=care) > comes(rate=rate, care_hour_pay=care)


@pytest.mark.parametrize("name", ["private_gain", "tie_leader", "recognition"])
def test_what_is_not_money_brings_people_in(name: str) -> None:
    assert comes(**{name: 1.0}) > comes()


@pytest.mark.parametrize(("name", "value"), [("overload", 1.5), ("clash", 1.0)])
def test_load_and_home_rounds_keep_people_away(name: str, value: float) -> None:
    """Mechanism M43."""
    assert comes(**{name: value}) < comes()


def test_terms_have_one_number_a_person() -> None:
    made = attendance(weights(), rate=[0.0, 50.0], care_hour_pay=100.0, overload=0.5)
    assert made.value.shape == (2,)
    assert {term.shape for term in made.terms.values()} == {(2,)}


def test_an_hour_of_care_is_counted_in_declared_visits() -> None:
    assert hour_of_care(30.0, weights()) == pytest.approx(100.0)


def test_minutes_follow_the_meetings_held_up_to_the_most() -> None:
    minutes = collective_minutes(np.array([0.5, 0.5, 0.0]), [60.0, 400.0, 60.0], weights())
    assert minutes.tolist() == [30.0, 90.0, 0.0]

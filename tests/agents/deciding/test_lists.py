"""Whether physicians take new patients (behaviour D6)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding.lists import list_openness
from tests.agents.deciding.people import physicians, weights

few = settings(max_examples=50)


def openness(overload: float = 0.0, list_pay: float = 18.0, visit_pay: float = 30.0, **facts: float) -> float:
    pay = {"visit": np.array([visit_pay]), "registration": np.array([list_pay])}
    return float(list_openness(physicians(1, overload=overload), pay, weights(), visits=3.0, **facts).value[0])


@few
@given(st.floats(0, 1.4), st.floats(0.01, 0.1), st.floats(0, 200), st.floats(1, 100))
def test_lists_close_under_load_and_open_for_money(overload: float, load: float, pay: float, more: float) -> None:
    assert openness(overload + load, pay) < openness(overload, pay) < openness(overload, pay + more)


def test_need_and_building_open_retirement_closes() -> None:
    usual = openness()
    assert openness(local_need=1.0) > usual
    assert openness(is_building=1.0) > usual
    assert openness(near_retirement=1.0) < usual


def test_the_terms_add_up_to_the_choice() -> None:
    p = physicians(1, overload=0.3)
    pay = {"visit": np.array([30.0]), "registration": np.array([18.0])}
    made = list_openness(p, pay, weights(), visits=3.0, local_need=0.4, near_retirement=1.0)
    z = 0.3 + sum(float(term[0]) for term in made.terms.values())
    assert made.value[0] == pytest.approx(1 / (1 + np.exp(-z)))

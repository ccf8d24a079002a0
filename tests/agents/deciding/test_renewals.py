"""How often prescriptions are renewed (behaviour D3)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding.renewals import (
    believed_best,
    best_contacts,
    choose_interval,
    habit_after_benchmark,
    habit_after_pay,
)
from tests.agents.deciding.people import Numbers, physicians, weights

MANY = 3000
few = settings(max_examples=50)


def mean_visits(pay: float, habit: float, best: float = 2.0, nurse_contacts: float = 0.0, seed: int = 0) -> float:
    """Mean yearly visits after physicians who renew every three months have reconsidered."""
    q, p = weights(), physicians(MANY, habit=habit)
    made = choose_interval(
        p, {"visit": np.full(MANY, pay)}, q, draws(q["practice_interval_choices"], seed),
        now=p["renewal_interval_months"], habit_months=3, best=best, altruism=np.full(MANY, 1.2),
        nurse_contacts=nurse_contacts,
    )  # fmt: skip
    assert set(made.value) <= {1.0, 2.0, 3.0, 4.0, 6.0, 12.0}
    return float((12 / made.value).mean())


def draws(choices: Numbers, seed: int) -> Numbers:
    return np.random.default_rng(seed).random((MANY, 1 + len(choices)))


def test_drift_sets_the_yearly_contacts_that_are_best() -> None:
    assert best_contacts([0.0015, 0.006], 0.13, weights()) == pytest.approx([2.0, 8.0])
    assert best_contacts([0.0015, 0.0], 0.0, weights()).tolist() == [0.0, 0.0], "where a contact restores nothing"


def test_belief_weighs_habit_and_need() -> None:
    assert believed_best([0.0, 0.8, 1.0], 3, 2.0) == pytest.approx([2.0, 3.6, 4.0])


def test_a_benchmark_moves_renewals_where_no_money_does() -> None:
    """Qualitative check 5: the payment's floor binds, so a visit pays nothing, yet intervals move."""
    habit = habit_after_benchmark(0.8, 1.0, 1.0, weights())
    assert habit == pytest.approx(0.5)
    assert mean_visits(0.0, float(habit)) < mean_visits(0.0, 0.8) - 0.2


def test_a_benchmark_that_is_mocked_or_mistrusted_changes_nothing() -> None:
    assert habit_after_benchmark(0.8, 1.0, 0.0, weights()) == habit_after_benchmark(0.8, 0.0, 1.0, weights()) == 0.8


def test_habit_wears_off_while_pay_differs_and_not_below_zero() -> None:
    q = weights()
    left = habit_after_pay([0.8, 0.8, 0.8, 0.02, 0.8], [30, 27.5, 26.9, 0, 5], [30, 30, 30, 30, 0], q)
    assert left == pytest.approx([0.8, 0.8, 0.75, 0.0, 0.75])


@pytest.mark.parametrize("habit", [0.0, 0.8])
def test_the_less_a_visit_pays_the_more_visits_are_spaced(habit: float) -> None:
    visits = [mean_visits(pay, habit) for pay in (0.0, 15.0, 30.0)]
    assert visits == sorted(visits)
    assert visits[-1] > visits[0] + 0.3


def test_shared_follow_up_spaces_visits() -> None:
    visits = [mean_visits(0.0, 0.8, nurse_contacts=contacts) for contacts in (0.0, 2.0, 4.0)]
    assert visits == sorted(visits, reverse=True)
    assert visits[0] > visits[-1] + 0.5


def test_need_brings_visits_forward() -> None:
    assert mean_visits(0.0, 0.0, best=8.0) > mean_visits(0.0, 0.0, best=2.0) + 2


@few
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_habit_stays_a_share(habit: float, trust: float, readability: float) -> None:
    assert 0 <= habit_after_benchmark(habit, trust, readability, weights()) <= habit


def test_terms_tell_the_pay_and_the_belief() -> None:
    q, p = weights(), physicians(2, habit=[0.8, 0.0])
    made = choose_interval(
        p, {"visit": np.array([30.0, 0.0])}, q, np.full((2, 7), 0.5),
        now=p["renewal_interval_months"], habit_months=3, best=2.0, altruism=np.ones(2), nurse_contacts=[0.0, 1.0],
    )  # fmt: skip
    assert made.terms["visit_pay"].tolist() == [30.0, 0.0]
    assert made.terms["believed_best"] == pytest.approx([3.6, 1.5])
    assert {"money", "work", "benefit", "overload", "change"} < set(made.terms)

"""Effort on prevention, follow-up, tests and prescribing (behaviour D8b)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding.effort import choose_effort, effort_parts
from agents.deciding.utility import best_reply, open_utility, options_from
from agents.deciding.visits import minute_value
from agents.templates import EFFORTS
from tests.agents.deciding.people import Numbers, altruists, physicians, weights

CASES = np.array([250.0, 100.0, 200.0, 1000.0])  # acts of prevention, discharges, tests and patients of a list of 1,000
MINUTES = np.array([30.0, 15.0, 20.0, 20.0]) * 45.8 / CASES
few = settings(max_examples=50)


def best(
    which: int, paid: float = 0.0, visit_pay: float = 30.0, overload: float = 0.0, queue: float = 1.0, now: float = 0.3,
    alpha: Numbers | None = None,
) -> Numbers:  # fmt: skip
    """Best efforts of physicians, of the median one by default."""
    q = weights()
    alpha = np.array([1.2]) if alpha is None else alpha
    each = np.ones(len(alpha))
    options = options_from(now * each, q["practice_effort_choices"])
    parts = effort_parts(
        options, paid=paid * each, benefit=alpha * q["practice_effort_benefit"][which], minutes=MINUTES[which] * each,
        worth=minute_value(visit_pay * each, overload, queue, q), q=q,
    )  # fmt: skip
    chosen = best_reply(options.values, open_utility(options, parts))
    return options.values[np.arange(len(alpha)), chosen]


@pytest.mark.parametrize("which", range(len(EFFORTS)), ids=EFFORTS)
@pytest.mark.parametrize("overload", [0.0, 1.0])
def test_without_money_the_start_is_kept(which: int, overload: float) -> None:
    """Nobody pays for it: 0.3 is where a median physician stays, and about where the population does."""
    assert best(which, overload=overload) == pytest.approx(0.3)
    assert best(which, overload=overload, alpha=altruists(400)).mean() == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize("which", range(3), ids=EFFORTS[:3])
def test_with_time_to_spare_the_best_effort_is_the_start(which: int) -> None:
    assert best(which, queue=0.0, now=5.0) == pytest.approx(0.3)


@few
@given(st.integers(0, 3), st.floats(0, 30), st.floats(1, 30), st.floats(0, 1.5))
def test_more_money_more_effort(which: int, paid: float, more: float, overload: float) -> None:
    assert best(which, paid + more, overload=overload) >= best(which, paid, overload=overload)


def test_a_bonus_is_chased_and_a_fine_is_fled() -> None:
    assert best(0, paid=40.0).tolist() == [1.0]
    assert best(0, paid=-40.0).tolist() == [0.0]


def test_most_who_reconsider_under_a_small_bonus_stay_but_the_mean_moves() -> None:
    """The cost of change, 0.5, is the gain of a move by 0.7: a small bonus moves by the spread of choices."""
    q, count = weights(), 4000
    u = np.random.default_rng(3).random((count, 1 + len(q["practice_effort_choices"])))
    made = [
        choose_effort(
            physicians(count), np.full(count, pay), q, u, which=0,
            minutes=np.full(count, MINUTES[0]), worth=np.full(count, 1.76), altruism=np.full(count, 1.2),
        ).value.mean()
        for pay in (-5.0, 0.0, 5.0, 20.0)
    ]  # fmt: skip
    assert made == sorted(made)
    assert made[1] == pytest.approx(0.3, abs=0.02)  # a load that takes some of it away
    assert made[-1] > made[1] + 0.05


@few
@given(st.integers(0, 3), st.floats(0, 30), st.floats(0, 1.5), st.floats(0, 1.5))
def test_load_takes_effort_away(which: int, paid: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert best(which, paid, overload=high) <= best(which, paid, overload=low)


def test_the_choice_tells_its_terms() -> None:
    q, count = weights(utility__precision=1e6), 2
    p = physicians(count)
    made = choose_effort(
        p, np.array([0.0, 50.0]), q, np.full((count, 1 + len(q["practice_effort_choices"])), 0.5),
        which=0, minutes=np.full(count, 1.4), worth=np.zeros(count), altruism=np.full(count, 1.2),
    )  # fmt: skip
    assert made.value == pytest.approx([0.3, 1.0])
    assert made.terms["money"] == pytest.approx([0.0, 50 / 15 * 0.7])
    assert set(made.terms) == {"money", "benefit", "time", "work", "change"}

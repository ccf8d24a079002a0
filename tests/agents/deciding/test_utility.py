"""The balance of income and the patient's benefit, and the choice it leads to (behaviour 0, D1)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding.utility import (
    Options,
    altruism,
    best_reply,
    choice_probabilities,
    choose,
    choose_best,
    logistic,
    logit_choice,
    one_step,
    options_from,
    quantity_parts,
    total,
)
from tests.agents.deciding.people import weights

QUANTITIES = np.arange(11.0)
few = settings(max_examples=50)


def utility(pay: float, alpha: float, best: float, overload: float = 0.0) -> np.ndarray:
    """Of each quantity, for one physician who has no present one."""
    quantities = QUANTITIES[None, :]
    parts = quantity_parts(
        quantities, pay * quantities, np.array([best]), np.array([alpha]), np.array([overload]), weights()
    )
    return total(parts)


def mean(pay: float, alpha: float, best: float, overload: float = 0.0) -> float:
    return float((choice_probabilities(utility(pay, alpha, best, overload), weights()) @ QUANTITIES)[0])


def test_the_formula_of_d1() -> None:
    q = weights()
    parts = quantity_parts(
        np.array([[4.0, 6.0]]), np.array([[120.0, 180.0]]), np.array([2.0]), np.array([1.2]), np.array([0.5]), q,
        np.array([[False, True]]),
    )  # fmt: skip
    assert total(parts)[0] == pytest.approx([8 - 1.6 - 2.4 - 0.2, 12 - 3.6 - 4.8 - 0.3 - 0.5])
    assert {name: part.shape for name, part in parts.items()} == dict.fromkeys(parts, (1, 2))


@few
@given(st.floats(0, 60), st.floats(0.1, 20), st.floats(0.05, 4), st.floats(0, 10))
def test_more_pay_more_services(pay: float, more: float, alpha: float, best: float) -> None:
    assert mean(pay + more, alpha, best) >= mean(pay, alpha, best) - 1e-9


@few
@given(st.floats(0, 60), st.floats(0.05, 4), st.floats(0, 10), st.floats(0, 1.5), st.floats(0, 1.5))
def test_overload_means_fewer_services(pay: float, alpha: float, best: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert mean(pay, alpha, best, high) <= mean(pay, alpha, best, low) + 1e-9


@few
@given(st.floats(0, 60), st.floats(0.05, 4), st.floats(0.05, 2), st.integers(0, 10))
def test_altruism_moves_every_payment_towards_what_is_best(pay: float, alpha: float, more: float, best: int) -> None:
    """Qualitative check 9."""
    distance = np.abs(QUANTITIES - best)
    some, most = (choice_probabilities(utility(pay, a, best), weights())[0] for a in (alpha, alpha + more))
    assert most @ distance <= some @ distance + 1e-9


@few
@given(st.lists(st.floats(-50, 50), min_size=2, max_size=8))
def test_probabilities_add_up_and_follow_utility(values: list[float]) -> None:
    given_utility = np.array([values])
    chances = choice_probabilities(given_utility, weights())
    assert chances.sum() == pytest.approx(1.0)
    assert (np.diff(chances[0][np.argsort(values)]) >= -1e-12).all()


def test_draws_have_the_probabilities_of_the_logit() -> None:
    rng = np.random.default_rng(1)
    one = np.array([[0.0, 0.3, 0.5, -0.2]])
    many = np.broadcast_to(one, (40_000, 4))
    drawn = np.bincount(logit_choice(many, rng.random(many.shape), weights()), minlength=4) / len(many)
    assert drawn == pytest.approx(choice_probabilities(one, weights())[0], abs=0.01)


def test_a_new_option_moves_people_only_towards_it() -> None:
    rng = np.random.default_rng(2)
    utilities, u = rng.normal(size=(500, 5)), rng.random((500, 5))
    before = logit_choice(utilities[:, :4], u[:, :4], weights())
    after = logit_choice(utilities, u, weights())
    assert ((after == before) | (after == 4)).all()
    assert (after == 4).any()


def test_draws_at_the_ends_are_no_accident() -> None:
    u = np.array([[0.0, 1.0, 0.5], [0.0, 0.0, 0.0]])
    assert logit_choice(np.zeros((2, 3)), u, weights()).tolist() == [1, 0]


def test_of_two_that_tie_the_best_reply_is_the_smaller_value() -> None:
    values = np.array([[4.0, 3.0, 5.0]])
    assert best_reply(values, np.array([[0.1 + 0.2, 0.3, 0.0]])).tolist() == [1]


def test_the_present_is_an_option_even_beside_the_choices() -> None:
    options = options_from(np.array([23.0, 20.0], dtype=np.float32), [15, 20, 25, 30])
    assert options.values.tolist() == [[23, 15, 20, 25, 30], [20, 15, 20, 25, 30]]
    assert options.moves.tolist() == [[False, True, True, True, True], [False, True, False, True, True]]
    assert options.is_open.tolist() == [[True, True, True, True, True], [True, True, False, True, True]]
    tenth = options_from(np.array([0.3], dtype=np.float32), [0.2, 0.3])
    assert tenth.is_open.tolist() == [[True, True, False]]


def test_one_step_leaves_the_next_choice_on_either_side() -> None:
    options = one_step(options_from([23.0, 20.0, 15.0, 50.0], [15, 20, 25, 30]))
    left = [options.values[row][options.is_open[row]].tolist() for row in range(4)]
    assert left == [[23, 20, 25], [20, 15, 25], [15, 20], [50, 30]]


def test_terms_say_what_the_choice_gains_over_staying() -> None:
    options = options_from([4.0], [2.0, 4.0])
    parts = {"money": np.array([[8.0, 4.0, 8.0]]), "benefit": np.array([[-9.0, 0.0, -9.0]])}
    for made in (choose(options, parts, np.full((1, 3), 0.5), weights()), choose_best(options, parts)):
        assert made.value.tolist() == [2.0]
        assert {name: term.tolist() for name, term in made.terms.items()} == {"money": [-4.0], "benefit": [9.0]}


def test_who_stays_has_terms_of_zero() -> None:
    options = Options(np.array([[3.0, 5.0]]), np.array([[False, True]]), np.ones((1, 2), dtype=bool))
    made = choose_best(options, {"money": np.array([[1.0, 0.0]])})
    assert (made.value.tolist(), made.terms["money"].tolist()) == ([3.0], [0.0])


@few
@given(st.floats(0.05, 4), st.floats(0, 1), st.floats(0, 1))
def test_settled_money_crowds_altruism_out_up_to_a_bound(alpha: float, one: float, other: float) -> None:
    q = weights()
    low, high = sorted((one, other))
    most, least = altruism([alpha, alpha], [low, high], q)
    assert alpha * (1 - q["utility_crowding_out"]) <= least <= most <= alpha
    assert altruism(alpha, 0.0, q) == alpha
    assert altruism(1.0, 0.1, q) == pytest.approx(1 - 0.15 / 2)


def test_crowding_out_can_be_switched_off() -> None:
    assert altruism(1.2, 0.5, weights(utility__crowding_out=0.0)) == 1.2


def test_the_logistic_curve_never_overflows() -> None:
    assert logistic([-1e6, 0.0, 1e6]).tolist() == [0.0, 0.5, 1.0]
    assert logistic(0.7) == pytest.approx(1 / (1 + np.exp(-0.7)))

"""Shapley values: the four axioms that single them out, the mean over orders, and games whose values are known."""

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from results.shapley import coalition, shapley

NUMBER = st.floats(-1e6, 1e6, allow_nan=False, width=32)


@st.composite
def games(draw: st.DrawFn, most: int = 5) -> Any:
    """What every coalition of up to ``most`` players is worth."""
    return draw(arrays(np.float64, 1 << draw(st.integers(1, most)), elements=NUMBER))


def players_of(worth: Any) -> int:
    return len(worth).bit_length() - 1


def near(expected: Any) -> Any:
    return pytest.approx(expected, rel=1e-9, abs=1e-5)


@given(games())
def test_efficiency_everything_is_handed_out(worth: Any) -> None:
    assert shapley(worth).sum() == near(worth[-1] - worth[0])


@given(games(), st.data())
def test_symmetry_equals_get_the_same(worth: Any, data: st.DataObject) -> None:
    players = players_of(worth)
    one, other = data.draw(st.integers(0, players - 1)), data.draw(st.integers(0, players - 1))
    swapped = np.array([_swap(number, one, other) for number in range(len(worth))])
    alike = worth + worth[swapped]
    assert shapley(alike)[one] == near(shapley(alike)[other])
    assert shapley(worth[swapped])[one] == near(shapley(worth)[other]), "names do not matter"


def _swap(number: int, one: int, other: int) -> int:
    bits = [(number >> one) & 1, (number >> other) & 1]
    return number & ~(1 << one) & ~(1 << other) | bits[0] << other | bits[1] << one


@given(games(most=4), NUMBER, st.data())
def test_dummy_who_always_adds_the_same_gets_just_that(worth: Any, own: float, data: st.DataObject) -> None:
    players = players_of(worth)
    place = data.draw(st.integers(0, players))
    wider = np.array(
        [worth[_left_out(number, place)] + own * ((number >> place) & 1) for number in range(2 * len(worth))]
    )
    values = shapley(wider)
    assert values[place] == near(own)
    assert np.delete(values, place) == near(shapley(worth)), "and changes nothing for the others"


def _left_out(number: int, place: int) -> int:
    """The coalition without the player at a place, among those who are left."""
    return number & ((1 << place) - 1) | (number >> (place + 1)) << place


@given(games(most=4), st.data(), NUMBER, NUMBER)
def test_linearity_values_add_up_over_games(worth: Any, data: st.DataObject, a: float, b: float) -> None:
    other = data.draw(arrays(np.float64, len(worth), elements=NUMBER))
    a, b = a / 1e6, b / 1e6
    assert shapley(a * worth + b * other) == near(a * shapley(worth) + b * shapley(other))
    assert shapley(np.stack([worth, other], axis=1)) == near(np.stack([shapley(worth), shapley(other)], axis=1))


@given(games(most=4))
def test_it_is_the_mean_over_all_orders_of_coming(worth: Any) -> None:
    players = players_of(worth)
    orders = list(permutations(range(players)))
    added = np.zeros(players)
    for order in orders:
        for place, player in enumerate(order):
            added[player] += worth[coalition(order[: place + 1])] - worth[coalition(order[:place])]
    assert shapley(worth) == near(added / len(orders))


def test_the_glove_game() -> None:
    """One has a left glove, two a right one; a pair is worth 1: 2/3 and 1/6 each (Shapley 1953)."""
    worth = [float(number & 1 and number & 6 != 0) for number in range(8)]
    assert shapley(worth) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@pytest.mark.parametrize("coalitions", [0, 3, 1 << 17])
def test_what_is_no_game_is_refused(coalitions: int) -> None:
    with pytest.raises(ValueError, match="coalitions"):
        shapley(np.zeros(coalitions))

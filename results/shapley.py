"""The Shapley value: what each of several causes earned of a result that they made together (Shapley 1953).

A game says what every coalition of players is worth. The value of a player is the mean, over all orders in which the
players may come, of what its coming adds. It is the only division that hands out everything (efficiency), treats equals
alike (symmetry), gives nothing to who never adds anything (dummy), and adds up over games (linearity).
"""

from functools import lru_cache
from math import factorial
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

type Numbers = NDArray[np.float64]

MOST_PLAYERS: Final = 16
"""Players beyond which a game of 2**n coalitions is surely a slip."""


def coalition(players: ArrayLike) -> int:
    """The number of a coalition: the bits of its players, player 0 the lowest."""
    return int(sum(1 << int(player) for player in np.unique(np.asarray(players, dtype=np.int64))))


def shapley(worth: ArrayLike) -> Numbers:
    """Shapley values of one game, or of many at once.

    Args:
        worth: what each coalition is worth, by its number (:func:`coalition`): ``(2**n, ...)``; that of nobody comes
            first, that of everybody last.

    Returns:
        ``(n, ...)``: one value a player; they sum to the worth of everybody less that of nobody.

    Raises:
        ValueError: when the first axis is no power of two, or has too many players.
    """
    values = np.asarray(worth, dtype=np.float64)
    players = len(values).bit_length() - 1
    if not len(values) or len(values) != 1 << players or players > MOST_PLAYERS:
        raise ValueError(f"{len(values)} coalitions: expected 2**n, n at most {MOST_PLAYERS}")
    numbers = np.arange(len(values))
    sizes = np.bitwise_count(numbers.astype(np.uint32)).astype(np.int64)
    found = np.empty((players, *values.shape[1:]))
    for player in range(players):
        without = numbers[(numbers >> player) & 1 == 0]
        added = values[without | (1 << player)] - values[without]
        found[player] = np.tensordot(_weights(players)[sizes[without]], added, axes=1)
    return found


@lru_cache(maxsize=MOST_PLAYERS)
def _weights(players: int) -> Numbers:
    """Share of all orders in which just the members of a coalition of each size come before a given player."""
    return np.array([factorial(size) * factorial(players - 1 - size) / factorial(players) for size in range(players)])

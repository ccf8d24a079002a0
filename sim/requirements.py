"""What declarations ask of a row: conditions on columns, 64 to a word, so that a row is held against many at once."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.measures import Condition, Mask, Measure

WORD: Final = 64
"""Conditions whose answers share a word."""


@kernel
def meet(answers: NDArray[np.uint64], required: NDArray[np.uint64], met: Mask) -> None:
    """Find which declarations some rows meet.

    Given:
        answers: conditions that hold of each row, word by word.
        required: conditions of each declaration, word by word.
        met: all true; false is written where a row does not meet a declaration.
    """
    for word in range(len(answers)):
        for row in range(len(met)):
            answer = answers[word, row]
            for declaration in range(met.shape[1]):
                asked = required[word, declaration]
                met[row, declaration] &= answer & asked == asked


class Requirements:
    """The conditions of some declarations.

    Args:
        declared: measures, or actions as measures.

    Attributes:
        words: conditions of each declaration, a bit each, ``(declarations, words)``.
    """

    def __init__(self, declared: Sequence[Measure]) -> None:
        self._numbers: dict[tuple[str, Condition], int] = {}
        for measure in declared:
            for pair in measure.where:
                self._numbers.setdefault(pair, len(self._numbers))
        self.words: NDArray[Any] = np.zeros((len(declared), -(-len(self._numbers) // WORD)), dtype=np.uint64)
        for number, measure in enumerate(declared):
            for pair in measure.where:
                word, bit = self.place(*pair)
                self.words[number, word] |= bit

    @cached_property
    def by_column(self) -> dict[str, tuple[Condition, ...]]:
        """All conditions on each column."""
        found: dict[str, tuple[Condition, ...]] = {}
        for name, condition in self._numbers:
            found[name] = (*found.get(name, ()), condition)
        return found

    def place(self, name: str, condition: Condition) -> tuple[int, np.uint64]:
        """The word that holds the answer to a condition, and its bit."""
        number = self._numbers[name, condition]
        return number // WORD, np.uint64(1 << number % WORD)

    def met(self, rows: int, held: Callable[[str, Condition], Mask]) -> Mask:
        """Which declarations some rows meet, ``(rows, declarations)``.

        Args:
            rows: how many there are.
            held: where a condition on a column holds, ``(rows,)``.
        """
        answers = np.zeros((self.words.shape[1], rows), dtype=np.uint64)
        for pair in self._numbers:
            word, bit = self.place(*pair)
            answers[word] |= held(*pair) * bit
        met = np.ones((rows, len(self.words)), dtype=bool)
        meet(answers, np.ascontiguousarray(self.words.T), met)
        return met

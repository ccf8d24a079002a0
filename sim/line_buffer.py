"""Claim lines held as plain columns until there are enough of them to be counted together."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from sim import events


class LineBuffer:
    """Columns of the claim lines of some weeks.

    Args:
        columns: columns that are kept.
        room: lines for which there is room at first; it grows when a week needs more.
    """

    def __init__(self, columns: Sequence[str], room: int) -> None:
        self.rows = 0
        self.weeks = 0
        self._columns = {name: np.empty(room, dtype=events.DTYPE[name]) for name in columns}
        self._room = room

    def add(self, lines: Table) -> None:
        """Copy the lines of one week."""
        end = self.rows + len(lines)
        if end > self._room:
            self._room = 2 * end
            self._columns = {name: np.resize(held, self._room) for name, held in self._columns.items()}
        for name, held in self._columns.items():
            held[self.rows : end] = lines[name]
        self.rows = end
        self.weeks += 1

    def columns(self) -> dict[str, NDArray[Any]]:
        """What is held, column by column; valid until lines are added again."""
        return {name: held[: self.rows] for name, held in self._columns.items()}

    def clear(self) -> None:
        """Forget all lines."""
        self.rows = self.weeks = 0

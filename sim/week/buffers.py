"""Room for the rows that kernels write, used again week after week.

Memory that is new each week costs more than what is written to it: the system clears it page by page. So a table is
written over as soon as nobody holds it any more; one that somebody keeps stays as it is.
"""

from collections.abc import Callable, Iterable
from itertools import accumulate
from sys import getrefcount
from typing import Any, Final

import numpy as np

from agents.declarations import Table
from sim.week.parts import Each, in_turn

BUFFER_ROWS: Final = 8_192
"""Rows of a buffer: more than a block of patients asks for in most weeks."""
MARGIN: Final = 1.25
"""Rows of the whole table over those of the week for which it was made."""
HELD_HERE: Final = 3
"""References to a table that nobody holds any more: the list of tables, the name in its loop, the call that counts."""

type Filled = list[tuple[Table, int]]
"""Buffers, and the rows written in each."""


class Buffers:
    """Buffers for rows of one kind.

    Args:
        dtype: type of a row.
    """

    def __init__(self, dtype: Any) -> None:
        self._dtype = dtype
        self._spare: list[Table] = []
        self._tables: list[Table] = []

    def fill(self, kernel: Callable[[int, int, Table], tuple[int, int]], part: tuple[int, int]) -> Filled:
        """Let ``kernel(lo, hi, buffer)`` write the rows of a part; it is called again as often as a buffer is full."""
        lo, hi = part
        filled = []
        while lo < hi:
            buffer = self._any()
            n, lo = kernel(lo, hi, buffer)
            filled.append((buffer, n))
        return filled

    def joined(self, parts: Iterable[Filled], each: Each = in_turn) -> Table:
        """What was written, in the order of the parts, as one table; the buffers may then be filled again.

        Args:
            parts: what :meth:`fill` gave for each part.
            each: does something for each buffer, by several threads or not.
        """
        filled = [one for part in parts for one in part]
        starts = [0, *accumulate(n for _, n in filled)]
        whole = self._room(starts[-1])

        def copy(row: int, buffer: Table, n: int) -> None:
            # By hand: NumPy joins structured arrays field by field, which costs more than the week of a small town.
            whole[row : row + n] = buffer[:n]

        each(lambda one: copy(*one), [(row, *one) for row, one in zip(starts, filled, strict=False)])
        self._spare += [buffer for buffer, _ in filled]
        return whole

    def _any(self) -> Table:
        """A spare buffer, or a new one; threads may ask at once."""
        try:
            return self._spare.pop()
        except IndexError:
            return np.empty(BUFFER_ROWS, dtype=self._dtype)

    def _room(self, rows: int) -> Table:
        """A table that nobody holds, or a new one; those that are too small by now are given up."""
        self._tables = [table for table in self._tables if len(table) >= rows]
        for table in self._tables:
            if getrefcount(table) == HELD_HERE:
                return table[:rows]
        self._tables.append(np.empty(int(MARGIN * rows), dtype=self._dtype))
        return self._tables[-1][:rows]

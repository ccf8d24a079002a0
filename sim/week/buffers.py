"""Room for the rows that kernels write, used again week after week.

Memory that is new each week costs more than what is written to it: the system clears it page by page.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np

from agents.declarations import Table

BUFFER_ROWS: Final = 8_192
"""Rows of a buffer: more than a block of patients asks for in most weeks."""
MARGIN: Final = 1.25
"""Rows of the whole table over those of the week for which it was made."""

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
        self._whole = np.empty(0, dtype=dtype)

    def fill(self, kernel: Callable[[int, int, Table], tuple[int, int]], part: tuple[int, int]) -> Filled:
        """Let ``kernel(lo, hi, buffer)`` write the rows of a part; it is called again as often as a buffer is full."""
        lo, hi = part
        filled = []
        while lo < hi:
            buffer = self._any()
            n, lo = kernel(lo, hi, buffer)
            filled.append((buffer, n))
        return filled

    def joined(self, parts: Iterable[Filled], *, to_keep: bool) -> Table:
        """What was written, in the order of the parts, as one table; the buffers may then be filled again.

        Args:
            parts: what :meth:`fill` gave for each part.
            to_keep: whether the table outlives the week; else the next one is written over it.
        """
        filled = [each for part in parts for each in part]
        rows = sum(n for _, n in filled)
        whole = np.empty(rows, dtype=self._dtype) if to_keep else self._room(rows)
        # Filled by hand: NumPy joins structured arrays field by field, which costs more than the week of a small town.
        row = 0
        for buffer, n in filled:
            whole[row : row + n] = buffer[:n]
            row += n
            self._spare.append(buffer)
        return whole

    def _any(self) -> Table:
        """A spare buffer, or a new one; threads may ask at once."""
        try:
            return self._spare.pop()
        except IndexError:
            return np.empty(BUFFER_ROWS, dtype=self._dtype)

    def _room(self, rows: int) -> Table:
        if rows > len(self._whole):
            self._whole = np.empty(int(MARGIN * rows), dtype=self._dtype)
        return self._whole[:rows]

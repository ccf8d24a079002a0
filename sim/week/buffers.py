"""Room for the rows that kernels write, used again week after week.

Memory that is new each week costs more than what is written to it: the system clears it page by page. So a table is
written over as soon as nobody holds it any more; one that somebody keeps stays as it is.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate
from sys import getrefcount
from threading import Lock
from typing import Any, Final

import numpy as np

from agents.declarations import Table
from sim.week.parts import InRuns, Range, in_one_run

FIRST_ROWS: Final = 8_192
"""Rows of a table before it is known how many a run of parts writes."""
LEAST_ROOM: Final = 2_048
"""Rows that a kernel must find free: a table with fewer is full."""
MARGIN: Final = 1.25
"""Rows of a table over those that were written the first time they were more than ever."""
HELD_HERE: Final = 3
"""References to a table that nobody holds any more: the list of tables, the name in its loop, the call that counts."""

type Kernel = Callable[[int, int, Table], tuple[int, int]]
"""Writes of parts ``[lo, hi)`` into a table; gives the rows written and the place to go on from when it is full."""
type Filled = list[tuple[Table, int]]
"""Tables, and the rows written in each."""


class Buffers:
    """Tables of rows of one kind.

    Args:
        dtype: type of a row.
    """

    def __init__(self, dtype: Any) -> None:
        self._dtype = dtype
        self._rows = FIRST_ROWS
        self._tables: list[Table] = []
        self._joined: list[Table] = []

    def written(self, begin: Callable[[], Kernel], parts: Sequence[Range], in_runs: InRuns = in_one_run) -> Table:
        """What a kernel writes of all parts, in their order, as one table.

        The parts of a run are written one behind the other, so that nothing is copied where there is one run.

        Args:
            begin: gives the kernel for a run, with room of its own.
            parts: ranges of rows.
            in_runs: cuts the parts into runs and does something for each, by several threads or not.
        """
        self._tables = [table for table in self._tables if len(table) >= self._rows]
        spare = [table for table in self._tables if getrefcount(table) == HELD_HERE]
        runs = in_runs(lambda some: self._run(begin(), some, spare), parts)
        most = max((sum(n for _, n in run) for run in runs), default=0)
        if most + LEAST_ROOM > self._rows:
            self._rows = int(MARGIN * most) + LEAST_ROOM
        return self._whole([one for run in runs for one in run], in_runs)

    def _run(self, kernel: Kernel, parts: Sequence[Range], spare: list[Table]) -> Filled:
        """Let a kernel write of neighbouring parts into one table, and on into others when it is full."""
        filled, table, n = [], self._another(spare), 0
        for lo, hi in parts:
            while lo < hi:
                if len(table) - n < LEAST_ROOM:
                    filled.append((table, n))
                    table, n = self._another(spare), 0
                more, lo = kernel(lo, hi, table[n:])  # noqa: PLW2901
                n += more
        return [*filled, (table, n)]

    def _another(self, spare: list[Table]) -> Table:
        """A spare table, or a new one; threads may ask at once."""
        try:
            return spare.pop()
        except IndexError:
            table = np.empty(self._rows, dtype=self._dtype)
            self._tables.append(table)
            return table

    def _whole(self, filled: Filled, in_runs: InRuns) -> Table:
        """What was written, as one table."""
        if len(filled) == 1:
            table, n = filled[0]
            return table[:n]
        starts = [0, *accumulate(n for _, n in filled)]
        whole = self.room(starts[-1])[: starts[-1]]

        def copy(some: Sequence[tuple[int, tuple[Table, int]]]) -> None:
            for row, (table, n) in some:
                # By hand: NumPy joins structured arrays field by field, which costs more than the week of a small town.
                whole[row : row + n] = table[:n]

        in_runs(copy, list(zip(starts, filled, strict=False)))
        return whole

    def room(self, rows: int) -> Table:
        """A table of so many rows or more that nobody holds, or a new one; those too small by now are given up."""
        self._joined = [table for table in self._joined if len(table) >= rows]
        for table in self._joined:
            if getrefcount(table) == HELD_HERE:
                return table
        self._joined.append(np.empty(int(MARGIN * rows), dtype=self._dtype))
        return self._joined[-1]


class InOrder:
    """Tables that come in any order and stand in theirs in the end: each is copied as soon as those before it are.

    So that few are kept at a time, where :meth:`Buffers.written` has them all before it joins any.

    Args:
        buffers: whose room is taken.
        rows: how many there were the last time.
    """

    def __init__(self, buffers: Buffers, rows: int) -> None:
        self._buffers = buffers
        self._whole = buffers.room(rows)
        self._waiting: dict[int, Table] = {}
        self._next = self._rows = 0
        self._turn = Lock()

    def put(self, place: int, table: Table) -> None:
        """Take the table that is ``place``-th from 0; threads may do so at once."""
        with self._turn:
            self._waiting[place] = table
            while self._next in self._waiting:
                self._append(self._waiting.pop(self._next))
                self._next += 1

    def _append(self, table: Table) -> None:
        end = self._rows + len(table)
        if end > len(self._whole):
            more = self._buffers.room(end)
            more[: self._rows] = self._whole[: self._rows]
            self._whole = more
        self._whole[self._rows : end] = table
        self._rows = end

    @property
    def joined(self) -> Table:
        """The tables as one."""
        return self._whole[: self._rows]

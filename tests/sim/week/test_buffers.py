"""Room for the rows that kernels write: filled as often as needed, joined in order, and used again."""

from collections.abc import Callable, Sequence
from itertools import batched, pairwise
from typing import Any

import numpy as np
import pytest

from agents.declarations import Table
from sim.week.buffers import FIRST_ROWS, LEAST_ROOM, Buffers
from sim.week.parts import in_one_run
from sim.week.requests import DTYPE


def five_at_a_time(lo: int, hi: int, table: Table) -> tuple[int, int]:
    """A kernel that takes one request a row, and stops after five each time."""
    assert len(table) >= LEAST_ROOM
    n = min(5, hi - lo)
    table["patient"][:n] = np.arange(lo, lo + n)
    return n, lo + n


def in_runs_of(length: int) -> Callable[[Callable[[Any], Any], Sequence[Any]], list[Any]]:
    return lambda work, parts: [work(run) for run in batched(parts, length)]


@pytest.mark.parametrize("in_runs", [in_one_run, in_runs_of(1), in_runs_of(2)])
@pytest.mark.parametrize("size", [0, 1, 13])
def test_what_is_written_of_parts_stands_in_their_order(size: int, in_runs: Any) -> None:
    buffers = Buffers(DTYPE)
    for _week in range(3):
        table = buffers.written(lambda: five_at_a_time, list(pairwise((3, 7, 7 + size, 9 + size))), in_runs)
        assert table["patient"].tolist() == list(range(3, 9 + size))


def test_no_part_is_a_table_of_nothing() -> None:
    assert len(Buffers(DTYPE).written(lambda: five_at_a_time, [])) == 0


@pytest.mark.parametrize("in_runs", [in_one_run, in_runs_of(1)])
def test_a_table_that_is_full_is_followed_by_another(in_runs: Any) -> None:
    rows, buffers = 3 * FIRST_ROWS, Buffers(DTYPE)
    parts = [(0, 2 * FIRST_ROWS), (2 * FIRST_ROWS, rows)]
    for _week in range(2):
        assert buffers.written(lambda: five_at_a_time, parts, in_runs)["patient"].tolist() == list(range(rows))


def test_one_run_is_not_copied_once_its_length_is_known() -> None:
    buffers, written = Buffers(DTYPE), []

    def kernel(lo: int, hi: int, table: Table) -> tuple[int, int]:
        written.append(np.asarray(table).ctypes.data)
        return five_at_a_time(lo, hi, table)

    for _week in range(2):
        written.clear()
        table = buffers.written(lambda: kernel, [(0, 2 * FIRST_ROWS)])
    assert np.asarray(table).ctypes.data == written[0]


def weeks_of(buffers: Buffers, rows: int) -> Any:
    """The table of a week with so many rows."""
    return buffers.written(lambda: five_at_a_time, [(0, rows)])


def test_a_table_is_written_over_only_when_nobody_holds_any_of_it() -> None:
    """A part, a column or one row of a table keeps all of it; what is kept stays what it was."""
    buffers = Buffers(DTYPE)
    kept = {
        "part": weeks_of(buffers, 9)[2:4],
        "column": weeks_of(buffers, 9)["patient"],
        "row": weeks_of(buffers, 9)[5],
    }
    places = {id(one.base) for one in kept.values()}
    assert len(places) == 3
    passing = weeks_of(buffers, 8)
    address = passing.ctypes.data
    assert id(passing.base) not in places
    del passing
    assert weeks_of(buffers, 7).ctypes.data == address
    assert kept["part"]["patient"].tolist() == [2, 3]
    assert kept["column"].tolist() == list(range(9))
    assert kept["row"]["patient"] == 5
    del kept["column"]
    held = weeks_of(buffers, 6), weeks_of(buffers, 6)
    assert id(held[0].base) in places or id(held[1].base) in places


def test_a_week_with_more_rows_than_any_before_gets_a_larger_table() -> None:
    buffers = Buffers(DTYPE)
    weeks_of(buffers, 9)
    assert weeks_of(buffers, 900)["patient"].tolist() == list(range(900))

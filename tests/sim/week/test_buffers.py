"""Room for the rows that kernels write: filled as often as needed, joined in order, and used again."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from agents.declarations import Table
from sim.week.buffers import BUFFER_ROWS, Buffers
from sim.week.requests import DTYPE


def five_at_a_time(lo: int, hi: int, buffer: Table) -> tuple[int, int]:
    """A kernel that takes one request a row, and stops after five each time."""
    n = min(5, hi - lo)
    buffer["patient"][:n] = np.arange(lo, lo + n)
    return n, lo + n


def test_a_buffer_that_fills_is_followed_by_another() -> None:
    buffers = Buffers(DTYPE)
    filled = buffers.fill(five_at_a_time, (3, 40))
    assert [n for _, n in filled] == [5] * 7 + [2]
    assert buffers.joined([filled])["patient"].tolist() == list(range(3, 40))


@pytest.mark.parametrize("size", [0, 1, 13])
def test_parts_are_joined_in_their_order(size: int) -> None:
    buffers = Buffers(DTYPE)
    parts = [buffers.fill(five_at_a_time, part) for part in pairwise((0, 7, 7 + size, 9 + size))]
    assert buffers.joined(parts)["patient"].tolist() == list(range(9 + size))


def weeks_of(buffers: Buffers, rows: int) -> Any:
    """The table of a week with so many rows."""
    return buffers.joined([buffers.fill(five_at_a_time, (0, rows))])


def test_buffers_are_filled_again() -> None:
    buffers = Buffers(DTYPE)
    used = []
    for _week in range(2):
        filled = buffers.fill(five_at_a_time, (0, 9))
        assert all(len(buffer) == BUFFER_ROWS for buffer, _ in filled)
        used.append({id(buffer) for buffer, _ in filled})
        buffers.joined([filled])
    assert used[0] == used[1]


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

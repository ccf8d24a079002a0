"""Room for the rows that kernels write: filled as often as needed, joined in order, and used again."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, batched, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.declarations import Table
from sim.week.buffers import FIRST_ROWS, LEAST_ROOM, Buffers, InOrder
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


def numbered(first: int, rows: int) -> Table:
    table = np.zeros(rows, DTYPE)
    table["patient"] = np.arange(first, first + rows)
    return table


@settings(derandomize=True)
@given(st.permutations(range(7)), st.lists(st.integers(0, 9), min_size=7, max_size=7), st.integers(0, 60))
def test_tables_that_come_in_any_order_stand_in_theirs(come: list[int], rows: list[int], expected: int) -> None:
    """Whether they are as many rows as the last time, more or fewer."""
    starts, buffers = [0, *accumulate(rows)], Buffers(DTYPE)
    for _week in range(2):
        tables = InOrder(buffers, expected)
        for place in come:
            tables.put(place, numbered(starts[place], rows[place]))
        assert tables.joined["patient"].tolist() == list(range(starts[-1]))


def test_a_table_that_somebody_keeps_is_not_written_over() -> None:
    buffers = Buffers(DTYPE)
    first = InOrder(buffers, 5)
    first.put(0, numbered(0, 5))
    kept = first.joined
    second = InOrder(buffers, 5)
    second.put(0, numbered(50, 5))
    assert kept["patient"].tolist() == list(range(5))


def test_threads_put_tables_at_once() -> None:
    rows, tables = 300, InOrder(Buffers(DTYPE), 0)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda place: tables.put(place, numbered(rows * place, rows)), range(50)))
    assert tables.joined["patient"].tolist() == list(range(50 * rows))

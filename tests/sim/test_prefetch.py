"""Rows that are copied whole by compiled code."""

import numpy as np
import pytest
from numba.core.errors import TypingError

from agents import patients
from agents.declarations import Table, new_table
from sim.kernel import kernel
from sim.prefetch import copy_row
from sim.week.requests import COLUMNS


@kernel
def copied(table: Table, row: int, source: Table, of: int) -> None:
    copy_row(table, row, source, of)


def filled(rows: int) -> Table:
    """Requests whose bytes all differ from those of the row before."""
    table = new_table(COLUMNS, rows)
    table.view(np.uint8)[:] = np.random.default_rng(1).integers(0, 256, table.nbytes)
    return table


@pytest.mark.parametrize(("row", "of"), [(0, 0), (2, 0), (0, 3), (4, 4)])
def test_a_row_is_copied_whole_and_no_other_touched(row: int, of: int) -> None:
    source, table = filled(5), new_table(COLUMNS, 5)
    before = table.copy()
    copied(table, row, source, of)
    for k in range(5):
        assert table[k].tobytes() == (source[of] if k == row else before[k]).tobytes()


def test_a_row_is_copied_within_its_table() -> None:
    table = filled(4)
    before = table.copy()
    copied(table, 3, table, 1)
    assert table[:3].tobytes() == before[:3].tobytes()
    assert table[3] == before[1]


def test_rows_that_lie_apart_are_copied_too() -> None:
    """One of several blank rows, each the same in memory."""
    one = filled(1)
    apart = filled(6)[::2]
    copied(apart, 2, one, 0)
    assert apart[2] == one[0]


def test_a_row_of_another_table_is_refused() -> None:
    with pytest.raises(TypingError):
        copied(filled(2), 0, new_table(patients.COLUMNS, 2), 0)

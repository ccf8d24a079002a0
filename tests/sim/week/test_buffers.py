"""Room for the rows that kernels write: filled as often as needed, joined in order, and used again."""

from itertools import pairwise

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
    assert buffers.joined([filled], to_keep=True)["patient"].tolist() == list(range(3, 40))


@pytest.mark.parametrize("to_keep", [True, False])
@pytest.mark.parametrize("size", [0, 1, 13])
def test_parts_are_joined_in_their_order(size: int, to_keep: bool) -> None:
    buffers = Buffers(DTYPE)
    parts = [buffers.fill(five_at_a_time, part) for part in pairwise((0, 7, 7 + size, 9 + size))]
    assert buffers.joined(parts, to_keep=to_keep)["patient"].tolist() == list(range(9 + size))


def test_memory_is_used_again_unless_the_table_is_to_be_kept() -> None:
    buffers = Buffers(DTYPE)
    weeks = []
    for to_keep in (False, True, False):
        filled = buffers.fill(five_at_a_time, (0, 9))
        assert all(len(buffer) == BUFFER_ROWS for buffer, _ in filled)
        weeks.append((buffers.joined([filled], to_keep=to_keep), {id(buffer) for buffer, _ in filled}))
    (passing, used), (kept, used_again), (again, _) = weeks
    assert used == used_again
    assert np.shares_memory(passing, again)
    assert not np.shares_memory(passing, kept)

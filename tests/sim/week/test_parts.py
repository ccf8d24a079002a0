"""Work in parts: every row in one of them, answers in their order."""

from hypothesis import given
from hypothesis import strategies as st

from sim.week.parts import blocks, in_turn


@given(st.integers(0, 90), st.integers(0, 500), st.integers(1, 60))
def test_blocks_cover_the_rows_once_and_in_order(first: int, rows: int, size: int) -> None:
    parts = blocks(first, first + rows, size)
    assert [row for lo, hi in parts for row in range(lo, hi)] == list(range(first, first + rows))
    assert all(hi - lo <= size for lo, hi in parts)


def test_answers_come_in_the_order_of_the_parts() -> None:
    assert in_turn(lambda part: part * part, [3, 1, 2]) == [9, 1, 4]

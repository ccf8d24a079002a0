"""Blocks of rows become one table, whatever they are made of."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from sim.payment.stacking import stacked

BLOCKS = st.lists(st.tuples(st.integers(0, 4), st.text("ab", max_size=3), st.integers(-5, 5)), max_size=6)


@given(BLOCKS)
def test_blocks_give_the_same_table_as_frames_that_are_joined(blocks: list[tuple[int, str, int]]) -> None:
    given_blocks = [(n, {"said": said, "number": number, "row": np.arange(n), "left": 0}) for n, said, number in blocks]
    table = stacked(given_blocks, ["row", "said", "number"])
    assert list(table) == ["row", "said", "number"]
    expected = [(row, said, number) for n, said, number in blocks for row in range(n)]
    assert list(table.itertuples(index=False, name=None)) == expected


def test_a_column_keeps_its_kind_when_it_has_no_row() -> None:
    full = stacked([(1, {"said": "a", "who": np.array(["b"]), "value": np.ones(1)})], ["said", "who", "value"])
    empty = stacked([(0, {"said": "a", "who": np.array([], str), "value": np.ones(0)})], ["said", "who", "value"])
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
    joined = pd.concat([full, empty], ignore_index=True)
    assert joined.dtypes.to_dict() == full.dtypes.to_dict()


def test_without_a_block_there_are_columns_only() -> None:
    assert list(stacked([], ["said", "value"])) == ["said", "value"]

"""Many small blocks as one table."""

import numpy as np

from sim.payment.stacked import stacked


def test_blocks_stand_one_below_the_other() -> None:
    blocks = [
        (2, {"who": np.array([4, 5]), "rule": "a", "year": 1, "level": "team", "cents": np.int64(7)}),
        (0, {"who": np.zeros(0, dtype=np.int64), "rule": "none", "year": 1, "level": "x", "cents": np.zeros(0, "i8")}),
        (1, {"who": np.array([6]), "rule": "b", "year": 2, "level": np.array(["nurse"]), "cents": np.array([8])}),
    ]
    table = stacked(blocks, ["rule", "who", "year", "level", "cents"])
    assert list(table) == ["rule", "who", "year", "level", "cents"]
    assert table.to_numpy().tolist() == [["a", 4, 1, "team", 7], ["a", 5, 1, "team", 7], ["b", 6, 2, "nurse", 8]]
    assert {str(kind) for kind in table.dtypes[["who", "year", "cents"]]} == {"int64"}


def test_no_block_is_a_table_of_nothing() -> None:
    assert stacked([], ["rule", "cents"]).shape == (0, 2)

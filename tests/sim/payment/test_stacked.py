"""Many small blocks as one table."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.payment.stacked import Block, as_arrow, stacked

COLUMNS = ["rule", "who", "year", "level", "cents", "euros"]


def blocks() -> list[Block]:
    none = np.zeros(0, dtype=np.int64)
    return [
        (2, {"who": np.array([4, 5]), "rule": "a", "year": 1, "level": "team", "cents": np.int64(7), "euros": np.nan}),
        (0, {"who": none, "rule": "none", "year": 1, "level": "x", "cents": none, "euros": 0.0}),
        (1, {"who": np.array([6]), "rule": "b", "year": 2, "level": np.array(["nurse"]), "cents": np.array([8]),
             "euros": 0.5}),
    ]  # fmt: skip


def test_blocks_stand_one_below_the_other() -> None:
    table = stacked(blocks(), ["rule", "who", "year", "level", "cents"])
    assert list(table) == ["rule", "who", "year", "level", "cents"]
    assert table.to_numpy().tolist() == [["a", 4, 1, "team", 7], ["a", 5, 1, "team", 7], ["b", 6, 2, "nurse", 8]]
    assert {str(kind) for kind in table.dtypes[["who", "year", "cents"]]} == {"int64"}


def test_no_block_is_a_table_of_nothing() -> None:
    assert stacked([], ["rule", "cents"]).shape == (0, 2)


def test_a_file_without_a_frame_on_the_way_reads_like_one_with_it(tmp_path: Path) -> None:
    stacked(blocks(), COLUMNS).to_parquet(tmp_path / "frame.parquet", index=False)
    pq.write_table(as_arrow(blocks(), COLUMNS, {"origin": "here"}), tmp_path / "plain.parquet")
    frame, plain = (pd.read_parquet(tmp_path / f"{name}.parquet") for name in ("frame", "plain"))
    pd.testing.assert_frame_equal(plain, frame)
    assert pq.read_table(tmp_path / "plain.parquet").equals(pq.read_table(tmp_path / "frame.parquet"))
    assert pq.read_schema(tmp_path / "plain.parquet").metadata[b"origin"] == b"here"


def test_blocks_without_a_row_are_a_file_of_nothing() -> None:
    names = np.zeros(0, dtype="U9")
    table = as_arrow([(0, {"rule": names, "who": np.zeros(0, dtype=np.int64)})], ["rule", "who"], {})
    assert table.equals(pa.Table.from_pandas(pd.DataFrame({"rule": names.astype(object), "who": np.zeros(0, int)})))


def test_no_block_is_a_file_of_nothing() -> None:
    table = as_arrow([], ["rule", "cents"], {})
    assert table.num_rows == 0
    assert table.column_names == ["rule", "cents"]

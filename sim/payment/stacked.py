"""Tables from blocks of rows, column by column: many small blocks make one table without a table each."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

type Block = tuple[int, Mapping[str, Any]]
"""Number of rows, and columns by name: one value a row, or one for all of them."""


def stacked(blocks: Sequence[Block], columns: Sequence[str]) -> pd.DataFrame:
    """One table of all blocks, one below the other.

    Args:
        blocks: the blocks; each must have all columns.
        columns: names of the columns, in order.
    """
    return pd.DataFrame(_columns(blocks, columns))


def as_arrow(blocks: Sequence[Block], columns: Sequence[str], metadata: Mapping[str, str]) -> pa.Table:
    """One table of all blocks, to be written to a file: no frame is made on the way.

    Args:
        blocks: the blocks; each must have all columns.
        columns: names of the columns, in order.
        metadata: what the file tells beside its columns.
    """
    arrays = {name: _array(values) for name, values in _columns(blocks, columns).items()}
    return pa.table(arrays, metadata=dict(metadata) or None)


def _columns(blocks: Sequence[Block], columns: Sequence[str]) -> dict[str, NDArray[Any]]:
    sizes = [n for n, _ in blocks]
    return {name: _column(sizes, [block[name] for _, block in blocks]) for name in columns}


def _array(values: NDArray[Any]) -> pa.Array:
    """A column as a frame would write it: NaN is no value, and texts have no type where there are no rows."""
    texts = values.dtype.kind in "OU"
    if texts and not len(values):  # no array of texts, empty or not, turns into one without a type
        return pa.nulls(0)
    return pa.array(values, pa.large_string() if texts else None, from_pandas=True)


def _column(sizes: Sequence[int], values: Sequence[Any]) -> NDArray[Any]:
    """A column of all blocks; texts are objects, which are shared and not copied."""
    if not values:
        return np.zeros(0, dtype=object)
    if not any(isinstance(value, np.ndarray) for value in values):
        return np.repeat(np.array(values, dtype=object if isinstance(values[0], str) else None), sizes)
    kinds = {np.dtype(object) if isinstance(value, str) else np.asarray(value).dtype for value in values}
    column, begin = np.empty(sum(sizes), np.result_type(*kinds)), 0
    for n, value in zip(sizes, values, strict=True):
        column[begin : begin + n] = value
        begin += n
    return column

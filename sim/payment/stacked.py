"""Tables from blocks of rows, column by column: many small blocks make one frame without a frame each."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

type Block = tuple[int, Mapping[str, Any]]
"""Number of rows, and columns by name: one value a row, or one for all of them."""


def stacked(blocks: Sequence[Block], columns: Sequence[str]) -> pd.DataFrame:
    """One table of all blocks, one below the other.

    Args:
        blocks: the blocks; each must have all columns.
        columns: names of the columns, in order.
    """
    if not blocks:
        return pd.DataFrame(columns=list(columns))
    sizes = [n for n, _ in blocks]
    return pd.DataFrame({name: _column(sizes, [block[name] for _, block in blocks]) for name in columns})


def _column(sizes: Sequence[int], values: Sequence[Any]) -> Any:
    """A column of all blocks; texts are objects, which are shared and not copied."""
    if not any(isinstance(value, np.ndarray) for value in values):
        return np.repeat(np.array(values, dtype=object if isinstance(values[0], str) else None), sizes)
    kinds = {np.dtype(object) if isinstance(value, str) else np.asarray(value).dtype for value in values}
    column, begin = np.empty(sum(sizes), np.result_type(*kinds)), 0
    for n, value in zip(sizes, values, strict=True):
        column[begin : begin + n] = value
        begin += n
    return column

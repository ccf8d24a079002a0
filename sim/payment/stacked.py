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
    return pd.DataFrame({name: np.concatenate([_rows(n, block[name]) for n, block in blocks]) for name in columns})


def _rows(size: int, values: Any) -> Any:
    """A column of a block; texts as objects, which are shared and not copied."""
    if isinstance(values, str):
        return np.full(size, values, dtype=object)
    return np.broadcast_to(np.asarray(values), (size,))

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
    known = [np.asarray(value, dtype=object if isinstance(value, str) else None) for value in values]
    if all(value.ndim == 0 for value in known):
        return np.repeat(np.stack(known), sizes)
    return np.concatenate([np.broadcast_to(value, (n,)) for n, value in zip(sizes, known, strict=True)])

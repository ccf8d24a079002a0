"""Blocks of rows put on top of each other as one table.

What is paid comes in hundreds of small blocks a year (a component, a name of a worksheet). A pandas frame costs a
millisecond however small it is, so the columns are joined first and only one frame is made of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

type Block = tuple[int, Mapping[str, Any]]
"""A number of rows, and their columns: one value a row, ``(rows,)``, or one text or whole number for all of them."""


def stacked(blocks: Iterable[Block], columns: Iterable[str]) -> pd.DataFrame:
    """One table of all blocks, in their order.

    Args:
        blocks: the blocks; each has all the columns.
        columns: names of the columns that are kept, in order.
    """
    names, given = list(columns), list(blocks)
    if not given:
        return pd.DataFrame(columns=names)
    rows = [count for count, _ in given]
    return pd.DataFrame({name: _column([block[name] for _, block in given], rows) for name in names})


def _column(values: Sequence[Any], rows: Sequence[int]) -> Any:
    """A column of all blocks; texts always are of pandas' own kind, even when there is none."""
    if any(isinstance(value, np.ndarray) for value in values):
        whole = np.concatenate([np.broadcast_to(value, n) for value, n in zip(values, rows, strict=True)])
    else:
        whole = np.repeat(np.array(values), rows)
    return pd.array(whole.astype(object), dtype="str") if whole.dtype.kind in "UO" else whole

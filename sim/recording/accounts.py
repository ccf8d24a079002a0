"""The accounts of a run as one table: one row an owner and year, one column a measure.

Levels keep different measures, some six hundred in all: columns are joined once, when the run ends, and make no
frame on the way, since a frame of that many columns costs as much for a village as for a country.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray


class AccountsTable:
    """Years of accounts, level by level."""

    def __init__(self) -> None:
        self._blocks: list[tuple[int, dict[str, NDArray[Any]]]] = []
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def add(self, year: int, level: str, columns: Mapping[str, ArrayLike]) -> None:
        """Keep a year of one level.

        Args:
            year: year of the run.
            level: whose accounts they are.
            columns: measures, one value an owner; columns ``year``, ``level`` and ``owner`` stand for themselves.
        """
        given = {name: np.asarray(values) for name, values in columns.items()}
        rows = len(next(iter(given.values()), ()))
        keys = {"year": np.full(rows, year, dtype=np.int32), "level": np.full(rows, level), "owner": np.arange(rows)}
        self._rows += rows
        self._blocks.append((rows, {name: values for name, values in keys.items() if name not in given} | given))

    def table(self, keys: Iterable[str]) -> pa.Table:
        """All of it, the columns ``keys`` first; a measure that a level does not keep is missing there."""
        names = {name for _, block in self._blocks for name in block}
        # Measures come in the order in which rules were first asked for theirs, which differs between processes.
        ordered = [*(name for name in keys if name in names), *sorted(names - set(keys))]
        return pa.table({name: pa.array(self._column(name), from_pandas=True) for name in ordered})

    def _column(self, name: str) -> Any:
        """A measure in all blocks, NaN in those of a level that does not keep it."""
        parts = [block.get(name) for _, block in self._blocks]
        known = [part for part in parts if part is not None]
        if known[0].dtype.kind in "UO":
            known = [part.astype(object) for part in known]
        if sum(map(len, known)) == len(self):
            return np.concatenate(known)
        missing = np.full(max(rows for rows, _ in self._blocks), np.nan)
        return np.concatenate(
            [missing[:rows] if part is None else part for (rows, _), part in zip(self._blocks, parts, strict=True)]
        )

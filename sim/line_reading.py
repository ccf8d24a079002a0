"""Claim lines as kernels read them: the bytes of a table under the four widths that its columns have."""

from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from sim import events

U1, U2, I2, I4, I8 = range(5)
KINDS: Final = {"|u1": U1, "<u2": U2, "<i2": I2, "<i4": I4, "<i8": I8}
"""How a column is read, by its type."""

OWNER_COLUMNS: Final = {
    "payee_kind": U1, "payee": I4, "provider_team": I4, "territory": I2, "registered_gp": I4, "registered_team": I4,
    "commune": I4, "week": I2,
}  # fmt: skip
"""Columns that name owners, and the week; kernels know how each is read."""


class Lines(NamedTuple):
    """One table of lines under each width, ``(rows, width of a row)``."""

    bytes: NDArray[np.uint8]
    halves: NDArray[np.int16]
    words: NDArray[np.int32]
    longs: NDArray[np.int64]


def as_lines(table: Table) -> Lines:
    """The lines of a table, not copied unless they lie apart in memory."""
    together = np.ascontiguousarray(table, dtype=events.DTYPE)
    raw = together.view(np.uint8).reshape(len(together), events.DTYPE.itemsize)
    return Lines(raw, raw.view(np.int16), raw.view(np.int32), raw.view(np.int64))


@cache
def place(name: str) -> tuple[int, int]:
    """How a column is read, and where it stands in a row, in units of its width."""
    dtype, offset = dict(events.DTYPE.fields or {})[name][:2]
    return KINDS[dtype.str], offset // dtype.itemsize


def places(names: tuple[str, ...]) -> NDArray[np.int64]:
    """:func:`place` of several columns: ``(columns, 2)``."""
    return np.array([place(name) for name in names], dtype=np.int64).reshape(-1, 2)


def owner_places() -> NDArray[np.int64]:
    """Where :data:`OWNER_COLUMNS` stand.

    Raises:
        TypeError: when one of them has another type than kernels read.
    """
    found = places(tuple(OWNER_COLUMNS))
    if found[:, 0].tolist() != list(OWNER_COLUMNS.values()):
        raise TypeError(f"types of {tuple(OWNER_COLUMNS)} are not those that the accounts read")
    return np.ascontiguousarray(found[:, 1])

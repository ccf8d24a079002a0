"""The words in which every room declares what it holds: columns and the tables made of them.

A *column* is declared once, with its type, unit, label and source. A *table* is one NumPy structured array:
``table["age"]`` is a column, ``table[i]`` a row, and a Numba kernel reads both without a copy.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np


class Table(Protocol):
    """A structured array with one field a declared column, shape ``(rows,)``: what is read of one, and no more.

    NumPy's own type has dozens of overloads, and says of a column no more than this: checking against it took thrice
    the time.
    """

    @property
    def dtype(self) -> np.dtype[Any]:
        """Types of its columns."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of rows, and of further axes."""

    @property
    def size(self) -> int:
        """Number of rows."""

    @property
    def itemsize(self) -> int:
        """Bytes of a row."""

    @property
    def nbytes(self) -> int:
        """Bytes of all rows."""

    @property
    def strides(self) -> tuple[int, ...]:
        """Bytes from one row to the next."""

    @property
    def flags(self) -> Any:
        """Among others, whether it may be written to."""

    def __getitem__(self, key: Any, /) -> Any:
        """A column, a row, or some rows."""

    def __setitem__(self, key: Any, value: Any, /) -> None:
        """Write a column or rows."""

    def __len__(self) -> int:
        """Number of rows."""

    def __iter__(self) -> Iterator[Any]:
        """Its rows."""

    def __buffer__(self, flags: int, /) -> memoryview:
        """Its memory: NumPy takes it for an array."""

    def view(self, *kinds: Any) -> Any:
        """The same memory, read in another way."""

    def copy(self) -> Any:
        """Another one with the same rows."""

    def tobytes(self) -> bytes:
        """Its bytes."""


type Row = Any
"""One row of a table, whose columns read and write as attributes (in kernels, and in ``np.record`` views)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One declared state variable.

    Attributes:
        name: field name, in the field's own words.
        dtype: NumPy type, or a list of ``(name, dtype)`` for a small record.
        unit: unit of the stored number ("" for codes and ids).
        label: one line for people, in English (the catalogue translates it).
        default: value of a row that nobody has filled yet; of a small record, one value a field.
        low, high: plausible range, inclusive, where one can be given.
        shape: extra axes, e.g. ``(7,)`` for one number a condition.
        source: evidence key, document section, or "bookkeeping".
        recorded: whether the recorder writes the column at every step.
        hot: read for every row at every step; such columns share the head of the row, hence one line of cache.
    """

    name: str
    dtype: Any
    unit: str
    label: str
    default: float | tuple[int, ...] = 0
    low: float | None = None
    high: float | None = None
    shape: tuple[int, ...] = field(default=())
    source: str = "bookkeeping"
    recorded: bool = False
    hot: bool = False


_DTYPES: Final[dict[tuple[np.dtype[Any], bool], np.dtype[Any]]] = {}


def one_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The first of all equal types, which stands for every one of them.

    Compiled code knows a type that it has met by its identity; one that is only equal is compared field by field at
    every call, which took a tenth of the run of each town but the first. Equal types may differ in being aligned.
    """
    return _DTYPES.setdefault((dtype, dtype.isalignedstruct), dtype)


def table_dtype(columns: Sequence[Column]) -> np.dtype[np.void]:
    """The structured type of a table: hot columns, then the others, largest first so that alignment wastes nothing."""
    ordered = sorted(columns, key=lambda c: (not c.hot, -np.dtype(c.dtype).alignment))
    fields = [(c.name, c.dtype, c.shape) if c.shape else (c.name, c.dtype) for c in ordered]
    return one_dtype(np.dtype(fields, align=True))


def new_table(columns: Sequence[Column], rows: int) -> Table:
    """A table of ``rows`` rows, every column at its declared default."""
    table = np.zeros(rows, dtype=table_dtype(columns))
    for column in columns:
        if column.default:
            table[column.name] = column.default
    return table


def grown(table: Table, rows: int, columns: Sequence[Column]) -> Table:
    """A copy of ``table`` with room for ``rows`` rows; the new ones are at their defaults."""
    larger = new_table(columns, rows)
    larger[: len(table)] = table
    return larger

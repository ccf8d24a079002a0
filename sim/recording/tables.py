"""Weekly snapshots of declared columns, written to one Parquet file in chunks.

A snapshot copies a whole table at once; its recorded columns are picked when the chunk is written.
Array columns are flattened (``minutes`` becomes ``minutes_visit``, ``minutes_phone``, ...) and codes are written as
categories, so that a reader needs no code of the simulation to understand them.
"""

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from agents.declarations import Column, Table, table_dtype
from agents.patients import AGE_BANDS, CONDITIONS, PRIORITIES, SPENDING
from agents.teams import CRITERIA
from agents.templates import EFFORTS
from agents.uses import USES

type Description = dict[str, str]
"""Name, unit and label of one written column."""

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "minutes": USES,
    "effort": EFFORTS,
    "practised": CRITERIA,
    "reported": CRITERIA,
    "control": CONDITIONS,
    "spend": SPENDING,
    "forgone_need": PRIORITIES,
    "forgone": PRIORITIES,
    "people": tuple(band.replace("-", "_").replace("+", "_plus") for band in AGE_BANDS),
}
"""What the elements of an array column are called."""

WEEK: Final = Column("week", "i4", "week", "week since the start of the world, the warm-up included")
YEAR: Final = Column("year", "i4", "year", "year of the run, 1 for the first after the warm-up")

COMPRESSION: Final = "snappy"
"""How every table of a run is packed. Others pack small columns a little better, at a cost for each that adds up."""

CHUNK_BYTES: Final = 32_000_000  # may wait in memory before it is written, whatever the size of the world
CHUNK_WEEKS: Final = 520  # a chunk costs as much for one row as for thousands


def flattened(column: Column) -> list[tuple[str, int | None]]:
    """Names under which a column is written, each with its place in the array (None for a plain column)."""
    if not column.shape:
        return [(column.name, None)]
    (length,) = column.shape
    parts = PARTS.get(column.name, ())
    names = parts if len(parts) == length else tuple(str(i) for i in range(length))
    return [(f"{column.name}_{part}", i) for i, part in enumerate(names)]


def described(columns: Sequence[Column]) -> list[Description]:
    """Name, unit and label of every column as written, for the manifest."""
    return [
        {"name": name, "unit": c.unit, "label": c.label if part is None else f"{c.label}: {_said(c, name, part)}"}
        for c in columns
        for name, part in flattened(c)
    ]


def _said(column: Column, name: str, part: int) -> str:
    """What an element of an array column is called in its label."""
    return AGE_BANDS[part] if column.name == "people" else name[len(column.name) + 1 :].replace("_", " ")


def key_column(key: str, table: str) -> list[Column]:
    """The column with the row number of each agent, none when it has no name."""
    return [Column(key, "i4", "", f"row of the {table}")] if key else []


def categories(codes: NDArray[Any], names: Sequence[str]) -> pa.DictionaryArray:
    """Codes as a categorical column; a code without a name becomes null."""
    known = codes < len(names)
    indices = pa.array(np.where(known, codes, 0).astype(np.int16), mask=~known)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))


def packing(schema: pa.Schema) -> dict[str, Any]:
    """How a table of a run is packed.

    Fractions are written as they are, since they are hardly ever the same twice; the rest by its few values. Nobody
    asks of so small a table which parts of it can be left unread.
    """
    of_few_values = [field.name for field in schema if not pa.types.is_floating(field.type)]
    return {"compression": COMPRESSION, "use_dictionary": of_few_values, "write_statistics": False}


def write_table(table: pa.Table, path: Path) -> None:
    """Write a whole table of a run."""
    pq.write_table(table, path, **packing(table.schema))


class TableWriter:
    """One Parquet file that grows by weekly snapshots of one table.

    Attributes:
        columns: what is written, in order, the week and the year first.
        rows: rows written or waiting so far.
        origin: what the file says of where it comes from.
    """

    def __init__(
        self,
        path: Path,
        columns: Sequence[Column],
        *,
        key: str = "",
        names: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Open nothing yet: the file is made at the first chunk.

        Args:
            path: the file.
            columns: declared columns of the table that are copied each week.
            key: name of a column with the row number of each agent, "" for none.
            names: names of the codes, by column.
        """
        self.path = path
        self.origin: Mapping[str, str] = {}
        self.rows = 0
        self._names = dict(names or {})
        self._copied = [c for c in columns if c.name not in ("week", "year")]
        self._dtype = table_dtype(columns)
        self._key = key_column(key, path.stem)
        self.columns: list[Column] = [WEEK, YEAR, *self._key, *self._copied]
        self._waiting = bytearray()
        self._when: list[tuple[int, int, int]] = []
        self._file: pq.ParquetWriter | None = None

    def add(self, week: int, year: int, table: Table) -> None:
        """Keep ``table`` as it is after ``week``: whole, because one copy costs less than one a column."""
        # As plain bytes, which a row of hundreds of fields is quickest as: NumPy compares and copies field by field.
        if not self._when:
            self._dtype = table.dtype
        self._waiting += table.tobytes()
        self._when.append((week, year, len(table)))
        self.rows += len(table)
        if len(self._when) >= CHUNK_WEEKS or len(self._waiting) > CHUNK_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if not self._when:
            return
        chunk = self._arrow()
        if self._file is None:
            self._file = pq.ParquetWriter(self.path, chunk.schema, **packing(chunk.schema))
        self._file.write_table(chunk)
        self._when.clear()
        self._waiting = bytearray()

    def close(self) -> None:
        """Write what waits and close the file (an empty one when there was never a week)."""
        if self._file is None and not self._when:
            self._when.append((0, 0, 0))
        self.flush()
        if self._file is not None:
            self._file.close()
            self._file = None

    def discard(self) -> None:
        """Forget what waits and close the file, which is about to be removed."""
        self._when.clear()
        self._waiting = bytearray()
        if self._file is not None:
            with contextlib.suppress(OSError):  # a full disk must not hide why the run stopped
                self._file.close()
            self._file = None

    def _arrow(self) -> pa.Table:
        """The waiting snapshots as one Arrow table, each field with its unit and label."""
        weeks = np.array(self._when, dtype=np.int32)
        lengths = weeks[:, 2]
        when = np.repeat(weeks[:, :2], lengths, axis=0)
        rows = np.frombuffer(self._waiting, self._dtype)
        arrays = [pa.array(np.ascontiguousarray(when[:, i])) for i in range(2)]
        if self._key:
            arrays.append(pa.array(np.concatenate([np.arange(n, dtype=np.int32) for n in lengths])))
        for column in self._copied:
            for _, part in flattened(column):
                values = rows[column.name] if part is None else rows[column.name][:, part]
                arrays.append(self._array(column.name, values))
        fields = [
            pa.field(d["name"], a.type, metadata={"unit": d["unit"], "label": d["label"]})
            for d, a in zip(described(self.columns), arrays, strict=True)
        ]
        return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=dict(self.origin) or None))

    def _array(self, name: str, values: NDArray[Any]) -> pa.Array:
        """One column: its categories where its codes have names, else its numbers."""
        if name in self._names:
            return categories(values, self._names[name])
        return pa.array(np.ascontiguousarray(values))

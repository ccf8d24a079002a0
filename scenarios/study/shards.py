"""Shards: Parquet files of some runs each, which pandas, DuckDB and R read directly."""

import io
import os
import re
import socket
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from scenarios.study.unit import KEYS, WORKER, Recipe, Row

KINDS: Final[Mapping[str, pa.DataType]] = {"text": pa.string(), "number": pa.float64(), "yes or no": pa.bool_()}
WHOLE: Final = pa.int64()
TEXTS: Final = ("point", "territory", "arm", "stage", "message")


def new_name(label: str) -> str:
    """A name that no other process of any host gives: label of the job, host, process and a random word."""
    host = re.sub(r"[^A-Za-z0-9]+", "", socket.gethostname())[:20] or "host"
    return f"{label}{host}-{os.getpid()}-{uuid.uuid4().hex[:10]}.parquet"


def kind_of(values: Iterable[Any]) -> str:
    """The kind of a column that holds these values: a number, yes or no, or text (tables of numbers are text)."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, bool) for value in known):
        return "yes or no"
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in known)
    return "number" if numbers else "text"


def run_schema(recipe: Recipe) -> pa.Schema:
    """Columns of the table of runs, in order."""
    own = [(name, KINDS[kind]) for name, kind in recipe.columns.items()]
    outcomes = [(name, pa.float64()) for name in recipe.outcomes]
    return pa.schema([*_keys(), *own, *outcomes, ("years", WHOLE), *_facts()])


def year_schema(recipe: Recipe) -> pa.Schema:
    """Columns of the table of years, in order."""
    outcomes = [(name, pa.float64()) for name in recipe.outcomes]
    return pa.schema([*_keys(), ("year", WHOLE), *outcomes, *_facts()])


def _keys() -> list[tuple[str, pa.DataType]]:
    return [(name, pa.string() if name in TEXTS else WHOLE) for name in KEYS]


def _facts() -> list[tuple[str, pa.DataType]]:
    return [("stage", pa.string()), ("message", pa.string()), ("warm_up_weeks", WHOLE)]


def table_of(rows: Sequence[Row], schema: pa.Schema) -> pa.Table:
    """Rows as a table of fixed types; what a row does not say is missing."""
    columns = []
    for column in schema:
        values = [row.get(column.name) for row in rows]
        if pa.types.is_string(column.type):
            values = [value if value is None or isinstance(value, str) else str(value) for value in values]
        if pa.types.is_floating(column.type):
            values = [float("nan") if value is None else float(value) for value in values]
        columns.append(pa.array(values, column.type))
    return pa.table(columns, schema=schema)


def encoded(table: pa.Table, facts: Mapping[str, str]) -> bytes:
    """A table as the content of a Parquet file, with facts for its readers."""
    buffer = io.BytesIO()
    kept = table.replace_schema_metadata({f"careteams.{name}": value for name, value in facts.items()})
    pq.write_table(kept, buffer, compression="zstd")
    return buffer.getvalue()


def decoded(content: bytes, columns: Sequence[str] | None = None) -> pa.Table | None:
    """The table in the content of a Parquet file, or None when it is none."""
    try:
        return pq.read_table(io.BytesIO(content), columns=None if columns is None else list(columns))
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError):
        return None


def joined(tables: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    """Tables one under the other; columns that one of them lacks are missing there."""
    plain = [_fitted(table.replace_schema_metadata(None), schema) for table in tables]
    return pa.concat_tables([schema.empty_table(), *plain], promote_options="default")


def _fitted(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """A table whose columns have the types of a schema; values of an older design that cannot have them are missing."""
    wanted = {field.name: field.type for field in schema}
    # Made anew, not changed column by column: a study of norms has thousands, and each change copies the list of all.
    columns = [_of_type(column, wanted.get(name, column.type))
               for name, column in zip(table.column_names, table.columns, strict=True)]  # fmt: skip
    return pa.table(columns, names=table.column_names)


def _of_type(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    """A column as a type, all missing where it cannot be that."""
    if column.type == wanted:
        return column
    try:
        return column.cast(wanted)
    except pa.ArrowInvalid:
        return pa.chunked_array([pa.nulls(len(column), wanted)])


def without_doubles(table: pa.Table, keys: Sequence[str]) -> pa.Table:
    """Each run once: of two rows with one key the first that came from a living worker."""
    frame = table.select([*keys, "stage"]).to_pandas()
    frame = frame.assign(dead=frame["stage"] == WORKER).sort_values("dead", kind="stable")
    first = frame[~frame.duplicated(list(keys))].index
    return table if len(first) == table.num_rows else table.take(pa.array(sorted(first)))

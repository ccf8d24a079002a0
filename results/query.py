"""Asking a sweep: its runs and years as tables of DuckDB.

    >>> from results.query import query
    >>> query("results/runs/sweeps/caps", "SELECT arm, avg(deaths) FROM runs GROUP BY arm")  # doctest: +SKIP

Three tables are there: ``runs`` (a row a run), ``years`` (a row a run and year, where the sweep keeps them) and
``points`` (a row a territory, vector and arm). Each run stands in them once, and only those of the present design do.
"""

import json
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pandas as pd

from results.messages import _
from results.run import RunError

MANIFEST, POINTS, RUNS, YEARS = "manifest.json", "points.parquet", "runs", "years"
DEAD: Final = "worker"
"""Stage of a run whose process died; another row of the same run counts more."""


class SweepTable:
    """The runs of a sweep, ready to be asked.

    Attributes:
        address: the store: a folder, or an address that fsspec knows.
        manifest: its design, with the versions of code and packages.
    """

    def __init__(self, address: str | Path) -> None:
        self.address = str(address).rstrip("/")
        self.manifest: dict[str, Any] = json.loads(self._text(MANIFEST))

    def query(self, sql: str) -> pd.DataFrame:
        """The result of a query in SQL.

        Raises:
            RunError: when the query is wrong.
        """
        import duckdb

        try:
            frame: pd.DataFrame = self._connection.execute(sql).df()
        except duckdb.Error as error:
            raise RunError(_("the query is wrong: {reason}", reason=str(error).splitlines()[0])) from None
        return frame

    def runs(self) -> pd.DataFrame:
        """One row a run, with the number of its vector, in the order of the design's vectors."""
        return self.query(
            "SELECT p.vector, r.* FROM runs r JOIN (SELECT point, vector FROM points) p USING (point) "
            "ORDER BY r.territory, p.vector, r.arm, r.seed"
        )

    @cached_property
    def _connection(self) -> Any:
        import duckdb

        connection = duckdb.connect()
        system, root = self._opened
        if "://" in self.address:
            connection.register_filesystem(system)
        connection.execute("CREATE TABLE seeds AS SELECT unnest(?::BIGINT[]) AS seed", [self.manifest["seeds"]])
        connection.execute(f"CREATE VIEW points AS SELECT * FROM read_parquet({_literal(self._path(POINTS))})")
        for table, keys in ((RUNS, "point, seed"), (YEARS, "point, seed, year")):
            names = [str(name).rpartition("/")[2] for name in system.glob(f"{root}/{table}/*.parquet")]
            whole = {str(name).rpartition("/")[2] for name in system.glob(f"{root}/{RUNS}/*.parquet")}
            paths = ", ".join(_literal(self._path(f"{table}/{name}")) for name in sorted(names) if name in whole)
            if paths:
                _declare(connection, table, paths, keys)
        return connection

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        import fsspec

        try:
            system, root = fsspec.core.url_to_fs(self.address)
        except (ImportError, ValueError) as error:
            raise RunError(_("{path} cannot be opened: {reason}.", path=self.address, reason=error)) from None
        return system, str(root).rstrip("/")

    def _path(self, name: str) -> str:
        """Path of a file as DuckDB knows it."""
        system, root = self._opened
        protocol = system.protocol if isinstance(system.protocol, str) else system.protocol[0]
        return f"{protocol}://{root.lstrip('/')}/{name}" if "://" in self.address else f"{root}/{name}"

    def _text(self, name: str) -> str:
        system, root = self._opened
        try:
            content: bytes = system.cat_file(f"{root}/{name}")
        except FileNotFoundError:
            raise RunError(_("{path} holds no sweep.", path=self.address)) from None
        return content.decode()


def _declare(connection: Any, table: str, paths: str, keys: str) -> None:
    """Make the view of a table: as it stands in the files where every row is of the present design, and once.

    The files are read when a query asks, and only the columns that it names.
    """
    read = f"read_parquet([{paths}], union_by_name=true"
    counts = f"""
        SELECT count(*), count(DISTINCT hash({keys})),
            count(*) FILTER (hash(point) IN (SELECT hash(point) FROM points) AND seed IN (SELECT seed FROM seeds))
        FROM {read})
    """
    rows, distinct, present = connection.execute(counts).fetchone()
    if rows == distinct == present:
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM {read})")
        return
    order = f"ORDER BY stage = '{DEAD}'" if table == RUNS else ""
    connection.execute(f"""
        CREATE TABLE {table}_kept AS SELECT filename, file_row_number
        FROM {read}, filename=true, file_row_number=true)
        SEMI JOIN points USING (point) SEMI JOIN seeds USING (seed)
        QUALIFY row_number() OVER (PARTITION BY {keys} {order}) = 1
    """)
    connection.execute(f"""
        CREATE VIEW {table} AS SELECT * EXCLUDE (filename, file_row_number)
        FROM {read}, filename=true, file_row_number=true) SEMI JOIN {table}_kept USING (filename, file_row_number)
    """)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def query(store: str | Path, sql: str) -> pd.DataFrame:
    """The result of a query on a sweep.

    Args:
        store: folder or address of the sweep.
        sql: a query on ``runs``, ``years`` and ``points``.

    Raises:
        RunError: when there is no sweep, or the query is wrong.
    """
    return SweepTable(store).query(sql)

"""Where a study keeps what it has done: shards of runs, saved worlds, a manifest; whole or not at all.

    STORE/manifest.json          the design, its digest, versions of code and packages
    STORE/points.parquet         one row a territory, vector and arm: its key, its parameters
    STORE/runs/*.parquet         one row a run: its key, its parameters, its outcomes
    STORE/years/*.parquet        one row a run and year, where the study keeps them
    STORE/worlds/*.npz           warmed-up worlds, where the study keeps them

A run is known by its point (a digest of all that decides its result, but the seed) and its seed. Two processes may do
the same run, and a file that was merged into another may be left by a kill: readers take each run once.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from agents.mistakes import Mistake
from scenarios.study.files import Files, replaced, with_retries
from scenarios.study.shards import (
    decoded,
    encoded,
    joined,
    new_name,
    run_schema,
    table_of,
    without_doubles,
    year_schema,
)
from scenarios.study.unit import WORKER, Recipe, Rows

__all__ = ["MANIFEST", "POINTS", "RUNS", "YEARS", "Store", "replaced"]

MANIFEST, POINTS, RUNS, YEARS = "manifest.json", "points.parquet", "runs", "years"
FIXED: Final = ("outcomes", "years", "warm_up", "summary", "from_year", "series")
"""Parts of a design that cannot change in a store; territories, arms, vectors and seeds can be added."""
LARGE: Final = 5000
"""Rows from which a shard is left alone; smaller ones are merged, so that a million runs are some hundred files."""


@dataclass(frozen=True, slots=True)
class Store:
    """A folder, or an address, with the runs of one study and the worlds they were started from.

    Attributes:
        address: where it is.
        keep_worlds: whether warmed-up worlds are kept (about 200 bytes a patient each; in folders only).
        series: whether the years of each run are kept beside its one row.
        label: first letters of the names of shards, which tell the parts of a job array apart.
    """

    address: str
    keep_worlds: bool = True
    series: bool = True
    label: str = ""

    @property
    def files(self) -> Files:
        """Its files."""
        return Files(self.address)

    def from_anywhere(self) -> "Store":
        """The same, for workers that start in other folders of the same file system."""
        folder = self.files.folder
        return self if folder is None else replace(self, address=str(folder))

    @property
    def claimed(self) -> bool:
        """Whether somebody has made it a study's; a worker elsewhere that sees nothing looks at another place."""
        return self.files.read(MANIFEST) is not None

    def world(self, digest: str) -> Path | None:
        """File of a warmed-up world, where they are kept."""
        folder = self.files.folder
        return folder / "worlds" / f"{digest}.npz" if self.keep_worlds and folder is not None else None

    def write(self, rows: Rows, recipe: Recipe, facts: Mapping[str, str]) -> str:
        """Keep runs as one shard, and return its name.

        The years come first: a run is known once its row of runs is there.
        """
        years = [row for row in rows.years if row["stage"] != WORKER]
        tables = {YEARS: table_of(years, year_schema(recipe))} if self.series else {}
        return self._written(tables | {RUNS: table_of(rows.runs, run_schema(recipe))}, facts)

    def _written(self, tables: Mapping[str, pa.Table], facts: Mapping[str, str]) -> str:
        name = new_name(self.label)
        for folder, table in tables.items():
            self.files.write(f"{folder}/{name}", encoded(table, facts))
        return name

    def shards(self) -> list[str]:
        """Names of its shards."""
        return self.files.names(RUNS, ".parquet")

    def known(self) -> Iterator[tuple[str, int]]:
        """Point and seed of each run that is there; runs whose worker died are left out, to be tried again."""
        for name in self.shards():
            table = self._read(RUNS, name, ("point", "seed", "stage"))
            if table is not None:
                facts = (table[column].to_pylist() for column in ("point", "seed", "stage"))
                yield from ((point, seed) for point, seed, stage in zip(*facts, strict=True) if stage != WORKER)

    def runs(self, recipe: Recipe) -> pa.Table:
        """Every run that is there, once."""
        return with_retries(partial(self._whole, RUNS, run_schema(recipe), ("point", "seed")))

    def years(self, recipe: Recipe) -> pa.Table:
        """Every year of every run that is there, once."""
        return with_retries(partial(self._whole, YEARS, year_schema(recipe), ("point", "seed", "year")))

    def _whole(self, folder: str, schema: pa.Schema, keys: Sequence[str]) -> pa.Table:
        tables = [self._read(folder, name) for name in self.shards()]
        return without_doubles(joined([table for table in tables if table is not None], schema), keys)

    def _read(self, folder: str, name: str, columns: Sequence[str] | None = None) -> pa.Table | None:
        """A shard; None when it is no Parquet file.

        Raises:
            FileNotFoundError: when another process has just merged it.
        """
        content = self.files.read(f"{folder}/{name}")
        if content is None:
            raise FileNotFoundError(name)
        return decoded(content, columns)

    def small(self) -> dict[str, int]:
        """Shards worth merging, with their rows: small ones of this label."""
        found = {}
        for name in self.shards():
            if name.startswith(self.label):
                table = self._read(RUNS, name, ("seed",))
                if table is not None and table.num_rows < LARGE:
                    found[name] = table.num_rows
        return found

    def merge(self, names: Sequence[str], recipe: Recipe, facts: Mapping[str, str]) -> str:
        """Put small shards into one, and remove them once it is whole.

        Returns:
            The name of the new shard.
        """
        folders = {YEARS: (year_schema(recipe), "year"), RUNS: (run_schema(recipe), None)}
        tables = {}
        for folder in (YEARS, RUNS) if self.series else (RUNS,):
            schema, more = folders[folder]
            read = [self._read(folder, name) for name in names]
            whole = joined([table for table in read if table is not None], schema)
            tables[folder] = without_doubles(whole, ["point", "seed", *([more] if more else [])])
        merged = self._written(tables, facts)
        for name in names:
            for folder in (RUNS, YEARS) if self.series else (RUNS,):
                self.files.remove(f"{folder}/{name}")
        return merged

    def claim(self, design: Mapping[str, Any], points: pa.Table, *, accept_changes: bool = False) -> None:
        """Make the store this study's, or check that it is; what killed processes left behind is removed.

        Args:
            design: plain content of the study.
            points: its points, one row each.
            accept_changes: go on under another version of the code or of packages.

        Raises:
            Mistake: when the store holds another study, or runs of another version, with what differs.
        """
        self.files.tidy()
        self.files.orphans(YEARS, RUNS)
        content = self.files.read(MANIFEST)
        plain = json.loads(json.dumps(design, default=str))
        known = json.loads(content) if content is not None else {}
        if known:
            self._check(known, plain, accept_changes)
        if known != plain:
            self.files.write(POINTS, encoded(points, {}))
            self.files.write(MANIFEST, json.dumps(plain, indent=1).encode())

    def _check(self, known: Mapping[str, Any], plain: Mapping[str, Any], accept_changes: bool) -> None:
        differs = sorted(key for key in FIXED if known.get(key) != plain.get(key))
        if differs:
            raise Mistake(
                'folder "{folder}" holds another study: {differs} not the same. Choose another folder.',
                folder=self.address, differs=", ".join(differs),
            )  # fmt: skip
        differs = _versions_that_differ(known, plain)
        if differs and not accept_changes:
            raise Mistake(
                'folder "{folder}" holds runs made with other versions: {differs}. Choose another folder, or say '
                "--accept-changes to keep what still counts and run the rest again.",
                folder=self.address, differs=", ".join(differs),
            )  # fmt: skip


def _versions_that_differ(known: Mapping[str, Any], plain: Mapping[str, Any]) -> list[str]:
    said = []
    if known.get("code") != plain.get("code"):
        said.append(f"code {known.get('code')} -> {plain.get('code')}")
    before, now = known.get("packages", {}), plain.get("packages", {})
    names = sorted(before.keys() | now.keys())
    return said + [
        f"{name} {before.get(name)} -> {now.get(name)}" for name in names if before.get(name) != now.get(name)
    ]

"""Where a study keeps what it has done: one Parquet shard a unit, saved worlds, a manifest; whole or not at all."""

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from agents.mistakes import Mistake

STALE_SECONDS: Final = 3600
"""A temporary file older than this belongs to a process that was killed."""


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A temporary sibling to write to, renamed to ``path`` when the block ends well, removed when it does not.

    The name is unique across hosts and processes and keeps the suffix (NumPy adds its own to any other).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.{uuid.uuid4().hex}.tmp{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Store:
    """A folder with the shards of one study, and the worlds it was started from.

    Attributes:
        folder: work folder of the study.
        keep_worlds: whether warmed-up worlds are kept (about 200 bytes a patient each).
    """

    folder: Path
    keep_worlds: bool = True

    def shard(self, digest: str) -> Path:
        """File of a unit's rows."""
        return self.folder / "shards" / f"{digest}.parquet"

    def world(self, digest: str) -> Path:
        """File of a warmed-up world."""
        return self.folder / "worlds" / f"{digest}.npz"

    def write_shard(self, digest: str, frame: pd.DataFrame) -> None:
        """Keep the rows of a unit."""
        with replaced(self.shard(digest)) as temporary:
            frame.to_parquet(temporary, compression="zstd", index=False)

    def read_shard(self, digest: str) -> pd.DataFrame | None:
        """The rows of a unit, or None when it has not been run (or its file cannot be read)."""
        try:
            return pd.read_parquet(self.shard(digest))
        except (OSError, ValueError):
            return None

    def claim(self, design: Mapping[str, Any]) -> None:
        """Make the folder this study's, or check that it is; what killed runs left behind is removed.

        Args:
            design: plain content of the study; seeds are left out, so that seeds can be added later.

        Raises:
            Mistake: when the folder holds another study, with what differs.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for leftover in self.folder.glob("*/.*.tmp.*"):
            if time.time() - leftover.stat().st_mtime > STALE_SECONDS:
                leftover.unlink(missing_ok=True)
        path = self.folder / "manifest.json"
        if path.exists():
            known = json.loads(path.read_text(encoding="utf-8"))
            plain = json.loads(json.dumps(design, default=str))
            differs = sorted(key for key in known.keys() | plain.keys() if known.get(key) != plain.get(key))
            if differs:
                raise Mistake(
                    'folder "{folder}" holds another study: {differs} not the same. Choose another folder.',
                    folder=self.folder,
                    differs=", ".join(differs),
                )
            return
        with replaced(path) as temporary:
            temporary.write_text(json.dumps(design, indent=1, default=str), encoding="utf-8")

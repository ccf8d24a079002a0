"""A run folder is whole or absent: it is written under a temporary name beside its place, and moved when whole.

A killed process leaves a hidden ``.<name>.<pid>.<random>.tmp`` without a manifest. ``results`` refuses to open it, and
the next run in the same place sweeps it away once its process is dead.
"""

import contextlib
import errno
import json
import os
import re
import secrets
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from agents.mistakes import Mistake

MANIFEST: Final = "manifest.json"
OWNER: Final = "owner.json"
_TEMPORARY: Final = re.compile(r"^\..+\.(\d+)\.[0-9a-f]{8}\.tmp$")
_UNOWNED_SECONDS: Final = 3600  # a folder whose process died before it could say who it was


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn a full disk or a folder that cannot be written into a user's mistake.

    Raises:
        Mistake: with the folder and the reason given by the system.
    """
    try:
        yield
    except OSError as error:
        raise Mistake(
            '"{folder}": the run cannot be written there ({reason}). Choose another folder with --out.',
            folder=folder, reason=error.strerror or error,
        ) from error  # fmt: skip


class RunFolder:
    """The temporary folder of one run, and its move to its final name.

    Attributes:
        target: where the run is to be found when it is whole.
        path: where its files are written meanwhile.
    """

    def __init__(self, target: Path) -> None:
        """Sweep what dead processes left beside ``target``, and make the temporary folder.

        Raises:
            Mistake: when the folder cannot be made.
        """
        self.target = target.absolute()
        with writing(self.target):
            self.target.parent.mkdir(parents=True, exist_ok=True)
            sweep(self.target.parent)
            name = f".{self.target.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp"
            self.path = self.target.with_name(name)
            self.path.mkdir()
            owner = {"host": socket.gethostname(), "pid": os.getpid()}
            (self.path / OWNER).write_text(json.dumps(owner), encoding="utf-8")

    def publish(self, run_id: str) -> Path:
        """Move the folder to its final name, and return that name.

        The files of a run with the same identity are renewed, and what its user has put beside them stays. Anything
        else that is already there is left alone, and the new run takes the next free name (``name-2``, ...).
        """
        with writing(self.target):
            (self.path / OWNER).unlink(missing_ok=True)
            for place in self._places():
                if identity(place) == run_id:
                    self._renew(place)
                    return place
                if moved(self.path, place):
                    return place
        raise AssertionError("unreachable: there is always a next name")

    def remove(self) -> None:
        """Remove the temporary folder, if it is still there."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _places(self) -> Iterator[Path]:
        yield self.target
        number = 2
        while True:
            yield self.target.with_name(f"{self.target.name}-{number}")
            number += 1

    def _renew(self, place: Path) -> None:
        """Put each file where an identical run has the same: it is whole all the while, however this ends."""
        for file in sorted(self.path.iterdir(), key=lambda file: file.name == MANIFEST):
            file.replace(place / file.name)
        self.remove()


def is_free(place: Path) -> bool:
    """Whether nothing is there but, at most, an empty folder."""
    return not place.exists() or (place.is_dir() and not any(place.iterdir()))


def moved(source: Path, place: Path) -> bool:
    """Rename a folder unless its new name is taken; whether it was done."""
    if not is_free(place):
        return False
    try:
        source.rename(place)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):  # another run came in between
            return False
        raise
    return True


def identity(folder: Path) -> str | None:
    """The run id of a whole run, None for anything else."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("run_id")
    except (OSError, ValueError, AttributeError):
        return None
    return str(found) if found else None


def sweep(parent: Path) -> list[Path]:
    """Remove the temporary folders of processes that are dead, and return them."""
    swept = [p for p in parent.iterdir() if _TEMPORARY.match(p.name) and p.is_dir() and _is_abandoned(p)]
    for path in swept:
        shutil.rmtree(path, ignore_errors=True)
    return swept


def _is_abandoned(path: Path) -> bool:
    """Whether the process that wrote a folder is dead, as far as this machine can tell."""
    try:
        owner = json.loads((path / OWNER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return _age_seconds(path) > _UNOWNED_SECONDS
    return bool(owner["host"] == socket.gethostname() and not _is_running(int(owner["pid"])))


def _age_seconds(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:  # somebody else swept it
        return 0.0


def _is_running(pid: int) -> bool:
    if os.name == "nt":  # there, asking would stop the process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it belongs to somebody else, or the system will not say
        return True
    return True

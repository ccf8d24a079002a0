"""Whole files in a shared folder, or at any address that fsspec knows (``s3://bucket/sweep``): written whole or not."""

import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake

UNFINISHED: Final = "unfinished"
"""Folder of files that are being written; beside the others, so that nobody reads half of one."""
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


def put(path: Path, content: str | bytes) -> None:
    """Put a whole file in its place.

    Raises:
        Mistake: when it cannot be written.
    """
    try:
        with replaced(path) as temporary:
            temporary.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise Mistake("{file}: cannot be written ({reason}).", file=path, reason=error.strerror) from None


@dataclass(frozen=True, slots=True)
class Files:
    """The files below an address, each known by its folder and name.

    Attributes:
        address: a folder, or an address with its protocol.
    """

    address: str

    @property
    def folder(self) -> Path | None:
        """The folder, where the address is one of this machine's file system."""
        return Path(_opened(self.address)[1]) if _is_local(self.address) else None

    def names(self, folder: str, suffix: str) -> list[str]:
        """Names of the files of a folder, in alphabetical order; none where the folder is not there yet."""
        system, root = _opened(self.address)
        try:
            found = system.ls(f"{root}/{folder}", detail=False, refresh=True)
        except FileNotFoundError:
            return []
        return sorted(name for path in found if (name := str(path).rpartition("/")[2]).endswith(suffix))

    def read(self, path: str) -> bytes | None:
        """Content of a file, or None when it is not there."""
        system, root = _opened(self.address)
        try:
            content: bytes = system.cat_file(f"{root}/{path}")
        except FileNotFoundError:
            return None
        return content

    def write(self, path: str, content: bytes) -> None:
        """Put a whole file in its place.

        Raises:
            Mistake: when it cannot be written (a full disk, a folder that is not ours).
        """
        system, root = _opened(self.address)
        temporary = f"{root}/{UNFINISHED}/{uuid.uuid4().hex}-{path.rpartition('/')[2]}"
        put = _put_on_disk if _is_local(self.address) else _put
        try:
            put(system, temporary, f"{root}/{path}", content)
        except OSError as error:
            raise Mistake(
                "{folder}: cannot be written ({reason}). What is whole is kept; give it room and run the same command "
                "again.",
                folder=self.address, reason=error.strerror or error,
            ) from None  # fmt: skip

    def remove(self, path: str) -> None:
        """Remove a file that may be gone already."""
        system, root = _opened(self.address)
        with suppress(FileNotFoundError):
            system.rm_file(f"{root}/{path}")

    def tidy(self) -> None:
        """Remove what killed processes left half-written."""
        folder = self.folder
        if folder is None:
            return
        for leftover in (*folder.glob(f"{UNFINISHED}/*"), *folder.glob("*/.*.tmp.*")):
            try:
                if time.time() - leftover.stat().st_mtime > STALE_SECONDS:
                    leftover.unlink(missing_ok=True)
            except FileNotFoundError:
                continue

    def orphans(self, folder: str, of: str) -> None:
        """Remove old files of a folder that have no namesake in another one: their writer was killed in between."""
        here = self.folder
        if here is None:
            return
        twins = set(self.names(of, ""))
        for file in here.glob(f"{folder}/*"):
            with suppress(FileNotFoundError):
                if file.name not in twins and time.time() - file.stat().st_mtime > STALE_SECONDS:
                    file.unlink()


def _is_local(address: str) -> bool:
    return "://" not in address or address.startswith("file://")


def _opened(address: str) -> tuple[Any, str]:
    """The file system behind an address, and the path in it; a folder is one of where this process works now."""
    return _found(address if "://" in address else os.path.abspath(address))  # noqa: PTH100 - links stay links


@cache
def _found(address: str) -> tuple[Any, str]:
    import fsspec

    try:
        system, root = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise Mistake("{folder}: this address cannot be used ({reason}).", folder=address, reason=error) from None
    return system, str(root).rstrip("/")


def _put(system: Any, temporary: str, path: str, content: bytes) -> None:
    system.makedirs(temporary.rpartition("/")[0], exist_ok=True)
    system.makedirs(path.rpartition("/")[0], exist_ok=True)
    system.pipe_file(temporary, content)
    system.mv(temporary, path)


def _put_on_disk(_system: Any, temporary: str, path: str, content: bytes) -> None:
    """Write, ask the disk to keep it, rename: even a machine that loses its power has whole files only."""
    for name in (temporary, path):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
    try:
        with Path(temporary).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def with_retries[Result](action: Callable[[], Result], tries: int = 3) -> Result:
    """The result of reading files that another process may be putting together just now."""
    for _ in range(tries - 1):
        try:
            return action()
        except FileNotFoundError:
            continue
    return action()

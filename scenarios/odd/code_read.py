"""Which code a section describes, and whether that code has changed since somebody last read both.

    <!-- code: sim/week/needs.py sim/week/rates.py = 1f0c... -->

The number is a digest of what the files do: comments, docstrings and layout do not count.
"""

import ast
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from agents.mistakes import Mistake

ROOT: Final = Path(__file__).parents[2]
MARK: Final = re.compile(r"<!-- code: (?P<files>[^=]+?) = (?P<digest>[0-9a-f]+) -->")
DIGITS: Final = 12
DESCRIBED: Final = (
    "sim/draws.py", "sim/model.py", "sim/world.py", "sim/founding.py", "sim/life_tables.py", "sim/likeness.py",
    "sim/person.py",
    "sim/population.py", "sim/registration.py", "sim/warm_up.py", "sim/week/*.py", "sim/territory/*.py",
    "sim/staffing/*.py", "sim/deciding/*.py", "sim/quotes/*.py", "agents/deciding/*.py", "agents/tasks.py",
)  # fmt: skip
"""Files that the document must describe, each in some section."""
SILENT: Final = frozenset({"sim/territory/layers.py", "sim/territory/notes.py"})
"""Files of these that only show things to people."""


def described_files() -> list[str]:
    """Every file that some section must describe; packages that say nothing but what they are left out."""
    found = {path.relative_to(ROOT).as_posix() for pattern in DESCRIBED for path in ROOT.glob(pattern)}
    return sorted(name for name in found - SILENT if _plain(name).strip())


@cache
def _plain(name: str) -> str:
    """The code of a file without its docstrings."""
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            said = [part for part in body if isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)]
            node.body = [part for part in body if part not in said]  # type: ignore[attr-defined]
            if not node.body and not isinstance(node, ast.Module):  # type: ignore[attr-defined]
                node.body = [ast.Pass()]  # type: ignore[attr-defined]
    return ast.unparse(tree)


def digest_of(files: str, page: str) -> str:
    """Digest of the files that a mark names.

    Raises:
        Mistake: a file that does not exist.
    """
    whole = hashlib.blake2b(digest_size=DIGITS // 2)
    for name in files.split():
        if not (ROOT / name).is_file():
            raise Mistake('{page}: "{file}" is described, and does not exist.', page=page, file=name)
        whole.update(name.encode() + _plain(name).encode())
    return whole.hexdigest()


def marks(text: str) -> Iterator[tuple[str, str]]:
    """Files and digest of every mark of a page."""
    for mark in MARK.finditer(text):
        yield mark["files"], mark["digest"]


def stale(text: str, page: str) -> list[str]:
    """What a page describes that has changed since it was read, and what it leaves out."""
    found = []
    seen: set[str] = set()
    for files, known in marks(text):
        seen |= set(files.split())
        if digest_of(files, page) != known:
            found.append(f"{page}: read again what it says of {files}, then: python -m scenarios.odd --reviewed")
    return found + [f"{page}: no section describes {name}" for name in described_files() if name not in seen]


def renewed(text: str, page: str) -> str:
    """A page whose marks fit the code as it is now."""
    return MARK.sub(lambda mark: f"<!-- code: {mark['files']} = {digest_of(mark['files'], page)} -->", text)

"""``careteams teach``: the teaching page and the teacher's kit, from runs that are made on the way."""

import argparse
import json
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake
from results.messages import _, number

PAGE_BYTES: Final = 8_000_000
"""Largest page: it goes by e-mail and opens on an old machine."""
MEGA: Final = 1_000_000


def teach(options: argparse.Namespace) -> int:
    """Make the runs that are not there yet, write what is asked for.

    Raises:
        Mistake: when nothing is asked for, a file cannot be written, or a run cannot be made.
    """
    if not (options.out or options.kit or options.payload):
        raise Mistake("teach writes a page or a kit: say --out page.html, --kit FOLDER, or both.")
    targets = [Path(file) for file in (options.out, options.payload) if file]
    for file in targets:
        if file.is_dir():
            raise Mistake("{file}: this is a folder. Expected the name of a file, such as page.html.", file=file)
    from scenarios.teaching.grid import grid
    from scenarios.teaching.making import WORK, payload

    asked = grid().in_short() if options.quick else grid()
    made = payload(
        asked, work=Path(options.keep) if options.keep else WORK, workers=options.workers, progress=not options.quiet
    )
    print("\n".join(_written(options, made)))
    return 0


def _written(options: argparse.Namespace, made: dict[str, Any]) -> list[str]:
    """Write what is asked for, and say where it is."""
    said = []
    if options.out:
        from results.teaching.page import assembled

        size = _write(Path(options.out), page_of_size(assembled(made)))
        said.append(_("page: {file} ({size} MB)", file=options.out, size=number(size / MEGA, 1)))
    if options.payload:
        text = json.dumps(made, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        _write(Path(options.payload), text)
        said.append(_("numbers: {file}", file=options.payload))
    if options.kit:
        from results.teaching.kit import sheets

        for name, text in sheets(made).items():
            _write(Path(options.kit) / name, text)
        said.append(_("teacher's kit: {folder}", folder=options.kit))
    return said


def page_of_size(text: str) -> str:
    """The page, unless it is larger than a page may be.

    Raises:
        Mistake: when it is.
    """
    size = len(text.encode())
    if size > PAGE_BYTES:
        raise Mistake("the page has {size} bytes, more than the {most} that it may have: record fewer weeks.",
                      size=size, most=PAGE_BYTES)  # fmt: skip
    return text


def _write(file: Path, text: str) -> int:
    """Put a whole file in its place; its size in bytes."""
    from scenarios.study.files import put

    put(file, text)
    return file.stat().st_size

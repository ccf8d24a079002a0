"""A picture that the user of a command asked for, in the file that the user named."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agents.mistakes import Mistake

if TYPE_CHECKING:
    from results.figures.style import Described

DPI: Final = 200
UNDATED: Final[dict[str, dict[str, Any]]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
"""Metadata by kind of picture without which the same picture would have other bytes at another time."""


def saved(described: "Described", file: Path) -> Path:
    """Write a figure to a file, and its words beside it.

    Raises:
        Mistake: when the file cannot be written, or is of no kind of picture.
    """
    from results.figures.style import styled
    from results.provenance import in_picture, in_svg, record

    kind = file.suffix.lower().lstrip(".")
    kept = record(described.provenance) if described.provenance else {}
    with styled():
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            described.figure.savefig(file, dpi=DPI, metadata={**UNDATED.get(kind, {}), **in_picture(kept, kind)})
            if kind == "svg":
                file.write_text(in_svg(file.read_text(encoding="utf-8"), kept), encoding="utf-8")
            file.with_suffix(".txt").write_text(f"{described.title}\n\n{described.text}\n", encoding="utf-8")
        except (OSError, ValueError) as error:
            raise Mistake("{file}: the figure cannot be written ({reason}).", file=file, reason=error) from None
    return file

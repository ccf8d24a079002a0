"""Figures of a run: one module each, drawn from the run's tables, with a description in words."""

import difflib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from results.figures import access, overview, payments, professions, spending, territory
from results.figures.style import Described, save, styled
from results.messages import _
from results.run import Run, RunError

FIGURES: Final[Mapping[str, Callable[[Run], Described]]] = {
    "overview": overview.draw,
    "territory": territory.draw,
    "professions": professions.draw,
    "access": access.draw,
    "spending": spending.draw,
    "payments": payments.draw,
}
"""Every figure of a run, by name."""
NEEDS: Final = {"payments": "payments"}
"""Tables that a figure needs and that not every run has."""


def draw(run: Run, name: str) -> Described:
    """Draw one figure.

    Raises:
        RunError: when there is no figure of that name, or the run lacks a table for it.
    """
    if name not in FIGURES:
        close = difflib.get_close_matches(name, FIGURES, n=1, cutoff=0.0)
        raise RunError(
            _('figure "{name}" is not known. Did you mean "{nearest}"? Known figures: {known}.',
              name=name, nearest=close[0], known=", ".join(FIGURES))
        )  # fmt: skip
    with styled():
        return FIGURES[name](run)


def write_all(run: Run, folder: Path, dpi: int = 200) -> list[Path]:
    """Write every figure that the run has tables for, as PNG, SVG and text; the files written."""
    names = [name for name in FIGURES if name not in NEEDS or run.has(NEEDS[name])]
    return [file for name in names for file in save(draw(run, name), folder, dpi)]

"""Figures of a run: one module each, drawn from the run's tables, with a description in words."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from results.figures import (
    access,
    delegation,
    overview,
    payments,
    professions,
    sharing_gains,
    spending,
    task_shares,
    territory,
    timeline,
)
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
    "timeline": timeline.draw,
    "task_shares": task_shares.draw,
    "delegation": delegation.draw,
    "sharing_gains": sharing_gains.draw,
}
"""Every figure of a run, by name."""
NEEDS: Final = {
    "payments": "payments", "timeline": "decisions", "task_shares": "dyads", "delegation": "dyads",
    "sharing_gains": "shares",
}  # fmt: skip
"""Tables that a figure needs and that not every run has."""
OF_TEAM: Final[Mapping[str, Callable[[Run, str], Described]]] = {
    "timeline": timeline.draw,
    "task_shares": task_shares.draw,
    "delegation": delegation.draw,
    "sharing_gains": sharing_gains.draw,
}
"""Figures of one team: of the first one, unless another is named."""


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
        return replace(FIGURES[name](run), provenance=run.manifest)


def write_all(run: Run, folder: Path, dpi: int = 200) -> list[Path]:
    """Write every figure that the run has tables for, as PNG, SVG and text; the files written."""
    names = [name for name in FIGURES if name not in NEEDS or run.has(NEEDS[name])]
    drawn = [found for name in names if (found := _drawn(name, lambda name=name: draw(run, name)))]  # type: ignore[misc]
    return [file for found in drawn for file in save(found, folder, dpi)]


def write_of_team(run: Run, team: str, folder: Path, dpi: int = 200) -> list[Path]:
    """Write the figures of one team that the run has tables for; the files written."""
    with styled():
        found = [
            _drawn(name, lambda draw=draw: replace(draw(run, team), provenance=run.manifest))  # type: ignore[misc]
            for name, draw in OF_TEAM.items()
            if run.has(NEEDS[name])
        ]
    return [file for described in found if described for file in save(described, folder, dpi)]


def _drawn(name: str, draw: Callable[[], Described]) -> Described | None:
    """A figure; None for a figure of a team that has nothing to show, such as no money to share."""
    try:
        return draw()
    except RunError:
        if name not in OF_TEAM:
            raise
        return None

"""The delegation matrix: which physician hands which task to which nurse, and how often it is checked."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from results.cast import Cast, cast_of, listed
from results.figures.style import BLUE, INK, PALE, Described, new_figure, wrapped
from results.messages import _, number, percent
from results.run import Run, RunError
from results.spoken import headed, several, task_labels

COLUMNS: Final = 2
MOST: Final = 6
"""Nurses shown, those to whom most is handed over."""
SEEN: Final = 0.005
ROW_MM: Final = 5.0
LABELS_MM: Final = 25.0
DOT: Final = 48.0
"""Area of the dot when every event is checked (points squared)."""
CHECKS: Final = (0.25, 0.5, 1.0)
WHITE_TO_BLUE: Final = LinearSegmentedColormap.from_list("shares", ["#FFFFFF", "#9CC7E4", BLUE, "#003A5D"])


def draw(run: Run, team: str = "", year: int = 0) -> Described:
    """One panel a nurse at the end of a year.

    Args:
        run: an open run.
        team: name of a team; the first when empty.
        year: year of the run; the last when 0.

    Raises:
        RunError: when nobody hands anything over then.
    """
    cast = cast_of(run, team)
    dyads = run.dyads
    pairs = dyads[(dyads["year"] == (year or dyads["year"].max())) & dyads["physician"].isin(list(cast.physicians))]
    nurses, places = shown(pairs)
    if not nurses:
        raise RunError(_("{path}: no task of the team {name} is handed over.", path=run.path, name=cast.name))
    columns = min(COLUMNS, len(nurses))
    rows = -(-len(nurses) // columns)
    figure = new_figure(16 + rows * (LABELS_MM + ROW_MM * len(cast.physicians)))
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    top = max(float(_shares(pairs).to_numpy().max()), 0.05)
    for axes, nurse in zip(panels, nurses, strict=False):
        _matrix(axes, cast, pairs[pairs["nurse"] == nurse], places, top)
        axes.set_title(cast.nurse_label(nurse))
    for axes in panels[len(nurses) :]:
        axes.set_visible(False)
    _keys(figure, list(panels[: len(nurses)]), top)
    title = _("Who hands what to whom: team {name}, year {year}", name=cast.name, year=number(pairs["year"].iloc[0]))
    return Described("delegation", title, figure, _text(cast, pairs, nurses, places))


def shown(pairs: pd.DataFrame) -> tuple[list[int], list[int]]:
    """Nurses to whom something is handed over, the most first, and the tasks that any of them takes."""
    shares = _shares(pairs)
    by_nurse = shares.sum(axis=1).groupby(pairs["nurse"]).sum().sort_values(ascending=False, kind="stable")
    nurses = [int(nurse) for nurse, whole in by_nurse.items() if whole > SEEN][:MOST]  # type: ignore[call-overload]
    peaks = shares[pairs["nurse"].isin(nurses)].max()
    return nurses, [place for place, peak in enumerate(peaks) if peak > SEEN]


def matrix(pairs: pd.DataFrame, what: str, physicians: Sequence[int], places: Sequence[int]) -> NDArray[np.float64]:
    """Shares, or validation, of one nurse's pairs: ``(physicians, tasks)``; NaN where there is no pair."""
    table = pairs.set_index("physician").filter(regex=f"^{what}_")
    return np.asarray(table.reindex(list(physicians)).to_numpy(float)[:, list(places)])


def _shares(pairs: pd.DataFrame) -> pd.DataFrame:
    return pairs.filter(regex="^share_")


def _matrix(axes: Axes, cast: Cast, pairs: pd.DataFrame, places: list[int], top: float) -> None:
    physicians = list(cast.physicians)
    shares, checks = (matrix(pairs, what, physicians, places) for what in ("share", "validation"))
    axes.imshow(100 * np.nan_to_num(shares), cmap=WHITE_TO_BLUE, vmin=0, vmax=100 * top, aspect="auto")
    row, column = np.nonzero(np.nan_to_num(shares) > SEEN)
    axes.scatter(column, row, s=DOT * checks[row, column], color="white", edgecolor=INK, linewidth=0.6, zorder=3)
    axes.set_xticks(range(len(places)), [task_labels()[place] for place in places], rotation=50, ha="right",
                    rotation_mode="anchor", fontsize=6.5)  # fmt: skip
    axes.set_yticks(range(len(physicians)), [cast.physician_label(one) for one in physicians])
    axes.set_xticks(np.arange(len(places) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(physicians) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color=PALE, linewidth=0.5)
    axes.tick_params(which="both", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _keys(figure: Figure, panels: list[Axes], top: float) -> None:
    """What colour and dots mean."""
    scale: Any = ScalarMappable(Normalize(0, 100 * top), WHITE_TO_BLUE)
    bar = figure.colorbar(scale, ax=panels, location="right", shrink=0.8, aspect=18, pad=0.015)
    bar.set_label(_("Share of the task handed over, %"))
    bar.outline.set_linewidth(0.4)
    dots = [
        Line2D([], [], linestyle="", marker="o", color="white", markeredgecolor=INK, markeredgewidth=0.6,
               markersize=(DOT * check) ** 0.5, label=percent(check))
        for check in CHECKS
    ]  # fmt: skip
    figure.legend(handles=dots, title=wrapped(_("Dots: share of events that the physician checks"), 60),
                  loc="outside lower center", ncols=len(dots), title_fontsize=7)  # fmt: skip


def _text(cast: Cast, pairs: pd.DataFrame, nurses: list[int], places: list[int]) -> str:
    """What the panels show."""
    said = []
    for nurse in nurses:
        of_nurse = matrix(pairs[pairs["nurse"] == nurse], "share", list(cast.physicians), places)
        mean = np.nanmean(of_nurse, axis=0)
        most = sorted(range(len(places)), key=lambda place: -mean[place])[:3]
        tasks = listed(f"{task_labels()[places[one]]} {percent(mean[one])}" for one in most if mean[one] > SEEN)
        said.append(headed(cast.nurse_label(nurse), tasks) if tasks else cast.nurse_label(nurse))
    shares, checks = (pairs.filter(regex=f"^{what}_").to_numpy(float) for what in ("share", "validation"))
    weight = float(shares.sum())
    checked = float((shares * checks).sum()) / weight if weight else 0.0
    return _(
        "One panel a nurse; rows are the physicians of the team {name}, columns are tasks; the darker a cell, the "
        "larger the share that is handed over, and the larger the dot, the more often the physician checks. Mean "
        "shares of the main tasks: {nurses}. {checked} of what is handed over is checked.",
        name=cast.name, nurses=several(said), checked=percent(checked),
    )  # fmt: skip

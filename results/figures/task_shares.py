"""Who does what over time: the share of each task that a team's physicians hand to each profession, year by year."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from results.cast import NURSE_KINDS, Cast, cast_of
from results.figures.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    SKY,
    VERMILLION,
    Described,
    lettered,
    light_grid,
    new_figure,
    numbers,
)  # fmt: skip
from results.messages import _, number, percent
from results.run import Run, RunError
from results.spoken import task_labels

COLOURS: Final[Mapping[str, str]] = {
    "liberal": ORANGE, "asalee": GREEN, "advanced_practice": VERMILLION, "pathway": SKY,
}  # fmt: skip
PHYSICIANS: Final = BLUE
COLUMNS: Final = 4
MOST: Final = 11
"""Tasks shown, those handed over most."""
SEEN: Final = 0.005
ROW_MM: Final = 33
HEAD_MM: Final = 16


def draw(run: Run, team: str = "") -> Described:
    """All tasks together, then each task that is handed over.

    Raises:
        RunError: when nobody hands anything over in the run.
    """
    cast = cast_of(run, team)
    shares = by_kind(cast)
    shown = handed(shares)
    if not shown:
        raise RunError(_("{path}: no task of the team {name} is handed over.", path=run.path, name=cast.name))
    rows = -(-(len(shown) + 1) // COLUMNS)
    figure = new_figure(HEAD_MM + ROW_MM * rows)
    panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    whole = of_all(shares, shown)
    _whole(panels[0], whole)
    top = max(float(shares[shares["task"].isin(shown)].groupby(["task", "year"])["share"].sum().max()), 0.05)
    for axes, place in zip(panels[1:], shown, strict=False):
        _one(axes, shares[shares["task"] == place], top * 1.12)
        axes.set_title(task_labels()[place], fontweight="normal", fontsize=7.5)
    for axes in panels[len(shown) + 1 :]:
        axes.set_visible(False)
    for axes in panels[::COLUMNS]:
        axes.set_ylabel(_("% of needs"))
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(handles))
    title = _("Who does what: tasks of the team {name}", name=cast.name)
    return Described("task_shares", title, figure, _text(cast, shares, whole, shown))


def by_kind(cast: Cast) -> pd.DataFrame:
    """Share of each task handed over: one row a year, task and kind of nurse; mean over the team's physicians."""
    pairs = cast.pairs
    kinds = pairs["nurse"].map(cast.kinds)
    names = [f"share_{place}" for place in _codes(pairs)]
    sums = pairs.groupby(["year", kinds.rename("kind")])[names].sum() / max(len(cast.physicians), 1)
    wide = sums.rename(columns={name: place for place, name in enumerate(names)}).reset_index()
    found = wide.melt(["year", "kind"], var_name="task", value_name="share").astype({"task": int})
    whole = found.groupby(["year", "task"])["share"].transform("sum")
    return found.assign(share=found["share"] / whole.clip(lower=1))  # a task is not done more than once


def handed(shares: pd.DataFrame) -> list[int]:
    """Tasks that are handed over, in the order of the catalogue; only those handed over most where there are many."""
    peaks = shares.groupby(["task", "year"])["share"].sum().groupby("task").max()
    most = peaks[peaks > SEEN].sort_values(ascending=False, kind="stable").index[:MOST]
    return sorted(int(place) for place in most)


def of_all(shares: pd.DataFrame, shown: list[int]) -> pd.DataFrame:
    """Mean over the tasks shown, one row a year and one column a kind of nurse, with that of physicians."""
    table = shares[shares["task"].isin(shown)].pivot_table(index="year", columns="kind", values="share", aggfunc="sum")
    table = (table / len(shown)).reindex(columns=[kind for kind in NURSE_KINDS if kind in table]).fillna(0.0)
    return table.assign(physicians=1 - table.sum(axis=1))


def kind_names() -> dict[str, str]:
    """What each profession is called."""
    return {
        "physicians": _("Physicians"), "liberal": _("Community nurses"), "asalee": _("Asalée nurses"),
        "advanced_practice": _("Advanced-practice nurses"), "pathway": _("Pathway nurses"),
    }  # fmt: skip


def _codes(pairs: pd.DataFrame) -> list[str]:
    return [str(name).removeprefix("share_") for name in pairs.columns if str(name).startswith("share_")]


def _whole(axes: Axes, whole: pd.DataFrame) -> None:
    years = whole.index.to_numpy(float)
    below = np.zeros(len(years))
    for kind in ["physicians", *(str(name) for name in whole if name != "physicians")]:
        values = 100 * whole[kind].to_numpy(float)
        colour = PHYSICIANS if kind == "physicians" else COLOURS[kind]
        axes.bar(years, values, 0.8, bottom=below, color=colour, edgecolor="white", linewidth=0.4,
                 label=kind_names()[kind])  # fmt: skip
        below += values
    _years(axes, years, 100)
    lettered(axes, "", _("All these tasks"))


def _one(axes: Axes, shares: pd.DataFrame, top: float) -> None:
    """The nurses' part of one task; what is left stays with the physicians."""
    table = shares.pivot_table(index="year", columns="kind", values="share", aggfunc="sum").fillna(0.0)
    years, below = table.index.to_numpy(float), np.zeros(len(table))
    for kind in (name for name in NURSE_KINDS if name in table):
        values = 100 * table[kind].to_numpy(float)
        axes.bar(years, values, 0.8, bottom=below, color=COLOURS[kind], edgecolor="white", linewidth=0.4)
        below += values
    axes.text(years[-1] + 0.4, below[-1], number(below[-1]), ha="right", va="bottom", fontsize=6.5, color=GREY)
    _years(axes, years, 100 * top)


def _years(axes: Axes, years: "np.ndarray[tuple[int], np.dtype[np.float64]]", top: float) -> None:
    axes.set_ylim(0, top)
    axes.set_xlim(years.min() - 0.6, years.max() + 0.6)
    numbers(axes.xaxis, ticks=6)
    numbers(axes.yaxis, ticks=3)
    axes.tick_params(axis="x", length=0)
    light_grid(axes)


def _text(cast: Cast, shares: pd.DataFrame, whole: pd.DataFrame, shown: list[int]) -> str:
    """What the panels show."""
    last = shares[shares["year"] == shares["year"].max()].groupby("task")["share"].sum()
    tasks = ", ".join(f"{task_labels()[place]} {percent(last[place])}" for place in shown)
    kinds = ", ".join(f"{kind_names()[str(kind)]} {percent(share)}" for kind, share in whole.iloc[-1].items())
    return " ".join(
        [
            _("First panel: who does, each year, the {n} tasks that the physicians of the team {name} hand over most; "
              "in the last year: {kinds}.", n=number(len(shown)), name=cast.name, kinds=kinds),
            _("Other panels: the nurses' part of each task, in % of the needs that could be handed over; the rest "
              "stays with the physicians. In the last year: {tasks}.", tasks=tasks),
        ]
    )  # fmt: skip

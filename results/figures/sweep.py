"""One outcome over the points of a sweep: against what was varied, or point by point."""

import math
from typing import Any, Final

import pandas as pd

from results.comparison_shown import shown, titled
from results.figures.comparison import STYLES, foot
from results.figures.style import GREY, INK, Described, lettered, light_grid, new_figure, numbers, wrapped
from results.messages import _, number
from results.sweep_summary import SweepSummary

PANELS: Final = 6
"""Axes that are drawn, those that go with the outcome most."""
ACROSS: Final = 3
PANEL_MM: Final = 48
ROW_MM: Final = 4.2
MOST_ROWS: Final = 40
"""Points that are drawn one by one."""
FEW_VALUES: Final = 3
LETTERS: Final = 34
TINY: Final = 1e-9


def draw(found: SweepSummary, outcome: str) -> Described:
    """Differences from the first arm, or levels where there is one arm, with 95 % intervals over worlds.

    Args:
        found: the sweep.
        outcome: what is drawn.
    """
    rows = found.shown(outcome)
    axes = [axis for axis in _ordered(found, outcome) if rows[axis].nunique() >= FEW_VALUES][:PANELS]
    figure = _against(found, rows, axes, outcome) if axes else _by_point(found, rows, outcome)
    figure.supxlabel(foot(found.facts), fontsize=5.5, color=GREY)
    return Described(f"sweep_{outcome}", heading(found, outcome), figure,
                     " ".join([*sentences(found, outcome), foot(found.facts)]), found.facts)  # fmt: skip


def heading(found: SweepSummary, outcome: str) -> str:
    """What is drawn, in one line."""
    name = titled(outcome, found.names)
    return _("{outcome}: difference from {baseline}", outcome=name, baseline=found.baseline) if found.others else name


def _ordered(found: SweepSummary, outcome: str) -> list[str]:
    strongest = list(dict.fromkeys(found.ranks(outcome)["axis"]))
    return strongest + [axis for axis in found.axes if axis not in strongest]


def _against(found: SweepSummary, rows: pd.DataFrame, axes: list[str], outcome: str) -> Any:
    across = min(ACROSS, len(axes))
    down = (len(axes) + across - 1) // across
    figure = new_figure(PANEL_MM * down + 16)
    panels = figure.subplots(down, across, squeeze=False, sharey=True).ravel()
    for letter, axis, panel in zip("abcdef", axes, panels, strict=False):
        for place, (arm, own) in enumerate(rows.groupby("arm", sort=False)):
            _marks(panel, own[axis], own, place, str(arm), across=False)
        if found.others:
            panel.axhline(0, color=INK, linewidth=0.6)
        panel.set_xlabel(wrapped(axis, LETTERS))
        _ticks(panel.xaxis)
        light_grid(panel)
        lettered(panel, letter if len(axes) > 1 else "", "")
    for panel in panels[len(axes) :]:
        panel.set_visible(False)
    _ticks(panels[0].yaxis)
    figure.supylabel(wrapped(heading(found, outcome), LETTERS * down), fontsize=7)
    _legend(figure, panels[0])
    return figure


def _by_point(found: SweepSummary, rows: pd.DataFrame, outcome: str) -> Any:
    """Points one under the other."""
    kept = rows.drop_duplicates(["territory", "vector"]).head(MOST_ROWS)
    places = {(row["territory"], row["vector"]): line for line, row in enumerate(kept.to_dict("records"))}
    figure = new_figure(ROW_MM * len(places) * max(1, rows["arm"].nunique() / 2) + 26)
    panel = figure.subplots()
    for place, (arm, own) in enumerate(rows.groupby("arm", sort=False)):
        here = own[[key in places for key in zip(own["territory"], own["vector"], strict=True)]]
        lines = pd.Series([places[key] for key in zip(here["territory"], here["vector"], strict=True)], here.index)
        _marks(panel, lines + 0.16 * place, here, place, str(arm), across=True)
    if found.others:
        panel.axvline(0, color=INK, linewidth=0.6)
    panel.set_yticks(list(places.values()), [point_name(found, row) for row in kept.to_dict("records")])
    panel.set_ylim(len(places) - 0.4, -0.6)
    panel.set_xlabel(wrapped(heading(found, outcome), 2 * LETTERS))
    _ticks(panel.xaxis)
    light_grid(panel, "x")
    _legend(figure, panel)
    return figure


def _marks(panel: Any, at: Any, own: pd.DataFrame, place: int, arm: str, *, across: bool) -> None:
    """Means and their intervals, in the colour and mark of an arm."""
    colour, mark = STYLES[place % len(STYLES)]
    ends = [(own["mean"] - own["low"]).clip(lower=0), (own["high"] - own["mean"]).clip(lower=0)]
    values = (own["mean"], at) if across else (at, own["mean"])
    panel.errorbar(*values, **{"xerr" if across else "yerr": ends}, fmt=mark, color=colour, markersize=3,
                   elinewidth=0.8, label=arm)  # fmt: skip


def _ticks(axis: Any) -> None:
    """Ticks with as many decimals as tell them apart."""
    low, high = axis.get_view_interval()
    numbers(axis, max(0, 1 - math.floor(math.log10(max(abs(high - low), TINY)))))


def _legend(figure: Any, panel: Any) -> None:
    handles, said = panel.get_legend_handles_labels()
    if len(said) > 1:
        figure.legend(handles, said, loc="outside upper right", ncols=len(said))


def point_name(found: SweepSummary, row: dict[Any, Any]) -> str:
    """A point as people tell it from others."""
    many = len(set(found.points["territory"])) > 1
    said = [str(row["territory"])] if many or not found.axes else []
    return " · ".join([*said, *(f"{axis} = {shown(float(row[axis]))}" for axis in found.axes)])


def sentences(found: SweepSummary, outcome: str) -> list[str]:
    """What an outcome comes to over the points, arm by arm."""
    said, ranks = [], found.ranks(outcome)
    for arm, own in found.shown(outcome).groupby("arm", sort=False):
        known = own[own["mean"].notna()]
        if known.empty:
            continue
        sure = int(((known["low"] > 0) | (known["high"] < 0)).sum())
        facts = {"arm": arm, "outcome": titled(outcome, found.names), "points": number(len(known)),
                 "low": shown(float(known["mean"].min()), signed=bool(found.others)),
                 "high": shown(float(known["mean"].max()), signed=bool(found.others))}  # fmt: skip
        if found.others:
            said.append(_("{arm} against {baseline}: {outcome} between {low} and {high} over {points} points; told "
                          "from chance at {sure} of them.", baseline=found.baseline, sure=number(sure),
                          **facts))  # fmt: skip
        else:
            said.append(_("{arm}: {outcome} between {low} and {high} over {points} points.", **facts))
        own_ranks = ranks[ranks["arm"] == arm].head(1).to_dict("records")
        said += [_("It goes most with {axis} (rank correlation {rank}).", axis=row["axis"],
                   rank=number(float(row["rank"]), 2)) for row in own_ranks]  # fmt: skip
    return said

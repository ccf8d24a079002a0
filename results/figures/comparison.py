"""Arms against a baseline: the difference in each outcome, with its interval, as a forest of lines."""

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from results.comparison import Comparison
from results.comparison_shown import Named, Names, shown, span, titled
from results.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    Described,
    light_grid,
    new_figure,
    numbers,
    wrapped,
)  # fmt: skip
from results.messages import _, number
from results.spoken import headed, several

STYLES: Final = (
    (BLUE, "o"), (VERMILLION, "s"), (GREEN, "^"), (PURPLE, "D"), (ORANGE, "v"), (SKY, "P"), (GREY, "X"), (INK, "*"),
)  # fmt: skip
"""Colour and mark of each arm: none is told by its colour alone."""
HEAD_MM: Final = 11.0
ARM_MM: Final = 4.5
LETTERS: Final = 84
SMALL: Final = 0.05
"""P-value from which a difference is drawn as a hollow mark."""
COLUMNS: Final = 2
MANY: Final = 4
"""Outcomes from which panels stand in two columns."""


def draw(found: Comparison, names: Names, provenance: Mapping[str, Any]) -> Described:
    """One panel an outcome, one line an arm; the baseline is the line at 0.

    Args:
        found: the comparison.
        names: what outcomes are called.
        provenance: where it comes from, for the foot of the figure.
    """
    rows = found.differences
    outcomes = [str(name) for name in dict.fromkeys(rows["outcome"])]
    arms = [str(arm) for arm in dict.fromkeys(rows["arm"])]
    columns = COLUMNS if len(outcomes) > MANY else 1
    lines = -(-len(outcomes) // columns)
    figure = new_figure(22 + lines * (HEAD_MM + ARM_MM * len(arms)))
    panels = figure.subplots(lines, columns, squeeze=False).ravel()
    for axes, outcome in zip(panels, outcomes, strict=False):
        _forest(axes, rows[rows["outcome"] == outcome], arms)
        axes.set_title(wrapped(titled(outcome, names), LETTERS // columns))
    for axes in panels[len(outcomes) :]:
        axes.set_visible(False)
    figure.legend(handles=_keys(found), loc="outside upper center", ncols=4)
    figure.supxlabel(foot(provenance), fontsize=5.5, color=GREY)
    title = _("Arms against {baseline}", baseline=found.baseline)
    return Described("comparison", title, figure, text(found, names, provenance), provenance)


def _forest(axes: Axes, rows: pd.DataFrame, arms: list[str]) -> None:
    axes.axvline(0, color=INK, linewidth=0.7)
    for place, arm in enumerate(arms):
        row: Any = rows[rows["arm"] == arm].iloc[0]
        colour, mark = STYLES[place % len(STYLES)]
        ends = [float(row[name]) for name in ("low", "high", "range_low", "range_high", "difference")]
        low, high, wide_low, wide_high, middle = ends
        if math.isfinite(wide_low):
            axes.plot([wide_low, wide_high], [place, place], color=colour, linewidth=0.7, alpha=0.8)
        if math.isfinite(low):
            axes.plot([low, high], [place, place], color=colour, linewidth=2.0)
        sure = float(row["p_holm"]) < SMALL
        axes.plot(
            [middle], [place], marker=mark, markersize=4.5, color=colour, markerfacecolor=colour if sure else "white"
        )
    axes.set_ylim(len(arms) - 0.5, -0.5)
    axes.set_yticks(np.arange(len(arms)), arms)
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.08)
    light_grid(axes, "x")
    numbers(axes.xaxis, _decimals(axes))


def _decimals(axes: Axes) -> int:
    """Decimals that tell the ticks of an axis apart."""
    low, high = axes.get_xlim()
    width = high - low
    return int(min(max(0, math.ceil(1.5 - math.log10(width))), 8)) if width > 0 and math.isfinite(width) else 1


def _keys(found: Comparison) -> list[Line2D]:
    def mark(filling: str, said: str) -> Line2D:
        return Line2D([], [], color=GREY, marker="o", markersize=4.5, linestyle="", markerfacecolor=filling, label=said)

    keys = [Line2D([], [], color=GREY, linewidth=2.0, label=_("95 % interval"))]
    keys += [mark(GREY, _("p under 5 % (Holm)")), mark("white", _("5 % or more"))]
    if (found.differences["vectors"] > 1).any():
        keys.insert(1, Line2D([], [], color=GREY, linewidth=0.7, label=_("range over parameters")))
    return keys


def foot(provenance: Mapping[str, Any]) -> str:
    """One line that says where a picture comes from."""
    return _("Study {study}, code {code}, parameters {parameters}.",
             study=provenance.get("study", "–"), code=provenance.get("code", "–"),
             parameters=provenance.get("parameters", "–"))  # fmt: skip


def text(found: Comparison, names: Names, provenance: Mapping[str, Any]) -> str:
    """What the figure shows, outcome by outcome."""
    parts = []
    for outcome, rows in found.differences.groupby("outcome", sort=False):
        named = names.get(str(outcome), Named(str(outcome)))
        said = several(
            _("{arm} {difference}, interval {interval}",
              arm=row["arm"], difference=shown(float(row["difference"]), signed=True),
              interval=span(float(row["low"]), float(row["high"])))
            for row in rows.to_dict("records")
        )  # fmt: skip
        parts.append(headed(titled(str(outcome), {str(outcome): named}), f"{said}."))
    head = _("Mean paired differences against {baseline} over {replicates} worlds, with their intervals.",
             baseline=found.baseline, replicates=number(int(found.differences["replicates"].max())))  # fmt: skip
    return " ".join([head, *parts, foot(provenance)])

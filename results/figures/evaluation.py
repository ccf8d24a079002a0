"""What evaluators would report, less what is true: by how teams joined, by method and by size of the list."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from results.comparison_shown import Names, titled
from results.evaluation import NONE, POLICY, Scores, levels_of, of
from results.evaluation_shown import design_names, method_names, planted, rate, signed_share
from results.figures.comparison import foot
from results.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    VERMILLION,
    Described,
    light_grid,
    new_figure,
    wrapped,
)  # fmt: skip
from results.messages import _, number, percent
from results.spoken import headed, several

STYLES: Final = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (PURPLE, "D"))
"""Colour and mark of each size: none is told by its colour alone."""
PLANTED_FOR: Final = "lottery"
"""Design whose power is drawn: the others have no more."""
TAIL: Final = 0.05
"""Share of panels whose error lies beyond each end of a line."""
FAIR: Final = 0.9
"""Coverage under which an interval promises more than it keeps; twice 5 % of false alarms is the same from above."""
WIDE_MM, ROW_MM, HEAD_MM = 180, 6.2, 15.0
COLUMNS: Final = 2
ANSWERED: Final = 0.5
"""Share of panels that must have an estimate for their errors to be drawn."""
WIDE_LETTERS: Final = 84


def draw(found: Scores, names: Names, provenance: Mapping[str, Any], outcome: str = "") -> Described:
    """One panel a design: the error of each method, how often its interval holds the truth, how often it cries wolf.

    A last panel shows how often each method finds a planted effect.

    Args:
        found: the scores.
        names: what outcomes are called.
        provenance: where it comes from, for the foot of the figure.
        outcome: what is drawn, the first by default.
    """
    outcome = outcome or str(found.table["outcome"].iloc[0])
    until = max(levels_of(found.table, "until"))
    table = of(found.table, outcome=outcome, until=until)
    designs = [str(name) for name in levels_of(table, "design")]
    methods = [str(name) for name in levels_of(table, "method")]
    lines = -(-len(designs) // COLUMNS)
    power = [name for name in planted(found)[:1] if PLANTED_FOR in designs]
    figure = new_figure((lines + len(power)) * (HEAD_MM + ROW_MM * len(methods)) + 40, WIDE_MM)
    grid = figure.add_gridspec(lines + len(power), COLUMNS)
    limit = _limit(found, outcome, until)
    for place, design in enumerate(designs):
        axes = figure.add_subplot(grid[place // COLUMNS, place % COLUMNS])
        _errors(axes, found, of(table, design=design), methods, limit)
        axes.set_title(wrapped(design_names()[design], 40))
        axes.set_yticks(range(len(methods)), [wrapped(method_names()[name], 22) for name in methods])
    for name in power:
        axes = figure.add_subplot(grid[lines, :])
        _power(axes, of(found.table, outcome=outcome, design=PLANTED_FOR, effect=name), methods)
        axes.set_title(_("How often an effect of {effect} is found, where entry is drawn by lot",
                         effect=signed_share(float(name))))  # fmt: skip
    head = _("{outcome}: what evaluators report, less what is true", outcome=titled(outcome, names))
    _keys(figure, table, found, wrapped(head, WIDE_LETTERS))
    figure.supxlabel(foot(provenance), fontsize=5.5, color=GREY)
    title = _("Evaluating the evaluation of {policy}", policy=found.policy)
    return Described("evaluation", title, figure, text(found, names, provenance, outcome), provenance)


def _limit(found: Scores, outcome: str, until: Any) -> float:
    """Half the width of the axes of errors, in shares of the level: the same for all panels."""
    rows = of(found.estimates, outcome=outcome, until=until, effect=POLICY)
    errors = ((rows["estimate"] - rows["truth"]) / rows["level"]).dropna().abs()
    return float(errors.quantile(1 - TAIL / 2)) * 1.15 if len(errors) else 1.0


def _errors(axes: Axes, found: Scores, rows: pd.DataFrame, methods: list[str], limit: float) -> None:
    """Errors of all methods of a design, and beside them coverage and false alarms."""
    axes.axvline(0, color=INK, linewidth=0.8)
    sizes = levels_of(rows, "size")
    for place, method in enumerate(methods):
        for number_, size in enumerate(sizes):
            height = place + (number_ - (len(sizes) - 1) / 2) * 0.34
            own: Any = of(rows, method=method, size=size, effect=POLICY).iloc[0]
            blank: Any = of(rows, method=method, size=size, effect=NONE).iloc[0]
            colour, mark = STYLES[number_ % len(STYLES)]
            if own["answered"] < ANSWERED * own["panels"]:
                continue
            _one(axes, _spread(found, own), own, height, colour, mark)
            for at, value, bad in ((1.08, own["coverage"], own["coverage"] < FAIR),
                                   (1.22, blank["found"], blank["found"] > 1 - FAIR)):  # fmt: skip
                axes.text(at, height, rate(float(value)), transform=axes.get_yaxis_transform(), ha="center",
                          va="center", fontsize=6, color=VERMILLION if bad else INK,
                          fontweight="bold" if bad else "normal")  # fmt: skip
    shown = of(rows, effect=POLICY)
    if (shown["answered"] < ANSWERED * shown["panels"]).all():
        said = _("nothing to evaluate: {joined} of {teams} teams join",
                 joined=number(float(shown["joined"].mean()), 1), teams=number(found.teams))  # fmt: skip
        axes.text(0, (len(methods) - 1) / 2, wrapped(said, 26), ha="center", va="center", fontsize=7, color=INK,
                  bbox={"facecolor": "white", "edgecolor": "none"})  # fmt: skip
    for at, said in ((1.08, _("holds")), (1.22, _("false"))):
        axes.text(at, -0.85, said, transform=axes.get_yaxis_transform(), ha="center", va="center", fontsize=6,
                  color=GREY)  # fmt: skip
    axes.set_xlim(-limit, limit)
    axes.set_ylim(len(methods) - 0.5, -0.6)
    axes.tick_params(axis="y", length=0)
    light_grid(axes, "x")
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: signed_share(value)))


def _spread(found: Scores, row: Any) -> tuple[float, float]:
    """Where nine tenths of the errors of a row of scores lie, in shares of the level."""
    keys = {name: row[name] for name in ("outcome", "size", "design", "until", "effect", "method")}
    own = of(found.estimates, **keys)
    errors = ((own["estimate"] - own["truth"]) / own["level"]).dropna()
    return (float(errors.quantile(TAIL)), float(errors.quantile(1 - TAIL))) if len(errors) else (np.nan, np.nan)


def _one(axes: Axes, ends: tuple[float, float], row: Any, height: float, colour: str, mark: str) -> None:
    axes.plot(ends, [height, height], color=colour, linewidth=1.5, solid_capstyle="butt")
    axes.plot([float(row["bias_share"])], [height], marker=mark, color=colour, markersize=4)


def _power(axes: Axes, rows: pd.DataFrame, methods: list[str]) -> None:
    """Share of panels in which a planted effect is found: sizes by colour, years by filling."""
    sizes, ends = levels_of(rows, "size"), levels_of(rows, "until")
    for place, method in enumerate(methods):
        for number_, size in enumerate(sizes):
            for later, until in enumerate(ends):
                row: Any = of(rows, method=method, size=size, until=until).iloc[0]
                at = place + (number_ - (len(sizes) - 1) / 2) * 0.34 + (later - (len(ends) - 1) / 2) * 0.14
                colour, mark = STYLES[number_ % len(STYLES)]
                filled = colour if later == len(ends) - 1 else "white"
                axes.plot([at, at], [0, float(row["found"])], color=colour, linewidth=0.8)
                axes.plot([at], [float(row["found"])], marker=mark, color=colour, markersize=4, markerfacecolor=filled)
    axes.axhline(0.8, color=GREY, linewidth=0.6, linestyle=(0, (4, 3)))
    axes.set_ylim(0, 1.04)
    axes.set_xticks(range(len(methods)), [wrapped(method_names()[name], 16) for name in methods])
    axes.tick_params(axis="x", length=0)
    light_grid(axes)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: percent(value)))


def _keys(figure: Figure, table: pd.DataFrame, found: Scores, head: str) -> None:
    """What marks and columns mean, under the heading of the whole figure."""
    keys = []
    for place, size in enumerate(levels_of(table, "size")):
        colour, mark = STYLES[place % len(STYLES)]
        said = _("lists of {size} patients", size=size) if size else _("teams")
        keys.append(Line2D([], [], color=colour, marker=mark, markersize=4, linewidth=1.5,
                           label=_("{size}: mean error, and nine tenths of errors", size=said)))  # fmt: skip
    ends = levels_of(found.table, "until")
    if len(ends) > 1:
        keys += [
            Line2D([], [], color=GREY, marker="o", markersize=4, linestyle="", markerfacecolor=filling,
                   label=_("seen until year {year}", year=year))
            for year, filling in ((ends[0], "white"), (ends[-1], GREY))
        ]  # fmt: skip
    keys += [Line2D([], [], linestyle="", label=_("holds: 95 % intervals that hold the truth")),
             Line2D([], [], linestyle="", label=_("false: effects found where there is none"))]  # fmt: skip
    figure.legend(handles=keys, loc="outside upper center", ncols=2, title=head,
                  title_fontproperties={"size": 9, "weight": "bold"})  # fmt: skip


def text(found: Scores, names: Names, provenance: Mapping[str, Any], outcome: str) -> str:
    """What the figure shows, design by design."""
    until = max(levels_of(found.table, "until"))
    table = of(found.table, outcome=outcome, until=until)
    parts = [
        _("What evaluators of {policy} would report of {outcome}, less what is true, over {panels} panels of {teams} "
          "teams that are seen until year {year}.", policy=found.policy, outcome=titled(outcome, names),
          panels=number(int(table["panels"].max())), teams=number(found.teams), year=until),
    ]  # fmt: skip
    for design in levels_of(table, "design"):
        for size in levels_of(table, "size"):
            rows = of(table, design=design, size=size)
            said = several(_told(of(rows, method=method)) for method in levels_of(rows, "method"))
            real: Any = of(rows, effect=POLICY)
            truth = float((real["truth"] / real["level"]).mean())
            head = _("{design}, lists of {size}, true effect {truth}", design=design_names()[str(design)],
                     size=size or "–", truth=signed_share(truth, 2))  # fmt: skip
            parts.append(headed(head, f"{said}."))
    return " ".join([*parts, foot(provenance)])


def _told(rows: pd.DataFrame) -> str:
    by = rows.set_index("effect")
    real: Any = by.loc[POLICY]
    return _("{method}: bias {bias}, holds {coverage}, false {alarms}", method=method_names()[str(real["method"])],
             bias=signed_share(float(real["bias_share"])), coverage=rate(float(real["coverage"])),
             alarms=rate(float(by["found"].get(NONE, float("nan")))))  # fmt: skip

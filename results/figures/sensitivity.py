"""Which parameters decide a difference: a tornado of their effects and shares, and the runs behind the strongest."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from results.comparison_shown import Names, share, shown
from results.figures.comparison import foot
from results.figures.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    SKY,
    VERMILLION,
    Described,
    light_grid,
    new_figure,
    numbers,
    wrapped,
)
from results.messages import _
from results.sensitivity import Sensitivity, ranked
from results.sensitivity_shown import factor_title, heading
from results.spoken import headed, several

MOST: Final = 10
"""Factors that a tornado shows."""
PANELS: Final = 4
"""Parameters that are scattered."""
MOST_DIFFERENCES: Final = 6
BAR_MM, HEAD_MM, SCATTER_MM = 4.6, 17.0, 44.0
LETTERS: Final = 40
WIDE: Final = 100
PARTS: Final = 8
"""Parts of a range over which a running mean is drawn."""


def tornado(
    found: Sensitivity, names: Names, titles: Mapping[str, str], unlearnt: Sequence[str], provenance: Mapping[str, Any]
) -> Described:
    """One row a difference: on the left how it moves over each range, on the right the measures of the method."""
    places = _places(found)
    sizes = [min(MOST, len(found.design.factors)) * BAR_MM + HEAD_MM for _place in places]
    figure = new_figure(16 + sum(sizes))
    parts = figure.subfigures(len(places), 1, height_ratios=sizes, squeeze=False).ravel()
    for part, (arm, outcome) in zip(parts, places, strict=True):
        left, right = part.subplots(1, 2, sharey=True)
        rows = ranked(found, arm, outcome).head(MOST)
        mean = float(_shares_of(found, arm, outcome)["mean"])
        _swings(left, rows, mean)
        _measures(right, rows, found.design.method)
        members = dict(zip(found.design.factors, found.design.members, strict=True))
        marks = ["*" if set(members[str(name)]) & set(unlearnt) else "" for name in rows["factor"]]
        ticks = [wrapped(factor_title(found, str(name), titles), LETTERS) + mark
                 for name, mark in zip(rows["factor"], marks, strict=True)]  # fmt: skip
        left.set_yticks(range(len(rows)), ticks, fontsize=6)
        left.set_ylim(len(rows) - 0.5, -0.5)
        said = heading(arm, outcome, names, str(provenance.get("baseline", "–")))
        part.suptitle(wrapped(said, WIDE), x=0.01, ha="left", fontsize=8.5, fontweight="bold")
    figure.legend(handles=_keys(found, bool(unlearnt)), loc="outside upper center", ncols=5)
    figure.supxlabel(foot(provenance), fontsize=5.5, color=GREY)
    text = tornado_said(found, names, titles, unlearnt, provenance)
    return Described("tornado", _("Which parameters decide the difference"), figure, text, provenance)


def _places(found: Sensitivity) -> list[tuple[str, str]]:
    rows = found.shares[found.shares["blocks"] > 0].head(MOST_DIFFERENCES)
    return [(str(arm), str(outcome)) for arm, outcome in zip(rows["arm"], rows["outcome"], strict=True)]


def _shares_of(found: Sensitivity, arm: str, outcome: str) -> Any:
    return found.shares[(found.shares["arm"] == arm) & (found.shares["outcome"] == outcome)].iloc[0]


def _swings(axes: Axes, rows: pd.DataFrame, mean: float) -> None:
    """Bars from the low end of each range to its high end, around the mean difference."""
    for place, slope in enumerate(rows["slope"]):
        if not math.isnan(slope):
            axes.barh(place, -slope / 2, left=mean, height=0.66, color=SKY)
            axes.barh(place, slope / 2, left=mean, height=0.66, color=ORANGE)
    axes.axvline(mean, color=INK, linewidth=0.7)
    axes.axvline(0, color=GREY, linewidth=0.7, linestyle=":")
    _finish(axes, _("difference, mean over the other parameters"))


def _measures(axes: Axes, rows: pd.DataFrame, method: str) -> None:
    """Indices or effects with their intervals."""
    drawn = (("total", BLUE, "o", -0.13), ("first", VERMILLION, "s", 0.17)) if method == "sobol" else (
        ("mu_star", BLUE, "o", -0.13), ("sigma", VERMILLION, "s", 0.17))  # fmt: skip
    for measure, colour, mark, shift in drawn:
        places = np.arange(len(rows)) + shift
        axes.hlines(places, rows[f"{measure}_low"], rows[f"{measure}_high"], color=colour, linewidth=1.2)
        axes.plot(rows[measure], places, mark, color=colour, markersize=3.6)
    if method == "morris":
        axes.barh(range(len(rows)), rows["luck"], height=0.66, color=PALE)
    axes.axvline(0, color=INK, linewidth=0.7)
    axes.tick_params(axis="y", length=0)
    _finish(axes, _("share of the variance that parameters explain") if method == "sobol"
            else _("effect over the range, in the unit of the outcome"))  # fmt: skip


def _finish(axes: Axes, said: str) -> None:
    axes.set_xlabel(said, fontsize=6.5)
    light_grid(axes, "x")
    low, high = axes.get_xlim()
    numbers(axes.xaxis, min(max(0, math.ceil(1.3 - math.log10(high - low))), 8) if high > low else 1)
    axes.tick_params(axis="y", length=0)


def _keys(found: Sensitivity, starred: bool) -> list[Any]:
    sobol = found.design.method == "sobol"
    keys: list[Any] = [
        Patch(facecolor=SKY, label=_("low end of its range")), Patch(facecolor=ORANGE, label=_("high end")),
        Line2D([], [], color=BLUE, marker="o", markersize=3.6, linewidth=1.2,
               label=_("total index") if sobol else _("mean absolute effect")),
        Line2D([], [], color=VERMILLION, marker="s", markersize=3.6, linewidth=1.2,
               label=_("first order") if sobol else _("spread of effects")),
    ]  # fmt: skip
    if not sobol:
        keys.append(Patch(facecolor=PALE, label=_("luck alone")))
    if starred:
        keys.append(Line2D([], [], linestyle="", label=_("* prior-driven")))
    return keys


def tornado_said(
    found: Sensitivity, names: Names, titles: Mapping[str, str], unlearnt: Sequence[str], provenance: Mapping[str, Any]
) -> str:
    """What the tornado shows, difference by difference."""
    sobol, parts = found.design.method == "sobol", []
    for arm, outcome in _places(found):
        facts = _shares_of(found, arm, outcome)
        rows = ranked(found, arm, outcome).head(PANELS).to_dict("records")
        strongest = several(
            _("{parameter}: {measure} {value}, over its range {slope}",
              parameter=factor_title(found, str(row["factor"]), titles),
              measure=_("total index") if sobol else _("mean absolute effect"),
              value=shown(row["total" if sobol else "mu_star"]), slope=shown(row["slope"], signed=True))
            for row in rows
        )  # fmt: skip
        head = heading(arm, outcome, names, str(provenance.get("baseline", "–")))
        parts.append(_("{heading}: mean {mean}; parameters explain {share} of the variance of one world. The "
                       "strongest: {strongest}.", heading=head, mean=shown(float(facts["mean"]), signed=True),
                       share=share(float(facts["share"])), strongest=strongest))  # fmt: skip
    driven = _("Parameters of which no calibration has learnt bear a star.") if unlearnt else ""
    return " ".join([*parts, driven, foot(provenance)])


def scatter(
    found: Sensitivity, names: Names, titles: Mapping[str, str], ranges: Mapping[str, tuple[float, float]],
    provenance: Mapping[str, Any],
) -> Described:  # fmt: skip
    """One row a difference: the difference at every point against each of the strongest parameters.

    Args:
        found: the measures and the differences behind them.
        names: what outcomes are called.
        titles: what parameters are called.
        ranges: range of each parameter.
        provenance: where it comes from.
    """
    places, strongest = _places(found), {}
    for arm, outcome in places:
        alone = [str(name) for name in ranked(found, arm, outcome)["factor"] if str(name) in ranges]
        strongest[arm, outcome] = alone[:PANELS] or list(ranges)[:PANELS]
    columns = max(map(len, strongest.values()))
    figure = new_figure(14 + SCATTER_MM * len(places))
    parts = figure.subfigures(len(places), 1, squeeze=False).ravel()
    for part, place in zip(parts, places, strict=True):
        panels = part.subplots(1, columns, sharey=True, squeeze=False).ravel()
        for axes, name in zip(panels, strongest[place], strict=False):
            _cloud(axes, found, place, name, ranges[name])
            axes.set_xlabel(wrapped(factor_title(found, name, titles) if name in found.design.factors else name, 30),
                            fontsize=6)  # fmt: skip
        for axes in panels[len(strongest[place]) :]:
            axes.set_visible(False)
        low, high = panels[0].get_ylim()
        numbers(panels[0].yaxis, min(max(0, math.ceil(1.3 - math.log10(high - low))), 8) if high > low else 1)
        said = heading(*place, names, str(provenance.get("baseline", "–")))
        part.suptitle(wrapped(said, WIDE), x=0.01, ha="left", fontsize=8.5, fontweight="bold")
    points = _("a point: mean over worlds, ± luck")
    keys = [
        Line2D([], [], color=BLUE, marker="o", linestyle="", markersize=3, label=points),
        Line2D([], [], color=VERMILLION, linewidth=1.6, label=_("mean over parts of the range")),
    ]  # fmt: skip
    figure.legend(handles=keys, loc="outside upper center", ncols=2)
    figure.supxlabel(foot(provenance), fontsize=5.5, color=GREY)
    return Described("scatter", _("The difference against the strongest parameters"), figure,
                     scatter_said(found, names, titles, strongest, provenance), provenance)  # fmt: skip


def _points_of(found: Sensitivity, place: tuple[str, str], name: str) -> tuple[Any, Any, Any]:
    """Shares of the range, mean differences and their standard errors, over points whose block is whole."""
    values = found.differences[place]
    whole = ~np.isnan(values).any(axis=(1, 2))
    column = found.design.parameters.index(name)
    runs = values[whole].reshape(-1, values.shape[2])
    errors = runs.std(axis=1, ddof=1) / math.sqrt(runs.shape[1]) if runs.shape[1] > 1 else np.zeros(len(runs))
    return found.design.cube[whole][:, :, column].ravel(), runs.mean(axis=1), errors


def _running(shares: Any, means: Any) -> tuple[Any, Any]:
    """Middle and mean of each part of a range that holds points."""
    part = np.minimum((shares * PARTS).astype(int), PARTS - 1)
    held = [number for number in range(PARTS) if (part == number).any()]
    return (np.array([shares[part == number].mean() for number in held]),
            np.array([means[part == number].mean() for number in held]))  # fmt: skip


def _cloud(axes: Axes, found: Sensitivity, place: tuple[str, str], name: str, ends: tuple[float, float]) -> None:
    shares, means, errors = _points_of(found, place, name)
    low, width = ends[0], ends[1] - ends[0]
    axes.errorbar(low + width * shares, means, yerr=errors, fmt="o", markersize=1.8, color=BLUE, alpha=0.45,
                  elinewidth=0.4)  # fmt: skip
    middles, running = _running(shares, means)
    axes.plot(low + width * middles, running, color=VERMILLION, linewidth=1.6, zorder=5)
    axes.axhline(0, color=GREY, linewidth=0.7, linestyle=":")
    light_grid(axes, "y")
    numbers(axes.xaxis, max(0, math.ceil(0.7 - math.log10(width))), ticks=3)


def scatter_said(
    found: Sensitivity, names: Names, titles: Mapping[str, str], strongest: Mapping[tuple[str, str], Sequence[str]],
    provenance: Mapping[str, Any],
) -> str:  # fmt: skip
    """What the scatter shows, difference by difference."""
    parts = []
    for place, chosen in strongest.items():
        said = []
        for name in chosen:
            _middles, running = _running(*_points_of(found, place, name)[:2])
            first, last = (shown(float(end), signed=True) for end in (running[0], running[-1]))
            titled = factor_title(found, name, titles) if name in found.design.factors else name
            said.append(_("{parameter}: from {first} at the low end to {last} at the high end",
                          parameter=titled, first=first, last=last))  # fmt: skip
        parts.append(headed(heading(*place, names, str(provenance.get("baseline", "–"))), f"{several(said)}."))
    return " ".join([_("Differences at every point of the design, and their mean along each range."), *parts,
                     foot(provenance)])  # fmt: skip

"""Spending: what the insurer pays per person and year by category, and how much of it few people hold."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from results.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PALE,
    SKY,
    VERMILLION,
    Described,
    halo,
    lettered,
    light_grid,
    new_figure,
    numbers,
)  # fmt: skip
from results.messages import _, euros, number, percent
from results.run import Run, RunError

COLOURS: Final[Mapping[str, str]] = {
    "hospital": BLUE,
    "drugs": ORANGE,
    "gp": GREEN,
    "nurse": SKY,
    "ed": VERMILLION,
    "other": GREY,
}
MARKED: Final = (0.01, 0.05, 0.1)  # shares of people whose spending is written on the curve
LABELLED: Final = 0.045  # of a bar: smaller parts bear no number


def category_names() -> dict[str, str]:
    """What each category is called."""
    return {
        "hospital": _("hospital"),
        "drugs": _("drugs"),
        "gp": _("physicians"),
        "nurse": _("nurses"),
        "ed": _("emergency"),
        "other": _("other care"),
    }


def draw(run: Run) -> Described:
    """Spending per person by category for each year, and the concentration of the last year's."""
    each = per_person(run)
    figure = new_figure(78)
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1.0))
    by_category(left, each)
    lettered(left, "a", _("Spending per person and year"))
    held = concentration(right, run)
    lettered(right, "b", _("Concentration, last year"))
    return Described("spending", _("Spending of the health insurer"), figure, _text(each, held))


def per_person(run: Run) -> pd.DataFrame:
    """EUR per person by category, one row a year.

    Raises:
        RunError: when the run is shorter than a year.
    """
    if run.spending.empty:
        raise RunError(_("{path}: the run is shorter than a year, so it has no yearly spending.", path=run.path))
    totals = run.spending.drop_duplicates(["year", "territory"]).groupby("year").sum(numeric_only=True)
    return pd.DataFrame({name: totals[f"spend_{name}"] / totals["people"] for name in COLOURS})


def by_category(axes: Axes, each: pd.DataFrame) -> None:
    """One stacked bar a year, its parts named once and numbered where there is room."""
    places = np.arange(len(each), dtype=float)
    base = np.zeros(len(each))
    whole = each.sum(axis=1).to_numpy(float)
    for name, label in category_names().items():
        values = each[name].to_numpy(float)
        axes.bar(places, values, 0.7, bottom=base, color=COLOURS[name], edgecolor="white", linewidth=0.5, label=label)
        for place, start, value, total in zip(places, base, values, whole, strict=True):
            if value > LABELLED * total and len(each) <= 10:  # noqa: PLR2004 - narrower bars cannot hold a number
                axes.text(
                    place, start + value / 2, number(value), ha="center", va="center", fontsize=6.5, color=_ink(name)
                )
        base += values
    for place, total in zip(places, whole, strict=True):
        axes.text(place, total, number(total), ha="center", va="bottom", fontsize=7, fontweight="bold")
    axes.set_xticks(places, [number(year) for year in each.index])
    axes.tick_params(axis="x", length=0)
    axes.set(xlabel=_("Year of the run"), ylabel=_("EUR per person per year"))
    axes.set_xlim(-0.6, max(len(each) - 0.4, 2.4))
    numbers(axes.yaxis)
    light_grid(axes)
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.0)


def concentration(axes: Axes, run: Run) -> pd.Series:
    """Share of spending held by the people who spend most, in the last year; by share of people."""
    last = run.spending[run.spending["year"] == run.spending["year"].max()]
    totals = last[[f"spend_{name}" for name in COLOURS]].sum(axis=1)
    weighted = last.assign(held=last["share_spending"] * totals, total=totals)
    sums = weighted.groupby("share_people")[["held", "total"]].sum()
    held = sums["held"] / sums["total"].replace(0, np.nan)
    axes.plot([0, 100], [0, 100], color=GREY, linewidth=0.8, linestyle="--")
    axes.text(56, 50, _("equal spending"), color=GREY, fontsize=6.5, rotation=0)
    axes.plot(100 * held.index.to_numpy(float), 100 * held, color=BLUE, marker="o", markersize=2.5)
    for share in MARKED:
        at = held.index[np.argmin(np.abs(held.index.to_numpy(float) - share))]
        text = _("top {people}: {spending}", people=percent(at), spending=percent(held[at]))
        axes.annotate(
            text, (100 * at, 100 * held[at]), xytext=(24, 100 * held[at] - 4), fontsize=7, va="center",
            path_effects=halo(3), arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 0.5, "shrinkB": 2},
        )  # fmt: skip
    axes.set(xlim=(0, 100), ylim=(0, 102), xlabel=_("People, highest spending first (%)"), ylabel=_("Spending (%)"))
    numbers(axes.xaxis)
    numbers(axes.yaxis)
    axes.grid(color=PALE, linewidth=0.4)
    return held


def _ink(name: str) -> str:
    """Colour of a number written on a category's colour."""
    return "white" if name in {"hospital", "gp", "ed"} else INK


def _text(each: pd.DataFrame, held: pd.Series) -> str:
    """What the panels show."""
    last, total = each.iloc[-1], each.sum(axis=1)
    parts = ", ".join(f"{label} {percent(last[name] / total.iloc[-1])}" for name, label in category_names().items())
    tops = ", ".join(
        _("the top {people} hold {spending}", people=percent(share), spending=percent(held.loc[share]))
        for share in MARKED
        if share in held.index
    )
    return " ".join(
        [
            _("a: the insurer spends {total} per person in the last year ({parts}); over the run, from {low} to "
              "{high}.",
              total=euros(total.iloc[-1]), parts=parts, low=euros(total.min()), high=euros(total.max())),
            _("b: of the last year's spending, {tops}.", tops=tops),
        ]
    )  # fmt: skip

"""What the simple model would have said, beside the full one: effects of capitation and of a bonus, year by year."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from results.figures.style import BLUE, GREY, VERMILLION, Described, lettered, light_grid, new_figure
from results.messages import _, number, percent

STYLES: Final = {"full": (BLUE, "o", "-"), "simple": (VERMILLION, "s", "--")}
"""Colour, mark and line of each model: none is told by its colour alone."""
VISITS, EFFORT, TARGETS = "own_visits_per_registered", "effort_prevention", "prevention_up_to_date"
PANELS: Final = (VISITS, EFFORT, TARGETS)
"""Outcomes, a panel each: visits change in proportion, the others by points."""
FINE: Final = 0.03
"""Span of an axis below which whole percentages would say the same twice."""


def names() -> dict[str, str]:
    """What each model is called."""
    return {"full": _("full model"), "simple": _("simple model: no norm, no relay, no overload")}


def draw(effects: pd.DataFrame) -> Described:
    """Effects by year, a panel an outcome.

    Args:
        effects: ``outcome, model, year, mean, low, high`` (``scenarios.textbook``); shares.
    """
    figure = new_figure(80)
    titles = {
        VISITS: (_("Capitation in the place of fees"), _("Visits of registered patients, change")),
        EFFORT: (_("Bonus on preventive targets"), _("Effort on prevention, change in points")),
        TARGETS: (_("The same bonus"), _("Preventive targets met, change in points")),
    }
    for letter, axes, outcome in zip("abc", figure.subplots(1, len(PANELS)), PANELS, strict=True):
        _panel(axes, effects[effects["outcome"] == outcome])
        lettered(axes, letter, titles[outcome][0])
        axes.set_ylabel(titles[outcome][1])
        decimals = 0 if np.ptp(axes.get_ylim()) > FINE else 1
        axes.yaxis.set_major_formatter(lambda value, _place, of=outcome, some=decimals: _said(of, float(value), some))
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return Described("textbook", _("What the simple model would have said"), figure, _text(effects))


def _panel(axes: Axes, table: pd.DataFrame) -> None:
    axes.axhline(0, color=GREY, linewidth=0.8, linestyle=":")
    for model, title in names().items():
        colour, mark, line = STYLES[model]
        own = table[table["model"] == model].sort_values("year")
        axes.fill_between(own["year"], own["low"], own["high"], color=colour, alpha=0.18, linewidth=0)
        axes.plot(own["year"], own["mean"], color=colour, marker=mark, markersize=4, linestyle=line, label=title)
    axes.set_xticks(sorted(table["year"].unique()))
    axes.set_xlabel(_("Year"))
    light_grid(axes)


def _said(outcome: str, change: float, decimals: int) -> str:
    """A change in per cent, or in points without the word."""
    return percent(change, decimals) if outcome == VISITS else number(100 * change, decimals)


def _text(effects: pd.DataFrame) -> str:
    """What the panels show, in words and numbers of the last year."""
    last = effects[effects["year"] == effects["year"].max()].set_index(["outcome", "model"])

    def said(outcome: str, model: str) -> str:
        row = last.loc[(outcome, model)]
        mean, low, high = (_said(outcome, float(row[name]), 1) for name in ("mean", "low", "high"))
        return _("{mean} ({low} to {high})", mean=mean, low=low, high=high)

    return _(
        "Year {year}, with 95 % intervals over {worlds} worlds. Capitation changes visits by {full_cap} in the full "
        "model, and by {simple_cap} where the professional norm, the relay of information and overload are left out. A "
        "bonus changes the effort on prevention by {full_effort} points in the full model, and by {simple_effort} "
        "points in the simple one; preventive targets met by {full_bonus} points, and by {simple_bonus} points.",
        year=int(effects["year"].max()), worlds=int(effects["worlds"].min()),
        full_cap=said(VISITS, "full"), simple_cap=said(VISITS, "simple"),
        full_effort=said(EFFORT, "full"), simple_effort=said(EFFORT, "simple"),
        full_bonus=said(TARGETS, "full"), simple_bonus=said(TARGETS, "simple"),
    )  # fmt: skip

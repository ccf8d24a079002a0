"""A run at a glance: the map, the week of each profession, the wait and the spending."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from results.figures import access, maps, professions, spending, territory
from results.figures.style import (
    GREY,
    INK,
    WIDTH_MM,
    Described,
    new_figure,
    nothing_here,
    numbers,
    placed,
    wrapped,
)  # fmt: skip
from results.messages import _, euros, ngettext, number
from results.run import Run

LEFT_MM: Final = 3.0
MAP_MM: Final = 79.0
HEIGHT_MM: Final = 116.0
RIGHT_MM: Final = 91.0  # where the headings of the right column start
RIGHT_EDGE_MM: Final = WIDTH_MM - 2.0
WIDE: Final = 0.12  # of the bar of panel d: a narrower part cannot hold its name


def draw(run: Run) -> Described:
    """One figure for a first look: a map and three panels."""
    cells, communes, sites = territory.here(run, 0)
    figure = new_figure(HEIGHT_MM, constrained=False)
    names = _map(figure, run, cells, communes, sites)
    _heading(figure, LEFT_MM, 111, "a", _("{name}: accessibility, sites of care", name=territory.place_name(run, 0)))
    weeks = professions.mean_weeks(run)
    _week(placed(figure, 122, 75, 52, 33), weeks)
    _heading(figure, RIGHT_MM, 111, "b", _("Week of each profession (hours)"))
    if len(weeks):
        _aside(figure, 111, _("numbers: hours worked"))
    waits = _wait(placed(figure, 100, 32, 76, 16), run)
    _heading(figure, RIGHT_MM, 53, "c", _("Days to wait for a physician"))
    each = None if run.spending.empty else spending.per_person(run)
    _spending(placed(figure, RIGHT_MM, 7.5, 85, 9.5), each)
    _heading(figure, RIGHT_MM, 19.5, "d", _("Insurer spending per person, last year (EUR)"))
    text = _text(run, cells, sites, names, weeks, waits, each)
    return Described("overview", _("A run at a glance: {name}", name=run.name), figure, text)


def _heading(figure: Figure, left: float, bottom: float, letter: str, title: str) -> None:
    """Title of a panel, at a place in millimetres, so that the titles of a column stand in one line."""
    place = (left / WIDTH_MM, bottom / HEIGHT_MM)
    figure.text(*place, f"{letter}   {title}", fontsize=8.5, fontweight="bold", va="bottom")


def _aside(figure: Figure, bottom: float, text: str) -> None:
    """How to read a panel of the right column, at the right of its title."""
    figure.text(RIGHT_EDGE_MM / WIDTH_MM, bottom / HEIGHT_MM, text, fontsize=5.5, color=GREY, ha="right", va="bottom")


def _map(figure: Figure, run: Run, cells: pd.DataFrame, communes: pd.DataFrame, sites: pd.DataFrame) -> list[str]:
    """The map with its scales and legend; the communes named."""
    raster = maps.Raster.of(cells)
    tall = territory.height_over_width(raster)
    side = min(MAP_MM * tall, 80.0)
    width = side / tall
    axes = placed(figure, LEFT_MM, 109 - side, width, side)
    mesh = territory.accessibility(axes, raster, cells)
    maps.sites(axes, sites, raster.size_km)
    names = maps.commune_names(axes, cells, communes, most=4, around=maps.spread(sites, raster.size_km))
    bar = placed(figure, LEFT_MM + MAP_MM - 46, 105 - side, 44, 2.2)
    territory.colour_bar(figure, mesh, bar, across=True)
    bar.set_xlabel(_("APL (consultations per person per year)"), fontsize=6.5, labelpad=1)
    axes.legend(
        handles=territory.site_legend(axes, cells), ncols=2, loc="upper left", bbox_to_anchor=(-0.02, -14 / side),
        borderaxespad=0, fontsize=6.5,
    )  # fmt: skip
    note = territory.layout_note(run, 0)
    figure.text(LEFT_MM / WIDTH_MM, 1.5 / HEIGHT_MM, wrapped(note, 72), fontsize=6, color=GREY, va="bottom")
    return names


def _week(axes: Axes, weeks: pd.DataFrame) -> None:
    professions.professions(axes, weeks)
    if weeks.empty:
        return
    axes.set_xlabel("")
    axes.tick_params(labelsize=6.2)
    axes.legend(
        ncols=3, loc="upper left", bbox_to_anchor=((RIGHT_MM - 122) / 52, -0.17), fontsize=5.8, columnspacing=0.8,
        handlelength=0.9, handletextpad=0.4, labelspacing=0.25, borderaxespad=0,
    )  # fmt: skip


def _wait(axes: Axes, run: Run) -> pd.Series:
    weeks = access.by_week(run)
    if not access.wait_drawn(axes, run, weeks, _("mean of their patients")):
        return weeks["wait"]
    access.years_axis(axes, weeks)
    axes.set_xlabel(_("Years since the start of the run"), labelpad=1)
    numbers(axes.yaxis, ticks=3)
    axes.legend(
        ncols=3, loc="lower left", bbox_to_anchor=((RIGHT_MM - 100) / 76, 1.02), fontsize=5.8, columnspacing=1.2,
        handlelength=1.2, handletextpad=0.4, borderaxespad=0,
    )  # fmt: skip
    return weeks["wait"]


def _spending(axes: Axes, each: pd.DataFrame | None) -> None:
    """The last year's spending as one bar, its parts named around it."""
    if each is None:
        nothing_here(axes, _("the run is shorter than a year"))
        return
    left, last = 0.0, each.iloc[-1]
    total = last.sum()
    for name, label in spending.category_names().items():
        axes.barh(0, last[name], 0.8, left=left, color=spending.COLOURS[name], edgecolor="white", linewidth=0.5)
        if last[name] > WIDE * total:
            text = f"{label}\n{number(last[name])}"
            colour = "white" if name in {"hospital", "gp"} else INK
            axes.text(left + last[name] / 2, 0, text, ha="center", va="center", fontsize=5.8, color=colour)
        left += last[name]
    small = [n for n in spending.COLOURS if last[n] <= WIDE * total]
    names = spending.category_names()
    keys = [Patch(color=spending.COLOURS[n], label=f"{names[n]} {number(last[n])}") for n in names if n in small]
    if keys:
        axes.legend(
            handles=keys, ncols=len(keys), loc="upper left", bbox_to_anchor=(0, -0.1), fontsize=6, columnspacing=1.2,
            handlelength=0.9, handletextpad=0.4, borderaxespad=0,
        )  # fmt: skip
    axes.set(xlim=(0, total * 1.01), ylim=(-0.5, 0.5), yticks=[], xticks=[])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _text(
    run: Run, cells: pd.DataFrame, sites: pd.DataFrame, names: list[str], weeks: pd.DataFrame, waits: pd.Series,
    each: pd.DataFrame | None,
) -> str:  # fmt: skip
    """What the figure shows, in a few sentences."""
    people = cells["people"].to_numpy(float)
    apl = float(np.average(cells["apl"], weights=people))
    hours = professions.worked(weeks)
    parts = [
        _("a: map of {name}, {people} people around {places}; cells are coloured by the accessibility of physicians "
          "(APL, mean {apl} consultations per person per year), symbols show sites of care (teams: {teams}; hospitals: "
          "{hospitals}).",
          name=territory.place_name(run, 0), people=number(people.sum()), places=", ".join(names[:3]) or "-",
          apl=number(apl, 1), teams=number((sites["kind"] == "team").sum()),
          hospitals=number((sites["kind"] == "hospital").sum())),
    ]  # fmt: skip
    if "physician" in hours:
        parts.append(_("b: physicians work {hours} hours a week on average.", hours=number(hours["physician"], 1)))
    if waits.notna().any():
        parts.append(ngettext("c: the wait for a physician is {wait} days on average over {n} year.",
                              "c: the wait for a physician is {wait} days on average over {n} years.",
                              len(waits) // access.WEEKS_PER_YEAR, wait=number(waits.mean(), 1)))  # fmt: skip
    if each is not None:
        parts.append(_("d: the insurer spends {total} per person in the last year.", total=euros(each.iloc[-1].sum())))
    return " ".join([*parts, territory.layout_note(run, 0)])

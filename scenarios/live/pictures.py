"""What the live page draws: a map of the village, and lines beside those of a frozen run."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from agents.patients import ALIVE
from agents.teams import KINDS
from results.figures import maps
from results.figures.style import BLUE, GREY, INK, light_grid, new_figure, styled
from results.messages import _
from sim.world import World

MAP_MM: Final = (105, 115)
LINES_MM: Final = (105, 120)
MOST_GIVEN_UP: Final = 0.15
"""Needs given up a person and year at which the colours of the map end, so that weeks can be compared."""
BEST_SERVED: Final = 6.0
"""Accessibility (APL) at which the colours of the map end; an under-served zone is below 2.5."""
GIVEN_UP, REACH, POOR = "given_up", "reach", "poor"
WEEKS_A_YEAR: Final = 52


def layers() -> Mapping[str, str]:
    """What the map may show, and what it is called."""
    return {
        GIVEN_UP: _("needs given up this year, a person"),
        REACH: _("accessibility of physicians (visits a person and year)"),
        POOR: _("poverty rate"),
    }


def charts() -> Mapping[str, str]:
    """The numbers of a week that are drawn, and what they are called."""
    return {
        "mean_wait_days": _("days of waiting"),
        "gp_contacts": _("contacts with physicians"),
        "gp_leaks": _("contacts elsewhere"),
        "ed_visits": _("emergency visits"),
    }


def cell_values(world: World, layer: str) -> NDArray[np.float64]:
    """One number a cell."""
    cells = world.cells
    if layer == REACH:
        return np.asarray(cells["apl"], dtype=float)
    if layer == POOR:
        return np.asarray(cells["poverty"], dtype=float)
    alive = (world.patients["flags"] & ALIVE) > 0
    where = world.patients["cell"][alive]
    given_up = world.patients["forgone_need"][alive].sum(axis=1)
    needs = np.bincount(where, weights=given_up, minlength=len(cells))
    return np.asarray(needs / np.maximum(np.bincount(where, minlength=len(cells)), 1), dtype=float)


def map_of(world: World, layer: str, title: str) -> Figure:
    """The map of the first territory."""
    here = world.cells["territory"] == 0
    cells = pd.DataFrame({
        "x_km": world.cells["x_km"][here], "y_km": world.cells["y_km"][here], "commune": world.cells["commune"][here],
    })  # fmt: skip
    top = {GIVEN_UP: MOST_GIVEN_UP, REACH: BEST_SERVED, POOR: float(cell_values(world, POOR).max())}[layer]
    with styled():
        figure = new_figure(*MAP_MM)
        axes = figure.subplots()
        raster = maps.Raster.of(cells)
        mesh = axes.pcolormesh(*raster.edges(), raster.image(cell_values(world, layer)[here]), vmin=0, vmax=top,
                               cmap="viridis_r" if layer != REACH else "viridis")  # fmt: skip
        maps.borders(axes, raster, cells["commune"])
        maps.sites(axes, sites(world), raster.size_km)
        maps.frame(axes, raster)
        axes.set_title(title)
        figure.colorbar(mesh, ax=axes, location="bottom", shrink=0.8, label=layers()[layer])
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=2, frameon=False)
    return figure


def sites(world: World) -> pd.DataFrame:
    """Main sites of teams and hospitals of the first territory, as the figures of a run take them."""
    parts = []
    for kind, table in (("team", world.teams), ("hospital", world.hospitals)):
        shown = table[table["territory"] == 0]
        cells = world.cells[shown["cell"]]
        parts.append(pd.DataFrame({
            "kind": kind, "x_km": cells["x_km"], "y_km": cells["y_km"],
            "team_kind": [KINDS[code] for code in shown["kind"]] if kind == "team" else "",
            "physicians": shown["physicians"] if kind == "team" else 0,
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def lines_of(now: Mapping[str, Sequence[float]], frozen: Mapping[str, Sequence[float]] | None, said: str) -> Figure:
    """Four lines week by week, over those of the frozen run where there is one."""
    with styled():
        figure = new_figure(*LINES_MM)
        for axes, (name, title) in zip(figure.subplots(2, 2).ravel(), charts().items(), strict=True):
            if frozen:
                axes.plot(_weeks(frozen[name]), smooth(frozen[name]), color=GREY, linewidth=1.6, label=said)
            axes.plot(_weeks(now[name]), smooth(now[name]), color=BLUE, linewidth=1.6, label=_("now"))
            axes.set_title(title, color=INK)
            axes.set(xlim=(0, max(WEEKS_A_YEAR, len(now[name]))), ylim=(0, None))
            light_grid(axes)
        for axes in figure.axes[2:]:
            axes.set_xlabel(_("week"))
        if frozen:
            handles, labels = figure.axes[0].get_legend_handles_labels()
            figure.legend(handles, labels, loc="outside lower center", ncols=1, frameon=False)
    return figure


def _weeks(values: Sequence[float]) -> NDArray[np.int64]:
    return np.arange(1, len(values))


def smooth(values: Sequence[float], weeks: int = 4) -> NDArray[np.float64]:
    """Means over the last four weeks, or as many as there are; the first number, from before week 1, is left out."""
    sums = np.cumsum([0.0, *values[1:]])
    last = np.arange(1, len(values))
    first = np.maximum(last - weeks, 0)
    return np.asarray((sums[last] - sums[first]) / (last - first), dtype=float)

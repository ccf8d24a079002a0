"""The territory: who lives where, in which kind of living area, how accessible physicians are, where care is given."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import ListedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from results.figures import maps
from results.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    PURPLE,
    SKY,
    VERMILLION,
    YELLOW,
    Described,
    lettered,
    new_figure,
    numbers,
    placed,
)  # fmt: skip
from results.messages import _, ngettext, number, percent
from results.run import Run, given_name
from results.spoken import headed

AREA_COLOURS: Final = {"T1": YELLOW, "T2": GREEN, "T3": SKY, "T4": VERMILLION, "T5": PURPLE, "T6": BLUE}
HATCH: Final = "////"
HATCH_COLOUR: Final = (1.0, 1.0, 1.0, 0.55)
LEFT_MM: Final = 3.0
RIGHT_MM: Final = 89.0
MAP_MM: Final = 72.0
DARK: Final = "#3B528B"  # a low value of the scale of map b
TINT: Final = 0.55  # of white in the colour of a living area, so that what lies on it is seen


def area_names() -> dict[str, str]:
    """What each living-area type is called."""
    return {
        "T1": _("T1 periurban, weak access"),
        "T2": _("T2 rural margins"),
        "T3": _("T3 retirement and tourism"),
        "T4": _("T4 deprived"),
        "T5": _("T5 mixed city centres"),
        "T6": _("T6 favoured cities, suburbs"),
    }


def draw(run: Run, territory: int = 0) -> Described:
    """Two maps of one territory: living areas with people, and accessibility with sites of care.

    Args:
        run: the run.
        territory: which of its territories (row).
    """
    cells, communes, sites = here(run, territory)
    raster = maps.Raster.of(cells)
    side = MAP_MM * height_over_width(raster)
    entries = max(len(area_legend(cells)), sites.loc[sites["kind"] == "team", "team_kind"].nunique() + 2)
    base = 13 + 4 * ((entries + 1) // 2)
    figure = new_figure(base + side + 8, constrained=False)
    left, right = (placed(figure, x, base, MAP_MM, side) for x in (LEFT_MM, RIGHT_MM))
    living_areas(left, raster, cells)
    lettered(left, "a", _("Living areas and people"))
    names = maps.commune_names(left, cells, communes)
    mesh = accessibility(right, raster, cells)
    lettered(right, "b", _("Accessibility of physicians, sites of care"))
    maps.sites(right, sites, raster.size_km)
    colour_bar(figure, mesh, placed(figure, RIGHT_MM + MAP_MM + 2.5, base + 0.1 * side, 2.5, 0.8 * side))
    for axes, handles in ((left, area_legend(cells)), (right, site_legend(right, cells))):
        axes.legend(handles=handles, ncols=2, loc="upper left", bbox_to_anchor=(-0.02, -5 / side), borderaxespad=0)
    left.text(0, (3 - base) / side, layout_note(run, territory), fontsize=6.5, color=GREY, transform=left.transAxes)
    title = _("The territory of {name}", name=place_name(run, territory))
    return Described("territory", title, figure, _text(run, territory, cells, sites, names))


def height_over_width(raster: maps.Raster) -> float:
    """Shape of a map on the page, within what a page can bear."""
    west, east, south, north = raster.extent
    return float(min(max((north - south) / (east - west), 0.5), 1.5))


def here(run: Run, territory: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Cells, communes and sites of one territory."""
    parts = (run.cells, run.communes, run.sites)
    cells, communes, sites = (part[part["territory"] == territory] for part in parts)
    return cells, communes, sites


def place_name(run: Run, territory: int) -> str:
    """Name of a territory, or that of the scenario when it has none."""
    return given_name(run.manifest["territories"][territory]) or run.name


def layout_note(run: Run, territory: int) -> str:
    """Whether positions on the map are real."""
    builder = run.manifest["territories"][territory]["builder"]
    if builder == "synthetic":
        return _("The territory is invented: communes, people and positions are drawn from French distributions.")
    if builder == "epci":
        return _("Names and populations are real; positions on the map are laid out by the model.")
    return _("Positions of people come from the grid file of the user; practices are placed by the model.")


def living_areas(axes: Axes, raster: maps.Raster, cells: pd.DataFrame) -> None:
    """Cells by living-area type, with a dot of people on each."""
    lived = cells["people"] > 0
    codes = cells["area_type"].cat.codes.where(lived).to_numpy(float)
    colours = ListedColormap([_tinted(AREA_COLOURS[kind]) for kind in cells["area_type"].cat.categories])
    axes.pcolormesh(
        *raster.edges(), raster.image(codes), cmap=colours, vmin=-0.5, vmax=colours.N - 0.5, rasterized=True
    )
    maps.borders(axes, raster, cells["commune"])
    maps.people_dots(axes, cells[lived])
    maps.frame(axes, raster)
    maps.outline(axes, raster)
    maps.scale_bar(axes, raster.extent)


def accessibility(axes: Axes, raster: maps.Raster, cells: pd.DataFrame) -> QuadMesh:
    """Cells by accessibility, inhabited ones only; under-served ones are hatched."""
    lived = (cells["people"] > 0).to_numpy()
    apl = raster.image(np.where(lived, cells["apl"], np.nan))
    low, high = np.nanmin(apl), np.nanmax(apl)
    mesh = axes.pcolormesh(
        *raster.edges(), apl, cmap="viridis", vmin=min(low, 1.0), vmax=max(high, low + 0.1, 1.0), rasterized=True
    )
    short = raster.image(np.where(lived & (cells["under_served"] > 0).to_numpy(), 1.0, np.nan))
    if np.isfinite(short).any():
        axes.pcolor(
            *raster.edges(), np.ma.masked_invalid(short), hatch=HATCH, facecolor="none", edgecolor=HATCH_COLOUR,
            linewidth=0,
        )  # fmt: skip
    maps.borders(axes, raster, cells["commune"])
    maps.frame(axes, raster)
    maps.outline(axes, raster)
    maps.scale_bar(axes, raster.extent)
    return mesh


def colour_bar(figure: Figure, mesh: QuadMesh, axes: Axes, *, across: bool = False) -> None:
    """The scale of accessibility, in axes of its own, upright or across."""
    bar = figure.colorbar(mesh, cax=axes, orientation="horizontal" if across else "vertical")
    bar.outline.set_visible(False)
    numbers(axes.xaxis if across else axes.yaxis, 1)
    bar.set_label(_("APL (consultations per person per year)"))


def _tinted(colour: str) -> tuple[float, float, float]:
    red, green, blue = (TINT + (1 - TINT) * part for part in to_rgb(colour))
    return red, green, blue


def area_legend(cells: pd.DataFrame) -> list[Patch | Line2D]:
    """What colours and dots of map a mean."""
    present = cells.loc[cells["people"] > 0, "area_type"].astype(str).unique()
    handles: list[Patch | Line2D] = [
        Patch(facecolor=_tinted(AREA_COLOURS[kind]), label=name)
        for kind, name in area_names().items()
        if kind in present
    ]
    top = float(cells["people"].max())
    largest = _("{people} people in a cell", people=number(top))
    dot = {"marker": "o", "color": INK, "linestyle": "", "alpha": 0.75, "markeredgewidth": 0}
    return [*handles, Line2D([], [], markersize=60**0.5, label=largest, **dot)]  # type: ignore[arg-type]


def site_legend(axes: Axes, cells: pd.DataFrame) -> list[Patch | Line2D]:
    """What symbols and hatching of map b mean."""
    handles: list[Patch | Line2D] = []
    for shown in axes.get_legend_handles_labels()[0]:
        label, is_hospital = shown.get_label(), shown.get_label() == _("hospital")
        handles.append(
            Line2D(
                [], [], linestyle="", marker="P" if is_hospital else _marker(str(label)), markersize=6,
                markerfacecolor=VERMILLION if is_hospital else "white", markeredgewidth=0.9,
                markeredgecolor=VERMILLION if is_hospital else INK, label=label,
            )
        )  # fmt: skip
    if (cells["under_served"] > 0).any():
        handles.append(
            Patch(facecolor=DARK, edgecolor="white", hatch=2 * HATCH, linewidth=0, label=_("under-served zone"))
        )
    return handles


def _marker(label: str) -> str:
    return next(maps.MARKERS[kind] for kind, name in maps.team_kind_names().items() if name == label)


def _text(run: Run, territory: int, cells: pd.DataFrame, sites: pd.DataFrame, names: list[str]) -> str:
    """What the maps show."""
    people = cells["people"].to_numpy(float)
    order = np.argsort(cells["apl"].to_numpy(float))
    cumulated = np.cumsum(people[order]) / people.sum()
    tenths = cells["apl"].to_numpy(float)[order][np.searchsorted(cumulated, (0.1, 0.5, 0.9))]
    teams = sites[sites["kind"] == "team"]
    by_area = cells.groupby("area_type", observed=True)["people"].sum() / people.sum()
    areas = ", ".join(f"{area_names()[str(k)]} {percent(v)}" for k, v in by_area[by_area > 0].items())
    counts = teams["team_kind"].value_counts()
    kinds = ", ".join(headed(maps.team_kind_names()[str(kind)], str(n)) for kind, n in counts[counts > 0].items())
    return " ".join(
        [
            _("Two maps of {name}: {people} people in {cells} inhabited cells of {size} km and {communes} communes.",
              name=place_name(run, territory), people=number(people.sum()), cells=number(int((people > 0).sum())),
              size=number(maps.Raster.of(cells).size_km, 1), communes=number(cells["commune"].nunique())),
            _("Map a colours cells by living-area type ({areas}) and marks people by dots; the largest communes are "
              "{names}.", areas=areas, names=", ".join(names) or "-"),
            _("Map b colours cells by the accessibility of physicians (APL): {low} in the worst tenth of people, "
              "{middle} at the median, {high} in the best tenth; {share} of people live in an under-served zone.",
              low=number(tenths[0], 1), middle=number(tenths[1], 1), high=number(tenths[2], 1),
              share=percent(people[(cells["under_served"] > 0).to_numpy()].sum() / people.sum())),
            _("Sites of care: {teams} ({kinds}) with {physicians}; hospitals: {hospitals}.",
              teams=ngettext("{n} team", "{n} teams", len(teams)), kinds=kinds,
              physicians=ngettext("{n} physician", "{n} physicians", int(teams["physicians"].sum())),
              hospitals=number((sites["kind"] == "hospital").sum())),
            layout_note(run, territory),
        ]
    )  # fmt: skip

"""Drawing on a territory's grid: cells, borders of communes, sites, names and a scale bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from results.figures.style import BLACK, GREY, INK, VERMILLION, halo
from results.messages import _, number

MARKERS: Final = {"solo": "o", "group": "s", "msp": "D", "health_centre": "p", "cpts": "X"}
LETTER: Final = 0.011  # half the width of a letter, of that of the map
LINE: Final = 0.032  # half the height of a line, likewise
GOLDEN_ANGLE: Final = np.pi * (3 - 5**0.5)
SCALES_KM: Final = (0.5, 1, 2, 5, 10, 20, 50, 100, 200)


def team_kind_names() -> dict[str, str]:
    """What each kind of team is called."""
    return {
        "solo": _("solo practice"),
        "group": _("group practice"),
        "msp": _("multi-professional health home"),
        "health_centre": _("health centre"),
        "cpts": _("territorial professional community"),
    }


@dataclass(frozen=True, slots=True)
class Raster:
    """A territory's cells as an image.

    Attributes:
        rows, columns: place of each cell in the image, south first.
        shape: size of the image.
        extent: west, east, south, north, km.
        size_km: side of a cell.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    shape: tuple[int, int]
    extent: tuple[float, float, float, float]
    size_km: float

    @classmethod
    def of(cls, cells: pd.DataFrame) -> "Raster":
        """The smallest image that holds the cells."""
        x, y = cells["x_km"].to_numpy(float), cells["y_km"].to_numpy(float)
        size = min(_spacing(x), _spacing(y))
        columns = np.round((x - x.min()) / size).astype(np.int64)
        rows = np.round((y - y.min()) / size).astype(np.int64)
        half = size / 2
        extent = (x.min() - half, x.max() + half, y.min() - half, y.max() + half)
        return cls(rows, columns, (int(rows.max()) + 1, int(columns.max()) + 1), extent, size)

    def image(self, values: Any) -> NDArray[np.float64]:
        """One number a cell as an image, NaN where there is no cell."""
        out = np.full(self.shape, np.nan)
        out[self.rows, self.columns] = np.asarray(values, dtype=float)
        return out

    def edges(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Borders of the image's columns and rows, km."""
        west, east, south, north = self.extent
        return np.linspace(west, east, self.shape[1] + 1), np.linspace(south, north, self.shape[0] + 1)


def _spacing(values: NDArray[np.float64]) -> float:
    """Smallest distance between two distinct coordinates (1 km when there is only one)."""
    steps = np.diff(np.unique(np.round(values, 3)))
    return float(steps.min()) if len(steps) else 1.0


def borders(axes: Axes, raster: Raster, commune: Any) -> None:
    """Draw the borders between communes."""
    image = raster.image(commune)
    x, y = raster.edges()
    known = np.nan_to_num(image, nan=-1)
    upright = [
        [(x[c + 1], y[r]), (x[c + 1], y[r + 1])] for r, c in zip(*np.nonzero(np.diff(known, axis=1)), strict=True)
    ]
    level = [[(x[c], y[r + 1]), (x[c + 1], y[r + 1])] for r, c in zip(*np.nonzero(np.diff(known, axis=0)), strict=True)]
    axes.add_collection(LineCollection(upright + level, colors="white", linewidths=0.7, zorder=1.5))


def sites(axes: Axes, table: pd.DataFrame, size_km: float, *, scale: float = 1.0) -> list[str]:
    """Draw team sites by kind and size, and hospitals; those of one cell stand around it. The kinds drawn."""
    drawn = []
    table = spread(table, size_km)
    teams = table[table["kind"] == "team"].sort_values("physicians", ascending=False)
    for kind, marker in MARKERS.items():
        here = teams[teams["team_kind"] == kind]
        if len(here):
            size = scale * (8 + 6 * here["physicians"].clip(0, 12))
            axes.scatter(
                here["x_km"], here["y_km"], s=size, marker=marker, facecolor="white", edgecolor=BLACK,
                linewidth=0.8, zorder=7, label=team_kind_names()[kind],
            )  # fmt: skip
            drawn.append(kind)
    hospitals = table[table["kind"] == "hospital"]
    if len(hospitals):
        axes.scatter(
            hospitals["x_km"], hospitals["y_km"], s=55 * scale, marker="P", facecolor=VERMILLION, edgecolor="white",
            linewidth=0.8, zorder=8, label=_("hospital"),
        )  # fmt: skip
        drawn.append("hospital")
    return drawn


def spread(table: pd.DataFrame, size_km: float) -> pd.DataFrame:
    """Sites with those of one cell set apart, in a spiral around it, so that each can be seen."""
    rank = table.groupby([table["x_km"].round(3), table["y_km"].round(3)]).cumcount().to_numpy(float)
    radius, angle = 0.8 * size_km * np.sqrt(rank), GOLDEN_ANGLE * rank
    return table.assign(x_km=table["x_km"] + radius * np.cos(angle), y_km=table["y_km"] + radius * np.sin(angle))


def commune_names(
    axes: Axes, cells: pd.DataFrame, communes: pd.DataFrame, most: int = 6, around: pd.DataFrame | None = None
) -> list[str]:
    """Write the names of the largest communes, where they hide neither each other nor sites; the names written.

    Args:
        axes: the map, its limits set.
        cells: cells of the territory.
        communes: communes of the territory.
        most: names at most.
        around: sites that are drawn, if any.
    """
    west, east = axes.get_xlim()
    span = abs(east - west)
    taken = [] if around is None else [(x, y, 0.0) for x, y in around[["x_km", "y_km"]].to_numpy(float)]
    written: list[str] = []
    for row in communes.sort_values("people", ascending=False, kind="stable").itertuples():
        inside = cells[cells["commune"] == row.commune]
        people = inside["people"].to_numpy(float)
        if len(written) == most or not people.sum():
            continue
        name = str(row.name)
        half = LETTER * span * len(name)
        x = float(np.clip(np.average(inside["x_km"], weights=people), west + half, east - half))
        y = _free_height(x, float(np.average(inside["y_km"], weights=people)), half, span, taken)
        if y is not None:
            taken.append((x, y, half))
            written.append(name)
            axes.annotate(name, (x, y), ha="center", va="center", fontsize=6.5, zorder=6, path_effects=halo())
    return written


def _free_height(
    x: float, y: float, half: float, span: float, taken: Sequence[tuple[float, float, float]]
) -> float | None:
    """The height nearest ``y`` at which a name fits, None when there is none."""
    for step in (-1, 1, -2, 2, -3, 3):
        height = y + step * LINE * span
        if all(abs(x - a) > half + b + LETTER * span or abs(height - c) > 1.1 * LINE * span for a, c, b in taken):
            return height
    return None


def scale_bar(axes: Axes, extent: Sequence[float]) -> float:
    """Draw a scale bar under the map; its length in km."""
    west, east, south, _north = extent
    length = max(km for km in SCALES_KM if km <= max((east - west) / 4, SCALES_KM[0]))
    y = south - 0.035 * (east - west)
    axes.plot([west, west + length], [y, y], color=INK, linewidth=1.6, solid_capstyle="butt", clip_on=False)
    text = _("{length} km", length=number(length, 1 if length < 1 else 0))
    axes.text(west + length + 0.01 * (east - west), y, text, va="center", ha="left", fontsize=6.5)
    return length


def frame(axes: Axes, raster: Raster) -> None:
    """Square kilometres, no axes."""
    west, east, south, north = raster.extent
    axes.set(xlim=(west, east), ylim=(south, north), aspect="equal")
    axes.axis("off")


def people_dots(axes: Axes, cells: pd.DataFrame, largest: float = 60.0) -> float:
    """One dot a cell, its area in proportion to its people; people of the largest dot."""
    people = cells["people"].to_numpy(float)
    top = float(people.max())
    axes.scatter(cells["x_km"], cells["y_km"], s=largest * people / top, color=INK, alpha=0.75, linewidth=0, zorder=3)
    return top


def outline(axes: Axes, raster: Raster) -> None:
    """A thin frame around the map."""
    west, east, south, north = raster.extent
    corners = ([west, east, east, west, west], [south, south, north, north, south])
    axes.plot(*corners, color=GREY, linewidth=0.5, clip_on=False)

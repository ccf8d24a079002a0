"""How every figure looks: one journal style, colours that colour-blind readers can tell apart, and text beside each.

Figures are built without pyplot, so that nothing global is left behind and any number of threads may draw.
"""

import html
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from results.messages import number
from results.provenance import in_picture, in_svg, record

# Okabe and Ito's palette (2008), told apart with every common form of colour blindness.
BLACK: Final = "#000000"
ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
YELLOW: Final = "#F0E442"
BLUE: Final = "#0072B2"
VERMILLION: Final = "#D55E00"
PURPLE: Final = "#CC79A7"
GREY: Final = "#8C8C8C"
PALE: Final = "#D9D9D9"
INK: Final = "#262626"

WIDTH_MM: Final = 180  # two columns of a journal
MM_PER_INCH: Final = 25.4
DPI: Final = 200
UNDATED: Final[Mapping[str, Mapping[str, Any]]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
"""Metadata by kind of picture without which the same picture would have other bytes at another time."""

RULES: Final[Mapping[str, Any]] = {
    "font.family": "DejaVu Sans",
    "font.size": 7.5,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 7,
    "axes.labelsize": 7.5,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "text.color": INK,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "legend.handlelength": 1.4,
    "lines.linewidth": 1.4,
    "hatch.linewidth": 0.5,
    "figure.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "careteams",
}


@dataclass(frozen=True, slots=True)
class Described:
    """A figure and what it shows in words, for who cannot see it and for who quotes it.

    Attributes:
        name: name of the figure, that of its module.
        title: one line.
        figure: the figure.
        text: what it shows, with its main numbers, in a few sentences.
        provenance: what the numbers come from: that of a study, or the manifest of a run.
    """

    name: str
    title: str
    figure: Figure
    text: str
    provenance: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def styled() -> Iterator[None]:
    """The journal style, for as long as the block lasts."""
    with mpl.rc_context(dict(RULES)):  # type: ignore[arg-type]
        yield


def new_figure(height_mm: float, width_mm: float = WIDTH_MM, *, constrained: bool = True) -> Figure:
    """An empty figure of a given size, on a canvas of its own; laid out by constraints unless axes are placed."""
    size = (width_mm / MM_PER_INCH, height_mm / MM_PER_INCH)
    figure = Figure(figsize=size, layout="constrained" if constrained else None)
    FigureCanvasAgg(figure)
    return figure


def placed(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Axes at a place given in millimetres from the lower left corner."""
    across, up = (float(inches) * MM_PER_INCH for inches in figure.get_size_inches())
    return figure.add_axes((left / across, bottom / up, width / across, height / up))


def lettered(axes: Axes, letter: str, title: str) -> None:
    """Title of a panel, with its letter."""
    axes.set_title(f"{letter}   {title}" if letter else title)


def numbers(axis: Axis, decimals: int = 0, ticks: int = 5) -> None:
    """Few ticks, written as numbers are in the language in use."""
    axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10], integer=not decimals))
    axis.set_major_formatter(FuncFormatter(lambda value, _position: number(value, decimals)))


def nothing_here(axes: Axes, text: str) -> None:
    """Say in a panel that there is nothing to draw, and take its axes away: an empty scale looks like zeros."""
    axes.axis("off")
    axes.text(0.5, 0.5, text, ha="center", va="center", color=GREY, transform=axes.transAxes)


def light_grid(axes: Axes, along: str = "y") -> None:
    """Faint lines to read values by."""
    axes.grid(axis=along, color=PALE, linewidth=0.4)  # type: ignore[arg-type]


def wrapped(text: str, letters: int) -> str:
    """Text in lines of at most ``letters`` letters."""
    return "\n".join(textwrap.wrap(text, letters))


def halo(width: float = 1.8) -> list[withStroke]:
    """A white outline that keeps text legible on a map."""
    return [withStroke(linewidth=width, foreground="white")]


def save(described: Described, folder: Path, dpi: int = DPI) -> list[Path]:
    """Write a figure as PNG, SVG and text, each carrying the description; the files written.

    Args:
        described: the figure.
        folder: where; it is made if need be.
        dpi: resolution of the PNG (journals ask for 300).
    """
    folder.mkdir(parents=True, exist_ok=True)
    pictures = [write(described, folder / f"{described.name}.{kind}", dpi) for kind in ("png", "svg")]
    return [*pictures, write_words(described, pictures[0])]


def write(described: Described, file: Path, dpi: int = DPI) -> Path:
    """Write a figure as one picture of any kind that matplotlib knows, with its description and record inside.

    Raises:
        OSError: when the file cannot be written.
        ValueError: for a kind of file that is no picture.
    """
    kind = file.suffix.lower().lstrip(".")
    kept = record(described.provenance) if described.provenance else {}
    about = {"png": "Description", "svg": "Description", "pdf": "Subject"}.get(kind)
    facts = {"Title": described.title, about: described.text, **UNDATED.get(kind, {})} if about else {}
    with styled():
        described.figure.savefig(file, dpi=dpi, metadata={**facts, **in_picture(kept, kind)})
    if kind == "svg":
        file.write_text(in_svg(_accessible(file.read_text(encoding="utf-8"), described), kept), encoding="utf-8")
    return file


def write_words(described: Described, picture: Path) -> Path:
    """Write what a figure shows, in words, beside its picture."""
    text = picture.with_suffix(".txt")
    text.write_text(f"{described.title}\n\n{described.text}\n", encoding="utf-8")
    return text


def _accessible(svg: str, described: Described) -> str:
    """The drawing with a title and a description that screen readers speak."""
    head, mark, rest = svg.partition("<svg ")
    opening, end, body = rest.partition(">")
    names = f'role="img" aria-labelledby="{described.name}-title {described.name}-text" '
    spoken = (
        f'\n <title id="{described.name}-title">{html.escape(described.title)}</title>'
        f'\n <desc id="{described.name}-text">{html.escape(described.text)}</desc>'
    )
    return head + mark + names + opening + end + spoken + body

"""Figures of the ODD document: drawn from sketches, shown by a page, and never older than the code."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import MaxNLocator

from agents.mistakes import Mistake, nearest
from results.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    lettered,
    light_grid,
    new_figure,
    numbers,
    styled,
    wrapped,
)
from results.messages import language, speaking
from scenarios.odd import curves_of_care, curves_of_decisions, curves_of_money, curves_of_people, curves_of_week
from scenarios.odd.sketch import Panel, Sketch

FOLDER: Final = "images/odd"
DIGEST: Final = "careteams-odd"
"""Name under which a picture carries the digest of what it was drawn from."""
COLOURS: Final = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY, BLACK)
DASHES: Final = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
HEIGHT_MM: Final = 62.0
PANELS_ACROSS: Final = 3
TITLE_LETTERS: Final = {1: 80, 2: 44, 3: 24}
"""Letters that fit over a panel, by the number of panels side by side."""
STEPS: Final = (1, 2, 5, 10)
"""Ticks that one decimal tells apart."""
DPI: Final = 130

SKETCHES: Final[Mapping[str, Callable[[], Sketch]]] = {
    **curves_of_people.SKETCHES, **curves_of_week.SKETCHES,
    **curves_of_care.SKETCHES, **curves_of_decisions.SKETCHES, **curves_of_money.SKETCHES,
}  # fmt: skip
"""Every sketch by name."""


def shown(name: str) -> str:
    """A figure as a page shows it, with its description.

    Raises:
        Mistake: with the nearest figure.
    """
    made = sketched(name)
    return f"![{made.text}]({FOLDER}/{_file(name)})\n\n*{made.title}. {made.text}*"


def sketched(name: str) -> Sketch:
    """The sketch of a figure, in the language in use.

    Raises:
        Mistake: with the nearest figure.
    """
    if name not in SKETCHES:
        raise Mistake(
            'no figure is called "{name}". Did you mean "{nearest}"?', name=name, nearest=nearest(name, SKETCHES) or ""
        )
    return _sketch(name, language())


@cache
def _sketch(name: str, spoken: str) -> Sketch:
    assert spoken == language()  # the labels of a sketch are in it
    return SKETCHES[name]()


def drawn(docs: Path, spoken: str) -> None:
    """Draw every figure that is not up to date, in a language."""
    for name in _not_up_to_date(docs, spoken):
        with speaking(spoken):
            draw(sketched(name), docs / FOLDER / _file(name))


def missing(docs: Path, spoken: str) -> list[str]:
    """Figures that are not there, or were drawn from other data."""
    return [
        f"{FOLDER}/{name} ({spoken}): not drawn from the data of today: python -m scenarios.odd"
        for name in _not_up_to_date(docs, spoken)
    ]


def _not_up_to_date(docs: Path, spoken: str) -> list[str]:
    with speaking(spoken):
        return [name for name in SKETCHES if digest_of(docs / FOLDER / _file(name)) != sketched(name).digest()]


def _file(name: str) -> str:
    return f"{name}.png" if language() == "en" else f"{name}.{language()}.png"


def digest_of(picture: Path) -> str:
    """The digest that a picture carries, "" where there is none."""
    from PIL import Image

    if not picture.exists():
        return ""
    with Image.open(picture) as image:
        return str(image.info.get(DIGEST, ""))


def draw(sketch: Sketch, picture: Path) -> None:
    """Draw a sketch to a PNG file that carries its title, its description and its digest."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    rows = -(-len(sketch.panels) // PANELS_ACROSS)
    across = -(-len(sketch.panels) // rows)
    with styled():
        figure = new_figure(HEIGHT_MM * rows)
        axes = figure.subplots(rows, across, squeeze=False).ravel()
        for place, own in enumerate(axes):
            if place < len(sketch.panels):
                _panel(own, "abcdef"[place], sketch.panels[place], TITLE_LETTERS[across])
            else:
                own.set_axis_off()
        facts = {"Title": sketch.title, "Description": sketch.text, DIGEST: sketch.digest(), "Software": "careteams"}
        figure.savefig(picture, dpi=DPI, metadata=facts)


def _panel(axes: Axes, letter: str, panel: Panel, letters: int) -> None:
    for place, line in enumerate(panel.curves):
        axes.plot(line.x, line.y, color=COLOURS[place], linestyle=DASHES[place], label=line.name)
    lettered(axes, letter, wrapped(panel.title, letters))
    axes.set_xlabel(panel.across)
    axes.set_ylabel(panel.up)
    _ticks(axes.xaxis, panel.decimals[0])
    if panel.logarithmic:
        axes.set_yscale("log")
    else:
        _ticks(axes.yaxis, panel.decimals[1])
        axes.set_ylim(bottom=min(0.0, *(min(line.y) for line in panel.curves)))
    light_grid(axes)
    if len(panel.curves) > 1:
        axes.legend(loc="best")


def _ticks(axis: Axis, decimals: int) -> None:
    numbers(axis, decimals)
    axis.set_major_locator(MaxNLocator(5, steps=STEPS, integer=not decimals))

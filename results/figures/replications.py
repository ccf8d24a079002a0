"""When a warm-up may end and how many worlds are enough: both rules on what was run."""

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any, Final

import numpy as np
from matplotlib.ticker import FuncFormatter

from results.comparison_shown import Names, shown, titled
from results.figures.comparison import STYLES, foot
from results.figures.style import GREY, INK, VERMILLION, Described, lettered, light_grid, new_figure, numbers, wrapped
from results.messages import _, number, percent
from results.replications import Running, Settling
from results.spoken import headed

PANEL_MM: Final = 42
LETTERS: Final = 46
MOST: Final = 5
"""Differences that are shown."""


def draw(
    settling: Sequence[Settling], found: Sequence[Running], names: Names, provenance: Mapping[str, Any]
) -> Described:
    """The warm-up above, one panel a difference below.

    Args:
        settling: levels of some worlds in each year of a long warm-up.
        found: differences after each world.
        names: what outcomes are called.
        provenance: where it comes from.
    """
    found = list(found)[:MOST]
    lines = 1 + (len(found) + 1) // 2
    figure = new_figure(PANEL_MM * lines + 8)
    panels = figure.subplots(lines, 2, squeeze=False).ravel()
    _warm_up(panels[0], settling)
    panels[1].set_visible(False)
    for place, one in enumerate(found):
        _worlds(panels[2 + place], one, names, "bcdefg"[place])
    for axes in panels[2 + len(found) :]:
        axes.set_visible(False)
    handles, said = panels[0].get_legend_handles_labels()
    figure.legend(handles, said, loc="upper right", bbox_to_anchor=(0.98, 0.97), ncols=1)
    figure.supxlabel(foot(provenance), fontsize=5.5, color=GREY)
    title = _("When the warm-up may end, and how many worlds are enough")
    return Described("replications", title, figure, text(settling, found, names, provenance), provenance)


def _warm_up(axes: Any, settling: Sequence[Settling]) -> None:
    for one in settling:
        for (name, moves), (colour, mark) in zip(one.changes().items(), STYLES, strict=False):
            said = name if one is settling[0] else None
            axes.plot(np.arange(2, len(moves) + 2), 100 * moves, color=colour, marker=mark, markersize=3, label=said)
    limit = 100 * settling[0].tolerance
    axes.axhline(limit, color=INK, linestyle="--", linewidth=0.8, label=_("the rule's limit"))
    for years in {one.settled_after() for one in settling} - {0}:
        axes.axvline(years, color=GREY, linewidth=0.6, linestyle=":")
    axes.set_yscale("log")
    axes.set_xlabel(_("year of warm-up"))
    axes.set_ylabel(_("change in a year, %"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: number(value, max(0, -round(log10(value))))))
    numbers(axes.xaxis)
    light_grid(axes)
    lettered(axes, "a", _("Warm-up"))


def _worlds(axes: Any, one: Running, names: Names, letter: str) -> None:
    colour = STYLES[0][0]
    axes.fill_between(one.worlds, one.mean - one.half, one.mean + one.half, color=colour, alpha=0.22, linewidth=0)
    axes.plot(one.worlds, one.mean, color=colour, marker="o", markersize=2.5)
    axes.axhline(0, color=INK, linewidth=0.6)
    last = one.mean[-1]
    for edge in (last - one.wanted, last + one.wanted):
        axes.axhline(edge, color=VERMILLION, linestyle="--", linewidth=0.8)
    enough = one.needed <= one.worlds[-1]
    said = _("worlds: {count} are enough", count=shown_needed(one))
    axes.set_xlabel(said if enough else _("worlds: the rule asks for {count}", count=shown_needed(one)))
    numbers(axes.xaxis)
    light_grid(axes)
    lettered(axes, letter, wrapped(headed(titled(one.outcome, names), one.arm), LETTERS))


def shown_needed(one: Running) -> str:
    """Worlds that the rule asks for."""
    return number(one.needed) if np.isfinite(one.needed) else "–"


def _span(values: Sequence[float]) -> list[float]:
    return sorted({float(min(values)), float(max(values))})


def text(settling: Sequence[Settling], found: Sequence[Running], names: Names, provenance: Mapping[str, Any]) -> str:
    """What the figure shows."""
    ends = ", ".join(
        _("seed {seed}: after {years} years", seed=one.seed, years=one.settled_after() or "–") for one in settling
    )
    said = [_("The warm-up may end, by the rule: {ends}.", ends=ends)]
    for name in settling[0].levels:
        moves = [one.changes()[name] for one in settling]
        said.append(_("{level}: {first} in the second year, at most {most} in a later one.", level=name,
                      first=" – ".join(percent(v, 1) for v in _span([own[0] for own in moves])),
                      most=percent(max(float(own[1:].max(initial=0.0)) for own in moves), 1)))  # fmt: skip
    said += [
        _("{outcome}, {arm}: {difference} ± {half} after {worlds} worlds; wanted ± {wanted}, for which the rule asks "
          "for {needed} worlds.", outcome=titled(one.outcome, names), arm=one.arm,
          difference=shown(float(one.mean[-1]), signed=True), half=shown(float(one.half[-1])),
          worlds=number(float(one.worlds[-1])), wanted=shown(one.wanted), needed=shown_needed(one))
        for one in found
    ]  # fmt: skip
    return " ".join([*said, foot(provenance)])

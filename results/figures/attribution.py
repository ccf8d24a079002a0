"""Merit, territory or luck: what a payment is made of, who is paid for nothing, and whether the rule can tell."""

import textwrap
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from results.attribution import Attribution
from results.attribution_shown import part_titles, place_title, sentences
from results.figures.comparison import foot
from results.figures.maps import spread
from results.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILLION,
    YELLOW,
    Described,
    light_grid,
    new_figure,
    numbers,
    placed,
    wrapped,
)
from results.messages import _, label, number, percent
from results.spoken import headed, several

MOSTLY: Final = 0.5
"""Share of draws from which a team is mostly paid for nothing."""
COLOURS: Final = {
    "common": PALE, "response": GREEN, "territory": ORANGE, "case_mix": PURPLE, "start": SKY, "trend": YELLOW,
    "luck": VERMILLION, "payment": INK,
}  # fmt: skip
HEIGHT_MM: Final = 154.0
CURVES: Final = ((GREY, "o", "-"), (SKY, "s", "-"), (BLUE, "^", "-"), (GREEN, "D", "-"), (PURPLE, "v", "-"))
MOST_PLACES: Final = 12
LETTERS: Final = 30
LONG: Final = 76
"""Letters of a title from which it is set smaller."""
LONGEST: Final = 96
"""Letters of a line of a smaller title."""
NOTE: Final = 6.5
"""Size of what is said under an axis."""
SITE_KM, SCALE_KM, GROUND = 1.0, 5.0, "#F4F4F1"
THOUSAND: Final = 1000.0


def draw(found: Attribution, provenance: Mapping[str, Any]) -> Described:
    """Four panels: parts of the payment, draws of chance, power by size of the list, places paid for nothing.

    Args:
        found: the attribution.
        provenance: where it comes from, for the foot of the figure.
    """
    figure = new_figure(HEIGHT_MM, constrained=False)
    title = _("{policy}, team {team}: merit, territory or luck?",
              policy=label(str(provenance.get("title") or provenance.get("policy", ""))),
              team=provenance.get("team", ""))  # fmt: skip
    size, letters = (10, LONG) if len(title) <= LONG else (8, LONGEST)
    figure.text(0.02, 1 - 3 / HEIGHT_MM, wrapped(title, letters), fontsize=size, fontweight="bold", va="top")
    figure.text(0.02, 1 - 10.5 / HEIGHT_MM, _answer(found), fontsize=7.5, va="top", color=INK, linespacing=1.35)
    _parts(placed(figure, 51, 83, 46, 46), found)
    _draws(placed(figure, 126, 83, 50, 46), found)
    _power(placed(figure, 14, 17, 55, 40), found)
    _map(placed(figure, 79, 18, 32, 39), found)
    _places(placed(figure, 138, 17, 28, 40), found)
    figure.text(0.02, 1.5 / HEIGHT_MM, foot(provenance), fontsize=5.5, color=GREY, va="bottom")
    return Described("attribution", title, figure, text(found, provenance), provenance)


def _answer(found: Attribution) -> str:
    """The answer in two lines."""
    parts: Any = found.parts.set_index("part")["mean"]
    rates: Any = found.rates.set_index("response")
    first = _("Paid {paid} EUR a year. What people changed earned {merit} EUR; with no response at all, {null} EUR.",
              paid=number(_whole(parts["payment"])), merit=number(_whole(parts["response"])),
              null=number(_whole(rates.loc["without", "mean"])))  # fmt: skip
    second = _("A bonus although nobody responds: {share} of draws of chance. A bonus is what exceeds the pay of an "
               "average team of its size.", share=percent(rates.loc["without", "paid"]))  # fmt: skip
    return f"{first}\n{second}"


def _whole(value: float) -> float:
    """A rounded amount, without the sign of a zero."""
    return float(round(value)) + 0.0


def _parts(axes: Axes, found: Attribution) -> None:
    """A bar a part, from where the one above ends, down to the whole payment."""
    titles, reached = part_titles(), 0.0
    rows = found.parts.to_dict("records")
    for place, row in enumerate(rows):
        mean, whole = row["mean"] / THOUSAND, row["part"] == "payment"
        left = 0.0 if whole else reached
        axes.barh(place, mean, left=left, color=COLOURS[row["part"]], edgecolor=INK, linewidth=0.4, height=0.66)
        reached = left + mean
        if np.isfinite(row["low"]) and not whole:
            ends = [left + row["low"] / THOUSAND, left + row["high"] / THOUSAND]
            axes.plot(ends, [place, place], color=INK, linewidth=0.7)
        if place + 1 < len(rows) - 1:
            axes.plot([reached, reached], [place - 0.33, place + 1.33], color=GREY, linewidth=0.4)
        said = number(_whole(row["mean"] / THOUSAND)) if abs(row["mean"]) >= 10 * THOUSAND else _small(row["mean"])
        axes.annotate(said if whole or row["mean"] < 0 or row["part"] == "common" else f"+{said}", (1.03, place),
                      xycoords=("axes fraction", "data"), va="center", fontsize=7,
                      fontweight="bold" if row["part"] in ("response", "payment") else "normal")  # fmt: skip
    axes.axvline(0, color=INK, linewidth=0.6)
    axes.set_yticks(range(len(rows)), [textwrap.fill(titles[row["part"]], LETTERS) for row in rows])
    for tick, row in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set(fontsize=6.6, linespacing=0.95)
        tick.set_fontweight("bold" if row["part"] in ("response", "payment") else "normal")
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.05)
    numbers(axes.xaxis)
    light_grid(axes, "x")
    axes.set_xlabel(_("thousand EUR a year; lines: 95 % intervals"), fontsize=NOTE)
    _title(axes, "a", _("What the payment is made of"), across=134)


def _small(amount: float) -> str:
    """An amount in thousands with a decimal, without the sign of a zero."""
    rounded = round(amount / THOUSAND, 1) + 0.0
    return number(rounded, 1) if rounded else "0"


def _title(axes: Axes, letter: str, title: str, *, across: float = 0.0, above: float = 6.0) -> None:
    """Title of a panel, with its letter, moved by points to the left and upwards."""
    axes.annotate(f"{letter}   {title}", (0, 1), xycoords="axes fraction", xytext=(-across, above),
                  textcoords="offset points", fontsize=8.5, fontweight="bold", va="bottom")  # fmt: skip


def _draws(axes: Axes, found: Attribution) -> None:
    """Every draw of chance: what is paid if nobody responds, and what is paid."""
    draws, common = found.draws, float(found.draws["common"].mean()) / THOUSAND
    rates: Any = found.rates.set_index("response")
    rows = (
        ("without_response", "without", _("nobody\nresponds"), VERMILLION),
        ("with_response", "with", _("as it is"), GREEN),
    )
    for place, (column, said, _label, colour) in enumerate(rows):
        pay = np.sort(draws[column].to_numpy(float)) / THOUSAND
        axes.scatter(pay, place + _apart(pay), s=13, color=colour, edgecolor="white", linewidth=0.4, zorder=3)
        axes.plot([pay.mean()] * 2, [place - 0.34, place + 0.34], color=INK, linewidth=1.3, zorder=4)
        axes.annotate(
            _("bonus: {share}", share=percent(rates.loc[said, "paid"])), (1.0, place - 0.4), ha="right", va="bottom",
            xycoords=("axes fraction", "data"), fontsize=7, fontweight="bold",
        )  # fmt: skip
    axes.axvline(common, color=INK, linewidth=0.8, linestyle=(0, (4, 2)))
    axes.set_yticks([0, 1], [row[2] for row in rows])
    axes.set_ylim(1.5, -0.72)
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.06)
    numbers(axes.xaxis)
    light_grid(axes, "x")
    axes.set_xlabel(
        _("thousand EUR a year, one dot a draw of chance;\nbar: mean; dashed: an average team"), fontsize=NOTE
    )
    _title(axes, "b", _("The same team under other luck"), across=45)


def _apart(pay: Any) -> Any:
    """Heights of dots that would hide each other, in a fixed zigzag."""
    return np.resize([0.0, 0.1, -0.1, 0.2, -0.2], len(pay))


def _power(axes: Axes, found: Attribution) -> None:
    """Chance of a bonus of an average team, by size of its list, a curve a planted response."""
    effects = sorted(found.power["effect"].unique())
    for effect, (usual, mark, line) in zip(effects, CURVES, strict=False):
        rows = found.power[found.power["effect"] == effect].sort_values("size")
        first = effect == 0
        colour = VERMILLION if first else usual
        axes.fill_between(rows["size"], rows["paid_low"], rows["paid_high"], color=colour, alpha=0.13, linewidth=0)
        axes.plot(rows["size"], rows["paid"], color=colour, marker=mark, markersize=3.5, linestyle=line,
                  label=_("not at all") if first else f"\u2212{percent(effect)}")  # fmt: skip
    axes.set_xscale("log")
    sizes = sorted(found.power["size"].unique())
    axes.set_xticks(sizes, [number(size) for size in sizes], fontsize=5.5)
    axes.minorticks_off()
    axes.set_ylim(-0.02, 1.04)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], [percent(share) for share in (0, 0.25, 0.5, 0.75, 1)])
    light_grid(axes)
    axes.set_xlabel(_("registered patients; bands: 95 % intervals"), fontsize=NOTE)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.04, 0.985), ncols=4, fontsize=6.5, columnspacing=0.9,
                handletextpad=0.4, borderpad=0)  # fmt: skip
    _title(axes, "c", _("Bonus, average team, if spending falls"), across=34, above=13)


def _places(axes: Axes, found: Attribution) -> None:
    """What each team, or each place, would be paid for nothing, a patient; the share of draws with a bonus."""
    places = _chosen(found.places)
    scale = places["list"].clip(lower=1).to_numpy(float)
    for place, row in enumerate(places.to_dict("records")):
        size, colour = scale[place], _colour(row["paid"])
        axes.plot([row["low"] / size, row["high"] / size], [place, place], color=colour, linewidth=2.2, alpha=0.55)
        axes.plot(row["mean"] / size, place, "o", color=colour, markersize=4.2)
        axes.annotate(
            percent(row["paid"]), (1.05, place), xycoords=("axes fraction", "data"), va="center", fontsize=6.5
        )
    labels = [f"{place_title(row['place'], row['kind'])} ({number(row['list'])})" for row in places.to_dict("records")]
    axes.set_yticks(range(len(places)), labels, fontsize=6)
    axes.set_ylim(len(places) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.axvline(0, color=INK, linewidth=0.6)
    axes.margins(x=0.06)
    numbers(axes.xaxis, ticks=4)
    light_grid(axes, "x")
    axes.set_xlabel(_("EUR a patient and year; lines: nine draws\nof ten; right: draws with a bonus"), fontsize=NOTE)


def _colour(paid: float) -> str:
    """Colour of a team by the share of draws in which it is paid for nothing."""
    return VERMILLION if paid > MOSTLY else ORANGE if paid > 0 else GREY


def _map(axes: Axes, found: Attribution) -> None:
    """Where the teams are that would be paid for nothing."""
    teams = found.places[found.places["kind"] == "team"]
    sites = spread(teams, SITE_KM)
    axes.set_facecolor(GROUND)
    for row in sites.sort_values("list", ascending=False).to_dict("records"):
        axes.scatter(row["x_km"], row["y_km"], s=8 + row["list"] / 40, color=_colour(row["paid"]), edgecolor="white",
                     linewidth=0.6, alpha=0.9)  # fmt: skip
    axes.margins(0.16)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    low, high = axes.get_xlim()
    axes.plot([low + 0.06 * (high - low), low + 0.06 * (high - low) + SCALE_KM], [axes.get_ylim()[0]] * 2, color=INK,
              linewidth=1.2, clip_on=False)  # fmt: skip
    axes.legend(handles=_keys(), loc="upper center", bbox_to_anchor=(0.5, -0.02), ncols=3, fontsize=6.5,
                handletextpad=0.1, columnspacing=0.8, borderpad=0.2)  # fmt: skip
    axes.set_xlabel(_("line: {length} km; area: size of the list", length=number(SCALE_KM)), labelpad=15, fontsize=NOTE)
    _title(axes, "d", _("Who would be paid for nothing"), above=13)


def _keys() -> list[Line2D]:
    def dot(colour: str, said: str) -> Line2D:
        return Line2D([], [], color=colour, marker="o", markersize=4, linestyle="", label=said)

    return [dot(VERMILLION, _("mostly")), dot(ORANGE, _("at times")), dot(GREY, _("never"))]


def _chosen(places: pd.DataFrame) -> pd.DataFrame:
    """Places that are drawn: living areas first, then the largest teams."""
    ordered = places.sort_values(["kind", "list"], ascending=[True, False], kind="stable")
    return ordered.head(MOST_PLACES)


def text(found: Attribution, provenance: Mapping[str, Any]) -> str:
    """What the figure shows, panel by panel."""
    titles = part_titles()
    said = several(
        headed(titles[row["part"]], f"{number(_whole(row['mean']))} EUR") for row in found.parts.to_dict("records")
    )
    return " ".join([_("Parts of the payment, a year: {parts}.", parts=said), *sentences(found), foot(provenance)])

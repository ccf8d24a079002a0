"""A team's years on one page: votes, contracts, posts, leader, delegation, overload and quarrels, lane by lane."""

from collections.abc import Iterable
from math import isnan
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from results.cast import Cast, cast_of
from results.diary import Entry, entries_of, leaders
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
    Described,
    light_grid,
    new_figure,
    numbers,
)  # fmt: skip
from results.messages import _, label, ngettext, number, percent
from results.paid import rule_titles
from results.run import Run
from results.story import contract_of
from results.story_events import CONTESTED, LEAVING

WEEKS_PER_YEAR: Final = 52
SMOOTH_WEEKS: Final = 4
HEIGHT_MM: Final = 150
LETTERS: Final = 24
SEEN: Final = 0.005
LEFT_OUT: Final = 0.85
"""Place in the run from which a label stands to the left of its mark."""
HEIGHTS: Final = {"votes": 1.2, "contract": 1.9, "leader": 0.8, "posts": 1.0, "delegation": 1.3, "overload": 1.3,
                  "conflict": 1.1}  # fmt: skip
"""Lanes from top to bottom, with their heights."""


def draw(run: Run, team: str = "") -> Described:
    """One lane a subject, over the years of the run.

    Raises:
        RunError: when nobody decides in the run.
    """
    cast = cast_of(run, team)
    entries = entries_of(cast)
    years = float(run.territory["year"].max())
    figure = new_figure(HEIGHT_MM)
    panels = figure.subplots(len(HEIGHTS), 1, sharex=True, height_ratios=list(HEIGHTS.values()))
    lanes: dict[str, Axes] = dict(zip(HEIGHTS, panels, strict=True))
    votes(lanes["votes"], cast, entries, years)
    contract(lanes["contract"], cast, entries, years)
    leader(lanes["leader"], cast, entries, years)
    posts(lanes["posts"], cast, entries)
    handed = delegation(lanes["delegation"], cast)
    load = overload(lanes["overload"], cast)
    conflict(lanes["conflict"], cast, entries)
    for name, axes in lanes.items():
        axes.set_ylabel(lane_names()[name], rotation=0, ha="right", va="center")
        axes.set_xlim(0, years)
        axes.tick_params(axis="x", length=2.5 if name == "conflict" else 0)
        light_grid(axes, "x")
    numbers(lanes["conflict"].xaxis, 0 if years > 2 else 1, ticks=8)  # noqa: PLR2004 - whole years are too coarse for two
    lanes["conflict"].set_xlabel(_("Years since the start of the run"))
    figure.align_ylabels()
    title = _("The years of the team {name}", name=cast.name)
    return Described("timeline", title, figure, _text(cast, entries, handed, load))


def lane_names() -> dict[str, str]:
    """What each lane is called."""
    return {
        "votes": _("Votes\n(line: needed)"), "contract": _("Rules"), "leader": _("Leader"),
        "posts": _("Posts paid\nby the team"),
        "delegation": _("Tasks\nhanded over"), "overload": _("Overload of\nphysicians"),
        "conflict": _("Quarrel over\nmoney"),
    }  # fmt: skip


def time_of(cast: Cast, weeks: Any) -> Any:
    """Years since the start of the run, at the end of a week."""
    return (weeks - int(cast.run.manifest["first_week"]) + 1) / WEEKS_PER_YEAR


def votes(axes: Axes, cast: Cast, entries: Iterable[Entry], years: float) -> None:
    """The share of yes of each vote, against what was needed."""
    _no_frame(axes)
    axes.set_ylim(-0.25, 1.45)
    axes.axhline(0, color=PALE, linewidth=0.6)
    axes.set_yticks([])
    for entry in (one for one in entries if one.kind == "vote"):
        x = time_of(cast, entry.week)
        leaving = entry.text.startswith(LEAVING)
        if leaving and entry.after < CONTESTED:
            continue
        carried = isnan(entry.before) or entry.after >= entry.before
        colour, mark = (BLUE, "^") if carried else (VERMILLION, "v")
        axes.vlines(x, 0, entry.after, color=colour, linewidth=1.0)
        axes.plot(x, entry.after, mark, color=colour, markersize=5)
        if not isnan(entry.before):
            axes.hlines(entry.before, x - 0.03 * years / 4, x + 0.03 * years / 4, color=INK, linewidth=0.8)
        _name(axes, x, entry.after, _vote_label(cast, entry, leaving=leaving), years, colour)


def contract(axes: Axes, cast: Cast, entries: Iterable[Entry], years: float) -> None:
    """A bar for each rule that the team joins or leaves; marks where rules or the split of money change."""
    _no_frame(axes)
    spells: dict[str, list[list[float]]] = {}
    marks = []
    start_with = len(contract_of(cast))
    if start_with:
        text = ngettext("from the start: {n} rule", "from the start: {n} rules", start_with)
        axes.text(years, -0.3, text, ha="right", va="center", fontsize=6.5, color=GREY)
    for entry in entries:
        x = time_of(cast, entry.week)
        if entry.kind == "join":
            spells.setdefault(entry.text, []).append([x, years])
        elif entry.kind == "leave" and entry.physician not in cast.physicians:
            if not spells.get(entry.text):
                spells.setdefault(entry.text, []).append([0.0, years])
            spells[entry.text][-1][1] = x
        elif entry.kind == "sharing" or (entry.kind == "rule_change" and not entry.terms.get("vetoed")):
            marks.append((x, entry))
    for row, (name, bars) in enumerate(spells.items()):
        for start, end in bars:
            axes.barh(row + 1, end - start, 0.55, left=start, color=SKY)
        start, end = bars[0]
        _inside(axes, start, row + 1, _rule(cast, name), years)
    for x, entry in marks:
        payer = entry.kind == "rule_change"
        axes.plot(x, 0.3 if payer else -0.3, "D" if payer else "s", color=PURPLE if payer else ORANGE, markersize=4)
    axes.set_ylim(-0.7, len(spells) + 0.6)
    kinds = {"D": (PURPLE, _("the payer changes a rule")), "s": (ORANGE, _("the split of the money changes"))}
    for mark, (colour, text) in kinds.items():
        axes.plot([], [], mark, color=colour, markersize=4, linestyle="", label=text)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 0.94), ncols=2, borderaxespad=0, fontsize=6.5, handletextpad=0.2)
    axes.set_yticks([])


def leader(axes: Axes, cast: Cast, entries: Iterable[Entry], years: float) -> None:
    """Who leads, as far as changes tell it."""
    _no_frame(axes)
    axes.set_ylim(-0.6, 0.6)
    axes.set_yticks([])
    changes = [one for one in entries if one.kind == "leader"]
    spells: list[tuple[float, float, int]] = []
    start, row = 0.0, leaders(changes[0])[0] if changes else -1
    for entry in changes:
        x = time_of(cast, entry.week)
        spells.append((start, x, row))
        start, row = x, leaders(entry)[1]
    spells.append((start, years, row))
    for place, (begin, end, who) in enumerate(spells):
        if who in cast.physicians:
            axes.barh(0, end - begin, 0.7, left=begin, color=(SKY, GREEN)[place % 2], alpha=0.55)
            _inside(axes, begin, 0, cast.physician_label(who), years)
    if not changes:
        axes.text(0.01 * years, 0, _("no change"), va="center", fontsize=6.5, color=GREY)


def posts(axes: Axes, cast: Cast, entries: Iterable[Entry]) -> None:
    """Full-time posts that the team's own money pays."""
    weeks = cast.run.teams[cast.run.teams["team"] == cast.team].set_index("week")
    if "posts_paid" in weeks:
        x, y = time_of(cast, weeks.index.to_numpy(float)), weeks["posts_paid"].to_numpy(float)
        axes.fill_between(x, y, step="pre", color=GREEN, alpha=0.45, linewidth=0)
        axes.step(x, y, where="pre", color=GREEN)
    for entry in entries:
        if entry.kind in ("hire", "post_closed") and entry.physician < 0:
            axes.axvline(time_of(cast, entry.week), color=GREEN if entry.kind == "hire" else VERMILLION, linewidth=0.7,
                         linestyle=":")  # fmt: skip
    axes.set_ylim(0, max(axes.get_ylim()[1], 1.2))
    numbers(axes.yaxis, ticks=2)


def delegation(axes: Axes, cast: Cast) -> pd.Series:
    """Mean share handed over, of the tasks that the team ever hands over, as each year ends."""
    pairs = cast.pairs if cast.run.has("dyads") else None
    if pairs is None or pairs.empty:
        axes.set_yticks([])
        return pd.Series(dtype=float)
    shares = pairs.filter(regex="^share_").groupby([pairs["year"], pairs["physician"]]).sum().clip(upper=1)
    used = shares.columns[(shares > SEEN).any()]
    handed = shares[used].mean(axis=1).groupby("year").mean() if len(used) else shares.iloc[:, 0].groupby("year").mean()
    axes.fill_between(handed.index, 100 * handed, color=BLUE, alpha=0.2, linewidth=0)
    axes.plot(handed.index, 100 * handed, "o-", color=BLUE, markersize=3, clip_on=False)
    axes.set_ylim(0, max(1.25 * 100 * float(handed.max()), 1))
    _percent_axis(axes)
    return handed


def overload(axes: Axes, cast: Cast) -> pd.Series:
    """Mean overload of the physicians, and its range."""
    rows = cast.run.physicians[cast.run.physicians["team"] == cast.team]
    table = rows.pivot_table(index="week", columns="physician", values="overload")
    smooth = table.rolling(SMOOTH_WEEKS, center=True, min_periods=1).mean()
    if smooth.empty:
        axes.set_yticks([])
        return pd.Series(dtype=float)
    x = time_of(cast, smooth.index.to_numpy(float))
    axes.fill_between(x, smooth.min(axis=1), smooth.max(axis=1), color=ORANGE, alpha=0.25, linewidth=0)
    mean = smooth.mean(axis=1)
    axes.plot(x, mean, color=ORANGE)
    axes.set_ylim(0, max(1.15 * float(smooth.max().max()), 0.5))
    axes.yaxis.set_major_locator(MultipleLocator(0.5))
    axes.yaxis.set_major_formatter(lambda value, _place: number(value, 1))
    return mean


def conflict(axes: Axes, cast: Cast, entries: Iterable[Entry]) -> None:
    """Mean quarrel over the split, and the days of conflict."""
    weeks = cast.run.teams[cast.run.teams["team"] == cast.team].set_index("week")
    if "quarrel" in weeks:
        x = time_of(cast, weeks.index.to_numpy(float))
        axes.fill_between(x, 100 * weeks["quarrel"], color=VERMILLION, alpha=0.25, linewidth=0)
        axes.plot(x, 100 * weeks["quarrel"], color=VERMILLION)
    axes.set_ylim(0, max(axes.get_ylim()[1], 10))
    for entry in entries:
        if entry.kind == "conflict":
            axes.plot(time_of(cast, entry.week), 0.75 * axes.get_ylim()[1], "X" if entry.change >= 0 else "o",
                      color=VERMILLION if entry.change >= 0 else GREY, markersize=6)  # fmt: skip
    _percent_axis(axes)


def _percent_axis(axes: Axes) -> None:
    numbers(axes.yaxis, ticks=2)
    axes.yaxis.set_major_formatter(lambda value, _place: percent(value / 100))


def _no_frame(axes: Axes) -> None:
    axes.spines["left"].set_visible(False)


def _vote_label(cast: Cast, entry: Entry, *, leaving: bool) -> str:
    rule = _rule(cast, entry.text.removeprefix(LEAVING))
    return f"{_('leave: {rule}', rule=rule) if leaving else rule} {percent(entry.after)}"


def _rule(cast: Cast, name: str) -> str:
    titles = rule_titles(cast.run) if cast.run.has("payment_rules") else {}
    title = label(titles[name]) if name in titles else name.replace("_", " ")
    return title if len(title) <= LETTERS else title[: LETTERS - 1].rstrip() + "…"


def _name(axes: Axes, x: float, y: float, text: str, years: float, colour: str) -> None:
    """A label beside a mark, on the side where there is room."""
    left = x > LEFT_OUT * years
    axes.annotate(text, (x, y), (-5 if left else 5, 0), textcoords="offset points", ha="right" if left else "left",
                  va="center", fontsize=6.5, color=colour)  # fmt: skip


def _inside(axes: Axes, x: float, y: float, text: str, years: float) -> None:
    """A label at the beginning of a bar, or before it where the bar begins late."""
    late = x > LEFT_OUT * years
    axes.annotate(text, (x, y), (-3 if late else 3, 0), textcoords="offset points", ha="right" if late else "left",
                  va="center", fontsize=6.5, color=INK)  # fmt: skip


def _text(cast: Cast, entries: list[Entry], handed: pd.Series, load: pd.Series) -> str:
    """What the lanes show."""
    told = [one.kind for one in entries if one.kind != "hire" or one.physician < 0]
    kinds = pd.Series(told, dtype=object).value_counts()
    counted = ("vote", "join", "leave", "hire", "post_closed", "leader", "rule_change", "conflict")
    count = {name: number(int(kinds.get(name, 0))) for name in counted}
    said = [
        _("Seven lanes over the years of the team {name}: votes ({vote}), rules joined ({join}), left ({leave}) and "
          "changed by the payer ({rule_change}), the leader (changes: {leader}), posts opened ({hire}) and closed "
          "({post_closed}), tasks handed over, overload, quarrels over money (conflicts: {conflict}).",
          name=cast.name, **count)
    ]  # fmt: skip
    if len(handed):
        said.append(_("Tasks handed over go from {first} to {last} on average.",
                      first=percent(float(handed.iloc[0])), last=percent(float(handed.iloc[-1]))))  # fmt: skip
    if len(load):
        said.append(_("Overload of the physicians is {mean} on average, {high} at most.",
                      mean=number(float(np.mean(load)), 1), high=number(float(np.max(load)), 1)))  # fmt: skip
    return " ".join(said)

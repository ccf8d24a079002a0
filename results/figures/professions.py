"""The week of each profession: how the hours of physicians, nurses and secretaries go by use."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from results.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    YELLOW,
    Described,
    lettered,
    light_grid,
    new_figure,
    nothing_here,
    numbers,
)  # fmt: skip
from results.messages import _, number, percent
from results.run import Run
from results.spoken import several

# Uses that a reader thinks of together share a colour; the order is that of the bars.
GROUPS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "visit": (("visit",), BLUE),
    "home": (("home",), SKY),
    "phone": (("phone",), PURPLE),
    "travel": (("travel",), YELLOW),
    "partners": (("supervision", "validation"), GREEN),
    "collective": (("collective",), ORANGE),
    "papers": (("evidence", "organisational", "unbilled"), GREY),
    "idle": (("idle",), PALE),
}
FULL_TIME: Final = ("accounts.full_time_minutes", 2100)  # parameter, and its value: the legal week of 35 hours
OVERRUN: Final = "overrun"  # unpaid hours: they are part of the uses above, so they are marked, never stacked
MARKED: Final[Mapping[str, Any]] = {"facecolor": "none", "edgecolor": BLACK, "hatch": "//////", "linewidth": 0.0}
SALARIED: Final = ("asalee", "pathway")  # their posts are counted in full weeks; other nurses are persons
MINUTES_PER_HOUR: Final = 60


def group_names() -> dict[str, str]:
    """What each group of uses is called."""
    return {
        "visit": _("visits at the practice"),
        "home": _("care at home"),
        "phone": _("telephone"),
        "travel": _("travel"),
        "partners": _("supervision, validation"),
        "collective": _("team meetings"),
        "papers": _("paperwork, unbilled work"),
        "idle": _("free"),
    }


def profession_names() -> dict[str, str]:
    """What each profession is called."""
    return {
        "physician": _("Physicians"),
        "liberal": _("Community nurses"),
        "asalee": _("Asalée nurses"),
        "advanced_practice": _("Advanced-practice nurses"),
        "pathway": _("Pathway nurses"),
        "secretary": _("Secretaries"),
    }


def draw(run: Run) -> Described:
    """Mean week of each profession, and the weeks of all physicians side by side."""
    weeks = mean_weeks(run)
    each = each_physician(run)
    figure = new_figure(112)
    top, bottom = figure.subplots(2, 1, height_ratios=(1.0 + 0.16 * len(weeks), 1.5))
    professions(top, weeks)
    lettered(top, "a", _("Mean week of each profession"))
    physicians(bottom, each)
    lettered(bottom, "b", _("Mean week of each physician, shortest first"))
    handles, labels = top.get_legend_handles_labels()
    if handles:
        figure.legend(handles, labels, loc="outside lower center", ncols=4)
    return Described("professions", _("The week of each profession"), figure, _text(weeks, each))


def mean_weeks(run: Run) -> pd.DataFrame:
    """Mean hours a week by group of uses, one row a profession that the run has; ``n`` counts persons.

    A post that has grown beyond a full week is the work of as many nurses, not of one without rest.
    """
    rows = {}
    at_work = run.physicians[run.physicians["present"] > 0]
    rows["physician"] = _hours(at_work).mean() if len(at_work) else None
    counts: dict[str, float] = {"physician": run.physicians["physician"].nunique()}
    in_post = run.nurses[run.nurses["in_post"] > 0]
    full_weeks = in_post["weekly_minutes"] / run.manifest["parameters"].get(*FULL_TIME)
    persons = full_weeks.clip(lower=1.0).where(in_post["kind"].isin(SALARIED), 1.0)
    for kind, nurses in in_post.groupby("kind", observed=True):
        held = persons[nurses.index]
        rows[str(kind)] = _hours(nurses).sum() / held.sum()
        counts[str(kind)] = held.groupby(nurses["nurse"]).last().sum()
    secretaries = run.support[run.support["role"] == "secretary"]
    if len(secretaries):
        rows["secretary"] = _secretaries(secretaries)
        counts["secretary"] = secretaries["support"].nunique()
    known = [name for name in profession_names() if rows.get(name) is not None]
    frame = pd.DataFrame({name: rows[name] for name in known}).T.reindex(columns=[*GROUPS, OVERRUN]).fillna(0.0)
    return frame.assign(n=[counts[name] for name in known])


def each_physician(run: Run) -> pd.DataFrame:
    """Mean hours of the weeks at work of each physician by group of uses, shortest week first (free time apart)."""
    at_work = run.physicians[run.physicians["present"] > 0]
    hours = _hours(at_work).groupby(at_work["physician"]).mean()
    return hours.loc[worked(hours).sort_values(kind="stable").index]


def _hours(table: pd.DataFrame) -> pd.DataFrame:
    """Hours by group of uses, one row a row of the table."""
    uses = {name: list(parts) for name, (parts, _colour) in GROUPS.items()} | {OVERRUN: [OVERRUN]}
    return pd.DataFrame(
        {
            name: table[[f"minutes_{use}" for use in parts]].sum(axis=1) / MINUTES_PER_HOUR
            for name, parts in uses.items()
        }
    )


def worked(hours: pd.DataFrame) -> pd.Series:
    """Hours of work of each row: all uses but free time (overrun is part of them)."""
    return hours[[name for name in GROUPS if name != "idle"]].sum(axis=1)


def _secretaries(table: pd.DataFrame) -> pd.Series:
    """Hours of secretaries: their uses are not kept apart, so what is in use counts as paperwork."""
    used = table["load"] * table["weekly_minutes"] / MINUTES_PER_HOUR
    free = (1 - table["load"]).clip(lower=0) * table["weekly_minutes"] / MINUTES_PER_HOUR
    return pd.Series({"papers": used.mean(), "idle": free.mean()})


def professions(axes: Axes, weeks: pd.DataFrame) -> None:
    """One stacked bar a profession."""
    if weeks.empty:
        nothing_here(axes, _("nobody works here"))
        return
    places = np.arange(len(weeks))[::-1]
    left = np.zeros(len(weeks))
    for name, label in group_names().items():
        values = weeks[name].to_numpy(float)
        axes.barh(places, values, 0.68, left=left, color=GROUPS[name][1], edgecolor="white", linewidth=0.5, label=label)
        left += values
    own = worked(weeks).to_numpy(float)
    axes.barh(
        places, weeks[OVERRUN], 0.68, left=own - weeks[OVERRUN], label=_("of which unpaid overrun"), **MARKED
    )  # fmt: skip
    names = [
        f"{profession_names()[str(kind)]} ({number(n, 0 if n == round(n) else 1)})" for kind, n in weeks["n"].items()
    ]
    axes.set_yticks(places, names)
    axes.tick_params(axis="y", length=0)
    for place, end, hours in zip(places, left, own, strict=True):
        axes.text(end + 0.4, place, number(hours, 1), va="center", fontsize=7)
    axes.set_xlim(0, max(left.max(initial=0.0), 1.0) * 1.06)
    numbers(axes.xaxis)
    light_grid(axes, "x")
    axes.set_xlabel(_("Hours per week (the figure at the end of a bar leaves free time out)"))


def physicians(axes: Axes, each: pd.DataFrame) -> None:
    """One thin stacked bar a physician."""
    if each.empty:
        nothing_here(axes, _("no physician works here"))
        return
    places = np.arange(1, len(each) + 1)
    base = np.zeros(len(each))
    thin = len(each) > 60  # noqa: PLR2004 - more bars than that leave no room for gaps
    for name in GROUPS:
        values = each[name].to_numpy(float)
        axes.bar(
            places, values, 1.0 if thin else 0.8, bottom=base, color=GROUPS[name][1],
            edgecolor="white", linewidth=0 if thin else 0.4,
        )  # fmt: skip
        base += values
    axes.bar(places, each[OVERRUN], 1.0 if thin else 0.8, bottom=worked(each) - each[OVERRUN], **MARKED)
    axes.set_xlim(0.4, len(each) + 0.6)
    numbers(axes.xaxis, ticks=8)
    numbers(axes.yaxis)
    light_grid(axes)
    axes.set(xlabel=_("Physicians, in order of their hours"), ylabel=_("Hours per week"))


def _text(weeks: pd.DataFrame, each: pd.DataFrame) -> str:
    """What the bars show."""
    per_profession = several(
        _("{profession} {hours} hours", profession=profession_names()[str(kind)], hours=number(hours, 1))
        for kind, hours in worked(weeks).items()
    )
    first = _("Two panels of stacked bars of hours per week by use. Panel a: mean week at work of each profession, "
              "free time apart: {professions}.", professions=per_profession or "–")  # fmt: skip
    return f"{first} {_of_physicians(each)}"


def _of_physicians(each: pd.DataFrame) -> str:
    """What the lower panel shows."""
    if each.empty:
        return _("Panel b: no physician works here.")
    own, mean = worked(each), each.mean()
    care = (mean["visit"] + mean["home"] + mean["phone"]) / max(own.mean(), 1e-9)
    return _("Panel b: the {n} physicians, from {low} to {high} hours a week (mean {mean}); {share} of the time is "
             "with patients, {overrun} hours a week are unpaid overrun.",
             n=number(len(each)), low=number(own.min(), 1), high=number(own.max(), 1), mean=number(own.mean(), 1),
             share=percent(care), overrun=number(mean[OVERRUN], 1))  # fmt: skip

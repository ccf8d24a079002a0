"""Access to care over time: waits, leaks, needs given up, and the emergency department."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from results.figures.style import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    Described,
    lettered,
    light_grid,
    new_figure,
    nothing_here,
    numbers,
)  # fmt: skip
from results.messages import _, ngettext, number, percent
from results.run import Run

WEEKS_PER_YEAR: Final = 52
SMOOTH_WEEKS: Final = 4  # weeks of the moving mean that is drawn over the weekly points
GONE_WEEKS: Final = 6  # without work, after which a post counts as empty; so much leave on end is a chance under 1e-5
BANDS: Final = ((0.1, 0.9, 0.22), (0.25, 0.75, 0.38))  # quantiles across physicians, opacity


def draw(run: Run) -> Described:
    """Four panels over the weeks of the run: posted wait, leaks, forgone needs, emergency visits."""
    weeks = by_week(run)
    figure = new_figure(112)
    (upper_left, upper_right), (lower_left, lower_right) = figure.subplots(2, 2)
    waits = waiting(upper_left, run, weeks)
    lettered(upper_left, "a", _("Wait for a physician"))
    leaks = leaking(upper_right, run, weeks)
    lettered(upper_right, "b", _("Leaks: contacts with another team"))
    forgone = forgoing(lower_left, weeks)
    lettered(lower_left, "c", _("Needs given up, by priority"))
    emergency(lower_right, weeks)
    lettered(lower_right, "d", _("Emergency visits and teleconsultations"))
    for axes in (upper_left, upper_right, lower_left, lower_right):
        years_axis(axes, weeks)
    text = _text(weeks, waits, leaks, forgone)
    return Described("access", _("Access to care"), figure, text)


def by_week(run: Run) -> pd.DataFrame:
    """Territories added up, one row a week, with ``t``: years since the first recorded week.

    ``wait`` is the mean over territories by their people; not a number in a week in which nobody posts one.
    """
    table = run.territory
    wait = table["posted_wait_days"]
    weighted = table.assign(wait=wait * table["people"], posted_for=table["people"].where(wait.notna()))
    weeks = weighted.drop(columns=["territory", "year"]).groupby("week").sum()
    weeks["wait"] /= weeks["posted_for"].where(weeks["posted_for"] > 0)
    weeks["t"] = (weeks.index.to_numpy() - run.manifest["first_week"] + 1) / WEEKS_PER_YEAR
    return weeks


def by_physician(run: Run, weeks: pd.DataFrame, name: str) -> pd.DataFrame:
    """A column of the physicians' table, one row a week and one column a physician; no column where nobody works."""
    return run.physicians.pivot(index="week", columns="physician", values=name).reindex(weeks.index)


def posted_waits(run: Run, weeks: pd.DataFrame) -> pd.DataFrame:
    """Posted waits of physicians in post, as :func:`by_physician`; what an empty post last posted stands still.

    Leave is a week at a time: where nobody was for :data:`GONE_WEEKS` on end, the post is taken as empty.
    """
    worked = by_physician(run, weeks, "present").rolling(GONE_WEEKS, min_periods=1).max() > 0
    return by_physician(run, weeks, "posted_wait_days").where(worked)


def smooth(values: pd.Series) -> pd.Series:
    """Moving mean over :data:`SMOOTH_WEEKS`, centred."""
    return values.rolling(SMOOTH_WEEKS, center=True, min_periods=1).mean()


def per_thousand_years(counts: pd.Series, people: pd.Series) -> pd.Series:
    """A weekly count as a yearly rate per 1,000 people."""
    return counts * WEEKS_PER_YEAR * 1_000 / people.clip(lower=1)


def years_axis(axes: Axes, weeks: pd.DataFrame) -> None:
    """Time in years of the run, values from 0."""
    axes.set_xlim(0, max(float(weeks["t"].max()), 1 / WEEKS_PER_YEAR))
    axes.set_ylim(bottom=0)
    years = weeks["t"].max()
    numbers(axes.xaxis, 0 if years > 2 else 1)  # noqa: PLR2004 - whole years are too coarse for two
    axes.set_xlabel(_("Years since the start of the run"))
    light_grid(axes)


def waiting(axes: Axes, run: Run, weeks: pd.DataFrame) -> pd.Series:
    """Posted wait: mean over registered patients, and its spread across physicians; the mean."""
    if wait_drawn(axes, run, weeks, _("mean, weighted by lists")):
        axes.set_ylabel(_("Days"))
        room_for_legend(axes)
        numbers(axes.yaxis)
    return weeks["wait"]


def wait_drawn(axes: Axes, run: Run, weeks: pd.DataFrame, mean: str) -> bool:
    """Draw the posted wait, its mean under a name; where nobody posts one, say so and return False."""
    if weeks["wait"].isna().all():
        nothing_here(axes, _("no physician here has a list"))
        return False
    spread_across(axes, weeks["t"].to_numpy(float), posted_waits(run, weeks), SKY)
    axes.plot(weeks["t"], smooth(weeks["wait"]), color=BLUE, label=mean)
    return True


def leaking(axes: Axes, run: Run, weeks: pd.DataFrame) -> pd.Series:
    """Leaks a year per registered patient, and their spread across physicians' lists; the share of contacts a week."""
    leaks, lists = (by_physician(run, weeks, name) for name in ("leaks", "registered_list"))
    if not lists.to_numpy().any():
        nothing_here(axes, _("no physician here has a list"))
        return pd.Series(np.nan, weeks.index)
    rates = WEEKS_PER_YEAR * leaks / lists.where(lists > 0)  # a post whose patients have left has no rate
    overall = WEEKS_PER_YEAR * leaks.sum(axis=1) / lists.sum(axis=1).clip(lower=1)
    spread_across(axes, weeks["t"].to_numpy(float), rates, ORANGE)
    axes.plot(weeks["t"], smooth(overall), color=VERMILLION, label=_("all registered patients"))
    axes.set_ylabel(_("Per registered patient per year"))
    room_for_legend(axes)
    numbers(axes.yaxis, 1)
    return weeks["leaks"] / weeks["listed_contacts"].clip(lower=1)


def forgoing(axes: Axes, weeks: pd.DataFrame) -> pd.DataFrame:
    """Needs given up a year per 1,000 people, by priority class; the weekly rates."""
    names = {"low": _("low"), "medium": _("medium"), "high": _("high"), "vital": _("vital")}
    colours = {"low": SKY, "medium": BLUE, "high": VERMILLION, "vital": PURPLE}
    styles = {"low": "-", "medium": "--", "high": "-.", "vital": ":"}
    rates = pd.DataFrame({name: per_thousand_years(weeks[f"forgone_{name}"], weeks["people"]) for name in names})
    for name, label in names.items():
        if rates[name].any():
            axes.plot(weeks["t"], smooth(rates[name]), styles[name], color=colours[name], label=label)
    axes.set_ylabel(_("Per 1,000 people per year"))
    room_for_legend(axes)
    numbers(axes.yaxis)
    return rates


def emergency(axes: Axes, weeks: pd.DataFrame) -> None:
    """Visits to the emergency department and teleconsultations a year per 1,000 people."""
    for name, label, colour, style in (
        ("ed_visits", _("emergency visits"), VERMILLION, "-"),
        ("ed_admitted", _("of which admitted"), VERMILLION, ":"),
        ("teleconsultations", _("teleconsultations"), GREEN, "--"),
    ):
        rate = per_thousand_years(weeks[name], weeks["people"])
        axes.plot(weeks["t"], smooth(rate), style, color=colour, label=label)
    axes.set_ylabel(_("Per 1,000 people per year"))
    room_for_legend(axes)
    numbers(axes.yaxis)


def spread_across(axes: Axes, years: NDArray[np.float64], pivot: pd.DataFrame, colour: str) -> None:
    """Bands between quantiles across physicians; nothing where there is none."""
    if pivot.empty:
        return
    for low, high, opacity in BANDS:
        lower, upper = (smooth(pivot.quantile(q, axis=1)) for q in (low, high))
        label = _("{low} of physicians", low=percent(high - low))
        axes.fill_between(years, lower, upper, color=colour, alpha=opacity, linewidth=0, label=label)


def room_for_legend(axes: Axes) -> None:
    """Give the top of a panel to its legend, two entries a row."""
    handles, labels = axes.get_legend_handles_labels()
    rows = (len(handles) + 1) // 2
    axes.autoscale_view()
    axes.set_ylim(0, max(axes.get_ylim()[1], 1e-9) * (1 + 0.13 * rows))
    if handles:
        legend = axes.legend(handles, labels, loc="upper left", ncols=2, borderaxespad=0.2, labelspacing=0.3)
        legend.set_in_layout(False)  # a long word must not squeeze the panel


def _text(weeks: pd.DataFrame, waits: pd.Series, leaks: pd.Series, forgone: pd.DataFrame) -> str:
    """What the panels show."""
    last = weeks.index > weeks.index.max() - WEEKS_PER_YEAR
    people = weeks.loc[last, "people"]
    years = len(weeks) / WEEKS_PER_YEAR

    def rate(name: str) -> str:
        return number(per_thousand_years(weeks.loc[last, name], people).mean())

    classes = {"low": _("low"), "medium": _("medium"), "high": _("high"), "vital": _("vital")}
    given_up = ", ".join(f"{label} {number(forgone.loc[last, name].mean())}" for name, label in classes.items())
    return " ".join(
        [
            ngettext("Four panels over {years} year; lines are means over {smooth} weeks, bands the spread across "
                     "physicians. Numbers here are means of the last year.",
                     "Four panels over {years} years; lines are means over {smooth} weeks, bands the spread across "
                     "physicians. Numbers here are means of the last year.",
                     years, years=number(years, 0 if years.is_integer() else 1), smooth=number(SMOOTH_WEEKS)),
            _waited(waits, last),
            _leaked(leaks[last]),
            _("c: needs given up per 1,000 people per year: {classes}.", classes=given_up),
            _("d: {ed} emergency visits per 1,000 people per year, of which {admitted} admitted, and {tele} "
              "teleconsultations.", ed=rate("ed_visits"), admitted=rate("ed_admitted"), tele=rate("teleconsultations")),
        ]
    )  # fmt: skip


def _leaked(leaks: pd.Series) -> str:
    """What the second panel shows."""
    if leaks.isna().all():
        return _("b: nobody is on the list of a physician here.")
    return _("b: {share} of the contacts of registered patients are with a physician of another team or outside.",
             share=percent(leaks.mean(), 1))  # fmt: skip


def _waited(waits: pd.Series, last: NDArray[np.bool_]) -> str:
    """What the first panel shows; a place whose posts are all empty posts no wait."""
    if waits[last].isna().all():
        return _("a: no wait is posted in the last year, since no physician in post has a list.")
    return _("a: the posted wait, weighted by lists, is {wait} days (from {low} to {high} over the weeks of the run).",
             wait=number(waits[last].mean(), 1), low=number(waits.min(), 1), high=number(waits.max(), 1))  # fmt: skip

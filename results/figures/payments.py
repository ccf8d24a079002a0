"""Payments: what acts of physicians and nurses and contracts of teams cost, by rule and by who pays."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from results.budget import PAYERS, RETURNED, budget, line_title
from results.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    YELLOW,
    Described,
    lettered,
    light_grid,
    new_figure,
    numbers,
    wrapped,
)  # fmt: skip
from results.messages import _, euros, number, percent
from results.paid import rule_titles
from results.run import Run, RunError

ACTS: Final = ("physicians", "nurses")
"""Lines of the budget that are acts."""
COLOURS: Final = (BLUE, SKY, GREEN, VERMILLION, ORANGE, PURPLE, YELLOW)
"""Of the acts of physicians and of nurses, then of other rules, the largest first."""
PAYER_COLOURS: Final = {"insurer": BLUE, "complementary": ORANGE, "households": VERMILLION}
REST: Final = "rest"
BESIDE: Final = ("emergencies", "stays", "drugs", "other")
"""Lines of the budget that are no pay of physicians, nurses or teams."""
LETTERS: Final = 34
"""Longest line of a name in the legend."""
LABELLED: Final = 0.055
"""Of a bar: smaller parts bear no number."""
MOST_LABELLED: Final = 8
"""Years beyond which bars are too narrow for a number."""
DARK: Final = (BLUE, GREEN, VERMILLION)


def draw(run: Run) -> Described:
    """What acts and contracts cost by rule for each year, and the same by who pays it.

    Raises:
        RunError: when the run recorded no payments.
    """
    rules, payers = by_rule(run), by_payer(run)
    names = titles(run, rules)
    figure = new_figure(84)
    left, right = figure.subplots(1, 2, width_ratios=(1.55, 1.0))
    colours = dict(zip(rules.columns, COLOURS, strict=False)) | {REST: GREY}
    stacked(left, rules, names, colours)
    left.set_ylabel(_("EUR per resident per year"))
    lettered(left, "a", _("Physicians, nurses and teams: what is paid, by rule"))
    stacked(right, payers, payer_names(), PAYER_COLOURS)
    lettered(right, "b", _("The same, by who pays"))
    return Described("payments", _("Payments to physicians, nurses and teams"), figure, _text(rules, payers, names))


def by_rule(run: Run) -> pd.DataFrame:
    """EUR a resident by payment rule, one row a year: acts of physicians and of nurses, then the largest other rules.

    Raises:
        RunError: when the run recorded no payments.
    """
    table = pd.DataFrame({year: one.sum(axis=1) for year, one in _lines(run).items()}).T.fillna(0.0)
    if RETURNED in table:
        table = table.assign(physicians=table["physicians"] + table[RETURNED]).drop(columns=RETURNED)
    ranked = table.drop(columns=list(ACTS)).abs().sum().sort_values(ascending=False, kind="stable")
    others = [str(name) for name, amount in ranked.items() if amount]
    room = len(COLOURS) - len(ACTS)
    rest = {REST: table[others[room:]].sum(axis=1)} if others[room:] else {}
    return table[[*ACTS, *others[:room]]].assign(**rest)


def by_payer(run: Run) -> pd.DataFrame:
    """EUR a resident by who pays the same, one row a year."""
    return pd.DataFrame({year: one.sum() for year, one in _lines(run).items()}).T


def _lines(run: Run) -> dict[int, pd.DataFrame]:
    """EUR a resident by line of the budget and payer, without hospitals, medicines and other care, by year."""
    if not run.has("payments") or run.payments.empty:
        raise RunError(_("{path}: nothing was paid in this run.", path=run.path))
    years = {int(year): budget(run, int(year)) for year in sorted(run.payments["year"].unique())}
    return {year: one.lines.drop(index=list(BESIDE))[list(PAYERS)] / one.people for year, one in years.items()}


def titles(run: Run, rules: pd.DataFrame) -> dict[str, str]:
    """What each column is called."""
    known = rule_titles(run) | {REST: _("other rules")}
    return {str(name): line_title(str(name), known) for name in rules.columns}


def payer_names() -> dict[str, str]:
    """What each payer is called."""
    return {"insurer": _("insurance"), "complementary": _("complementary"), "households": _("households")}


def stacked(axes: Axes, table: pd.DataFrame, names: Mapping[str, str], colours: Mapping[str, str]) -> None:
    """One stacked bar a year; what is taken back hangs below zero. Parts are numbered where there is room."""
    places = np.arange(len(table), dtype=float)
    above, below = np.zeros(len(table)), np.zeros(len(table))
    whole = table.clip(lower=0).sum(axis=1).to_numpy(float)
    for name, title in names.items():
        values = table[name].to_numpy(float)
        base = np.where(values >= 0, above, below)
        axes.bar(places, values, 0.72, bottom=base, color=colours[name], edgecolor="white", linewidth=0.5,
                 label=wrapped(title, LETTERS))  # fmt: skip
        for place, start, value, total in zip(places, base, values, whole, strict=True):
            if value > LABELLED * total and len(table) <= MOST_LABELLED:
                ink = "white" if colours[name] in DARK else INK
                axes.text(place, start + value / 2, number(value), ha="center", va="center", fontsize=6.5, color=ink)
        above, below = above + np.maximum(values, 0), below + np.minimum(values, 0)
    for place, top, total in zip(places, above, table.sum(axis=1), strict=True):
        axes.text(place, top, number(total), ha="center", va="bottom", fontsize=7, fontweight="bold")
    axes.set_xticks(places, [number(year) for year in table.index])
    axes.tick_params(axis="x", length=0)
    axes.set_xlabel(_("Year of the run"))
    axes.set_xlim(-0.6, max(len(table) - 0.4, 2.4))
    numbers(axes.yaxis)
    light_grid(axes)
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.0)


def _text(rules: pd.DataFrame, payers: pd.DataFrame, names: Mapping[str, str]) -> str:
    """What the panels show."""
    last, payer = rules.iloc[-1], payers.iloc[-1]
    totals = rules.sum(axis=1)
    parts = ", ".join(f"{names[str(rule)]} {euros(amount)}" for rule, amount in last.items())
    who = ", ".join(f"{title} {percent(payer[name] / payer.sum())}" for name, title in payer_names().items())
    return " ".join(
        [
            _("a: acts of physicians and nurses and contracts of teams cost {total} a resident in the last year "
              "({parts}); over the run, from {low} to {high}.",
              total=euros(totals.iloc[-1]), parts=parts, low=euros(totals.min()), high=euros(totals.max())),
            _("b: the last year is paid by: {who}.", who=who),
        ]
    )  # fmt: skip

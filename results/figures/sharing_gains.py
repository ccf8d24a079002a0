"""Who gains and who loses under each sharing rule: the income of every member of a team, rule by rule."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from results.cast import Cast, cast_of
from results.figures.style import (
    BLUE,
    GREY,
    PALE,
    VERMILLION,
    Described,
    light_grid,
    new_figure,
    numbers,
    wrapped,
)  # fmt: skip
from results.messages import _, euros, label, number
from results.paid import CENTS, rule_titles
from results.run import Run, RunError

EQUAL: Final = "equal"
AGAIN: Final = "equal_again"
"""Equal parts, beside a rule of that name which shares in another way among other persons."""
THOUSAND: Final = 1_000.0
COLUMNS: Final = 3
MOST: Final = 9
"""Rules shown."""
PERSON_MM: Final = 4.6
PANEL_MM: Final = 15.0
SAME: Final = 100.0
"""Euros a year below which nobody calls it a gain or a loss."""
LETTERS: Final = 32


def draw(run: Run, team: str = "") -> Described:
    """A team's last year of money: the rule in force against the others.

    Where the run holds incomes by rule (table ``incomes_by_rule``), every rule in it is shown; else the rule in force
    is set against equal parts of the same money.

    Raises:
        RunError: when the team shared no money.
    """
    cast = cast_of(run, team)
    now = in_force(cast)
    if run.has("incomes_by_rule"):
        table = run.incomes_by_rule
        table = table[(table["team"] == cast.team) & (table["year"] == table["year"].max())]
        return draw_rules(cast, table, now)
    return draw_rules(cast, against_equal(cast, now), now)


def draw_rules(cast: Cast, incomes: pd.DataFrame, reference: str) -> Described:
    """One panel a rule.

    Args:
        cast: the team.
        incomes: one row a person and rule: ``level`` (physician or nurse), ``payee`` (row), ``rule``, ``euros`` a year,
            and where it has one the ``title`` of the rule.
        reference: the rule to compare with, one of those in ``incomes``.

    Raises:
        RunError: when there is no other rule to compare with.
    """
    people = (incomes["level"] != "nurse") | incomes["payee"].isin(list(cast.kinds))
    table = by_person(incomes[people])  # a post that nobody ever held is no person
    others = [str(rule) for rule in table if rule != reference][:MOST]
    if reference not in table or not others:
        raise RunError(_("{path}: the team {name} shares no money.", path=cast.run.path, name=cast.name))
    table = table.sort_values(reference, kind="stable")
    columns = min(COLUMNS, len(others))
    rows = -(-len(others) // columns)
    figure = new_figure(18 + rows * (PANEL_MM + PERSON_MM * len(table)))
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    names = titles(cast.run, incomes)
    for axes, rule in zip(panels, others, strict=False):
        _dumbbells(axes, cast, table, reference, rule)
        axes.set_title(wrapped(names[rule], LETTERS))
    for axes in panels[len(others) :]:
        axes.set_visible(False)
    for axes in panels[max(len(others) - columns, 0) : len(others)]:
        axes.set_xlabel(_("Income, thousand EUR a year"))
        axes.tick_params(labelbottom=True)
    now = names[reference]
    figure.legend(handles=_keys(now), loc="outside lower center", ncols=3)
    title = _("Who gains and who loses under each sharing rule: team {name}", name=cast.name)
    return Described("sharing_gains", title, figure, _text(cast, table, [reference, *others], names))


def by_person(incomes: pd.DataFrame) -> pd.DataFrame:
    """Euros a year: one row a person (``level``, ``payee``), one column a rule, in the order in which rules come."""
    table = incomes.pivot_table(index=["level", "payee"], columns="rule", values="euros", aggfunc="sum", sort=False)
    return table.dropna()


def in_force(cast: Cast) -> str:
    """The rule by which most of the team's money was shared in the last year.

    Raises:
        RunError: when it shared none.
    """
    shares = _last_year(cast)
    shared = shares[shares["rule"] != ""].groupby("rule")["cents"].sum()
    if not len(shared):
        raise RunError(_("{path}: the team {name} shares no money.", path=cast.run.path, name=cast.name))
    return str(shared.idxmax())


def against_equal(cast: Cast, now: str) -> pd.DataFrame:
    """Incomes under the rule in force, and if what is shared went in equal parts to the same persons."""
    shares = _last_year(cast)
    people = shares.groupby(["level", "payee"])
    own = people["cents"].sum().rename("euros") / CENTS
    shared = shares[shares["rule"] != ""].groupby(["level", "payee"])["cents"].sum() / CENTS
    equal = own - shared.reindex(own.index).fillna(0.0) + (shared * 0 + shared.mean()).reindex(own.index).fillna(0.0)
    other = EQUAL if now != EQUAL else AGAIN
    return pd.concat([own.reset_index().assign(rule=now), equal.rename("euros").reset_index().assign(rule=other)])


def titles(run: Run, incomes: pd.DataFrame) -> dict[str, str]:
    """What each sharing rule is called: as the run paid by it, as its title says, else its own name."""
    names = {str(rule): str(rule).replace("_", " ") for rule in incomes["rule"].unique()}
    names |= {name: _("In equal parts") for name in (EQUAL, AGAIN)}
    if "title" in incomes:
        names |= {str(rule): label(str(title)) for rule, title in zip(incomes["rule"], incomes["title"], strict=True)}
    if run.has("payment_rules"):
        names |= {name: label(title) for name, title in rule_titles(run).items()}
    return names


def _last_year(cast: Cast) -> pd.DataFrame:
    """What members of the team got in the last year.

    Raises:
        RunError: when the run paid nothing.
    """
    if not cast.run.has("shares") or cast.run.shares.empty:
        raise RunError(_("{path}: nothing was paid in this run.", path=cast.run.path))
    shares = cast.run.shares
    return shares[(shares["team"] == cast.team) & (shares["year"] == shares["year"].max())]


def _person(cast: Cast, key: Any) -> str:
    level, row = key
    return cast.physician_label(int(row)) if level == "physician" else cast.nurse_label(int(row))


def _dumbbells(axes: Axes, cast: Cast, table: pd.DataFrame, reference: str, rule: str) -> None:
    places = np.arange(len(table))
    now, then = (table[name].to_numpy(float) / THOUSAND for name in (reference, rule))
    change = then - now
    colours = np.where(np.abs(change) * THOUSAND < SAME, GREY, np.where(change > 0, BLUE, VERMILLION))
    axes.hlines(places, now, then, color=colours, linewidth=1.6, zorder=2)
    axes.plot(now, places, "o", color="white", markeredgecolor=GREY, markersize=4, zorder=3)
    for gain, marker in ((True, ">"), (False, "<")):
        chosen = (change > 0) == gain
        axes.scatter(then[chosen], places[chosen], s=22, marker=marker, c=list(colours[chosen]), zorder=4)
    for place, one, x in zip(places, change, np.maximum(now, then), strict=True):
        if abs(one) * THOUSAND >= SAME:
            axes.annotate(f"{'+' if one > 0 else '−'}{number(abs(one), 1)}", (x, place), (5, 0),  # noqa: RUF001 - a minus
                          textcoords="offset points", va="center", fontsize=6.5)  # fmt: skip
    axes.set_yticks(places, [_person(cast, key) for key in table.index])
    axes.set_ylim(-0.6, len(table) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.16)
    numbers(axes.xaxis, ticks=4)
    light_grid(axes, "x")
    axes.axhline(-0.6, color=PALE, linewidth=0.4)


def _keys(now: str) -> list[Line2D]:
    common: dict[str, Any] = {"linestyle": "", "markersize": 5}
    return [
        Line2D([], [], marker="o", color="white", markeredgecolor=GREY, label=_("now: {rule}", rule=now), **common),
        Line2D([], [], marker=">", color=BLUE, label=_("gains under the other rule"), **common),
        Line2D([], [], marker="<", color=VERMILLION, label=_("loses under the other rule"), **common),
    ]


def _text(cast: Cast, table: pd.DataFrame, rules: list[str], names: Mapping[str, str]) -> str:
    """What the panels show."""
    reference, *others = rules
    said = []
    for rule in others:
        change = table[rule] - table[reference]
        up, down = change.idxmax(), change.idxmin()
        said.append(
            _("{rule}: {gain} gain and {lose} lose; most for {up} ({most}), least for {down} ({least}).",
              rule=names[rule], gain=number((change >= SAME).sum()),
              lose=number((change <= -SAME).sum()), up=_person(cast, up), most=euros(change.max()),
              down=_person(cast, down), least=euros(change.min()))
        )  # fmt: skip
    now = names[reference]
    head = _("For every member of the team {name}, the income of the last year under the rule in force ({now}) and "
             "under each other rule.", name=cast.name, now=now)  # fmt: skip
    return " ".join([head, *said])

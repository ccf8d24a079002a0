"""The stylised laboratory: how much is given under each way of payment, by need and by altruism."""

from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from results.figures.style import (
    BLUE,
    GREEN,
    GREY,
    PALE,
    VERMILLION,
    Described,
    halo,
    lettered,
    light_grid,
    new_figure,
    numbers,
)  # fmt: skip
from results.messages import _, number, percent

STYLES: Final = {
    "fees": (BLUE, "o", "-"),
    "lump_sum": (VERMILLION, "s", "--"),
    "mixed": (GREEN, "^", "-."),
}
"""Colour, mark and line of each way of payment: none is told by its colour alone."""
SHOWN_ALTRUISM: Final = (0.005, 0.995)
"""Quantiles of altruism between which it is drawn."""
MOST_PEOPLE: Final = (0.1, 0.9)
"""Quantiles between which the ground is shaded."""
MARKS: Final = (0.3, 0.6, 1.2, 2.4, 4.8)
"""Altruism that bears a number."""


def read(means: pd.DataFrame, payment: str, column: Any) -> float:
    """One number of the table of means."""
    found: Any = means.loc[payment, column]
    return float(found)


def names() -> dict[str, str]:
    """What each way of payment is called."""
    return {"fees": _("fee-for-service"), "lump_sum": _("capitation"), "mixed": _("mixed payment")}


def draw(means: pd.DataFrame, by_altruism: pd.DataFrame) -> Described:
    """Mean quantity by need and payment, then by altruism for each need.

    Args:
        means: a row a payment (``fees``, ``lump_sum``, ``mixed``); a column a need, then ``mean`` and ``distance``.
        by_altruism: ``payment``, ``need``, ``altruism`` and ``quantity``.
    """
    needs: list[Any] = [need for need in means.columns if need not in ("mean", "distance")]
    top = float(by_altruism["quantity"].max()) + 1.0
    figure = new_figure(72)
    panels = figure.subplots(1, 1 + len(needs), sharey=True, width_ratios=(1.25, *(1.0 for _need in needs)))
    _by_need(panels[0], means, needs)
    for letter, axes, need in zip("bcdefgh", panels[1:], needs, strict=False):
        _by_altruism(axes, by_altruism[by_altruism["need"] == need], float(need))
        lettered(axes, letter, _("Need: {need}", need=number(float(need))))
    panels[0].set_ylim(0, top)
    numbers(panels[0].yaxis)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(means) + 1)
    return Described("lab", _("The decision of physicians alone, in the laboratory"), figure, _text(means, needs))


def _by_need(axes: Axes, means: pd.DataFrame, needs: list[Any]) -> None:
    places = np.asarray(needs, dtype=float)
    axes.plot(places, places, color=GREY, linewidth=0.8, linestyle=":", label=_("what patients need"))
    for payment, title in names().items():
        colour, mark, line = STYLES[payment]
        quantities = means.loc[payment, needs].to_numpy(float)
        axes.plot(places, quantities, color=colour, marker=mark, markersize=4, linestyle=line, label=title)
        if payment != "mixed":
            shift = 6 if payment == "fees" else -11
            for place, quantity in zip(places, quantities, strict=True):
                axes.annotate(number(quantity, 1), (place, quantity), (0, shift), textcoords="offset points",
                              ha="center", fontsize=6.5, color=colour, path_effects=halo())  # fmt: skip
    axes.set_xticks(places, [number(need) for need in needs])
    axes.set_xlim(places.min() - 0.8, places.max() + 0.8)
    axes.set_xlabel(_("Services that the patient needs"))
    axes.set_ylabel(_("Services given, mean"))
    lettered(axes, "a", _("All players"))
    light_grid(axes)


def _by_altruism(axes: Axes, table: pd.DataFrame, need: float) -> None:
    people = table["altruism"]
    low, high = (float(people.quantile(order)) for order in MOST_PEOPLE)
    axes.axvspan(low, high, color=PALE, alpha=0.45, linewidth=0)
    axes.axhline(need, color=GREY, linewidth=0.8, linestyle=":")
    for payment in names():
        colour, _mark, line = STYLES[payment]
        own = table[table["payment"] == payment].sort_values("altruism")
        axes.plot(own["altruism"], own["quantity"], color=colour, linestyle=line)
    axes.set_xscale("log")
    axes.set_xlim(*(float(people.quantile(order)) for order in SHOWN_ALTRUISM))
    axes.xaxis.set_major_locator(FixedLocator(list(MARKS)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _position: number(value, 1)))
    axes.set_xlabel(_("Altruism"))
    light_grid(axes)


def _text(means: pd.DataFrame, needs: list[Any]) -> str:
    """What the panels show."""
    said = names()
    listed = " · ".join(
        _("{payment}: {quantities}, {distance} from need on average",
          payment=title, distance=number(read(means, payment, "distance"), 2),
          quantities=" / ".join(number(read(means, payment, need), 2) for need in needs))
        for payment, title in said.items()
    )  # fmt: skip
    change = read(means, "lump_sum", "mean") / read(means, "fees", "mean") - 1
    return " ".join(
        [
            _("a: services given where {needs} are needed. {listed}.",
              needs=", ".join(number(need) for need in needs), listed=listed),
            _("Capitation changes the quantity by {change} against fee-for-service.", change=percent(change, 1)),
            _("b and on: the same for each need by altruism; the ground is shaded where eight players in ten stand. "
              "The more altruistic, the closer to need, whatever the payment."),
        ]
    )  # fmt: skip

"""A calibration in two figures: what was learnt of each parameter, and how the model then meets its targets."""

import math
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from results.comparison_shown import shown
from results.figures.comparison import foot
from results.figures.style import (
    BLUE,
    GREY,
    INK,
    PALE,
    VERMILLION,
    Described,
    light_grid,
    new_figure,
    numbers,
    wrapped,
)
from results.likelihoods import BAND_IN_SD
from results.messages import _, label, percent
from results.posterior import COMPARED, FITTED, Posterior, Prior
from results.spoken import several

COLUMNS: Final = 4
PANEL_MM: Final = 34.0
ROW_MM: Final = 6.2
HEAD_MM: Final = 24.0
BINS: Final = 30
LETTERS: Final = 29
LONG: Final = 62
REACH: Final = 5.0
"""Standard deviations of a target at which the axis of the fit ends; what lies beyond is drawn at its edge."""


def marginals(found: Posterior) -> Described:
    """One panel a parameter: prior and posterior over its range, and the value in use."""
    lines = -(-len(found.priors) // COLUMNS)
    columns = min(COLUMNS, len(found.priors))
    figure = new_figure(16 + PANEL_MM * lines)
    panels = figure.subplots(lines, columns, squeeze=False).ravel()
    rows = found.parameters.set_index("name")
    for axes, prior in zip(panels, found.priors, strict=False):
        _marginal(axes, prior, found.sample[prior.name].to_numpy(float), rows.loc[prior.name])
    for axes in panels[len(found.priors) :]:
        axes.set_visible(False)
    keys = [
        Patch(facecolor=PALE, label=_("prior")), Patch(facecolor=BLUE, label=_("posterior")),
        Patch(facecolor="white", edgecolor=VERMILLION, hatch="////", label=_("posterior of a prior-driven parameter")),
        Line2D([], [], color=INK, linestyle="--", linewidth=0.9, label=_("value in use")),
    ]  # fmt: skip
    figure.legend(handles=keys, loc="outside upper center", ncols=4)
    figure.supxlabel(foot(found.provenance), fontsize=5.5, color=GREY)
    return Described("marginals", _("What the targets say of each parameter"), figure, _marginals_said(found),
                     found.provenance)  # fmt: skip


def _marginal(axes: Axes, prior: Prior, drawn: Any, row: Any) -> None:
    edges = np.linspace(prior.low, prior.high, BINS + 1).tolist()
    axes.hist(prior.grid, edges, density=True, color=PALE)
    look: dict[str, Any] = {"color": BLUE, "alpha": 0.75}
    if row["prior_driven"]:
        look = {"facecolor": "white", "edgecolor": VERMILLION, "hatch": "////", "linewidth": 0.5, "alpha": 0.85}
    axes.hist(drawn, edges, density=True, **look)
    if prior.low <= prior.now <= prior.high:
        axes.axvline(prior.now, color=INK, linestyle="--", linewidth=0.9)
    axes.set_title(wrapped(label(prior.title), LETTERS), fontsize=6.2, pad=3)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlim(prior.low, prior.high)
    width = prior.high - prior.low
    numbers(axes.xaxis, max(0, math.ceil(0.7 - math.log10(width))), ticks=3)
    axes.tick_params(axis="x", labelsize=6)
    axes.text(
        0.98, 0.95, percent(float(row["contraction"])), transform=axes.transAxes, ha="right", va="top", fontsize=6
    )


def _marginals_said(found: Posterior) -> str:
    said = several(
        _("{parameter}: {mean}, interval {low} to {high}, contraction {contraction}",
          parameter=row["name"], mean=shown(row["mean"]), low=shown(row["q2.5"]), high=shown(row["q97.5"]),
          contraction=percent(row["contraction"]))
        + (f" ({_('prior-driven')})" if row["prior_driven"] else "")
        for row in found.parameters.to_dict("records")
    )  # fmt: skip
    head = _("Histograms of each parameter before and after the comparison with the targets; the percentage is the "
             "contraction.")  # fmt: skip
    return f"{head} {said}. {foot(found.provenance)}"


def fit(found: Posterior) -> Described:
    """One line a target, in its own standard deviations: before, after, and what counts as met."""
    rows = found.fit
    figure = new_figure(HEAD_MM + ROW_MM * (len(rows) + rows["group"].nunique()))
    groups = [group for group in (FITTED, COMPARED) if (rows["group"] == group).any()]
    sizes = [int((rows["group"] == group).sum()) + 0.8 for group in groups]
    panels = figure.subplots(len(groups), 1, squeeze=False, sharex=True, gridspec_kw={"height_ratios": sizes}).ravel()
    titles = {FITTED: _("Calibration targets"), COMPARED: _("Validation targets (nothing was fitted to them)")}
    for axes, group in zip(panels, groups, strict=True):
        _fit_panel(axes, rows[rows["group"] == group])
        axes.set_title(titles[group])
    panels[-1].set_xlabel(_("distance from the target, in its standard deviations (a quarter of its band)"))
    keys = [
        Patch(facecolor=PALE, label=_("band")), Line2D([], [], color=GREY, linewidth=1.0, label=_("under the prior")),
        Line2D([], [], color=BLUE, linewidth=2.4, label=_("under the posterior")),
        Line2D([], [], color=VERMILLION, linewidth=2.4, linestyle="-", marker="s", markersize=4,
               label=_("outside the band, or resting on a prior-driven parameter")),
    ]  # fmt: skip
    figure.legend(handles=keys, loc="outside upper center", ncols=4)
    figure.supxlabel(foot(found.provenance), fontsize=5.5, color=GREY)
    return Described("fit", _("How the model meets its targets"), figure, _fit_said(found), found.provenance)


def _fit_panel(axes: Axes, rows: pd.DataFrame) -> None:
    for place, row in enumerate(rows.to_dict("records")):
        value, unit = float(row["value"]), _unit(row)
        ends = np.clip([(float(row[key]) - value) / unit for key in ("band_low", "band_high")], -REACH, REACH)
        axes.barh(place, ends[1] - ends[0], left=ends[0], height=0.62, color=PALE)
        doubtful = row["verdict"] != "inside" or row["prior_driven"]
        colour = VERMILLION if doubtful else BLUE
        for keys, ink, width, shift in (
            (("prior_low", "prior_high"), GREY, 1.0, 0.22), (("low", "high"), colour, 2.4, -0.05)
        ):  # fmt: skip
            span = np.clip([(float(row[key]) - value) / unit for key in keys], -REACH, REACH)
            if np.isfinite(span).all():
                axes.plot(span, [place + shift] * 2, color=ink, linewidth=width, solid_capstyle="butt")
        mean = float(np.clip((float(row["mean"]) - value) / unit, -REACH, REACH))
        axes.plot([mean], [place - 0.05], "s" if doubtful else "o", color=colour, markersize=3.6)
    axes.axvline(0, color=INK, linewidth=0.7)
    axes.set_yticks(range(len(rows)), [wrapped(label(str(title)), LONG) for title in rows["title"]], fontsize=6.2)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-REACH * 1.03, REACH * 1.03)
    axes.tick_params(axis="y", length=0)
    light_grid(axes, "x")
    numbers(axes.xaxis, 0, ticks=10)


def _unit(row: Any) -> float:
    """What a distance is counted in: the target's standard deviation, or what stands for it."""
    width = (float(row["band_high"]) - float(row["band_low"])) / BAND_IN_SD
    found = float(row["sd"])
    return next((one for one in (found, width, abs(float(row["value"])) / 10) if math.isfinite(one) and one > 0), 1.0)


def _fit_said(found: Posterior) -> str:
    said = several(
        _("{target}: {mean} (interval {low} to {high}) for {value}",
          target=label(str(row["title"])), mean=shown(row["mean"]), low=shown(row["low"]), high=shown(row["high"]),
          value=shown(row["value"]))
        for row in found.fit.to_dict("records")
    )  # fmt: skip
    inside, known = int((found.fit["verdict"] == "inside").sum()), len(found.fit)
    head = _("{inside} of {all} targets are inside their band under the posterior.", inside=inside, all=known)
    return f"{head} {said}. {foot(found.provenance)}"

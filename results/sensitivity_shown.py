"""What decides a difference, as people read it: tables on the screen, JSON, and files that say where they come from."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from results.answer_files import write_answer
from results.comparison import ComparisonError
from results.comparison_shown import Names, plain, share, shown, span, titled, with_names
from results.messages import _, interval, label, number, percent
from results.provenance import recorded
from results.sensitivity import Sensitivity, ranked, resting

MOST: Final = 15
"""Factors that the screen shows of each difference."""
HALF: Final = 0.5
"""Part of the strength of all factors from which a result is said to rest on those of which nobody has learnt."""

type Titles = Mapping[str, str]


def factor_title(found: Sensitivity, name: str, titles: Titles) -> str:
    """A factor as a heading: the title of its parameter, or how many move together."""
    members = dict(zip(found.design.factors, found.design.members, strict=True))[name]
    if len(members) > 1 or members[0] != name:
        return _("{group}: {count} parameters together", group=name, count=number(len(members)))
    return label(titles.get(name, name))


def heading(arm: str, outcome: str, names: Names, baseline: str) -> str:
    """A difference as a heading."""
    return _("{outcome}: {arm} against {baseline}", outcome=titled(outcome, names), arm=arm, baseline=baseline)


def as_text(found: Sensitivity, names: Names, unlearnt: Sequence[str], baseline: str) -> str:
    """The tables for a terminal, difference by difference."""
    lines = []
    for row in found.shares.to_dict("records"):
        arm, outcome = str(row["arm"]), str(row["outcome"])
        lines += [heading(arm, outcome, names, baseline), *_told(found, row, unlearnt)]
        lines += [*_aligned(_rows(found, arm, outcome, unlearnt)), ""]
    return "\n".join([*lines, *legend(found)])


def _told(found: Sensitivity, row: Mapping[Any, Any], unlearnt: Sequence[str]) -> list[str]:
    """What parameters and luck contribute, what was dropped, and what the result rests on."""
    lines = ["  " + _("mean {mean}; standard deviation over parameters {of_parameters}, of luck in one world "
                      "{of_luck}; parameters explain {share} of the variance of one world {interval}",
                      mean=shown(row["mean"], signed=True), of_parameters=shown(row["sd_parameters"]),
                      of_luck=shown(row["sd_luck"]), share=share(row["share"]),
                      interval=_interval(row["share_low"], row["share_high"]))]  # fmt: skip
    if row["dropped"]:
        lines.append("  " + _("{dropped} of {all} blocks of points left out, since a run in them failed",
                              dropped=number(row["dropped"]), all=number(row["dropped"] + row["blocks"])))  # fmt: skip
    part = resting(found, str(row["arm"]), str(row["outcome"]), unlearnt)
    if part >= HALF:
        lines.append("  " + _("prior-driven: {share} of what parameters do comes from those of which no calibration "
                              "has learnt", share=percent(part)))  # fmt: skip
    return lines


def _interval(low: float, high: float) -> str:
    return "–" if math.isnan(low) else interval(share(low), share(high))


def _rows(found: Sensitivity, arm: str, outcome: str, unlearnt: Sequence[str]) -> list[list[str]]:
    """The cells of one difference; headings first."""
    morris = found.design.method == "morris"
    measures = ("mu_star", "mu", "sigma") if morris else ("first", "total")
    heads = [_("mean absolute effect"), _("mean effect"), _("spread of effects")] if morris else [
        _("first order"), _("total")]  # fmt: skip
    rows = [["  " + _("parameter"), *(cell for head in heads for cell in (head, "")),
             *([_("luck alone")] if morris else []), _("over its range"), ""]]  # fmt: skip
    members = dict(zip(found.design.factors, found.design.members, strict=True))
    for row in ranked(found, arm, outcome).head(MOST).to_dict("records"):
        name = str(row["factor"])
        cells = [f"  {name}"]
        for measure in measures:
            signed = measure == "mu"
            cells += [shown(row[measure], signed=signed),
                      span(row[f"{measure}_low"], row[f"{measure}_high"], signed=signed)]  # fmt: skip
        cells += [shown(row["luck"])] if morris else []
        rows.append([*cells, shown(row["slope"], signed=True), _mark(members[name], unlearnt)])
    return rows


def _mark(members: Sequence[str], unlearnt: Sequence[str]) -> str:
    return _("prior-driven") if set(members) & set(unlearnt) else ""


def _aligned(table: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in table) for place in range(len(table[0]))]
    return [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in
                                              zip(row[1:-1], widths[1:-1], strict=True)), row[-1]]).rstrip()
        for row in table
    ]  # fmt: skip


def legend(found: Sensitivity) -> list[str]:
    """What the columns are, in a few lines."""
    blocks, seeds = int(found.shares["blocks"].max()), int(found.shares["seeds"].max())
    if found.design.method == "morris":
        lines = [_("Morris: {blocks} trajectories, {seeds} worlds at each point. Effects are over the whole range of a "
                   "parameter; the sign of each is taken from the other worlds, so that luck adds nothing to the mean "
                   "absolute effect. Luck alone: what it would be if nothing had an effect and luck were left in.",
                   blocks=number(blocks), seeds=number(seeds))]  # fmt: skip
    else:
        lines = [_("Sobol: {blocks} rows, {seeds} worlds at each point. Shares of the variance that parameters "
                   "explain, freed of luck; first order alone, total with interactions. A dash: parameters explain "
                   "nothing that can be told from luck.", blocks=number(blocks), seeds=number(seeds))]  # fmt: skip
    return [*lines, _("Intervals hold 95 %, over points and worlds, both drawn; with two worlds, over points only. "
                      "Over its range: change of the difference from the low to the high end. Prior-driven: no "
                      "calibration has learnt of it.")]  # fmt: skip


def as_json(found: Sensitivity, names: Names, unlearnt: Sequence[str], provenance: Mapping[str, Any]) -> dict[str, Any]:
    """All measures as JSON can hold them."""
    return {
        "provenance": recorded(provenance),
        "method": found.design.method, "prior_driven": list(unlearnt),
        "shares": plain(with_names(shares(found, unlearnt), names)),
        "indices": plain(with_names(indices(found, unlearnt), names)),
    }  # fmt: skip


def indices(found: Sensitivity, unlearnt: Sequence[str]) -> pd.DataFrame:
    """Measures of every factor, and whether something was learnt of it."""
    members = dict(zip(found.design.factors, found.design.members, strict=True))
    driven = [bool(set(members[str(name)]) & set(unlearnt)) for name in found.indices["factor"]]
    return found.indices.assign(prior_driven=driven)


def shares(found: Sensitivity, unlearnt: Sequence[str]) -> pd.DataFrame:
    """What parameters and luck contribute, and how much of the first is prior-driven."""
    parts = [resting(found, str(row["arm"]), str(row["outcome"]), unlearnt) for row in found.shares.to_dict("records")]
    return found.shares.assign(prior_driven=parts)


def write(
    found: Sensitivity, names: Names, runs: pd.DataFrame, unlearnt: Sequence[str], provenance: Mapping[str, Any],
    folder: Path,
) -> list[Path]:  # fmt: skip
    """Write the measures and the runs behind them; the files written.

    ``sensitivity.csv`` and ``.parquet`` (one row an arm, outcome and factor), ``shares.csv``, ``runs.parquet`` (every
    run with its parameters), ``sensitivity.json``.

    Raises:
        ComparisonError: when a file cannot be written.
    """
    table = with_names(indices(found, unlearnt), names)
    tables = {
        "sensitivity.csv": table, "sensitivity.parquet": table,
        "shares.csv": with_names(shares(found, unlearnt), names), "runs.parquet": runs,
    }  # fmt: skip
    content = as_json(found, names, unlearnt, provenance)
    return write_answer(folder, tables, "sensitivity.json", content, provenance, ComparisonError)

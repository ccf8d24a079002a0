"""An evaluation of evaluations as people read it: a table on the screen, JSON, files that say where they come from."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from results.answer_files import write_answer
from results.comparison_shown import Names, plain, share, titled, with_names
from results.evaluation import NONE, POLICY, EvaluationError, Scores, levels_of, of
from results.messages import _, number, percent
from results.provenance import recorded

FILES: Final = ("evaluation.csv", "evaluation.parquet", "estimates.parquet", "runs.parquet", "evaluation.json")


def method_names() -> dict[str, str]:
    """Methods as evaluators call them."""
    return {
        "before_after": _("before-after"), "matched": _("matched controls, after"),
        "matched_did": _("matched difference-in-differences"), "two_way": _("two-way fixed effects"),
        "staggered": _("staggered DiD (Callaway-Sant'Anna)"), "imputed": _("imputation (Borusyak-Jaravel-Spiess)"),
        "synthetic": _("synthetic controls (synthetic DiD)"),
    }  # fmt: skip


def design_names() -> dict[str, str]:
    """How teams come to join, in a few words."""
    return {
        "lottery": _("Drawn by lot, one wave"), "staggered": _("Drawn by lot, in waves"),
        "offered": _("Offered: teams vote"), "dear_year": _("Joined after a dear year"),
    }  # fmt: skip


def effect_title(effect: str, policy: str) -> str:
    """An effect as people read it."""
    if effect == POLICY:
        return _("effect of {policy} in the model", policy=policy)
    return _("no effect") if effect == NONE else _("planted effect of {effect}", effect=signed_share(float(effect)))


def signed_share(value: float, decimals: int = 1) -> str:
    """A share as a percentage with its sign; no sign for what rounds to nothing."""
    if math.isnan(value):
        return "–"
    rounded = round(100 * value, decimals)
    whole = decimals == 0 or rounded == round(rounded)
    return ("+" if rounded > 0 else "") + percent(rounded / 100, 0 if whole else decimals)


def rate(value: float) -> str:
    """A rate as a whole percentage; a dash for none."""
    return "–" if math.isnan(value) else percent(value)


def as_text(found: Scores, names: Names) -> str:
    """The table for a terminal: a block for each outcome, size and last year, a line for each design and method."""
    heads = ["", _("joined"), _("truth"), _("bias"), _("error"), _("holds"), _("false"), _("finds"),
             *(_("finds {effect}", effect=signed_share(float(name))) for name in planted(found))]  # fmt: skip
    lines = [_line(heads)]
    table = found.table
    for outcome in levels_of(table, "outcome"):
        for size in levels_of(table, "size"):
            for until in levels_of(table, "until"):
                rows = of(table, outcome=outcome, size=size, until=until)
                title = _("{outcome}; patients: {size}; seen until year {year}",
                          outcome=titled(str(outcome), names), size=size or "–", year=until)  # fmt: skip
                lines += ["", title]
                for design in levels_of(rows, "design"):
                    lines.append("  " + design_names()[str(design)])
                    lines += [_line(_cells(of(rows, design=design, method=method), str(method), found))
                              for method in levels_of(rows, "method")]  # fmt: skip
    return "\n".join([*lines, "", *legend(found)])


def planted(found: Scores) -> list[str]:
    """Effects that were planted, but for that of nothing."""
    return [str(name) for name in levels_of(found.table, "effect") if name not in (POLICY, NONE)]


def _line(cells: list[str]) -> str:
    return f"{cells[0]:<40}" + "".join(f"{cell:>11}" for cell in cells[1:])


def _cells(rows: pd.DataFrame, method: str, found: Scores) -> list[str]:
    by = rows.set_index("effect")
    real: Any = by.loc[POLICY]
    return [
        f"    {method_names()[method]}", number(float(real["joined"]), 1),
        signed_share(float(real["truth"]) / float(real["level"]) if real["level"] else float("nan")),
        signed_share(float(real["bias_share"])), share(float(real["rmse_share"])), rate(float(real["coverage"])),
        *(rate(float(by["found"].get(name, float("nan")))) for name in (NONE, POLICY, *planted(found))),
    ]  # fmt: skip


def legend(found: Scores) -> list[str]:
    """What the columns are, in a few lines."""
    panels = int(found.table["panels"].max())
    return [
        _("Teams of a panel: {teams}; panels: {panels}. Shares are of the outcome without {policy}.",
          teams=number(found.teams), panels=number(panels), policy=found.policy),
        _("truth: effect on those who joined. bias, error: mean and root mean square of estimate less truth. holds: "
          "95 % intervals that hold the truth. false: intervals without 0 where nothing is true. finds: intervals "
          "without 0, for the policy as it acts in the model and for planted effects."),
    ]  # fmt: skip


def as_json(found: Scores, names: Names, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """All scores as JSON can hold them."""
    return {
        "provenance": recorded(provenance), "policy": found.policy, "teams": found.teams,
        "scores": plain(with_names(found.table, names)),
    }  # fmt: skip


def write(found: Scores, names: Names, runs: pd.DataFrame, provenance: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write the scores, the estimates and the runs behind them; the files written.

    ``evaluation.csv`` and ``.parquet`` (scores), ``estimates.parquet``, ``runs.parquet``, ``evaluation.json``.

    Raises:
        EvaluationError: when a file cannot be written.
    """
    scores = with_names(found.table, names)
    *written, whole = FILES
    tables = dict(zip(written, (scores, scores, found.estimates, runs), strict=True))
    return write_answer(folder, tables, whole, as_json(found, names, provenance), provenance, EvaluationError)

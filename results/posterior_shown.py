"""A calibration as people read it: tables on the screen, a page, JSON, and files that say where they come from."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from results.answer_files import write_answer
from results.comparison import ComparisonError
from results.comparison_shown import plain, share, shown
from results.messages import _, interval, number, percent
from results.posterior import COMPARED, CONTRACTED, FITTED, INSIDE, MISS, OVERLAP, Posterior
from results.provenance import recorded, said
from results.spoken import headed

TIED: Final = 0.3
"""Correlation of two parameters from which it is told."""
POINTS: Final = 100

type Table = list[list[str]]


def verdicts() -> dict[str, str]:
    """Words of the verdicts."""
    return {INSIDE: _("inside"), OVERLAP: _("overlap"), MISS: _("miss")}


def parameter_rows(found: Posterior) -> Table:
    """Parameters: what was declared, what is known now; headings first."""
    rows = [[_("parameter"), _("in use"), _("prior mean (sd)"), _("posterior mean (sd)"), _("95 % interval"),
             _("contraction"), ""]]  # fmt: skip
    rows += [
        [
            str(row["name"]), shown(row["now"]), f"{shown(row['prior_mean'])} ({shown(row['prior_sd'])})",
            f"{shown(row['mean'])} ({shown(row['sd'])})", interval(shown(row["q2.5"]), shown(row["q97.5"])),
            percent(row["contraction"]), _("prior-driven") if row["prior_driven"] else "",
        ]
        for row in found.parameters.to_dict("records")
    ]  # fmt: skip
    return rows


def fit_rows(found: Posterior, group: str) -> Table:
    """Targets of a group beside what the model gives; headings first."""
    words = verdicts()
    rows = [[_("target"), _("number"), _("band"), _("posterior prediction"), _("95 % interval"),
             _("draws inside"), _("verdict"), _("moves most with")]]  # fmt: skip
    for row in found.fit[found.fit["group"] == group].to_dict("records"):
        rests = f"{row['rests_on']} ({number(row['correlation'], 2)})" if row["rests_on"] else "–"
        rows.append([
            f"{row['target']} {row['title']}", shown(row["value"]), _band(row), shown(row["mean"]),
            interval(shown(row["low"]), shown(row["high"])), share(row["inside"]), words[str(row["verdict"])],
            f"{rests}, {_('prior-driven')}" if row["prior_driven"] else rests,
        ])  # fmt: skip
    return rows


def _band(row: Mapping[Any, Any]) -> str:
    return f"{shown(row['band_low'])} – {shown(row['band_high'])}"


def emulator_rows(found: Posterior) -> Table:
    """How well each target is emulated; headings first."""
    rows = [[_("target"), _("variance foretold"), _("left out, within 95 %"), _("doubt"), _("error at the draws")]]
    rows += [
        [str(row["target"]), percent(row["explained"], 1), percent(row["covered"]), number(row["doubt"], 2),
         number(row["error"], 2)]
        for row in found.emulators.to_dict("records")
    ]  # fmt: skip
    return rows


def ties(found: Posterior) -> list[str]:
    """Pairs of parameters that the targets tie together."""
    names, values = list(found.correlations), found.correlations.to_numpy(float)
    pairs = [(float(values[row, column]), f"{names[row]} – {names[column]}")
             for row in range(len(names)) for column in range(row + 1, len(names))]  # fmt: skip
    told = sorted(pairs, key=lambda pair: -abs(pair[0]))
    return [headed(both, number(size, 2)) for size, both in told if abs(size) >= TIED]


def budget(found: Posterior) -> str:
    """What the search cost, and how much its numbers can be trusted."""
    facts = found.budget
    text = _("{points} points ({first} of them spread over the priors), {seeds} worlds each; {effective} independent "
             "draws from the posterior; the model itself run at {draws} of them.",
             points=number(facts["points"]), first=number(facts["first_wave"]), seeds=number(facts["seeds"]),
             effective=number(facts["effective"]), draws=number(facts["predictive_draws"]))  # fmt: skip
    if facts["missing"]:
        text += " " + _("Values missing because runs failed: {missing}.", missing=number(facts["missing"]))
    return text


def meaning() -> str:
    """What contraction and its label mean."""
    return _("Contraction: share of the prior variance that the targets took away. Under {limit} a parameter is "
             "prior-driven: its posterior is what somebody declared, and so is what rests on it.",
             limit=percent(CONTRACTED))  # fmt: skip


def parts(found: Posterior) -> list[tuple[str, Table | list[str]]]:
    """The report: headings, and a table or lines under each."""
    some: list[tuple[str, Table | list[str]]] = [
        (_("Parameters"), parameter_rows(found)), ("", [meaning()]),
        (_("Parameters that the targets tie together (rank correlation)"), ties(found) or [_("none")]),
        (_("Fit: the model at draws from the posterior"), fit_rows(found, FITTED)),
    ]  # fmt: skip
    if (found.fit["group"] == COMPARED).any():
        some.append((_("Validation: nothing was fitted to these"), fit_rows(found, COMPARED)))
    doubt = _("Doubt and error are in standard deviations of the target.")
    return [*some, (_("Emulators"), emulator_rows(found)), ("", [doubt]), (_("Budget"), [budget(found)])]


def as_text(found: Posterior) -> str:
    """The report for a terminal."""
    lines = []
    for title, body in parts(found):
        lines += ["", title, "-" * len(title)] if title else [""]
        lines += [str(line) for line in (_aligned(body) if body and isinstance(body[0], list) else body)]
    return "\n".join(lines).lstrip("\n")


def _aligned(table: Sequence[Any]) -> list[str]:
    widths = [max(len(row[place]) for row in table) for place in range(len(table[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]


def as_markdown(found: Posterior) -> str:
    """The report as sections of a page."""
    lines = []
    for title, body in parts(found):
        lines += [f"## {title}", ""] if title else []
        if body and isinstance(body[0], list):
            head, *rows = [list(map(str, row)) for row in body]
            lines += ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]
        else:
            lines += [str(line) for line in body] if len(body) == 1 else [f"- {line}" for line in body]
        lines.append("")
    return "\n".join([*lines, said(found.provenance), ""])


def as_json(found: Posterior) -> dict[str, Any]:
    """The whole calibration as JSON can hold it, without its draws."""
    return {
        "provenance": recorded(found.provenance), "budget": dict(found.budget),
        "parameters": plain(found.parameters),
        "correlations": {str(name): column.round(6).to_dict() for name, column in found.correlations.items()},
        "fit": plain(found.fit), "emulators": plain(found.emulators),
    }  # fmt: skip


def write(found: Posterior, folder: Path) -> list[Path]:
    """Write the calibration; the files written.

    ``posterior.csv`` (one row a parameter), ``fit.csv``, ``emulators.csv``, ``correlations.csv``, ``sample.parquet``
    (draws), ``predictions.parquet`` (the model at draws), ``calibration.json``.

    Raises:
        ComparisonError: when a file cannot be written.
    """
    tables = {
        "posterior.csv": found.parameters, "fit.csv": found.fit, "emulators.csv": found.emulators,
        "correlations.csv": found.correlations.rename_axis("name").reset_index(), "sample.parquet": found.sample,
        "predictions.parquet": found.draws,
    }  # fmt: skip
    return write_answer(folder, tables, "calibration.json", as_json(found), found.provenance, ComparisonError)

"""A comparison of arms as people read it: a table on the screen, JSON, and files that each say where they come from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from results.answer_files import write_answer
from results.comparison import Comparison, ComparisonError
from results.messages import _, interval, label, number, percent
from results.provenance import recorded

SMALL_P: Final = 0.001
DIGITS: Final = ((1000.0, 0), (100.0, 1), (1.0, 2), (0.01, 4))
"""Decimals of a number by its size."""
MOST_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Named:
    """What an outcome is called.

    Attributes:
        label: one line, in English (the catalogue translates it).
        unit: what it is measured in.
        group: which parts of the people or professions it tells apart ("age"), "" for none.
        member: the part it is about ("75-84").
        of: the outcome that it is a part of.
    """

    label: str
    unit: str = ""
    group: str = ""
    member: str = ""
    of: str = ""


type Names = Mapping[str, Named]


def titled(name: str, names: Names) -> str:
    """An outcome as a heading: its label and its unit."""
    named = names.get(name, Named(name))
    return f"{label(named.label)} ({label(named.unit)})" if named.unit else label(named.label)


def shown(value: float, signed: bool = False) -> str:
    """A number with about four digits that mean something; a dash for none."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    size = abs(value)
    decimals = next((found for least, found in DIGITS if size >= least), 0 if size == 0 else MOST_DECIMALS)
    return ("+" if signed and value > 0 else "") + number(value, decimals)


def share(value: float, signed: bool = False) -> str:
    """A share as a percentage; a dash for none."""
    if math.isnan(value):
        return "–"
    return ("+" if signed and value > 0 else "") + percent(value, 1)


def span(low: float, high: float, signed: bool = True) -> str:
    """An interval."""
    return "–" if math.isnan(low) or math.isnan(high) else interval(shown(low, signed), shown(high, signed))


def p_text(p: float) -> str:
    """A p-value as journals write it."""
    if math.isnan(p):
        return "–"
    return f"< {number(SMALL_P, 3)}" if p < SMALL_P else number(p, 3)


def as_text(found: Comparison, names: Names) -> str:
    """The table for a terminal, outcome by outcome, the baseline first."""
    several = bool((found.differences["vectors"] > 1).any())
    heads = [
        _("arm"), _("mean"), _("difference"), _("95 % interval"), _("relative"), _("p (Holm)"), _("p (BH)"),
        _("pairing"), _("needed"), _("highest"), _("lowest"),
        *([_("range over parameters")] if several else []),
    ]  # fmt: skip
    outcomes = [str(name) for name in dict.fromkeys(found.levels["outcome"])]
    blocks = [(titled(name, names), _rows(found, name, several)) for name in outcomes]
    lines = [heads, *(row for _title, rows in blocks for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        first, *rest = zip(cells, widths, strict=True)
        return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]).rstrip()

    text = [line(heads), "-" * (sum(widths) + 2 * len(widths) - 2)]
    for title, rows in blocks:
        text += [title, *(line(row) for row in rows), ""]
    return "\n".join([*text, *legend(found)])


def _rows(found: Comparison, outcome: str, several: bool) -> list[list[str]]:
    """The cells of one outcome."""
    levels = found.levels[found.levels["outcome"] == outcome].set_index("arm")
    differences = found.differences[found.differences["outcome"] == outcome].set_index("arm")
    order = [found.baseline, *(arm for arm in levels.index if arm != found.baseline)]
    rows = []
    for arm in order:
        level: Any = levels.loc[arm]
        chances = [share(float(level["highest"])), share(float(level["lowest"]))]
        cells = [f"  {arm}", shown(float(level["mean"]))]
        if arm == found.baseline:
            rows.append([*cells, *["–"] * 7, *chances, *(["–"] if several else [])])
            continue
        row: Any = differences.loc[arm]
        cells += [
            shown(row["difference"], signed=True), span(row["low"], row["high"]), share(row["relative"], signed=True),
            p_text(row["p_holm"]), p_text(row["p_bh"]), share(row["pairing_removed"]),
            shown_count(row["needed"]), *chances,
        ]  # fmt: skip
        rows.append([*cells, *([span(row["range_low"], row["range_high"])] if several else [])])
    return rows


def shown_count(value: float) -> str:
    """A count; a dash for none, and a sign for one that nobody will run."""
    return shown(value) if math.isnan(value) or math.isinf(value) else number(value)


def legend(found: Comparison) -> list[str]:
    """What the columns are, in a few lines."""
    rows = found.differences
    lines = [
        _("Differences against {baseline}; {replicates} worlds, the same for every arm.",
          baseline=found.baseline, replicates=number(int(rows["replicates"].max()))),
        _("pairing: share of the standard deviation that the same worlds took away. needed: replicates still needed "
          "for an interval of ± {precision}. highest, lowest: chance of having the highest or lowest mean.",
          precision=found.precision),
    ]  # fmt: skip
    if (rows["vectors"] > 1).any():
        lines.append(
            _("{vectors} vectors of parameters, drawn from their ranges: the interval is that of the mean effect over "
              "them; the range is where the effect lies under one of them. Needed are vectors.",
              vectors=number(int(rows["vectors"].max())))
        )  # fmt: skip
    if found.way == "sequential":
        lines.append(_("Intervals and p-values hold at every look, for all differences together."))
    if missing := int(rows["missing"].max()):
        lines.append(_("Pairs of worlds left out where an outcome has no value (nobody to count, or a run "
                       "failed), at most: {missing}.", missing=number(missing)))  # fmt: skip
    return lines


def as_json(found: Comparison, names: Names, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """The whole comparison as JSON can hold it."""
    return {
        "provenance": recorded(provenance),
        "baseline": found.baseline, "way": found.way, "precision": found.precision,
        "differences": plain(with_names(found.differences, names)), "levels": plain(with_names(found.levels, names)),
    }  # fmt: skip


def plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as mappings; what is no finite number is null."""

    def value(item: Any) -> Any:
        return None if isinstance(item, float) and not math.isfinite(item) else item

    return [{str(key): value(item) for key, item in row.items()} for row in table.to_dict("records")]


def with_names(table: pd.DataFrame, names: Names) -> pd.DataFrame:
    """The table with the label, unit and group of every outcome behind its name."""
    known = [names.get(str(name), Named(str(name))) for name in table["outcome"]]
    facts = {key: [getattr(named, key) for named in known] for key in ("label", "unit", "group", "member", "of")}
    return pd.concat(
        [table[["outcome"]], pd.DataFrame(facts, index=table.index), table.drop(columns="outcome")], axis=1
    )


def write(
    found: Comparison, names: Names, runs: pd.DataFrame, provenance: Mapping[str, Any], folder: Path
) -> list[Path]:
    """Write the comparison and the runs behind it; the files written.

    ``comparison.csv`` and ``.parquet`` (differences), ``levels.csv``, ``runs.parquet``, ``comparison.json``.

    Raises:
        ComparisonError: when a file cannot be written.
    """
    differences = with_names(found.differences, names)
    tables = {
        "comparison.csv": differences, "comparison.parquet": differences,
        "levels.csv": with_names(found.levels, names), "runs.parquet": runs,
    }  # fmt: skip
    content = as_json(found, names, provenance)
    return write_answer(folder, tables, "comparison.json", content, provenance, ComparisonError)

"""An attribution as people read it: a table on the screen, JSON, and files that each say where they come from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from results.answer_files import write_answer
from results.attribution import LEAST_BONUS, Attribution
from results.comparison import ComparisonError
from results.comparison_shown import plain, shown, span
from results.messages import _, number, percent
from results.provenance import recorded
from results.spoken import several

FILES = ("attribution", "rates", "power", "places", "other_norms")
"""Tables that are written beside each other."""


def part_titles() -> dict[str, str]:
    """What each part of a payment is called."""
    return {
        "common": _("What any team of that size gets"),
        "response": _("Response: what people changed"),
        "territory": _("Territory"),
        "case_mix": _("Case mix: age, illness, poverty"),
        "start": _("Starting point: unseen needs, habits"),
        "trend": _("Trend that nobody made"),
        "luck": _("Luck"),
        "payment": _("Paid"),
    }


def norm_titles() -> dict[str, str]:
    """What other norms are called."""
    return {
        "as_it_is": _("the rule as it is"),
        "blind": _("norms blind to case mix"),
        "own_territory": _("norms of its own territory"),
        "knows_all": _("norms that know its territory and its starting point"),
    }


def place_title(name: str, kind: str) -> str:
    """What a place of the map is called."""
    return _("living area {area}", area=name) if kind == "area" else name


def as_text(found: Attribution, provenance: Mapping[str, Any]) -> str:
    """The table for a terminal."""
    titles = part_titles()
    rows = [
        [titles[row["part"]], shown(row["mean"]), span(row["low"], row["high"]), shown(row["mean_per_patient"]),
         percent(round(row["share"], 2))]
        for row in found.parts.to_dict("records")
    ]  # fmt: skip
    heads = [_("part"), _("EUR a year"), _("95 % interval"), _("EUR/patient"), _("share")]
    widths = [max(len(line[place]) for line in [heads, *rows]) for place in range(len(heads))]

    def line(cells: list[str]) -> str:
        first, *rest = zip(cells, widths, strict=True)
        return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]).rstrip()

    title = _("{policy}, team {team}: what the payment is made of", policy=provenance["policy"],
              team=provenance["team"])  # fmt: skip
    head = [title, line(heads), "-" * (sum(widths) + 2 * len(widths) - 2)]
    return "\n".join([*head, *(line(row) for row in rows), "", *sentences(found)])


def sentences(found: Attribution) -> list[str]:
    """The answer in a few sentences."""
    return [*_of_rates(found), *_of_power(found), *_of_places(found), *_of_norms(found), *_of_context(found)]


def _of_rates(found: Attribution) -> list[str]:
    rates = found.rates.set_index("response")
    null: Any = rates.loc["without"]
    paid: Any = rates.loc["with"]
    return [
        _("Paid for nothing: if nobody responded, the team would be paid {mean} EUR a year (from {low} to {high} in "
          "nine draws of ten), and more than any team of its size in {share} of draws [{share_low}; {share_high}].",
          mean=number(null["mean"]), low=number(null["p5"]), high=number(null["p95"]), share=percent(null["paid"]),
          share_low=percent(null["paid_low"]), share_high=percent(null["paid_high"])),
        _("With its response it is paid {mean} EUR, and that more in {share} of draws.",
          mean=number(paid["mean"]), share=percent(paid["paid"])),
    ]  # fmt: skip


def _of_power(found: Attribution) -> list[str]:
    """How often an average team is paid for nothing, and how often a response goes unpaid, by size."""
    if found.power.empty:
        return []
    lines = []
    for size, rows in found.power.groupby("size"):
        null = float(rows.loc[rows["effect"] == 0, "paid"].iloc[0])
        missed = several(
            _("{missed} of responses of {effect}", missed=percent(1 - row["paid"]), effect=percent(row["effect"]))
            for row in rows[rows["effect"] > 0].to_dict("records")
        )
        lines.append(
            _("An average list of {size}: paid for nothing {null}; not paid: {missed}.", size=number(int(str(size))),
              null=percent(null), missed=missed)
        )  # fmt: skip
    return lines


def _of_places(found: Attribution) -> list[str]:
    return [
        _("{place} ({patients} patients): {mean} EUR a patient for nothing, a bonus in {share} of draws.",
          place=place_title(row["place"], row["kind"]), patients=number(row["list"]),
          mean=shown(row["mean"] / max(row["list"], 1.0)), share=percent(row["paid"]))
        for row in found.places.to_dict("records")
    ]  # fmt: skip


def _of_norms(found: Attribution) -> list[str]:
    titles = norm_titles()
    return [
        _("If nobody responded, {norms} would pay {mean} EUR a year.", norms=titles[row["norms"]],
          mean=number(row["mean"]))
        for row in found.other_norms.to_dict("records") if row["arm"] == "twin" and row["norms"] != "as_it_is"
    ]  # fmt: skip


def _of_context(found: Attribution) -> list[str]:
    known = found.context
    spending = {"listed": number(known["listed"]), "saved": shown(abs(known["saved"]))}
    return [
        _("All rules together: {paid} EUR a year with the rule, {twin} without it.",
          paid=number(known["all_rules"]), twin=number(known["all_rules_twin"])),
        _("Spending on its {listed} patients fell by {saved} EUR a year.", **spending) if known["saved"] >= 0
        else _("Spending on its {listed} patients rose by {saved} EUR a year.", **spending),
        _("Redraws of chance: {redraws}; worlds: {worlds}. A bonus is {least} EUR or more above what an average team "
          "without response and without luck is paid.", redraws=number(known["redraws"]),
          worlds=number(known["worlds"]), least=number(LEAST_BONUS)),
    ]  # fmt: skip


def as_json(found: Attribution, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """The whole attribution as JSON can hold it."""
    return {
        "provenance": recorded(provenance), "parts": plain(found.parts), "rates": plain(found.rates),
        "power": plain(found.power), "places": plain(found.places), "other_norms": plain(found.other_norms),
        "context": dict(found.context), "draws": plain(found.draws),
    }  # fmt: skip


def write(found: Attribution, runs: pd.DataFrame, provenance: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write the attribution; the files written.

    ``attribution.csv`` and ``.parquet`` (parts), ``rates.csv``, ``power.csv``, ``places.csv``, ``other_norms.csv``,
    ``runs.parquet`` (each redraw), ``attribution.json`` (all of it).

    Raises:
        ComparisonError: when a file cannot be written.
    """
    parts = (found.parts, found.rates, found.power, found.places, found.other_norms)
    tables = {f"{name}.csv": table for name, table in zip(FILES, parts, strict=True)}
    tables |= {"attribution.parquet": found.parts, "runs.parquet": runs}
    content = as_json(found, provenance)
    return write_answer(folder, tables, "attribution.json", content, provenance, ComparisonError)

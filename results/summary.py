"""A run on one screen: people, physicians, contacts, waits, hospital, spending; read from the run's files only."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from results.messages import _, euros, number, percent
from results.run import given_name

WEEKS_PER_YEAR = 52
WIDTH = 46
FORGONE = ("forgone_vital", "forgone_high", "forgone_medium", "forgone_low")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary.

    Attributes:
        label: what it is, in the language in use.
        by_year: the number of each year, in order.
        written: how a number is written.
    """

    label: str
    by_year: tuple[float, ...]
    written: Callable[[float], str]


def summary(folder: Path | str) -> dict[str, list[Line]]:
    """The figures of a run by heading, one number a year.

    Args:
        folder: a run folder, as the recorder leaves it.
    """
    folder = Path(folder)
    weeks = pd.read_parquet(folder / "territory.parquet")
    years = _years(weeks)
    physicians = pd.read_parquet(
        folder / "physicians.parquet", columns=["year", "week", "physician", "registered_list"]
    )
    return {
        _("People and care"): _people(years) + _physicians(physicians, years),
        _("Access"): _access(years),
        _("Hospital"): _hospital(years),
        _("Spending, EUR per person and year"): _spending(folder, years),
    }


def _years(weeks: pd.DataFrame) -> pd.DataFrame:
    """Sums of each year over its weeks and territories, with the mean population and the person-years."""
    weeks = weeks[weeks["year"] >= 1] if (weeks["year"] >= 1).any() else weeks
    weeks = weeks.assign(
        person_weeks=weeks["people"],
        waited=weeks["waited_days"] * weeks["gp_contacts"],
        posted=weeks["posted_wait_days"] * weeks["people"],
        posted_for=weeks["people"].where(weeks["posted_wait_days"].notna()),
    )
    years = weeks.drop(columns=["territory", "week"]).groupby("year").sum()
    last = weeks.groupby(["year", "week"])["people"].sum().groupby("year").last()
    return years.assign(person_years=years["person_weeks"] / WEEKS_PER_YEAR, people=last)


def _line(label: str, values: Any, written: Callable[[float], str] = number) -> Line:
    return Line(label, tuple(float(v) for v in values), written)


def _written(write: Callable[[float], str]) -> Callable[[float], str]:
    """Writes a number, and a dash for what nothing was there to be counted of."""
    return lambda value: "–" if math.isnan(value) else write(value)


def _decimals(count: int) -> Callable[[float], str]:
    return _written(lambda value: number(value, count))


_share = _written(lambda value: percent(value, 1))


def _per(counts: "pd.Series[Any]", of: "pd.Series[Any]") -> "pd.Series[Any]":
    """A ratio; not a number where there is nothing to divide by."""
    return counts / of.where(of > 0)


def _people(years: pd.DataFrame) -> list[Line]:
    per_person = years["person_years"]
    return [
        _line(_("people at the end of the year"), years["people"]),
        _line(_("births less deaths"), years["births"] - years["deaths"]),
        _line(_("GP contacts per person"), years["gp_contacts"] / per_person, _decimals(2)),
        _line(_("nurse contacts per person, rounds apart"), years["nurse_contacts"] / per_person, _decimals(2)),
    ]


def _physicians(rows: pd.DataFrame, years: pd.DataFrame) -> list[Line]:
    """Physicians with a list at the end of each year, their lists and contacts."""
    rows = rows[rows["year"].isin(years.index)]
    last = rows[rows["week"] == rows.groupby("year")["week"].transform("max")]
    listed = last[last["registered_list"] > 0].groupby("year")["registered_list"]
    count = listed.size().reindex(years.index, fill_value=0)
    return [
        _line(_("physicians with a list"), count),
        _line(_("registered patients per physician"), listed.mean().reindex(years.index), _decimals(0)),
        _line(_("contacts per physician"), _per(years["gp_contacts"], count), _decimals(0)),
    ]


def _access(years: pd.DataFrame) -> list[Line]:
    forgone = years[list(FORGONE)].sum(axis=1)
    return [
        _line(_("days from request to GP contact"), _per(years["waited"], years["gp_contacts"]), _decimals(1)),
        _line(_("posted wait, days"), _per(years["posted"], years["posted_for"]), _decimals(1)),
        _line(_("needs forgone per 1,000 people"), 1000 * forgone / years["person_years"]),
        _line(_("leaks: share of contacts bought elsewhere"),
              _per(years["leaks"], years["listed_contacts"]), _share),
        _line(_("teleconsultations per 1,000 people"), 1000 * years["teleconsultations"] / years["person_years"]),
    ]  # fmt: skip


def _hospital(years: pd.DataFrame) -> list[Line]:
    thousand = 1000 / years["person_years"]
    return [
        _line(_("emergency visits per 1,000 people"), years["ed_visits"] * thousand),
        _line(_("hospital stays per 1,000 people"), years["stays"] * thousand),
        _line(_("of which potentially avoidable"), years["avoidable_stays"] * thousand, _decimals(1)),
        _line(_("seen within 7 days of discharge"), _per(years["discharges_seen_7"], years["discharges"]), _share),
        _line(_("readmissions within 30 days, share of stays"), _per(years["readmissions"], years["stays"]), _share),
    ]  # fmt: skip


def _spending(folder: Path, years: pd.DataFrame) -> list[Line]:
    """What patients cost by category where the year's accounts were closed, else what was billed."""
    closed = _closed_years(folder, years)
    labels = {
        "spend_gp": _("general practice"), "spend_nurse": _("nurses"), "spend_ed": _("emergency department"),
        "spend_hospital": _("hospital"), "spend_drugs": _("drugs"), "spend_other": _("other care"),
    }  # fmt: skip
    # People of closed accounts are those whom the figures and the outcomes divide by: one number is said everywhere.
    table, people = (years, years["person_years"]) if closed is None else (closed, closed["people"])
    lines = [_line(label, table[name] / people, euros) for name, label in labels.items() if name in table]
    total = [sum(line.by_year[i] for line in lines) for i in range(len(years))]
    return [*lines, _line(_("total"), total, euros)]


def _closed_years(folder: Path, years: pd.DataFrame) -> pd.DataFrame | None:
    file = folder / "spending.parquet"
    if not file.exists():
        return None
    rows = pd.read_parquet(file)
    rows = rows[rows["share_people"] == rows["share_people"].max()].drop_duplicates(["year", "territory"])
    if not set(years.index) <= set(rows["year"]):
        return None
    return rows.groupby("year").sum(numeric_only=True).loc[years.index]


def printed(folder: Path | str) -> str:
    """The summary as text, one column for the first year and one for the last."""
    folder = Path(folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    parts = summary(folder)
    years = len(next(iter(parts.values()))[0].by_year)
    shown = [0] if years == 1 else [0, years - 1]
    heads = [_("year {year}", year=i + 1) for i in shown]
    lines = [_heading(manifest), " " * WIDTH + "".join(f"{head:>12}" for head in heads)]
    for heading, content in parts.items():
        lines.append(heading)
        lines += [f"  {line.label:<{WIDTH - 2}}" + "".join(f"{line.written(line.by_year[i]):>12}" for i in shown)
                  for line in content]  # fmt: skip
    return "\n".join(lines)


def _heading(manifest: dict[str, Any]) -> str:
    names = ", ".join(given_name(t) or _("invented territory") for t in manifest["territories"])
    return _(
        "{name}: {territory}, {weeks} weeks from {start}, seed {seed}",
        name=manifest["scenario"]["name"], territory=names, weeks=manifest["weeks"], start=manifest["start"],
        seed=manifest["seed"],
    )  # fmt: skip

"""Budget impact: what a run cost, by line and by who pays it, alone or against another run.

Acts are split as they are billed: public insurance, complementary insurance, households. What contracts pay beside acts
(lump sums, bonuses, funded staff, team contracts) is paid by public insurance.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from results.messages import _, label, number
from results.run import Run, RunError

PAYERS: Final = ("insurer", "complementary", "households")
BILLED: Final = ("physicians", "nurses", "emergencies", "stays")
INSURED_ONLY: Final = ("drugs", "other")
FEES: Final = "fee_for_service"
BY_ACT: Final = (FEES, "t2a")
"""Payment rules whose money is already in the billed lines."""
NO_PAYER: Final = ("health_centre_salary",)
"""Payment rules that move the money of a centre to its own staff."""
RETURNED: Final = "returned"
SURCHARGE: Final = "surcharge"
CENTS: Final = 100
PEOPLE: Final = "residents"
CELL: Final = 16
"""Width of a column of numbers, at least."""


@dataclass(frozen=True, slots=True)
class Impact:
    """The cost of one year.

    Attributes:
        year: year of the run.
        people: residents at its end.
        lines: EUR by line (rows) and payer (columns of :data:`PAYERS`).
        titles: what people call the payment rules among the lines.
    """

    year: int
    people: float
    lines: pd.DataFrame
    titles: Mapping[str, str]

    @property
    def total(self) -> float:
        """EUR, all lines and payers."""
        return float(self.lines.to_numpy().sum())


def budget(run: Run, year: int = 0) -> Impact:
    """What a year cost.

    Args:
        run: an open run.
        year: year of the run; the last one when 0.

    Raises:
        RunError: when the run has no such year.
    """
    accounts = run.accounts[run.accounts["level"] == "territory"]
    years = sorted(accounts["year"].unique())
    year = year or int(years[-1])
    if year not in years:
        raise RunError(_("{path}: the run has no year {year}. Its years: {known}.",
                         path=run.path, year=year, known=", ".join(map(str, years))))  # fmt: skip
    sums = accounts[accounts["year"] == year].sum(numeric_only=True)
    rows = {name: _billed(sums, name) for name in BILLED}
    rows |= {name: (float(sums[f"budget_{name}_insurer"]), 0.0, 0.0) for name in INSURED_ONLY}
    titles: dict[str, str] = {}
    if run.has("payments"):
        rows |= _beside(run.payments[run.payments["year"] == year])
        titles = dict(zip(run.payment_rules["system"], run.payment_rules["title"], strict=True))
    return Impact(year, float(sums[PEOPLE]), pd.DataFrame.from_dict(rows, orient="index", columns=list(PAYERS)), titles)


def difference(run: Run, against: Run, year: int = 0) -> Impact:
    """The cost of a year less that of the same year in another run; lines that only one has count as 0 in the other.

    Raises:
        RunError: when the runs are not of the same people and length, or one has no such year.
    """
    _same_people(run, against)
    one, other = budget(run, year), budget(against, year)
    if one.year != other.year:
        raise RunError(_("{path} ends in year {year}, {other} in year {last}; say which year to compare.",
                         path=run.path, year=one.year, other=against.path, last=other.year))  # fmt: skip
    lines = [*one.lines.index, *(line for line in other.lines.index if line not in one.lines.index)]
    before = other.lines.reindex(lines, fill_value=0.0)
    titles = {**other.titles, **one.titles}
    return Impact(one.year, one.people, one.lines.reindex(lines, fill_value=0.0) - before, titles)


def _same_people(run: Run, against: Run) -> None:
    """Refuse runs of other people: what they cost differs for more reasons than what was tried."""
    for what in ("seed", "start", "territories"):
        if run.manifest[what] != against.manifest[what]:
            raise RunError(_("{path} and {other} are not runs of the same people: {what} differs.",
                             path=run.path, other=against.path, what=what))  # fmt: skip


def as_text(impact: Impact) -> str:
    """The budget as a table: lines, payers, sums, and the whole a person."""
    heads = [_("insurance"), _("complementary"), _("households"), _("sum")]
    table = impact.lines.assign(sum=impact.lines.sum(axis=1))
    table.loc["sum"] = table.sum()
    titles = [line_title(str(name), impact.titles) for name in table.index]
    people, corner = _("sum a person"), _("EUR, year {year}", year=impact.year)
    width = max(map(len, [*titles, people, corner])) + 2
    cells = [max(CELL, len(head) + 2) for head in heads]
    lines = [f"{corner:<{width}}" + "".join(f"{head:>{cell}}" for head, cell in zip(heads, cells, strict=True))]
    lines += [f"{title:<{width}}" + "".join(f"{number(v):>{cell}}" for v, cell in zip(row, cells, strict=True))
              for title, row in zip(titles, table.to_numpy(), strict=True)]  # fmt: skip
    if impact.people:
        lines.append(f"{people:<{width}}{number(impact.total / impact.people, 2):>{sum(cells)}}")
    return "\n".join(lines)


def line_title(line: str, rules: Mapping[str, str]) -> str:
    """A line of the budget as people read it; a payment rule by its title, without what explains it."""
    titles = {
        "physicians": _("physicians' acts"), "nurses": _("nurses' acts"), "emergencies": _("emergency visits"),
        "stays": _("hospital stays"), "drugs": _("medicines"), "other": _("other care"), "sum": _("sum"),
        "returned": _("acts returned to fees"), "surcharge": _("surcharges"),
    }  # fmt: skip
    return titles.get(line) or label(rules.get(line, line)).split(":")[0].rstrip()


def _billed(sums: pd.Series, name: str) -> tuple[float, float, float]:
    tariff, insurer, household = (float(sums[f"budget_{name}_{who}"]) for who in ("tariff", "insurer", "household"))
    return insurer, tariff - insurer - household, household


def _beside(paid: pd.DataFrame) -> dict[str, tuple[float, float, float]]:
    """What contracts pay beside billed acts, by payment rule."""
    by_act = paid[paid["system"] == FEES]
    returned, surcharge = (
        by_act.loc[by_act["component"].str.startswith(part), "cents"].sum() / CENTS for part in (RETURNED, SURCHARGE)
    )
    rows = {RETURNED: (float(returned), 0.0, 0.0), SURCHARGE: (0.0, float(surcharge), 0.0)}
    sums = paid[~paid["system"].isin((*BY_ACT, *NO_PAYER))].groupby("system", sort=False)["cents"].sum() / CENTS
    rows |= {str(system): (float(amount), 0.0, 0.0) for system, amount in sums.items()}
    return {line: amounts for line, amounts in rows.items() if any(round(amount, 2) for amount in amounts)}

"""Who works in a territory: one name each, the same in every run of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import pandas as pd

from results.cast import cast_of, letters_from
from results.messages import _, label
from results.paid import CENTS
from results.run import Run
from results.teaching.texts import Text, both

USES: Final = (
    "visit", "phone", "home", "travel", "supervision", "validation", "collective", "evidence", "organisational",
    "effort", "unbilled", "idle",
)  # fmt: skip
"""Uses of a week, in the order of the chart."""
TABLES: Final = (("physician", "physicians"), ("nurse", "nurses"), ("support", "support"))


@dataclass(frozen=True)
class Member:
    """One person.

    Attributes:
        level, row: table of the run and row in it.
        profession: ``physician``, ``nurse``, ``secretary`` or ``coordinator``.
        kind: kind of nurse, "" for others.
        team: row of the team, -1 for none.
        letter: by which stories name the person.
    """

    level: str
    row: int
    profession: str
    kind: str
    team: int
    letter: str

    @property
    def id(self) -> str:
        """As in the payload."""
        return f"{self.level} {self.row}"

    def name(self) -> str:
        """As people call the person, in the language in use."""
        if self.profession == "physician":
            return _("Dr {letter}", letter=self.letter)
        if self.profession == "nurse":
            return {
                "liberal": _("self-employed nurse {letter}", letter=self.letter),
                "asalee": _("Asalée nurse {letter}", letter=self.letter),
                "advanced_practice": _("advanced-practice nurse {letter}", letter=self.letter),
                "pathway": _("pathway nurse {letter}", letter=self.letter),
            }.get(self.kind, _("nurse {n}", n=self.letter))
        role = {"secretary": _("secretary"), "coordinator": _("coordinator")}.get(self.profession, self.profession)
        return f"{role} {self.letter}"


def members(runs: Sequence[Run], main: str) -> list[Member]:
    """Everybody who works in the territory at the start, or whose post is opened later in one of its runs.

    The main team has the letters of its stories.

    Args:
        runs: the runs of the territory.
        main: name of its main team.
    """
    run, opened = runs[0], _opened(runs)
    cast = cast_of(run, main)
    known = {("physician", row): letter for row, letter in cast.physicians.items()}
    known |= {("nurse", row): letter for row, letter in cast.nurses.items()}
    fresh = islice(letters_from(0), len(known), None)
    return [
        _member(level, row, known, fresh)
        for level, table in TABLES for row in _first_rows(run, table, level)
        if level != "nurse" or row["row"] in opened
    ]  # fmt: skip


def _opened(runs: Sequence[Run]) -> set[int]:
    """Rows of nurses, those left out whose post no run ever opens."""
    tables = [run.nurses for run in runs if run.has("nurses")]
    return {int(row) for table in tables for row in table.loc[table["weekly_minutes"] > 0, "nurse"].unique()}


def _first_rows(run: Run, table: str, level: str) -> Iterator[dict[str, Any]]:
    if not run.has(table):
        return
    frame: pd.DataFrame = getattr(run, table)
    first = frame[frame["week"] == frame["week"].min()]
    for row in first.to_dict("records"):
        yield {"row": int(row[level]), **{str(name): value for name, value in row.items()}}


def _member(level: str, row: dict[str, Any], known: dict[tuple[str, int], str], fresh: Iterator[str]) -> Member:
    letter = known.get((level, row["row"])) or next(fresh)
    profession = str(row["role"]) if level == "support" else level
    return Member(level, row["row"], profession, str(row.get("kind", "")), int(row["team"]), letter)


def as_payload(people: list[Member], outside: int) -> list[dict[str, Any]]:
    """The staff of a territory.

    Args:
        people: its members.
        outside: index of the site of those who have none.
    """
    return [
        {"id": one.id, "site": one.team if one.team >= 0 else outside, "profession": one.profession,
         "kind": _kind(one), "name": both(one.name)}
        for one in people
    ]  # fmt: skip


def _kind(one: Member) -> Text:
    return both(
        lambda: {
            "liberal": _("self-employed"), "asalee": "Asalée", "advanced_practice": _("advanced practice"),
            "pathway": _("pathway"), "salaried": _("salaried"), "secretary": _("secretary"),
            "coordinator": _("coordinator"), "physician": _("general practitioner"),
        }.get(one.kind or one.profession, label(one.kind or one.profession))
    )  # fmt: skip


def use_label(use: str) -> str:
    """A use of time as the page calls it."""
    return {
        "visit": _("visits at the practice"), "phone": _("telephone"), "home": _("care at home"),
        "travel": _("travel"), "supervision": _("supervising nurses"), "validation": _("nurses' calls"),
        "collective": _("team meetings"), "evidence": _("keeping records and proofs"),
        "organisational": _("organising the team"), "effort": _("care beyond the visit"),
        "unbilled": _("unbilled work"), "idle": _("free"),
    }[use]  # fmt: skip


def years_of(run: Run, people: list[Member]) -> list[dict[str, Any]]:
    """What each member did and got, year by year."""
    incomes = _incomes(run)
    tables = {level: _yearly(getattr(run, table), level) for level, table in TABLES if run.has(table)}
    years = sorted(int(year) for year in run.territory["year"].unique())
    return [_years_of(one, tables[one.level], incomes, years) for one in people]


def _years_of(
    one: Member, table: pd.DataFrame, incomes: dict[tuple[str, int, int], float], years: list[int]
) -> dict[str, Any]:
    found: dict[str, Any] = {"minutes": [], "income": [], "list": [], "contacts": []}
    rows = {year: _row(table, one.row, year) for year in years}
    for year in years:
        row = rows[year]
        found["minutes"].append([round(float(row.get(f"minutes_{use}", 0.0))) for use in USES])
        own = incomes.get((one.level, one.row, year))
        fees = float(row.get("fees_cents", 0.0)) / CENTS if one.level == "nurse" else None
        income = fees if not own and fees else own
        found["income"].append(None if income is None else round(income))
        found["list"].append(int(row.get("registered_list", 0)))
        found["contacts"].append(int(row.get("contacts", 0)))
    return found


def _row(table: pd.DataFrame, row: int, year: int) -> dict[str, Any]:
    """What a table says of one person in a year, nothing for who was not there."""
    found = table[table.index == (row, year)].to_dict("records")
    return {str(name): value for name, value in found[0].items()} if found else {}


def _yearly(frame: pd.DataFrame, level: str) -> pd.DataFrame:
    """Sums of a year's weeks, and the list as the year ends, by row and year."""
    summed = [name for name in frame if str(name).startswith("minutes_") or name in ("contacts", "fees_cents")]
    groups = frame.groupby([level, "year"])
    whole = groups[summed].sum()
    if "registered_list" in frame:
        whole["registered_list"] = groups["registered_list"].last()
    return whole


def _incomes(run: Run) -> dict[tuple[str, int, int], float]:
    """EUR by level, row and year, after sharing."""
    if not run.has("shares"):
        return {}
    sums = run.shares.groupby(["level", "payee", "year"])["cents"].sum().reset_index()
    return {
        (str(row["level"]), int(row["payee"]), int(row["year"])): float(row["cents"]) / CENTS
        for row in sums.to_dict("records")
    }

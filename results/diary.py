"""The diary of a run, read back for one team: who decided what, when, and the terms behind it."""

import json
from collections.abc import Iterable
from math import isnan
from typing import Any, Final, NamedTuple

import pandas as pd

from results.cast import Cast
from results.messages import _
from results.run import Run, RunError

NOBODY: Final = -1


class Entry(NamedTuple):
    """One event.

    Attributes:
        week, year: when; weeks count the warm-up.
        kind: kind of event.
        team, physician, nurse, support, hospital: rows, -1 for none.
        task: place in the catalogue, -1 for none.
        before, after: what it was, and what it is now; NaN for none.
        text: name of a rule or a choice.
        terms: what decided it, by name.
    """

    week: int
    year: int
    kind: str
    team: int
    physician: int
    nurse: int
    support: int
    hospital: int
    task: int
    before: float
    after: float
    text: str
    terms: dict[str, float]

    @property
    def change(self) -> float:
        """How much more it is now; 0 when unknown."""
        change = self.after - self.before
        return 0.0 if isnan(change) else change


def entries_of(cast: Cast) -> list[Entry]:
    """Everything in the diary that is about a team or its people, or about every team, in order of the weeks.

    Raises:
        RunError: when nobody decides anything in the run.
    """
    table = diary_of(cast.run)
    of_team = table["team"] == cast.team
    nurses = list(cast.own_nurses)
    of_people = table["physician"].isin(list(cast.physicians)) | table["nurse"].isin(nurses)
    of_all = (table[["team", "physician", "nurse", "support", "hospital"]] == NOBODY).all(axis=1)
    found = table[of_team | ((table["team"] == NOBODY) & of_people) | of_all]
    rows: list[Any] = found.sort_values("week", kind="stable").to_dict("records")
    return [_entry(row) for row in rows]


def diary_of(run: Run) -> pd.DataFrame:
    """The table of decisions.

    Raises:
        RunError: when the run has none.
    """
    if not run.has("decisions"):
        raise RunError(
            _("{path}: nobody decides in this run (decisions = false), so there is nothing to tell.", path=run.path)
        )
    return run.decisions


def grouped(entries: Iterable[Entry], *names: str) -> dict[tuple[Any, ...], list[Entry]]:
    """Entries by what they have in common, in the order in which they first come."""
    found: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in entries:
        found.setdefault(tuple(getattr(entry, name) for name in names), []).append(entry)
    return found


def leaders(entry: Entry) -> tuple[int, int]:
    """Who led before a change of leader, and who leads now: rows of the physicians, -1 for nobody."""
    if not isnan(entry.after):
        return (NOBODY if isnan(entry.before) else int(entry.before)), int(entry.after)
    if "successor" in entry.terms:
        return entry.physician, int(entry.terms["successor"])
    return NOBODY, entry.physician


def _entry(row: dict[str, Any]) -> Entry:
    terms = json.loads(row["terms"] or "{}")
    numbers = {str(name): float(value) for name, value in terms.items() if isinstance(value, int | float)}
    return Entry(**{name: row[name] for name in Entry._fields if name != "terms"}, terms=numbers)

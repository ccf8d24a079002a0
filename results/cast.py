"""Who is who in a team, for stories and figures: neutral names, one letter a person, the same all along a run."""

import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final

import pandas as pd

from results.messages import _
from results.paid import row_of_team
from results.run import Run, RunError

NURSE_KINDS: Final = ("liberal", "asalee", "advanced_practice", "pathway")
MANY: Final = 3
"""Physicians from which on all of them are not named one by one."""


@dataclass(frozen=True)
class Cast:
    """The people of one team, each with a letter.

    Attributes:
        run: the run.
        team: row of the team.
        name: its name.
        physicians, nurses: letter by row of the run's tables; nurses outside the team come last.
        kinds: kind of each nurse by row, those who never held a post left out.
        own_nurses: rows of the nurses who belong to the team.
        came: first week in which each nurse is in post, where the post was empty at the start, by row.
    """

    run: Run
    team: int
    name: str
    physicians: dict[int, str]
    nurses: dict[int, str]
    kinds: dict[int, str]
    own_nurses: frozenset[int]
    came: dict[int, int]

    @property
    def pairs(self) -> pd.DataFrame:
        """Pairs of the team's physicians with nurses who ever held a post, as each year ends."""
        pairs = self.run.dyads
        return pairs[pairs["physician"].isin(list(self.physicians)) & pairs["nurse"].isin(list(self.kinds))]

    def physician(self, row: int) -> str:
        """A physician, as a sentence names one."""
        if row not in self.physicians:
            return _("a physician of another team")
        return _("Dr {letter}", letter=self.physicians[row])

    def all_of(self, rows: Iterable[int]) -> str:
        """Several physicians, as a sentence names them."""
        known = sorted(set(rows) & self.physicians.keys())
        if len(known) == len(self.physicians) >= MANY:
            return _("all the physicians")
        if len(known) == 1:
            return self.physician(known[0])
        return _("Drs {letters}", letters=listed([self.physicians[row] for row in known]))

    def nurse(self, row: int) -> str:
        """A nurse, as a sentence names one."""
        if row not in self.nurses:
            return _("a nurse from outside")
        letter = self.nurses[row]
        return {
            "liberal": _("self-employed nurse {letter}", letter=letter),
            "asalee": _("Asalée nurse {letter}", letter=letter),
            "advanced_practice": _("advanced-practice nurse {letter}", letter=letter),
            "pathway": _("pathway nurse {letter}", letter=letter),
        }[self.kinds[row]]

    def nurses_by_kind(self) -> list[str]:
        """The nurses of the team at the start, those of a kind together."""
        kinds = {row: self.kinds[row] for row in self.nurses if row in self.own_nurses and row not in self.came}
        found = []
        for kind in dict.fromkeys(kinds.values()):
            rows = [row for row, own in kinds.items() if own == kind]
            letters = listed([self.nurses[row] for row in rows])
            many = {
                "liberal": _("self-employed nurses {letters}", letters=letters),
                "asalee": _("Asalée nurses {letters}", letters=letters),
                "advanced_practice": _("advanced-practice nurses {letters}", letters=letters),
                "pathway": _("pathway nurses {letters}", letters=letters),
            }
            found.append(self.nurse(rows[0]) if len(rows) == 1 else many[kind])
        return found

    def nurse_label(self, row: int) -> str:
        """A nurse, as a figure names one."""
        short = {
            "liberal": _("Self-empl."), "asalee": _("Asalée"), "advanced_practice": _("Advanced practice"),
            "pathway": _("Pathway"),
        }  # fmt: skip
        return f"{short[self.kinds[row]]} {self.nurses[row]}"

    def physician_label(self, row: int) -> str:
        """A physician, as a figure names one."""
        return f"Dr {self.physicians[row]}"


def cast_of(run: Run, team: str = "") -> Cast:
    """The people of a team.

    Args:
        run: an open run.
        team: name of the team; the run's first one when empty (:func:`first_team`).

    Raises:
        RunError: when the run has no such team, or no team at all.
    """
    name = team or first_team(run)
    row = row_of_team(run, name)
    physicians = _rows(run.physicians, "physician", row)
    held = run.nurses[run.nurses["in_post"] > 0]  # a post that nobody ever held is no person
    own = _rows(held, "nurse", row)
    kinds = held.drop_duplicates("nurse").set_index("nurse")["kind"].astype(str)
    first = held.groupby("nurse")["week"].min()
    outside = [nurse for nurse in _partners(run, row, physicians) if nurse not in own]
    letters = letters_from(0)
    return Cast(
        run=run,
        team=row,
        name=name,
        physicians={physician: next(letters) for physician in physicians},
        nurses={nurse: next(letters) for nurse in (*own, *outside)},
        kinds={int(nurse): kind for nurse, kind in kinds.items()},  # type: ignore[call-overload]
        own_nurses=frozenset(own),
        came={int(nurse): int(week) for nurse, week in first[first > run.nurses["week"].min()].items()},
    )


def first_team(run: Run) -> str:
    """The team that a reader most likely means: the scenario's first one with physicians, else the largest.

    Raises:
        RunError: when the run has no team at all.
    """
    sites = run.sites[run.sites["kind"] == "team"]
    if sites.empty:
        raise RunError(_("{path}: there is no team in this run.", path=run.path))
    for name, spec in run.manifest["scenario"].get("teams", {}).items():
        if spec.get("physicians") and name in set(sites["name"]):
            return str(name)
    return str(sites.sort_values("physicians", ascending=False, kind="stable")["name"].iloc[0])


def letters_from(start: int) -> Iterator[str]:
    """A, B, ... Z, A2, B2, ..."""
    alphabet = string.ascii_uppercase
    for place in count(start):
        turn, letter = divmod(place, len(alphabet))
        yield alphabet[letter] + (str(turn + 1) if turn else "")


def listed(items: Iterable[str]) -> str:
    """Things one after the other: ``A, B and C``."""
    *first, last = list(items) or [""]
    return _("{first} and {last}", first=", ".join(first), last=last) if first else last


def _rows(table: pd.DataFrame, key: str, team: int) -> list[int]:
    """Rows of a table of professionals that have ever been of a team."""
    return sorted(int(row) for row in table.loc[table["team"] == team, key].unique())


def _partners(run: Run, team: int, physicians: list[int]) -> list[int]:
    """Nurses to whom the team's physicians ever handed something over, by row."""
    found: set[int] = set()
    if run.has("decisions"):
        told = run.decisions
        found |= set(told.loc[told["physician"].isin(physicians) | (told["team"] == team), "nurse"])
    if run.has("dyads"):
        pairs = run.dyads[run.dyads["physician"].isin(physicians)]
        shares = pairs[[name for name in pairs.columns if name.startswith("share_")]]
        found |= set(pairs.loc[shares.sum(axis=1) > 0, "nurse"])
    return sorted(int(nurse) for nurse in found if nurse >= 0)

"""Moves: what a payer may change of its rules, as data that those who decide never see (behaviour G).

The menu is ``moves.toml``. A move says how terms change; what it changes depends on the terms of the day: a move which
would change nothing is none.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake
from agents.payer import MODES, REPLAY
from sim.payment.terms import Change, Term, Terms

FILE: Final = Path(__file__).parent / "moves.toml"
LASTS: Final = "years"
ANY: Final = ""
"""Variant of a move that has only one."""


@dataclass(frozen=True)
class Move:
    """One move of the menu.

    Attributes:
        rule: payment rule whose terms it changes.
        name: kind of move.
        changes: how each term changes, as the file says it.
        source: why it is on the menu.
        variant: which territorial adjustment it is, "" for other moves.
        one_team: whether it is meant for one team alone.
    """

    rule: str
    name: str
    changes: tuple[Mapping[str, Any], ...]
    source: str
    variant: str = ANY
    one_team: bool = False

    def changes_of(self, terms: Terms, day: date) -> list[Change]:
        """What the move changes, given the terms in force.

        Args:
            terms: terms of the contract.
            day: day from which it holds.

        Returns:
            New values, and what holds after them where they last some years only; none for terms that have the value
            already, or that the contract sets aside.
        """
        found: list[Change] = []
        for said in self.changes:
            term = terms.of[said["term"]]
            value = _value(said, term, day)
            if value != term.at(day).value:
                found.append(Change(term.name, value, day, self.source))
                if LASTS in said:
                    after = date(day.year + said[LASTS], 1, 1)
                    found.append(Change(term.name, term.at(after).value, after, self.source))
        return found


@cache
def menu() -> tuple[Move, ...]:
    """Every move, in the order of the file."""
    return tuple(
        Move(said["rule"], said["move"], tuple(said["changes"]), said["source"], said.get("variant", ANY),
             said.get("one_team", False))
        for said in _file()["moves"]
    )  # fmt: skip


def watched_rules() -> tuple[str, ...]:
    """Rules of which the payer has moves, in the order of the file."""
    return tuple(dict.fromkeys(move.rule for move in menu()))


def moves_of(rule: str, adjustment: str) -> list[Move]:
    """Moves on a rule; of territorial adjustments that of one variant only."""
    return [move for move in menu() if move.rule == rule and move.variant in (ANY, adjustment)]


def replayed(mode: str) -> list[tuple[str, Change]]:
    """Changes that the payer made in its time, by rule, for a payer who replays them; none for another.

    Dated terms of the rules hold in every mode: they are the rules as written.
    """
    if mode != MODES[REPLAY]:
        return []
    return [
        (said["rule"], Change(said["term"], said["value"], said["valid_from"], said["source"]))
        for said in _file()["replay"]
    ]  # fmt: skip


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _value(said: Mapping[str, Any], term: Term, day: date) -> Any:
    """The new value of a term."""
    now = term.at(day).value
    if "value" in said:
        return said["value"]
    if "year_of_effect" in said:
        return max(now, _bounded(day.year + said["year_of_effect"], term))
    if "less_last" in said:
        return now[: -said["less_last"]] if len(now) > said["less_last"] else now
    if "times" in said:
        return _each(now, lambda number: _bounded(type(number)(number * said["times"]), term))
    if "add" in said:
        return _each(now, lambda number: _bounded(number + said["add"], term))
    raise Mistake("{file}: a change of {term} says no new value.", file=FILE.name, term=term.name)


def _each(value: Any, change: Any) -> Any:
    """A number, or every number of a list, changed."""
    return [change(number) for number in value] if isinstance(value, Sequence) else change(value)


def _bounded(number: Any, term: Term) -> Any:
    low = number if term.low is None else term.low
    high = number if term.high is None else term.high
    return type(number)(min(max(number, low), high))

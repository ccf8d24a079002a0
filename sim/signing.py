"""What is signed: the contract of every team today, and what the payer has decided of the terms since.

A team begins under the contract that its scenario gives it. During a run it may sign another one, and the payer may
change terms from a day on; both must outlive a saved world and reach the arms that fork from it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.teams import KINDS
from sim.payment.contract import SINCE, signed_by, usual
from sim.payment.terms import Change
from sim.specification import ScenarioSpec
from sim.world import World

DAY: Final = "day"
"""Key under which a day stands in a file."""

type TermsOfRules = Mapping[str, Mapping[str, Any]]
"""Values of terms that differ from the defaults, by rule and term; ``from`` and ``until`` are days."""


class Signed(NamedTuple):
    """What a team is under.

    Attributes:
        names: payment rules, in the order in which they were agreed.
        terms: what differs from their defaults.
    """

    names: tuple[str, ...]
    terms: TermsOfRules

    def under(self, rule: str) -> bool:
        """Whether a rule is part of it."""
        return rule in self.names


class Decided(NamedTuple):
    """A term that the payer has changed.

    Attributes:
        rule: name of the payment rule, as contracts call it.
        change: the new value, and the day from which it holds.
        teams: rows of the teams for which it holds, in order; None for all.
    """

    rule: str
    change: Change
    teams: tuple[int, ...] | None = None

    def holds_for(self, team: int) -> bool:
        """Whether it holds for a team."""
        return self.teams is None or team in self.teams


@dataclass
class Signatures:
    """The contracts of all teams, by row.

    Attributes:
        founded: what the scenario gave each of them.
        today: what each is under now.
        written: dated changes of terms that are known from the start: those of a replay.
        decided: what the payer has decided during the run, in order.
    """

    founded: list[Signed] = field(default_factory=list)
    today: list[Signed] = field(default_factory=list)
    written: list[Decided] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)

    def changes_for(self, team: int) -> dict[str, list[Change]]:
        """Changes of terms that hold for a team, by rule of its contract, in order."""
        found: dict[str, list[Change]] = {}
        for one in (*self.written, *self.decided):
            if one.holds_for(team) and self.today[team].under(one.rule):
                found.setdefault(one.rule, []).append(one.change)
        return found

    def key(self, team: int) -> str:
        """By what teams are told apart: those of one key are under one contract."""
        names, terms = self.today[team]
        parts: list[Any] = [names, terms]
        if changes := self.changes_for(team):
            parts.append({rule: [vars_of(change) for change in decided] for rule, decided in changes.items()})
        return json.dumps(parts, sort_keys=True, default=str)

    def rows_by_key(self) -> dict[str, list[int]]:
        """Rows of the teams under each contract, in the order of their first teams."""
        rows: dict[str, list[int]] = {}
        for row in range(len(self.today)):
            rows.setdefault(self.key(row), []).append(row)
        return rows

    def holders(self, rule: str) -> NDArray[np.int64]:
        """Rows of the teams whose contract names a rule."""
        return np.array([row for row, signed in enumerate(self.today) if signed.under(rule)], dtype=np.int64)

    def to_bytes(self) -> NDArray[np.uint8]:
        """What has changed during the run, as one array, to be kept beside a world."""
        moved = [
            [row, _told(self.founded[row]), _told(signed)]
            for row, signed in enumerate(self.today) if _text(signed) != _text(self.founded[row])
        ]  # fmt: skip
        decided = [[one.rule, list(vars_of(one.change)), one.teams] for one in self.decided]
        text = json.dumps({"signed": moved, "decided": decided}, default=_day_told)
        return np.frombuffer(text.encode(), dtype=np.uint8)

    def resume(self, saved: NDArray[np.uint8]) -> None:
        """Go on from what :meth:`to_bytes` kept.

        A team to which this scenario gives another contract than the saved run's did stays under this scenario's: that
        is what an arm is for.
        """
        told = json.loads(saved.tobytes(), object_hook=_day_read)
        for row, founded, signed in told["signed"]:
            if _told(self.founded[row]) == _plain(founded):
                self.today[row] = Signed(tuple(signed[0]), signed[1])
        self.decided = [
            Decided(rule, Change(*change), None if teams is None else tuple(teams))
            for rule, change, teams in told["decided"]
        ]  # fmt: skip


def vars_of(change: Change) -> tuple[Any, ...]:
    """The parts of a change, in the order in which it is made of them."""
    return change.term, change.value, change.valid_from, change.source


def signatures_of(specification: ScenarioSpec, world: World, written: Iterable[tuple[str, Change]] = ()) -> Signatures:
    """The contracts that a scenario gives its teams: their own, else its default, else the usual ones of their kind.

    Args:
        specification: the scenario.
        world: the world that was founded from it.
        written: changes of terms that are known from the start, each with its rule.
    """
    founded = [_founded(specification, world, row) for row in range(len(world.teams))]
    return Signatures(founded, list(founded), [Decided(rule, change) for rule, change in written])


def _founded(specification: ScenarioSpec, world: World, row: int) -> Signed:
    team = specification.teams.get(world.names[row])
    if team is not None:
        return Signed(signed_by(specification, team), team.terms)
    return Signed(usual(specification, KINDS[int(world.teams["kind"][row])]), {})


def with_rule(signed: Signed, rule: str, since: date, terms: Mapping[str, Any] | None = None) -> Signed:
    """A contract with one more rule from a day on; one that is part of it already begins anew."""
    names = signed.names if signed.under(rule) else (*signed.names, rule)
    return Signed(names, {**signed.terms, rule: {**(terms or {}), SINCE: since}})


def without_rules(signed: Signed, rules: Sequence[str]) -> Signed:
    """A contract without some rules."""
    names = tuple(name for name in signed.names if name not in rules)
    return Signed(names, {name: values for name, values in signed.terms.items() if name not in rules})


def _text(signed: Signed) -> str:
    """A contract word for word: ``false`` and ``0.0`` are equal, and yet two terms."""
    return json.dumps(signed, default=_day_told)


def _told(signed: Signed) -> Any:
    """A contract as a file tells it: plain lists and tables, so that two tellings can be compared."""
    return json.loads(_text(signed))


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=_day_told))


def _day_told(value: Any) -> Any:
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    return value.item()  # a number of NumPy's


def _day_read(table: dict[str, Any]) -> Any:
    return date.fromisoformat(table[DAY]) if list(table) == [DAY] and isinstance(table[DAY], str) else table

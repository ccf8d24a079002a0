"""Copies of teams: imagined accounts on which many actions are settled at once (behaviour 0).

A copy is a team, one of its members who acts, and a node of what is uncertain. The rules see accounts of as many teams
as there are copies, each team as it was last year, but for what the action adds.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear, Lists, Numbers, Owners, Rows
from sim.payment.history import History
from sim.payment.statement import Component, Statement
from sim.quotes.noise import N_NODES

MEMBERS: Final = ("physician", "nurse")
GRAIN: Final = 100
"""Imagined measures are whole hundredths: amounts then add up to the same cents however a rule is split."""

type Read = Callable[[str, str], Numbers | None]
"""A measure by name and level, one value an owner of the group (times nodes), None where it is 0 for all."""
type Statements = Mapping[tuple[int, str], Statement]


@dataclass(frozen=True)
class Copies:
    """Which owners stand in each copy.

    Attributes:
        team: place of the team of each copy in the group, ``(copies,)``.
        node: node of each copy, ``(copies,)``.
        place: by level, place of each row's owner in the group, ``(rows,)``.
        copy: by level, the copy that each row is in, ``(rows,)``.
    """

    team: Rows
    node: Rows
    place: Mapping[str, Rows]
    copy: Mapping[str, Rows]
    _at: dict[str, Rows] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.team)

    def at(self, level: str) -> Rows:
        """Where each row's owner and node stand when the nodes of an owner follow each other, ``(rows,)``."""
        if level not in self._at:
            self._at[level] = self.place[level] * N_NODES + self.node[self.copy[level]]
        return self._at[level]

    def owners(self) -> dict[str, Owners]:
        """The rows of the copies as owners, each its own."""
        return {level: Owners(np.arange(len(copy)), copy) for level, copy in self.copy.items()}

    def members_first(self) -> dict[str, int]:
        """Where the rows of each level begin when those of all persons follow each other."""
        return {"physician": 0, "nurse": len(self.place["physician"])}

    @property
    def copy_of_member(self) -> Rows:
        """The copy of each person, physicians before nurses."""
        return np.concatenate([self.copy[level] for level in MEMBERS])

    @property
    def at_of_member(self) -> Rows:
        """Where each person stands among all persons times nodes of the group."""
        physicians = self.members_of_group * N_NODES
        return np.concatenate([self.at("physician"), physicians + self.at("nurse")])

    members_of_group: int = 0
    """Physicians of the group."""


def copies_of(owners: Mapping[str, Owners], team: Rows, node: Rows) -> Copies:
    """Copies of some teams of a group, each with all its members.

    Args:
        owners: owners of the group, by level.
        team: place of the team of each copy, ``(copies,)``.
        node: its node, ``(copies,)``.
    """
    place: dict[str, Rows] = {"team": team}
    copy: dict[str, Rows] = {"team": np.arange(len(team))}
    teams = len(owners["team"])
    for level in MEMBERS:
        whose = owners[level].team
        order = np.argsort(whose, kind="stable")
        number = np.bincount(whose, minlength=teams)
        first = np.concatenate([[0], np.cumsum(number)])
        each = number[team]
        copy[level] = np.repeat(np.arange(len(team)), each)
        within = np.arange(len(copy[level])) - np.repeat(np.cumsum(each) - each, each)
        place[level] = order[first[team[copy[level]]] + within] if len(within) else np.zeros(0, dtype=np.int64)
    return Copies(team, node, place, copy, members_of_group=len(owners["physician"]))


@dataclass(frozen=True)
class Added:
    """What an action adds to the rows of copies.

    Attributes:
        add: amount by name and level, one value an actor of the copies, None for nothing.
        actor: place of the actor of each copy among the actors, ``(copies,)``.
        level: level of the actors.
        row: row of the actor in each copy, ``(copies,)``.
        partners: rows of the other level that take a part of what is added there, and of which actor's copy.
        part: the part of each, ``(partners,)``.
    """

    add: Callable[[str, str], Numbers | None]
    actor: Rows
    level: str
    row: Rows
    partners: Rows
    partners_copy: Rows
    part: Numbers


class Imagined:
    """Reads of copies, remembered so that actions on the same copies share them.

    Args:
        copies: the copies.
        read: values of the group's owners at every node.
        known: what the rules have read of the years before, or of this one.
    """

    def __init__(self, copies: Copies, read: Read) -> None:
        self.copies, self._read = copies, read
        self._known: dict[tuple[str, str], Numbers | None] = {}
        self._lists: Lists = {}
        self._nothing = {level: np.zeros(len(copy)) for level, copy in copies.copy.items()}
        for zeros in self._nothing.values():
            zeros.flags.writeable = False

    def lists(self, added: Added) -> Lists:
        """What has been made of the lists: the same for all actions that leave them as they are."""
        levels = ("team", "physician")
        moved = any(added.add(one.name, level) is not None for level in levels for one in LIST_CLASSES)
        return {} if moved else self._lists

    def get(self, name: str, level: str) -> Numbers | None:
        """A measure of the rows of a level, None where it is 0 for all."""
        if (name, level) not in self._known:
            values = self._read(name, level)
            self._known[name, level] = None if values is None else values.take(self.copies.at(level))
        return self._known[name, level]

    def reader(self, added: Added | None = None) -> Callable[[str, str], Numbers]:
        """How accounts of the copies are read, with what an action adds."""

        def read(name: str, level: str) -> Numbers:
            base = self.get(name, level)
            more = None if added is None else added.add(name, level)
            if more is None:
                return self._nothing[level] if base is None else base
            return _plus(base, more, level, added, len(self.copies.copy[level]))

        return read


def _plus(base: Numbers | None, more: Numbers, level: str, added: Added | None, rows: int) -> Numbers:
    assert added is not None
    found = np.zeros(rows) if base is None else base.copy()
    if level == added.level:
        found[added.row] += more[added.actor]
    elif level == "team":
        found += more[added.actor]
    else:
        found[added.partners] += added.part * more[added.actor[added.partners_copy]]
    return np.maximum(found, 0.0) if more.min() < 0 else found


class Gathered(Mapping[tuple[int, str], Statement]):
    """Statements of the group as statements of copies, each made when somebody looks at it.

    Args:
        past: statements by year and policy, for all owners of the group (times nodes, where ``by_node``).
        copies: the copies.
        by_node: of which calendar year statements differ by node.
    """

    def __init__(
        self, past: Statements, copies: Copies, by_node: int, seen: set[tuple[int, str]] | None = None
    ) -> None:
        self.past, self.copies, self.by_node = past, copies, by_node
        self.now: dict[tuple[int, str], Statement] = {}
        self.seen = seen if seen is not None else set()
        self._made: dict[tuple[int, str], Statement] = {}

    def __getitem__(self, key: tuple[int, str]) -> Statement:
        self.seen.add(key)
        if key in self.now:
            return self.now[key]
        if key not in self._made:
            self._made[key] = gathered(self.past[key], self.copies, by_node=key[0] == self.by_node)
        return self._made[key]

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return iter(dict.fromkeys([*self.past, *self.now]))

    def __len__(self) -> int:
        return len({*self.past, *self.now})


def gathered(statement: Statement, copies: Copies, *, by_node: bool) -> Statement:
    """A statement of a group as one of copies."""
    parts = []
    for part in statement.components:
        if part.level not in copies.place:
            continue
        at = copies.at(part.level) if by_node else copies.place[part.level]
        weights = None if part.weights is None else part.weights[at]
        parts.append(
            Component(part.name, part.step, part.payee_kind, part.level, np.arange(len(at)), copies.copy[part.level],
                      part.cents[at], part.cash, weights)
        )  # fmt: skip
    return replace(statement, components=tuple(parts))


def accounts_of(
    copies: Copies, calendar: int, read: Callable[[str, str], Numbers], around: Callable[[str], Numbers],
    lists: Lists | None = None,
) -> AccountsOfYear:  # fmt: skip
    """Accounts of copies.

    Args:
        copies: the copies.
        calendar: calendar year.
        read: measures by name and level, one value a row.
        around: measures of the territories, one value a team of the group.
        lists: what is known of the lists already.
    """
    of_team = copies.team
    return AccountsOfYear(calendar, copies.owners(), read, lambda name: around(name)[of_team],
                          lists={} if lists is None else lists)  # fmt: skip


def history_of(copies: Copies, past: History, statements: Mapping[tuple[int, str], Statement]) -> History:
    """Earlier years of the copied teams, as they were."""
    return History({year: accounts.some(copies.owners(), copies.place) for year, accounts in past.accounts.items()},
                   statements)  # fmt: skip

"""Who got what of a year's money, by pool and person, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from sim.payment.accounts_of_year import Numbers, Rows
from sim.payment.sharing.members import Members
from sim.payment.sharing.reading import LEVELS
from sim.payment.sharing.rule import PERSONAL, SHARED, Cents
from sim.payment.sheet import Sheet
from sim.payment.stacked import Block, stacked

COLUMNS: Final = ("level", "payee", "team", "pool", "rule", "system", "component", "sheet", "step", "cents")
"""Columns of shares as a table."""


@dataclass(frozen=True)
class Why:
    """One part of what somebody gets, and the worksheet that gave it.

    Attributes:
        pool: kind of money.
        rule: sharing rule, "" for what is personal.
        name: the payment, for what is personal: policy and component.
        amount: EUR.
        sheet, step, place: the worksheet, its last step and the row of the member on it; None for what is personal.
    """

    pool: str
    rule: str
    name: str
    amount: float
    sheet: Sheet | None = None
    step: str = ""
    place: int = -1


@dataclass(frozen=True)
class Part:
    """What one rule gave of one pool.

    Attributes:
        pool: kind of money.
        rule: the rule.
        members: places of those on the worksheet among all members.
        cents: what each of them gets.
        sheet, step: why.
    """

    pool: str
    rule: str
    members: Rows
    cents: Cents
    sheet: Sheet = field(repr=False)
    step: str


@dataclass(frozen=True)
class Shares:
    """A year's money of the teams under one contract, by person.

    Attributes:
        year: calendar year.
        members: the persons.
        personal: what each keeps as it was paid, by policy and component, ``(members,)``.
        parts: what sharing rules gave.
        paid_in: what was paid into each pool, by policy and component, ``(teams,)``.
        kept: what stays on the account of each team, by pool; staff and projects are paid from it, ``(teams,)``.
        elsewhere: what other payees of the teams got, by kind of payee, ``(teams,)``.
    """

    year: int
    members: Members
    personal: Mapping[tuple[str, str], Cents]
    parts: Sequence[Part]
    paid_in: Mapping[str, Mapping[tuple[str, str], Cents]]
    kept: Mapping[str, Cents]
    elsewhere: Mapping[str, Cents]

    def of_pool(self, pool: str) -> Cents:
        """What each member gets of a pool, ``(members,)``."""
        cents = np.zeros(len(self.members), dtype=np.int64)
        for part in self.parts:
            if part.pool == pool:
                cents[part.members] += part.cents
        return cents + sum(self.personal.values(), np.zeros_like(cents)) if pool == PERSONAL else cents

    def incomes(self) -> Cents:
        """What each member gets in all, ``(members,)``."""
        return sum((self.of_pool(pool) for pool in (*SHARED, PERSONAL)), np.zeros(len(self.members), dtype=np.int64))

    def income_of(self, level: str, size: int) -> Numbers:
        """Income of every row of a table (EUR), 0 for those who are no members, ``(size,)``."""
        of_level = self.members.level == LEVELS.index(level)
        found = np.zeros(size)
        found[self.members.row[of_level]] = self.incomes()[of_level] / 100
        return found

    def on_accounts(self) -> Cents:
        """What stays on the account of each team, of all pools, ``(teams,)``."""
        return sum(self.kept.values(), np.zeros(self.members.teams, dtype=np.int64))

    def why(self, member: int) -> Iterator[Why]:
        """What one member gets, part by part."""
        for (system, component), cents in self.personal.items():
            if cents[member]:
                yield Why(PERSONAL, "", f"{system}: {component}", int(cents[member]) / 100)
        for part in self.parts:
            for place in np.flatnonzero(part.members == member).tolist():
                amount = int(part.cents[place]) / 100
                yield Why(part.pool, part.rule, "", amount, part.sheet, part.step, place)

    def frame(self) -> pd.DataFrame:
        """What every member gets, one row a member and part."""
        return stacked(self.blocks(), COLUMNS)

    def blocks(self) -> list[Block]:
        """The same, one block a part; nothing is said of who gets nothing."""
        everybody = np.arange(len(self.members))
        personal = [
            self._block(everybody, cents, pool=PERSONAL, rule="", system=system, component=component, sheet=-1, step="")
            for (system, component), cents in self.personal.items()
        ]
        return personal + [
            self._block(part.members, part.cents, pool=part.pool, rule=part.rule, system="", component="",
                        sheet=number, step=part.step)
            for number, part in enumerate(self.parts)
        ]  # fmt: skip

    def _block(self, members: Rows, cents: Cents, **facts: object) -> Block:
        there = cents != 0
        who = members[there]
        level, payee, team = np.array(LEVELS)[self.members.level[who]], self.members.row[who], self.members.team[who]
        return len(who), {"level": level, "payee": payee, "team": team, "cents": cents[there], **facts}

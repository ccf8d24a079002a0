"""Settling a contract again, on accounts as they might have been: rules are pure, so equal accounts give equal pay.

Rows are settled as teams of their own. Rules that let groups share a pot look from one row to another; such a rule is
found out once, and its rows are then settled one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scenarios.attribution.books import AROUND, TEAM
from sim.payment.accounts_of_year import AccountsOfYear, Owners
from sim.payment.contract import Contract
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.statement import Statement

type Numbers = NDArray[np.float64]
type Tables = Mapping[str, Numbers]
"""Measures by level, ``(rows, years, owners, measures)``; ``around`` is the territory."""

TRIED: Final = 4
"""Rows by which it is found out whether rows of a rule look at each other."""


@dataclass
class Settler:
    """Settles rows of accounts under one contract.

    Attributes:
        contract: the rules.
        policy: the rule of which pay is told, as its statements call it.
        years: calendar years of the tables, in order.
        names: names of measures, by level.
        paid_from: first calendar year that is settled.
    """

    contract: Contract
    policy: str
    years: Sequence[int]
    names: Mapping[str, Sequence[str]]
    paid_from: int
    _together: bool | None = field(default=None, repr=False)

    @cached_property
    def _places(self) -> dict[str, dict[str, int]]:
        return {level: {name: place for place, name in enumerate(names)} for level, names in self.names.items()}

    @property
    def settled(self) -> list[int]:
        """Calendar years that are settled."""
        return [year for year in self.years if year >= self.paid_from]

    def pay(self, tables: Tables, norms: Norms) -> Numbers:
        """What the rule pays each row (the team and its members, EUR), by settled year: ``(rows, settled years)``."""
        rows = len(tables[TEAM])
        if self._together is None and rows > 1:
            tried = {level: values[:: max(1, rows // TRIED)][:TRIED] for level, values in tables.items()}
            self._together = bool(np.array_equal(self._settle(tried, norms), self._one_by_one(tried, norms)))
        return self._settle(tables, norms) if self._together or rows == 1 else self._one_by_one(tables, norms)

    def _one_by_one(self, tables: Tables, norms: Norms) -> Numbers:
        alone = ({level: values[row : row + 1] for level, values in tables.items()} for row in range(len(tables[TEAM])))
        return np.concatenate([self._settle(one, norms) for one in alone])

    def _settle(self, tables: Tables, norms: Norms) -> Numbers:
        accounts = {year: self._accounts(tables, place, year) for place, year in enumerate(self.years)}
        statements: dict[tuple[int, str], Statement] = {}
        found = np.zeros((len(tables[TEAM]), len(self.settled)))
        for place, year in enumerate(self.settled):
            history = History({known: one for known, one in accounts.items() if known < year}, statements)
            for statement in self.contract.settle(accounts[year], history, norms):
                statements[year, statement.system] = statement
                if statement.system == self.policy:
                    found[:, place] = cents_by_team(statement, len(found)) / 100
        return found

    def _accounts(self, tables: Tables, place: int, year: int) -> AccountsOfYear:
        """The accounts of a year, rows as teams."""
        rows = len(tables[TEAM])
        owners = {}
        for level, values in tables.items():
            if level != AROUND:
                count = values.shape[2]
                owners[level] = Owners(np.arange(rows * count), np.repeat(np.arange(rows), count))

        def read(name: str, level: str) -> Numbers:
            return np.ascontiguousarray(tables[level][:, place, :, self._places[level][name]]).ravel()

        def around(name: str) -> Numbers:
            return np.ascontiguousarray(tables[AROUND][:, place, 0, self._places[AROUND][name]])

        return AccountsOfYear(year, owners, read, around)


def cents_by_team(statement: Statement, teams: int) -> NDArray[np.int64]:
    """What a statement pays each team and its members, cents, ``(teams,)``."""
    cents = np.zeros(teams, dtype=np.int64)
    for part in statement.components:
        np.add.at(cents, part.team, part.cents)
    return cents


def frozen(norms: Norms, year: int) -> Norms:
    """Norms in which every year is as one of them was: no trend."""
    names = {*norms.growth, *norms.trend}
    return replace(norms, growth={name: {norms.base_year: norms.grown(name, year)} for name in names}, trend={})


def placeless(norms: Norms) -> Norms:
    """Norms that know no places: every living area is the national one, every band of accessibility alike."""
    from scenarios.norms.content import apl_edges

    areas = {name: np.full(len(values), norms.numbers.get(name, 1.0)) for name, values in norms.by_area.items()}
    bands = {f"spending_apl_{band}": 1.0 for band in range(len(apl_edges()) + 1)}
    return replace(norms, by_area=areas, numbers={**norms.numbers, **bands})

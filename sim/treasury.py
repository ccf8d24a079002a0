"""The treasury: which contract each team is under, and what is paid when a year closes (design 4).

Contracts act from year 1 on: the warm-up lives under plain fees, so that every arm starts from the same past and a
reference year is a year of fees.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from agents.teams import KINDS
from sim.accounts import Accounts
from sim.payment.accounts_of_year import Owners, Rows
from sim.payment.contract import USUAL, Contract, bits, contract_of
from sim.payment.norms import Norms
from sim.payment.of_world import accounts_of_year, history_of, hospitals_of, owners_of
from sim.payment.reform import reform_of
from sim.payment.statement import Statement
from sim.specification import ScenarioSpec
from sim.world import World

HOSPITALS = ("t2a",)
"""What hospitals are paid by, in every scenario (systems 2B)."""


@dataclass
class Group:
    """Teams under one contract (or all hospitals), which settle together.

    Attributes:
        contract: their policies, each under its terms.
        teams: their rows.
        owners: the owners in them, by level.
        statements: what was paid, by calendar year and policy.
    """

    contract: Contract
    teams: Rows
    owners: dict[str, Owners]
    statements: dict[tuple[int, str], Statement] = field(default_factory=dict)


@dataclass
class Treasury:
    """All contracts of a world.

    Attributes:
        groups: teams by contract.
        norms: what rules compare with.
        first_year: calendar year of year 1.
        settled: statements by year of the run, each with the number of its group.
    """

    groups: list[Group]
    norms: Norms
    first_year: int
    settled: dict[int, list[tuple[int, Statement]]] = field(default_factory=dict)

    def calendar(self, year: int) -> int:
        """Calendar year of a year of the run."""
        return self.first_year + year - 1

    def sign(self, world: World, day: date) -> None:
        """Tell the week's kernels which claims are replaced from a day on."""
        for group in self.groups:
            codes, perimeter = bits(group.contract.replaced(day))
            world.teams["replaced"][group.teams] = codes
            world.teams["perimeter"][group.teams] = perimeter

    def settle(self, accounts: Accounts, world: World, year: int) -> list[tuple[int, Statement]]:
        """Settle every contract for a closed year.

        Returns:
            Every statement, with the number of its group.
        """
        calendar = self.calendar(year)
        closed = [(known, self.calendar(known)) for known in sorted(accounts.years) if known < year]
        self.settled[year] = []
        for number, group in enumerate(self.groups):
            now = accounts_of_year(accounts, world, year, calendar, group.owners)
            past = history_of(accounts, world, closed, group.owners, group.statements)
            for statement in group.contract.settle(now, past, self.norms):
                group.statements[calendar, statement.system] = statement
                self.settled[year].append((number, statement))
        return self.settled[year]


def treasury_of(world: World, specification: ScenarioSpec, norms: Norms | None = None) -> Treasury:
    """The treasury of a scenario.

    Args:
        world: the world that was founded from it.
        specification: the scenario.
        norms: what rules compare with; none for scenarios whose rules need none.

    Raises:
        Mistake: a contract that contradicts itself.
    """
    rows: dict[str, list[int]] = {}
    contracts: dict[str, Contract] = {}
    for row in range(len(world.teams)):
        names, terms = _signed(specification, world, row)
        known_as = json.dumps([names, terms], sort_keys=True, default=str)
        rows.setdefault(known_as, []).append(row)
        if known_as not in contracts:
            contracts[known_as] = contract_of(names, terms, specification.start, reform_of(specification))
    groups = [_group(contracts[known_as], world, found) for known_as, found in rows.items()]
    hospitals = contract_of(HOSPITALS, {}, specification.start, reform_of(specification))
    groups.append(Group(hospitals, np.zeros(0, dtype=np.int64), hospitals_of(world)))
    return Treasury(groups, norms or Norms(), specification.start.year)


def _signed(specification: ScenarioSpec, world: World, row: int) -> tuple[Sequence[str], Mapping[str, Any]]:
    """Policies and terms of a team: its own, else the scenario's for all others, else the usual ones of its kind."""
    team = specification.teams.get(world.names[row])
    if team is not None and team.contract:
        return team.contract, team.terms
    kind = KINDS[int(world.teams["kind"][row])]
    return specification.default_contract or USUAL[kind], {}


def _group(contract: Contract, world: World, rows: Sequence[int]) -> Group:
    teams = np.array(rows, dtype=np.int64)
    return Group(contract, teams, owners_of(world, teams))

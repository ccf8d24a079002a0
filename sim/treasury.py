"""The treasury: which contract each team is under, and what is paid when a year closes (design 4).

Contracts act from year 1 on: the warm-up lives under plain fees, so that every arm starts from the same past and a
reference year is a year of fees.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from agents.teams import KINDS, OWN_RULE, SHARING_RULES
from sim.accounts import Accounts
from sim.payment.accounts_of_year import AccountsOfYear, Numbers, Owners, Rows
from sim.payment.contract import USUAL, Contract, bits, contract_of
from sim.payment.history import History
from sim.payment.ledger import ledger_of, statements_in
from sim.payment.norms import Norms
from sim.payment.of_world import accounts_of_year, history_of, hospitals_of, owners_of
from sim.payment.policy import Layer
from sim.payment.reform import fees_of, reform_of
from sim.payment.sharing.shares import Shares
from sim.payment.sharing.year import share_year
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
        shares: what persons got of it, by year of the run.
    """

    contract: Contract
    teams: Rows
    owners: dict[str, Owners]
    statements: dict[tuple[int, str], Statement] = field(default_factory=dict)
    shares: dict[int, Shares] = field(default_factory=dict)


@dataclass
class Treasury:
    """All contracts of a world.

    Attributes:
        groups: teams by contract.
        norms: what rules compare with.
        first_year: calendar year of year 1.
        specification: the scenario, for sharing rules of the user's own.
        settled: statements by year of the run, each with the number of its group.
    """

    groups: list[Group]
    norms: Norms
    first_year: int
    specification: ScenarioSpec
    settled: dict[int, list[tuple[int, Statement]]] = field(default_factory=dict)
    _signed: date | None = None

    def calendar(self, year: int) -> int:
        """Calendar year of a year of the run."""
        return self.first_year + year - 1

    def sign(self, world: World, day: date) -> None:
        """Tell the week's kernels which claims are replaced from a day on; a week in which nothing changes is free."""
        if self._signed is not None and not any(self._signed < change <= day for change in self._changes):
            return
        self._signed = day
        for group in self.groups:
            codes, perimeter = bits(group.contract.replaced(day))
            world.teams["replaced"][group.teams] = codes
            world.teams["perimeter"][group.teams] = perimeter

    @cached_property
    def _changes(self) -> list[date]:
        return sorted({day for group in self.groups for day in group.contract.days_of_change()})

    def layer_of(self, system: str) -> Layer:
        """The layer of a policy of some contract, by its name."""
        policies = (policy for group in self.groups for policy in group.contract.policies)
        return next(policy.layer for policy in policies if policy.name == system)

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
            statements = []
            for statement in group.contract.settle(now, past, self.norms):
                # Put down as it comes: a later rule may look at what an earlier one has paid for the same year.
                group.statements[calendar, statement.system] = statement
                self.settled[year].append((number, statement))
                statements.append(statement)
            if len(group.teams):
                group.shares[year] = self._shared(group, statements, now, past, world)
        return self.settled[year]

    def income_of(self, level: str, size: int, year: int) -> Numbers:
        """What each physician or nurse got for a year (EUR), after sharing, ``(size,)``."""
        shares = [group.shares[year] for group in self.groups if year in group.shares]
        return np.sum([one.income_of(level, size) for one in shares], axis=0) if shares else np.zeros(size)

    def _shared(
        self, group: Group, statements: Sequence[Statement], now: AccountsOfYear, past: History, world: World
    ) -> Shares:
        """What persons get; what stays on the team accounts, staff and projects paid, goes to their funds."""
        codes = world.teams["sharing_rule"][group.teams].astype(np.int64)
        names = [*SHARING_RULES]
        for place in np.flatnonzero(codes == OWN_RULE):
            codes[place] = len(names)
            names.append(self.specification.teams[world.names[group.teams[place]]].sharing_rule)
        pools = {policy.name: policy.pool for policy in group.contract.policies}
        shares = share_year(
            statements, now, past, rules=codes, pools=pools, names=names, changes=reform_of(self.specification),
            tariffs=fees_of(self.specification),
        )  # fmt: skip
        costs = np.where(shares.members.salaried, 0.0, shares.members.staff + shares.members.projects)
        world.teams["fund"][group.teams] += shares.on_accounts() / 100 - costs
        return shares

    def ledger(self) -> pd.DataFrame:
        """All that has been paid, for an arm or a file (``sim/payment/ledger.py``)."""
        paid = [(n, statement) for n, group in enumerate(self.groups) for statement in group.statements.values()]
        return ledger_of(paid)

    def remember(self, ledger: pd.DataFrame) -> None:
        """Go on from what was paid before, under whichever contracts."""
        for number, group in enumerate(self.groups):
            group.statements = statements_in(ledger, group.owners)
            for (calendar, _), statement in group.statements.items():
                self.settled.setdefault(calendar - self.first_year + 1, []).append((number, statement))


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
    return Treasury(groups, norms or Norms(), specification.start.year, specification)


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

"""The treasury: which contract each team is under, and what is paid when a year closes (design 4).

Contracts act from year 1 on: the warm-up lives under plain fees, so that every arm starts from the same past and a
reference year is a year of fees.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agents.deciding.collective_money import project_costs
from agents.mistakes import Mistake
from agents.teams import OWN_RULE, SHARING_RULES
from sim.accounts import Accounts
from sim.payment.accounts_of_year import AccountsOfYear, Numbers, Owners, Rows
from sim.payment.contract import Contract, bits, contract_of
from sim.payment.history import History
from sim.payment.ledger import from_bytes, ledger_of, statements_in, to_bytes
from sim.payment.moves import replayed
from sim.payment.norms import Norms
from sim.payment.of_world import accounts_of_year, history_of, hospitals_of, owners_of
from sim.payment.policy import Layer
from sim.payment.reform import fees_of, reform_of
from sim.payment.rules import policy_class
from sim.payment.sharing.shares import Shares
from sim.payment.sharing.year import YearToShare
from sim.payment.statement import Statement
from sim.payment.terms import Change
from sim.signing import Decided, Signatures, Signed, signatures_of, with_rule, without_rules
from sim.specification import ScenarioSpec
from sim.world import WEEKS_PER_YEAR, World

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
        key: by what its contract is known (``sim/signing.py``).
        money: that of the year settled last, to be shared by one rule or another.
    """

    contract: Contract
    teams: Rows
    owners: dict[str, Owners]
    statements: dict[tuple[int, str], Statement] = field(default_factory=dict)
    shares: dict[int, Shares] = field(default_factory=dict)
    key: str = ""
    money: YearToShare | None = None


@dataclass
class Treasury:
    """All contracts of a world.

    Attributes:
        groups: teams by contract today; the hospitals come last.
        norms: what rules compare with.
        first_year: calendar year of year 1.
        specification: the scenario, for sharing rules of the user's own.
        signatures: what each team has signed, and what the payer has decided of the terms.
        settled: statements by year of the run, each with the number of its group in that year (:meth:`teams_of`).
        version: grows by one when a contract or a term changes: who keeps quotes asks for them anew.
    """

    groups: list[Group]
    norms: Norms
    first_year: int
    specification: ScenarioSpec
    signatures: Signatures = field(default_factory=Signatures)
    settled: dict[int, list[tuple[int, Statement]]] = field(default_factory=dict)
    version: int = 0
    _signed: date | None = None
    _teams: dict[int, list[Rows]] = field(default_factory=dict)
    _earlier: dict[int, list[Shares]] = field(default_factory=dict)

    def before(self, world: World) -> "Treasury":
        """The treasury of the warm-up: every team under the usual contract of its kind, whatever it signs in year 1."""
        spec = self.specification
        teams = {name: replace(team, contract=[], terms={}) for name, team in spec.teams.items()}
        return treasury_of(world, replace(spec, teams=teams, default_contract=[]), self.norms)

    def calendar(self, year: int) -> int:
        """Calendar year of a year of the run."""
        return self.first_year + year - 1

    def day(self, world: World) -> date:
        """Day of its calendar year that the coming week stands for: the only clock of contracts.

        A year of the run is 52 weeks from whatever day, and is settled as one calendar year. What is replaced week by
        week must be what is paid at its end, or a year of visits would be paid by nobody.
        """
        year, week = world.year, (world.week - world.warm_up_weeks) % WEEKS_PER_YEAR
        return date(self.calendar(year), 1, 1) + timedelta(weeks=week)

    def sign(self, world: World, day: date) -> bool:
        """Tell the week's kernels which claims are replaced from a day on; a week in which nothing changes is free.

        Returns:
            Whether something has changed.
        """
        if self._signed is not None and not any(self._signed < change <= day for change in self._changes):
            return False
        self._signed = day
        for group in self.groups:
            codes, perimeter = bits(group.contract.replaced(day))
            world.teams["replaced"][group.teams] = codes
            world.teams["perimeter"][group.teams] = perimeter
        return True

    def unfunded(self, world: World, day: date) -> Rows:
        """Rows of nurses with posts that their team's contract has paid for and pays no more."""
        n = world.nurses
        over = np.zeros(len(n), dtype=bool)
        for group in self.groups:
            over |= np.isin(n["team"], group.teams) & np.isin(n["kind"], list(group.contract.unpaid_nurses(day)))
        return np.flatnonzero(over & (n["weekly_minutes"] > 0))

    def teams_of(self, year: int, number: int) -> Rows:
        """Rows of the teams of a group, by the number that it had when a year of the run was settled."""
        return self._teams[year][number]

    @cached_property
    def _changes(self) -> list[date]:
        return sorted({day for group in self.groups for day in group.contract.days_of_change()})

    def layer_of(self, system: str) -> Layer:
        """The layer of a policy by the name that its statements bear, whether anybody is still under it or not."""
        return policy_class(system).layer

    def paid_by(self, layer: Layer, year: int) -> NDArray[np.bool_]:
        """Teams that rules of a layer paid anything in all, members included, for a year of the run, ``(teams,)``."""
        cents = np.zeros(len(self.signatures.today), dtype=np.int64)
        for number, statement in self.settled.get(year, ()):
            rows = self.teams_of(year, number)
            if len(rows) and self.layer_of(statement.system) is layer:
                cents[rows] += statement.by_team(len(rows))
        return cents != 0

    def settle(self, accounts: Accounts, world: World, year: int) -> list[tuple[int, Statement]]:
        """Settle every contract for a closed year.

        Returns:
            Every statement, with the number of its group.
        """
        calendar = self.calendar(year)
        self.settled[year] = []
        self._teams[year] = [group.teams for group in self.groups]
        for number, group in enumerate(self.groups):
            now, past = self.books(group, accounts, world, year)
            statements = []
            for statement in group.contract.settle(now, past, self.norms):
                # Put down as it comes: a later rule may look at what an earlier one has paid for the same year.
                group.statements[calendar, statement.system] = statement
                self.settled[year].append((number, statement))
                statements.append(statement)
            if len(group.teams):
                group.shares[year] = self._shared(group, statements, now, past, world)
        return self.settled[year]

    def books(self, group: Group, accounts: Accounts, world: World, year: int) -> tuple[AccountsOfYear, History]:
        """What the rules of a group see of a closed year: its accounts, and the years before it."""
        now = accounts_of_year(accounts, world, year, self.calendar(year), group.owners)
        closed = [(known, self.calendar(known)) for known in sorted(accounts.years) if known < year]
        return now, history_of(accounts, world, closed, group.owners, group.statements)

    def income_of(self, level: str, size: int, year: int) -> Numbers:
        """What each physician or nurse got for a year (EUR), after sharing, ``(size,)``."""
        shares = [*self._earlier.get(year, ()), *(g.shares[year] for g in self.groups if year in g.shares)]
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
        group.money = self._to_share(group, statements, now, past, world)
        shares = group.money.by(codes, names)
        costs = np.where(shares.members.salaried, 0.0, shares.members.staff + shares.members.projects)
        world.teams["fund"][group.teams] += shares.on_accounts() / 100 - costs
        return shares

    def shared_otherwise(self, number: int, rules: Sequence[str]) -> Iterator[tuple[str, Shares]]:
        """What persons would have got of the year settled last, had every team of a group shared it by some rule.

        Args:
            number: the group.
            rules: sharing rules, each of which is tried.

        Yields:
            Each rule with what it would have given; none where the group has no teams.
        """
        group = self.groups[number]
        by_all = np.zeros(len(group.teams), dtype=np.int64)
        if group.money:
            for rule in rules:
                yield rule, group.money.by(by_all, [rule], why=False)

    def _to_share(
        self, group: Group, statements: Sequence[Statement], now: AccountsOfYear, past: History, world: World
    ) -> YearToShare:
        """A year's money of a group, to be shared by one rule or another."""
        pools = {policy.name: policy.pool for policy in group.contract.policies}
        return YearToShare.of_accounts(
            statements, now, past, pools=pools, changes=reform_of(self.specification),
            tariffs=fees_of(self.specification),
            projects=project_costs(world.teams["projects"][group.teams].astype(np.float64), world.behaviour[0]),
        )  # fmt: skip

    def ledger(self) -> pd.DataFrame:
        """All that has been paid, for an arm or a file (``sim/payment/ledger.py``)."""
        paid = [(n, statement) for n, group in enumerate(self.groups) for statement in group.statements.values()]
        return ledger_of(paid)

    def remember(self, ledger: pd.DataFrame) -> None:
        """Go on from what was paid before, under whichever contracts."""
        for number, group in enumerate(self.groups):
            group.statements = statements_in(ledger, group.owners)
            for (calendar, _), statement in group.statements.items():
                year = calendar - self.first_year + 1
                self.settled.setdefault(year, []).append((number, statement))
                self._teams[year] = [one.teams for one in self.groups]

    def files(self) -> dict[str, NDArray[np.uint8]]:
        """What has been paid and signed, as arrays to be kept beside a world."""
        return {"ledger": to_bytes(self.ledger()), "contracts": self.signatures.to_bytes()}

    def resume(self, world: World, files: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what :meth:`files` gave."""
        if "contracts" in files:
            self._sign_again(world, files["contracts"])
        if "ledger" in files:
            self.remember(from_bytes(files["ledger"]))

    def follow(self, world: World, other: "Treasury") -> None:
        """Go on from the treasury of the model that an arm forks from."""
        self._sign_again(world, other.signatures.to_bytes())
        self.remember(other.ledger())

    def _sign_again(self, world: World, signed: NDArray[np.uint8]) -> None:
        self.signatures.resume(signed)
        self._regroup(world)

    # Contracts and terms that change during a run.

    def contract_names(self, team: int) -> tuple[str, ...]:
        """Payment rules that a team is under."""
        return self.signatures.today[team].names

    def terms(self, team: int) -> Mapping[str, Mapping[str, Any]]:
        """Values of their terms that differ from the defaults, by rule."""
        return self.signatures.today[team].terms

    def holders(self, rule: str) -> Rows:
        """Rows of the teams that are under a rule."""
        return self.signatures.holders(rule)

    def with_policy(
        self, team: int, rule: str, year: int, terms: Mapping[str, Any] | None = None, instead_of: Sequence[str] = ()
    ) -> Signed:
        """What a team would sign to join a rule, or to go over to it from others.

        Args:
            team: row of the team.
            rule: the payment rule.
            year: year of the run that begins; the rule holds from 1 January of the calendar year that it stands for.
            terms: terms of the rule that differ from the defaults.
            instead_of: rules that it leaves.
        """
        left = without_rules(self.signatures.today[team], instead_of)
        return with_rule(left, rule, date(self.calendar(year), 1, 1), terms)

    def without_policy(self, team: int, *rules: str) -> Signed:
        """What a team would sign to leave some rules."""
        return without_rules(self.signatures.today[team], rules)

    def change_contract(
        self, world: World, team: int, names: Sequence[str], terms: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Put a team under another contract: see :meth:`change_contracts`."""
        self.change_contracts(world, {team: Signed(tuple(names), terms)})

    def change_contracts(self, world: World, signed: Mapping[int, Signed]) -> None:
        """Put teams under other contracts, between the settlement of a year and the first week of the next.

        What was paid stays paid. A contract changed to itself changes nothing.

        Raises:
            Mistake: a contract that contradicts itself; no contract has changed then.
        """
        before = list(self.signatures.today)
        for team, contract in signed.items():
            self.signatures.today[team] = contract
        try:
            self._regroup(world)
        except Mistake:
            self.signatures.today = before
            raise

    def change_terms(
        self, world: World, rule: str, changes: Sequence[Change], teams: Sequence[int] | None = None
    ) -> None:
        """Change terms of a rule by decision of the payer, over what contracts and reforms say.

        Args:
            world: the world.
            rule: the payment rule.
            changes: new values, each from its day on.
            teams: rows of the teams for which they hold; all, those who sign later too, by default.

        Raises:
            Mistake: a term that the rule has not, or a value that it cannot take; nothing has changed then.
        """
        policy_class(rule)(changes)
        before = list(self.signatures.decided)
        rows = None if teams is None else tuple(sorted(int(team) for team in teams))
        self.signatures.decided += [Decided(rule, change, rows) for change in changes]
        try:
            self._regroup(world)
        except Mistake:
            self.signatures.decided = before
            raise

    def _regroup(self, world: World) -> None:
        """Group the teams by what they are under now; groups that nothing has changed for stay as they are."""
        rows = self.signatures.rows_by_key()
        *held, hospitals = self.groups
        if [group.key for group in held] == list(rows) and [g.teams.tolist() for g in held] == list(rows.values()):
            return
        by_key = {group.key: group for group in held}
        by_teams = {tuple(group.teams.tolist()): group for group in held}
        split = [group for group in held if group.teams.tolist() not in rows.values()]
        paid = ledger_of((0, statement) for group in split for statement in group.statements.values())
        groups = []
        for key, teams in rows.items():
            same, settled_together = by_key.get(key), by_teams.get(tuple(teams))
            group = _group(same.contract if same else self._contract(teams[0]), world, teams, key)
            if settled_together:
                group.owners = settled_together.owners
                group.statements, group.shares = settled_together.statements, settled_together.shares
            else:
                group.statements = statements_in(paid, group.owners)
            groups.append(group)
        for group in split:
            for year, shares in group.shares.items():
                self._earlier.setdefault(year, []).append(shares)
        self.groups = [*groups, hospitals]
        self.version += 1
        self._signed = None
        self.__dict__.pop("_changes", None)

    def _contract(self, team: int) -> Contract:
        """The contract of a team as it is signed today."""
        signed, spec = self.signatures.today[team], self.specification
        return contract_of(signed.names, signed.terms, spec.start, reform_of(spec), self.signatures.changes_for(team))


def treasury_of(world: World, specification: ScenarioSpec, norms: Norms | None = None) -> Treasury:
    """The treasury of a scenario.

    Args:
        world: the world that was founded from it.
        specification: the scenario.
        norms: what rules compare with; none for scenarios whose rules need none.

    Raises:
        Mistake: a contract that contradicts itself.
    """
    signatures = signatures_of(specification, world, replayed(specification.payer.mode))
    hospitals = contract_of(HOSPITALS, {}, specification.start, reform_of(specification))
    groups = [Group(hospitals, np.zeros(0, dtype=np.int64), hospitals_of(world))]
    treasury = Treasury(groups, norms or Norms(), specification.first_year, specification, signatures)
    treasury._regroup(world)
    treasury.version = 0
    return treasury


def _group(contract: Contract, world: World, rows: Sequence[int], key: str) -> Group:
    teams = np.array(rows, dtype=np.int64)
    return Group(contract, teams, owners_of(world, teams), key=key)

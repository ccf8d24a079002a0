"""Asking the contract of a group of teams what actions change: the base, then copies with the actions (behaviour 0)."""

import copy
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.accounts import Accounts
from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear, Numbers, Owners
from sim.payment.contract import Contract, paid_by
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.of_world import accounts_of_year
from sim.payment.policy import Layer, Policy
from sim.payment.sharing.registry import sharing_rule
from sim.payment.sharing.rule import FEES
from sim.payment.sharing.year import YearToShare
from sim.payment.statement import Statement
from sim.payment.terms import Change as Term
from sim.quotes import copies as made
from sim.quotes.copies import Added, Copies, Gathered, Imagined
from sim.quotes.money import Money, money_of, to_share
from sim.quotes.noise import N_NODES, SOURCES, source_of
from sim.quotes.recast import Recast
from sim.quotes.values import Key, Values
from sim.tariffs import Tariffs
from sim.world import World

TEAMS_TRIED: Final = 8
"""Teams that are settled without the others, to see whether a rule looks at all of them together."""

type Reach = tuple[frozenset[str], bool]
"""Policies that an action can change, and whether it changes what the sharing looks at."""


@dataclass(frozen=True)
class Terms:
    """What a group of teams settles under.

    Attributes:
        contract: its policies.
        norms: what they compare with.
        rules: sharing rule of each team, a place in ``names``.
        names: names of sharing rules.
        changes: changed terms of sharing.
        fees: fees in force.
    """

    contract: Contract
    norms: Norms
    rules: NDArray[np.int64]
    names: Sequence[str]
    changes: Mapping[str, Sequence[Term]]
    fees: Tariffs

    @cached_property
    def pools(self) -> dict[str, str]:
        """Attribute ``pool`` of each policy."""
        return {policy.name: policy.pool for policy in self.contract.policies}

    @cached_property
    def fees_pooled(self) -> bool:
        """Whether a team's rule pools fees."""
        return any(FEES in sharing_rule(self.names[code]).pools for code in set(self.rules.tolist()))


@dataclass
class Trace:
    """What was read while the base was settled.

    Attributes:
        measures: by reader (a policy, its ``eligible``, or the sharing), what it read.
        statements: by policy, the statements of the year that it looked at.
    """

    measures: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    statements: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def noted(self, reader: str, accounts: AccountsOfYear) -> AccountsOfYear:
        """Accounts as a reader comes upon them: what others made of the lists would hide what it looks at."""
        seen = self.measures[reader]

        def read(name: str, level: str) -> Numbers:
            seen.add((name, level))
            return accounts.read(name, level)

        return accounts.read_by(read)


class Asked:
    """The teams of one group, to be settled on imagined accounts.

    Args:
        terms: what they settle under.
        owners: the owners, by level.
        world, accounts: where they are.
        year: year of the run that is imagined; the accounts of the year before are closed.
        calendar: gives the calendar year of a year of the run.
        history: earlier years, as the treasury makes them.
        recast: last year's acts as the contract counts them.
        like: the same owners, asked about the same year under another contract.
    """

    def __init__(
        self, terms: Terms, owners: Mapping[str, Owners], world: World, accounts: Accounts, year: int, calendar: int,
        history: History, recast: Recast, like: "Asked | None" = None,
    ) -> None:  # fmt: skip
        self.terms, self.owners, self.history, self.recast = terms, owners, history, recast
        self.calendar, self.measures = calendar, accounts.measures
        self.q = world.behaviour[0]
        self.values: Values
        self._like = like if like and recast.counts_as(like.recast) else None
        if self._like:
            self.values = self._like.values
        else:
            last = accounts_of_year(accounts, world, year - 1, calendar - 1, dict(owners))
            self.values = Values(owners, last, recast, accounts.measures, self.q)
        self.trace = Trace()
        self._money: dict[tuple[frozenset[str], bool], Money] = {}
        self.policies = [policy for policy in terms.contract.policies if policy.holds(calendar)]
        self.statements: dict[str, Statement] = {}
        self.returned: Mapping[str, NDArray[np.bool_]] = {}

    # Settling.

    def base_copies(self, nodes: Sequence[int] = range(N_NODES)) -> Copies:
        """Every team of the group at some nodes; owners one after the other, each with its nodes."""
        each = np.array(nodes)
        place, copy = {}, {}
        for level in ("team", *made.MEMBERS):
            n = len(self.owners[level])
            place[level] = np.repeat(np.arange(n), len(each))
            copy[level] = self.owners[level].team[place[level]] * len(each) + np.tile(np.arange(len(each)), n)
        return Copies(place["team"], np.tile(each, len(self.owners["team"])), place, copy,
                      members_of_group=len(self.owners["physician"]))  # fmt: skip

    def settle_base(self) -> None:
        """Settle the group as it is, at every node, and note what is read."""
        copies = self.base_copies()
        seen: set[tuple[int, str]] = set()
        statements = Gathered(self.history.statements, copies, by_node=0, seen=seen)
        history = made.history_of(copies, self.history, statements)
        accounts = made.accounts_of(copies, self.calendar, self.values.read, self.values.around)
        for policy in self.policies:
            if policy.layer is Layer.SUBSTITUTION:
                read = self.trace.noted(f"eligible {policy.name}", accounts)
                eligible = policy.eligible(read, history, self.terms.norms)
                accounts = accounts.with_returned(~eligible, _codes(policy, accounts))
        self.returned = accounts.returned
        for policy in self.policies:
            read = self.trace.noted(policy.name, accounts)
            seen.clear()
            statement = self._as_alike(policy) or self._settled(policy, read, history)
            self.trace.statements[policy.name] |= {name for when, name in seen if when == self.calendar}
            self.statements[policy.name] = statements.now[self.calendar, policy.name] = statement
        self._base = accounts, history, copies
        self._share_base()

    def _as_alike(self, policy: Policy[Any]) -> Statement | None:
        """What a policy was found to pay under the other contract, where nothing that it looks at differs there."""
        like = self._like
        if like is None or self.returned or like.returned or not any(policy.same_as(one) for one in like.policies):
            return None
        looked_at = like.trace.statements[policy.name]
        if any(self.statements.get(name) is not like.statements.get(name) for name in looked_at):
            return None
        self.trace.measures[policy.name] |= like.trace.measures[policy.name]
        self.trace.statements[policy.name] |= looked_at
        return like.statements[policy.name]

    def _settled(self, policy: Policy[Any], accounts: AccountsOfYear, history: History) -> Statement:
        """What a policy pays; nobody asks why, and its worksheet leaves room for that of the next policy."""
        return paid_by(policy, accounts, history, self.terms.norms).without_sheets()

    def shared_by(self, rule: str) -> "Asked":
        """The same group, settled as it is, where all teams share by a rule."""
        if list(self.terms.names) == [rule]:
            return self
        other = copy.copy(self)
        other.terms = replace(self.terms, rules=np.zeros(len(self.terms.rules), dtype=np.int64), names=[rule])
        other._money = {}
        other._share_base()
        return other

    def _share_base(self) -> None:
        """Share what the base was paid, at every node."""
        whole = list(self.statements.values())
        self.shared = to_share(whole, self.terms.fees_pooled, self.terms.pools)
        if self.shared:
            accounts, history, copies = self._base
            read = self.trace.noted("sharing", accounts)
            self._money[frozenset(self.statements), True] = self._money_of(whole, read, history, copies)

    @cached_property
    def list_readers(self) -> frozenset[str]:
        """Policies that look at the lists, class by class."""
        classes = {one.name for one in LIST_CLASSES}
        return frozenset(
            policy.name for policy in self.policies if any(n in classes for n, _ in self.trace.measures[policy.name])
        )

    @cached_property
    def coupled(self) -> bool:
        """Whether what a team is paid depends on the other teams of the group, by a common pot or a mean.

        Some teams are settled once more, without the others: what they get is then another sum.
        """
        teams = np.arange(min(len(self.owners["team"]), TEAMS_TRIED))
        copies = made.copies_of(self.owners, teams, np.zeros(len(teams), dtype=np.int64))
        history = self.history_of(copies)
        read = Imagined(copies, self.values.at_nodes).reader()
        accounts = made.accounts_of(copies, self.calendar, read, self.values.around)
        accounts = self._returned(accounts, copies, history, frozenset())
        assert isinstance(history.statements, Gathered)
        for policy in self.policies:
            alone = self._settled(policy, accounts, history)
            history.statements.now[self.calendar, policy.name] = alone
            together = made.gathered(self.statements[policy.name], copies, by_node=True)
            if _by_owner(alone, copies) != _by_owner(together, copies):
                return True
        return False

    def money(self, policies: frozenset[str], *, shared: bool) -> Money:
        """The money of the group at every node, of some policies, shared or not."""
        key = (policies, shared)
        if key not in self._money:
            whole = [one for name, one in self.statements.items() if name in policies]
            self._money[key] = money_of(whole, self.base_copies(), None, self.terms.pools)
        return self._money[key]

    def income(self) -> Money:
        """The money of the group at every node, all of it."""
        return self.money(frozenset(self.statements), shared=self.shared)

    def affected(self, present: Callable[[str, str], NDArray[np.bool_]], actions: int) -> list[Reach]:
        """For each action the policies that it can change, and whether it changes what the sharing looks at.

        A rule that reads nothing that the action adds to, and no statement that it changes, pays what it paid.

        Args:
            present: which actions may add to a measure, ``(actions,)``.
            actions: number of actions.
        """

        def touches(reader: str) -> NDArray[np.bool_]:
            found = np.zeros(actions, dtype=bool)
            for key in self.trace.measures.get(reader, ()):
                found |= present(*key)
            return found

        every = np.zeros(actions, dtype=bool)
        for policy in self.policies:
            every |= touches(f"eligible {policy.name}")
        by_policy: dict[str, NDArray[np.bool_]] = {}
        for policy in self.policies:
            looked_at = [by_policy[name] for name in self.trace.statements[policy.name] if name in by_policy]
            by_policy[policy.name] = np.logical_or.reduce([every, touches(policy.name), *looked_at])
        members = (every | touches("sharing")) if self.shared else np.zeros(actions, dtype=bool)
        return [
            (frozenset(name for name, there in by_policy.items() if there[action]), bool(members[action]))
            for action in range(actions)
        ]

    def sources_moved(self, present: Callable[[str, str], NDArray[np.bool_]], actions: int) -> NDArray[np.bool_]:
        """Sources of noise of the measures that each action adds to and that a rule looks at, ``(actions, sources)``.

        Args:
            present: which actions may add to a measure, ``(actions,)``.
            actions: number of actions.
        """
        moved: list[list[NDArray[np.bool_]]] = [[np.zeros(actions, dtype=bool)] for _ in SOURCES]
        for source, name, level in self._uncertain:
            moved[source].append(present(name, level))
        return np.stack([np.logical_or.reduce(some) for some in moved], axis=1)

    @cached_property
    def _uncertain(self) -> list[tuple[int, str, str]]:
        """Measures that some rule looks at and that are no certainty, each with its source of noise."""
        looked_at = ((source_of(self.measures[key[0]]), *key) for key in set().union(*self.trace.measures.values()))
        return [one for one in looked_at if one[0] >= 0]

    def settle(
        self, imagined: Imagined, history: History, added: Added, policies: frozenset[str], members: bool
    ) -> tuple[Money, Money]:
        """The money of copies in which somebody acts, and that of the group to compare it with.

        Args:
            imagined: reads of the copies.
            history: their earlier years.
            added: what the actions add.
            policies: those that can change.
            members: whether what the sharing looks at can change.
        """
        copies = imagined.copies
        lists = imagined.lists(added) if policies & self.list_readers else {}
        accounts = made.accounts_of(copies, self.calendar, imagined.reader(added), self.values.around, lists)
        accounts = self._returned(accounts, copies, history, policies)
        statements = history.statements
        assert isinstance(statements, Gathered)
        statements.now.clear()
        whole = []
        for policy in self.policies:
            if policy.name in policies:
                statement = self._settled(policy, accounts, history)
                whole.append(statement)
                statements.now[self.calendar, policy.name] = statement
            elif any(policy.name in self.trace.statements[other] for other in policies):
                of_base = made.gathered(self.statements[policy.name], copies, by_node=True)
                statements.now[self.calendar, policy.name] = of_base
        before = [self.statements[name] for name in self.statements if name in policies]
        split = to_share([*whole, *before], self.terms.fees_pooled, self.terms.pools)
        if not (split or members):
            return money_of(whole, copies, None, self.terms.pools), self.money(policies, shared=False)
        rest = [made.gathered(one, copies, by_node=True) for name, one in self.statements.items()
                if name not in policies]  # fmt: skip
        after = self._money_of([*whole, *rest], accounts, history, copies)
        if not self.shared:
            return after, self.money(frozenset(self.statements), shared=False)
        return after, self.income()

    def _returned(
        self, accounts: AccountsOfYear, copies: Copies, history: History, policies: frozenset[str]
    ) -> AccountsOfYear:
        """The accounts of copies, with the acts that go back to fees."""
        if len(policies) < len(self.statements) or not self.statements:
            for code, teams in self.returned.items():
                accounts = accounts.with_returned(teams[copies.at("team")], [code])
            return accounts
        for policy in self.policies:
            if policy.layer is Layer.SUBSTITUTION:
                eligible = policy.eligible(accounts, history, self.terms.norms)
                accounts = accounts.with_returned(~eligible, _codes(policy, accounts))
        return accounts

    def _money_of(
        self, statements: Sequence[Statement], accounts: AccountsOfYear, history: History, copies: Copies
    ) -> Money:
        money = YearToShare.of_accounts(statements, accounts, history, pools=self.terms.pools,
                                        changes=self.terms.changes, tariffs=self.terms.fees)  # fmt: skip
        shares = money.by(self.terms.rules[copies.team], self.terms.names, why=False)
        return money_of(statements, copies, shares, self.terms.pools)

    def history_of(self, copies: Copies) -> History:
        """Earlier years of copies."""
        return made.history_of(copies, self.history, Gathered(self.history.statements, copies, by_node=0))


def _by_owner(statement: Statement, copies: Copies) -> dict[tuple[str, str], list[int]]:
    """Cents of every row by level and kind of payee; nothing is said of those who get nothing."""
    found: dict[tuple[str, str], NDArray[np.int64]] = {}
    for part in statement.components:
        if part.level in copies.place and part.cents.any():
            key = part.level, part.payee_kind
            found[key] = found.get(key, np.zeros(len(copies.place[part.level]), dtype=np.int64))
            np.add.at(found[key], part.payees, part.cents)
    return {key: cents.tolist() for key, cents in found.items() if cents.any()}


def _codes(policy: Policy[Any], accounts: AccountsOfYear) -> list[str]:
    return sorted({code for one in policy.replaces(accounts.last_day) for code in one.codes})

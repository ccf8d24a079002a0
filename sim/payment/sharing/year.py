"""A year's money, from payees to persons: what each one keeps, what each gets of the team's, what stays on accounts.

    money = YearToShare.of_accounts(statements, accounts, history, pools={"peps": "lump_sum"})
    money.by(codes).income_of("physician", size)

Which rule shares which money (systems 4): a lump sum in the place of fees goes by the team's rule; collective money
pays staff and projects first, then hours of collective work; fees stay with who billed them, unless the team pools
them; what is meant for a person is personal.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from agents.teams import SHARING_RULES
from sim.payment.accounts_of_year import AccountsOfYear, Numbers, Rows
from sim.payment.history import History
from sim.payment.sharing.members import Members
from sim.payment.sharing.pots import Key, Pots, by_team
from sim.payment.sharing.reading import LEVELS, PHYSICIAN
from sim.payment.sharing.registry import sharing_rule
from sim.payment.sharing.rule import (
    COLLECTIVE,
    FEES,
    LUMP_SUM,
    SHARED,
    Cents,
    SharingParameters,
    SharingRule,
    terms_of_package,
)
from sim.payment.sharing.shares import Part, Shares
from sim.payment.statement import Statement
from sim.payment.terms import Change
from sim.specification import SHARING
from sim.tariffs import Tariffs

SALARIED: Final = "salaried"
NONE: Final = ""
"""No rule: fees stay with who billed them."""

type Changes = Mapping[str, Sequence[Change]]
"""Changed terms: those of the package's rules under ``sharing``, those of an own rule under its name."""


class YearToShare:
    """A year's money of the teams under one contract, with all that is the same by whichever rules it is shared.

    Args:
        statements: all of the year.
        members: the members.
        team_rows: rows of the teams in their table, by which payees are found.
        pools: attribute ``pool`` of each policy, by its name; personal for others.
        terms: terms of sharing.
        changes: what changed in them, for the worksheets.
    """

    def __init__(
        self, statements: Iterable[Statement], members: Members, team_rows: Rows, *, pools: Mapping[str, str],
        terms: SharingParameters, changes: Changes | None = None,
    ) -> None:  # fmt: skip
        self._terms, self._changes = terms, changes or {}
        self._usual = _usual(terms)
        self._known: dict[str, SharingRule] = {}
        self._pots = Pots(statements, members, team_rows, pools)
        self._account = {pool: _summed(paid, members.teams) for pool, paid in self._pots.paid_in.items()}
        # Collective money pays costs before lump sums do; fees pay none.
        after, nothing = _after_costs(members, self._account[COLLECTIVE]), np.zeros(members.teams)
        self._members = {COLLECTIVE: members, LUMP_SUM: after, FEES: members.with_costs(nothing, nothing)}

    @classmethod
    def of_accounts(
        cls, statements: Iterable[Statement], accounts: AccountsOfYear, history: History, *, pools: Mapping[str, str],
        changes: Changes | None = None, worth: Numbers | None = None, tariffs: Tariffs | None = None,
        projects: Numbers | None = None,
    ) -> Self:  # fmt: skip
        """What was paid for a year of some accounts.

        Args:
            statements: all of them.
            accounts: the year.
            history: earlier years of the same teams.
            pools: attribute ``pool`` of each policy, by its name; personal for others.
            changes: terms that the scenario or a reform changes, for ``sharing`` and by own rule.
            worth: as in :meth:`Members.of_accounts`.
            tariffs: as in :meth:`Members.of_accounts`.
            projects: as in :meth:`Members.of_accounts`.

        Raises:
            Mistake: a term that sharing has not.
        """
        known = terms_of_package().changed((changes or {}).get(SHARING, ()))
        terms = SharingParameters(**{name: dated.value for name, dated in known.at(accounts.last_day).items()})
        members = Members.of_accounts(accounts, history, terms=terms, worth=worth, tariffs=tariffs, projects=projects)
        return cls(statements, members, accounts.owners["team"].rows, pools=pools, terms=terms, changes=changes)

    def by(self, rules: Sequence[int] | Rows, names: Sequence[str] = SHARING_RULES, *, why: bool = True) -> Shares:
        """The money by person, where each team shares by some rule.

        Args:
            rules: sharing rule of each team, as its place in ``names``, ``(teams,)``.
            names: what the codes of ``rules`` mean; own rules (``module:Class``) may follow those of the package.
            why: whether there is a worksheet of a rule also where it has nothing to share.

        Raises:
            Mistake: an unknown rule, or a term that it has not.
        """
        members, codes = self._members[COLLECTIVE], np.asarray(rules)
        under = {pool: self._under(pool, codes, names) for pool in SHARED}
        personal, fees = self._pots.split(self._pooled(under[FEES]))
        account = {**self._account, FEES: _summed(fees, members.teams)}
        parts = {
            pool: [_part(pool, self._rule(name), teams, account[pool], self._members[pool], self._terms)
                   for name, teams in by_rule.items() if why or account[pool][teams].any()]
            for pool, by_rule in under.items()
        }  # fmt: skip
        kept = {
            pool: account[pool] - sum(by_team(members, part.cents, part.members) for part in of_pool)
            for pool, of_pool in parts.items()
        }
        paid_in = {**self._pots.paid_in, FEES: fees}
        return Shares(members.year, members, personal, [*chain(*parts.values())], paid_in, kept, self._pots.elsewhere)

    def _rule(self, name: str) -> SharingRule:
        """A rule under its terms."""
        if name not in self._known:
            kind = sharing_rule(name)
            self._known[name] = kind(self._changes.get(kind.terms_name(), ()))
        return self._known[name]

    def _under(self, pool: str, codes: Rows, names: Sequence[str]) -> dict[str, NDArray[np.bool_]]:
        """Teams by the rule that shares a pool, in their order; where none does the money stays with who was paid."""
        salaried = self._members[pool].salaried
        found = {SALARIED: salaried}
        for code in dict.fromkeys(codes.tolist()):
            name = names[code] if pool in self._rule(names[code]).pools else self._usual[pool]
            found[name] = found.get(name, False) | ((codes == code) & ~salaried)
        there = {name: teams for name, teams in found.items() if name != NONE and teams.any()}
        return dict(sorted(there.items(), key=lambda one: int(one[1].argmax())))

    def _pooled(self, under: Mapping[str, NDArray[np.bool_]]) -> NDArray[np.bool_]:
        """Whose fees go into the team's pot, or to the employer, ``(members,)``."""
        members = self._members[FEES]
        whose = (members.level == LEVELS.index(PHYSICIAN)) | (self._terms.fees_pooled_by != "physicians")
        nobody = np.zeros(members.teams, dtype=bool)
        salaried, some = under.get(SALARIED, nobody), np.logical_or.reduce([nobody, *under.values()])
        return np.asarray(salaried[members.team] | some[members.team] & whose)


def _usual(terms: SharingParameters) -> dict[str, str]:
    """Rule of each pool where the team's own rule is not for it."""
    return {COLLECTIVE: terms.collective_rule, LUMP_SUM: terms.lump_sum_rule, FEES: NONE}


def _summed(paid: Mapping[Key, Cents], teams: int) -> Cents:
    """What stands on the accounts of the teams."""
    return sum(paid.values(), np.zeros(teams, dtype=np.int64))


def _part(
    pool: str, rule: SharingRule, teams: NDArray[np.bool_], account: Cents, members: Members, terms: SharingParameters
) -> Part:  # fmt: skip
    """What a rule gives of the accounts of its teams."""
    here = members.where(teams[members.team])
    if pool == LUMP_SUM and not rule.among_all:
        here = here.where(here.replaced)
    if pool == FEES and terms.fees_pooled_by == "physicians":
        here = here.where(here.level == LEVELS.index(PHYSICIAN))
    shared = rule.shared(np.where(teams, account, 0), here)
    return Part(pool, rule.name, np.flatnonzero(shared.here), shared.cents[shared.here], shared.sheet, shared.step)


def _after_costs(members: Members, account: Cents) -> Members:
    """The members, with the costs that the account could not pay."""
    there = np.maximum(0, account) / 100
    staff = np.maximum(0.0, members.staff - there)
    projects = np.maximum(0.0, members.projects - np.maximum(0.0, there - members.staff))
    return members.with_costs(staff, projects)

"""A year's money, from payees to persons: what each one keeps, what each gets of the team's, what stays on accounts.

    shares = share_year(statements, accounts, history, rules=codes, pools={"peps": "lump_sum"})
    shares.income_of("physician", size)

Which rule shares which money (systems 4): a lump sum in the place of fees goes by the team's rule; collective money
pays staff and projects first, then hours of collective work; fees stay with who billed them, unless the team pools
them; what is meant for a person is personal.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.teams import SHARING_RULES
from sim.payment.accounts_of_year import AccountsOfYear, Numbers, Rows
from sim.payment.history import History
from sim.payment.sharing.members import Members
from sim.payment.sharing.pots import Pots, by_team
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


def share_year(
    statements: Sequence[Statement], accounts: AccountsOfYear, history: History, *, rules: Sequence[int] | Rows,
    pools: Mapping[str, str], names: Sequence[str] = SHARING_RULES, changes: Changes | None = None,
    worth: Numbers | None = None, tariffs: Tariffs | None = None, projects: Numbers | None = None,
    members: Members | None = None, why: bool = True,
) -> Shares:  # fmt: skip
    """Share what was paid for a year to the teams under one contract.

    Args:
        statements: all of them.
        accounts: the year.
        history: earlier years of the same teams.
        rules: sharing rule of each team, as its place in ``names``, ``(teams,)``.
        pools: attribute ``pool`` of each policy, by its name; personal for others.
        names: what the codes of ``rules`` mean; own rules (``module:Class``) may follow those of the package.
        changes: terms that the scenario or a reform changes, for ``sharing`` and by own rule.
        worth: as in :meth:`Members.of_accounts`.
        tariffs: as in :meth:`Members.of_accounts`.
        projects: as in :meth:`Members.of_accounts`.
        members: the members, where they are known from another sharing of the same year.
        why: as in :func:`share`.

    Raises:
        Mistake: an unknown rule, or a term that it has not.
    """
    known = terms_of_package().changed((changes or {}).get(SHARING, ()))
    terms = SharingParameters(**{name: dated.value for name, dated in known.at(accounts.last_day).items()})
    if members is None:
        members = Members.of_accounts(accounts, history, terms=terms, worth=worth, tariffs=tariffs, projects=projects)
    chosen = [names[code] for code in rules]
    return share(statements, members, accounts.owners["team"].rows, chosen, pools=pools, terms=terms, changes=changes,
                 why=why)  # fmt: skip


def share(
    statements: Sequence[Statement], members: Members, team_rows: Rows, rules: Sequence[str], *,
    pools: Mapping[str, str], terms: SharingParameters, changes: Changes | None = None, why: bool = True,
) -> Shares:  # fmt: skip
    """The same, of members that are known.

    Args:
        statements: all of the year.
        members: the members.
        team_rows: rows of the teams in their table, by which payees are found.
        rules: name of the sharing rule of each team.
        pools: attribute ``pool`` of each policy, by its name.
        terms: terms of sharing.
        changes: what changed in them, for the worksheets.
        why: whether there is a worksheet of a rule also where it has nothing to share.
    """
    wanted = dict.fromkeys([*rules, *_usual(terms).values(), SALARIED])
    chosen = {name: _bound(name, changes or {}) for name in wanted if name}
    by_pool = {pool: _rules_of(pool, rules, members, terms, chosen) for pool in SHARED}
    pots = Pots(members, team_rows, _pooled(members, by_pool[FEES], terms), pools)
    for statement in statements:
        for component in statement.components:
            pots.put(statement.system, component)
    parts: list[Part] = []
    kept: dict[str, Cents] = {}
    left = members
    for pool in SHARED:
        account = sum(pots.paid_in[pool].values(), np.zeros(members.teams, dtype=np.int64))
        here = left if pool != FEES else left.with_costs(*np.zeros((2, members.teams)))
        under = {name: by_pool[pool] == name for name in dict.fromkeys(by_pool[pool].tolist()) if name}
        new = [_part(pool, chosen[name], teams, account, here, terms)
               for name, teams in under.items() if why or (account[teams] > 0).any()]  # fmt: skip
        kept[pool] = account - sum(by_team(members, part.members, part.cents) for part in new)
        parts += new
        left = _after_costs(left, account)
    return Shares(members.year, members, pots.personal, parts, pots.paid_in, kept, pots.elsewhere)


def _bound(name: str, changes: Changes) -> SharingRule:
    kind = sharing_rule(name)
    return kind(changes.get(kind.terms_name(), ()))


def _usual(terms: SharingParameters) -> dict[str, str]:
    """Rule of each pool where the team's own rule is not for it."""
    return {COLLECTIVE: terms.collective_rule, LUMP_SUM: terms.lump_sum_rule, FEES: NONE}


def _pooled(members: Members, rules: NDArray[np.str_], terms: SharingParameters) -> NDArray[np.bool_]:
    """Whose fees go into the team's pot, or to the employer, ``(members,)``."""
    rule = rules[members.team]
    whose = (members.level == LEVELS.index(PHYSICIAN)) | (terms.fees_pooled_by != "physicians")
    return np.asarray((rule == SALARIED) | (rule != NONE) & whose)


def _rules_of(
    pool: str, rules: Sequence[str], members: Members, terms: SharingParameters, chosen: Mapping[str, SharingRule]
) -> NDArray[np.str_]:
    """The rule of each team for a pool, "" where the money stays with who was paid."""
    usual = _usual(terms)[pool]
    found = {name: name if pool in chosen[name].pools else usual for name in dict.fromkeys(rules)}
    return np.where(members.salaried, SALARIED, np.array([found[name] for name in rules], dtype=np.str_))


def _part(
    pool: str, rule: SharingRule, teams: NDArray[np.bool_], account: Cents, members: Members, terms: SharingParameters
) -> Part:  # fmt: skip
    """What a rule gives of the accounts of its teams."""
    places = np.flatnonzero(teams[members.team])
    here = members.rows(places)
    if pool == LUMP_SUM and not rule.among_all:
        here = here.where(here.replaced)
    if pool == FEES and terms.fees_pooled_by == "physicians":
        here = here.where(here.level == LEVELS.index(PHYSICIAN))
    shared = rule.shared(np.where(teams, account, 0), here)
    return Part(pool, rule.name, places[shared.here], shared.cents[shared.here], shared.sheet, shared.step)


def _after_costs(members: Members, account: Cents) -> Members:
    """The members, with the costs that the account could not pay."""
    there = np.maximum(0, account) / 100
    staff = np.maximum(0.0, members.staff - there)
    projects = np.maximum(0.0, members.projects - np.maximum(0.0, there - members.staff))
    return members.with_costs(staff, projects)

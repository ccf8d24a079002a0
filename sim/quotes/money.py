"""Where the money of copies goes: to own accounts in the year of the act, or later, by way of others (behaviour 0)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.payment.sharing.rule import COLLECTIVE, FEES, LUMP_SUM, SHARED
from sim.payment.sharing.shares import Shares
from sim.payment.statement import Component, Statement
from sim.quotes.copies import MEMBERS, Copies
from sim.working_time import QUARTERS

type Numbers = NDArray[np.float64]
type Cents = NDArray[np.int64]
type Quarter = tuple[int, int]

PERSON: Final = "person"
MID_YEAR: Final = 0.5


@dataclass(frozen=True)
class Money:
    """Cents of every person of some copies, physicians before nurses.

    Attributes:
        direct: paid to the own account in the year of the act, ``(persons,)``.
        income: all that each gets, after sharing, ``(persons,)``.
        later: what was paid to the own account after the year, by quarter, ``(persons,)`` each.
        shared: what each got of every pool, ``(persons,)`` each.
        pools: what was paid into every pool, by quarter, ``(copies,)`` each.
    """

    direct: Cents
    income: Cents
    later: Mapping[Quarter, Numbers]
    shared: Mapping[str, Cents]
    pools: Mapping[str, Mapping[Quarter, Numbers]]

    @property
    def settled(self) -> Cents:
        """All but what is direct."""
        return self.income - self.direct


def lag(quarter: Quarter, accrual_year: int) -> float:
    """Years from the middle of the year of care to the middle of a quarter."""
    year, number = quarter
    return year - accrual_year + (number - MID_YEAR) / QUARTERS - MID_YEAR


def to_share(statements: Iterable[Statement], fees_pooled: bool, pools: Mapping[str, str]) -> bool:
    """Whether any of the money goes by way of an account that somebody splits."""
    for statement in statements:
        for part in statement.components:
            if part.payee_kind == "team_account" and part.cents.any():
                return True
            if fees_pooled and part.payee_kind == PERSON and pools.get(statement.system) == FEES and part.cents.any():
                return True
    return False


def money_of(statements: Sequence[Statement], copies: Copies, shares: Shares | None, pools: Mapping[str, str]) -> Money:
    """The money of copies.

    Args:
        statements: what was paid to them.
        copies: the copies.
        shares: how it was shared, None where nothing is to be shared.
        pools: attribute ``pool`` of each policy, by its name.
    """
    first = copies.members_first()
    persons = sum(len(copies.place[level]) for level in MEMBERS)
    direct, income = np.zeros(persons, dtype=np.int64), np.zeros(persons, dtype=np.int64)
    later: dict[Quarter, Numbers] = {}
    for statement in statements:
        for part in statement.components:
            if part.payee_kind != PERSON or part.level not in first:
                continue
            # A component speaks of all owners of its level, in their order: theirs are the rows from the first one on.
            at = slice(first[part.level], first[part.level] + len(part.payees))
            cents = _kept(part, statement.system, at, shares)
            in_year, after = _by_cash(part, cents, statement.accrual_year)
            direct[at] += in_year
            income[at] += cents
            for quarter, amount in after.items():
                later.setdefault(quarter, np.zeros(persons))[at] += amount
    if shares is None:
        return Money(direct, income, later, {}, {})
    shared = {pool: shares.of_pool(pool) for pool in SHARED}
    return Money(direct, shares.incomes(), later, shared, _paid_in(statements, copies, pools))


def _kept(part: Component, system: str, at: slice, shares: Shares | None) -> Cents:
    """What persons keep of a component as it was paid: nothing where it goes into the team's pot."""
    if shares is None:
        return part.cents
    kept = shares.personal.get((system, part.name))
    return part.cents if kept is None else np.where(kept[at] == 0, 0, part.cents)


def _by_cash(part: Component, cents: Cents, year: int) -> tuple[Cents, dict[Quarter, Numbers]]:
    """What of a component is paid in the year of the act, and what in each quarter after it."""
    in_year = np.array([when == year for when, _ in part.cash])
    if in_year.all():
        return cents, {}
    weights = np.ones((1, len(part.cash))) if part.weights is None else part.weights
    total = weights.sum(axis=1, keepdims=True)
    share = np.divide(weights, total, out=np.full_like(weights, 1 / len(part.cash), dtype=np.float64), where=total > 0)
    late = [k for k, here in enumerate(in_year) if not here]
    after: dict[Quarter, Numbers] = {part.cash[k]: np.asarray(cents * share[:, k], dtype=np.float64) for k in late}
    if not in_year.any():
        return np.zeros_like(cents), after
    paid = part.instalments()[:, in_year].sum(axis=1)
    return np.where(cents == part.cents, paid, 0), after


def _paid_in(
    statements: Sequence[Statement], copies: Copies, pools: Mapping[str, str]
) -> dict[str, dict[Quarter, Numbers]]:
    """What goes to team accounts, by pool and quarter; fees that are pooled reach persons without delay."""
    found: dict[str, dict[Quarter, Numbers]] = {COLLECTIVE: {}, LUMP_SUM: {}}
    for statement in statements:
        pool = found[LUMP_SUM if pools.get(statement.system) == LUMP_SUM else COLLECTIVE]
        for part in statement.components:
            if part.payee_kind != "team_account" or part.level != "team":
                continue
            weights = np.ones((1, len(part.cash))) if part.weights is None else part.weights
            total = np.maximum(weights.sum(axis=1, keepdims=True), np.finfo(float).tiny)
            for k, quarter in enumerate(part.cash):
                amount = part.cents * (weights / total)[:, k]
                pool[quarter] = pool.get(quarter, np.zeros(len(copies))) + amount
    return found


def some_of(money: Money, persons: NDArray[np.int64], copies: NDArray[np.int64]) -> Money:
    """The money of some persons and some copies, in the order in which they are asked for."""
    return Money(
        money.direct[persons], money.income[persons],
        {quarter: cents[persons] for quarter, cents in money.later.items()},
        {pool: cents[persons] for pool, cents in money.shared.items()},
        {pool: {quarter: cents[copies] for quarter, cents in by.items()} for pool, by in money.pools.items()},
    )  # fmt: skip


@dataclass(frozen=True)
class Change:
    """How the money of persons changed, in cents; ``(persons,)`` each.

    Attributes:
        direct: to the own account in the year of the act.
        settled: the rest.
        weight, years: absolute changes of the settled money, and the same times their lag.
    """

    direct: Cents
    settled: Cents
    weight: Numbers
    years: Numbers


def change(before: Money, after: Money, copies: Copies, year: int) -> Change:
    """What an action changed.

    Args:
        before: money of the group at every node.
        after: money of the copies.
        copies: the copies.
        year: calendar year of the care.
    """
    at, team = copies.at_of_member, copies.at("team")
    weight = np.zeros(len(at))
    years = np.zeros(len(at))
    for quarter in {**before.later, **after.later}:
        moved = np.abs(_of(after.later, quarter, len(at)) - _of(before.later, quarter, 0, at))
        weight, years = weight + moved, years + moved * lag(quarter, year)
    for pool in {**before.shared, **after.shared}:
        moved = np.abs(_of(after.shared, pool, len(at)) - _of(before.shared, pool, 0, at))
        weight += moved
        if pool != FEES and moved.any():
            late = _pool_lag(before.pools.get(pool, {}), after.pools.get(pool, {}), team, year)
            years = years + moved * late[copies.copy_of_member]
    return Change(after.direct - before.direct[at], after.settled - before.settled[at], weight, years)


def _of(table: Mapping[Any, NDArray[Any]], key: Any, size: int, at: NDArray[np.int64] | None = None) -> NDArray[Any]:
    if key not in table:
        return np.zeros(size if at is None else len(at))
    return table[key] if at is None else table[key][at]


def _pool_lag(
    before: Mapping[Quarter, Numbers], after: Mapping[Quarter, Numbers], team: NDArray[np.int64], year: int
) -> Numbers:
    """Lag of what changed on the account of each copy."""
    weight, years = np.zeros(len(team)), np.zeros(len(team))
    for quarter in {**before, **after}:
        moved = np.abs(_of(after, quarter, len(team)) - _of(before, quarter, 0, team))
        weight, years = weight + moved, years + moved * lag(quarter, year)
    return np.divide(years, weight, out=np.zeros(len(team)), where=weight > 0)

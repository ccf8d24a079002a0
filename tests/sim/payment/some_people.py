"""Professionals for property tests of personal schemes: any numbers, one column a measure, one value a person."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from hypothesis import strategies as st

from agents.teams import GROUP
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Policy
from sim.payment.statement import Statement
from sim.payment.terms import Change

type Table = Mapping[str, Sequence[float]]

PATIENTS = st.integers(0, 3000)


@st.composite
def people(draw: st.DrawFn, columns: Mapping[str, st.SearchStrategy[Any]]) -> dict[str, list[float]]:
    """Columns of one to six people, each drawn from its strategy."""
    n = draw(st.integers(1, 6))
    return {name: [float(v) for v in draw(st.lists(kind, min_size=n, max_size=n))] for name, kind in columns.items()}


def year_of(year: int, level: str, table: Table, team: Mapping[str, float] | None = None) -> AccountsOfYear:
    """Accounts of one team and its people."""
    return AccountsOfYear.of_tables(year, {"team": {"team_kind": GROUP, **(team or {})}, level: table})


def settled(
    rule: Callable[..., Policy[Any]], accounts: AccountsOfYear, *before: AccountsOfYear, norms: Norms | None = None,
    since: date | None = None, **terms: Any,
) -> Statement:  # fmt: skip
    """What a rule pays, under terms that differ from its defaults."""
    policy = _rule(rule, since, tuple(sorted(terms.items())))
    return policy.settle(accounts, History({one.year: one for one in before}), norms or Norms())


@cache
def _rule(rule: Callable[..., Policy[Any]], since: date | None, terms: tuple[tuple[str, Any], ...]) -> Policy[Any]:
    return rule([Change(name, value) for name, value in terms], since=since)


def each(statement: Statement, level: str, accounts: AccountsOfYear) -> Numbers:
    """What each owner of a level is paid."""
    return statement.amounts(level, accounts.size(level))


def reordered(table: Table, seed: int) -> tuple[dict[str, list[float]], list[int]]:
    """The same people in another order, and where each of them stood."""
    n = len(next(iter(table.values())))
    places = sorted(range(n), key=lambda place: (place * (2 * seed + 1) + seed) % (n + 1))
    return {name: [column[place] for place in places] for name, column in table.items()}, places


def same_in_any_order(amounts: Numbers, reordered_amounts: Numbers, places: list[int]) -> bool:
    """Whether everybody is paid the same after a change of order."""
    return bool(np.array_equal(amounts[places], reordered_amounts))

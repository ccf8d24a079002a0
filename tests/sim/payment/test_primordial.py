"""Primordial; its worked examples are in examples/primordial.toml."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.teams import HEALTH_CENTRE
from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear
from sim.payment.history import History
from sim.payment.primordial import QUARTERLY_LISTS, Primordial
from sim.payment.terms import Change
from tests.sim.payment.some_teams import NATION

LISTS = st.lists(st.integers(1, 3000), min_size=4, max_size=4)


def settled(lists: list[int]) -> Any:
    team = {"team_kind": [HEALTH_CENTRE], "practice_under_served": [1], LIST_CLASSES[0].name: [lists[-1]],
            **{name: [count] for name, count in zip(QUARTERLY_LISTS, lists, strict=True)}}  # fmt: skip
    accounts = AccountsOfYear.of_tables(2021, {"team": team})
    return Primordial([Change("f_source", "norms")]).settle(accounts, History(), NATION)


@given(LISTS)
@settings(max_examples=50)
def test_each_quarter_is_paid_for_its_own_list(lists: list[int]) -> None:
    statement = settled(lists)
    by_quarter = np.array([line.amount for line in statement.lines()])
    assert by_quarter == pytest.approx(np.array(lists) * NATION.by_class["gp_fees"][0] / 4, abs=0.02)
    assert {line.payee_kind for line in statement.lines()} == {"employer"}


def test_empty_accounts_pay_nothing() -> None:
    assert Primordial().settle(AccountsOfYear.of_tables(2021, {"team": {}}), History(), NATION).total == 0

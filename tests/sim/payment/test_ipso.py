"""Ipso; its worked examples are in examples/ipso.toml."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.teams import HEALTH_CENTRE, MSP
from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear
from sim.payment.history import History
from sim.payment.ipso import Ipso
from sim.payment.norms import Norms

LISTS = st.lists(st.integers(0, 2000), min_size=1, max_size=6)
HEAVY = LIST_CLASSES[-1].name


def paid(lists: list[int], kind: int = MSP) -> tuple[np.ndarray, float]:
    """What each physician is paid, and what the employer is."""
    accounts = AccountsOfYear.of_tables(2021, {
        "team": {"team_kind": [kind], HEAVY: [sum(lists)]}, "physician": {HEAVY: lists, "team": [0] * len(lists)},
    })  # fmt: skip
    statement = Ipso().settle(accounts, History(), Norms())
    return statement.amounts("physician", len(lists)), statement.amounts("team", 1)[0]


@given(LISTS)
@settings(max_examples=50)
def test_it_is_linear_in_the_list_and_paid_once(lists: list[int]) -> None:
    each = np.array(lists) * (78 * 1.8 + 10)
    assert paid(lists)[0] == pytest.approx(each, abs=0.01)
    assert paid(lists)[1] == 0
    persons, employer = paid(lists, HEALTH_CENTRE)
    assert not persons.any()
    assert employer == pytest.approx(each.sum(), abs=0.02)


def test_empty_accounts_pay_nothing() -> None:
    assert Ipso().settle(AccountsOfYear.of_tables(2021, {"team": {}}), History(), Norms()).total == 0

"""The capitation option of 2026; its worked examples are in examples/capitation_2026.toml."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.capitation_2026 import Capitation2026
from sim.payment.checks import checked
from sim.payment.history import History
from sim.payment.statement import Statement
from sim.payment.terms import Change
from tests.sim.payment.some_teams import NATION, OLD, YOUNG, accounts_of, changed, chosen, history_of, teams

CHEAP = settings(max_examples=50)


def settled(given: Mapping[str, Any], **terms: Any) -> Statement:
    policy = Capitation2026([Change(name, value) for name, value in terms.items()])
    now = given["now"] | {"days_a_week_in_post": [15.0] * len(given["now"][YOUNG])}
    statement = policy.settle(accounts_of(now, 2026), history_of(given, 2026), NATION)
    return checked(statement, policy.name, policy.may_be_negative)


def amounts(given: Mapping[str, Any], **terms: Any) -> Any:
    return settled(given, **terms).amounts("team", len(given["now"][YOUNG]))


@given(teams(), st.sampled_from(["formula", "norms"]))
@CHEAP
def test_a_team_with_too_few_patients_is_paid_nothing(given: Mapping[str, Any], source: str) -> None:
    listed = np.add(given["now"][YOUNG], given["now"][OLD])
    paid = amounts(given, f_source=source)
    assert (paid[listed < 2760] == 0).all()
    assert (paid >= -0.01).all()


@given(teams(), st.integers(1, 100_000))
@CHEAP
def test_leaks_take_off_and_the_order_of_teams_changes_nothing(given: Mapping[str, Any], more: int) -> None:
    paid = amounts(given, threshold_mode="target")
    assert (amounts(changed(given, "leaked_value", more), threshold_mode="target") <= paid + 0.02).all()
    order = list(range(len(paid)))[::-1]
    assert np.array_equal(amounts(chosen(given, order), threshold_mode="target"), paid[order])


@given(teams())
@CHEAP
def test_a_collar_keeps_pay_near_the_reference(given: Mapping[str, Any]) -> None:
    paid = amounts(given, threshold_mode="target", collar="both_sides", ref_year=2019)
    listed = np.add(given["now"][YOUNG], given["now"][OLD])
    ref_list = np.add(given["reference"][YOUNG], given["reference"][OLD])
    income = np.divide(given["reference"]["fees_G_in_list"] * listed, ref_list, out=np.zeros(len(listed)),
                       where=ref_list > 0)  # fmt: skip
    held = income > 0
    assert (np.abs(paid[held] / income[held] - 1) <= 0.15 + 0.02 / income[held]).all()


def test_empty_accounts_pay_nothing() -> None:
    assert Capitation2026().settle(AccountsOfYear.of_tables(2026, {"team": {}}), History(), NATION).total == 0

"""Équilibres; its worked examples are in examples/equilibre.toml."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.contract import contract_of
from sim.payment.equilibre import Equilibre
from sim.payment.history import History
from sim.payment.norms import Norms

HOURS = st.lists(st.floats(0, 5000), min_size=1, max_size=6)


@given(HOURS, HOURS)
@settings(max_examples=50)
def test_an_hour_is_an_hour_whatever_is_done(home: list[float], visits: list[float]) -> None:
    n = min(len(home), len(visits))
    team: dict[str, list[float]] = {
        "self_employed_nurses": [3.0] * n,
        "patient_hours_home": home[:n],
        "patient_hours_visit": visits[:n],
    }
    statement = Equilibre().settle(AccountsOfYear.of_tables(2021, {"team": team}), History(), Norms())
    assert statement.amounts("team", n) == pytest.approx(53.94 * np.add(home[:n], visits[:n]), abs=0.006)


def paid(nurses: int) -> dict[str, float]:
    accounts = AccountsOfYear.of_tables(2021, {
        "team": {"self_employed_nurses": [nurses], "patient_hours_home": [100]},
        "nurse": {"shadow_acts_AMI_other": [1000], "shadow_fees_AMI_other": [3150]},
    })  # fmt: skip
    contract = contract_of(["fee_for_service", "equilibre"], {}, date(2021, 1, 1))
    return {one.system: one.total for one in contract.settle(accounts, History(), Norms())}


def test_nursing_acts_are_paid_once_and_go_back_to_fees_where_nurses_are_too_few() -> None:
    assert paid(3) == {"fee_for_service": 0, "equilibre": 5394}
    assert paid(2) == {"fee_for_service": 3150, "equilibre": 0}


def test_empty_accounts_pay_nothing() -> None:
    assert Equilibre().settle(AccountsOfYear.of_tables(2021, {"team": {}}), History(), Norms()).total == 0

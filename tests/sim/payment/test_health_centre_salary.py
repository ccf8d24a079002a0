"""Salaries of a health centre; worked examples are in examples/health_centre_salary.toml."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.teams import GROUP, HEALTH_CENTRE
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.contract import contract_of
from sim.payment.health_centre_salary import HealthCentreSalary
from sim.payment.history import History
from sim.payment.norms import Norms
from tests.sim.payment.some_people import each, settled


def centre(value: float, scope: str = "fees_G_in_list", kind: int = HEALTH_CENTRE) -> AccountsOfYear:
    """Four physicians at 0.8, and acts worth so much."""
    acts = scope.replace("fees", "acts")
    return AccountsOfYear.of_tables(2024, {
        "team": {"team_kind": [kind], "value_of_acts": [value], scope: [value], acts: [value / 30]},
        "physician": {"fte_physician": [0.8] * 4, "team": [0] * 4},
    })  # fmt: skip


def result_of(accounts: AccountsOfYear) -> float:
    """What is left of a centre's revenue, under fees and salaries (HC-2)."""
    contract = contract_of(["fee_for_service", "health_centre_salary"], {}, accounts.first_day)
    statements = list(contract.settle(accounts, History(), Norms()))
    return float(sum(one.amounts("team", 1, payee_kind="employer")[0] for one in statements))


def test_the_result_of_a_centre_is_revenue_less_wages_charges_and_running_costs() -> None:
    assert result_of(centre(300_000)) == -115_800
    assert result_of(centre(0)) == -340_800


def test_a_lump_sum_in_the_place_of_fees_changes_revenue_and_not_wages() -> None:
    replaced = centre(300_000, "shadow_fees_G_in_list")
    assert result_of(replaced) == -340_800 - 75_000
    for accounts in (centre(300_000), replaced):
        assert each(settled(HealthCentreSalary, accounts), "physician", accounts).tolist() == [60_000] * 4


@given(st.lists(st.floats(0, 1.2), min_size=1, max_size=5), st.lists(st.floats(0, 1), max_size=4))
@settings(max_examples=50)
def test_what_staff_costs_is_wages_and_charges(doctors: list[float], carers: list[float]) -> None:
    accounts = AccountsOfYear.of_tables(2024, {
        "team": {"team_kind": [GROUP, HEALTH_CENTRE]},
        "physician": {"fte_physician": doctors, "team": [1] * len(doctors)},
        "nurse": {"fte_salaried_nurse": carers, "team": [1] * len(carers)},
    })  # fmt: skip
    statement = settled(HealthCentreSalary, accounts)
    wages = each(statement, "physician", accounts).sum() + each(statement, "nurse", accounts).sum()
    cost = -each(statement, "team", accounts)
    assert cost[0] == 0
    assert np.isclose(cost[1], wages * 1.42, atol=0.05 * (len(doctors) + len(carers)))


def test_empty_accounts_pay_nothing() -> None:
    assert settled(HealthCentreSalary, AccountsOfYear.of_tables(2024, {})).total == 0

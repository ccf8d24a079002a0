"""The benchmark of settlement does its work; its speed is not tested."""

import numpy as np
import pytest

from scenarios.settling import NURSES, PHYSICIANS, STACK, check_settled, invented_accounts, settle_seconds
from sim.payment.accounts_of_year import LIST_CLASSES


def test_a_few_teams_are_settled_under_every_rule_of_the_stack() -> None:
    seconds, work = settle_seconds(teams=20)
    assert seconds > 0
    assert set(work["payments"]) == set(STACK)
    assert min(work["payments"].values()) >= 20
    assert sum(euros > 0 for euros in work["euros"].values()) >= 6


def test_twice_the_teams_are_twice_the_lines() -> None:
    lines = [settle_seconds(teams)[1]["payments"] for teams in (10, 20)]
    assert {rule: 2 * n for rule, n in lines[0].items()} == lines[1]


def test_invented_accounts_hang_together() -> None:
    accounts = invented_accounts(2021, 30)
    assert [accounts.size(level) for level in ("team", "physician", "nurse")] == [30, 30 * PHYSICIANS, 30 * NURSES]
    listed = np.sum([accounts.measure(one.name) for one in LIST_CLASSES], axis=0)
    np.testing.assert_allclose(accounts.measure("registered_list"), listed)
    assert accounts.owners["physician"].team.tolist() == sorted([*range(30)] * PHYSICIANS)


@pytest.mark.parametrize(
    ("payments", "euros", "said"),
    [
        (dict.fromkeys(STACK, 9), 1.0, "no payments under fee_for_service"),
        (dict.fromkeys(STACK[1:], 10), 1.0, "no payments under fee_for_service"),
        (dict.fromkeys(STACK, 10), 0.0, "paid nothing"),
    ],
)
def test_rules_that_did_not_pay_have_no_speed(payments: dict[str, int], euros: float, said: str) -> None:
    with pytest.raises(RuntimeError, match=said):
        check_settled({"teams": 10, "payments": payments, "euros": {"peps": euros}})

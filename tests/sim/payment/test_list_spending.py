"""Spending of lists, observed and expected."""

from dataclasses import replace

import numpy as np
import pytest

from agents import patients as people
from sim import events
from sim.accounts import Accounts
from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear
from sim.payment.history import History
from sim.payment.list_spending import (
    SpendingParameters,
    cuts,
    expected,
    national_mean,
    of_territories,
    same_patients_before,
    spending,
)
from sim.payment.norms import Norms
from tests.invented_lines import accounting_world, invented_lines

RULE = SpendingParameters(sick_pay_in_spend=False, outlier="none", own_team_pay="shadow_tariff", apl_bands=[2.5, 4.0])
CLASS = LIST_CLASSES[5].name
NATION = Norms(
    base_year=2022,
    by_class={"spending": np.full(96, 3000.0), "sick_pay": np.full(96, 100.0), "spending_p99": np.full(96, 2500.0)},
    trend={"spending": 1.02},
    by_area={"spending_factor": np.array([0.9, 1, 1, 1, 1, 1.1])},
    numbers={"spending": 2900.0, "sick_pay": 90.0, "spending_apl_0": 0.95},
)
YEAR = AccountsOfYear.of_tables(
    2022,
    {"team": {"registered_list": [1000, 0], CLASS: [1000, 0], "spend_all": [2_800_000, 0], "practice_apl": [2.0, 5.0],
              "spend_sick_pay": [50_000, 0], "spend_all_p99": [2_500_000, 0], "practice_area_type": [5, 0]}},
    {"registered_list": [9000, 8000], CLASS: [9000, 8000], "spend_all": [9000 * 3100, 8000 * 3000]},
)  # fmt: skip


def test_spending_a_patient() -> None:
    assert spending(YEAR, History(), RULE) == pytest.approx([2750, 0])
    assert spending(YEAR, History(), replace(RULE, sick_pay_in_spend=True)) == pytest.approx([2800, 0])
    assert spending(YEAR, History(), replace(RULE, outlier="p99")) == pytest.approx([2450, 0])


def test_expected_spending_a_patient() -> None:
    scarce = 0.95
    assert expected(YEAR, NATION, 2022, RULE) == pytest.approx([2900 * scarce, 0])
    assert expected(YEAR, NATION, 2023, RULE) == pytest.approx([2960 * scarce, 0])
    assert expected(YEAR, NATION, 2022, replace(RULE, outlier="p99")) == pytest.approx([2400 * scarce, 0])
    assert expected(YEAR, NATION, 2022, RULE, "area_type") == pytest.approx([2900 * scarce * 1.1, 0])
    # The territory around spends 3,100 EUR where 2,900 x .95 are expected of it; the factor undoes that of the place.
    assert expected(YEAR, NATION, 2022, RULE, "departement") == pytest.approx([3100, 0])
    assert national_mean(NATION, 2022, RULE) == 2810


def test_a_hospital_has_the_list_of_the_territory() -> None:
    assert of_territories(YEAR).measure("registered_list") == pytest.approx([9000, 8000])
    assert spending(of_territories(YEAR), History(), RULE)[0] == pytest.approx(3100)
    assert of_territories(YEAR).measure("practice_apl") == pytest.approx([2.0, 5.0])


def test_cuts_are_percentiles_of_a_lognormal() -> None:
    """Mean 3,000 EUR and coefficient of variation 2.5, as the file says."""
    sigma = np.sqrt(np.log(1 + 2.5**2))
    middle = np.log(3000) - sigma**2 / 2
    for name, z in (("p99", 2.326), ("p95", 1.645)):
        assert cuts().of[name].entries[-1].value == pytest.approx(np.exp(middle + z * sigma), rel=0.01)


def test_the_measures_count_patients() -> None:
    world = accounting_world()
    lines = invented_lines(world, 3000, weeks=40)
    lines["marks"][::3] |= events.SUBSTITUTED
    lines["insurer_cents"] = lines["cents"] // 2
    accounts = Accounts(world)
    accounts.add(lines, world)
    accounts.close_year(world, 1)
    living = world.patients[(world.patients["flags"] & people.ALIVE) > 0]
    now, then = living["spend"].sum(axis=1, dtype=float), living["spend_prev"].sum(axis=1, dtype=float)

    def total(name: str) -> float:
        return accounts.total(name, 1, "team")

    for cut in ("p99", "p95"):
        most = cuts().of[cut].entries[-1].value
        assert total(f"spend_all_{cut}") == pytest.approx(np.minimum(now, most).sum())
        assert total(f"previous_spend_{cut}") == pytest.approx(np.minimum(then, most).sum())
    assert total("previous_spend") == pytest.approx(then.sum())
    assert 0 < total("previous_sick_pay") < living["spend_prev"][:, people.SPEND_OTHER].sum()
    shadow = (lines["marks"] & events.SUBSTITUTED > 0) & (lines["scope"] == events.IN_LIST)
    assert total("own_shadow_value") == pytest.approx(lines["insurer_cents"][shadow].sum() / 100)


def test_the_same_patients_before() -> None:
    year = AccountsOfYear.of_tables(2022, {"team": {"registered_list": [100.0], "previous_spend": [250_000.0],
                                                    "previous_sick_pay": [10_000.0]}})  # fmt: skip
    assert same_patients_before(year, RULE) == pytest.approx([2400])
    assert same_patients_before(year, replace(RULE, sick_pay_in_spend=True)) == pytest.approx([2500])

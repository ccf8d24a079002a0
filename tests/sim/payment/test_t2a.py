"""Hospital activity payment; worked examples are in examples/t2a.toml."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.t2a import T2a
from sim.tariffs import Tariffs
from tests.sim.payment.some_people import each, people, settled

COUNTS = {"hospital_ed_visits": st.integers(0, 50_000), "costly": st.integers(0, 900), "others": st.integers(0, 9000)}


def year(number: int, table: dict[str, list[float]]) -> AccountsOfYear:
    stays = [a + b for a, b in zip(table["costly"], table["others"], strict=True)]
    hospital = {"hospital_ed_visits": table["hospital_ed_visits"], "hospital_stays_costly": table["costly"]}
    return AccountsOfYear.of_tables(number, {"hospital": {**hospital, "hospital_stays": stays}})


@given(people(COUNTS), st.floats(0.3, 1))
@settings(max_examples=50)
def test_a_volume_cut_takes_from_growth_alone(table: dict[str, list[float]], price: float) -> None:
    now, less = year(2024, table), year(2023, {name: [v / 2 for v in column] for name, column in table.items()})
    whole = each(settled(T2a, now, less), "hospital", now)
    cut = each(settled(T2a, now, less, volume_cut=True, marginal_price=price), "hospital", now)
    assert (cut <= whole + 0.01).all()
    assert each(settled(T2a, less, now, volume_cut=True), "hospital", less) == pytest.approx(
        each(settled(T2a, less), "hospital", less)
    )
    emergency = settled(T2a, now).amounts("hospital", len(whole), component="emergency_visits")
    assert cut - emergency == pytest.approx((whole - emergency) * (1 + price) / 2, abs=0.02)


def test_prices_are_those_of_the_claim_lines() -> None:
    day, tariffs, terms = date(2024, 6, 1), Tariffs(), T2a().at(date(2024, 6, 1))
    assert (tariffs.value("ED", day), terms.ed_mean_cost) == (161.5, 161.5)
    assert tariffs.value("STAY", day) == terms.stay
    assert tariffs.value("STAY_HEART_FAILURE_OR_COPD", day) == terms.stay_costly


def test_empty_accounts_pay_nothing() -> None:
    assert settled(T2a, AccountsOfYear.of_tables(2024, {"team": {"registered_list": [0.0]}})).total == 0

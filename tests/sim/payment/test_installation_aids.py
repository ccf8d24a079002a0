"""Aids for settling; worked examples are in examples/installation_aids.toml."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.installation_aids import InstallationAids
from sim.payment.norms import Norms
from tests.sim.payment.some_people import each, people, reordered, same_in_any_order, settled, year_of

ZONE = {"practice_under_served": 1.0}
ALL: dict[str, Any] = dict.fromkeys(("cotram", "coscom", "cstm", "ptmg", "cesp", "scheme_2005"), True)
PHYSICIANS = people({
    "physicians": st.integers(0, 1), "weekly_days": st.floats(0, 6), "fees": st.floats(0, 300_000),
    "days": st.floats(0, 250), "physicians_60": st.integers(0, 1), "successions": st.integers(0, 1),
    "fees_quarter_1_physicians": st.floats(0, 80_000),
})  # fmt: skip


@given(PHYSICIANS, st.integers(2005, 2027), st.integers(1, 9))
@settings(max_examples=50)
def test_the_order_of_physicians_changes_nothing(table: dict[str, list[float]], year: int, seed: int) -> None:
    moved, places = reordered(table, seed)
    paid = []
    for one in (table, moved):
        before = year_of(year - 1, "physician", {"physicians": [1.0] * len(one["fees"])})
        now = year_of(year, "physician", one, ZONE)
        paid.append(each(settled(InstallationAids, now, before, since=date(year - 1, 1, 1), **ALL), "physician", now))
    assert same_in_any_order(paid[0], paid[1], places)


@given(PHYSICIANS, st.integers(2016, 2026), st.integers(1, 7))
@settings(max_examples=50)
def test_who_leaves_pays_back_less_than_was_received(table: dict[str, list[float]], signed: int, years: int) -> None:
    """Money that was never lent is not asked back."""
    since, n = date(signed, 1, 1), len(table["fees"])
    stays = {"physicians": [1.0] * n, "weekly_days": table["weekly_days"]}
    known = {y: year_of(y, "physician", stays, ZONE) for y in range(signed, signed + years)}
    policy = InstallationAids(since=since)
    received, repaid = np.zeros(n), np.zeros(n)
    for year in range(signed, signed + years + 1):
        now = known.get(year) or year_of(year, "physician", {**stays, "physicians": [0.0] * n}, ZONE)
        earlier = {y: a for y, a in known.items() if y < year}
        statement = policy.settle(now, History(earlier), Norms())
        repaid -= statement.amounts("physician", n, component="caim_repaid")
        received += each(statement, "physician", now)
    assert (repaid >= 0).all()
    assert (received >= -0.01).all()
    if signed < 2026:
        due = 12_500 * np.minimum(table["weekly_days"], 4) * (np.array(table["weekly_days"]) >= 2.5)
        assert received == pytest.approx(due * min(years, 5) / 5, abs=0.03)
    else:
        assert not received.any()


def test_nothing_outside_under_served_zones() -> None:
    now = year_of(2022, "physician", {"physicians": [1.0], "weekly_days": [4.0], "fees": [1e5], "days": [200.0]})
    assert settled(InstallationAids, now, since=date(2022, 1, 1), **ALL).total == 0


def test_aids_of_a_year_are_paid_for_the_part_in_which_the_contract_holds() -> None:
    now = year_of(2022, "physician", {"physicians": [1.0]}, ZONE)
    paid = settled(InstallationAids, now, since=date(2022, 7, 1), caim=False, coscom=True).total
    assert paid == pytest.approx(5000 * 184 / 365, abs=0.01)


def test_empty_accounts_pay_nothing() -> None:
    assert settled(InstallationAids, AccountsOfYear.of_tables(2022, {}), **ALL).total == 0

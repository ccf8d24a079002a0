"""Shared savings of the United States: what holds of both kinds; worked examples are in examples/aco_*.toml."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.aco import by_size
from sim.payment.aco_one_sided import AcoOneSided
from sim.payment.aco_two_sided import AcoTwoSided
from sim.payment.checks import checked
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.terms import Change

CHEAP = settings(max_examples=50)
NATION = Norms(base_year=2022, trend={"spending": 1.02}, deciles={"registered_residents": np.linspace(0.5, 0.9, 9)})
KINDS = (AcoOneSided, AcoTwoSided)
EUROS, LISTS, SHARES = st.integers(1000, 6000), st.integers(0, 80_000), st.floats(0, 1)


def settled(
    kind: type[AcoOneSided | AcoTwoSided], spent: Any, lists: Any, rate: Any, past: Any = 3000.0, **terms: Any
) -> Numbers:
    """What teams are paid, given spending a patient, lists, quality and own past."""
    spent, lists, rate, past = (np.atleast_1d(np.asarray(x, dtype=float)) for x in (spent, lists, rate, past))
    now = {"registered_list": lists, "spend_all": spent * lists}
    years = {
        year: AccountsOfYear.of_tables(year, {"team": {"registered_list": lists, "spend_all": past * lists}})
        for year in (2019, 2020, 2021)
    }
    around = {"residents_17": np.full(len(lists), 1000.0), "residents_17_registered": 1000 * rate}
    policy = kind([Change(name, value) for name, value in terms.items()])
    statement = policy.settle(AccountsOfYear.of_tables(2022, {"team": now}, around), History(years), NATION)
    return checked(statement, policy.name, policy.may_be_negative).amounts("team", len(lists))


@given(EUROS, LISTS, SHARES)
@CHEAP
def test_without_risk_nobody_pays_back(spent: float, listed: int, rate: float) -> None:
    assert settled(AcoOneSided, spent, listed, rate) >= 0


@given(EUROS, LISTS, SHARES)
@CHEAP
def test_small_lists_gain_and_lose_nothing(spent: float, listed: int, rate: float) -> None:
    for kind in KINDS:
        assert listed >= 5000 or settled(kind, spent, listed, rate) == 0


@given(EUROS, LISTS, SHARES, SHARES, st.sampled_from(KINDS))
@CHEAP
def test_more_quality_never_pays_less(
    spent: float, listed: int, rate: float, more: float, kind: type[AcoOneSided | AcoTwoSided]
) -> None:
    better = min(1.0, rate + more)
    assert settled(kind, spent, listed, better) >= settled(kind, spent, listed, rate)


@given(EUROS, st.integers(0, 2000), LISTS, SHARES, st.sampled_from(KINDS))
@CHEAP
def test_spending_less_never_pays_less(
    spent: float, less: int, listed: int, rate: float, kind: type[AcoOneSided | AcoTwoSided]
) -> None:
    assert settled(kind, spent - less, listed, rate) >= settled(kind, spent, listed, rate)


@given(st.lists(st.tuples(EUROS, LISTS, SHARES, EUROS), min_size=1, max_size=6), st.sampled_from(KINDS))
@CHEAP
def test_teams_do_not_touch_each_other(
    groups: list[tuple[float, int, float, float]], kind: type[AcoOneSided | AcoTwoSided]
) -> None:
    together = settled(kind, *(np.array(column) for column in zip(*groups, strict=True)))
    assert np.array_equal(together, np.concatenate([settled(kind, *group) for group in groups]))


@given(EUROS, LISTS)
@CHEAP
def test_losses_stay_within_their_cap(spent: float, listed: int) -> None:
    past = 3000 * (0.1 * 1.02**3 + 0.3 * 1.02**2 + 0.6 * 1.02)
    assert settled(AcoTwoSided, spent, listed, 0.0) >= -0.10 * past * listed - 0.01


@given(EUROS, LISTS, SHARES)
@CHEAP
def test_switches_settle(spent: float, listed: int, rate: float) -> None:
    for kind in KINDS:
        for terms in ({"own_team_pay": "cash_received"}, {"missing_rule": "zero"}, {"sick_pay_in_spend": True}):
            assert np.isfinite(settled(kind, spent, listed, rate, **terms)).all()


def test_the_least_rate_is_straight_between_sizes() -> None:
    sizes, rates = [5000.0, 10_000.0, 60_000.0], [0.039, 0.030, 0.020]
    found = by_size(np.array([1000.0, 7500.0, 35_000.0, 90_000.0]), sizes, rates)
    assert found == pytest.approx([0.039, 0.0345, 0.025, 0.020])

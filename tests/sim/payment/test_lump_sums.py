"""Lump sums by class of the list, and who is paid."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.teams import CPTS, GROUP, HEALTH_CENTRE, MSP, SOLO
from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear
from sim.payment.capitation_2026 import Capitation2026
from sim.payment.history import History
from sim.payment.lump_sums import by_class, can_be_paid, case_mix
from sim.payment.norms import Norms
from sim.payment.peps import Peps
from sim.payment.primordial import Primordial
from sim.payment.terms import Change
from tests.sim.payment.some_teams import NATION

N = len(LIST_CLASSES)
SHARES = st.lists(st.floats(0.001, 1), min_size=N, max_size=N)


def peps(**terms: Any) -> Any:
    return Peps([Change(name, value) for name, value in terms.items()]).at(date(2021, 12, 31))


def nation(shares: list[float]) -> Norms:
    share = np.array(shares) / sum(shares)
    fees = np.asarray(NATION.by_class["gp_fees"])
    return Norms(base_year=2021, by_class={"gp_fees": fees, "share": share, "nurse_fees": np.full(N, 5.0)},
                 numbers={"gp_fees": float(share @ fees)}, trend={"gp_fees": 1.02})  # fmt: skip


@given(SHARES, st.floats(0.9, 1.2), st.sampled_from(["formula", "norms"]), st.integers(2021, 2030))
@settings(max_examples=50)
def test_the_nation_would_be_paid_what_its_fees_were(shares: list[float], phi: float, source: str, year: int) -> None:
    norms = nation(shares)
    spent = norms.numbers["gp_fees"] * 1.02 ** (year - 2021)
    share = norms.by_class["share"]
    assert share @ by_class(norms, year, peps(phi=phi, f_source=source)) == pytest.approx(phi * spent)
    assert share @ case_mix(norms, year, peps(f_source=source)) == pytest.approx(1)
    with_nurses = by_class(norms, year, peps(phi=phi, f_source=source), nurses=True)
    assert share @ with_nurses == pytest.approx(phi * (spent + 5))


def test_age_illness_and_cover_count_as_the_terms_say() -> None:
    amounts = dict(zip((one.name[5:] for one in LIST_CLASSES), by_class(NATION, 2021, peps()), strict=True))
    plain = amounts["30-44_men_no_ald_no_c2s"]
    assert amounts["30-44_women_no_ald_no_c2s"] == pytest.approx(plain)
    assert amounts["30-44_men_ald_no_c2s"] == pytest.approx(1.7 * plain)
    assert amounts["30-44_men_ald_c2s"] == pytest.approx(1.7 * 1.2 * plain)
    for ages, visits in (("0-5", 4.0), ("6", 2.0), ("7-15", 2.0), ("16-17", 2.2), ("18-29", 2.2), ("45-59", 3.3),
                         ("60-64", 4.5), ("65-74", 4.5), ("75-79", 7.0), ("80-84", 7.0), ("85+", 7.0)):  # fmt: skip
        assert amounts[f"{ages}_men_no_ald_no_c2s"] == pytest.approx(visits / 2.8 * plain)


def test_schemes_that_borrow_the_formula_have_its_terms() -> None:
    model = peps()
    others = [Primordial().at(date(2021, 12, 31)), Capitation2026().at(date(2026, 12, 31))]
    for other in others:
        for name in set(vars(other)) & set(vars(model)) - {"min_physicians", "min_nurses", "ref_year"}:
            assert getattr(other, name) == getattr(model, name), name


def test_a_person_or_a_territory_cannot_be_paid_for_a_team() -> None:
    kinds = [SOLO, GROUP, MSP, HEALTH_CENTRE, CPTS]
    accounts = AccountsOfYear.of_tables(2021, {"team": {"team_kind": kinds}})
    assert list(can_be_paid(accounts)) == [False, True, True, True, False]


def test_each_team_is_paid_through_who_can_receive_it() -> None:
    accounts = AccountsOfYear.of_tables(2021, {"team": {
        "team_kind": [MSP, HEALTH_CENTRE], "physicians": [5, 5], "team_nurses": [2, 2],
        LIST_CLASSES[0].name: [500, 300],
    }})  # fmt: skip
    statement = Peps([Change("f_source", "norms")]).settle(accounts, History(), NATION)
    amounts = {to: list(statement.amounts("team", 2, payee_kind=to)) for to in ("team_account", "employer")}
    assert amounts == {"team_account": [20_000, 0], "employer": [0, 12_000]}

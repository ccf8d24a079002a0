"""Contracts of health homes, properties; their worked examples are in examples/aci_msp.toml and rule_arbitral.toml."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.teams import KINDS, MSP
from sim.measures import MEASURES
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.aci_msp import AciMsp
from sim.payment.checks import checked
from sim.payment.enmr import Enmr
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Policy
from sim.payment.rule_arbitral import RuleArbitral
from sim.payment.statement import Statement
from sim.payment.terms import Change

FACTS: dict[str, st.SearchStrategy[float]] = {
    "team_kind": st.sampled_from(range(len(KINDS))).map(float),
    "registered_list": st.integers(0, 15_000).map(float),
    "children_seen": st.integers(0, 300).map(float),
    "list_c2s": st.integers(0, 3_000).map(float),
    "ame_seen": st.integers(0, 200).map(float),
    "list_75": st.integers(0, 2_000).map(float),
    "list_ald_under_75": st.integers(0, 2_000).map(float),
    "list_over_75": st.integers(0, 2_000).map(float),
    "list_ald_up_to_75": st.integers(0, 2_000).map(float),
    "physicians": st.integers(0, 12).map(float),
    "n_prof": st.integers(12, 40).map(float),
    "protocols": st.integers(0, 12).map(float),
    "meetings": st.integers(0, 50).map(float),
    "files_reviewed": st.integers(0, 300).map(float),
    "opening_ok": st.integers(0, 1).map(float),
    "it_ok": st.integers(0, 1).map(float),
    "coordinator": st.sampled_from([0.0, 0.3, 1.0]),
    "interns": st.integers(0, 3).map(float),
    "patients_educated": st.integers(0, 500).map(float),
}
CONTRACTS: list[type[Policy[Any]]] = [AciMsp, RuleArbitral, Enmr]
MORE_IS_NEVER_LESS = ("registered_list", "protocols", "files_reviewed", "meetings", "n_prof", "patients_educated")
PERFECT: dict[str, list[float]] = {
    "team_kind": [float(MSP)], "registered_list": [4000.0], "physicians": [5.0], "n_prof": [13.0], "protocols": [8.0],
    "meetings": [12.0], "list_75": [600.0], "files_reviewed": [60.0], "opening_ok": [1.0], "it_ok": [1.0],
    "coordinator": [1.0],
}  # fmt: skip


@st.composite
def teams(draw: st.DrawFn) -> dict[str, list[float]]:
    """Columns of 1 to 3 teams."""
    n = draw(st.integers(1, 3))
    rows = draw(st.lists(st.tuples(*FACTS.values()), min_size=n, max_size=n))
    return {name: [row[i] for row in rows] for i, name in enumerate(FACTS)}


def settled(kind: type[Policy[Any]], columns: dict[str, list[float]], year: int = 2022, **terms: Any) -> Statement:
    policy = kind([Change(name, value) for name, value in terms.items()])
    accounts = AccountsOfYear.of_tables(year, {"team": columns})
    return checked(policy.settle(accounts, History(), Norms()), policy.name, policy.may_be_negative)


def amounts(statement: Statement, columns: dict[str, list[float]]) -> Any:
    return statement.amounts("team", len(columns["team_kind"]))


@settings(max_examples=50)
@given(teams(), st.data())
def test_a_team_is_paid_the_same_in_any_company(given: Any, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(given["team_kind"]))))
    shuffled = {name: [column[i] for i in order] for name, column in given.items()}
    for kind in CONTRACTS:
        alone = amounts(settled(kind, given), given)
        assert amounts(settled(kind, shuffled), shuffled).tolist() == alone[order].tolist()


@settings(max_examples=50)
@given(teams(), st.sampled_from(MORE_IS_NEVER_LESS), st.integers(1, 500))
def test_more_never_pays_less(given: Any, fact: str, more: int) -> None:
    without = {**given, "list_c2s": [0.0] * len(given["team_kind"]), "ame_seen": [0.0] * len(given["team_kind"])}
    grown = {**without, fact: [value + more for value in without[fact]]}
    for kind in CONTRACTS:
        assert (amounts(settled(kind, grown), grown) >= amounts(settled(kind, without), without) - 0.01).all()


@settings(max_examples=50)
@given(teams())
def test_who_does_not_meet_the_core_gives_the_advance_back(given: Any) -> None:
    unmet = (np.array(given["opening_ok"]) == 0) | (np.array(given["it_ok"]) == 0)
    few = np.array(given["physicians"]) < 2
    for kind in (AciMsp, RuleArbitral):
        statement = settled(kind, given)
        advance = statement.amounts("team", len(few), component="advance")
        whole = amounts(statement, given)
        assert (whole >= 0).all()
        assert (advance >= 0).all()
        assert not whole[unmet].any()
        assert not advance[few].any()


@pytest.mark.parametrize("kind", CONTRACTS)
def test_what_nobody_counted_pays_nothing(kind: type[Policy[Any]]) -> None:
    assert settled(kind, {"registered_list": [0.0]}).total == 0


@pytest.mark.parametrize("kind", CONTRACTS)
def test_measures_are_declared_and_every_payment_can_be_told(kind: type[Policy[Any]]) -> None:
    assert all(one.name in MEASURES for one in kind.measures)
    for line in settled(kind, PERFECT).lines():
        assert line.terms
        assert line.payee_kind == "team_account"


def test_variable_points_are_linear_up_to_the_reference_list_and_flatter_beyond() -> None:
    def of_list(patients: float) -> float:
        return settled(AciMsp, {**PERFECT, "registered_list": [patients]}, year=2018).total

    assert of_list(3000) - of_list(2000) == pytest.approx(of_list(4000) - of_list(3000), abs=0.02)
    assert of_list(6000) - of_list(5000) == pytest.approx(7 * (1100 + 1000) / 4, abs=0.02)


def test_the_advance_is_paid_in_spring_and_the_balance_a_year_later() -> None:
    cash = {line.component: (line.cash_year, line.cash_quarter) for line in settled(AciMsp, PERFECT).lines()}
    assert cash == {"advance": (2022, 2), "balance": (2023, 2)}


def test_a_centre_is_paid_as_employer_beside_a_health_home() -> None:
    both = {name: column * 2 for name, column in PERFECT.items()} | {"team_kind": [2.0, 3.0]}
    statement = settled(AciMsp, both)
    home, centre = (statement.amounts("team", 2, payee_kind=kind) for kind in ("team_account", "employer"))
    assert home[0] == centre[1] > 0
    assert home[1] == centre[0] == 0

"""Ipep: what holds of it whatever the accounts; its worked examples are in examples/ipep.toml."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear, Numbers
from sim.payment.checks import checked
from sim.payment.history import History
from sim.payment.ipep import Ipep, phase_of
from sim.payment.norms import Norms
from sim.payment.statement import Statement
from sim.payment.terms import Change
from tests.sim.payment.worked_examples import examples

CHEAP = settings(max_examples=50)
YOUNG, OLD = LIST_CLASSES[0].name, LIST_CLASSES[-1].name
NATION = Norms(
    base_year=2022,
    by_class={"spending": np.linspace(500, 9000, len(LIST_CLASSES)), "sick_pay": np.full(len(LIST_CLASSES), 100.0),
              "spending_p99": np.linspace(450, 7000, len(LIST_CLASSES))},
    trend={"spending": 1.02, "sick_pay": 1.02},
    by_area={"spending_factor": np.array([0.97, 1.0, 1.02, 0.99, 1.05, 1.0])},
    deciles={"registered_residents": np.linspace(0.5, 0.9, 9), "readmissions": np.linspace(0.02, 0.2, 9)},
    numbers={"spending_apl_0": 0.97, "spending_apl_1": 1.0, "spending_apl_2": 1.02, "spending": 2900.0,
             "sick_pay": 100.0, "registered_residents": 0.75, "readmissions": 0.1},
)  # fmt: skip
PHASES = ("seed", "1", "2", "3a", "3b", "covid")
type Groups = dict[str, dict[str, list[float]]]


@st.composite
def groups(draw: st.DrawFn, most: int = 5) -> Groups:
    """Accounts of this year, of last year, and of the territories around, of 1 to ``most`` groups."""
    n = draw(st.integers(1, most))

    def column(low: float, high: float) -> list[float]:
        return [float(x) for x in draw(st.lists(st.integers(int(low), int(high)), min_size=n, max_size=n))]

    def year() -> dict[str, list[float]]:
        young, old = column(0, 9000), column(0, 3000)
        each = column(1000, 8000)
        listed = [a + b for a, b in zip(young, old, strict=True)]
        return {
            YOUNG: young, OLD: old, "registered_list": listed,
            "spend_all": [a * b for a, b in zip(each, listed, strict=True)],
            "spend_sick_pay": [100 * a for a in listed], "discharges": column(0, 500), "readmissions": column(0, 50),
        }  # fmt: skip

    now = year() | {"practice_area_type": column(0, 5), "practice_apl": column(1, 6), "n_prof": column(1, 20),
                    "physicians": column(1, 8), "maturity_years": column(0, 15), "it_ok": column(0, 1),
                    "list_trust": column(0, 5000)}  # fmt: skip
    around = {"residents_17": [10_000.0] * n, "residents_17_registered": column(0, 10_000)}
    return {"now": now, "before": year(), "around": around, "paid": {"ipep": column(0, 300_000)}}


def settled(given: Mapping[str, Any], year: int = 2022, **terms: Any) -> Statement:
    policy = Ipep([Change(name, value) for name, value in terms.items()])
    accounts = AccountsOfYear.of_tables(year, {"team": given["now"]}, given["around"])
    before = AccountsOfYear.of_tables(year - 1, {"team": given["before"]}, given["around"])
    statement = policy.settle(accounts, History({year - 1: before}), NATION)
    return checked(statement, policy.name, policy.may_be_negative)


def paid(statement: Statement, given: Groups, component: str = "") -> Numbers:
    return statement.amounts("team", len(given["now"][YOUNG]), component=component)


def changed(given: Groups, part: str, name: str, factor: float) -> Groups:
    return {**given, part: {**given[part], name: [value * factor for value in given[part][name]]}}


def test_the_examples_of_the_specification_are_there() -> None:
    ids = {example.id.split("-")[1] for example in examples() if example.id.startswith("IPEP-")}
    assert {str(number) for number in range(1, 15)} <= ids


@given(groups(), st.sampled_from(PHASES), st.sampled_from([2019, 2021, 2023]))
@CHEAP
def test_nobody_pays_back_and_small_groups_get_nothing(given: Groups, phase: str, year: int) -> None:
    amounts = paid(settled(given, year, phase=phase), given)
    assert (amounts >= 0).all()
    assert (amounts[np.array(given["now"]["registered_list"]) < 5000] == 0).all()


@given(groups(), st.sampled_from(PHASES), st.permutations(range(5)))
@CHEAP
def test_the_order_of_groups_changes_nothing(given: Groups, phase: str, order: list[int]) -> None:
    n = len(given["now"][YOUNG])
    places = [place for place in order if place < n]
    turned = {part: {name: [column[i] for i in places] for name, column in columns.items()}
              for part, columns in given.items()}  # fmt: skip
    assert np.array_equal(paid(settled(turned, phase=phase), turned), paid(settled(given, phase=phase), given)[places])


@given(groups(), st.sampled_from(["2", "3a", "3b"]), st.sampled_from(["either", "max", "sum"]), st.floats(1, 2))
@CHEAP
def test_more_quality_never_pays_less(given: Groups, phase: str, combine: str, factor: float) -> None:
    better = changed(given, "around", "residents_17_registered", factor)
    terms: dict[str, Any] = {"phase": phase, "points_combine": combine}
    assert (paid(settled(better, **terms), given) >= paid(settled(given, **terms), given)).all()


@given(groups(), st.sampled_from(["per_gap", "on_sum"]), st.floats(0.5, 1))
@CHEAP
def test_spending_less_never_pays_less(given: Groups, mode: str, factor: float) -> None:
    terms: dict[str, Any] = {"phase": "1", "floor_mode": mode}
    cheaper = changed(given, "now", "spend_all", factor)
    assert (paid(settled(cheaper, **terms), given) >= paid(settled(given, **terms), given)).all()


@given(groups(), st.integers(2, 4))
@CHEAP
def test_efficiency_is_linear_in_the_size_of_the_list(given: Groups, times: int) -> None:
    stocks = (YOUNG, OLD, "registered_list", "spend_all", "spend_sick_pay")
    larger = given
    for part in ("now", "before"):
        for name in stocks:
            larger = changed(larger, part, name, times)
    terms: dict[str, Any] = {"phase": "1", "least_list": 0.0}
    one = paid(settled(given, **terms), given, "efficiency")
    assert paid(settled(larger, **terms), given, "efficiency") == pytest.approx(times * one, abs=0.01 * times)


@given(groups())
@CHEAP
def test_parts_of_the_pot_never_exceed_it(given: Groups) -> None:
    terms: dict[str, Any] = {"phase": "2", "guarantee": "sum", "share_of_saving": 0.0, "questionnaire_mode": "off"}
    parts = paid(settled(given, **terms), given, "bonus")
    n = np.array(given["now"]["registered_list"])
    spent = np.array(given["now"]["spend_all"]) - np.array(given["now"]["spend_sick_pay"])
    assert parts.sum() <= 0.002 * spent[n >= 5000].sum() + 0.01 * len(n)


@given(groups())
@CHEAP
def test_a_guarantee_pays_at_least_the_credit(given: Groups) -> None:
    statement = settled(given, phase="2")
    assert (paid(statement, given) >= paid(settled(given, phase="seed"), given)).all()


@given(groups(), st.sampled_from([{"outlier": "p99"}, {"cohort": "same_patients"}, {"sick_pay_in_spend": True},
                                  {"trend_ref": "untrended"}, {"level_ref": "national_mean"},
                                  {"own_group_in_national": "included"}, {"missing_rule": "half"},
                                  {"own_team_pay": "cash_received"}, {"target_def": "mean_2019"},
                                  {"territory_adj": "none"}, {"territory_adj": "departement"},
                                  {"attribution": "hospital"}]))  # fmt: skip
@CHEAP
def test_every_switch_settles(given: Groups, terms: dict[str, Any]) -> None:
    statement = settled(given, 2023, **terms)
    assert sum(line.amount for line in statement.lines()) == pytest.approx(statement.total)
    assert (paid(statement, given) >= 0).all()


def test_unselected_switches_are_not_explained() -> None:
    one = next(example for example in examples() if example.id == "IPEP-1")
    policy = Ipep(one.changes())
    line = next(policy.settle(one.accounts(), one.history(), one.norms()).lines())
    assert {"expected", "spending", "level_gap", "trend_gap", "saving", "efficiency"} <= set(line.terms)
    assert not {"floor_mode", "trend_ref", "national_mean", "discretion", "score_cap"} & set(line.terms)
    assert (line.accrual_year, line.cash_year, line.cash_quarter) == (2019, 2020, 4)


@pytest.mark.parametrize(
    ("wave", "phases"),
    [("1", ["1", "covid", "2", "3b", "3b"]), ("2", ["none", "seed", "1", "2", "3b"])],
)
def test_the_replay(wave: str, phases: list[str]) -> None:
    policy = Ipep([Change("wave", wave)])
    found = [phase_of(policy.at(AccountsOfYear.of_tables(year, {}).last_day), year) for year in range(2019, 2024)]
    assert found == phases


def test_the_credit_is_paid_in_the_year_itself() -> None:
    one = next(example for example in examples() if example.id == "IPEP-replay-2019")
    policy = Ipep(one.changes())
    lines = list(policy.settle(one.accounts(), one.history(), one.norms()).lines())
    assert {(line.component, line.cash_year, line.cash_quarter) for line in lines} == {
        ("seed", 2019, 2),
        ("efficiency", 2020, 4),
    }


def test_an_association_is_paid_as_one() -> None:
    one = next(example for example in examples() if example.id == "IPEP-association")
    statement = Ipep(one.changes()).settle(one.accounts(), one.history(), one.norms())
    assert statement.amounts("team", 1, payee_kind="association") == pytest.approx([202_000])
    assert statement.amounts("team", 1, payee_kind="team_account") == pytest.approx([0])


def test_without_groups_nothing_is_paid() -> None:
    assert Ipep().settle(AccountsOfYear.of_tables(2022, {"team": {}}), History(), NATION).total == 0

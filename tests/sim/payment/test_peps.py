"""Peps: what holds of it whatever the accounts; its worked examples are in examples/peps.toml."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.teams import KINDS
from sim.payment import peps_quality
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.checks import checked
from sim.payment.contract import contract_of
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.peps import DESIGNS, Peps
from sim.payment.statement import Statement
from sim.payment.terms import Change
from tests.sim.payment.some_teams import NATION, OLD, YOUNG, accounts_of, changed, chosen, history_of, teams
from tests.sim.payment.worked_examples import all_marks, examples

CHEAP = settings(max_examples=30)
OPEN = {"min_list": 0}
SHARES = st.floats(0, 1)


def settled(given: Mapping[str, Any], score: Any = 60.0, year: int = 2021, **terms: Any) -> Statement:
    """The statement of a year, with quality given."""
    policy = Peps([Change(name, value) for name, value in (OPEN | terms).items()])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peps_quality, "peps_fractions", all_marks(score))
        accounts, history = accounts_of(given["now"], year), history_of(given, year)
        return checked(policy.settle(accounts, history, NATION), policy.name, policy.may_be_negative)


def paid(statement: Statement, n: int, component: str = "") -> Numbers:
    return statement.amounts("team", n, component=component)


def size(given: Mapping[str, Any]) -> int:
    return len(given["now"][YOUNG])


def test_the_examples_of_the_specification_are_there() -> None:
    ids = {example.id.split("-")[1] for example in examples() if example.id.startswith("PEPS-")}
    assert {str(number) for number in range(1, 15)} <= ids


@given(teams(), st.floats(0, 100))
@CHEAP
def test_nobody_pays_back_but_for_the_list(given: Mapping[str, Any], score: float) -> None:
    n, statement = size(given), settled(given, score)
    assert (paid(statement, n, "lump_sum") >= 0).all()
    # What is paid in all is what the list of 31 December gives.
    assert (paid(statement, n) >= -0.01).all()


@given(teams(), st.floats(0, 100))
@CHEAP
def test_with_a_reference_year_it_is_between_floor_and_cap(given: Mapping[str, Any], score: float) -> None:
    n, reference = size(given), given["reference"]
    total = paid(settled(given, score), n)
    listed = np.add(given["now"][YOUNG], given["now"][OLD])
    ref_list = np.add(reference[YOUNG], reference[OLD])
    income = np.divide(reference["fees_G_in_list"] * listed, ref_list, out=np.zeros(n), where=ref_list > 0)
    held = income > 0
    assert (total[held] >= income[held] - 0.02).all()
    assert (total[held] <= 1.15 * income[held] + 0.02).all()


@given(teams(), st.floats(0, 100), st.floats(0, 20), st.sampled_from(["linear", "step"]))
@CHEAP
def test_more_quality_never_pays_less(given: Mapping[str, Any], score: float, more: float, how: str) -> None:
    n = size(given)
    assert (paid(settled(given, score + more, quality_map=how), n)
            >= paid(settled(given, score, quality_map=how), n) - 0.02).all()  # fmt: skip


@given(teams(), st.integers(1, 100_000))
@CHEAP
def test_more_leaks_never_pay_more(given: Mapping[str, Any], more: int) -> None:
    n = size(given)
    assert (paid(settled(changed(given, "leaked_value", more)), n) <= paid(settled(given), n) + 0.02).all()


@given(teams(), st.randoms(use_true_random=False))
@CHEAP
def test_the_order_of_teams_changes_nothing_and_each_is_paid_as_if_alone(given: Mapping[str, Any], chance: Any) -> None:
    n = size(given)
    order = list(range(n))
    chance.shuffle(order)
    together = paid(settled(given), n)
    assert np.array_equal(paid(settled(chosen(given, order)), n), together[order])
    alone = [paid(settled(chosen(given, [i])), 1)[0] for i in range(n)]
    assert np.array_equal(alone, together)


@given(teams(), st.integers(2, 9))
@CHEAP
def test_without_past_leaks_and_collar_it_is_linear_in_the_list(given: Mapping[str, Any], times: int) -> None:
    n = size(given)
    plain = dict(given) | {"now": given["now"] | {"leaked_value": [0.0] * n, "ame_seen": [0.0] * n}}
    lists = {when: {name: [times * v for v in column] if name in (YOUNG, OLD) else column
                    for name, column in columns.items()} for when, columns in plain.items()}  # fmt: skip
    free: dict[str, Any] = {"floor": -1.0, "cap": np.inf, "sanction": "none"}
    once, more = paid(settled(plain, **free), n), paid(settled(lists, **free), n)
    assert more == pytest.approx(times * once, abs=0.02 * times)


def test_empty_accounts_pay_nothing_but_the_seed_credit() -> None:
    nobody = AccountsOfYear.of_tables(2021, {"team": {}})
    assert Peps().settle(nobody, History(), NATION).total == 0
    idle = {"now": {"team_kind": [2.0], "physicians": [5.0], "team_nurses": [2.0]}, "before": {"physicians": [5.0]},
            "reference": {"physicians": [5.0]}}  # fmt: skip
    assert settled(idle).total == 0
    assert settled(idle, year=2020).total == 10_500


SWITCHES = [(name, choice) for name, term in Peps().terms.of.items() for choice in term.choices]


@pytest.mark.parametrize(("name", "choice"), SWITCHES)
def test_every_choice_of_every_switch_settles(name: str, choice: str) -> None:
    given = {"now": {"team_kind": [2.0], "physicians": [5.0], "team_nurses": [2.0], YOUNG: [3000.0], OLD: [100.0],
                     "shadow_acts_G_in_list": [9000.0], "leaked_value": [9000.0], "practice_poverty": [0.2]},
             "before": {YOUNG: [3000.0], OLD: [50.0]},
             "reference": {YOUNG: [2500.0], "acts_G_in_list": [9500.0], "fees_G_in_list": [240_000.0]}}  # fmt: skip
    chosen: dict[str, Any] = {name: choice}
    statement = settled(given, **chosen)
    assert np.isfinite(statement.total)
    # A switch that is off leaves nothing on the sheet.
    for component in statement.components:
        steps = {entry.name for entry in component.sheet.behind(component.step)}
        assert ("uplift" in steps) <= (choice != "none" or name != "poverty_mode")
        assert ("area_fees" in steps) == (choice == "neutralise")
        assert not steps & {"salaried_nurses_fte", "list_last_year"}


def test_lump_sums_replace_visits_but_not_technical_acts_or_those_out_of_hours() -> None:
    before, after = date(2020, 12, 31), date(2021, 1, 1)
    assert Peps().replaces(before) == ()
    (visits,) = Peps().replaces(after)
    assert set(visits.codes) == {"G", "G_CHILD", "HOME", "VL", "IMT", "LONG", "TLC", "SNP"}
    assert visits.scopes == ("in_list", "ame")
    (elderly,) = Peps([Change("perimeter", "elderly")]).replaces(after)
    assert (elderly.scopes, elderly.perimeter) == (("in_list",), "elderly")
    nurses = Peps([Change("design", "peps_2019")]).replaces(after)[1]
    assert (nurses.codes, nurses.scopes) == (("AMI", "BSA", "BSB", "BSC"), ("in_list",))


def test_a_design_holds_whatever_the_year_unless_the_scenario_says_otherwise() -> None:
    day = date(2030, 12, 31)
    caps = {design: Peps([Change("design", design)]).at(day).cap for design in DESIGNS}
    assert caps == {"peps_2019": 0.15, "peps_2021": 0.15, "peps_2022": 0.20, "peps_2024": 0.20}
    assert Peps([Change("design", "peps_2019")]).at(day).scope == "gp_nurse"
    assert Peps([Change("design", "peps_2024")]).at(day).min_physicians == 2
    assert Peps([Change("design", "peps_2019"), Change("cap", 0.3)]).at(day).cap == 0.3
    assert Peps([Change("design", "peps_2019")]).at(date(2020, 12, 31)).phase == "shadow"


@given(SHARES)
@CHEAP
def test_the_questionnaire_of_2019_adds_points(trust: float) -> None:
    given = {"now": {"team_kind": [2.0], "physicians": [5.0], "team_nurses": [2.0], YOUNG: [1000.0],
                     "list_trust": [1000.0 * trust]},
             "before": {YOUNG: [1000.0]}, "reference": {YOUNG: [0.0]}}  # fmt: skip
    amount = settled(given, 50.0, design="peps_2019", f_source="norms").total
    each = NATION.by_class["gp_fees"][0] + 5
    assert amount == pytest.approx(1000 * each * (1 + 0.1 * 20 * trust / 50), abs=0.02)


def settled_with_fees(physicians: float) -> dict[str, float]:
    """Both statements of a contract of fees and Peps, by policy."""
    accounts = AccountsOfYear.of_tables(2021, {
        "team": {"team_kind": [2], "physicians": [physicians], "team_nurses": [3], YOUNG: [1000],
                 "registered_list": [1000], "shadow_acts_G_in_list": [3000]},
        "physician": {"shadow_acts_G_in_list": [3000], "shadow_fees_G_in_list": [75_000], "acts_TECH_in_list": [10],
                      "fees_TECH_in_list": [400]},
    })  # fmt: skip
    contract = contract_of(["fee_for_service", "peps"], {"peps": {"f_source": "norms"}}, date(2021, 1, 1))
    norms = Norms(base_year=2021, by_class={"gp_fees": np.full(len(NATION.by_class["gp_fees"]), 80.0)})
    return {one.system: one.total for one in contract.settle(accounts, History(), norms)}


def test_no_act_is_paid_twice_and_acts_of_a_team_that_cannot_enter_go_back_to_fees() -> None:
    assert settled_with_fees(physicians=3) == {"fee_for_service": 400, "peps": 80_000}
    assert settled_with_fees(physicians=2) == {"fee_for_service": 75_400, "peps": 0}


def test_a_physician_alone_is_paid_where_the_terms_say_so_and_a_territory_never() -> None:
    alone, territory = KINDS.index("solo"), KINDS.index("cpts")
    two = [1000.0, 1000.0]
    given = {"now": {"team_kind": [alone, territory], "physicians": [1.0, 1.0], "team_nurses": [0.0, 0.0], YOUNG: two},
             "before": {YOUNG: two}, "reference": {YOUNG: [0.0, 0.0]}}  # fmt: skip
    nobody = {"min_physicians": 0, "min_nurses": 0, "min_professionals": 0}
    assert settled(given, **nobody).total == 0
    opened = paid(settled(given, **nobody, solo_practices=True), 2)
    assert opened[0] > 0
    assert opened[1] == 0


def test_the_reference_does_not_move_as_years_go_by() -> None:
    team = {"team_kind": [2.0], "physicians": [5.0], "team_nurses": [2.0], YOUNG: [1000.0]}
    past = {year: accounts_of({YOUNG: [1000.0], "acts_G_in_list": [1.0], "fees_G_in_list": [year * 1.0]}, year)
            for year in (2024, 2025, 2026)}  # fmt: skip
    always = Peps([Change("min_list", 0)]).settle(accounts_of(team, 2027), History(past), NATION)
    entered = Peps([Change("min_list", 0)], since=date(2026, 1, 1)).settle(
        accounts_of(team, 2027), History(past), NATION
    )
    sheets = [{entry.name: entry for entry in one.components[0].sheet} for one in (always, entered)]
    assert [sheet["ref_income"].source for sheet in sheets] == ["accounts: 2024", "accounts: 2025"]
    assert [sheet["ref_income"].value[0] for sheet in sheets] == [2024, 2025]

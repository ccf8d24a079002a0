"""Contracts that change during a run: what was paid stays paid, and a saved world or an arm goes on from there."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agents.mistakes import Mistake
from results.run import Run, open_run
from scenarios.norms.invented import invented_norms
from sim import events as ev
from sim.model import CareModel
from sim.payment.terms import Change
from sim.recorder import Recorder
from sim.signing import Decided, Signatures, Signed, with_rule, without_rules
from sim.specification import ScenarioSpec
from sim.treasury import Treasury
from tests.paid_run import LILAS, STACK, paid_model, paid_town
from tests.results.test_explain import test_every_payment_follows_from_its_written_formulas_to_the_cent as explained

JOINED, LEFT, YEARS = 2, 4, 5
RULE = "peps"
FEES = [name for name in STACK if name != RULE]


def without_the_rule() -> ScenarioSpec:
    spec = paid_town()
    return replace(spec, teams={**spec.teams, "lilas": replace(LILAS, contract=FEES)})


def treasury(model: CareModel) -> Treasury:
    assert model.treasury
    return model.treasury


class Moved(NamedTuple):
    """Five years of a team that joins a scheme and leaves it; copies made of it after it has left."""

    run: Run
    model: CareModel
    read: CareModel
    fork: CareModel
    row: int


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Moved:
    folder = tmp_path_factory.mktemp("moved")
    spec = without_the_rule()
    model = paid_model(spec)
    row, money = model.world.names.index("lilas"), treasury(model)
    with Recorder(model.world, spec, folder / "run", events=True) as recorder:
        model.recorder = recorder
        for year in range(1, YEARS + 1):
            if year == JOINED:
                money.change_contract(model.world, row, *money.with_policy(row, RULE, year))
            if year == LEFT:
                money.change_contract(model.world, row, *money.without_policy(row, RULE))
                model.save(folder / "model.npz")
                read = CareModel.load(folder / "model.npz", spec, invented_norms())
                fork = model.fork()
            model.run_year()
        run = open_run(recorder.finish())
    for other in (read, fork):
        other.run_year()
    return Moved(run, model, read, fork, row)


def by_payee(ledger: pd.DataFrame) -> dict[Any, int]:
    """Cents by year, rule, part, payee and quarter of payment; what was 0 left out."""
    keys = ["accrual_year", "system", "component", "payee_kind", "level", "payee", "cash_year", "cash_quarter"]
    sums = ledger.groupby(keys)["cents"].sum()
    found: dict[Any, int] = sums[sums != 0].to_dict()
    return found


def paid_in(model: CareModel, year: int) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for _, statement in treasury(model).settled[year]:
        for part in statement.components:
            found.setdefault((statement.system, part.name), []).append(int(part.cents.sum()))
    return {key: sorted(cents for cents in of if cents) for key, of in found.items()}


# Five years.


def test_a_scheme_pays_in_the_years_in_which_the_team_is_in_it(moved: Moved) -> None:
    payments = moved.run.payments
    of_rule = payments[payments["system"] == RULE]
    assert sorted(of_rule["year"].unique()) == list(range(JOINED, LEFT))
    assert set(of_rule["team"]) == {moved.row}
    assert (of_rule.groupby("year")["cents"].sum() > 0).all()


def test_acts_are_replaced_while_the_team_is_in_the_scheme(moved: Moved) -> None:
    lines = moved.run.events
    marked = lines[(lines["marks"].to_numpy() & ev.SUBSTITUTED) != 0]
    assert sorted(marked["year"].unique()) == list(range(JOINED, LEFT))
    assert set(marked["provider_team"]) == {moved.row}


def test_statements_of_all_years_are_there_once(moved: Moved) -> None:
    settled = treasury(moved.model).settled
    assert sorted(settled) == list(range(1, YEARS + 1))
    recorded = moved.run.payments.groupby(["year", "contract", "system"])["cents"].sum()
    stated = {
        (year, number, statement.system): sum(int(part.cents.sum()) for part in statement.components)
        for year, of_year in settled.items()
        for number, statement in of_year
    }
    assert recorded.to_dict() == stated
    total = sum(cents for cents in stated.values())
    assert int(treasury(moved.model).ledger()["cents"].sum()) == total


def test_recorded_teams_are_those_of_the_payees_in_every_year(moved: Moved) -> None:
    payments = moved.run.payments
    rows = payments[payments["level"] == "physician"]
    assert (rows["team"] == moved.model.world.physicians["team"][rows["payee"]]).all()
    for year in (1, JOINED, YEARS):
        recorded = moved.run.shares.query("year == @year and level == 'physician'").groupby("payee")["cents"].sum()
        income = treasury(moved.model).income_of("physician", len(moved.model.world.physicians), year)
        np.testing.assert_allclose(income[recorded.index], recorded / 100)


def test_the_run_is_explained_to_the_cent(moved: Moved) -> None:
    explained(moved.run)


def test_a_saved_model_and_a_fork_go_on_under_what_was_signed(moved: Moved) -> None:
    for other in (moved.read, moved.fork):
        assert treasury(other).signatures.today == treasury(moved.model).signatures.today
        ledger = treasury(moved.model).ledger()
        until = ledger[ledger["accrual_year"] < treasury(moved.model).calendar(YEARS)]
        assert by_payee(treasury(other).ledger()) == by_payee(until)
        assert paid_in(other, LEFT) == paid_in(moved.model, LEFT)
    assert moved.read.world.teams["fund"].tolist() == moved.fork.world.teams["fund"].tolist()
    assert moved.read.world.patients.tobytes() == moved.fork.world.patients.tobytes()


# Regrouping.


@pytest.fixture(scope="module")
def one_year() -> CareModel:
    model = paid_model()
    model.run_year()
    return model


def test_a_contract_changed_to_itself_changes_nothing(one_year: CareModel) -> None:
    model = one_year.fork()
    money = treasury(model)
    groups, version = list(money.groups), money.version
    for row in range(len(model.world.teams)):
        money.change_contract(model.world, row, money.contract_names(row), money.terms(row))
    assert money.version == version
    assert all(one is other for one, other in zip(groups, money.groups, strict=True))
    assert money.signatures.to_bytes().tobytes() == treasury(one_year).signatures.to_bytes().tobytes()


def test_there_and_back_again(one_year: CareModel) -> None:
    model = one_year.fork()
    money = treasury(model)
    row = model.world.names.index("lilas")
    names, terms = money.contract_names(row), money.terms(row)
    money.change_contract(model.world, row, *money.without_policy(row, RULE, "ipep"))
    assert not money.holders(RULE).size
    money.change_contract(model.world, row, names, terms)
    for one, other in zip(money.groups, treasury(one_year).groups, strict=True):
        assert one.teams.tolist() == other.teams.tolist()
        assert [p.name for p in one.contract.policies] == [p.name for p in other.contract.policies]
    assert by_payee(money.ledger()) == by_payee(treasury(one_year).ledger())
    again = one_year.fork()
    for each in (model, again):
        each.run_year()
    assert sum(map(sum, paid_in(model, 2).values())) > 0
    assert paid_in(model, 2) == paid_in(again, 2)


@settings(max_examples=15)
@given(data=st.data())
def test_whoever_joins_or_leaves_what_was_paid_stays_paid(one_year: CareModel, data: st.DataObject) -> None:
    model = one_year.fork()
    money, before = treasury(model), by_payee(treasury(one_year).ledger())
    rows = st.integers(0, len(model.world.teams) - 1)
    for _ in range(3):
        changed = {
            row: data.draw(st.sampled_from([money.without_policy(row, "rosp"), money.with_policy(row, "rosp", 2)]))
            for row in data.draw(st.sets(rows, max_size=4))
        }
        money.change_contracts(model.world, changed)
        assert by_payee(money.ledger()) == before
        seen = np.concatenate([group.teams for group in money.groups])
        assert sorted(seen.tolist()) == list(range(len(model.world.teams)))
        assert not len(money.groups[-1].teams)


def test_a_contract_that_contradicts_itself_is_refused_and_nothing_changes(one_year: CareModel) -> None:
    model = one_year.fork()
    money = treasury(model)
    row = model.world.names.index("lilas")
    before = money.contract_names(row)
    with pytest.raises(Mistake, match="capitation_2026"):
        money.change_contract(model.world, row, *money.with_policy(row, "capitation_2026", 2))
    assert money.contract_names(row) == before
    switched = money.with_policy(row, "capitation_2026", 2, instead_of=[RULE])
    money.change_contract(model.world, row, *switched)
    assert RULE not in money.contract_names(row)
    assert money.terms(row)["capitation_2026"]["from"] == date(2022, 1, 1)


# Terms that the payer changes.


def amount(model: CareModel, year: int, component: str) -> int:
    parts = (p for _, s in treasury(model).settled[year] if s.system == RULE for p in s.components)
    return sum(int(part.cents.sum()) for part in parts if part.name == component)


def test_a_term_that_the_payer_changes_pays_from_its_day_on(one_year: CareModel, tmp_path: Path) -> None:
    model = one_year.fork()
    assert amount(model, 1, "seed_credit") == 0
    change = [Change("seed_credit", 9_000.0, date(2022, 6, 1)), Change("seed_credit", 0.0, date(2023, 1, 1))]
    treasury(model).change_terms(model.world, RULE, change)
    fork = model.fork()
    model.save(tmp_path / "model.npz")
    read = CareModel.load(tmp_path / "model.npz", model.specification, invented_norms())
    for each in (model, fork, read):
        each.run_year()
        assert amount(each, 2, "seed_credit") == 900_000
    model.run_year()
    assert amount(model, 3, "seed_credit") == 0


def test_a_top_up_is_for_one_team_alone(one_year: CareModel) -> None:
    model = one_year.fork()
    money = treasury(model)
    solo = np.setdiff1d(money.holders("rosp"), money.holders(RULE)).tolist()
    money.change_terms(model.world, "rosp", [Change("point", 14.0, date(2022, 1, 1))], teams=[solo[0]])
    group = next(group for group in money.groups if solo[0] in group.teams)
    assert group.teams.tolist() == [solo[0]]
    assert not any(solo[0] in other.teams for other in money.groups if other is not group)


def test_a_term_that_does_not_exist_is_refused_and_nothing_changes(one_year: CareModel) -> None:
    model = one_year.fork()
    version = treasury(model).version
    with pytest.raises(Mistake, match="seed_credits"):
        treasury(model).change_terms(model.world, RULE, [Change("seed_credits", 9_000.0, date(2022, 6, 1))])
    assert not treasury(model).signatures.decided
    assert treasury(model).version == version


def test_an_arm_under_another_contract_keeps_its_own(one_year: CareModel) -> None:
    model = one_year.fork()
    money, row = treasury(model), model.world.names.index("lilas")
    money.change_contract(model.world, row, *money.without_policy(row, RULE))
    same, other = model.fork(), model.fork(without_the_rule())
    assert RULE not in treasury(same).contract_names(row)
    assert treasury(other).contract_names(row) == tuple(FEES)


# Signatures alone.

RULES = st.sampled_from(["fee_for_service", "rosp", "peps", "ipep"])
CONTRACTS = st.builds(
    Signed, st.lists(RULES, unique=True).map(tuple),
    st.dictionaries(RULES, st.dictionaries(st.sampled_from(["from", "cap", "names"]), st.one_of(
        st.dates(), st.floats(allow_nan=False), st.lists(st.integers(0, 9)), st.booleans(), st.text(max_size=3),
    ), max_size=2), max_size=2),
)  # fmt: skip
CHANGES = st.builds(Change, st.sampled_from(["cap", "floor"]), st.floats(0, 1), st.none() | st.dates())
DECISIONS = st.lists(
    st.builds(Decided, RULES, CHANGES, st.none() | st.sets(st.integers(0, 3)).map(lambda rows: tuple(sorted(rows)))),
    max_size=3,
)


@example(
    founded=[Signed(("peps",), {"peps": {"cap": False}})], later=[Signed(("peps",), {"peps": {"cap": 0.0}})], decided=[]
)
@settings(max_examples=50)
@given(founded=st.lists(CONTRACTS, min_size=4, max_size=4), later=st.lists(CONTRACTS, min_size=4, max_size=4),
       decided=DECISIONS)  # fmt: skip
def test_what_is_signed_survives_a_file(founded: list[Signed], later: list[Signed], decided: list[Decided]) -> None:
    signatures = Signatures(founded, later, [], decided)
    read = Signatures(founded, list(founded))
    read.resume(signatures.to_bytes())
    assert read == signatures
    assert read.rows_by_key() == signatures.rows_by_key()
    assert sorted(row for rows in read.rows_by_key().values() for row in rows) == list(range(len(founded)))


def test_teams_are_told_apart_by_what_holds_for_them_alone() -> None:
    signed = [Signed(("rosp",), {}) for _ in range(3)]
    signatures = Signatures(signed, list(signed))
    assert list(signatures.rows_by_key().values()) == [[0, 1, 2]]
    signatures.decided.append(Decided("peps", Change("cap", 0.3)))
    assert list(signatures.rows_by_key().values()) == [[0, 1, 2]]
    signatures.decided.append(Decided("rosp", Change("point", 8.0), (1,)))
    assert list(signatures.rows_by_key().values()) == [[0, 2], [1]]


def test_joining_and_leaving_are_each_others_inverse() -> None:
    contract = Signed(("rosp",), {"rosp": {"point": 8.0}})
    joined = with_rule(contract, "peps", date(2022, 1, 1), {"cap": 0.2})
    assert joined == Signed(("rosp", "peps"), {"rosp": {"point": 8.0}, "peps": {"cap": 0.2, "from": date(2022, 1, 1)}})
    assert without_rules(joined, ["peps"]) == contract
    assert without_rules(contract, ["peps"]) == contract

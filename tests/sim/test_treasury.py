"""The treasury of a small town: what is paid is what was done, once, under the contract of the day."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.declarations import Table
from agents.nurses import ASALEE
from agents.teams import DTYPE as TEAM_DTYPE
from agents.teams import KINDS
from results.run import Run, open_run
from scenarios.norms.invented import invented_norms
from sim import events as ev
from sim.model import CareModel
from sim.payment.contract import USUAL, contract_of
from sim.payment.norms import Norms
from sim.payment.policy import Layer
from sim.payment.statement import Statement
from sim.specification import ScenarioSpec
from sim.treasury import Group, Treasury
from tests.paid_run import CENTRE, LILAS, STACK, paid_model, paid_run, paid_town
from tests.sim.made_weeks import packed

LUMP_SUM = "peps"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, CareModel]:
    """Two recorded years, and the model after them."""
    folder, model = paid_run(tmp_path_factory.mktemp("runs") / "paid")
    return open_run(folder), model


def under(contract: list[str], **terms: dict[str, object]) -> ScenarioSpec:
    """The town with another contract of its team."""
    spec = paid_town()
    return replace(spec, teams={**spec.teams, "lilas": replace(LILAS, contract=contract, terms=terms)})


def lines_of(model: CareModel, weeks: int) -> Table:
    """Claim lines of the coming weeks."""
    found = []
    passed = model.passage.week

    def week(day: date | None = None) -> Table:
        found.append(passed(day))
        return found[-1]

    model.passage.week = week  # type: ignore[method-assign]
    model.run(weeks)
    return np.concatenate(found)


def paid(model: CareModel, year: int, system: str) -> list[Statement]:
    assert model.treasury
    return [statement for _, statement in model.treasury.settled[year] if statement.system == system]


def cents(statements: list[Statement], level: str, rows: int, component: str = "") -> np.ndarray:
    """Cents by row of a table."""
    found = np.zeros(rows, dtype=np.int64)
    for statement in statements:
        for part in statement.components:
            if part.level == level and part.name.startswith(component):
                found[part.payees] += part.cents
    return found


# Contracts.


def test_every_team_stands_under_its_own_contract_or_the_usual_one_of_its_kind() -> None:
    model = paid_model()
    assert model.treasury
    teams = model.world.teams
    seen = np.zeros(len(teams), dtype=int)
    for group in model.treasury.groups:
        seen[group.teams] += 1
        for row in group.teams:
            own = STACK if model.world.names[row] == "lilas" else USUAL[KINDS[teams["kind"][row]]]
            assert {policy.name for policy in group.contract.policies} == set(own)
    assert (seen == 1).all()
    assert [p.name for p in model.treasury.groups[-1].contract.policies] == ["t2a"]


def test_a_default_contract_is_that_of_every_team_that_names_none() -> None:
    model = paid_model(replace(paid_town(), default_contract=["fee_for_service"]))
    assert model.treasury
    by_team = {row: [p.name for p in g.contract.policies] for g in model.treasury.groups for row in g.teams.tolist()}
    own = model.world.names.index("lilas")
    assert all(names == ["fee_for_service"] for row, names in by_team.items() if row != own)
    assert set(by_team[own]) == set(STACK)


def test_nothing_is_replaced_or_paid_during_the_warm_up() -> None:
    model = paid_model()
    assert model.treasury
    assert not model.treasury.settled
    assert not model.world.teams["replaced"].any()


# What is recorded is what was paid.


def test_recorded_payments_are_the_statements_to_the_cent(ran: tuple[Run, CareModel]) -> None:
    run, model = ran
    assert model.treasury
    recorded = run.payments.groupby(["year", "contract", "system"])["cents"].sum()
    stated = {
        (year, number, statement.system): sum(int(part.cents.sum()) for part in statement.components)
        for year, settled in model.treasury.settled.items()
        for number, statement in settled
    }
    assert recorded.to_dict() == stated
    assert {"peps", "aci_msp", "asalee", "list_lump_sums", "rosp", "t2a"} <= {s for (*_, s), c in stated.items() if c}


def test_payments_name_the_teams_of_their_payees(ran: tuple[Run, CareModel]) -> None:
    run, model = ran
    payments, world = run.payments, model.world
    for level, team in (("physician", world.physicians["team"]), ("nurse", world.nurses["team"])):
        rows = payments[payments["level"] == level]
        assert (rows["team"] == team[rows["payee"]]).all()
    assert (
        payments.loc[payments["level"] == "team", "payee"] == payments.loc[payments["level"] == "team", "team"]
    ).all()
    assert (payments.loc[payments["level"] == "hospital", "team"] == -1).all()


def test_what_persons_get_was_paid_and_what_was_paid_is_got_or_kept(ran: tuple[Run, CareModel]) -> None:
    run, model = ran
    assert model.treasury
    for group in model.treasury.groups[:-1]:
        for year, shares in group.shares.items():
            calendar = model.treasury.calendar(year)
            statements = [s for (y, _), s in group.statements.items() if y == calendar]
            total = sum(int(part.cents.sum()) for s in statements for part in s.components)
            elsewhere = sum(int(given.sum()) for given in shares.elsewhere.values())
            assert int(shares.incomes().sum() + shares.on_accounts().sum()) + elsewhere == total
    recorded = run.shares.groupby(["year", "level", "payee"])["cents"].sum()
    for level, table in (("physician", model.world.physicians), ("nurse", model.world.nurses)):
        income = model.treasury.income_of(level, len(table), 2)
        by_row = recorded[2, level]
        np.testing.assert_allclose(income[by_row.index], by_row / 100)


# Fees.


def billed(lines: pd.DataFrame, kind: str, rows: int, *, replaced: bool) -> np.ndarray:
    """Cents of the acts of professionals with an act code, by row of their table: billed, or replaced."""
    marked = (lines["marks"].to_numpy() & ev.SUBSTITUTED) != 0
    mine = lines[(lines["payee_kind"] == kind) & (marked == replaced) & (lines["cents"] > 0)]
    return np.bincount(mine["payee"], weights=mine["cents"], minlength=rows).astype(np.int64)


@pytest.mark.parametrize("year", [1, 2])
@pytest.mark.parametrize("kind", ["physician", "nurse"])
def test_fees_are_those_of_the_claim_lines(ran: tuple[Run, CareModel], kind: str, year: int) -> None:
    run, model = ran
    world = model.world
    table = world.physicians if kind == "physician" else world.nurses
    lines = run.events[run.events["year"] == year]
    own = billed(lines, kind, len(table), replaced=False)
    team = table["team"].astype(int)
    centre = (team >= 0) & (world.teams["kind"][np.maximum(team, 0)] == KINDS.index("health_centre"))
    fees = cents(paid(model, year, "fee_for_service"), kind, len(table))
    contracted = (team >= 0) & ~centre
    np.testing.assert_array_equal(fees[contracted], own[contracted])
    assert not fees[~contracted].any()
    assert own[contracted].sum() > 0


@pytest.mark.parametrize("year", [1, 2])
def test_a_centre_is_paid_the_fees_of_its_staff(ran: tuple[Run, CareModel], year: int) -> None:
    run, model = ran
    row = model.world.names.index("centre")
    lines = run.events[(run.events["year"] == year) & (run.events["provider_team"] == row)]
    fees = cents(paid(model, year, "fee_for_service"), "team", len(model.world.teams))
    assert fees[row] == lines["cents"].sum() > 0
    assert fees.sum() == fees[row]
    assert CENTRE.kind == "health_centre"


@pytest.mark.parametrize("year", [1, 2])
def test_hospitals_are_paid_the_stays_and_emergencies_of_the_claim_lines(ran: tuple[Run, CareModel], year: int) -> None:
    run, model = ran
    lines = run.events[(run.events["year"] == year) & (run.events["payee_kind"] == "hospital")]
    given = cents(paid(model, year, "t2a"), "hospital", len(model.world.hospitals))
    revenue = np.bincount(lines["payee"], weights=lines["cents"], minlength=len(given))
    np.testing.assert_array_equal(given, revenue)
    assert revenue.sum() > 0


# A lump sum in the place of acts.


def test_replaced_acts_leave_fees_exactly_once() -> None:
    without = [name for name in STACK if name != LUMP_SUM]
    arms = {name: paid_model(under(contract)) for name, contract in (("with", STACK), ("without", without))}
    lines = {name: lines_of(model, 52) for name, model in arms.items()}
    world = arms["with"].world
    marked = (lines["with"]["marks"] & ev.SUBSTITUTED) != 0
    assert not (lines["without"]["marks"] & ev.SUBSTITUTED).any()
    assert set(np.unique(lines["with"]["provider_team"][marked])) == {world.names.index("lilas")}
    assert set(np.unique(lines["with"]["scope"][marked])) <= {ev.IN_LIST, ev.FOR_AME}
    replaced = lines["with"][marked]
    by_physician = np.bincount(replaced["payee"], weights=replaced["cents"], minlength=len(world.physicians))
    fees = {
        name: cents(paid(model, 1, "fee_for_service"), "physician", len(by_physician)) for name, model in arms.items()
    }
    np.testing.assert_array_equal(fees["without"] - fees["with"], by_physician.astype(np.int64))
    assert by_physician.sum() > 0
    shadow = arms["with"].accounts.array("shadow_fees_G_in_list", 1).sum()
    visits = replaced[(replaced["code"] == ev.G) & (replaced["scope"] == ev.IN_LIST)]
    assert shadow == pytest.approx(visits["cents"].sum() / 100)


def test_acts_go_back_to_fees_where_the_team_is_not_eligible() -> None:
    model = paid_model(under(STACK, peps={"min_physicians": 20}))
    lines = lines_of(model, 52)
    (lump_sum,) = paid(model, 1, LUMP_SUM)
    assert lump_sum.total == 0
    fees = cents(paid(model, 1, "fee_for_service"), "physician", len(model.world.physicians))
    team = model.world.physicians["team"]
    own = lines[(lines["payee_kind"] == ev.PHYSICIAN) & (lines["payee"] >= 0)]
    everything = np.bincount(own["payee"], weights=own["cents"], minlength=len(team))
    lilas = team == model.world.names.index("lilas")
    np.testing.assert_array_equal(fees[lilas], everything[lilas].astype(np.int64))


def test_an_arm_with_another_contract_begins_with_the_same_patients_and_the_same_lines() -> None:
    """Before anybody has been paid, contracts differ by marks alone."""
    arms = [paid_model(under(contract)) for contract in (STACK, ["fee_for_service"])]
    one, other = (lines_of(model, 8) for model in arms)
    assert (one["marks"] & ev.SUBSTITUTED).any()
    one["marks"] &= ~np.uint16(ev.SUBSTITUTED)
    assert packed(one) == packed(other)
    np.testing.assert_array_equal(arms[0].world.patients["who"], arms[1].world.patients["who"])
    np.testing.assert_array_equal(arms[0].world.patients["registered_gp"], arms[1].world.patients["registered_gp"])


def test_a_contract_that_begins_in_year_2_replaces_and_pays_from_then_on() -> None:
    begins = date(2022, 1, 1)
    model = paid_model(under(STACK, peps={"from": begins}))
    lines = lines_of(model, 104)
    weeks = np.unique(lines["week"][(lines["marks"] & ev.SUBSTITUTED) != 0])
    days = [model.world.day(int(week)) for week in weeks]
    assert min(days) >= begins
    assert (min(days) - begins).days < 7
    assert not paid(model, 1, LUMP_SUM)
    (lump_sum,) = paid(model, 2, LUMP_SUM)
    assert lump_sum.total > 0


def test_a_contract_that_ends_pays_no_more_and_replaces_no_more() -> None:
    model = paid_model(under(STACK, peps={"until": date(2021, 12, 31)}))
    lines = lines_of(model, 104)
    marked = lines["week"][(lines["marks"] & ev.SUBSTITUTED) != 0]
    assert model.world.day(int(marked.max())) <= date(2021, 12, 31)
    assert paid(model, 1, LUMP_SUM)[0].total > 0
    assert not paid(model, 2, LUMP_SUM)


# The past of a model.


def told(model: CareModel, year: int) -> list[tuple[int, str, str, list[int]]]:
    assert model.treasury
    return [
        (n, s.system, part.name, part.cents.tolist()) for n, s in model.treasury.settled[year] for part in s.components
    ]


def test_a_model_saved_and_read_or_forked_goes_on_paying_the_same(tmp_path: Path) -> None:
    model = paid_model()
    model.run_year()
    model.save(tmp_path / "model.npz")
    read = CareModel.load(tmp_path / "model.npz", model.specification, invented_norms())
    fork = model.fork()
    for other in (read, fork):
        assert told(other, 1) == told(model, 1)
    for one in (model, read, fork):
        one.run_year()
    assert told(read, 2) == told(fork, 2) == told(model, 2)
    assert model.world.teams["fund"].tolist() == read.world.teams["fund"].tolist()


def test_an_arm_that_begins_in_year_2_knows_what_its_teams_were_paid_before() -> None:
    model = paid_model()
    model.run_year()
    arm = model.fork(under(["fee_for_service", "ipep"]))
    assert model.treasury
    assert arm.treasury
    row = model.world.names.index("lilas")
    before, after = (
        next(g for g in m.treasury.groups if row in g.teams) for m in (model, arm) if m.treasury is not None
    )
    place = after.teams.tolist().index(row)
    for (calendar, system), statement in before.statements.items():
        was = statement.amounts("team", len(before.teams))[before.teams.tolist().index(row)]
        assert after.statements[calendar, system].amounts("team", len(after.teams))[place] == was


def test_marks_follow_the_days_of_the_contract_and_are_written_when_something_changes_only() -> None:
    first, last = date(2022, 1, 3), date(2022, 12, 26)
    contract = contract_of(["peps"], {"peps": {"from": first, "until": last}}, ScenarioSpec().start)
    teams = np.zeros(1, dtype=TEAM_DTYPE)
    world: Any = SimpleNamespace(teams=teams)
    treasury = Treasury([Group(contract, np.array([0]), {})], Norms(), 2021, ScenarioSpec())
    marked = []
    for week in range(104):
        day = date(2021, 6, 7) + timedelta(weeks=week)
        before = teams["replaced"].copy()
        treasury.sign(world, day)
        assert (teams["replaced"].any() > 0) == (first <= day <= last)
        marked.append(bool((teams["replaced"] != before).any()))
    assert sum(marked) == 2, "once when it begins, once when it has ended"
    teams["replaced"] = 7
    treasury.sign(world, date(2023, 12, 25))
    assert (teams["replaced"] == 7).all(), "a week in which nothing changes writes nothing"


def test_the_layer_of_a_rule_of_the_users_own_is_known_from_its_contract() -> None:
    own = "sim.payment.paerpa:Paerpa"
    contract = contract_of(["fee_for_service", own], {}, ScenarioSpec().start)
    treasury = Treasury([Group(contract, np.array([0]), {})], Norms(), 2021, ScenarioSpec())
    assert [treasury.layer_of(name) for name in ("fee_for_service", "paerpa")] == [Layer.BASE, Layer.ADD_ON]


@pytest.mark.parametrize("start", [date(2020, 12, 28), date(2021, 1, 4), date(2022, 6, 20), date(2023, 10, 2)])
def test_what_is_replaced_in_a_year_is_what_is_paid_for_at_its_end_whatever_its_first_day(start: date) -> None:
    spec = replace(under(["fee_for_service", LUMP_SUM]), start=start)
    spec.teams["lilas"].terms[LUMP_SUM] = {"from": date(spec.first_year + 1, 1, 1)}
    model = paid_model(spec)
    before = lines_of(model, 52)
    assert not (before["marks"] & ev.SUBSTITUTED).any()
    assert not paid(model, 1, LUMP_SUM)
    after = lines_of(model, 52)
    assert (after["week"][(after["marks"] & ev.SUBSTITUTED) > 0].min() - model.world.warm_up_weeks) == 52
    assert sum(statement.amounts("team", 1).sum() for statement in paid(model, 2, LUMP_SUM)) > 0


@pytest.mark.parametrize("decisions", [False, True])
@pytest.mark.parametrize("ends", [{"stop": date(2021, 7, 1)}, {"until": date(2021, 6, 30)}])
def test_who_lives_on_the_money_of_a_rule_leaves_when_it_stops(ends: dict[str, date], decisions: bool) -> None:
    spec = replace(under(["fee_for_service", "asalee"], asalee=dict(ends)), decisions=decisions)
    model = paid_model(spec)
    nurses = model.world.nurses
    row = int(np.flatnonzero((nurses["kind"] == ASALEE) & (nurses["in_post"] != 0))[0])
    others = (nurses["kind"] != ASALEE) & (nurses["in_post"] != 0)
    seen = lines_of(model, 52)
    weeks = seen["week"][(seen["kind"] == ev.NURSE) & (seen["payee"] == row)] - model.world.warm_up_weeks
    assert 0 < weeks.max() <= 25, "the last week that begins before July is that of day 175"
    assert not nurses["in_post"][row]
    assert not nurses["weekly_minutes"][row]
    always = paid_model(replace(spec, teams={**spec.teams, "lilas": replace(spec.teams["lilas"], terms={})}))
    always.run(52)
    assert always.world.nurses["weekly_minutes"][row]
    if model.council and always.council:
        stopped, paid_on = ({*one.diary.frame()["text"]} for one in (model.council, always.council))
        assert "funding" in stopped - paid_on
    else:
        assert (nurses["in_post"][others] != 0).all()
        assert always.world.nurses["in_post"][row]


def test_a_year_stands_for_the_calendar_year_in_which_most_of_it_lies() -> None:
    starts = {date(2020, 12, 28): 2021, date(2021, 1, 4): 2021, date(2021, 6, 28): 2021, date(2021, 7, 12): 2022}
    assert {start: replace(ScenarioSpec(), start=start).first_year for start in starts} == starts

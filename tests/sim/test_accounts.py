"""Accounts against claims: nothing is lost, nothing counted twice, and where the cuts fall changes nothing."""

from collections.abc import Iterator
from threading import current_thread

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import patients as people
from agents.declarations import Table
from agents.mistakes import Mistake
from sim import accounts as years
from sim import counting, views
from sim import events as ev
from sim.accounts import Accounts
from sim.counting import YearCount
from sim.measures import MEASURES, Between, Bits, forget, measure
from sim.standard_measures.acts import CODES
from sim.standard_measures.lists import CARE_SPLIT, age_classes, list_class
from sim.world import World
from tests.invented_lines import accounting_world, invented_lines

WORLD = accounting_world()
YEAR = 1


def closed(lines: Table, world: World = WORLD, chunk_rows: int | None = None, threads: int = 1) -> Accounts:
    """The accounts of a year of lines, given week by week."""
    accounts = Accounts(world, chunk_rows=chunk_rows, threads=threads)
    for week in np.unique(lines["week"]):
        accounts.add(lines[lines["week"] == week], world)
    accounts.close_year(world, YEAR)
    return accounts


@pytest.fixture
def small_worlds_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of this small world are worth a thread, and none of them wait."""
    monkeypatch.setattr(years, "PEOPLE_WORTH_THREADS", 0)
    monkeypatch.setattr(counting, "WORTH_COUNTING", 1)


@pytest.fixture(scope="module")
def lines() -> Table:
    return invented_lines(WORLD, 6_000, weeks=52)


@pytest.fixture(scope="module")
def accounts(lines: Table) -> Accounts:
    return closed(lines)


@given(seed=st.integers(0, 2**32 - 1), rows=st.integers(0, 400))
@settings(max_examples=15)
def test_nothing_billed_is_lost_or_counted_twice(seed: int, rows: int) -> None:
    some = invented_lines(WORLD, rows, weeks=3, seed=seed)
    some["marks"][::7] |= ev.SUBSTITUTED
    year = closed(some)
    by_code = some[np.isin(some["code"], [ev.CODES.index(code) for code in CODES])]
    stems = [f"{code}_{scope}" for code in CODES for scope in ev.SCOPES]
    for by in ("physician", "nurse", "team", "territory"):
        acts = sum(year.exact(f"{kind}acts_{stem}", YEAR, by).sum() for stem in stems for kind in ("", "shadow_"))
        cents = sum(year.exact(f"{kind}fees_{stem}", YEAR, by).sum() for stem in stems for kind in ("", "shadow_"))
        assert acts == by_code["count"].sum()
        assert cents == by_code["cents"].sum()
        assert year.exact("claims", YEAR, by).sum() == some["cents"].sum()


def test_lines_reach_who_did_them(lines: Table, accounts: Accounts) -> None:
    by_gp = lines[(lines["payee_kind"] == ev.PHYSICIAN) & (lines["code"] == ev.G) & (lines["scope"] == ev.IN_LIST)]
    expected = np.bincount(by_gp["payee"], weights=by_gp["cents"], minlength=len(WORLD.physicians)) / 100
    assert np.array_equal(accounts.array("fees_G_in_list", YEAR), expected)
    assert accounts.nobody("fees_G_in_list", YEAR) == 0
    rounds = lines[lines["kind"] == ev.ROUNDS]
    stops = np.bincount(rounds["payee"], weights=rounds["stops"], minlength=len(WORLD.nurses))
    assert np.array_equal(accounts.array("round_stops", YEAR, "nurse"), stops)


def test_leaks_reach_whose_list_it_is(lines: Table, accounts: Accounts) -> None:
    leaks = lines[(lines["marks"] & ev.LEAK) > 0]
    expected = np.bincount(leaks["registered_team"], minlength=len(WORLD.teams))
    assert np.array_equal(accounts.array("leaks", YEAR, "team"), expected)
    in_scope = leaks[~np.isin(leaks["code"], [ev.NO_CODE, ev.TECH, ev.OOH])]
    assert accounts.total("leaked_value", YEAR) == in_scope["cents"].sum() / 100


def test_a_registration_belongs_to_who_registers_the_patient() -> None:
    """As the contact begins, the patient is on nobody's list: the line says so, and the measure must not ask it."""
    some = invented_lines(WORLD, 400, weeks=52)
    seen = (some["kind"] == ev.GP) & (some["payee_kind"] == ev.PHYSICIAN)
    some["marks"] &= ~np.asarray(ev.REGISTRATION, dtype=some["marks"].dtype)
    some["marks"][seen] |= ev.REGISTRATION
    some["registered_gp"][seen], some["registered_team"][seen] = -1, -1
    year = closed(some)
    assert seen.any()
    expected = np.bincount(some["payee"][seen], minlength=len(WORLD.physicians))
    assert (year.array("registrations", YEAR) == expected).all()


def test_where_chunks_are_cut_changes_nothing(lines: Table, accounts: Accounts) -> None:
    cut = closed(lines, chunk_rows=97)
    for name, declared in MEASURES.items():
        for by in declared.per:
            assert np.array_equal(cut.exact(name, YEAR, by), accounts.exact(name, YEAR, by)), (name, by)
    for action in ("visit", "leaked_visit", "handover_k05"):
        assert cut.footprints(action, YEAR).equals(accounts.footprints(action, YEAR))
        assert cut.footprints(action, YEAR, "team").equals(accounts.footprints(action, YEAR, "team"))


@pytest.mark.parametrize("worth", [1, 200, 20_000])  # the last are more than all lines
def test_how_long_lines_wait_changes_nothing(
    worth: int, lines: Table, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(lines) < 20_000
    monkeypatch.setattr(counting, "WORTH_COUNTING", worth)
    whole, arms = Accounts(WORLD), list[Accounts]()
    for week in np.unique(lines["week"]):
        if week == lines["week"][len(lines) // 2]:
            arms.append(whole.fork())
        for one in (whole, *arms):
            one.add(lines[lines["week"] == week], WORLD)
    for one in (whole, *arms):
        one.close_year(WORLD, YEAR)
        for name, declared in MEASURES.items():
            for by in declared.per:
                assert np.array_equal(one.exact(name, YEAR, by), accounts.exact(name, YEAR, by)), (name, by)


def threads_that_count(monkeypatch: pytest.MonkeyPatch, lines: Table) -> set[str]:
    """Names of the threads that take lines in where two are allowed."""
    seen: set[str] = set()
    take_in = YearCount._take_in

    def told(count: YearCount, table: Table, world: World) -> None:
        seen.add(current_thread().name)
        take_in(count, table, world)

    monkeypatch.setattr(YearCount, "_take_in", told)
    closed(lines, threads=2)
    return seen


def test_a_small_world_is_counted_by_who_calls(lines: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    assert threads_that_count(monkeypatch, lines) == {current_thread().name}
    monkeypatch.setattr(years, "PEOPLE_WORTH_THREADS", len(WORLD.patients))
    monkeypatch.setattr(counting, "WORTH_COUNTING", 1)
    assert all(name.startswith("accounts") for name in threads_that_count(monkeypatch, lines))


@pytest.mark.usefixtures("small_worlds_too")
def test_a_thread_of_their_own_changes_nothing(lines: Table, accounts: Accounts) -> None:
    shared = closed(lines, threads=2)
    for name, declared in MEASURES.items():
        for by in declared.per:
            assert np.array_equal(shared.exact(name, YEAR, by), accounts.exact(name, YEAR, by)), (name, by)


@pytest.mark.usefixtures("small_worlds_too")
def test_threads_that_share_the_end_of_a_year_change_no_byte(lines: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "BLOCK", 97)
    alone, shared = closed(lines).year(YEAR), closed(lines, threads=2).year(YEAR)
    assert len(WORLD.patients) > 2 * 97
    assert list(alone.totals) == list(shared.totals)
    assert all(shared.totals[name].tobytes() == sums.tobytes() for name, sums in alone.totals.items())
    assert alone.facts == shared.facts


def test_amounts_with_conditions_are_those_of_the_people_who_meet_them(accounts: Accounts) -> None:
    living = WORLD.patients[(WORLD.patients["flags"] & people.ALIVE) > 0]
    ald = living[(living["flags"] & people.ALD) > 0]
    assert 0 < len(ald) < len(living)
    for name, rows in (("spend_residents", living), ("spend_residents_ald", ald)):
        assert accounts.total(name, YEAR) == pytest.approx(rows["spend"].sum(dtype=float))


@pytest.mark.usefixtures("small_worlds_too")
def test_a_fork_knows_the_week_that_was_under_way(lines: Table) -> None:
    accounts = Accounts(WORLD, threads=2)
    accounts.add(lines[lines["week"] == lines["week"].min()], WORLD)
    fork = accounts.fork()
    for each in (accounts, fork):
        each.close_year(WORLD, YEAR)
    assert accounts.total("claims", YEAR) == fork.total("claims", YEAR) > 0


@pytest.mark.usefixtures("small_worlds_too")
def test_a_mistake_in_the_thread_is_raised_when_the_year_closes() -> None:
    accounts = Accounts(WORLD, threads=2)
    lines = invented_lines(WORLD, 10)
    lines["registered_gp"] = 10_000
    accounts.add(lines, WORLD)
    with pytest.raises(IndexError, match="beyond the tables"):
        accounts.close_year(WORLD)


def test_distinct_counts_are_those_of_pandas(lines: Table, accounts: Accounts) -> None:
    names = ("kind", "payee_kind", "payee", "provider_team", "registered_gp", "registered_team", "patient", "week",
             "scope", "territory")  # fmt: skip
    frame = pd.DataFrame({name: lines[name] for name in names})
    seen = frame[(frame.kind == ev.GP) & (frame.payee_kind == ev.PHYSICIAN)]
    by_physician = seen.groupby("payee").patient.nunique().reindex(range(len(WORLD.physicians)), fill_value=0)
    by_team = seen.groupby("provider_team").patient.nunique().reindex(range(len(WORLD.teams)), fill_value=0)
    assert np.array_equal(accounts.array("active_file", YEAR), by_physician)
    assert np.array_equal(accounts.array("active_file", YEAR, "team"), by_team)
    ame = seen[seen.scope == ev.FOR_AME].groupby("provider_team").patient.nunique()
    assert np.array_equal(accounts.array("ame_seen", YEAR, "team")[ame.index], ame)
    by_gp = frame[frame.kind == ev.GP]
    month = (by_gp.week - WORLD.warm_up_weeks) % 52 * 12 // 52
    assert accounts.total("gp_users", YEAR) == by_gp.patient.nunique()
    assert accounts.total("gp_users_monthly", YEAR) == by_gp.groupby(month).patient.nunique().sum()


def test_the_list_by_class_is_the_list(accounts: Accounts) -> None:
    living = WORLD.patients[(WORLD.patients["flags"] & people.ALIVE) > 0]
    registered = living[living["registered_gp"] >= 0]
    expected = np.bincount(registered["registered_gp"], minlength=len(WORLD.physicians))
    classes = [
        list_class(age, woman, ald, c2s)
        for age, _ in age_classes() for woman in (True, False) for ald in (True, False) for c2s in (True, False)
    ]  # fmt: skip
    assert np.array_equal(sum(accounts.array(name, YEAR) for name in classes), expected)
    assert np.array_equal(accounts.array("registered_list", YEAR), expected)
    assert accounts.total("registered_list", YEAR, "physician") == len(living)  # nobody's line keeps the others
    assert accounts.total("residents", YEAR, "commune") == len(living)


def test_spending_by_category_adds_up(accounts: Accounts) -> None:
    living = WORLD.patients[(WORLD.patients["flags"] & people.ALIVE) > 0]
    parts = [*people.SPENDING[:-1], *CARE_SPLIT]
    for by in ("physician", "team", "territory"):
        total = sum(accounts.total(f"spend_{part}", YEAR, by) for part in parts)
        assert total == pytest.approx(living["spend"].sum(dtype=float), rel=1e-6)
    assert WORLD.parameters[0]["accounts_other_shares"].sum(axis=1) == pytest.approx(1.0)
    assert accounts.years[YEAR].facts["spending_mean"] == pytest.approx(living["spend"].sum(axis=1).mean(), rel=1e-5)


def test_hours_and_weeks_add_up_over_the_year() -> None:
    world = accounting_world()
    world.physicians["minutes"] = 60.0
    world.physicians["half_days"] = 8
    world.physicians["present"][0] = 0
    accounts = Accounts(world)
    nothing = invented_lines(world, 0)
    for _ in range(52):
        accounts.add(nothing, world)
    accounts.close_year(world, YEAR)
    assert (accounts.array("hours_visit_physicians", YEAR) == 52).all()
    assert accounts.array("weeks_present", YEAR)[:2].tolist() == [0, 52]
    assert accounts.array("days", YEAR)[1] == 52 * 4


def test_a_year_begins_empty_and_takes_its_number_from_its_weeks() -> None:
    world = accounting_world()
    accounts = Accounts(world)
    lines = invented_lines(world, 300, weeks=52)
    accounts.add(lines, world)
    assert accounts.close_year(world) == 1
    world.week += 52
    assert accounts.close_year(world) == 1 + (world.week - 1 - world.warm_up_weeks) // 52
    with pytest.raises(Mistake, match="hold no year 7"):
        accounts.year(7)


def test_a_second_year_counts_patients_again() -> None:
    world = accounting_world()
    accounts = Accounts(world)
    lines = invented_lines(world, 500, weeks=1)
    accounts.add(lines, world)
    accounts.close_year(world, 1)
    accounts.add(lines, world)
    accounts.close_year(world, 2)
    for name in ("active_file", "acts", "claims"):
        assert np.array_equal(accounts.exact(name, 1), accounts.exact(name, 2))
    assert accounts.total("active_file", 2, "team") > 0


def test_a_fork_shares_nothing() -> None:
    world = accounting_world()
    lines = invented_lines(world, 500, weeks=1)
    accounts = Accounts(world)
    accounts.add(lines, world)
    other = accounts.fork()
    other.add(lines, world)
    for arm in (accounts, other):
        arm.close_year(world, 1)
    assert 2 * accounts.total("claims", 1) == other.total("claims", 1)
    assert accounts.total("gp_users", 1) == other.total("gp_users", 1)


@pytest.fixture
def grandparents() -> Iterator[str]:
    """A measure that nobody foresaw."""
    name = "home_visits_from_70"
    measure(name, "home visits from age 70", "acts", reference="this test", value="count",
            where={"kind": ev.GP, "code": ev.HOME, "age": Between(70), "flags": Bits(all=people.POOR)})  # fmt: skip
    yield name
    forget(name)


def test_a_new_measure_is_counted_and_has_footprints(grandparents: str, lines: Table) -> None:
    accounts = closed(lines)
    found = (lines["kind"] == ev.GP) & (lines["code"] == ev.HOME) & (lines["age"] >= 70)
    found &= (lines["flags"] & people.POOR) > 0
    assert accounts.total(grandparents, YEAR) == lines["count"][found].sum() > 0
    assert grandparents in accounts.frame(YEAR)
    footprint = accounts.footprint("home_visit", grandparents, YEAR)
    visits = (lines["kind"] == ev.GP) & (lines["code"] == ev.HOME)
    assert footprint.mean() == pytest.approx(found.sum() / visits.sum(), rel=0.2)
    assert (accounts.footprint("phone_contact", grandparents, YEAR) == 0).all()


@pytest.fixture
def odd_measures() -> Iterator[tuple[str, str]]:
    """A predicate and a value that no plain condition says, and a condition on a large column."""
    measure("costly_long_visits", "long visits, in euros a minute", "EUR", reference="this test",
            odd=lambda view: view.column("minutes_tenths") > 200,
            value=lambda view: view.column("cents") // 2)  # fmt: skip
    measure("cheap_lines", "lines under ten euros", "lines", reference="this test", where={"cents": Between(1, 999)})
    yield "costly_long_visits", "cheap_lines"
    forget("costly_long_visits")
    forget("cheap_lines")


def test_odd_measures_are_counted_line_by_line(odd_measures: tuple[str, str], lines: Table) -> None:
    odd, large = odd_measures
    whole, cut = closed(lines), closed(lines, chunk_rows=97)
    assert whole.total(odd, YEAR) == (lines["cents"][lines["minutes_tenths"] > 200] // 2).sum() > 0
    assert whole.total(large, YEAR) == ((lines["cents"] > 0) & (lines["cents"] < 1_000)).sum()
    assert whole.footprint("visit", odd, YEAR).min() > 0
    assert np.array_equal(whole.footprint("visit", odd, YEAR), cut.footprint("visit", odd, YEAR))


def test_a_distinct_count_needs_plain_conditions() -> None:
    measure("far_too_odd", "x", "x", reference="this test", distinct="patient", where={"cents": Between(1)})
    try:
        with pytest.raises(Mistake, match="small columns"):
            Accounts(WORLD)
    finally:
        forget("far_too_odd")


def test_owners_may_not_change_within_a_year() -> None:
    world = accounting_world()
    accounts = Accounts(world)
    accounts.add(invented_lines(world, 10), world)
    world.teams = np.concatenate([world.teams, world.teams[:1]])
    with pytest.raises(ValueError, match="owners changed"):
        accounts.close_year(world)


def test_frames_have_one_row_an_owner(accounts: Accounts) -> None:
    assert accounts.frame(YEAR).index.name == "physician"
    assert len(accounts.frame(YEAR, "team")) == len(WORLD.teams)
    assert accounts.frame(YEAR, "commune")["commune_poverty"].to_numpy() == pytest.approx(WORLD.communes["poverty"])
    under_served = WORLD.cells["under_served"][WORLD.teams["cell"]]
    assert np.array_equal(accounts.array("practice_under_served", YEAR, "team"), under_served)


def test_mistakes_name_what_is_known(accounts: Accounts) -> None:
    with pytest.raises(Mistake, match='Did you mean "leaked_value"'):
        accounts.array("leaked_valeu", YEAR)
    with pytest.raises(Mistake, match="Kept by: territory, commune"):
        accounts.array("residents", YEAR, "team")
    with pytest.raises(Mistake, match='Did you mean "team"'):
        accounts.frame(YEAR, "teams")

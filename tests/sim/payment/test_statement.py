"""Statements: cents are conserved, quarters and shares sum to what is paid."""

import gc
import weakref
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.mistakes import Mistake
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.checks import checked
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement, quarters, shared_in_groups, shared_out, to_cents
from sim.payment.terms import Dated, Term

CENTS = st.integers(-(10**9), 10**9)


def sheet(**team: list[float]) -> Sheet:
    rate = Dated(date(2021, 1, 1), 2.5, "press", "ours")
    accounts = AccountsOfYear.of_tables(2021, {"team": team})
    return Sheet("made", accounts, "team", {"rate": (Term("rate", "Rate", "EUR", (rate,)), rate)})


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=5), st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)))
)
@settings(max_examples=50)
def test_shares_of_groups_sum_to_their_pools(pools: list[int], members: list[tuple[int, int]]) -> None:
    cents = np.array(pools)
    group = np.array([place % len(pools) for place, _ in members], dtype=np.int64)
    weights = np.array([weight for _, weight in members], dtype=np.float64)
    shares = shared_in_groups(cents, group, weights)
    of_group = np.bincount(group, shares, minlength=len(pools)).astype(np.int64)
    peopled = np.bincount(group, minlength=len(pools)) > 0
    assert of_group.tolist() == np.where(peopled, cents, 0).tolist()
    for place in np.flatnonzero(peopled):
        here = group == place
        alone = shared_out(cents[[place]], weights[here][None, :])[0]
        assert np.abs(shares[here] - alone).max() <= 1


@given(st.lists(CENTS, min_size=1, max_size=6), st.integers(1, 7), st.data())
@settings(max_examples=80)
def test_shares_sum_to_the_pool_and_none_is_off_by_a_cent(pools: list[int], parts: int, data: st.DataObject) -> None:
    weights = np.array([[data.draw(st.floats(0, 100)) for _ in range(parts)] for _ in pools])
    cents = np.array(pools)
    shares = shared_out(cents, weights)
    assert (shares.sum(axis=1) == cents).all()
    total = weights.sum(axis=1, keepdims=True)
    fair = np.where(total > 0, weights / np.where(total > 0, total, 1), 1 / parts) * cents[:, None]
    assert (np.abs(shares - fair) < 1 + 1e-6).all()


def test_half_a_cent_goes_up() -> None:
    assert to_cents([1.005, 2.675, 0.004999, -1.005]).tolist() == [101, 268, 0, -100]


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=5))
@settings(max_examples=50)
def test_quarters_and_lines_sum_to_what_is_paid(amounts: list[float]) -> None:
    page = sheet(registered_list=amounts)
    page.let("pay", "rate * registered_list", "A rate a patient")
    page.pay("part", "pay", to="team_account", cash=quarters(2021))
    statement = page.statement()
    assert statement.frame()["cents"].sum() == round(statement.total * 100)
    lines = list(statement.lines())
    assert len(lines) == 4 * len(amounts)
    assert round(sum(line.amount for line in lines), 2) == pytest.approx(statement.total, abs=0.005)
    assert lines[0].terms["rate"] == 2.5
    assert lines[0].terms["registered_list"] == amounts[0]


def test_a_contract_that_holds_for_a_part_of_the_year_pays_that_part() -> None:
    page = sheet(registered_list=[100.0])
    page.share_of_year = 0.5
    page.let("pay", "rate * registered_list", "A rate a patient")
    page.pay("part", "pay", to="team_account", cash=[(2022, 2)])
    assert page.statement().total == 125
    assert next(page.statement().lines()).terms["share_of_year"] == 0.5


def test_a_name_means_a_step_then_a_term_then_a_measure() -> None:
    page = sheet(registered_list=[10.0])
    page.bring("base", [3.0], "Base")
    assert page.let("pay", "base * rate + registered_list", "All three").tolist() == [17.5]
    assert [entry.kind for entry in page.behind("pay")] == ["brought", "term", "measure", "step"]


@pytest.mark.parametrize("text", ["bas * rate", "registered_lists"])
def test_an_unknown_name_suggests_the_nearest(text: str) -> None:
    page = sheet(registered_list=[10.0])
    page.bring("base", [3.0], "Base")
    with pytest.raises(Mistake, match="Did you mean"):
        page.let("pay", text, "Wrong")


def test_a_value_of_another_shape_or_no_number_is_refused() -> None:
    page = sheet(registered_list=[10.0, 20.0])
    with pytest.raises(Mistake, match="shape"):
        page.bring("base", [1.0, 2.0, 3.0], "Wrong")
    with pytest.raises(Mistake, match="not a number for team 1"):
        page.bring("base", [1.0, np.nan], "Wrong")
    page.bring("base", 1.0, "Right")
    with pytest.raises(Mistake, match="twice"):
        page.bring("base", 1.0, "Again")


def test_money_is_taken_back_only_where_the_rule_says_so() -> None:
    page = sheet(registered_list=[10.0])
    page.let("pay", "0 - registered_list", "Back")
    page.pay("correction", "pay", to="team_account", cash=[(2022, 4)])
    with pytest.raises(Mistake, match="may_be_negative"):
        checked(page.statement(), "made")
    assert checked(page.statement(), "made", ["correction"]).total == -10


def test_statements_of_one_rule_add_up() -> None:
    page = sheet(registered_list=[10.0])
    page.pay("part", "registered_list", to="team_account", cash=[(2021, 1)])
    one = page.statement()
    assert (one + one).total == 2 * one.total
    assert Statement("made", 2021).frame().empty


def test_worksheets_are_let_go_with_the_statement_that_they_explain() -> None:
    page = sheet(registered_list=[10.0])
    page.pay("part", "registered_list", to="team_account", cash=[(2021, 1)])
    explained, known = page.statement(), weakref.ref(page)
    bare = explained.without_sheets()
    assert explained.sheets() == [page]
    assert (bare.total, bare.sheets()) == (explained.total, [None])
    gc.disable()
    try:
        del page, explained
        assert known() is None
    finally:
        gc.enable()

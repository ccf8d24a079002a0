"""Asalée; worked examples are in examples/asalee.toml."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.asalee import Asalee
from sim.payment.history import History
from sim.payment.terms import Change
from tests.sim.payment.some_people import each, reordered, settled

TEAMS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=6)
BUDGETS = st.floats(0, 1_000_000)


def years(teams: list[tuple[int, int, int]]) -> tuple[AccountsOfYear, AccountsOfYear]:
    physicians, before, now = (list(map(float, column)) for column in zip(*teams, strict=True))
    tables = ({"physicians": physicians, "fte_asalee": now}, {"fte_asalee": before})
    accounts, last = (AccountsOfYear.of_tables(y, {"team": t}) for y, t in zip((2024, 2023), tables, strict=True))
    return accounts, last


def rule(**terms: Any) -> Asalee:
    return Asalee([Change(name, value) for name, value in terms.items()])


@given(TEAMS, BUDGETS, st.sampled_from(("pro_rata", "queue")), st.sampled_from(("ratio", "present")))
@settings(max_examples=50)
def test_a_budget_is_spent_and_never_exceeded(
    teams: list[tuple[int, int, int]], budget: float, rationing: str, basis: str
) -> None:
    accounts, last = years(teams)
    short = settled(Asalee, accounts, last, budget=budget, rationing=rationing, basis=basis)
    whole = settled(Asalee, accounts, last, basis=basis)
    assert short.total == pytest.approx(min(budget, whole.total), abs=0.05)
    history = History({2023: last})
    funded = rule(budget=budget, rationing=rationing, basis=basis).fte_due(accounts, history)
    assert (funded >= 0).all()
    assert (funded <= rule(basis=basis).fte_due(accounts, history) + 1e-12).all()
    assert each(short, "team", accounts) == pytest.approx(funded * 56_000, abs=0.01)


@given(TEAMS, st.integers(1, 9))
@settings(max_examples=50)
def test_the_queue_is_by_date_and_then_by_row_not_by_place(teams: list[tuple[int, int, int]], seed: int) -> None:
    accounts, last = years(teams)
    columns = {"row": list(map(float, range(len(teams))))}
    moved, places = reordered(columns, seed)
    assert moved["row"] == places
    other, other_last = years([teams[place] for place in places])
    for one in (other, other_last):
        one.owners["team"].rows[:] = places
    terms: dict[str, Any] = {"budget": 100_000.0, "rationing": "queue"}
    paid = each(settled(Asalee, accounts, last, **terms), "team", accounts)
    assert each(settled(Asalee, other, other_last, **terms), "team", other) == pytest.approx(paid[places])


def test_a_stop_and_the_end_of_the_contract_count_once() -> None:
    stopped = Asalee([Change("stop", date(2023, 9, 1))], since=date(2023, 7, 1))
    assert stopped.share_of(2023) == 62 / 365
    assert Asalee([Change("stop", date(2023, 9, 1))], until=date(2023, 3, 31)).share_of(2023) == 90 / 365
    assert stopped.share_of(2024) == 0
    assert Asalee().share_of(2024) == 1


def test_the_team_is_given_time_and_no_cash() -> None:
    accounts, last = years([(5, 0, 0)])
    statement = settled(Asalee, accounts, last)
    assert {part.payee_kind for part in statement.components} == {"association"}
    assert np.array_equal(rule().fte_due(accounts, History()), [0.81])


def test_empty_accounts_pay_nothing() -> None:
    assert settled(Asalee, AccountsOfYear.of_tables(2024, {}), indemnity=25.0).total == 0
    assert settled(Asalee, years([(0, 0, 0)])[0], indemnity=25.0, budget=0.0).total == 0

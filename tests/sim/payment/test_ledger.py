"""The ledger: what was paid, kept without its arithmetic, and given to other contracts of the same payees."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.payment.accounts_of_year import Owners
from sim.payment.ledger import COLUMNS, from_bytes, ledger_of, statements_in, to_bytes
from sim.payment.statement import Component, Statement

QUARTERS = [(2021, 4), (2022, 2)]


def owners(*rows: int) -> Owners:
    return Owners(np.array(rows, dtype=np.int64), np.arange(len(rows)))


def part(name: str, known: Owners, cents: list[int], weights: list[list[float]] | None = None) -> Component:
    given = None if weights is None else np.array(weights, dtype=np.float64)
    return Component(name, "pay", "team_account", "team", known.rows, known.team, np.array(cents), QUARTERS, given)


def statement(*parts: Component, system: str = "bonus") -> Statement:
    return Statement(system, 2021, parts)


def amounts(
    found: dict[tuple[int, str], Statement], size: int, component: str = "", system: str = "bonus"
) -> list[float]:
    return found[2021, system].amounts("team", size, component=component).tolist()


def test_amounts_and_instalments_come_back() -> None:
    known = owners(3, 7, 5)
    paid = statement(part("a", known, [101, 0, -31], [[1, 2], [1, 1], [1, 0]]), part("b", known, [5, 6, 7]))
    again = statements_in(from_bytes(to_bytes(ledger_of([(0, paid)]))), {"team": known})
    assert list(again) == [(2021, "bonus")]
    assert amounts(again, 3, "a") == [1.01, 0, -0.31]
    for before, after in zip(paid.components, again[2021, "bonus"].components, strict=True):
        assert after.instalments().tolist() == before.instalments().tolist()
        assert list(after.cash) == QUARTERS


def test_contracts_of_today_take_what_was_paid_to_their_own_payees() -> None:
    one, two = statement(part("a", owners(0, 1), [100, 200])), statement(part("a", owners(4), [400]))
    ledger = ledger_of([(0, one), (1, two)])
    assert amounts(statements_in(ledger, {"team": owners(4, 2, 1)}), 3) == [4.0, 0, 2.0]
    assert statements_in(ledger, {"team": owners(2, 9)}) == {}
    assert statements_in(ledger, {"nurse": owners(0, 1)}) == {}


def test_nothing_paid_is_an_empty_ledger() -> None:
    ledger = ledger_of([])
    assert list(ledger.columns) == COLUMNS
    assert statements_in(from_bytes(to_bytes(ledger)), {"team": owners(0)}) == {}


@settings(max_examples=50)
@given(st.lists(st.integers(-(10**7), 10**8), min_size=1, max_size=6), st.integers(1, 4))
def test_no_cent_is_lost_on_the_way(cents: list[int], quarters: int) -> None:
    known = owners(*range(len(cents)))
    cash = [(2021, quarter) for quarter in range(1, quarters + 1)]
    paid = Component("a", "pay", "person", "physician", known.rows, known.team, np.array(cents), cash)
    (again,) = statements_in(ledger_of([(0, statement(paid))]), {"physician": known})[2021, "bonus"].components
    assert again.cents.tolist() == cents
    assert again.instalments().tolist() == paid.instalments().tolist()


@pytest.mark.parametrize("systems", [("a", "b"), ("a", "a")])
def test_rules_are_kept_apart(systems: tuple[str, str]) -> None:
    known = owners(0)
    ledger = ledger_of([(n, statement(part("x", known, [100]), system=name)) for n, name in enumerate(systems)])
    found = statements_in(ledger, {"team": known})
    assert sum(one.total for one in found.values()) == 2
    assert {name for _, name in found} == set(systems)

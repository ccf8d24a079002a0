"""Lump sums for registered patients; worked examples are in examples/list_lump_sums.toml."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.payment.accounts_of_year import LIST_CLASSES
from sim.payment.list_lump_sums import GROUPS, ListLumpSums, _group
from tests.sim.payment.some_people import PATIENTS, each, people, reordered, same_in_any_order, settled, year_of

CHILDREN, OLD_AND_ILL = LIST_CLASSES[0].name, LIST_CLASSES[-1].name
LISTS = people({CHILDREN: PATIENTS, OLD_AND_ILL: PATIENTS, "prevention_done": PATIENTS})
YEARS = st.integers(2005, 2030)


@given(LISTS, YEARS)
@settings(max_examples=50)
def test_every_component_is_linear_in_the_list(table: dict[str, list[float]], year: int) -> None:
    once = year_of(year, "physician", table)
    twice = year_of(year, "physician", {name: [2 * v for v in column] for name, column in table.items()})
    assert each(settled(ListLumpSums, twice), "physician", twice) == pytest.approx(
        2 * each(settled(ListLumpSums, once), "physician", once)
    )


@given(LISTS, YEARS, st.integers(1, 9))
@settings(max_examples=50)
def test_the_order_of_physicians_changes_nothing(table: dict[str, list[float]], year: int, seed: int) -> None:
    moved, places = reordered(table, seed)
    first, second = year_of(year, "physician", table), year_of(year, "physician", moved)
    amounts = each(settled(ListLumpSums, first), "physician", first)
    assert same_in_any_order(amounts, each(settled(ListLumpSums, second), "physician", second), places)
    assert amounts.min() >= 0


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(("uplift", "share")))
@settings(max_examples=50)
def test_more_poor_patients_never_pay_less(one: float, other: float, cap_reading: str) -> None:
    def paid(share: float) -> float:
        table = {CHILDREN: [1000.0], "registered_list": [1000.0], "list_c2s": [1000 * share]}
        return settled(ListLumpSums, year_of(2024, "physician", table), cap_reading=cap_reading).total

    low, high = sorted((one, other))
    assert 6000 <= paid(low) <= paid(high) <= 6000 * 1.25


def test_every_class_of_the_accounts_is_in_one_class_of_the_grid() -> None:
    found = [_group(one) for one in LIST_CLASSES]
    assert set(found) == set(GROUPS)
    assert all(name.startswith("ald") == one.ald for name, one in zip(found, LIST_CLASSES, strict=True))


def test_the_list_that_is_paid_is_that_of_the_year_before() -> None:
    now, before = (year_of(year, "physician", {CHILDREN: [n]}) for year, n in ((2024, 500.0), (2023, 100.0)))
    assert settled(ListLumpSums, now, before).total == 600
    assert settled(ListLumpSums, now, before, list_used="current").total == 3000
    assert settled(ListLumpSums, now).total == 3000


def test_empty_accounts_pay_nothing() -> None:
    assert settled(ListLumpSums, year_of(2024, "physician", {CHILDREN: [0.0] * 3})).total == 0

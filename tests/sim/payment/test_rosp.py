"""Pay for public-health objectives; worked examples are in examples/rosp.toml."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.payment.formula import formula
from sim.payment.norms import Norms
from sim.payment.quality import HIGHER, INDICATORS, LOWER, fraction
from sim.payment.rosp import ITEMS, Rosp, _reached
from tests.sim.payment.some_people import each, people, reordered, same_in_any_order, settled, year_of

NATION = Norms(
    deciles={f"rosp_{item}_physicians": np.linspace(0.1, 0.9, 9) for item in ITEMS},
    numbers={f"rosp_{item}": 0.5 for item in ITEMS},
)
COUNTS = {
    "registered_list": st.integers(0, 2000), "list_diabetic": st.integers(0, 200),
    "list_diabetic_three_tests": st.integers(0, 200), "list_prevention_due": st.integers(0, 1000),
    "list_inappropriate_drug": st.integers(0, 500), "list_polymedication_continuous": st.integers(0, 500),
    "list_drugs": st.integers(0, 5000), "ed_not_admitted": st.integers(0, 500),
}  # fmt: skip
PHYSICIANS = people(COUNTS)
SHARES = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)


@given(PHYSICIANS, PHYSICIANS, st.integers(2009, 2026))
@settings(max_examples=50)
def test_it_is_never_below_nothing_nor_above_all_points(
    table: dict[str, list[float]], before: dict[str, list[float]], year: int
) -> None:
    n = min(len(table["list_drugs"]), len(before["list_drugs"]))
    tables = [{name: column[:n] for name, column in one.items()} for one in (table, before)]
    now, last = (year_of(y, "physician", one) for y, one in zip((year, year - 1), tables, strict=True))
    paid = each(settled(Rosp, now, last, norms=NATION), "physician", now)
    assert (paid >= 0).all()
    assert (paid <= 9100 * now.measure("registered_list", "physician") / 800 + 0.01).all()


@given(PHYSICIANS, st.integers(1, 9))
@settings(max_examples=50)
def test_the_order_of_physicians_changes_nothing(table: dict[str, list[float]], seed: int) -> None:
    moved, places = reordered(table, seed)
    first, second = year_of(2021, "physician", table), year_of(2021, "physician", moved)
    one, other = (each(settled(Rosp, a, norms=NATION), "physician", a) for a in (first, second))
    assert same_in_any_order(one, other, places)


@given(SHARES, SHARES, SHARES)
@settings(max_examples=50)
def test_more_quality_never_pays_less(one: float, other: float, start: float) -> None:
    def paid(rate: float) -> float:
        def year(when: int, reached: float) -> object:
            return year_of(when, "physician", {"registered_list": [1000.0], "list_diabetic": [100.0],
                                               "list_diabetic_three_tests": [100 * reached]})  # fmt: skip

        return settled(Rosp, year(2021, rate), year(2020, start), norms=NATION).total  # type: ignore[arg-type]

    low, high = sorted((one, other))
    assert paid(low) <= paid(high)


@given(st.lists(SHARES, min_size=1, max_size=9), SHARES, SHARES, SHARES, st.sampled_from((HIGHER, LOWER)))
@settings(max_examples=50)
def test_what_is_reached_is_what_quality_scores_reach(
    rates: list[float], start: float, one: float, other: float, better: str
) -> None:
    half, full = sorted((one, other), reverse=better == LOWER)
    known = {"rate_x": np.array(rates), "start_x": start, "middle_x": half, "target_x": full, "half": 0.5}
    text = _reached("x", better, np.ones(1, dtype=bool))
    expected = fraction(np.array(rates), half, full, np.full(len(rates), start), better)
    assert formula(text)(known.__getitem__) == pytest.approx(expected)


def test_points_of_each_agreement_sum_to_what_was_published() -> None:
    by_year = {2013: 1300, 2021: 1000}
    for year, total in by_year.items():
        sheet = Rosp().sheet(year_of(year, "physician", {}), "physician")
        points = sum(sheet[f"points_{name}"] for name in (*ITEMS, "declared", "software", "opening"))
        assert points == total
    assert all(f"rosp_{item}" in INDICATORS for item in ITEMS)


def test_an_item_that_earns_nothing_needs_no_norm() -> None:
    accounts = year_of(2021, "physician", {"registered_list": [800.0]})
    nothing: dict[str, Any] = {f"points_{item}": 0.0 for item in ITEMS}
    assert settled(Rosp, accounts, **nothing).total == 420

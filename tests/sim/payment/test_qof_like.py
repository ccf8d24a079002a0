"""The strong bonus for quality: what holds of it; its worked examples are in examples/qof_like.toml."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.mistakes import Mistake
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.checks import checked
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.qof_like import QofLike
from sim.payment.terms import Change

CHEAP = settings(max_examples=50)
INCOME, CASES = st.integers(0, 900_000), st.integers(0, 100)


def settled(fees: list[float], seen: list[float], tested: list[float], **terms: Any) -> Numbers:
    n = len(fees)
    team = {"registered_list": [1000.0] * n, "fees": fees, "discharges": [100.0] * n, "discharges_seen_30": seen,
            "list_diabetic": [100.0] * n, "list_diabetic_three_tests": tested}  # fmt: skip
    policy = QofLike([Change(name, value) for name, value in terms.items()])
    statement = policy.settle(AccountsOfYear.of_tables(2012, {"team": team}), History(), Norms())
    return checked(statement, policy.name).amounts("team", n)


@given(st.lists(st.tuples(INCOME, CASES, CASES), min_size=1, max_size=6), st.floats(0, 50))
@CHEAP
def test_more_quality_never_pays_less_and_never_more_than_the_bonus(
    teams: list[tuple[int, int, int]], more: float
) -> None:
    fees, seen, tested = ([float(x) for x in column] for column in zip(*teams, strict=True))
    amounts = settled(fees, seen, tested)
    assert (amounts >= 0).all()
    assert (amounts <= 0.25 * np.array(fees) + 0.005).all()
    assert (settled(fees, [min(100, x + more) for x in seen], tested) >= amounts).all()
    assert np.array_equal(settled(fees[::-1], seen[::-1], tested[::-1]), amounts[::-1])


def test_the_bonus_is_linear_in_income() -> None:
    amounts = settled([1000.0, 2000.0], [70.0, 70.0], [60.0, 60.0])
    assert amounts[1] == pytest.approx(2 * amounts[0], abs=0.02)


def test_unknown_indicators_are_refused() -> None:
    with pytest.raises(Mistake, match='Did you mean "seen_after_discharge"'):
        QofLike([Change("indicators", ["seen_after_discharges"])])  # before anything runs
    with pytest.raises(Mistake, match="no share of patients"):
        settled([1000.0], [70.0], [60.0], indicators=["rosp_drugs"])
    with pytest.raises(Mistake, match="one for each of the 3 indicators"):
        settled([1000.0], [70.0], [60.0], weights=[1.0])


def test_without_indicators_nothing_is_paid() -> None:
    assert settled([1000.0], [70.0], [60.0], indicators=[]) == pytest.approx([0])

"""Contract of territorial communities, properties; its worked examples are in examples/aci_cpts.toml."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.mistakes import Mistake
from agents.teams import CPTS
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.aci_cpts import MISSIONS, AciCpts
from sim.payment.checks import checked
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.statement import Statement
from sim.payment.terms import Change

PEOPLE = st.lists(st.integers(1_000, 400_000), min_size=1, max_size=5)


def settled(people: list[int], *, since: date | None = None, year: int = 2021, **terms: Any) -> Statement:
    policy = AciCpts([Change(name, value) for name, value in terms.items()], since=since)
    accounts = AccountsOfYear.of_tables(year, {"team": {"team_kind": [CPTS] * len(people)}}, {"residents": people})
    return checked(policy.settle(accounts, History(), Norms()), policy.name)


def reached(share: float) -> dict[str, float]:
    return dict.fromkeys(MISSIONS, share)


@settings(max_examples=50)
@given(PEOPLE, st.floats(0, 1), st.floats(0, 1))
def test_better_results_never_pay_less_and_never_more_than_the_maximum(
    people: list[int], one: float, two: float
) -> None:
    n = len(people)
    less, more = (settled(people, achievement=reached(share)).amounts("team", n) for share in sorted((one, two)))
    full = settled(people, achievement=reached(1.0)).amounts("team", n)
    assert (less <= more).all()
    assert (more <= full).all()
    assert set(full.tolist()) <= {220_000, 287_000, 370_000, 450_000}


@settings(max_examples=50)
@given(PEOPLE, st.randoms(use_true_random=False))
def test_a_community_is_paid_the_same_in_any_company(people: list[int], random: Any) -> None:
    order = list(range(len(people)))
    random.shuffle(order)
    alone = settled(people).amounts("team", len(people))
    assert settled([people[i] for i in order]).amounts("team", len(people)).tolist() == alone[order].tolist()


@settings(max_examples=50)
@given(st.integers(1_000, 400_000), st.lists(st.sampled_from(MISSIONS), unique=True))
def test_missions_add_up(people: int, missions: list[str]) -> None:
    base = settled([people], missions=[]).total
    parts = [settled([people], missions=[mission]).total - base for mission in missions]
    assert settled([people], missions=missions).total - base == pytest.approx(sum(parts), abs=0.05)


def test_missions_are_paid_from_the_day_they_start() -> None:
    signed = date(2021, 7, 1)
    first, second, third = (settled([23_000], since=signed, year=year) for year in (2021, 2022, 2023))
    assert first.total < second.total < third.total
    assert {part.name for part in first.components} == {"operating"}
    start = next(part for part in second.components if part.name == "missions_at_start")
    by_quarter = start.instalments()[0]
    # access and crisis began on 1 January, the other four on 1 July, for half of the year
    assert by_quarter[0] == pytest.approx(by_quarter[2] * 2 / (4 * 184 / 365), rel=1e-6)
    assert not by_quarter[[1, 3]].any()
    assert {line.cash_year for line in second.lines() if line.component == "missions_after_a_year"} == {2023}


def test_a_mission_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(Mistake, match=r'"acces" is not known\. Did you mean "access"'):
        AciCpts([Change("missions", ["pathways", "acces"])])
    assert set(AciCpts().terms.of["missions"].choices) == set(MISSIONS)


def test_money_goes_to_the_association() -> None:
    statement = settled([23_000])
    assert {line.payee_kind for line in statement.lines()} == {"association"}
    assert np.isclose(sum(line.amount for line in statement.lines()), statement.total)

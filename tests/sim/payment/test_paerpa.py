"""Paerpa: every plan is paid once, to the cent."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import patients as people
from sim.accounts import Accounts
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.checks import checked
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.paerpa import MEMBERS, Paerpa, plan_parts, split_evenly
from sim.payment.terms import Change
from tests.invented_lines import accounting_world

CHEAP = settings(max_examples=50)
TEAMS = st.integers(0, 3)


@given(st.lists(st.tuples(st.integers(0, 60), TEAMS), max_size=8), st.lists(TEAMS, max_size=8),
       st.sampled_from(["equal", "physician_heavy"]), st.floats(0, 300))  # fmt: skip
@CHEAP
def test_every_plan_is_paid_once(
    physicians: list[tuple[int, int]], nurses: list[int], split: str, amount: float
) -> None:
    amount = round(amount, 2)
    frail = np.array([plans for plans, _ in physicians], dtype=float)
    accounts = AccountsOfYear.of_tables(2015, {
        "team": {"registered_list": [1000.0] * 4},
        "physician": {"list_frail": frail, "team": [float(team) for _, team in physicians]},
        "nurse": {"team": [float(team) for team in nurses], "team_nurses": [1.0] * len(nurses)},
    })  # fmt: skip
    policy = Paerpa([Change("split", split), Change("amount", amount)])
    statement = checked(policy.settle(accounts, History(), Norms()), policy.name)
    assert round(statement.total * 100) == round(100 * amount) * frail.sum()


@given(st.floats(0, 300), st.sampled_from(["equal", "physician_heavy"]))
@CHEAP
def test_the_parts_of_a_plan_are_the_amount(amount: float, split: str) -> None:
    amount = round(amount, 2)
    policy = Paerpa([Change("split", split), Change("amount", amount)])
    parts = plan_parts(policy.at(AccountsOfYear.of_tables(2015, {}).last_day))
    assert tuple(parts) == MEMBERS
    assert round(100 * sum(parts.values())) == round(100 * amount)


def test_members_share_a_pool_to_the_cent() -> None:
    found = split_evenly(np.array([100, 7, 5]), np.array([0, 2, 0, 2, 0, 1]))
    assert found.tolist() == [34, 3, 33, 2, 33, 7]


def test_who_is_frail() -> None:
    world = accounting_world()
    world.patients["frailty"] = np.random.default_rng(4).integers(0, 256, len(world.patients))
    accounts = Accounts(world)
    accounts.close_year(world, 1)
    living = world.patients[(world.patients["flags"] & people.ALIVE) > 0]
    age = (world.week - living["birth_week"].astype(int)) // 52
    assert accounts.total("list_frail", 1, "team") == ((age >= 75) & (living["frailty"] >= 128)).sum()

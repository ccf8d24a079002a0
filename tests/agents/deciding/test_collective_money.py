"""Collective money: the order of spending, and the posts that stacked money pays (behaviour F4)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding import collective_money as money
from tests.agents.deciding.people import weights

EUROS = st.floats(0, 1e6)


@given(money_=st.floats(-1e5, 1e6), commitments=EUROS, projects=EUROS, hours=EUROS)
@settings(max_examples=50)
def test_euros_are_conserved(money_: float, commitments: float, projects: float, hours: float) -> None:
    given_ = [np.array([value]) for value in (money_, commitments, projects, hours)]
    spent = money.in_order(*given_)
    assert sum(part[0] for part in spent) == pytest.approx(max(0.0, money_))
    assert all(part[0] >= 0 for part in spent)
    assert spent.free[0] == 0 or spent.hours[0] == pytest.approx(hours)
    assert spent.hours[0] == 0 or spent.projects[0] == pytest.approx(projects)
    assert spent.projects[0] == 0 or spent.commitments[0] == pytest.approx(commitments)


def test_only_money_that_came_twice_counts_in_full() -> None:
    q = weights()
    flows = np.array([[50_000.0, -5.0], [100_000.0, 10.0]])
    assert money.counted_on(flows, q)[:, 0] == pytest.approx([50_000, 50_000 + 0.3 * 50_000])
    assert money.counted_on(flows, q)[:, 1] == pytest.approx([0, 3])


def test_a_post_needs_stacked_money_and_a_project() -> None:
    q, may = weights(), np.ones(4)
    free = np.array([[70_000.0, 70_000.0, 13_000.0, 500_000.0], [68_000.0, 68_000.0, 500_000.0, 500_000.0]])
    opened = money.posts_to_open(free, np.array([1.0, 0.9, 1.0, 2.0]), may, q)
    assert opened.value == pytest.approx([1.0, 0.0, 0.0, 1.0])
    assert money.posts_to_open(free, np.ones(4), np.zeros(4), q).value.sum() == 0


@given(one=st.floats(0, 2e5), more=st.floats(0, 2e5))
@settings(max_examples=50)
def test_more_money_never_opens_less(one: float, more: float) -> None:
    q = weights()
    each = np.ones(1)
    low, high = (money.posts_to_open(np.full((2, 1), free), each, each, q).value for free in (one, one + more))
    assert low <= high


def test_a_post_lives_as_long_as_its_funding() -> None:
    q = weights()
    fund, short = np.array([100_000.0, 0.0, -5_000.0, 0.0]), np.array([30_000.0, 30_000.0, 500_000.0, 0.0])
    closed = money.posts_to_close(fund, short, np.array([1.0, 1.0, 0.6, 1.0]), q).value
    assert closed == pytest.approx([0.0, 0.6, 0.6, 0.0])


def test_projects_that_are_being_written_cost_nothing_and_contracts_press_the_rate() -> None:
    q = weights()
    assert money.project_costs(np.array([0.5, 1.5, 2.0]), q) == pytest.approx([0, 3_000, 6_000])
    assert money.rate_after_contract(np.array([50.0]), q) == pytest.approx([47.5])
    assert money.starting_commitments(np.array([0.3]), np.array([10.0]), q) == pytest.approx([18_200])

"""What holds for every sharing rule, whatever the members: nothing lost or made, no order, no debt but its own."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from agents.teams import SHARING_RULES
from sim.payment.sharing.members import COLUMNS, Members
from sim.payment.sharing.registry import sharing_rule
from sim.payment.sharing.rule import Cents
from sim.payment.terms import Change

TEAMS = 4
FULL = sorted(name for name in SHARING_RULES if not sharing_rule(name).keeps_rest)
CLAIMED = ["equal_hourly", "fee_hourly", "residual"]


@st.composite
def situations(draw: st.DrawFn) -> tuple[Cents, Members]:
    """Accounts of four teams, and members of any of them."""
    n = draw(st.integers(0, 12))
    amount = st.one_of(st.just(0.0), st.floats(0, 200_000).map(lambda value: round(value, 2)))
    columns = dict(zip(COLUMNS, draw(some.arrays(np.float64, (len(COLUMNS), n), elements=amount)), strict=True))
    columns |= {
        "team": draw(some.arrays(np.int64, n, elements=st.integers(0, TEAMS - 1))),
        "level": draw(some.arrays(np.int64, n, elements=st.integers(0, 1))),
        "row": np.array(draw(st.permutations(range(n))), dtype=np.int64),
        "takes_part": draw(some.arrays(np.bool_, n)),
        "hourly_rate": draw(some.arrays(np.float64, TEAMS, elements=st.floats(0, 200))),
        "professionals": np.full(TEAMS, 5.0),
    }
    cents = draw(some.arrays(np.int64, TEAMS, elements=st.integers(-1_000_000, 10**11)))
    return cents, Members.of_columns(2021, TEAMS, columns)


@settings(max_examples=50)
@given(situations())
def test_nothing_is_lost_and_nothing_created(situation: tuple[Cents, Members]) -> None:
    account, members = situation
    for name in SHARING_RULES:
        shared = sharing_rule(name)().shared(account, members)
        of_team = np.bincount(members.team, shared.cents, minlength=TEAMS).astype(np.int64)
        assert (of_team + shared.kept).tolist() == account.tolist(), name
        assert not shared.cents[~members.takes_part].any()
        owes = account[members.team] < 0
        assert (shared.cents[~owes] >= 0).all()
        assert (shared.cents[owes] <= 0).all()
        assert (shared.kept >= np.minimum(account, 0)).all()


@settings(max_examples=50)
@given(situations())
def test_a_rule_for_persons_gives_them_all(situation: tuple[Cents, Members]) -> None:
    account, members = situation
    for name in FULL:
        shared = sharing_rule(name)().shared(account, members)
        peopled = np.bincount(members.team[members.takes_part], minlength=TEAMS) > 0
        assert not shared.kept[peopled].any()


@settings(max_examples=50)
@given(situations())
def test_a_debt_is_borne_as_the_same_money_would_be_shared(situation: tuple[Cents, Members]) -> None:
    account, members = situation
    for name in SHARING_RULES:
        rule = sharing_rule(name)()
        borne = -rule.shared(-np.abs(account), members).cents
        wanted = rule.shared(np.abs(account), members).cents if name in FULL else np.zeros_like(borne)
        assert borne.tolist() == wanted.tolist(), name


@settings(max_examples=50)
@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_members_does_not_matter(situation: tuple[Cents, Members], random: object) -> None:
    account, members = situation
    order = np.arange(len(members))
    random.shuffle(order)  # type: ignore[attr-defined]
    for name in SHARING_RULES:
        rule = sharing_rule(name)()
        assert rule.share(account, members.rows(order)).tolist() == rule.share(account, members)[order].tolist()


@settings(max_examples=50)
@given(situations())
def test_more_money_never_gives_less_and_no_more_than_the_claim(situation: tuple[Cents, Members]) -> None:
    account, members = situation
    for name in CLAIMED:
        rule = sharing_rule(name)()
        less, more = rule.share(account, members), rule.share(account + 100_000, members)
        assert (more >= less - 1).all()  # largest remainders may move a cent
        price = members.act_price * 4 if name == "fee_hourly" else members.hourly_rate[members.team]
        assert (more / 100 <= price * members.hours + 0.011).all()


@settings(max_examples=50)
@given(situations())
def test_nobody_is_below_the_reference_where_the_account_holds_it(situation: tuple[Cents, Members]) -> None:
    account, members = situation
    shared = sharing_rule("hold_harmless")().shared(account, members)
    if not len(shared.sheet.rows("share")):
        return
    reference, needed = shared.sheet.rows("reference"), shared.sheet.rows("reference_of_team")
    held = (shared.sheet.rows("pool") >= needed) & (needed > 0) & (shared.sheet.rows("account") >= 0)
    got = shared.cents[shared.here]
    assert (got[held] >= np.floor(np.round(reference[held] * 100, 4))).all()
    cut = (shared.sheet.rows("pool") < needed) & (needed > 0)
    assert (got[cut] <= reference[cut] * 100 + 1).all()


@pytest.mark.parametrize("name", sorted(set(SHARING_RULES) - {"salaried"}))
@settings(max_examples=20)
@given(st.integers(-(10**9), 10**9), st.floats(0, 1000).map(lambda value: round(value, 2)))
def test_one_member_gets_all(name: str, cents: int, amount: float) -> None:
    columns = {column: [amount] for column in COLUMNS}
    members = Members.of_columns(2021, 1, columns)
    assert sharing_rule(name)().share(np.array([cents]), members).tolist() == [cents]


@pytest.mark.parametrize("name", SHARING_RULES)
def test_an_empty_account_gives_nothing(name: str) -> None:
    members = Members.of_columns(2021, 1, {"days": [1, 2], "hours": [3, 4], "hourly_rate": [50]})
    assert sharing_rule(name)().share(np.array([0]), members).tolist() == [0, 0]


@pytest.mark.parametrize("name", FULL)
def test_zero_weights_fall_back_to_equal_parts(name: str) -> None:
    members = Members.of_columns(2021, 1, {"level": [0, 0, 0, 0]})
    assert sharing_rule(name)().share(np.array([4_000]), members).tolist() == [1_000] * 4


def test_terms_are_checked_and_change_what_is_shared() -> None:
    members = Members.of_columns(2021, 1, {"days": [1, 3]})
    by_days = sharing_rule("equal")([Change("equal_by", "presence")])
    assert by_days.share(np.array([400]), members).tolist() == [100, 300]
    assert by_days.share(np.array([400]), replace(members, days=np.zeros(2))).tolist() == [200, 200]

"""A year's money of a few teams, from payees to persons: which rule shares what, and nothing is lost on the way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from agents.teams import GROUP, HEALTH_CENTRE, MSP, SHARING_RULES
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.policy import Policy
from sim.payment.sharing.rule import COLLECTIVE, FEES, LUMP_SUM, PERSONAL
from sim.payment.sharing.shares import Shares
from sim.payment.sharing.year import YearToShare
from sim.payment.statement import Component, Statement, quarters, to_cents
from sim.payment.terms import Change

POOLS = {"fee_for_service": "fees", "peps": "lump_sum", "ipep": "collective", "rosp": "personal"}
PHYSICIANS = {
    "team": [0, 0, 1, 1],
    "physicians": [1, 1, 1, 1],
    "days": [200, 100, 200, 200],
    "hours_collective_physicians": [24, 24, 10, 0],
    "registered_list": [1000, 500, 800, 800],
    "shadow_acts_G_in_list": [3000, 1000, 0, 0],
    "shadow_fees_G_in_list": [75_000, 25_000, 0, 0],
    "fees": [20_000, 10_000, 90_000, 60_000],
    "acts": [3800, 1400, 3600, 2400],
}
NURSES = {
    "team": [0, 1],
    "team_nurses": [1, 1],
    "nurse_on_a_wage": [0, 1],
    "hours_collective_nurses": [12, 40],
    "fees": [50_000, 0],
    "delegated_acts": [100, 50],
}


def accounts(year: int = 2021, **team: ArrayLike) -> AccountsOfYear:
    teams: dict[str, ArrayLike] = {
        "team_kind": [MSP, GROUP],
        "n_prof": [10, 3],
        "house_hourly_rate": [50, 50],
        "shadow_acts_G_in_list": [4000, 0],
    }
    return AccountsOfYear.of_tables(year, {"team": teams | team, "physician": PHYSICIANS, "nurse": NURSES})


def paid(system: str, level: str, to: str, euros: list[float], team: list[int] | None = None) -> Statement:
    n = len(euros)
    owner = np.arange(n) if team is None else np.array(team)
    part = Component("pay", "pay", to, level, np.arange(n), owner, to_cents(euros), quarters(2021))
    return Statement(system, 2021, (part,))


STATEMENTS = [
    paid("fee_for_service", "physician", "person", [20_000, 10_000, 90_000, 60_000], [0, 0, 1, 1]),
    paid("fee_for_service", "nurse", "person", [50_000, 0], [0, 1]),
    paid("rosp", "physician", "person", [5_000, 4_000, 3_000, 2_000], [0, 0, 1, 1]),
    paid("peps", "team", "team_account", [120_000, 0]),
    paid("ipep", "team", "team_account", [30_000, 10_000]),
    paid("asalee", "team", "association", [45_000, 0]),
]


def shared(*rules: str, statements: list[Statement] = STATEMENTS, **facts: object) -> Shares:
    codes = [SHARING_RULES.index(rule) for rule in rules]
    given_accounts = facts.pop("accounts", None) or accounts()
    history = facts.pop("history", None) or History()
    money = YearToShare.of_accounts(statements, given_accounts, history, pools=POOLS, **facts)  # type: ignore[arg-type]
    return money.by(codes)


def test_each_kind_of_money_goes_its_way() -> None:
    shares = shared("fee_proportional", "individual")
    assert shares.of_pool(PERSONAL).tolist() == [2_500_000, 1_400_000, 9_300_000, 6_200_000, 5_000_000, 0]
    assert shares.of_pool(LUMP_SUM).tolist() == [9_000_000, 3_000_000, 0, 0, 0, 0]
    assert shares.of_pool(COLLECTIVE).tolist() == [120_000, 120_000, 50_000, 0, 60_000, 0]
    assert not shares.of_pool(FEES).any()
    assert shares.kept[COLLECTIVE].tolist() == [2_700_000, 950_000]
    assert shares.elsewhere["association"].tolist() == [4_500_000, 0]


def test_incomes_are_found_by_row() -> None:
    shares = shared("equal", "equal")
    assert shares.income_of("physician", 6).tolist() == [86_200, 75_200, 93_500, 62_000, 0, 0]
    assert shares.income_of("nurse", 2).tolist() == [50_600, 0]


def test_a_nurse_has_a_part_of_the_lump_sum_where_acts_are_worth_the_same() -> None:
    assert shared("same_act_same_pay", "equal").of_pool(LUMP_SUM).tolist() == [8_775_000, 2_925_000, 0, 0, 300_000, 0]


def test_a_reference_year_is_the_last_year_of_fees() -> None:
    fees = {"physician": {**PHYSICIANS, "fees_G_in_list": [60_000, 40_000, 0, 0], "days": [200, 200, 200, 200]}}
    teams = {"team_kind": [MSP, GROUP]}
    before = {year: AccountsOfYear.of_tables(year, {"team": teams, **fees, "nurse": NURSES}) for year in (2017, 2018)}
    fees["physician"]["fees_G_in_list"] = [1, 1, 1, 1]
    peps_year = {"team": {**teams, "shadow_acts_G_in_list": [4000, 0]}, **fees, "nurse": NURSES}
    before[2020] = AccountsOfYear.of_tables(2020, peps_year)
    # the shadow fees of earlier years belong to the same physicians: 135,000 and 65,000 x half of the days
    shares = shared("hold_harmless", "equal", history=History(before))
    assert shares.members.reference_income[:2].tolist() == [135_000, 65_000]
    assert shares.of_pool(LUMP_SUM)[:2].sum() == 12_000_000
    assert shares.of_pool(LUMP_SUM)[0] == round(12_000_000 * 135_000 / 167_500)


def test_pooled_fees_are_those_of_physicians() -> None:
    shares = shared("individual", "fee_pooling")
    assert shares.of_pool(FEES).tolist() == [0, 0, 7_500_000, 7_500_000, 0, 0]
    assert shares.of_pool(PERSONAL).tolist() == [2_500_000, 1_400_000, 300_000, 200_000, 5_000_000, 0]
    everybody = shared("fee_pooling", "fee_pooling", changes={"sharing": [Change("fees_pooled_by", "all")]})
    assert everybody.of_pool(FEES)[[0, 1, 4]].tolist() == [2_666_667, 2_666_667, 2_666_666]


def test_salaried_members_get_nothing_but_what_is_theirs() -> None:
    shares = shared("equal", "salaried")
    assert shares.incomes()[2:4].tolist() == [300_000, 200_000]
    assert shares.kept[FEES].tolist() == [0, 15_000_000]
    centre = shared("equal", "equal", accounts=accounts(team_kind=[HEALTH_CENTRE, GROUP]))
    assert not centre.of_pool(LUMP_SUM).any()
    assert centre.kept[LUMP_SUM].tolist() == [12_000_000, 0]


def test_costs_come_first_and_collective_money_pays_them_before_the_lump_sum() -> None:
    with_costs = accounts(fixed_commitments=[25_000, 0])
    shares = shared("equal", "equal", accounts=with_costs, projects=np.array([8_000.0, 0]))
    # 30,000 pay 25,000 of staff and 5,000 of projects; the lump sum the other 3,000
    assert not shares.of_pool(COLLECTIVE)[[0, 1, 4]].any()
    assert shares.of_pool(LUMP_SUM).tolist() == [5_850_000, 5_850_000, 0, 0, 0, 0]
    assert shares.kept[COLLECTIVE][0] == 3_000_000
    assert shares.kept[LUMP_SUM][0] == 300_000


@pytest.mark.parametrize(
    ("rule", "first"), [("fee_hourly", 240_000), ("equal_hourly", 120_000), ("hold_harmless", 120_000)]
)
def test_collective_money_goes_by_the_hour(rule: str, first: int) -> None:
    assert shared(rule, "equal").of_pool(COLLECTIVE)[0] == first


def test_textbooks_share_collective_money_in_equal_parts() -> None:
    shares = shared("equal", "equal", changes={"sharing": [Change("collective_rule", "equal")]})
    assert shares.of_pool(COLLECTIVE).tolist() == [1_000_000, 1_000_000, 500_000, 500_000, 1_000_000, 0]


def test_lists_weigh_by_what_their_patients_are_worth() -> None:
    by_number = shared("individual", "individual").of_pool(LUMP_SUM)
    assert by_number[:2].tolist() == [8_000_000, 4_000_000]
    members = accounts()
    worth = np.zeros(members.classes("physician").shape[1])
    assert shared("individual", "individual", worth=worth).of_pool(LUMP_SUM)[:2].tolist() == [6_000_000, 6_000_000]


def test_everybody_can_be_told_why() -> None:
    shares = shared("fee_proportional", "individual")
    reasons = list(shares.why(0))
    assert sum(reason.amount for reason in reasons) == pytest.approx(shares.incomes()[0] / 100)
    assert {reason.rule for reason in reasons} == {"", "fee_proportional", "equal_hourly"}
    told = next(reason for reason in reasons if reason.rule == "fee_proportional")
    assert told.sheet is not None
    row = told.sheet.row(told.step, told.place)
    assert (row["acts_value"], row["acts_value_of_team"], row["share"]) == (75_000, 100_000, 90_000)


def test_the_table_holds_every_cent() -> None:
    shares = shared("equal", "fee_pooling")
    frame = shares.frame()
    assert frame["cents"].sum() == shares.incomes().sum()
    assert set(frame["pool"]) == {PERSONAL, LUMP_SUM, COLLECTIVE, FEES}
    assert shared("equal", "equal", statements=[]).frame().empty


def test_a_policy_says_where_its_money_goes() -> None:
    assert Policy.pool == "personal"


@settings(max_examples=50)
@given(
    st.tuples(st.sampled_from(SHARING_RULES), st.sampled_from(SHARING_RULES)),
    st.lists(st.integers(-(10**7), 10**9), min_size=10, max_size=10),
)
def test_every_cent_reaches_somebody_or_stays(rules: tuple[str, str], cents: list[int]) -> None:
    euros = [one / 100 for one in cents]
    statements = [
        paid("fee_for_service", "physician", "person", euros[:4], [0, 0, 1, 1]),
        paid("fee_for_service", "nurse", "person", euros[4:6], [0, 1]),
        paid("peps", "team", "team_account", euros[6:8]),
        paid("ipep", "team", "team_account", euros[8:]),
    ]
    shares = shared(*rules, statements=statements)
    assert shares.incomes().sum() + shares.on_accounts().sum() == sum(cents)
    paid_in = np.sum([cents for pool in shares.paid_in.values() for cents in pool.values()], axis=0)
    of_rules = np.sum([shares.of_pool(pool) for pool in (COLLECTIVE, LUMP_SUM, FEES)], axis=0)
    by_team = np.bincount(shares.members.team, of_rules, minlength=2).astype(np.int64)
    assert (by_team + shares.on_accounts()).tolist() == paid_in.tolist()

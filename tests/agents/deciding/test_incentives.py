"""What money is felt to be: the worked example of behaviour D9, each filter on its own, what is remembered of pay."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding import incentives as felt
from agents.deciding.attention import LEVER_NAMES, pay_changed
from agents.declarations import Row, Table, new_table
from agents.physicians import COLUMNS
from agents.quotes import Quote
from agents.templates import (
    DIABETES_TEST,
    EURO_SAVED,
    HANDOVER,
    N_TEMPLATES,
    PHONE_CONTACT,
    PREVENTION_ACT,
    TEMPLATES,
    VISIT,
    handover,
)
from sim.parameters import behaviour_record

MONEY = st.floats(-200, 200)
PART = st.floats(0, 1)


def parameters(**changes: Any) -> Row:
    return behaviour_record({f"incentives.{name}": value for name, value in changes.items()})[0]


def physicians(kappa: float = 0.0, **columns: Any) -> Table:
    table = new_table(COLUMNS, 1)
    table["income"] = table["income_habit"] = 80_000
    table["kappa"] = kappa
    for name, value in columns.items():
        table[name] = value
    return table


def quote(direct: float = 0, settled: float = 0, team: float = 0, lag: float = 0, chance: float = 1) -> Quote:
    return Quote(*(np.array([float(value)]) for value in (direct, settled, team, lag, chance)))


def phat(paid: Quote, p: Table, q: Row | None = None, action: str = "visit", **more: Any) -> float:
    found = felt.perceived({action: paid}, p, np.ones(len(p)), parameters() if q is None else q, 52, **more)
    return float(found[action][0])


def lost_a_fee(kappa: float) -> Table:
    """A physician who lost a fee of 30 EUR a visit a year before week 52."""
    p = physicians(kappa, pay_changed_week=0)
    p["phantom_pay"][:, VISIT] = 30
    return p


def test_the_worked_example_of_the_specification() -> None:
    assert phat(quote(direct=30), physicians()) == pytest.approx(30)
    informed, uninformed = lost_a_fee(1.0), lost_a_fee(0.0)
    assert phat(quote(lag=1), informed) == 0
    assert phat(quote(lag=1), uninformed) == pytest.approx(21.2, abs=0.05)
    assert phat(quote(settled=25.7, team=0, lag=1), informed) == pytest.approx(18.5, abs=0.05)
    new_patient = quote(direct=18, settled=21, team=105, lag=1)
    assert phat(new_patient, informed, action="registration") == pytest.approx(52, abs=0.5)
    individual = quote(direct=18, settled=105, team=105, lag=1)
    assert phat(individual, informed, action="registration") == pytest.approx(113, abs=0.6)
    lottery = quote(direct=30, settled=-3, team=-15, chance=0.05, lag=1.5)
    assert phat(lottery, physicians(1.0)) == pytest.approx(29.7, abs=0.1)


def test_direct_pay_is_felt_by_everybody_at_once() -> None:
    for kappa in (0.0, 0.5, 1.0):
        assert phat(quote(direct=10), physicians(kappa), action="euro_saved") == 10


@settings(max_examples=50)
@given(settled=MONEY, kappa=PART, more=PART, lag=st.floats(0.2, 3), chance=PART)
def test_settled_money_weighs_more_the_better_it_is_known(
    settled: float, kappa: float, more: float, lag: float, chance: float
) -> None:
    paid = quote(settled=settled, team=settled, lag=lag, chance=chance)
    low, high = (phat(paid, physicians(known)) for known in sorted((kappa, more)))
    assert abs(low) <= abs(high) + 1e-9 <= abs(settled) + 1e-9
    assert high * settled >= 0


@settings(max_examples=50)
@given(scale=st.sampled_from([0.0, 1.0, 4.0]), settled=MONEY, direct=MONEY)
def test_the_felt_incentive_is_proportional_to_the_money(scale: float, settled: float, direct: float) -> None:
    once = phat(quote(direct, settled, settled, 1), physicians(0.5))
    assert phat(quote(scale * direct, scale * settled, scale * settled, 1), physicians(0.5)) == pytest.approx(
        scale * once, abs=1e-9
    )


def test_a_euro_is_worth_less_to_who_earns_more_than_usual() -> None:
    assert phat(quote(direct=10), physicians(income=100_000)) < 10 < phat(quote(direct=10), physicians(income=60_000))
    assert phat(quote(direct=10), physicians(income=100_000), parameters(income_effect=0.0)) == 10
    assert phat(quote(direct=10), physicians(income=0)) == 10
    assert phat(quote(direct=10), physicians(income=1)) == 20, "however poor the year"


def test_the_norm_lets_good_care_through_and_mocks_cost_cutting() -> None:
    gate = felt.norm_gate(parameters())
    assert gate[VISIT] == 1
    assert gate[PREVENTION_ACT] == gate[DIABETES_TEST] > 1
    assert 0 < gate[EURO_SAVED] < 1
    worst = [0.0] * N_TEMPLATES
    worst[EURO_SAVED], worst[PREVENTION_ACT] = -1.0, 1.5
    strict = felt.norm_gate(parameters(benefit=worst))
    assert strict[EURO_SAVED] == -0.2
    assert strict[PREVENTION_ACT] == pytest.approx(1.27, abs=0.01)
    assert (felt.norm_gate(parameters(benefit=[0.0] * N_TEMPLATES)) == 1).all()


def test_what_the_team_shares_out_at_once_is_known_by_all() -> None:
    assert phat(quote(settled=6, team=6), physicians(0.05)) == pytest.approx(0.9 * 6)
    assert phat(quote(settled=6, team=6, lag=1), physicians(0.05)) == pytest.approx(0.05 * 0.9 * 6)
    unseen = np.zeros((1, N_TEMPLATES), dtype=bool)
    assert phat(quote(settled=6, team=6), physicians(0.5), seen=unseen) == 0
    assert phat(quote(settled=6, team=6), physicians(0.5), parameters(least_knowledge=1.0), seen=unseen) == 6


def test_colleagues_count_with_cohesion() -> None:
    paid = {"visit": quote(settled=0, team=100, lag=0)}
    apart = felt.perceived(paid, physicians(1.0), np.zeros(1), parameters(), 0)["visit"]
    close = felt.perceived(paid, physicians(1.0), np.ones(1), parameters(), 0)["visit"]
    assert (apart[0], close[0]) == (0, 20)


def test_hand_overs_share_what_is_known_of_them() -> None:
    p = physicians()
    p["kappa"][:, HANDOVER] = 1
    names = [handover(1, 2), handover(5, 1)]
    found = felt.perceived(
        {name: quote(settled=10, team=10, lag=0.5) for name in names}, p, np.ones(1), parameters(), 0
    )
    assert found[names[0]] == found[names[1]] > 9


def test_nurses_know_what_their_team_splits_and_little_else() -> None:
    paid = {"collective_hour": quote(direct=5, settled=20, team=20), "visit": quote(settled=20, team=20, lag=1)}
    found = felt.perceived_by_nurses(paid, np.ones(1), parameters())
    assert found["collective_hour"] == 5 + 0.9 * 20
    assert found["visit"] == pytest.approx(0.05 * 0.9 * 20)


def visit_paid(euros: float) -> dict[str, Quote]:
    return {"visit": quote(direct=euros)}


def put(p: Table, noted: felt.PayNoted) -> None:
    for name, values in noted._asdict().items():
        p[name] = values


def test_a_lost_fee_is_noticed_and_fades() -> None:
    p, q = physicians(), parameters()
    put(p, felt.noted(visit_paid(30), p, q, 0, first=True))
    assert (p["direct_pay"][0, VISIT], p["pay_changed_week"][0, VISIT]) == (30, -1)
    assert not p["phantom_pay"].any()
    put(p, felt.noted(visit_paid(31), p, q, 10))
    assert (p["pay_changed_week"] == -1).all(), "3 % more goes unnoticed"
    put(p, felt.noted(visit_paid(0), p, q, 20))
    assert (p["direct_pay"][0, VISIT], p["phantom_pay"][0, VISIT], p["pay_changed_week"][0, VISIT]) == (0, 30, 20)
    left = [felt.phantom_left(p, q, week)[0, VISIT] for week in (20, 20 + 104, 20 + 208)]
    assert left == pytest.approx([30, 15, 7.5])
    assert felt.phantom_left(p, parameters(phantom=0.0), 20)[0, VISIT] == 0


def test_small_changes_add_up_until_they_are_noticed() -> None:
    p, q = physicians(), parameters()
    put(p, felt.noted(visit_paid(30), p, q, 0, first=True))
    for week, fee in enumerate((31, 32, 33, 34), start=1):
        put(p, felt.noted(visit_paid(fee), p, q, week))
    assert p["pay_changed_week"][0, VISIT] == 4
    assert p["phantom_pay"][0, VISIT] == -4, "a gain is remembered as a change"
    assert phat(quote(direct=34), p) == 34, "and weighs nothing"


def test_another_change_leaves_the_rest_of_an_old_loss() -> None:
    p, q = physicians(), parameters()
    put(p, felt.noted(visit_paid(30), p, q, 0, first=True))
    put(p, felt.noted(visit_paid(0), p, q, 52))
    put(p, felt.noted({**visit_paid(0), "phone_contact": quote(direct=20)}, p, q, 52 + 104))
    assert p["pay_changed_week"][0, [VISIT, PHONE_CONTACT]].tolist() == [52, 156]
    assert felt.phantom_left(p, q, 156)[0, VISIT] == pytest.approx(15)
    awake = dict(zip(LEVER_NAMES, pay_changed(p, 156)[0], strict=True))
    assert awake["phone"]
    assert not awake["renewal"], "what was lost two years ago is no news of today"
    assert felt.phantom_left(p, q, 156 + 104)[0, VISIT] == pytest.approx(7.5)


def test_the_usual_income_follows_slowly() -> None:
    p, q = physicians(income_habit=90_000), parameters()
    assert felt.usual_income(p, np.array([120_000.0]), q) == 100_000
    assert felt.usual_income(p, np.array([120_000.0]), q, first=True) == 120_000


def test_a_rule_may_be_misread() -> None:
    q = parameters()
    u, how = np.array([0.1, 0.1, 0.1, 0.9]), np.array([0.0, 0.5, 1.0, 0.0])
    assert felt.misread_rule(u, how, q) == pytest.approx([0.5, 1, 2, 1])
    assert (felt.misread_rule(u, how, parameters(misread=0.0)) == 1).all()
    assert phat(quote(settled=10, team=10), physicians(1.0), misreading=np.array([2.0])) == 20


def test_every_template_has_its_benefit() -> None:
    assert felt.readability(parameters()).shape == (len(TEMPLATES),)

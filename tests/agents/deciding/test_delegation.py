"""Willing or not, drop by drop: the worked example, the qualitative checks that need no world, and the small parts."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding import delegation
from agents.deciding.delegation import Circumstances
from agents.nurses import ADVANCED_PRACTICE, LIBERAL
from agents.tasks import (
    AUTHORISATION,
    CLOSED,
    INFORMAL,
    K01,
    K09,
    K11,
    K12,
    K13,
    N_TASKS,
    OPEN,
    PRESCRIPTION,
    PROTOCOL,
    freed_minutes,
)
from sim.parameters import behaviour_record, parameter_record

WORKED = tomllib.loads((Path(__file__).parents[2] / "data" / "worked_delegation.toml").read_text(encoding="utf-8"))
PAR = parameter_record()[0]
Q = behaviour_record()[0]
SHARES = st.floats(0, 1)


def ones(value: float) -> Any:
    return np.array([value])


def freed(task: int) -> float:
    """Minutes freed by one event, pairs being new to one another."""
    names = ("minutes_gp", "sigma", "validation_start", "validation_call_minutes", "supervision")
    return freed_minutes(*(float(PAR[f"tasks_{name}"][task]) for name in names))


def example(task: int = K01, formal: float = 1.0, **changes: float) -> Circumstances:
    """The physician of the worked example."""
    who = WORKED["who"] | {"core": PAR["tasks_core"][task], "formal": formal, "money": 0.0, "peers": 0.0} | changes
    return Circumstances(freed_minutes=ones(freed(task)), readability=ones(0.5), **{k: ones(v) for k, v in who.items()})


def target(task: int = K01, **changes: float) -> float:
    return float(delegation.target(example(task, **changes), Q).value[0])


@pytest.mark.parametrize("stack", WORKED["stack"], ids=lambda stack: stack["name"])
def test_worked_example(stack: dict[str, float]) -> None:
    money = stack["money"]
    assert target(money=money) == pytest.approx(stack["target"], abs=0.005)
    assert target(money=money, knowledge=0.9) == pytest.approx(stack["knowing"], abs=0.005)
    assert target(money=money, overload=1.2) == pytest.approx(stack["overloaded"], abs=0.005)


def test_the_liability_of_the_example_is_that_of_the_default_physician() -> None:
    formal = delegation.named_by_law(np.array([OPEN]), np.array([ADVANCED_PRACTICE]))
    fear = PAR["workforce_liability_mean"] * delegation.greyness(np.array([OPEN]), formal, Q)
    assert fear == pytest.approx(WORKED["who"]["liability"])


def test_the_money_of_the_example_is_its_visits() -> None:
    more = 0.3 + PAR["service_freed_overload"] * 0.5  # what the week leaves for patients (``divide_freed``)
    assert 30 * (-PAR["tasks_sigma"][K01] + freed(K01) / 17 * more) == pytest.approx(-17.5, abs=0.05)


@pytest.mark.parametrize("money", [stack["money"] for stack in WORKED["stack"]])
def test_check_1_falls_in_core_and_rises_in_overload_and_knowledge(money: float) -> None:
    grid = np.linspace(0, 1, 11)
    assert (np.diff([target(money=money, core=x) for x in grid]) < 0).all()
    assert (np.diff([target(money=money, knowledge=x) for x in grid]) > 0).all()
    assert (np.diff([target(money=money, overload=1.5 * x) for x in grid]) > 0).all()


def test_check_3_colleagues_differ_more_than_stacks() -> None:
    rng = np.random.default_rng(1)
    among = [
        target(openness=o, core=c, liability=fear)
        for o, c, fear in zip(
            rng.beta(2, 2, 500), np.clip(0.8 + 0.15 * rng.standard_normal(500), 0, 1), rng.beta(1.5, 3.5, 500),
            strict=True,
        )
    ]  # fmt: skip
    between = [target(money=stack["money"]) for stack in WORKED["stack"]]
    assert np.std(among) > 1.5 * np.std(between)


def test_check_7_anticoagulants_free_no_minutes() -> None:
    assert freed(K11) < 0


def test_check_8_little_of_the_nurses_time_is_freed() -> None:
    nurse = PAR["tasks_minutes_nurse"]
    much = {task for task in range(N_TASKS) if nurse[task] and freed(task) >= nurse[task] / 2}
    assert much == {K09, K13}


@settings(max_examples=50)
@given(st.floats(-100, 100), st.floats(0, 100))
def test_more_money_never_means_less(money: float, more: float) -> None:
    assert target(money=money + more) >= target(money=money)
    assert target(money=1000 + more) == target(money=1000), "money beyond the bound moves nobody"


def test_the_parts_are_the_logit() -> None:
    found = delegation.target(example(money=-3.0, peers=0.2), Q)
    z = Q["delegation_constant"] + sum(part[0] for part in found.terms.values())
    assert np.log(found.value[0] / (1 - found.value[0])) == pytest.approx(z)
    assert found.terms["formal"][0] == pytest.approx(-0.5 * 0.8)


def test_law_raises_resistance_and_meaning_lost_closes() -> None:
    assert target(formal=1.0) < target(formal=0.0)
    low, high = delegation.openness_now(np.array([0.5, 0.5]), np.array([0.4, 0.6]), Q)
    assert (low, high) == pytest.approx((0.4, 0.5))


@pytest.mark.parametrize(
    ("scope", "coordinated", "authorised", "closed", "informal", "may"),
    [
        (CLOSED, True, True, False, False, False),
        (CLOSED, False, False, False, True, True),
        (OPEN, False, False, False, False, True),
        (OPEN, True, True, True, True, False),
        (PRESCRIPTION, False, False, False, False, True),
        (PROTOCOL, False, True, False, False, False),
        (PROTOCOL, True, False, False, False, True),
        (PROTOCOL, False, False, False, True, True),
        (AUTHORISATION, True, False, False, False, False),
        (AUTHORISATION, False, True, False, False, True),
        (INFORMAL, False, False, False, False, True),
    ],
)
def test_gate(scope: int, coordinated: bool, authorised: bool, closed: bool, informal: bool, may: bool) -> None:
    flags = (np.array([flag]) for flag in (coordinated, authorised, closed, informal))
    assert delegation.may_hand_over(np.array([scope]), *flags).tolist() == [may]


def test_the_nurse_of_the_round_is_there_already() -> None:
    there = delegation.availability_at(np.full(3, 0.3), np.array([0.9, 0.9, 0.05]), np.array([K12, K01, K13]), Q)
    assert there.tolist() == pytest.approx([1.0, 0.3, 0.3])


def test_rare_pairs_share_what_is_little_valued() -> None:
    core, events = np.array([0.2, 0.3, 0.8, 0.8]), np.array([0.0, 3.0, 3.0, 4.0])
    assert delegation.offered(core, events, Q).tolist() == [True, False, False, True]


@settings(max_examples=50)
@given(SHARES, SHARES, SHARES)
def test_drop_by_drop(share: float, aim: float, knowledge: float) -> None:
    after = float(delegation.step(ones(share), ones(aim), ones(knowledge), Q)[0])
    assert min(share, aim) - 1e-12 <= after <= max(share, aim) + 1e-12, "never beyond the aim"
    assert -0.15 - 1e-12 <= after - share <= 0.05 + 1e-12


def test_a_step_by_hand() -> None:
    after = delegation.step(np.array([0.0, 0.0, 0.9]), np.array([0.1, 0.9, 0.0]), np.array([0.5, 0.5, 0.5]), Q)
    assert after.tolist() == pytest.approx([0.02, 0.05, 0.75])


def test_one_leads_in_each_dyad() -> None:
    dyad = np.array([0, 0, 2, 2, 2, 5])
    assert delegation.leading(dyad, np.array([1.0, 2, 3, 3, 1, 0])).tolist() == [False, True, True, True, False, True]
    assert delegation.leading(np.zeros(0, dtype=int), np.zeros(0)).tolist() == []


def test_check_2_willingness_is_shared_by_more_nurses() -> None:
    minutes, group = np.array([2100.0, 2100, 2100, 0]), np.array([0, 1, 1, 1])
    assert delegation.weight_in_kind(minutes, group).tolist() == [1.0, 0.5, 0.5, 0.0]
    assert delegation.within_one(np.array([0.8, 0.8, 0.3]), np.array([0, 0, 4])).tolist() == [0.5, 0.5, 0.3]


def test_peers_are_of_the_team_and_the_usual_of_the_territory() -> None:
    handed = np.zeros((6, N_TASKS))
    handed[:, K01] = [0.2, 0.4, 0.0, 0.6, 0.9, 0.5]
    team, territory = np.array([0, 0, 1, 2, 2, 3]), np.array([0, 0, 0, 1, 1, 1])
    partnered = np.array([True, True, False, True, True, False])
    found = delegation.peers(handed, team, territory, partnered)[:, K01]
    assert found.tolist() == pytest.approx([0.4 - 0.3, 0.2 - 0.3, 0.0, 0.9 - 0.75, 0.6 - 0.75, 0.0])


def test_homebound_patients_go_to_who_is_there() -> None:
    there = np.array([True, True, False])
    assert delegation.constrained(np.array([0.9, 0.7, 0.9]), there, Q).tolist() == [
        Q["delegation_constrained_share"],
        0,
        0,
    ]


def test_greyness_by_scope() -> None:
    scope = np.array([OPEN, PROTOCOL, INFORMAL])
    grey = delegation.greyness(scope, delegation.named_by_law(scope, np.full(3, LIBERAL)), Q)
    assert (np.diff(grey) > 0).all()

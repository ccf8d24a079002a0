"""What nurses accept, when they leave and when they speak: by hand."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding import nurses
from agents.nurses import ADVANCED_PRACTICE, ASALEE, LIBERAL, PATHWAY
from agents.tasks import AUTHORISATION, K01, K02, K05, K09, K12, K15, K17, N_TASKS, OPEN, PRESCRIPTION, PROTOCOL
from sim.parameters import behaviour_record

Q = behaviour_record()[0]


def offers(kind: int = LIBERAL, **changes: Any) -> nurses.Offers:
    usual: dict[str, Any] = {
        "money": 0.0, "leader": 0.0, "dependence": 0.5, "tie": 0.7, "autonomy": 0.8, "control": 1.0, "load": 0.95,
        "overlap": 1 / 6, "sanction": 0.0,
    }  # fmt: skip
    return nurses.Offers(kind=np.array([kind]), **{name: np.array([v]) for name, v in (usual | changes).items()})


def chance(kind: int = LIBERAL, **changes: Any) -> float:
    return float(nurses.acceptance(offers(kind, **changes), Q).value[0])


def test_a_liberal_nurse_by_hand() -> None:
    z = -1.0 + 15 / 15 + 0.8 + 0.6 * 0.5 * 0.7 - 1.2 * 0.8 - 3 * 0.05 - 0.8 * 5 / 6 - 0.5
    assert chance(money=15.0, leader=1.0, sanction=1.0) == pytest.approx(1 / (1 + np.exp(-z)))


@settings(max_examples=50)
@given(st.floats(-50, 50), st.floats(0, 50), st.floats(0.5, 1.2))
def test_more_pay_is_accepted_more_and_load_less(money: float, more: float, load: float) -> None:
    assert chance(money=money + more) >= chance(money=money)
    assert chance(load=load + 0.1) <= chance(load=load)


def test_nurses_in_posts_take_what_they_have_time_for() -> None:
    assert [chance(ASALEE, load=load) for load in (0.3, 1.0)] == [1.0, 0.0]
    assert chance(ADVANCED_PRACTICE, load=0.25) == chance(PATHWAY, load=0.25) == 1.0


def test_control_comes_with_protocols_not_with_prescriptions() -> None:
    scope = np.array([OPEN, PRESCRIPTION, PROTOCOL, AUTHORISATION])
    assert nurses.control(scope, Q).tolist() == [0, 0, 1, 1]


def test_holes_of_an_asalee_agenda() -> None:
    task = np.array([K09, K12, K17, K01])
    assert nurses.fills_holes(np.array(ASALEE), np.array(0.32), task, Q).tolist() == [True, True, True, False]
    assert not nurses.fills_holes(np.array(ASALEE), np.array(0.7), task, Q).any()
    assert not nurses.fills_holes(np.array(LIBERAL), np.array(0.32), task, Q).any()


@pytest.mark.parametrize(
    ("kind", "load", "knowledge", "task", "desk", "begins"),
    [
        (PATHWAY, 0.5, 0.5, K15, 0.9, True),
        (PATHWAY, 0.8, 0.5, K15, 0.9, False),
        (PATHWAY, 0.5, 0.4, K15, 0.9, False),
        (PATHWAY, 0.9, 0.1, K17, 1.1, True),
        (PATHWAY, 0.9, 0.1, K15, 1.1, False),
        (ASALEE, 0.9, 0.1, K02, 0.9, True),
    ],
)
def test_a_pathway_nurse_adds_tasks_when_idle_and_known(
    kind: int, load: float, knowledge: float, task: int, desk: float, begins: bool
) -> None:
    who, what = np.array([kind]), np.array([task])
    found = nurses.may_begin(who, np.array([load]), np.array([knowledge]), what, np.array([desk]), Q)
    assert found.tolist() == [begins]


def test_content_makes_nurses_stay_for_less() -> None:
    events = np.zeros((3, N_TASKS))
    events[0, [K02, K05, K09]] = [5, 3, 2]
    events[1, K09] = 10
    share = nurses.content(events, Q)
    assert share.tolist() == pytest.approx([0.8, 0.0, 0.0])
    stays = nurses.stays(share, np.full(3, 0.3), np.full(3, 3600.0), np.full(3, 2000.0), Q).value
    assert stays[0] == pytest.approx((1 / (1 + np.exp(-(2.5 * 0.8 + 1 - 0.4 * 1.6)))) ** 0.25)
    assert stays[0] > stays[1]
    strained = nurses.stays(share, np.full(3, 1.2), np.full(3, 3600.0), np.full(3, 2000.0), Q).value
    assert (strained < stays).all()


def test_four_poor_quarters_end_advanced_practice() -> None:
    quarters = np.zeros(4)
    kind = np.array([ADVANCED_PRACTICE, ADVANCED_PRACTICE, ADVANCED_PRACTICE, LIBERAL])
    salaried, topped = np.array([False, True, False, False]), np.array([False, False, True, False])
    for _ in range(4):
        assert not nurses.gives_up(quarters, Q).any()
        quarters = nurses.poor_quarters_after(
            quarters, kind, salaried, np.full(4, 2800.0), np.full(4, 3600.0), topped, Q
        )
    assert nurses.gives_up(quarters, Q).tolist() == [True, False, False, False]
    rich = nurses.poor_quarters_after(quarters, kind, salaried, np.full(4, 2900.0), np.full(4, 3600.0), topped, Q)
    assert rich.tolist() == [0, 0, 0, 0]


def test_most_keep_silent() -> None:
    unhappy, u = np.array([True, True, True, False]), np.array([0.04, 0.06, 0.04, 0.0])
    speaks, silent = nurses.complains(unhappy, np.array([0.5, 0.5, 1.0, 0.0]), u, Q)
    assert speaks.tolist() == [True, False, False, False]
    assert silent.tolist() == [False, True, True, False]


def test_who_joins_a_pool() -> None:
    joins = nurses.joins_pool(np.array([0.6, 0.6, 0.4]), np.array([True, False, True]), Q)
    assert joins.tolist() == [True, False, False]

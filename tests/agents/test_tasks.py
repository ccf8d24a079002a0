"""The task catalogue and its formula (behaviour B)."""

import numpy as np
import pytest

from agents.nurses import KINDS
from agents.tasks import K00, K01, K02, K13, N_TASKS, SCOPES, TASKS, freed_minutes
from sim.parameters import parameter_record

PAR = parameter_record()[0]
# the column Freed of behaviour B, k01 to k20
FREED = (10.1, 1.3, 1.2, 0.8, 2.9, 0.8, 5.5, 7.8, 5.3, 4.3, -0.4, 2.9, 14.4, 3.3, 11.7, 6.8, 2.7, 3.6, 7.3, 3.1)


def test_minutes_freed_are_those_of_the_catalogue() -> None:
    freed = freed_minutes(
        PAR["tasks_minutes_gp"], PAR["tasks_sigma"], PAR["tasks_validation_start"],
        PAR["tasks_validation_call_minutes"], PAR["tasks_supervision"],
    )  # fmt: skip
    np.testing.assert_allclose(freed[1:], FREED, atol=0.0501)


def test_minutes_freed_of_one_task() -> None:
    assert freed_minutes(15.0, 0.85, 0.35, 4.0, 0.10) == pytest.approx(10.06)
    assert freed_minutes(15.0, 0.85, 1.0, 4.0, 0.10) < freed_minutes(15.0, 0.85, 0.0, 4.0, 0.10)


def test_a_validation_call_takes_at_most_the_time_of_the_act() -> None:
    calls, acts = PAR["tasks_validation_call_minutes"], PAR["tasks_minutes_gp"]
    assert (calls <= acts).all()
    assert (calls[[K01, K02, K13]] == [4, 4, 5]).all()


def test_freed_minutes_stay_under_half_of_the_nurses_but_for_two_tasks() -> None:
    # behaviour D9, check 8
    freed = np.array([0.0, *FREED])
    share = freed[1:] / PAR["tasks_minutes_nurse"][1:]
    assert [TASKS[1 + task] for task in np.flatnonzero(share > 0.5)] == ["k09", "k13"]


def test_the_reference_task_is_closed_to_all() -> None:
    assert not PAR["tasks_scope"][K00].any()
    assert PAR["tasks_core"][K00] == 1


def test_the_table_of_legal_scope_holds_codes_by_task_and_kind_of_nurse() -> None:
    assert PAR["tasks_scope"].shape == (N_TASKS, len(KINDS))
    assert set(PAR["tasks_scope"].flat) <= set(range(len(SCOPES)))

"""Behaviour D9: the table of a stylised team, by the rules as they are written."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.deciding.collective import attendance, hour_of_care
from agents.deciding.hours import choose_half_days, distaste_for_work, fee_elasticity
from agents.deciding.lists import list_openness, patient_pay
from agents.deciding.renewals import believed_best
from agents.deciding.utility import choice_probabilities, open_utility, options_from, quantity_parts
from agents.deciding.visits import choose_slot, phone_share
from tests.agents.deciding.people import altruists, physicians, weights

TABLE: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "worked_decisions.toml").read_text(encoding="utf-8")
)
GIVEN = TABLE["given"]
PAY = np.array(GIVEN["visit_pay"])
STACKS = len(PAY)
SHOWN = 0.0051
"""A number with two decimals; the extra is rounding of the perceived pay from which the rows start."""


def perceived() -> dict[str, np.ndarray]:
    return {"visit": PAY, "phone_contact": np.zeros(STACKS), "registration": np.array(GIVEN["list_pay"])}


@pytest.mark.parametrize(("row", "habit"), [("visits", 0.0), ("visits_with_habit", TABLE["D3"]["habit"])])
def test_d3_visits_of_a_stable_patient(row: str, habit: float) -> None:
    q, each = weights(), np.ones(STACKS)
    months = options_from(GIVEN["habit_months"] * each, q["practice_interval_choices"])
    visits = 12 / months.values
    best = believed_best(habit * each, GIVEN["habit_months"], GIVEN["need"])
    parts = quantity_parts(visits, PAY[:, None] * visits, best, GIVEN["altruism"] * each, 0 * each, q, months.moves)
    mean = (choice_probabilities(open_utility(months, parts), q) * visits).sum(axis=1)
    assert mean == pytest.approx(np.array(TABLE["D3"][row]), abs=0.051)


def test_d4_physicians_who_would_cut_a_chronic_slot() -> None:
    q, count = weights(), 4000
    for pay, share in zip(PAY, TABLE["D4"]["cut_to_20_minutes"], strict=True):
        p = physicians(count, slot_chronic=GIVEN["chronic_slot"], overload=GIVEN["overload"])
        made = choose_slot(p, {"visit": np.full(count, pay)}, q, chronic=True, queue=1.0, altruism=altruists(count))
        assert set(made.value) <= {20.0, 25.0}
        assert (made.value == 20.0).mean() == pytest.approx(share, abs=SHOWN)


def test_d5_share_of_contacts_by_phone() -> None:
    made = phone_share(physicians(STACKS, overload=GIVEN["overload"]), perceived(), weights())
    assert made.value == pytest.approx(np.array(TABLE["D5"]["phone"]), abs=SHOWN)


def test_d6_new_patients() -> None:
    p, visits = physicians(STACKS, overload=GIVEN["overload"]), GIVEN["visits_per_patient"]
    assert patient_pay(perceived(), visits) == pytest.approx(np.array(TABLE["D6"]["patient_pay"]), abs=0.55)
    made = list_openness(p, perceived(), weights(), visits=visits)
    assert made.value == pytest.approx(np.array(TABLE["D6"]["open"]), abs=SHOWN)


def test_d6_sharing_by_own_list_opens_lists_more_than_equal_sharing() -> None:
    """Qualitative check 10: visits, which pay nothing under either, stay as they are."""
    p = physicians(2, overload=GIVEN["overload"])
    pay = {"visit": np.zeros(2), "registration": np.array([52.0, TABLE["D6"]["individual_patient_pay"]])}
    equal, individual = list_openness(p, pay, weights(), visits=3.0).value
    assert individual > equal + 0.05


def test_d7_hours_after_a_change_of_fees() -> None:
    q = weights()
    fees, overhead = TABLE["D7"]["fee_share"], TABLE["D7"]["overhead"]
    assert fees / (1 - overhead) == pytest.approx(TABLE["D7"]["fee_weights"][0], abs=0.005)
    tenth = 0.1 * fee_elasticity(TABLE["D7"]["fee_weights"], q)
    assert tenth == pytest.approx(np.array(TABLE["D7"]["hours_after_10_percent"]), abs=0.0006)


def test_d7_the_choice_has_that_slope() -> None:
    q = weights(practice__hours_step=2.0)
    weight, half_days, rise = np.array(TABLE["D7"]["fee_weights"]), np.full(2, 9.5), 1e-4
    pay = weight * 90_000 / half_days
    other = 90_000 * (1 - weight)
    p = physicians(2, half_days=half_days)
    distaste = distaste_for_work(half_days, pay, other, q)
    made = choose_half_days(
        p, q, distaste=distaste, half_day_pay=pay * (1 + rise), other_income=other, bounds=(5.0, 11.0)
    )
    assert np.log(made.value / half_days) / rise == pytest.approx(fee_elasticity(weight, q), abs=1e-3)


def test_d8_physicians_and_nurses_at_meetings() -> None:
    q, given = weights(), GIVEN
    same = {"overload": given["overload"], "private_gain": given["private_gain"], "tie_leader": given["tie_leader"]}
    made = attendance(q, rate=given["meeting_rate"], care_hour_pay=hour_of_care(PAY, q), **same)
    assert made.value == pytest.approx(np.array(TABLE["D8"]["attends"]), abs=SHOWN)
    nurse = attendance(q, rate=50.0, care_hour_pay=given["nurse_care_hour"], clash=[0.0, 1.0], **same)
    said = [TABLE["D8"]["nurse_attends"], TABLE["D8"]["nurse_attends_with_clash"]]
    assert nurse.value == pytest.approx(np.array(said), abs=SHOWN)

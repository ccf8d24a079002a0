"""One patient's age, control in closed form, and the next week in which something is due."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.declarations import Table, new_table
from agents.patients import (
    ALIVE,
    COLUMNS,
    DIABETES,
    FAR,
    HEART_FAILURE,
    NO_PENDING,
    RENEWAL,
    STAY_FOLLOWED,
)
from sim.parameters import parameter_record
from sim.week.patient_state import (
    age_band,
    age_of,
    home_week,
    logistic,
    mean_control,
    next_birthday,
    next_wake,
    refresh_control,
    regain_control,
    report_week,
)

PAR = parameter_record({"care.missed_renewal_weeks": 8.0, "care.missed_renewal_drift": 2.0})
ONE = 65535.0


def patient(**columns: int | float) -> Table:
    """One living patient with nothing due."""
    row = new_table(COLUMNS, 1)
    row["flags"], row["pending"]["need"] = ALIVE, NO_PENDING
    for name, value in columns.items():
        row[name] = value
    return row


def ill(control: float = 0.8, **columns: int | float) -> Table:
    row = patient(conditions=1 << DIABETES | 1 << HEART_FAILURE, drift=0.002, **columns)
    row["control"][:] = 0
    row["control"][0, [DIABETES, HEART_FAILURE]] = int(control * ONE)
    return row


@pytest.mark.parametrize(
    ("age", "band"), [(0, 0), (17, 0), (18, 1), (44, 1), (45, 2), (64, 2), (74, 3), (84, 4), (85, 5), (104, 5)]
)
def test_age_bands(age: int, band: int) -> None:
    assert age_band(age) == band


def test_age_counts_whole_years_of_52_weeks() -> None:
    row = patient(birth_week=-520)
    assert [age_of(row, 0, week) for week in (-1, 0, 51, 52)] == [9, 10, 10, 11]
    assert age_of(patient(birth_week=7), 0, 7) == 0
    assert next_birthday(row, 0, 0) == 52
    assert next_birthday(patient(birth_week=-519), 0, 0) == 1
    assert next_birthday(patient(birth_week=7), 0, 7) == 59


@settings(derandomize=True)
@given(
    st.floats(0.0, 1.0),
    st.floats(0.0, 0.02),
    st.integers(0, 80),
    st.integers(-30, 90),
    st.lists(st.integers(1, 79), max_size=6),
)
def test_the_closed_form_is_the_drift_week_by_week(
    control: float, drift: float, weeks: int, due: int, stops: list[int]
) -> None:
    """Once after many weeks, every week, or at any weeks between: the same control, but for the unit it is kept in."""
    at_once, weekly, between = (ill(control, renewal_due_week=due) for _ in range(3))
    expected = float(at_once["control"][0, DIABETES])
    for row in (at_once, weekly, between):
        row["drift"] = drift
    for week in range(1, weeks + 1):
        refresh_control(weekly, PAR, 0, week)
        # A renewal missed by more than eight weeks doubles the drift of each week from then on.
        expected = max(0.0, expected - float(np.float32(drift)) * ONE * (2 if week > due + 8 else 1))
    for week in sorted({stop for stop in stops if stop < weeks}):
        refresh_control(between, PAR, 0, week)
    for row in (at_once, between):
        refresh_control(row, PAR, 0, weeks)
    for row in (at_once, weekly, between):
        assert abs(float(row["control"][0, DIABETES]) - expected) <= weeks + 1
        assert row["control_week"][0] == weeks
    assert at_once["control"][0, 1] == 0, "a condition that one has not is left alone"
    before = weekly.tobytes()
    refresh_control(weekly, PAR, 0, weeks)
    assert weekly.tobytes() == before, "bringing it up to date twice changes nothing"


def test_a_contact_regains_a_share_of_what_is_missing() -> None:
    row = ill(0.6)
    regain_control(row, 0, 1 << DIABETES, 0.13)
    assert row["control"][0, DIABETES] / ONE == pytest.approx(0.6 + 0.13 * 0.4, abs=2e-5)
    assert row["control"][0, HEART_FAILURE] / ONE == pytest.approx(0.6, abs=2e-5)
    regain_control(row, 0, 127, 1.0)
    assert row["control"][0, DIABETES] == row["control"][0, HEART_FAILURE] == 65535
    assert row["control"][0, 1] == 0


def test_mean_control_is_over_the_conditions_one_has() -> None:
    row = ill(0.5)
    row["control"][0, HEART_FAILURE] = int(0.7 * ONE)
    assert mean_control(row, 0) == pytest.approx(0.6, abs=1e-4)
    assert mean_control(patient(), 0) == 1.0


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, 52),
        ({"birth_week": -510}, 10),
        ({"renewal_due_week": 14}, 14),
        ({"renewal_due_week": 2}, 6),  # overdue: next week
        ({"home_until": 9}, 6),
        ({"home_until": 5}, 52),
        ({"followup_day": 7 * 8 + 3}, 8),
        ({"readmission_day": 7 * 11}, 11),
        ({"followup_day": 0}, 6),
        ({"flags": ALIVE | STAY_FOLLOWED, "discharge_day": 7 * 9 + 1, "last_stay": 5}, 9),
        ({"flags": ALIVE | STAY_FOLLOWED, "discharge_day": 7 * 5 + 6, "last_stay": 5}, 6),  # home in the same week
        (
            {"flags": ALIVE | STAY_FOLLOWED, "discharge_day": 7 * 4, "last_stay": 3, "days_to_contact": 4},
            9,
        ),  # 30 days later, when all have passed
        (
            {"flags": ALIVE | STAY_FOLLOWED, "discharge_day": 7 * 4, "last_stay": 3, "days_to_contact": 255},
            17,
        ),  # nobody was seen: 90 days later
        ({"flags": 0, "renewal_due_week": 2}, FAR),
    ],
)
def test_the_next_week_in_which_something_is_due(columns: dict[str, int], expected: int) -> None:
    assert next_wake(patient(**columns), 0, 5) == expected


def test_an_open_request_is_due_every_week() -> None:
    row = patient()
    row["pending"]["need"][0, 2] = RENEWAL
    assert next_wake(row, 0, 5) == 6


@pytest.mark.parametrize(("stay", "length", "home", "report"), [(3, 1, 4, 8), (3, 10, 4, 9), (3, 30, 7, 12)])
def test_what_follows_a_stay_begins_when_the_patient_is_home(stay: int, length: int, home: int, report: int) -> None:
    row = patient(last_stay=stay, discharge_day=7 * stay + length, days_to_contact=12)
    assert home_week(row, 0) == home
    assert report_week(row, 0) == report
    assert 7 * report > row["discharge_day"][0] + 30
    row["days_to_contact"] = 255
    assert 7 * report_week(row, 0) > row["discharge_day"][0] + 90 >= 7 * (report_week(row, 0) - 1)


@pytest.mark.parametrize("z", [-3.0, 0.0, 2.5])
def test_logistic(z: float) -> None:
    assert logistic(z) == pytest.approx(1 / (1 + np.exp(-z)))

"""What every phase asks of one patient: age, control brought up to date, the next week in which something is due."""

import math

import numpy as np

from agents.declarations import Table
from agents.patients import (
    AGE_BAND_STARTS,
    ALIVE,
    FAR,
    NO_PENDING,
    PENDING_SLOTS,
    STAY_FOLLOWED,
)
from sim.kernel import kernel

_BANDS = np.array(AGE_BAND_STARTS)
SHARE = 1.0 / 255.0
CONTROL_UNIT = 1.0 / 65535.0
DAYS_FOLLOWED = 30
DAYS_WAITED = 90  # for a first contact, before a discharge is reported without one (systems 3.3, P7)
NO_CONTACT = 255  # value of ``days_to_contact``
MONTH_WEEKS = 52.0 / 12.0


@kernel
def logistic(z: float) -> float:
    """The logistic function."""
    return 1.0 / (1.0 + math.exp(-z))


@kernel
def age_of(patients: Table, i: int, week: int) -> int:
    """Age of patient ``i`` in whole years."""
    return (week - patients[i].birth_week) // 52


@kernel
def age_band(age: int) -> int:
    """Index of the age band (0-17, 18-44, 45-64, 65-74, 75-84, 85+)."""
    band = 0
    while band + 1 < _BANDS.size and age >= _BANDS[band + 1]:
        band += 1
    return band


@kernel
def next_birthday(patients: Table, i: int, week: int) -> int:
    """The first week after ``week`` in which the patient has a birthday."""
    return week + 52 - (week - patients[i].birth_week) % 52


@kernel
def home_week(patients: Table, i: int) -> int:
    """The week in which what follows a stay begins: that of the discharge, or the next for one of a few days."""
    return max(patients[i].discharge_day // 7, patients[i].last_stay + 1)


@kernel
def report_week(patients: Table, i: int) -> int:
    """The first week in which a discharge may be reported: that which begins after its 30 days, so that all count.

    One after which nobody has been seen waits for the first contact, 90 days at most.
    """
    p = patients[i]
    days = DAYS_WAITED if p.days_to_contact == NO_CONTACT else DAYS_FOLLOWED
    return (p.discharge_day + days) // 7 + 1


@kernel
def next_wake(patients: Table, i: int, week: int) -> int:
    """The first week after ``week`` in which something is due whatever the draw."""
    p = patients[i]
    if not p.flags & ALIVE:
        return FAR
    soonest = next_birthday(patients, i, week)
    if p.renewal_due_week < soonest:
        soonest = p.renewal_due_week
    if p.home_until > week:
        soonest = week + 1
    if p.flags & STAY_FOLLOWED:
        home = home_week(patients, i)
        soonest = min(soonest, home if home > week else report_week(patients, i))
    if p.followup_day >= 0:
        soonest = min(soonest, p.followup_day // 7)
    if p.readmission_day >= 0:
        soonest = min(soonest, p.readmission_day // 7)
    for slot in range(PENDING_SLOTS):
        if p.pending[slot].need != NO_PENDING:
            soonest = week + 1
    return max(soonest, week + 1)


@kernel
def mean_control(patients: Table, i: int) -> float:
    """Mean control over the patient's conditions, as last brought up to date; 1 for who has none."""
    p = patients[i]
    total = 0
    n = 0
    for c in range(7):
        has = p.conditions >> c & 1
        total += p.control[c] * has
        n += has
    return total * CONTROL_UNIT / n if n else 1.0


@kernel
def refresh_control(patients: Table, par: Table, i: int, week: int) -> None:
    """Let control drift in closed form from its last update to ``week``; a missed renewal doubles the drift."""
    p = patients[i]
    q = par[0]
    weeks = week - p.control_week
    if weeks <= 0:
        return
    late_from = p.renewal_due_week + int(q.care_missed_renewal_weeks)
    late = min(weeks, max(0, week - late_from))
    loss = p.drift * (weeks - late + late * q.care_missed_renewal_drift)
    for c in range(7):
        # Worked out for the conditions that a patient does not have, too: that costs less than a branch on chance.
        held = p.control[c]
        left = np.uint16(max(0.0, held - loss * 65535.0))
        p.control[c] = left if p.conditions >> c & 1 else held
    p.control_week = week


@kernel
def regain_control(patients: Table, i: int, conditions: int, gain: float) -> None:
    """Regain a share of the missing control of the conditions given as bits."""
    p = patients[i]
    for c in range(7):
        if (p.conditions & conditions) >> c & 1:
            p.control[c] = np.uint16(p.control[c] + (65535.0 - p.control[c]) * gain)

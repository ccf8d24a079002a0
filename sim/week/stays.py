"""The hospital's part of phase 3: emergencies, admissions, and the report of a discharge (behaviour C5)."""

import math

import numpy as np

from agents.declarations import Table
from agents.patients import (
    NO_PENDING,
    NOTICED,
    PENDING_SLOTS,
    READMITTED_IF_UNSEEN,
    SEEN_7_DAYS,
    SEEN_30_DAYS,
    SPEND_ED,
    SPEND_HOSPITAL,
    STAY_FOLLOWED,
)
from sim.draws import chained, decision, draw_key, uniform
from sim.events import (
    ADMITTED,
    AVOIDABLE,
    CAUSE_HEART_FAILURE,
    CAUSE_INJURY,
    CAUSE_OTHER,
    DECOMPENSATION,
    DIRECT,
    DISCHARGE,
    ED,
    ED_FEE,
    NO_CAUSE,
    NOTIFIED,
    OUTSIDE,
    READMISSION,
    SEEN_WITHIN_7,
    SEEN_WITHIN_30,
    STAY,
    STAY_TARIFF,
    THE_HOSPITAL,
)
from sim.kernel import kernel
from sim.week.choice import hospital_minutes, taste
from sim.week.claims import bill, line, split
from sim.week.patient_state import NO_CONTACT, age_band, age_of
from sim.week.prices import IN_HOSPITAL, Prices
from sim.week.requests import PLANNED, READMITTED
from sim.week.scene import Scene

ADMISSION = decision("admission", "whether an emergency ends in admission, and by which door")
STAY_LENGTH = decision("stay_length", "length of a stay and whether it counts as avoidable")
HOSPITAL_CHOICE = decision("hospital_choice", "which hospital, one draw an option")

DAYS_OF_READMISSION = 30
OLD = 75
LONGEST_FACTOR = 4.0


@kernel
def hospital_of(s: Scene, i: int) -> int:
    """The hospital chosen by a patient: travel, the last stay, the tie of the médecin traitant."""
    p = s.patients[i]
    q = s.par[0]
    if s.near_hospitals.shape[1] == 1 or s.near_hospitals[p.cell, 1] < 0:
        return s.near_hospitals[p.cell, 0]
    key = draw_key(s.seed, HOSPITAL_CHOICE, s.week, p.who)
    tie = s.physicians[p.registered_gp].hospital_tie if p.registered_gp >= 0 else 0.0
    best = -math.inf
    chosen = -1
    for rank in range(s.near_hospitals.shape[1]):
        h = s.near_hospitals[p.cell, rank]
        if h < 0:
            break
        v = q.hospital_travel_minute * hospital_minutes(s, p.cell, h) + taste(key, s.hospitals[h].who)
        # Ties, of the patient's last stay as of the physician, are with the nearest hospital.
        if rank == 0:
            v += q.hospital_gp_tie * tie + (q.hospital_last_stay if p.last_stay >= 0 else 0.0)
        if v > best:
            best = v
            chosen = h
    return chosen


@kernel
def in_hospital(s: Scene, requests: Table, n: int) -> bool:
    """Whether the patient of a request is still in hospital on its day: what happens then belongs to that stay."""
    p = s.patients[requests[n].patient]
    return (p.flags & STAY_FOLLOWED) != 0 and p.discharge_day > 7 * s.week + requests[n].day


@kernel
def begin_stay(
    s: Scene, events: Table, m: int, requests: Table, n: int, h: int, direct: bool, price: Prices
) -> int:  # fmt: skip
    """An admission: its length, tariff and marks; open requests end, and a stay still followed is reported first."""
    r = requests[n]
    i = r.patient
    p = s.patients[i]
    q = s.par[0]
    day = 7 * s.week + r.day
    again = (p.flags & STAY_FOLLOWED) != 0 and day - p.discharge_day <= DAYS_OF_READMISSION
    if p.flags & STAY_FOLLOWED:
        m = report_discharge(s, events, m, requests, n, again)
    key = draw_key(s.seed, STAY_LENGTH, s.week, p.who)
    days = q.hospital_stay_days[r.cause]
    if age_of(s.patients, i, s.week) >= OLD and p.home_until < s.week:
        days += q.hospital_stay_no_home_nurse_days
    occupancy = s.hospitals[h].occupancy
    if occupancy > q.hospital_crowded:
        days *= q.hospital_crowded_stay
    # Lengths are spread around their mean (exponential), never under a day.
    days = 1.0 + (days - 1.0) * min(LONGEST_FACTOR, -math.log(1.0 - uniform(chained(key, np.uint64(1)))))
    line(s, events, m, requests, n, STAY)
    e = events[m]
    full = uniform(chained(key, np.uint64(2))) < 1.0 - 1.0 / max(occupancy, 1.0)
    e.payee_kind = OUTSIDE if full else THE_HOSPITAL
    e.payee = -1 if full else h
    e.length_days = int(days + 0.5)
    bill(e, STAY_TARIFF, 1, price.stays[r.cause])
    if direct:
        e.marks |= DIRECT
    if again:
        e.marks |= READMISSION
    if r.cause != CAUSE_OTHER and r.cause != CAUSE_INJURY and r.cause != NO_CAUSE:
        e.marks |= DECOMPENSATION
        if r.cause != CAUSE_HEART_FAILURE or uniform(chained(key, np.uint64(3))) < q.hospital_hf_avoidable:
            e.marks |= AVOIDABLE
    p.spend[SPEND_HOSPITAL] += split(e, price.repaid[IN_HOSPITAL], 0, price)
    p.discharge_day = day + e.length_days
    p.flags = (p.flags & ~(SEEN_7_DAYS | SEEN_30_DAYS | NOTICED | READMITTED_IF_UNSEEN)) | STAY_FOLLOWED
    p.days_to_contact = NO_CONTACT
    p.followup_day = -1
    p.readmission_day = -1
    p.last_stay = s.week
    for slot in range(PENDING_SLOTS):
        p.pending[slot].need = NO_PENDING
    return m + 1


@kernel
def ed_line(
    s: Scene, events: Table, m: int, requests: Table, n: int, h: int, admitted: bool, price: Prices
) -> int:  # fmt: skip
    """The claim line of an emergency visit."""
    r = requests[n]
    line(s, events, m, requests, n, ED)
    e = events[m]
    e.payee_kind = THE_HOSPITAL
    e.payee = h
    bill(e, ED_FEE, 1, price.fees[r.day, ED_FEE])
    if admitted:
        e.marks |= ADMITTED
    if r.cause != NO_CAUSE and r.cause < CAUSE_OTHER:
        e.marks |= DECOMPENSATION
    s.patients[r.patient].spend[SPEND_ED] += split(e, price.repaid[IN_HOSPITAL], 0, price)
    return m + 1


@kernel
def emergency(s: Scene, events: Table, m: int, requests: Table, n: int, price: Prices) -> int:
    """A visit to the emergency department, of one's own accord or for want of an appointment."""
    r = requests[n]
    h = hospital_of(s, r.patient)
    if h < 0 or in_hospital(s, requests, n):
        return m
    band = age_band(age_of(s.patients, r.patient, s.week))
    key = draw_key(s.seed, ADMISSION, s.week, s.patients[r.patient].who)
    p_admitted = s.par[0].hospital_admit_other * s.par[0].hospital_admit_age_ratio[band]
    admitted = uniform(chained(key, np.uint64(r.tie))) < p_admitted
    if admitted and r.cause == NO_CAUSE:
        r.cause = CAUSE_OTHER
    m = ed_line(s, events, m, requests, n, h, admitted, price)
    return begin_stay(s, events, m, requests, n, h, False, price) if admitted else m


@kernel
def reached_in_a_day(s: Scene, i: int, key: np.uint64) -> bool:
    """Whether the médecin traitant is reached within 24 hours: at work, and the sooner the shorter the wait."""
    g = s.patients[i].registered_gp
    if g < 0 or not s.physicians[g].present:
        return False
    return uniform(key) * max(1.0, s.physicians[g].posted_wait_days) < 1.0


@kernel
def hospital_request(s: Scene, events: Table, m: int, requests: Table, n: int, price: Prices) -> int:
    """A decompensation, a planned stay or a readmission: by the physician's direct admission, or by the ED."""
    r = requests[n]
    i = r.patient
    q = s.par[0]
    h = hospital_of(s, i)
    if h < 0 or in_hospital(s, requests, n):
        return m
    if r.marks & PLANNED:
        return begin_stay(s, events, m, requests, n, h, True, price)
    key = draw_key(s.seed, ADMISSION, s.week, s.patients[i].who)
    g = s.patients[i].registered_gp
    if g >= 0 and not r.marks & READMITTED and reached_in_a_day(s, i, chained(key, np.uint64(1))):
        tie = s.physicians[g].hospital_tie
        crowding = s.hospitals[h].occupancy - q.hospital_reference_occupancy
        accept = s.hospitals[h].direct_accept + q.hospital_accept_tie * tie - q.hospital_accept_occupancy * crowding
        accept = min(max(accept, q.hospital_accept_bounds[0]), q.hospital_accept_bounds[1])
        if uniform(chained(key, np.uint64(2))) < accept:
            return begin_stay(s, events, m, requests, n, h, True, price)
    admitted = r.marks & READMITTED or uniform(chained(key, np.uint64(3))) < q.hospital_admit_decompensation
    m = ed_line(s, events, m, requests, n, h, admitted, price)
    return begin_stay(s, events, m, requests, n, h, False, price) if admitted else m


@kernel
def report_discharge(s: Scene, events: Table, m: int, requests: Table, n: int, readmitted: bool) -> int:
    """The line of a discharge, written when its days have passed or a new stay ends them."""
    r = requests[n]
    p = s.patients[r.patient]
    if not p.flags & STAY_FOLLOWED:
        return m
    line(s, events, m, requests, n, DISCHARGE)
    e = events[m]
    e.waited_days = p.days_to_contact
    elapsed = 7 * s.week + r.day - p.discharge_day
    e.days_since_discharge = min(254, max(0, elapsed))
    for flag, mark in ((SEEN_7_DAYS, SEEN_WITHIN_7), (SEEN_30_DAYS, SEEN_WITHIN_30), (NOTICED, NOTIFIED)):
        if p.flags & flag:
            e.marks |= mark
    if readmitted:
        e.marks |= READMISSION
    p.flags &= ~STAY_FOLLOWED
    return m + 1

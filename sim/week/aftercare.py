"""The days after a stay: notice, follow-up, readmission, and the report 30 days later (behaviour C5)."""

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from agents.patients import (
    EMERGENCY,
    NOTICED,
    POST_DISCHARGE,
    READMITTED_IF_UNSEEN,
    SEEN_7_DAYS,
    STAY_FOLLOWED,
    VITAL,
)
from sim.draws import chained, decision, draw_key, uniform
from sim.events import CAUSE_OTHER
from sim.kernel import kernel
from sim.week.asking import ask_for, blank, waits_for
from sim.week.effort import follow_up_delay
from sim.week.patient_state import DAYS_FOLLOWED, age_of, home_week, report_week
from sim.week.requests import (
    DISCHARGED,
    READMITTED,
    TO_HOSPITAL,
)
from sim.week.scene import Scene

FOLLOW_UP = decision("follow_up", "whether and when a discharge is notified, asked about and followed")
READMISSION = decision("readmission", "whether and when a discharged patient is readmitted")

OLD = 75
FOLLOW_UP_ORDINAL = 120  # of the patient's requests in a week (see needs.py)
FIRST_FOLLOW_UP_DAYS = 28  # a follow-up that is due later after the discharge is the second check


@kernel
def discharged(s: Scene, i: int) -> None:
    """The end of a stay: the notice, the follow-up that is asked for, and the readmission that may come."""
    p = s.patients[i]
    q = s.par[0]
    day_key = draw_key(s.seed, FOLLOW_UP, p.discharge_day, p.who)
    h = s.near_hospitals[p.cell, 0]
    tie = s.physicians[p.registered_gp].hospital_tie if p.registered_gp >= 0 else 0.0
    crowding = s.hospitals[h].occupancy - q.hospital_reference_occupancy
    p_notice = s.hospitals[h].p_notice + q.hospital_notice_tie * tie - q.hospital_notice_occupancy * crowding
    p_notice = min(max(p_notice, q.hospital_notice_bounds[0]), q.hospital_notice_bounds[1])
    wait = uniform(chained(day_key, np.uint64(1)))
    delay = 7.0 + 21.0 * wait
    if uniform(chained(day_key, np.uint64(2))) < p_notice:
        p.flags |= NOTICED
        delay = 2.0 * s.hospitals[h].notice_delay_days * wait
    if uniform(chained(day_key, np.uint64(3))) < q.hospital_asks_follow_up:
        delay = 6.0 * wait
    delay = follow_up_delay(s, p.registered_gp, h, delay, p_notice, uniform(chained(day_key, np.uint64(5))))
    p.followup_day = p.discharge_day + 1 + int(delay)
    key = draw_key(s.seed, READMISSION, p.discharge_day, p.who)
    old = 1 if age_of(s.patients, i, s.week) >= OLD else 0
    risk = q.hospital_readmission[old]
    if p.n_drugs >= q.hospital_polypharmacy_drugs:
        risk += q.hospital_readmission_polypharmacy
    if s.hospitals[h].occupancy > q.hospital_crowded:
        risk *= q.hospital_crowded_readmission
    u = uniform(chained(key, np.uint64(1)))
    if u < risk:
        p.readmission_day = p.discharge_day + 1 + int((DAYS_FOLLOWED - 1) * uniform(chained(key, np.uint64(2))))
        if u >= risk * (1.0 - q.hospital_readmission_seen):
            p.flags |= READMITTED_IF_UNSEEN


@kernel
def second_check(s: Scene, i: int) -> int:
    """The day of the second check, a month after the discharge, once the first follow-up is due; -1 for none."""
    p = s.patients[i]
    key = chained(draw_key(s.seed, FOLLOW_UP, p.discharge_day, p.who), np.uint64(4))
    first = p.followup_day - p.discharge_day < FIRST_FOLLOW_UP_DAYS
    return p.discharge_day + DAYS_FOLLOWED if first and uniform(key) < s.par[0].hospital_second_check else -1


@kernel
def after_stay(s: Scene, out: Table, keys: NDArray[np.uint64], n: int, i: int) -> int:
    """What is due after a discharge: follow-up, readmission, and the report 30 days later."""
    p = s.patients[i]
    end_of_week = 7 * s.week + 6
    if p.flags & STAY_FOLLOWED and s.week == home_week(s.patients, i):
        discharged(s, i)
    if 0 <= p.followup_day <= end_of_week:
        first_day = max(0, p.followup_day - 7 * s.week)
        p.followup_day = second_check(s, i)
        if not waits_for(s, i, POST_DISCHARGE):
            n = ask_for(s, out, keys, n, i, POST_DISCHARGE, FOLLOW_UP_ORDINAL)
            out[n - 1].day = max(out[n - 1].day, first_day)  # nobody is followed up before leaving the hospital
    day_back = max(0, p.readmission_day - 7 * s.week)
    readmitted = 0 <= p.readmission_day <= end_of_week
    if readmitted:
        p.readmission_day = -1
        readmitted = not (p.flags & READMITTED_IF_UNSEEN and p.flags & SEEN_7_DAYS)
        p.flags &= ~READMITTED_IF_UNSEEN
    if p.flags & STAY_FOLLOWED and not readmitted and s.week >= report_week(s.patients, i):
        blank(s, out, n, i, POST_DISCHARGE, draw_key(s.seed, FOLLOW_UP, s.week, p.who))
        out[n].target = DISCHARGED
        out[n].provider = s.near_hospitals[p.cell, 0]
        n += 1
    if readmitted:
        blank(s, out, n, i, EMERGENCY, draw_key(s.seed, READMISSION, s.week, p.who))
        out[n].target = TO_HOSPITAL
        out[n].cause = CAUSE_OTHER
        out[n].priority = VITAL
        out[n].marks = READMITTED
        out[n].day = day_back
        n += 1
    return n

"""Phase 1: patients, in blocks, emit requests (behaviour C1 and C2)."""

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from agents.patients import (
    ACUTE,
    ADMINISTRATIVE,
    ALIVE,
    COPD,
    DIABETES,
    EMERGENCY,
    FLARE,
    HEART_FAILURE,
    HOME_VISIT,
    HYPERTENSION,
    MENTAL,
    NEW_PATIENT,
    NEWS,
    NO_PENDING,
    NOTICED,
    PENDING_SLOTS,
    POST_DISCHARGE,
    PREVENTION,
    PSYCHOSOCIAL,
    READMITTED_IF_UNSEEN,
    RENEWAL,
    SEEN_7_DAYS,
    STAY_FOLLOWED,
    VITAL,
)
from agents.tasks import K00, K01, K02, K03, K04, K05, K07, K08, K09, K13, K14, K15, K16, K19, K20
from sim.draws import chained, decision, draw_key, step_key, uniform
from sim.events import CAUSE_INJURY, CAUSE_OTHER
from sim.kernel import kernel
from sim.week.ageing import birthday, dies
from sim.week.choice import choose, hand_over, partner_for
from sim.week.patient_state import DAYS_FOLLOWED, SHARE, age_of, home_week, next_wake, refresh_control
from sim.week.rates import (
    CAUSE_OF_STREAM,
    NEED_OF_STREAM,
    S_DEATH,
    S_EMERGENCY,
    S_NURSING,
    S_OTHER_STAY,
    candidates,
    ceiling_of,
    stream_at,
    write_rates,
)
from sim.week.requests import (
    AT_HOME,
    DISCHARGED,
    FORGO,
    NEW_REQUEST,
    PLANNED,
    READMITTED,
    REPLACES,
    TO_ED,
    TO_GP,
    TO_HOSPITAL,
    TO_NURSE,
    TO_REGISTRY,
    TO_ROUNDS,
)
from sim.week.scene import Scene
from sim.week.spending import accrue_other_spending

REQUEST = decision("request", "what follows from a request: where it goes, who takes it, when")
MAY_HAPPEN = decision("may_happen", "whether something may happen to a patient this week")
WHAT_HAPPENS = decision("what_happens", "which need, stay or death a candidate event is")
CONTACT_DAY = decision("contact_day", "day of the week of a contact")
TIE = decision("tie", "order among requests of equal class and wait")
NURSING = decision("nursing", "length of an episode of home nursing")
FOLLOW_UP = decision("follow_up", "whether and when a discharge is notified, asked about and followed")
READMISSION = decision("readmission", "whether and when a discharged patient is readmitted")
PROTOCOL = decision("protocol", "whether a minor complaint falls under a protocol")

ROOM = 32  # requests that one patient can emit in a week, with a margin
OLD = 75
FIRST_CHILD_CHECK_BY_NURSE = 6
LAST_CHILD_CHECK_BY_NURSE = 11


@kernel
def blank(s: Scene, out: Table, n: int, i: int, need: int, who_key: np.uint64) -> None:
    """Start request ``n`` of patient ``i``: every field set, since the buffer is used again and again."""
    r = out[n]
    r.patient = i
    r.provider = -1
    r.dyad = -1
    r.target = TO_GP
    r.need = need
    r.task = K00
    r.cause = 0
    r.priority = int(s.par[0].needs_priority[need])
    r.channel = 0
    r.slot = NEW_REQUEST
    r.day = int(7.0 * uniform(chained(who_key, CONTACT_DAY)))
    r.marks = 0
    r.count = 1
    r.served = 0
    r.since = s.week
    r.tie = np.uint32(chained(who_key, TIE) >> np.uint64(32))
    r.wait_days = 0.0
    r.minutes_tenths = 0
    r.gp_minutes_tenths = 0


@kernel
def task_of(s: Scene, i: int, need: int, key: np.uint64) -> int:
    """The task of the catalogue that a need is, when it is handed over."""
    age = age_of(s.patients, i, s.week)
    if need == RENEWAL:
        return K01
    if need == PREVENTION:
        if age < FIRST_CHILD_CHECK_BY_NURSE:
            return K08
        return K07 if age <= LAST_CHILD_CHECK_BY_NURSE else K09
    if need == ACUTE and uniform(chained(key, PROTOCOL)) < s.par[0].needs_protocol_acute_share:
        return K19
    if need == ADMINISTRATIVE:
        return K16
    if need == PSYCHOSOCIAL and s.patients[i].conditions >> MENTAL & 1:
        return K20
    if need == HOME_VISIT:
        return K13
    if need == POST_DISCHARGE:
        return K14
    if need == NEW_PATIENT:
        return K15
    return K00


@kernel
def side_task_of(s: Scene, i: int) -> int:
    """The condition's own follow-up task that may go with a renewal."""
    conditions = s.patients[i].conditions
    if conditions >> DIABETES & 1:
        return K02
    if conditions >> COPD & 1:
        return K04
    if conditions >> HYPERTENSION & 1 or conditions >> HEART_FAILURE & 1:
        return K03
    return K05


@kernel
def address(s: Scene, out: Table, n: int, key: np.uint64) -> int:
    """Choose where request ``n`` goes, and hand over what its physician hands over. Returns the next free row."""
    r = out[n]
    i = r.patient
    choose(s, i, out, n, key)
    if r.target != TO_GP:
        if r.target == TO_NURSE:
            r.minutes_tenths = int(10.0 * s.par[0].tasks_minutes_nurse[r.task])
        return n + 1
    at_home = (r.marks & AT_HOME) != 0
    r.task = task_of(s, i, r.need, key)
    g = r.provider
    d = partner_for(s, i, g, r.task, at_home, key) if r.task != K00 else -1
    next_row = n + 1
    if d >= 0:
        out[next_row] = out[n]
        hand_over(s, out, n, d, r.task, key)
        if not r.marks & REPLACES:
            # The nurse's service is added: the physician's visit takes place too.
            r.slot = NEW_REQUEST
            out[next_row].task = K00
            next_row += 1
    if r.need == RENEWAL:
        side = side_task_of(s, i)
        d = partner_for(s, i, g, side, at_home, key)
        if d >= 0 and uniform(chained(key, np.uint64(side))) < s.par[0].needs_side_task_share:
            out[next_row] = out[n]
            out[next_row].marks = 0
            hand_over(s, out, next_row, d, side, key)
            # Education goes with the renewal and never replaces it twice.
            out[next_row].slot = NEW_REQUEST
            out[next_row].marks = 0
            next_row += 1
    return next_row


@kernel
def ask_for(s: Scene, out: Table, n: int, i: int, need: int, ordinal: int) -> int:
    """A new need of patient ``i``; returns the next free row."""
    p = s.patients[i]
    key = chained(draw_key(s.seed, REQUEST, s.week, p.who), np.uint64(ordinal))
    blank(s, out, n, i, need, key)
    if need == EMERGENCY:
        out[n].target = TO_ED
        out[n].provider = s.near_hospitals[p.cell, 0]
        out[n].cause = CAUSE_INJURY
        out[n].priority = VITAL
        return n + 1
    frail = p.frailty * SHARE > s.par[0].needs_home_frailty
    if need == HOME_VISIT or (frail and need != ADMINISTRATIVE):
        out[n].marks = AT_HOME
    return address(s, out, n, key)


@kernel
def retry(s: Scene, out: Table, n: int, i: int) -> int:
    """Open requests are asked again, with a fresh choice; after too long they lapse as forgone."""
    p = s.patients[i]
    for slot in range(PENDING_SLOTS):
        need = p.pending[slot].need
        if need == NO_PENDING:
            continue
        key = chained(draw_key(s.seed, REQUEST, s.week, p.who), np.uint64(128 + slot))
        blank(s, out, n, i, need, key)
        r = out[n]
        r.slot = slot
        r.since = p.pending[slot].since
        r.priority = p.pending[slot].priority
        if p.frailty * SHARE > s.par[0].needs_home_frailty and need != ADMINISTRATIVE:
            r.marks = AT_HOME
        if s.week - r.since > s.par[0].choice_give_up_weeks:
            r.target = FORGO
            n += 1
        else:
            n = address(s, out, n, key)
    return n


@kernel
def waits_for(s: Scene, i: int, need: int) -> bool:
    """Whether the patient already has an open request of this kind."""
    for slot in range(PENDING_SLOTS):
        if s.patients[i].pending[slot].need == need:
            return True
    return False


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
def after_stay(s: Scene, out: Table, n: int, i: int) -> int:
    """What is due after a discharge: follow-up, readmission, and the report 30 days later."""
    p = s.patients[i]
    end_of_week = 7 * s.week + 6
    if p.flags & STAY_FOLLOWED and s.week == home_week(s.patients, i):
        discharged(s, i)
    if 0 <= p.followup_day <= end_of_week:
        first_day = max(0, p.followup_day - 7 * s.week)
        p.followup_day = -1
        if not waits_for(s, i, POST_DISCHARGE):
            first = n
            n = ask_for(s, out, n, i, POST_DISCHARGE, 120)
            for row in range(first, n):
                # Nobody is followed up before leaving the hospital.
                out[row].day = max(out[row].day, first_day)
    day_back = max(0, p.readmission_day - 7 * s.week)
    readmitted = 0 <= p.readmission_day <= end_of_week
    if readmitted:
        p.readmission_day = -1
        readmitted = not (p.flags & READMITTED_IF_UNSEEN and p.flags & SEEN_7_DAYS)
        p.flags &= ~READMITTED_IF_UNSEEN
    if p.flags & STAY_FOLLOWED and not readmitted and p.discharge_day + DAYS_FOLLOWED < end_of_week:
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


@kernel
def scheduled(s: Scene, out: Table, n: int, i: int, rates: NDArray[np.float64]) -> int:
    """What is due this week in any case: a birthday, renewals, open requests, rounds, the days after a stay."""
    p = s.patients[i]
    if (s.week - p.birth_week) % 52 == 0:
        birthday(s.patients, s.cells, s.par, s.seed, i, s.week)
        accrue_other_spending(s, i)
        p.ceiling = ceiling_of(s, i, rates)
    refresh_control(s.patients, s.par, i, s.week)
    n = retry(s, out, n, i)
    if p.renewal_due_week <= s.week and not waits_for(s, i, RENEWAL):
        n = ask_for(s, out, n, i, RENEWAL, 110)
    if p.home_until >= s.week and p.nurse_tie >= 0:
        blank(s, out, n, i, HOME_VISIT, draw_key(s.seed, NURSING, s.week, p.who))
        out[n].target = TO_ROUNDS
        out[n].provider = p.nurse_tie
        out[n].count = p.home_stops
        out[n].minutes_tenths = int(10.0 * s.par[0].service_stop_minutes * p.home_stops)
        n += 1
    return after_stay(s, out, n, i)


@kernel
def begin_nursing(s: Scene, i: int, key: np.uint64, share: float) -> None:
    """A short episode of home nursing: dressings, injections."""
    p = s.patients[i]
    if p.nurse_tie < 0:
        p.nurse_tie = s.near_nurses[p.cell, int(s.near_nurses.shape[1] * uniform(chained(key, np.uint64(2))))]
    if p.nurse_tie < 0 or uniform(chained(key, np.uint64(3))) >= share:
        return
    if p.home_until < s.week:
        p.home_stops = int(s.par[0].needs_nursing_episode_stops)
    weeks = int(1.0 + s.par[0].needs_nursing_episode_weeks * uniform(chained(key, np.uint64(1))))
    p.home_until = max(p.home_until, s.week + weeks)


@kernel
def arising(
    s: Scene, out: Table, n: int, i: int, u: float, ceilings: NDArray[np.float64], rates: NDArray[np.float64]
) -> int:
    """Candidate events of this week, thinned to what really happens. Returns the next free row."""
    p = s.patients[i]
    refresh_control(s.patients, s.par, i, s.week)
    highest = write_rates(s, i, True, ceilings)
    write_rates(s, i, False, rates)
    key = draw_key(s.seed, WHAT_HAPPENS, s.week, p.who)
    for event in range(candidates(u, highest / 52.0)):
        stream = stream_at(highest * uniform(chained(key, np.uint64(event))), ceilings, rates)
        if stream < 0:
            continue
        if stream <= S_EMERGENCY:
            n = ask_for(s, out, n, i, NEED_OF_STREAM[stream], event)
        elif stream == S_DEATH:
            dies(s.patients, i)
            return n
        elif stream == S_NURSING:
            begin_nursing(s, i, chained(chained(key, NURSING), np.uint64(event)), 1.0)
        else:
            blank(s, out, n, i, FLARE, chained(key, np.uint64(64 + event)))
            out[n].target = TO_HOSPITAL
            out[n].cause = CAUSE_OF_STREAM[stream]
            out[n].priority = VITAL
            if stream == S_OTHER_STAY:
                out[n].marks = PLANNED
            n += 1
    return n


@kernel
def ask(s: Scene, lo: int, hi: int, out: Table, scratch: NDArray[np.float64]) -> tuple[int, int]:
    """Let patients ``[lo, hi)`` ask. Returns the rows written and the patient to go on from when ``out`` is full.

    ``scratch`` is room for rates, shape ``(2, N_STREAMS)``.
    """
    ceilings = scratch[0]
    rates = scratch[1]
    week_key = step_key(s.seed, MAY_HAPPEN, s.week)
    n = 0
    for i in range(lo, hi):
        p = s.patients[i]
        if not p.flags & ALIVE:
            continue
        h = chained(week_key, p.who)
        may_happen = np.uint32(h >> np.uint64(32)) < p.ceiling
        due = p.wake <= s.week
        if not (may_happen or due):
            continue
        if n + ROOM > out.size:
            return n, i
        if due:
            n = scheduled(s, out, n, i, rates)
        if may_happen:
            n = arising(s, out, n, i, uniform(h), ceilings, rates)
        if p.flags & NEWS:
            blank(s, out, n, i, ADMINISTRATIVE, h)
            out[n].target = TO_REGISTRY
            n += 1
        p.wake = next_wake(s.patients, i, s.week)
    return n, hi

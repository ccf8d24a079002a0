"""Phase 3: what came of each request, applied to its patient, and the claim line it leaves (behaviour C4, C6)."""

import numpy as np

from agents.declarations import Table
from agents.patients import (
    ALD,
    FLARE,
    NEW_PATIENT,
    PSYCHOSOCIAL,
    RENEWAL,
    SPEND_GP,
)
from agents.teams import BY_PHYSICIANS
from agents.templates import EFFORT_TESTS
from sim.draws import chained, draw_key
from sim.events import (
    FIRST,
    GP,
    IN_LIST,
    LEAK,
    OUTSIDE,
    PHYSICIAN,
    TELECONSULTATION,
    TLC,
)
from sim.kernel import kernel
from sim.prefetch import ROWS_AHEAD, fetch_row
from sim.week.act_codes import bill_registration, physician_code
from sim.week.claims import bill, line, physician_share, put_aside, split
from sim.week.contacts import (
    CARE,
    chronic_contact,
    note_follow_up,
    prescribe_test,
    prevent,
    recently_nursed,
    renew,
)
from sim.week.effort import by_effort
from sim.week.listing import register
from sim.week.nursing import home_round, nurse_contact
from sim.week.patient_state import SHARE, next_wake
from sim.week.prices import Prices
from sim.week.requests import (
    AGAIN,
    DISCHARGED,
    FORGO,
    REPLACES,
    TO_ED,
    TO_GP,
    TO_HOSPITAL,
    TO_NURSE,
    TO_ROUNDS,
    TO_TELECONSULTATION,
)
from sim.week.scene import Scene
from sim.week.stays import emergency, hospital_request, report_discharge
from sim.week.waiting import MOST, close_slot, give_up, keep_waiting

EVENT_ROOM = 4  # lines that one request can leave


@kernel
def physician_contact(s: Scene, events: Table, m: int, requests: Table, n: int, price: Prices) -> int:
    """A contact with a physician."""
    r = requests[n]
    i = r.patient
    p = s.patients[i]
    q = s.par[0]
    g = r.provider
    key = chained(draw_key(s.seed, CARE, s.week, p.who), np.uint64(r.tie))
    line(s, events, m, requests, n, GP)
    e = events[m]
    e.payee_kind = PHYSICIAN
    e.payee = g
    e.provider_team = s.physicians[g].team
    e.minutes_tenths = r.minutes_tenths
    ill = p.conditions != 0 and (r.need == RENEWAL or r.need == FLARE or r.need == PSYCHOSOCIAL)
    code = physician_code(s, e, r, ill, key)
    bill(e, code, 1, price.fees[r.day, code])
    if p.gp_contacts == 0:
        e.marks |= FIRST
    if p.registered_gp >= 0:
        if e.registered_team == e.provider_team:
            e.scope = IN_LIST
        else:
            e.marks |= LEAK
        own = 255.0 if p.registered_gp == g else 0.0
        p.share_past = np.uint8(q.care_past_memory * p.share_past + (1.0 - q.care_past_memory) * own + 0.5)
    if ill:
        chronic_contact(s, i, r.minutes_tenths / 10.0 + s.teams[e.provider_team].desk_minutes_saved)
    if r.need == RENEWAL:
        renew(s, i, g, recently_nursed(s, i))
    if r.need == RENEWAL or r.need == FLARE:
        prescribe_test(s, e, i, by_effort(s, g, EFFORT_TESTS, q.care_effort_tests), key)
    if p.prevention_due:
        prevent(s, e, i, g, key)
    asks = 1.0 if r.need == NEW_PATIENT else q.care_registration * (q.care_registration_ald if p.flags & ALD else 1.0)
    register(s, e, i, g, asks, key)
    bill_registration(s, e, price, key)
    note_follow_up(s, i, 7 * s.week + r.day)
    p.spend[SPEND_GP] += split(e, physician_share(e, price), price.flat, price)
    put_aside(s, e, BY_PHYSICIANS)
    p.gp_contacts = min(MOST, p.gp_contacts + 1)
    p.last_gp = s.week
    p.known_gp = g
    trust = p.trust_gp * SHARE + q.care_trust_served - q.care_trust_wait_day * e.waited_days
    p.trust_gp = np.uint8(min(max(trust, 0.0), 1.0) * 255.0 + 0.5)
    close_slot(s, r)
    return m + 1


@kernel
def teleconsultation(s: Scene, events: Table, m: int, requests: Table, n: int, price: Prices) -> int:
    """A contact with a physician from outside the territory: a leak when the patient has a médecin traitant."""
    r = requests[n]
    p = s.patients[r.patient]
    line(s, events, m, requests, n, TELECONSULTATION)
    e = events[m]
    e.payee_kind = OUTSIDE
    bill(e, TLC, 1, price.fees[r.day, TLC])
    if p.registered_gp >= 0:
        e.marks |= LEAK
    if r.need == RENEWAL:
        renew(s, r.patient, -1, False)
    note_follow_up(s, r.patient, 7 * s.week + r.day)
    p.spend[SPEND_GP] += split(e, physician_share(e, price), price.flat, price)
    close_slot(s, r)
    return m + 1


@kernel
def apply(s: Scene, requests: Table, lo: int, hi: int, events: Table, price: Prices) -> tuple[int, int]:
    """Apply requests ``[lo, hi)``. Returns the claim lines written and the request to go on from when it is full."""
    m = 0
    for n in range(lo, hi):
        if m + EVENT_ROOM > events.size:
            return m, n
        if n + ROWS_AHEAD < hi:
            fetch_row(s.patients, requests[n + ROWS_AHEAD].patient)
        r = requests[n]
        target = r.target
        if target == TO_GP and r.served:
            m = physician_contact(s, events, m, requests, n, price)
        elif target == TO_NURSE and r.served:
            m = nurse_contact(s, events, m, requests, n, price)
        elif target == TO_GP or target == AGAIN or (target == TO_NURSE and r.marks & REPLACES):
            m = keep_waiting(s, events, m, requests, n)
        elif target == FORGO:
            m = give_up(s, events, m, requests, n)
        elif target == TO_ROUNDS:
            m = home_round(s, events, m, requests, n, price)
        elif target == TO_TELECONSULTATION:
            m = teleconsultation(s, events, m, requests, n, price)
        elif target == TO_ED:
            m = emergency(s, events, m, requests, n, price)
            close_slot(s, r)
            if r.need == RENEWAL:
                renew(s, r.patient, -1, False)
        elif target == TO_HOSPITAL:
            m = hospital_request(s, events, m, requests, n, price)
        elif target == DISCHARGED and s.patients[r.patient].last_stay < s.week:
            # A new stay, begun earlier this week, has reported the one before.
            m = report_discharge(s, events, m, requests, n, False)
        s.patients[r.patient].wake = next_wake(s.patients, r.patient, s.week)
    return m, hi

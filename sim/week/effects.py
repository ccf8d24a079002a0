"""Phase 3: what came of each request, applied to its patient, and the claim line it leaves (behaviour C4, C6)."""

import numpy as np

from agents.declarations import Row, Table
from agents.nurses import ADVANCED_PRACTICE
from agents.patients import (
    ALD,
    AME,
    DIABETES,
    FAR,
    FLARE,
    KEEPS_NO_GP,
    MENTAL,
    NEVER,
    NEW_PATIENT,
    PREVENTION,
    PSYCHOSOCIAL,
    RENEWAL,
    SEEN_7_DAYS,
    SEEN_30_DAYS,
    SPEND_GP,
    SPEND_NURSE,
    STAY_FOLLOWED,
)
from agents.tasks import FOLLOW_UP, K01, K02, K03, K04, K05, K07, K08, K09, K12, K20
from agents.teams import BY_NURSES, BY_PHYSICIANS
from sim.draws import chained, decision, draw_key, uniform
from sim.events import (
    AMI,
    BSA,
    BSB,
    BSC,
    DOOR,
    FIRST,
    GP,
    IN_LIST,
    INITIATED,
    LEAK,
    NURSE,
    OUTSIDE,
    PHYSICIAN,
    PROTOCOL,
    REGISTRATION,
    ROUNDS,
    ROUTINE,
    SALARIED,
    TELECONSULTATION,
    TEST,
    THE_NURSE,
    TLC,
    TRANSFER,
    VALIDATED,
)
from sim.events import REPLACES as EVENT_REPLACES
from sim.kernel import kernel
from sim.prefetch import ROWS_AHEAD, fetch
from sim.week.act_codes import bill_registration, physician_code
from sim.week.claims import bill, line, put_aside, split
from sim.week.patient_state import DAYS_FOLLOWED, MONTH_WEEKS, SHARE, next_wake, regain_control
from sim.week.prices import IN_PATHWAY, NURSE_ACT, OUTSIDE_PATHWAY, Prices
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

CARE = decision("care", "what a contact does: test, prevention, registration, technical act")

ALL_CONDITIONS = 127
FIRST_FOLLOW_UP_DAYS = 7
LONG_TERM_WEEKS = 26
QUARTER_WEEKS = 13
HALF_DEPENDENT, DEPENDENT = 128, 192  # frailty (in 1/255) from which the daily lump sum is B, then C
EVENT_ROOM = 4  # lines that one request can leave


@kernel
def note_follow_up(s: Scene, i: int, day: int) -> None:
    """A contact after a discharge: within how many days."""
    p = s.patients[i]
    if not p.flags & STAY_FOLLOWED or day < p.discharge_day:
        return
    days = day - p.discharge_day
    if days < p.days_to_contact:
        p.days_to_contact = days
    if days <= FIRST_FOLLOW_UP_DAYS:
        p.flags |= SEEN_7_DAYS
    if days <= DAYS_FOLLOWED:
        p.flags |= SEEN_30_DAYS


@kernel
def renew(s: Scene, i: int) -> None:
    """The treatment is renewed: the next date follows the patient's interval."""
    p = s.patients[i]
    p.renewal_due_week = min(FAR, s.week + int(p.renewal_interval_months * MONTH_WEEKS + 0.5))


@kernel
def chronic_contact(s: Scene, i: int, minutes: float) -> None:
    """Control regained at a chronic contact with a physician (behaviour C4)."""
    p = s.patients[i]
    q = s.par[0]
    close = s.week - p.last_gp < q.care_close_contact_weeks
    gain = q.care_gp_effect * np.sqrt(min(1.0, minutes / q.care_full_effect_minutes))
    regain_control(s.patients, i, ALL_CONDITIONS, gain * q.care_close_contact if close else gain)


@kernel
def takes_on(s: Scene, g: int) -> float:
    """Chance that a physician adds somebody to the list: openness, more while the list is under what it builds to."""
    p = s.physicians[g]
    room = p.list_target / max(1.0, p.registered_list)
    return min(1.0, p.list_open * room ** s.par[0].workforce_list_building)


@kernel
def register(s: Scene, e: Row, i: int, g: int, asks: float, key: np.uint64) -> None:
    """A patient without médecin traitant may ask this physician, who may accept."""
    p = s.patients[i]
    if p.registered_gp >= 0 or p.flags & AME:
        return
    if p.flags & KEEPS_NO_GP:
        if not p.flags & ALD:
            return
        asks = s.par[0].care_registration_reluctant  # the care protocol of a long-term illness needs a physician
    if uniform(chained(key, np.uint64(1))) < asks and uniform(chained(key, np.uint64(2))) < takes_on(s, g):
        p.registered_gp = g
        e.marks |= REGISTRATION


@kernel
def prescribe_test(s: Scene, e: Row, i: int, key: np.uint64) -> None:
    """An HbA1c test may follow a chronic contact of a diabetic."""
    p = s.patients[i]
    if p.conditions >> DIABETES & 1 and uniform(chained(key, np.uint64(4))) < s.par[0].care_test_probability:
        p.diabetes_tests = min(MOST, p.diabetes_tests + 1)
        e.marks |= TEST


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
        chronic_contact(s, i, r.minutes_tenths / 10.0)
    if r.need == RENEWAL:
        renew(s, i)
    if r.need == RENEWAL or r.need == FLARE:
        prescribe_test(s, e, i, key)
    if r.need == PREVENTION and uniform(chained(key, np.uint64(5))) < q.care_prevention_done:
        p.prevention_due = 0
    asks = 1.0 if r.need == NEW_PATIENT else q.care_registration * (q.care_registration_ald if p.flags & ALD else 1.0)
    register(s, e, i, g, asks, key)
    bill_registration(s, e, price, key)
    note_follow_up(s, i, 7 * s.week + r.day)
    ordinary = price.repaid[IN_PATHWAY if e.scope == IN_LIST else OUTSIDE_PATHWAY]
    p.spend[SPEND_GP] += split(e, ordinary, price.flat, price)
    put_aside(s, e, BY_PHYSICIANS)
    p.gp_contacts = min(MOST, p.gp_contacts + 1)
    p.last_gp = s.week
    p.known_gp = g
    trust = p.trust_gp * SHARE + q.care_trust_served - q.care_trust_wait_day * e.waited_days
    p.trust_gp = np.uint8(min(max(trust, 0.0), 1.0) * 255.0 + 0.5)
    close_slot(s, r)
    return m + 1


@kernel
def conditions_of(task: int) -> int:
    """The conditions, as bits, whose control a nurse's task serves."""
    if task == K02:
        return 1 << DIABETES
    if task == K20:
        return 1 << MENTAL
    if task == K03:
        return 0b0010110  # hypertension, heart failure, kidney disease
    if task == K04:
        return 1 << 3
    return ALL_CONDITIONS if task == K01 or task == K05 else 0


@kernel
def note_entrusted(s: Scene, e: Row, i: int) -> None:
    """A follow-up by an advanced-practice nurse: whether it is the first ever, and the first of its quarter."""
    p = s.patients[i]
    if e.channel != TRANSFER or e.task not in FOLLOW_UP:
        return
    if p.ipa_since == NEVER:
        p.ipa_since = s.week
        e.marks |= INITIATED
    if p.ipa_contact // QUARTER_WEEKS != s.week // QUARTER_WEEKS:
        p.ipa_quarters = min(MOST, p.ipa_quarters + 1)
    p.ipa_contact = s.week


@kernel
def nurse_contact(s: Scene, events: Table, m: int, requests: Table, n: int, price: Prices) -> int:
    """A task done by a nurse, for a physician or at the nurse's own door."""
    r = requests[n]
    i = r.patient
    p = s.patients[i]
    q = s.par[0]
    j = r.provider
    line(s, events, m, requests, n, NURSE)
    e = events[m]
    e.payee_kind = THE_NURSE
    e.payee = j
    e.provider_team = s.nurses[j].team
    e.minutes_tenths = r.minutes_tenths
    e.gp_minutes_tenths = r.gp_minutes_tenths
    if e.registered_team >= 0 and e.registered_team == e.provider_team:
        e.scope = IN_LIST
    e.channel = DOOR if r.dyad < 0 else (TRANSFER if s.nurses[j].kind == ADVANCED_PRACTICE else PROTOCOL)
    if r.task == K12:
        e.channel = ROUTINE
    billed = (r.task == K09 or r.task == K12) and not s.nurses[j].salaried
    bill(e, AMI if billed else SALARIED, 1, price.fees[r.day, AMI] if billed else 0)
    if r.marks & REPLACES:
        e.marks |= EVENT_REPLACES
    if r.gp_minutes_tenths > 0 and r.dyad >= 0:
        supervision = q.tasks_supervision[r.task] * q.tasks_minutes_gp[r.task]
        if r.gp_minutes_tenths > int(10.0 * supervision):
            e.marks |= VALIDATED
    served = conditions_of(r.task)
    if served:
        close = s.week - max(p.last_gp, p.nurse_contact) < q.care_close_contact_weeks
        gain = q.care_nurse_effect * s.nurses[j].skill[r.task]
        regain_control(s.patients, i, served, gain * q.care_close_contact if close else gain)
        p.nurse_contact = s.week
    note_entrusted(s, e, i)
    if r.task == K01 and r.marks & REPLACES:
        renew(s, i)
    if r.task == K01 or r.task == K02:
        prescribe_test(s, e, i, chained(draw_key(s.seed, CARE, s.week, p.who), np.uint64(r.tie)))
    if r.task == K07 or r.task == K08 or r.task == K09:
        p.prevention_due = 0
    note_follow_up(s, i, 7 * s.week + r.day)
    p.spend[SPEND_NURSE] += split(e, price.repaid[NURSE_ACT], 0, price)
    put_aside(s, e, BY_NURSES)
    p.last_nurse = s.week
    close_slot(s, r)
    return m + 1


@kernel
def home_round(s: Scene, events: Table, m: int, requests: Table, n: int, price: Prices) -> int:
    """A week of home stops: daily lump sums for a dependent patient, acts for a short episode."""
    r = requests[n]
    p = s.patients[r.patient]
    j = r.provider
    line(s, events, m, requests, n, ROUNDS)
    e = events[m]
    e.payee_kind = THE_NURSE
    e.payee = j
    e.provider_team = s.nurses[j].team
    e.task = K12
    e.channel = ROUTINE
    e.minutes_tenths = r.minutes_tenths
    if e.registered_team >= 0 and e.registered_team == e.provider_team:
        e.scope = IN_LIST
    if p.home_until > s.week + LONG_TERM_WEEKS:
        code = BSC if p.frailty >= DEPENDENT else (BSB if p.frailty >= HALF_DEPENDENT else BSA)
        days = min(7, r.count)
        bill(e, code, days, price.fees[r.day, code])
        e.cents += r.count * price.travel
    else:
        bill(e, AMI, r.count, price.fees[r.day, AMI] + price.travel)
    note_follow_up(s, r.patient, 7 * s.week + r.day)
    p.spend[SPEND_NURSE] += split(e, price.repaid[NURSE_ACT], 0, price)
    put_aside(s, e, BY_NURSES)
    p.last_nurse = s.week
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
        renew(s, r.patient)
    note_follow_up(s, r.patient, 7 * s.week + r.day)
    ordinary = price.repaid[OUTSIDE_PATHWAY]
    p.spend[SPEND_GP] += split(e, ordinary, price.flat, price)
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
            fetch(s.patients, requests[n + ROWS_AHEAD].patient)
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
                renew(s, r.patient)
        elif target == TO_HOSPITAL:
            m = hospital_request(s, events, m, requests, n, price)
        elif target == DISCHARGED and s.patients[r.patient].last_stay < s.week:
            # A new stay, begun earlier this week, has reported the one before.
            m = report_discharge(s, events, m, requests, n, False)
        s.patients[r.patient].wake = next_wake(s.patients, r.patient, s.week)
    return m, hi

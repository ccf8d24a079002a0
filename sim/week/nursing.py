"""What nurses do: tasks, for a physician or at their own door, and rounds at patients' homes (behaviour C4, D2)."""

import numpy as np

from agents.declarations import Row, Table
from agents.nurses import ADVANCED_PRACTICE, LIBERAL
from agents.patients import DIABETES, MENTAL, NEVER, SPEND_NURSE
from agents.tasks import (
    AUTHORISATION,
    BILLED,
    FOLLOW_UP,
    K01,
    K02,
    K03,
    K04,
    K05,
    K09,
    K12,
    K20,
    OPEN,
    PRESCRIPTION,
    PREVENTIVE,
)
from agents.tasks import PROTOCOL as BY_PROTOCOL
from agents.teams import BY_NURSES
from sim.draws import chained, draw_key
from sim.events import (
    AMI,
    BSA,
    BSB,
    BSC,
    DOOR,
    IN_LIST,
    INFORMAL,
    INITIATED,
    NURSE,
    OWN,
    PROTOCOL,
    REFERRAL,
    ROUNDS,
    ROUTINE,
    SALARIED,
    THE_NURSE,
    TRANSFER,
    VALIDATED,
)
from sim.events import REPLACES as EVENT_REPLACES
from sim.kernel import kernel
from sim.week.claims import bill, line, put_aside, split
from sim.week.contacts import (
    ALL_CONDITIONS,
    CARE,
    note_follow_up,
    prescribe_test,
    prevention_done,
    recently_nursed,
    renew,
)
from sim.week.patient_state import regain_control
from sim.week.prices import NURSE_ACT, Prices
from sim.week.relief import supervision_tenths
from sim.week.requests import REPLACES
from sim.week.scene import Scene
from sim.week.waiting import MOST, close_slot

LONG_TERM_WEEKS = 26
QUARTER_WEEKS = 13
HALF_DEPENDENT, DEPENDENT = 128, 192  # frailty (in 1/255) from which the daily lump sum is B, then C


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
def channel_of(s: Scene, r: Row) -> int:
    """How a task came to the nurse: five channels, and the nurse's own door (behaviour D2)."""
    if r.channel != OWN:
        return r.channel
    if r.dyad < 0:
        return DOOR
    kind = s.nurses[r.provider].kind
    scope = s.law[r.task, kind]
    if r.task == K12 or scope == PRESCRIPTION:
        return ROUTINE
    if kind == ADVANCED_PRACTICE:
        return TRANSFER
    if s.dyads[r.dyad].informal >> r.task & 1:
        return INFORMAL
    if r.task == K09 and kind == LIBERAL:
        return ROUTINE
    if scope == BY_PROTOCOL or scope == AUTHORISATION:
        return PROTOCOL
    return REFERRAL if scope == OPEN else INFORMAL


@kernel
def bills_acts(nurse: Row) -> bool:
    """Whether somebody bills the nurse's acts: the self-employed do, and so does the centre that employs a nurse.

    Nurses whose posts are funded (asalee, pathway, advanced practice on a wage) have no acts to bill (systems 2.1).
    """
    return not nurse.salaried or nurse.kind == LIBERAL


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
    e.channel = channel_of(s, r)
    billed = r.task in BILLED and bills_acts(s.nurses[j])
    bill(e, AMI if billed else SALARIED, 1, price.fees[r.day, AMI] if billed else 0)
    if r.marks & REPLACES:
        e.marks |= EVENT_REPLACES
    if r.physician >= 0 and r.gp_minutes_tenths > supervision_tenths(s, r.task):
        e.marks |= VALIDATED
    nursed = recently_nursed(s, i)  # before this contact, which may be the renewal itself
    served = conditions_of(r.task)
    if served:
        close = s.week - max(p.last_gp, p.nurse_contact) < q.care_close_contact_weeks
        gain = q.care_nurse_effect * s.nurses[j].skill[r.task]
        regain_control(s.patients, i, served, gain * q.care_close_contact if close else gain)
        p.nurse_contact = s.week
    note_entrusted(s, e, i)
    if r.task == K01 and r.marks & REPLACES:
        renew(s, i, r.physician, nursed)
    if r.task == K01 or r.task == K02:
        prescribe_test(s, e, i, 1.0, chained(draw_key(s.seed, CARE, s.week, p.who), np.uint64(r.tie)))
    if r.task in PREVENTIVE:
        prevention_done(s, e, i)
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
    e.stops = r.count
    if not bills_acts(s.nurses[j]):
        bill(e, SALARIED, r.count, 0)
    elif p.home_until > s.week + LONG_TERM_WEEKS:
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

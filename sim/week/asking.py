"""One request: what it is, which task it would be, and where the patient takes it (behaviour B, C2)."""

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Row, Table
from agents.patients import (
    ACUTE,
    ADMINISTRATIVE,
    COPD,
    DIABETES,
    EMERGENCY,
    HEART_FAILURE,
    HIGH,
    HOME_VISIT,
    HYPERTENSION,
    MENTAL,
    NEW_PATIENT,
    PENDING_SLOTS,
    POST_DISCHARGE,
    PREVENTION,
    PSYCHOSOCIAL,
    RENEWAL,
    VITAL,
)
from agents.tasks import K00, K01, K02, K03, K04, K05, K07, K08, K09, K13, K14, K15, K16, K19, K20
from sim.draws import chained, decision, draw_key, uniform
from sim.events import CAUSE_INJURY
from sim.kernel import kernel
from sim.prefetch import copy_row
from sim.week.choice import bounced, choose, hand_over, partner_for, under_protocol
from sim.week.patient_state import SHARE, age_of
from sim.week.requests import (
    AGAIN,
    AT_HOME,
    NEW_REQUEST,
    REPLACES,
    TO_ED,
    TO_GP,
    TO_NURSE,
    UNADDRESSED,
)
from sim.week.scene import Scene
from sim.week.watch import watch, watching_nurse

REQUEST = decision("request", "what follows from a request: where it goes, who takes it, when")
CONTACT_DAY = decision("contact_day", "day of the week of a contact")
TIE = decision("tie", "order among requests of equal class and wait")
TRIAGE = decision("triage", "whether a call is sorted wrongly, and as what")

FIRST_CHILD_CHECK_BY_NURSE = 6
LAST_CHILD_CHECK_BY_NURSE = 11


@kernel
def blank(s: Scene, out: Table, n: int, i: int, need: int, who_key: np.uint64) -> None:
    """Start request ``n`` of patient ``i``: every field set, since the buffer is used again and again."""
    r = out[n]
    r.patient = i
    r.provider = -1
    r.dyad = -1
    r.physician = -1
    r.target = UNADDRESSED
    r.need = need
    r.task = K00
    r.cause = 0
    r.priority = int(s.par[0].needs_priority[need])
    r.misplaced = 0
    r.channel = 0
    r.slot = NEW_REQUEST
    r.day = int(7.0 * uniform(chained(who_key, CONTACT_DAY)))
    r.marks = 0
    r.count = 1
    r.served = 0
    r.since = s.week
    r.tie = np.uint32(chained(who_key, TIE) >> np.uint64(32))
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
    if need == ACUTE and under_protocol(s, key):
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
def sort_call(s: Scene, r: Row, key: np.uint64) -> None:
    """The desk of the physician sorts the call by how pressing it is, some of them wrongly (behaviour E)."""
    error = s.teams[s.physicians[r.provider].team].desk_error
    u = uniform(chained(key, TRIAGE))
    if u < error and r.priority != VITAL:
        # One of the two other classes that a call may be put in, at even chances.
        steps = 1 if u < 0.5 * error else 2
        r.misplaced = (r.priority - HIGH + steps) % 3 + HIGH - r.priority


@kernel
def address(s: Scene, out: Table, n: int, key: np.uint64) -> int:
    """Choose where request ``n`` goes, and hand over what its physician hands over. Returns the next free row."""
    r = out[n]
    i = r.patient
    tie = r.provider
    choose(s, i, out, n, key, tie)
    if r.target != TO_GP:
        if r.target == TO_NURSE:
            r.minutes_tenths = int(10.0 * s.par[0].tasks_minutes_nurse[r.task])
        return n + 1
    sort_call(s, r, key)
    at_home = (r.marks & AT_HOME) != 0
    r.task = task_of(s, i, r.need, key)
    g = r.provider
    d = partner_for(s, i, g, r.task, at_home, key) if r.task != K00 else -1
    watcher = watching_nurse(s, i, g, tie, key) if r.task == K13 and d < 0 else -1
    next_row = n + 1
    if d >= 0 and bounced(s, d, key):
        r.target = AGAIN
        return next_row
    if d >= 0 or watcher >= 0:
        copy_row(out, next_row, out, n)
        if d >= 0:
            hand_over(s, out, n, d, r.task, key, True)
        else:
            watch(s, out, n, g, watcher, key)
        if not r.marks & REPLACES:
            # The nurse's service is added: the physician's visit takes place too.
            r.slot = NEW_REQUEST
            out[next_row].task = K00
            next_row += 1
    if r.need == RENEWAL:
        side = side_task_of(s, i)
        d = partner_for(s, i, g, side, at_home, key)
        if d >= 0 and uniform(chained(key, np.uint64(side))) < s.par[0].needs_side_task_share:
            copy_row(out, next_row, out, n)
            out[next_row].marks = 0
            # Education goes with the renewal and never replaces it twice.
            hand_over(s, out, next_row, d, side, key, False)
            out[next_row].slot = NEW_REQUEST
            next_row += 1
    return next_row


@kernel
def ask_for(s: Scene, out: Table, keys: NDArray[np.uint64], n: int, i: int, need: int, ordinal: int) -> int:
    """A new need of patient ``i``, to be addressed by its key unless it is an emergency; returns the next free row."""
    p = s.patients[i]
    key = chained(draw_key(s.seed, REQUEST, s.week, p.who), np.uint64(ordinal))
    keys[n] = key
    blank(s, out, n, i, need, key)
    if need == EMERGENCY:
        out[n].target = TO_ED
        out[n].provider = s.near_hospitals[p.cell, 0]
        out[n].cause = CAUSE_INJURY
        out[n].priority = VITAL
        return n + 1
    out[n].provider = p.nurse_tie
    frail = p.frailty * SHARE > s.par[0].needs_home_frailty
    if need == HOME_VISIT or (frail and need != ADMINISTRATIVE):
        out[n].marks = AT_HOME
    return n + 1


@kernel
def waits_for(s: Scene, i: int, need: int) -> bool:
    """Whether the patient already has an open request of this kind."""
    for slot in range(PENDING_SLOTS):
        if s.patients[i].pending[slot].need == need:
            return True
    return False

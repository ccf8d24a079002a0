"""What is not served waits, or is forgone (behaviour C2, C3)."""

import numpy as np

from agents.declarations import Row, Table
from agents.patients import (
    NO_PENDING,
    PENDING_SLOTS,
    RENEWAL,
)
from sim.events import (
    DELAY,
    FORGONE,
)
from sim.kernel import kernel
from sim.week.claims import line
from sim.week.patient_state import MONTH_WEEKS, SHARE
from sim.week.requests import (
    NEW_REQUEST,
)
from sim.week.scene import Scene

MOST = 255  # what a counter of one byte holds


@kernel
def close_slot(s: Scene, r: Row) -> None:
    """An open request is answered."""
    if r.slot != NEW_REQUEST:
        s.patients[r.patient].pending[r.slot].need = NO_PENDING


@kernel
def give_up(s: Scene, events: Table, m: int, requests: Table, n: int) -> int:
    """A need is forgone: counted by class, trust falls, a renewal is asked again a month later."""
    r = requests[n]
    p = s.patients[r.patient]
    close_slot(s, r)
    if r.need == RENEWAL:
        p.renewal_due_week = s.week + int(MONTH_WEEKS)
    if p.forgone_need[r.priority] < MOST:
        p.forgone_need[r.priority] += 1
    p.trust_gp = np.uint8(max(0.0, p.trust_gp - s.par[0].care_trust_forgone / SHARE))
    line(s, events, m, requests, n, FORGONE)
    return m + 1


@kernel
def keep_waiting(s: Scene, events: Table, m: int, requests: Table, n: int) -> int:
    """The request stays open until next week; without a free slot the need is forgone."""
    r = requests[n]
    p = s.patients[r.patient]
    slot = r.slot
    if slot == NEW_REQUEST:
        for free in range(PENDING_SLOTS):
            if p.pending[free].need == NO_PENDING:
                slot = free
                break
    if slot == NEW_REQUEST:
        return give_up(s, events, m, requests, n)
    p.pending[slot].need = r.need
    p.pending[slot].priority = r.priority
    p.pending[slot].since = r.since
    p.pending[slot].provider = r.provider
    line(s, events, m, requests, n, DELAY)
    return m + 1

"""Phase 1: patients, in blocks, emit requests (behaviour C1 and C2)."""

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from agents.patients import (
    ADMINISTRATIVE,
    ALIVE,
    FLARE,
    HOME_VISIT,
    NEWS,
    NO_PENDING,
    PENDING_SLOTS,
    RENEWAL,
    VITAL,
)
from sim.draws import chained, decision, draw_key, step_key, uniform
from sim.kernel import kernel
from sim.prefetch import ROWS_AHEAD, SCANNED_AHEAD, copy_row, fetch_head, fetch_row
from sim.week.aftercare import after_stay
from sim.week.ageing import birthday, dies
from sim.week.asking import REQUEST, address, ask_for, blank, waits_for
from sim.week.choice import nurse_near
from sim.week.effort import review_drugs
from sim.week.patient_state import SHARE, next_wake, refresh_control
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
    write_ceilings_of,
)
from sim.week.requests import (
    AT_HOME,
    FORGO,
    PLANNED,
    TO_HOSPITAL,
    TO_REGISTRY,
    TO_ROUNDS,
    UNADDRESSED,
)
from sim.week.scene import Scene
from sim.week.spending import accrue_other_spending

MAY_HAPPEN = decision("may_happen", "whether something may happen to a patient this week")
WHAT_HAPPENS = decision("what_happens", "which need, stay or death a candidate event is")
NURSING = decision("nursing", "length of an episode of home nursing")

ROOM = 64  # things that one patient can ask in a week, with a margin
ROWS_OF_ONE = 3  # rows that one of them can become once it is addressed
ASKED_TOGETHER = 512
"""Things asked before they are addressed: few enough for the nearest cache, and for its code to stay there as well."""

# Ordinals of a patient's requests in a week: candidate events come first, then what is due.
RENEWAL_ORDINAL = 110
RETRY_ORDINAL = 128


@kernel
def retry(s: Scene, out: Table, keys: NDArray[np.uint64], n: int, i: int) -> int:
    """Open requests are asked again, with a fresh choice; after too long they lapse as forgone."""
    p = s.patients[i]
    for slot in range(PENDING_SLOTS):
        need = p.pending[slot].need
        if need == NO_PENDING:
            continue
        key = chained(draw_key(s.seed, REQUEST, s.week, p.who), np.uint64(RETRY_ORDINAL + slot))
        keys[n] = key
        blank(s, out, n, i, need, key)
        r = out[n]
        r.slot = slot
        r.since = p.pending[slot].since
        r.priority = p.pending[slot].priority
        if p.frailty * SHARE > s.par[0].needs_home_frailty and need != ADMINISTRATIVE:
            r.marks = AT_HOME
        if s.week - r.since > s.par[0].choice_give_up_weeks:
            r.target = FORGO
        else:
            r.provider = p.nurse_tie
        n += 1
    return n


@kernel
def scheduled(s: Scene, out: Table, keys: NDArray[np.uint64], n: int, i: int, rates: NDArray[np.float64]) -> int:
    """What is due this week in any case: a birthday, renewals, open requests, rounds, the days after a stay."""
    p = s.patients[i]
    if (s.week - p.birth_week) % 52 == 0:
        birthday(s.patients, s.cells, s.par, s.seed, i, s.week)
        review_drugs(s, i)
        accrue_other_spending(s, i)
        p.ceiling = ceiling_of(s, i, rates)
    refresh_control(s.patients, s.par, i, s.week)
    n = retry(s, out, keys, n, i)
    if p.renewal_due_week <= s.week and not waits_for(s, i, RENEWAL):
        n = ask_for(s, out, keys, n, i, RENEWAL, RENEWAL_ORDINAL)
    if p.nurse_tie >= 0 and not s.nurses[p.nurse_tie].in_post:
        p.nurse_tie = nurse_near(s, p.cell, p.nurse_tie)  # somebody else takes over who the nurse that left used to see
    if p.home_until >= s.week and p.nurse_tie >= 0:
        blank(s, out, n, i, HOME_VISIT, draw_key(s.seed, NURSING, s.week, p.who))
        out[n].target = TO_ROUNDS
        out[n].provider = p.nurse_tie
        out[n].count = p.home_stops
        out[n].minutes_tenths = int(10.0 * s.par[0].service_stop_minutes * p.home_stops)
        n += 1
    return after_stay(s, out, keys, n, i)


@kernel
def begin_nursing(s: Scene, i: int, key: np.uint64) -> None:
    """A short episode of home nursing: dressings, injections."""
    p = s.patients[i]
    if p.nurse_tie < 0:
        p.nurse_tie = s.near_nurses[p.cell, int(s.near_nurses.shape[1] * uniform(chained(key, np.uint64(2))))]
    if p.nurse_tie >= 0 and not s.nurses[p.nurse_tie].in_post:
        p.nurse_tie = nurse_near(s, p.cell, p.nurse_tie)
    if p.nurse_tie < 0:
        return
    if p.home_until < s.week:
        p.home_stops = int(s.par[0].needs_nursing_episode_stops)
    weeks = int(1.0 + s.par[0].needs_nursing_episode_weeks * uniform(chained(key, np.uint64(1))))
    p.home_until = max(p.home_until, s.week + weeks)


@kernel
def arising(
    s: Scene, out: Table, keys: NDArray[np.uint64], n: int, i: int, u: float, ceilings: NDArray[np.float64]
) -> int:  # fmt: skip
    """Candidate events of this week, thinned to what really happens. Returns the next free row."""
    p = s.patients[i]
    refresh_control(s.patients, s.par, i, s.week)
    highest = write_ceilings_of(s, i, ceilings)
    key = draw_key(s.seed, WHAT_HAPPENS, s.week, p.who)
    for event in range(candidates(u, highest / 52.0)):
        stream = stream_at(s, i, highest * uniform(chained(key, np.uint64(event))), ceilings)
        if stream < 0:
            continue
        if stream <= S_EMERGENCY:
            n = ask_for(s, out, keys, n, i, NEED_OF_STREAM[stream], event)
        elif stream == S_DEATH:
            dies(s.patients, i)
            return n
        elif stream == S_NURSING:
            begin_nursing(s, i, chained(chained(key, NURSING), np.uint64(event)))
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
def stirred(s: Scene, lo: int, hi: int, week_key: np.uint64, rows: NDArray[np.int32]) -> int:
    """List the patients of ``[lo, hi)`` to whom something may happen or is due; returns how many.

    Nine in ten are passed by: no branch is taken on what nobody can foresee, and only the head of a row is read.
    """
    n = np.uint64(0)
    for i in range(np.uint64(lo), np.uint64(hi)):  # an unsigned index spares compiled code the test for negative ones
        fetch_head(s.patients, int(i + np.uint64(SCANNED_AHEAD)))
        p = s.patients[i]
        may_happen = np.uint32(chained(week_key, p.who) >> np.uint64(32)) < p.ceiling
        due = p.wake <= s.week
        rows[n] = i
        n += np.uint64(may_happen | due) & np.uint64(p.flags & ALIVE)
    return int(n)


@kernel
def asks(
    s: Scene, out: Table, keys: NDArray[np.uint64], n: int, i: int, week_key: np.uint64, rates: NDArray[np.float64]
) -> int:  # fmt: skip
    """What one patient asks in a week, not addressed yet; returns the next free row."""
    p = s.patients[i]
    h = chained(week_key, p.who)
    may_happen = np.uint32(h >> np.uint64(32)) < p.ceiling  # as it is before a birthday sets it anew
    if p.wake <= s.week:
        n = scheduled(s, out, keys, n, i, rates)
    if may_happen:
        n = arising(s, out, keys, n, i, uniform(h), rates)
    if p.flags & NEWS:
        blank(s, out, n, i, ADMINISTRATIVE, h)
        out[n].target = TO_REGISTRY
        n += 1
    p.wake = next_wake(s.patients, i, s.week)
    return n


@kernel
def ask(
    s: Scene, lo: int, hi: int, out: Table, rates: NDArray[np.float64], rows: NDArray[np.int32], asked: Table,
    keys: NDArray[np.uint64],
) -> tuple[int, int]:  # fmt: skip
    """Let patients ``[lo, hi)`` ask. Returns the rows written and the patient to go on from when ``out`` is full.

    Some patients ask, then where each of their requests goes is decided: each half of the code is run often enough in a
    row to stay in the cache of the processor, which does not hold both.

    Given:
        s, lo, hi: the scene, and which patients.
        out: written.
        rates: room for those of one patient, shape ``(N_STREAMS,)``.
        rows: room for the patients of the range.
        asked, keys: room for what some patients ask, and the key of each request, shape ``(ASKED_TOGETHER,)``.
    """
    week_key = step_key(s.seed, MAY_HAPPEN, s.week)
    found = stirred(s, lo, hi, week_key, rows)
    most = min(asked.size, out.size // ROWS_OF_ONE)
    n = 0
    k = 0
    while k < found:
        if n + ROWS_OF_ONE * most > out.size:
            return n, rows[k]
        last = 0
        while k < found and last + ROOM <= most:
            if k + ROWS_AHEAD < found:
                fetch_row(s.patients, rows[k + ROWS_AHEAD])
            last = asks(s, asked, keys, last, rows[k], week_key, rates)
            k += 1
        for a in range(last):
            copy_row(out, n, asked, a)
            n = address(s, out, n, keys[a]) if asked[a].target == UNADDRESSED else n + 1
    return n, hi

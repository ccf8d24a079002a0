"""Phase 2: each provider serves its own requests, in order of class, wait and a keyed tie-break (behaviour C3)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Row, Table
from agents.patients import FLARE, MEDIUM, MENTAL, NEW_PATIENT, POST_DISCHARGE, PSYCHOSOCIAL, RENEWAL
from agents.uses import (
    COLLECTIVE,
    EFFORT,
    EVIDENCE,
    HOME,
    IDLE,
    ORGANISATIONAL,
    OVERRUN,
    PERSONAL,
    PHONE,
    SUPERVISION,
    TRAVEL,
    UNBILLED,
    VALIDATION,
    VISIT,
)
from sim.draws import chained, decision, draw_key, uniform
from sim.kernel import compiled, kernel
from sim.prefetch import ROWS_AHEAD, fetch_head
from sim.week.effort import effort_minutes
from sim.week.parts import Each, Range, in_turn
from sim.week.relief import CALLS, FREED, OWED, divide_freed
from sim.week.requests import AT_HOME, BY_PHONE, TO_GP, TO_NURSE, TO_ROUNDS
from sim.week.scene import Scene

LEAVE = decision("leave", "whether a physician is on leave this week")
PHONE_CONTACT = decision("phone_contact", "whether a contact is taken by phone")

QUEUE_WEEKS = 255
POSITION_BITS = 22
"""Bits that hold a request's place among those of its provider, below its rank and tie-break."""
MOST_COUNTED = 200
"""Requests of which each is put behind as many as come before it: for no more, that takes less than to sort them."""


@compiled
def presence(s: Scene) -> None:
    """Who works this week: a post is filled, and its holder is not on leave. Clears the week's counters."""
    for g in range(s.physicians.size):
        p = s.physicians[g]
        away = uniform(draw_key(s.seed, LEAVE, s.week, p.who)) < p.leave_weeks / 52.0
        p.present = 0 if away or p.vacant_until >= 0 else 1


@kernel
def desk_of(r: Row, first_nurse: int, first_physician: int, nobody: int) -> int:
    """Who serves a request, counted from the first of each; ``nobody`` where neither a nurse nor a physician does."""
    if r.target == TO_GP:
        return r.provider - first_physician
    return r.provider - first_nurse if r.target == TO_NURSE or r.target == TO_ROUNDS else nobody


@kernel
def count_desks(
    requests: Table, lo: int, hi: int, first_nurse: int, first_physician: int, desks: NDArray[np.int32],
    counts: NDArray[np.int64],
) -> None:  # fmt: skip
    """Note who serves each of requests ``[lo, hi)``, and how many of them each serves."""
    for n in range(lo, hi):
        desks[n] = desk_of(requests[n], first_nurse, first_physician, counts.size - 1)
        counts[desks[n]] += 1


@kernel
def first_places(counts: NDArray[np.int64], starts: NDArray[np.int64]) -> None:
    """Where the requests of each provider start, and in ``counts`` those of each part: one part behind the other."""
    place = 0
    for desk in range(counts.shape[1]):
        starts[desk] = place
        for part in range(counts.shape[0]):
            number = counts[part, desk]
            counts[part, desk] = place
            place += number


@kernel
def place_rows(
    desks: NDArray[np.int32], lo: int, hi: int, free: NDArray[np.int64], rows: NDArray[np.int64]
) -> None:  # fmt: skip
    """Put requests ``[lo, hi)`` in the next free places of who serves them."""
    for n in range(lo, hi):
        rows[free[desks[n]]] = n
        free[desks[n]] += 1


def by_provider(
    requests: Table, nurses: Range, physicians: Range, parts: Sequence[Range] = (), each: Each = in_turn
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of the requests of each provider, stably: the first nurse's are ``rows[starts[0] : starts[1]]``, and so on.

    Physicians come behind the nurses. A counting sort: within a provider, requests of an earlier part come first.

    Args:
        requests: the week's.
        nurses: rows of those who may be asked.
        physicians: likewise.
        parts: ranges of the requests; all at once by default.
        each: sorts each part.
    """
    ranges = parts or [(0, requests.size)]
    desks = np.empty(requests.size, dtype=np.int32)
    first_physician = physicians[0] - (nurses[1] - nurses[0])  # as if their rows followed those of the nurses
    served = physicians[1] - first_physician
    counts = np.zeros((len(ranges), served + 1), dtype=np.int64)  # behind all, those that nobody serves
    numbers = range(len(ranges))
    each(lambda k: count_desks(requests, *ranges[k], nurses[0], first_physician, desks, counts[k]), numbers)
    starts, rows = np.empty(counts.shape[1], dtype=np.int64), np.empty(requests.size, dtype=np.int64)
    first_places(counts, starts)
    each(lambda k: place_rows(desks, *ranges[k], counts[k], rows), numbers)
    return rows[: starts[-1]], starts


@compiled
def in_order(requests: Table, rows: NDArray[np.int64], week: int) -> NDArray[np.int64]:
    """The rows in order of the class as the desk has sorted them, then longest wait, then tie-break."""
    keys = np.empty(rows.size, np.uint64)
    for k in range(rows.size):
        r = requests[rows[k]]
        waited = min(week - r.since, QUEUE_WEEKS)
        rank = (np.uint64(r.priority + r.misplaced) << np.uint64(8)) + np.uint64(QUEUE_WEEKS - waited)
        keys[k] = (((rank << np.uint64(32)) + np.uint64(r.tie)) << np.uint64(POSITION_BITS)) + np.uint64(k)
    ordered = np.empty(rows.size, np.int64)
    if rows.size > MOST_COUNTED:
        keys.sort()
        for k in range(rows.size):
            ordered[k] = rows[keys[k] & np.uint64((1 << POSITION_BITS) - 1)]
        return ordered
    for k in range(rows.size):
        before = 0
        for other in range(rows.size):
            before += keys[other] < keys[k]
        ordered[before] = rows[k]
    return ordered


@compiled
def visit_tenths(s: Scene, g: int, requests: Table, n: int) -> int:
    """Length of a contact in tenths of a minute, and whether it is taken by phone."""
    q = s.par[0]
    r = requests[n]
    if r.marks & AT_HOME:
        return int(10.0 * q.service_home_visit_minutes)
    p = s.patients[r.patient]
    if r.priority >= MEDIUM and r.need != RENEWAL:
        key = chained(draw_key(s.seed, PHONE_CONTACT, s.week, p.who), np.uint64(r.tie))
        if uniform(key) < s.physicians[g].phone_share:
            r.marks = r.marks | BY_PHONE
            return int(10.0 * q.service_phone_minutes)
    chronic = r.need == RENEWAL or r.need == FLARE or r.need == POST_DISCHARGE or r.need == NEW_PATIENT
    chronic = chronic or (r.need == PSYCHOSOCIAL and (p.conditions >> MENTAL & 1) != 0)
    slot = s.physicians[g].slot_chronic if chronic else s.physicians[g].slot_acute
    if chronic:
        slot -= s.teams[s.physicians[g].team].desk_minutes_saved
    return int(10.0 * max(q.service_shortest_visit, slot - q.service_overload_minutes * s.physicians[g].overload))


@compiled
def lengthen(requests: Table, rows: NDArray[np.int64], minutes: float) -> None:
    """Share minutes among the consultations at the practice, by whole tenths."""
    apart = AT_HOME | BY_PHONE
    consultations = 0
    for n in rows:
        consultations += 0 if requests[n].marks & apart else 1
    extra = int(10.0 * minutes / max(1, consultations))
    for n in rows:
        if not requests[n].marks & apart:
            requests[n].minutes_tenths += extra


@compiled
def book(minutes: NDArray[np.float64], r: Row, q: Row) -> None:
    """Book a served contact to its use; the travel of a home visit apart."""
    length = r.minutes_tenths / 10.0
    if r.marks & AT_HOME:
        minutes[HOME] += length - q.service_home_visit_travel_minutes
        minutes[TRAVEL] += q.service_home_visit_travel_minutes
    elif r.marks & BY_PHONE:
        minutes[PHONE] += length
    else:
        minutes[VISIT] += length


@compiled
def serve_in_passes(s: Scene, requests: Table, rows: NDArray[np.int64], capacity: int, overrun: int) -> tuple[int, int]:
    """Serve the queue up to its share of the minutes, then everybody by class. Returns tenths used and unserved.

    The same-day reserve keeps a quarter of the minutes from the queue, so that this week's acute needs find a place.
    Days are drawn out, unpaid, for whoever is left, the most pressing first (behaviour C3).
    """
    used = 0
    asked = 0
    queue_limit = int(capacity * (1.0 - s.par[0].service_same_day_reserve))
    for n in rows:
        asked += requests[n].minutes_tenths
        if requests[n].since < s.week and used + requests[n].minutes_tenths <= queue_limit:
            requests[n].served = 1
            used += requests[n].minutes_tenths
    for n in rows:
        r = requests[n]
        if not r.served and used + r.minutes_tenths <= capacity + overrun:
            r.served = 1
            used += r.minutes_tenths
    return used, asked - used


@compiled
def post_wait(s: Scene, provider: Row, capacity: float, used: float, backlog: float) -> None:
    """Update what patients and colleagues see: smoothed, or a saturated practice swings every two weeks."""
    q = s.par[0]
    share = min(1.0, used / capacity)
    provider.booked_share = share
    provider.backlog_minutes = backlog
    fresh = 7.0 * backlog / capacity + q.service_wait_queue * share / max(q.service_wait_floor, 1.0 - share)
    provider.posted_wait_days = (
        q.service_wait_memory * provider.posted_wait_days + (1.0 - q.service_wait_memory) * fresh
    )


@compiled
def book_leading(p: Row) -> None:
    """What a leader writes and organises for the team, out of the time that is outside billed acts."""
    p.minutes[EVIDENCE] = min(p.evidence_minutes, p.minutes[UNBILLED])
    p.minutes[UNBILLED] -= p.minutes[EVIDENCE]
    p.minutes[ORGANISATIONAL] = min(p.organisational_minutes, p.minutes[UNBILLED])
    p.minutes[UNBILLED] -= p.minutes[ORGANISATIONAL]


@compiled
def tenths_for_patients(
    s: Scene, g: int, owed: int, calls: int, unpaid: float, together: float, own: float
) -> int:  # fmt: skip
    """Book what is not of patients; what it leaves of the week, in tenths of a minute.

    Args:
        s: the scene.
        g: the physician.
        owed: tenths of a minute of supervision and validation of nurse events.
        calls: those of them that are validation calls.
        unpaid: minutes of the week outside billed acts, which hold the effort of the start.
        together: freed minutes that go to collective work.
        own: freed minutes that go to private life.
    """
    p = s.physicians[g]
    effort = max(-unpaid, effort_minutes(s, g))
    p.minutes[SUPERVISION] = (owed - calls) / 10.0
    p.minutes[VALIDATION] = calls / 10.0
    p.minutes[UNBILLED] = unpaid + min(0.0, effort)
    p.minutes[EFFORT] = max(0.0, effort)
    book_leading(p)
    p.minutes[COLLECTIVE] = p.collective_minutes + together
    p.minutes[PERSONAL] = own
    week_minutes = p.half_days * s.par[0].service_minutes_per_half_day
    return int(10.0 * (week_minutes - unpaid)) - owed - int(10.0 * (effort + p.minutes[COLLECTIVE] + own))


@compiled
def serve_physicians(
    s: Scene, requests: Table, rows: NDArray[np.int64], starts: NDArray[np.int64], support: NDArray[np.int64],
    first: int, lo: int, hi: int,
) -> None:  # fmt: skip
    """Physicians ``[lo, hi)`` serve their week.

    Given:
        s, requests: the scene, and the week's requests.
        rows, starts: those of each physician from ``first`` on.
        support: what nurse events mean for each of them (``relief.book_nurse_events``), ``(3, physicians)``.
        first, lo, hi: row of the first of them, and who serves.
    """
    q = s.par[0]
    for g in range(lo, hi):
        p = s.physicians[g]
        at = g - first
        p.minutes[:] = 0.0
        p.requests = starts[at + 1] - starts[at]
        if not p.present:
            p.booked_share = 0.0
            continue
        unbilled = p.half_days * q.service_minutes_per_half_day * q.service_unbilled_share
        longer, together, own = divide_freed(s, g, support[FREED, at] / 10.0)
        capacity = tenths_for_patients(s, g, support[OWED, at], support[CALLS, at], unbilled, together, own)
        overrun = int(10.0 * q.service_overrun_minutes_per_day * p.half_days / 2.0)
        mine = rows[starts[at] : starts[at + 1]]
        for k in range(mine.size):
            if k + ROWS_AHEAD < mine.size:
                fetch_head(s.patients, requests[mine[k + ROWS_AHEAD]].patient)
            requests[mine[k]].minutes_tenths = visit_tenths(s, g, requests, mine[k])
        if longer > 0.0:
            lengthen(requests, mine, longer)
        mine = in_order(requests, mine, s.week)
        used, backlog = serve_in_passes(s, requests, mine, max(capacity, 0), overrun)
        for n in mine:
            if requests[n].served:
                book(p.minutes, requests[n], q)
        p.minutes[OVERRUN] = max(0, used - capacity) / 10.0
        p.minutes[IDLE] = max(0, capacity - used) / 10.0
        minutes = max(1.0, capacity / 10.0)
        post_wait(s, s.physicians[g], minutes, used / 10.0, backlog / 10.0)
        keep = q.service_wait_memory
        p.demand_share = keep * p.demand_share + (1.0 - keep) * (used + backlog) / 10.0 / minutes
        pressure = (p.demand_share - q.service_overload_start) / q.service_overload_span
        p.overload = min(max(pressure, 0.0), q.service_overload_highest)
        rest = q.service_fatigue_rest * (p.fatigue - q.service_fatigue_resting)
        p.fatigue = min(1.0, p.fatigue + q.service_overrun_fatigue * p.minutes[OVERRUN] / 60.0 - rest)


@compiled
def round_travel(s: Scene, j: int, stops: int) -> float:
    """Minutes on the road for a week of home stops (behaviour C, Space)."""
    q = s.par[0]
    a_day = stops / q.service_round_days
    km = q.service_round_factor * np.sqrt(a_day * s.nurses[j].area_km2)
    return q.service_round_days * 60.0 * km / q.service_round_speed


@compiled
def serve_nurses(
    s: Scene, requests: Table, rows: NDArray[np.int64], starts: NDArray[np.int64], first: int, lo: int, hi: int
) -> None:
    """Nurses ``[lo, hi)`` make their rounds first, then serve tasks with the minutes that remain.

    ``rows`` and ``starts`` are as in :func:`serve_physicians`, for the nurses from ``first`` on.
    """
    q = s.par[0]
    for j in range(lo, hi):
        p = s.nurses[j]
        p.minutes[:] = 0.0
        p.requests = starts[j - first + 1] - starts[j - first]
        if not p.in_post:
            p.booked_share = 0.0
            continue
        mine = in_order(requests, rows[starts[j - first] : starts[j - first + 1]], s.week)
        p.minutes[COLLECTIVE] = p.collective_minutes
        stops = 0
        for n in mine:
            if requests[n].target == TO_ROUNDS:
                requests[n].served = 1
                stops += requests[n].count
                p.minutes[HOME] += requests[n].minutes_tenths / 10.0
        p.minutes[TRAVEL] = round_travel(s, j, stops)
        taken = p.minutes[HOME] + p.minutes[TRAVEL] + p.minutes[COLLECTIVE]
        free = int(10.0 * (p.weekly_minutes - taken))
        used = 0
        backlog = 0
        for n in mine:
            r = requests[n]
            if r.target == TO_ROUNDS:
                continue
            if used + r.minutes_tenths <= free:
                r.served = 1
                used += r.minutes_tenths
                p.minutes[VISIT] += r.minutes_tenths / 10.0
            else:
                backlog += r.minutes_tenths
        p.minutes[OVERRUN] = max(0, -free) / 10.0
        p.minutes[IDLE] = max(0, free - used) / 10.0
        busy = taken + used / 10.0
        post_wait(s, s.nurses[j], p.weekly_minutes, busy, backlog / 10.0)
        p.load = q.service_wait_memory * p.load + (1.0 - q.service_wait_memory) * busy / p.weekly_minutes

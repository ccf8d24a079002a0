"""Phase 4: sums across providers, in integers and in a fixed order (behaviour C6)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Row, Table
from agents.hospitals import COLUMNS as HOSPITAL_COLUMNS
from agents.nurses import COLUMNS as NURSE_COLUMNS
from agents.patients import ALIVE
from agents.physicians import COLUMNS as PHYSICIAN_COLUMNS
from agents.support import SECRETARY
from agents.tasks import K01, K02, K03, K04, K09, K17, K18
from sim.events import (
    ADMITTED,
    AVOIDABLE,
    CAUSE_COPD,
    CAUSE_DIABETES,
    CAUSE_HEART_FAILURE,
    DIRECT,
    ED,
    GP,
    HOME,
    LEAK,
    NURSE,
    OUTSIDE,
    READMISSION,
    ROUNDS,
    STAY,
    SUBSTITUTED,
    VL,
)
from sim.kernel import compiled, kernel
from sim.prefetch import SCANNED_AHEAD, fetch_head
from sim.week.parts import Each, Range, in_turn
from sim.week.scene import Scene

MOST_ADVERSE = 65535

WEEKLY_COUNTS = {
    "physicians": ("contacts", "home_contacts", "leaks", "adverse", "fees_cents"),
    "nurses": ("contacts", "stops", "fees_cents"),
    "hospitals": (
        "ed_visits", "ed_admitted", "admissions", "direct_admissions", "readmissions", "avoidable", "overflow",
        "bed_days", "revenue_cents",
    ),
}  # fmt: skip
"""Counters that start each week at zero."""

assert {*WEEKLY_COUNTS["physicians"]} <= {c.name for c in PHYSICIAN_COLUMNS}
assert {*WEEKLY_COUNTS["nurses"]} <= {c.name for c in NURSE_COLUMNS}
assert {*WEEKLY_COUNTS["hospitals"]} <= {c.name for c in HOSPITAL_COLUMNS}


def clear_counts(s: Scene) -> None:
    """Set the week's counters to zero."""
    for name, columns in WEEKLY_COUNTS.items():
        table: Table = getattr(s, name)
        for column in columns:
            table[column] = 0


@compiled
def book_lines(s: Scene, events: Table) -> None:
    """Add the week's claim lines to who did them, and leaks to the médecin traitant."""
    for m in range(events.size):
        e = events[m]
        billed = 0 if e.marks & SUBSTITUTED else e.cents
        if e.marks & LEAK:
            s.physicians[e.registered_gp].leaks += 1
        if e.kind == STAY:
            note_adverse(s, e)
        if e.kind == GP:
            s.physicians[e.payee].contacts += 1
            s.physicians[e.payee].fees_cents += billed
            if e.code == HOME or e.code == VL:
                s.physicians[e.payee].home_contacts += 1
        elif e.kind == NURSE:
            s.nurses[e.payee].contacts += 1
            s.nurses[e.payee].fees_cents += billed
        elif e.kind == ROUNDS:
            s.nurses[e.payee].stops += e.stops
            s.nurses[e.payee].fees_cents += billed
        elif e.kind == ED:
            h = s.hospitals[e.payee]
            h.ed_visits += 1
            h.revenue_cents += e.cents
            if e.marks & ADMITTED:
                h.ed_admitted += 1
        elif e.kind == STAY and e.payee_kind != OUTSIDE:
            h = s.hospitals[e.payee]
            h.admissions += 1
            h.bed_days += e.length_days
            h.revenue_cents += e.cents
            if e.marks & DIRECT:
                h.direct_admissions += 1
            if e.marks & READMISSION:
                h.readmissions += 1
            if e.marks & AVOIDABLE:
                h.avoidable += 1
        elif e.kind == STAY:
            nearest = s.near_hospitals[s.patients[e.patient].cell, 0]
            if nearest >= 0:
                s.hospitals[nearest].overflow += 1


@kernel
def entrusted_task(cause: int) -> int:
    """The nurses' task that bears on a cause of stay: the renewal where no condition has one of its own."""
    if cause == CAUSE_DIABETES:
        return K02
    if cause == CAUSE_HEART_FAILURE:
        return K03
    return K04 if cause == CAUSE_COPD else K01


@kernel
def note_adverse(s: Scene, e: Row) -> None:
    """An avoidable stay or readmission soon after a nurse's follow-up is held against the hand-over (D2, Shock)."""
    if e.registered_gp < 0 or not e.marks & (AVOIDABLE | READMISSION):
        return
    if s.week - s.patients[e.patient].nurse_contact > s.par[0].care_adverse_weeks:
        return
    p = s.physicians[e.registered_gp]
    p.adverse += 1
    task = entrusted_task(e.cause)
    p.adverse_tasks[task] = min(MOST_ADVERSE, p.adverse_tasks[task] + 1)


@compiled
def close_hospital_week(s: Scene) -> None:
    """Occupancy follows the bed-days begun, smoothed."""
    keep = s.par[0].hospital_occupancy_memory
    for k in range(s.hospitals.size):
        h = s.hospitals[k]
        h.occupancy = keep * h.occupancy + (1.0 - keep) * h.bed_days / (7.0 * max(1, h.beds))


@compiled
def support_load(s: Scene, support: Table) -> None:
    """Load of secretaries from the requests of their team (behaviour A4), shared by those in post."""
    q = s.par[0]
    asked = np.zeros(s.teams.size)
    fte = np.zeros(s.teams.size)
    for g in range(s.physicians.size):
        asked[s.physicians[g].team] += s.physicians[g].requests * q.service_booking_minutes
    for k in range(support.size):
        if support[k].role == SECRETARY and support[k].in_post:
            fte[support[k].team] += support[k].weekly_minutes
    keep = q.service_wait_memory
    for k in range(support.size):
        if support[k].role == SECRETARY and support[k].in_post and fte[support[k].team] > 0:
            load = asked[support[k].team] / fte[support[k].team]
            support[k].load = keep * support[k].load + (1.0 - keep) * load


@compiled
def work_of_desk(s: Scene, support: Table) -> None:
    """What secretaries' tasks do for their team next week, by the share of their posts that is held and has the task.

    Files prepared before a visit (k18) save the physician minutes of chronic ones; prevention (k09) is a list by which
    patients are recalled. Booking (k17) is theirs from the first day: where nobody does it, more care is forgone.
    Calls are sorted with the mean error of who is there; physicians without a desk know their patients' calls.
    """
    q = s.par[0]
    minutes = np.zeros(s.teams.size)
    of_task = np.zeros((3, s.teams.size))
    held = np.zeros(s.teams.size)
    wrong = np.zeros(s.teams.size)
    for k in range(support.size):
        if support[k].role != SECRETARY:
            continue
        minutes[support[k].team] += support[k].weekly_minutes
        if support[k].in_post:
            held[support[k].team] += support[k].weekly_minutes
            wrong[support[k].team] += support[k].error * support[k].weekly_minutes
            for place, task in enumerate((K18, K17, K09)):
                if support[k].tasks >> task & 1:
                    of_task[place, support[k].team] += support[k].weekly_minutes
    for t in range(s.teams.size):
        share = of_task[:, t] / max(1.0, minutes[t])
        s.teams[t].desk_minutes_saved = share[0] * q.tasks_sigma[K18] * q.tasks_minutes_gp[K18]
        s.teams[t].navigation = (share[1] - 1.0) * q.tasks_navigation if minutes[t] > 0.0 else 0.0
        s.teams[t].recall = share[2] * q.tasks_recall
        s.teams[t].desk_error = wrong[t] / max(1.0, held[t])


def count_lists(s: Scene, physicians: Range, parts: Sequence[Range], each: Each = in_turn) -> None:
    """Registered patients of each physician.

    Args:
        s: the scene.
        physicians: whose lists are counted.
        parts: ranges of the patients, among whom all theirs are.
        each: counts those of each part.
    """
    counts = each(lambda part: listed(s, *physicians, *part), parts)
    s.physicians["registered_list"][slice(*physicians)] = np.sum(counts, axis=0)


@compiled
def listed(s: Scene, first: int, last: int, lo: int, hi: int) -> NDArray[np.int64]:
    """Those of patients ``[lo, hi)`` who are registered with each of physicians ``[first, last)``."""
    counts = np.zeros(last - first, np.int64)
    for i in range(lo, hi):
        fetch_head(s.patients, i + SCANNED_AHEAD)
        p = s.patients[i]
        if p.flags & ALIVE and p.registered_gp >= 0:
            counts[p.registered_gp - first] += 1
    return counts

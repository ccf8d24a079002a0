"""What nurses ask of physicians and what they free: owed minutes, freed minutes and where these go (behaviour D2)."""

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from sim.kernel import compiled, kernel
from sim.week.requests import REPLACES, TO_NURSE
from sim.week.scene import Scene

OWED, CALLS, FREED = range(3)
"""Rows of what nurses' work means for each physician, in tenths of a minute; of what is owed, the validation calls."""
MOST_HANDED = 65535


@kernel
def supervision_tenths(s: Scene, task: int) -> int:
    """What a physician supervises of each nurse event of a task, in tenths of a minute; a call comes on top."""
    return int(10.0 * s.par[0].tasks_supervision[task] * s.par[0].tasks_minutes_gp[task])


@compiled
def book_nurse_events(s: Scene, requests: Table, first: int, last: int) -> NDArray[np.int64]:
    """Count the nurse events served this week, by pair and task, and what they mean for physicians ``[first, last)``.

    Supervision and validation come off what is freed; who is owed more than is freed has nothing to divide.

    Returns:
        Tenths of a minute that each physician owes to nurse events, those of them that are calls, and the tenths that
        these events free: ``(3, physicians)``. They are integers, so that their sums are the same in any order.
    """
    minutes = np.zeros((3, last - first), np.int64)
    for n in range(requests.size):
        r = requests[n]
        if r.target != TO_NURSE or not r.served or r.physician < 0:
            continue
        of = r.physician - first
        minutes[OWED, of] += r.gp_minutes_tenths
        minutes[CALLS, of] += max(0, r.gp_minutes_tenths - supervision_tenths(s, r.task))
        minutes[FREED, of] -= r.gp_minutes_tenths
        if r.marks & REPLACES:
            minutes[FREED, of] += int(10.0 * s.par[0].tasks_minutes_gp[r.task])
        if r.dyad >= 0:
            handed = s.dyads[r.dyad].handed
            handed[r.task] = min(MOST_HANDED, handed[r.task] + 1)
    minutes[FREED] = np.maximum(0, minutes[FREED])
    return minutes


@kernel
def divide_freed(s: Scene, g: int, freed: float) -> tuple[float, float, float]:
    """Minutes freed that do not go to more patients: to longer visits, to collective work, to the physician's own life.

    More patients come first, the more so the more the physician is overloaded; the rest is divided by fixed shares.
    """
    p = s.physicians[g]
    q = s.par[0]
    patients = s.teams[p.team].more_patients + q.service_freed_overload * min(p.overload, 1.0)
    left = freed * q.service_freed_leak * max(0.0, 1.0 - patients)
    longer = min(left, freed * q.service_freed_leak * q.service_freed_longer)
    together = min(left - longer, freed * q.service_freed_leak * q.service_freed_collective)
    return longer, together, left - longer - together

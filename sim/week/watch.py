"""Homebound patients watched by the nurse who is there, without anybody's decision: the informal channel (D2)."""

import numpy as np

from agents.declarations import Table
from agents.nurses import LIBERAL
from agents.tasks import K13
from sim.draws import chained, decision, uniform
from sim.events import INFORMAL
from sim.kernel import kernel
from sim.week.choice import entrust, travel
from sim.week.scene import Scene

INFORMAL_WATCH = decision(
    "informal_watch", "whether a nurse watches a homebound patient in a physician's stead, unasked"
)


@kernel
def watching_nurse(s: Scene, i: int, g: int, tie: int, key: np.uint64) -> int:
    """The nurse who makes a home visit in the stead of physician ``g``, who has no time or is far; -1 for none.

    ``tie`` is the patient's own nurse, -1 for none.
    """
    q = s.par[0]
    p = s.patients[i]
    if uniform(chained(key, INFORMAL_WATCH)) >= q.tasks_informal_watch:
        return -1
    where = s.cells[s.physicians[g].cell]
    far = travel(s, p.cell, where.x_km, where.y_km) > q.tasks_watch_minutes
    if not far and s.physicians[g].overload <= q.tasks_watch_overload:
        return -1
    if tie >= 0 and s.nurses[tie].in_post:
        return tie
    for d in range(s.physicians[g].dyad_start, s.physicians[g].dyad_end):
        nurse = s.nurses[s.dyads[d].nurse]
        if nurse.kind == LIBERAL and nurse.in_post:
            return s.dyads[d].nurse
    return -1


@kernel
def watch(s: Scene, out: Table, n: int, g: int, nurse: int, key: np.uint64) -> None:
    """Write request ``n`` as a visit by this nurse: told by the pair's habits, if any, where it spares a visit."""
    validation = s.par[0].tasks_validation_start[K13]
    for d in range(s.physicians[g].dyad_start, s.physicians[g].dyad_end):
        if s.dyads[d].nurse == nurse:
            out[n].dyad = d
            validation = s.dyads[d].validation[K13]
    out[n].channel = INFORMAL
    entrust(s, out, n, g, nurse, K13, validation, key, True)

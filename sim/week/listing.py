"""Whom a physician puts on the list, and whom she or he would rather not (behaviour C2, D6)."""

import math

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Row
from agents.patients import ALD, ALIVE, AME, CHRONIC, KEEPS_NO_GP
from sim.draws import chained, uniform
from sim.events import REGISTRATION
from sim.kernel import compiled, kernel
from sim.week.patient_state import age_of, mean_control
from sim.week.rates import need_rates
from sim.week.scene import Scene

SHORT, LONG = range(2)
"""Visits of a year by length: those that are given the time of an acute visit, and of a chronic one."""
MONTHS = 12.0


@kernel
def expected_visits(s: Scene, i: int) -> tuple[float, float]:
    """Visits of a year that a patient is expected to need, short and long ones: all that a physician can foresee."""
    p = s.patients[i]
    acute, flare, prevention, administrative, psychosocial, womens_health, home = need_rates(
        s, i, age_of(s.patients, i, s.week)
    )
    short = acute + prevention + administrative + womens_health
    flares = flare * (1.0 - mean_control(s.patients, i)) if p.conditions else 0.0
    renewals = MONTHS / p.renewal_interval_months if p.flags & CHRONIC else 0.0
    return short, flares + psychosocial + home + renewals


@compiled
def add_expected_visits(s: Scene, totals: NDArray[np.float64]) -> None:
    """Add up the expected visits of the living and their number, by territory: ``(territories, 3)``."""
    for i in range(s.patients.size):
        if s.patients[i].flags & ALIVE:
            short, long = expected_visits(s, i)
            of_territory = totals[s.cells[s.patients[i].cell].territory]
            of_territory[SHORT] += short
            of_territory[LONG] += long
            of_territory[LONG + 1] += 1.0


@kernel
def open_for(s: Scene, i: int, g: int) -> float:
    """Chance that physician ``g`` would list patient ``i``: where they select, less for who needs more minutes."""
    p = s.physicians[g]
    openness = p.list_open
    if p.list_selection <= 0.0 or p.list_minutes <= 0.0 or openness <= 0.0 or openness >= 1.0:
        return openness
    short, long = expected_visits(s, i)
    relative = (p.slot_acute * short + p.slot_chronic * long) / p.list_minutes
    odds = openness / (1.0 - openness) * math.exp(-p.list_selection * (relative - 1.0))
    return odds / (1.0 + odds)


@kernel
def takes_on(s: Scene, i: int, g: int) -> float:
    """Chance that a physician adds a patient to the list: openness, more while the list is under what it builds to."""
    p = s.physicians[g]
    room = p.list_target / max(1.0, p.registered_list)
    return min(1.0, open_for(s, i, g) * room ** s.par[0].workforce_list_building)


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
    if uniform(chained(key, np.uint64(1))) < asks and uniform(chained(key, np.uint64(2))) < takes_on(s, i, g):
        p.registered_gp = g
        e.marks |= REGISTRATION

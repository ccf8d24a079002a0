"""What a physician's effort beyond the usual does, relative to the start: rates stand as they were there (D8b)."""

import numpy as np

from agents.templates import EFFORT_FOLLOW_UP, EFFORT_PRESCRIBING, EFFORT_PREVENTION, N_EFFORTS
from sim.kernel import kernel
from sim.person import note_inappropriate, table_age
from sim.week.patient_state import age_of
from sim.week.scene import Scene

EARLY_DAYS = 7.0  # a follow-up asked for within them is in time for the first check
SOON_DAYS = 3.0  # within which who makes the effort calls, so that the contact itself is in time
LATE_DAYS = 21.0  # over which other follow-ups are spread


@kernel
def effort_above(s: Scene, g: int, c: int) -> float:
    """Effort of a physician above that of the start; 0 where there is no physician."""
    # The column holds 32 bits: so must the start, or nobody's effort would be exactly that of the start.
    return float(s.physicians[g].effort[c]) - float(np.float32(s.par[0].care_effort_start)) if g >= 0 else 0.0


@kernel
def effort_around(s: Scene, g: int, c: int) -> float:
    """Effort above that of the start of a physician and of the staff, whom a coordinator sets to prevention."""
    above = effort_above(s, g, c)
    return above + s.teams[s.physicians[g].team].prevention_around if c == EFFORT_PREVENTION and g >= 0 else above


@kernel
def by_effort(s: Scene, g: int, c: int, gain: float) -> float:
    """Ratio of a rate to that at the start: linear in effort, ``gain`` from no effort to a whole one."""
    return 1.0 + gain * effort_around(s, g, c) / (1.0 + gain * s.par[0].care_effort_start)


@kernel
def effort_minutes(s: Scene, g: int) -> float:
    """Minutes a week that effort takes beyond those of the start; negative for less effort."""
    total = 0.0
    for c in range(N_EFFORTS):
        total += effort_above(s, g, c) * s.par[0].service_effort_minutes[c]
    return total


@kernel
def follow_up_delay(s: Scene, g: int, h: int, delay: float, p_notice: float, u: float) -> float:
    """Days after which a discharge is followed up, once the physician's effort has brought it forward or not.

    The share of early ones is moved by the ratio of effort: some late ones come early, or some early ones late, by a
    draw of which what is left over says how long the new delay is.

    Args:
        s: the scene.
        g: physician who answers for the patient, -1 for nobody.
        h: hospital that gave notice.
        delay: days without effort beyond that of the start.
        p_notice: chance of a notice.
        u: draw that says whether the delay is another, and which.
    """
    q = s.par[0]
    ratio = by_effort(s, g, EFFORT_FOLLOW_UP, q.care_effort_follow_up)
    if ratio > 1.0 and delay >= EARLY_DAYS:
        asks = q.hospital_asks_follow_up
        in_time = min(1.0, EARLY_DAYS / (2.0 * max(1, s.hospitals[h].notice_delay_days)))
        early = asks + (1.0 - asks) * p_notice * in_time
        moved = (ratio - 1.0) * early / (1.0 - early)
        if u < moved:
            return SOON_DAYS * u / moved
    if ratio < 1.0 and delay < EARLY_DAYS and u >= ratio:
        return EARLY_DAYS + LATE_DAYS * (u - ratio) / (1.0 - ratio)
    return delay


@kernel
def review_drugs(s: Scene, i: int) -> None:
    """At a birthday: fewer inappropriate drugs where the médecin traitant makes an effort, by the year's own draw."""
    g = s.patients[i].registered_gp
    if effort_above(s, g, EFFORT_PRESCRIBING) != 0.0:
        ratio = by_effort(s, g, EFFORT_PRESCRIBING, s.par[0].care_effort_inappropriate)
        note_inappropriate(s.patients, s.par, s.seed, i, table_age(age_of(s.patients, i, s.week)), ratio)

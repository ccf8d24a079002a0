"""How often things happen to a patient, and the ceiling under which chance is drawn (behaviour C1, C5).

Every rate is written as it would be with no control at all. The sum is the ceiling: it does not depend on care, so a
week in which something *may* happen is the same in every arm, and what does happen differs only by what care has
changed (thinning: control leaves a share of each ceiling).
"""

import math

import numpy as np
from numpy.typing import NDArray

from agents.patients import (
    ACUTE,
    ADMINISTRATIVE,
    COPD,
    DIABETES,
    EMERGENCY,
    FLARE,
    HEART_FAILURE,
    HOME_VISIT,
    MENTAL,
    POOR,
    PREVENTION,
    PSYCHOSOCIAL,
    WOMAN,
    WOMENS_HEALTH,
)
from sim.events import CAUSE_COPD, CAUSE_DIABETES, CAUSE_HEART_FAILURE, CAUSE_OTHER, CAUSE_OTHER_AVOIDABLE
from sim.kernel import kernel
from sim.week.ageing import death_rate
from sim.week.patient_state import CONTROL_UNIT, SHARE, age_band, age_of, mean_control
from sim.week.scene import Scene

N_STREAMS = 15
(
    S_ACUTE, S_FLARE, S_PREVENTION, S_ADMINISTRATIVE, S_PSYCHOSOCIAL, S_WOMEN, S_HOME, S_EMERGENCY,
    S_HEART_FAILURE, S_COPD, S_DIABETES, S_AVOIDABLE, S_OTHER_STAY, S_DEATH, S_NURSING,
) = range(N_STREAMS)  # fmt: skip

NEED_OF_STREAM = np.array(
    [ACUTE, FLARE, PREVENTION, ADMINISTRATIVE, PSYCHOSOCIAL, WOMENS_HEALTH, HOME_VISIT, EMERGENCY]
)
CAUSE_OF_STREAM = np.array(
    [0] * S_HEART_FAILURE
    + [CAUSE_HEART_FAILURE, CAUSE_COPD, CAUSE_DIABETES, CAUSE_OTHER_AVOIDABLE, CAUSE_OTHER]
)  # fmt: skip

ROUNDING = 1e-12  # beyond what a sum of shares is off by
ADULT = 18
CHILD = 6
WOMENS_LAST_AGE = 44


@kernel
def unchecked_hazard(s: Scene, i: int, base: float) -> float:
    """Yearly hazard of an avoidable stay of a patient whose control is nil (behaviour C5)."""
    p = s.patients[i]
    q = s.par[0]
    z = q.hospital_control_slope * q.hospital_reference_control
    z += p.frailty * SHARE - q.hospital_reference_frailty
    z += q.hospital_context_slope * s.cells[p.cell].poverty_z
    rate = base * math.exp(z)
    return rate * q.hospital_poor_ratio if p.flags & POOR else rate


@kernel
def need_rates(s: Scene, i: int, age: int) -> tuple[float, float, float, float, float, float, float]:
    """Yearly rates of the needs for a physician of a patient whose control is nil, in the order of their streams."""
    p = s.patients[i]
    q = s.par[0]
    k = 0
    while k + 1 < q.needs_acute.size and age >= q.needs_acute_ages[k + 1]:
        k += 1
    scale = q.needs_scale
    frail = p.frailty * SHARE > q.needs_home_frailty
    acute = scale * q.needs_acute[k]
    flare = scale * q.needs_flare / q.needs_flare_control_loss if p.conditions else 0.0
    prevention = scale * q.needs_prevention[0 if age < CHILD else 1]
    administrative = scale * q.needs_administrative if age >= ADULT else 0.0
    psychosocial = scale * q.needs_psychosocial[p.conditions >> MENTAL & 1]
    fertile = p.flags & WOMAN and ADULT <= age <= WOMENS_LAST_AGE
    womens_health = scale * q.needs_womens_health if fertile else 0.0
    home = scale * q.needs_home_visits if frail else 0.0
    return acute, flare, prevention, administrative, psychosocial, womens_health, home


@kernel
def write_ceilings_of(s: Scene, i: int, rates: NDArray[np.float64]) -> float:
    """Write the yearly ceiling of every stream (its rate if control were nil) and return their sum."""
    p = s.patients[i]
    q = s.par[0]
    age = age_of(s.patients, i, s.week)
    band = age_band(age)
    needs = need_rates(s, i, age)
    for need in range(len(needs)):
        rates[S_ACUTE + need] = needs[need]
    rates[S_EMERGENCY] = q.needs_emergency * q.hospital_emergency_age_ratio[band]
    adult = age >= ADULT
    worst = unchecked_hazard(s, i, 1.0) if adult or p.conditions else 0.0
    rates[S_HEART_FAILURE] = q.hospital_hf_hazard * worst if p.conditions >> HEART_FAILURE & 1 else 0.0
    rates[S_COPD] = q.hospital_copd_hazard * worst if p.conditions >> COPD & 1 else 0.0
    rates[S_DIABETES] = q.hospital_diabetes_hazard * worst if p.conditions >> DIABETES & 1 else 0.0
    rates[S_AVOIDABLE] = q.hospital_avoidable_hazard * worst if adult else 0.0
    rates[S_OTHER_STAY] = q.hospital_other_stays[band]
    rates[S_DEATH] = death_rate(s.patients, s.par, i, s.week)
    episode = q.needs_nursing_episode[0] + q.needs_nursing_episode[1] * p.frailty * SHARE
    rates[S_NURSING] = episode * q.needs_nursing_episode_age[band]
    total = 0.0
    for stream in range(N_STREAMS):
        total += rates[stream]
    return total


@kernel
def share_left(s: Scene, i: int, stream: int) -> float:
    """What the patient's control leaves of a stream's ceiling, from 0 to 1; control must be up to date."""
    p = s.patients[i]
    if stream == S_FLARE:
        return 1.0 - mean_control(s.patients, i)
    if stream < S_HEART_FAILURE or stream > S_AVOIDABLE:
        return 1.0
    if stream == S_HEART_FAILURE:
        control = p.control[HEART_FAILURE] * CONTROL_UNIT
    elif stream == S_COPD:
        control = p.control[COPD] * CONTROL_UNIT
    elif stream == S_DIABETES:
        control = p.control[DIABETES] * CONTROL_UNIT
    elif p.conditions:
        control = mean_control(s.patients, i)
    else:
        # Who has no condition is at the reference: there is nothing to control.
        control = s.par[0].hospital_reference_control
    return math.exp(-s.par[0].hospital_control_slope * control)


@kernel
def ceiling_of(s: Scene, i: int, rates: NDArray[np.float64]) -> np.uint32:
    """Chance that something may happen in a week, in units of 2^-32."""
    weekly = write_ceilings_of(s, i, rates) / 52.0
    return np.uint32(min(4294967295.0, (1.0 - math.exp(-weekly)) * 4294967296.0))


@kernel
def write_ceilings(s: Scene, lo: int, hi: int, rates: NDArray[np.float64]) -> None:
    """Set the ceilings of rows ``[lo, hi)``: at the founding of a world, and when parameters change."""
    for i in range(lo, hi):
        s.patients[i].ceiling = ceiling_of(s, i, rates)


@kernel
def candidates(u: float, weekly: float) -> int:
    """How many candidate events a week holds, given a draw that says there is at least one (Poisson tail).

    Two or more are less likely than half the square of the rate: most draws need no exponential to tell that.
    """
    if u >= 0.5 * weekly * weekly + ROUNDING:
        return 1
    term = math.exp(-weekly)
    tail = 1.0 - term
    n = 0
    while u < tail and n < N_STREAMS:
        n += 1
        term *= weekly / n
        tail -= term
    return max(n, 1)


@kernel
def stream_at(s: Scene, i: int, r: float, ceilings: NDArray[np.float64]) -> int:
    """The stream in whose span ``r`` falls, or -1 where control leaves the span empty (nothing happens)."""
    for stream in range(N_STREAMS):
        if r < ceilings[stream]:
            return stream if r < ceilings[stream] * share_left(s, i, stream) else -1
        r -= ceilings[stream]
    return -1

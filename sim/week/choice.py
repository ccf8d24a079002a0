"""Where a patient takes a need: conditional logit, one keyed draw an option (behaviour C2).

A draw belongs to an option (this physician, the emergency department, ...), so that a new option moves people only
towards itself.
"""

import math

import numpy as np

from agents.declarations import Table
from agents.patients import ACUTE, ADMINISTRATIVE, HIGH, HOME_VISIT, MEDIUM, POOR, PREVENTION
from agents.tasks import CLOSED, K00, K09, K19
from agents.tasks import PROTOCOL as BY_PROTOCOL
from agents.teams import HEALTH_CENTRE, MSP
from sim.draws import chained, decision, draw_key, uniform
from sim.kernel import kernel
from sim.week.patient_state import SHARE, age_of, logistic
from sim.week.requests import AGAIN, AT_HOME, FORGO, REPLACES, TO_ED, TO_GP, TO_NURSE, TO_TELECONSULTATION
from sim.week.scene import Scene

CHOICE = decision("choice", "where a patient takes a need, one draw an option")
OPEN_LIST = decision("open_list", "whether a physician takes a patient of somebody else")
HAND_OVER = decision("hand_over", "whether a task is handed to a nurse")
ACCEPTS_NURSE = decision("accepts_nurse", "whether a patient accepts an appointment with a nurse")
SUBSTITUTES = decision("substitutes", "whether a nurse event replaces one of the physician")
BOUNCE = decision("bounce", "whether a patient is sent back and forth between two who disagree on who leads")
PROTOCOL = decision("protocol", "whether a minor complaint falls under a protocol")
VALIDATES = decision("validates", "whether a nurse calls the physician to validate")

# Names of the options that are no provider.
_TELECONSULTATION, _ED, _AGAIN, _FORGO = (np.uint64(n) for n in range(1, 5))
_NEVER = -1e30
_STEPS = 1024
_GUMBEL = np.array([0.0, *(-math.log(-math.log(k / _STEPS)) for k in range(1, _STEPS)), 0.0])
"""Quantiles of the standard Gumbel law at multiples of 1 / _STEPS; the two ends are infinite and never read."""
_AT_MOST = np.array([*(quantile + 1e-9 for quantile in _GUMBEL[1:-1]), math.inf])
"""What no draw of a step exceeds, rounding included."""
_STEP_BITS = np.uint64(64 - _STEPS.bit_length() + 1)


@kernel
def taste(key: np.uint64, option: np.uint64) -> float:
    """A standard Gumbel draw for one option.

    Its quantile is read between two entries of a table: cheaper than two logarithms, and off by less than 1e-4 in
    probability. Only the two outermost steps, where the quantile bends without bound, are computed.
    """
    u = uniform(chained(key, option))
    place = u * _STEPS
    k = int(place)
    at = np.uint64(k)  # an unsigned index spares compiled code the test for negative ones
    if at - np.uint64(1) >= np.uint64(_STEPS - 2):
        return -math.log(-math.log(u + 1e-300))
    return _GUMBEL[at] + (place - k) * (_GUMBEL[at + np.uint64(1)] - _GUMBEL[at])


@kernel
def taste_at_most(key: np.uint64, option: np.uint64) -> float:
    """What :func:`taste` does not exceed, for a fraction of its cost."""
    return _AT_MOST[chained(key, option) >> _STEP_BITS]


@kernel
def travel(s: Scene, cell: int, x_km: float, y_km: float) -> float:
    """Minutes from a cell to a place of the same territory (behaviour C, Space)."""
    q = s.par[0]
    dx = s.cells[cell].x_km - x_km
    dy = s.cells[cell].y_km - y_km
    return q.territory_travel_base_minutes + math.sqrt(dx * dx + dy * dy) / q.territory_travel_km_per_minute


@kernel
def hospital_minutes(s: Scene, cell: int, h: int) -> float:
    """Minutes from a cell to a hospital, which may lie beyond the territory."""
    where = s.cells[s.hospitals[h].cell]
    return travel(s, cell, where.x_km, where.y_km) + s.hospitals[h].minutes_beyond


@kernel
def at_work(s: Scene, g: int) -> bool:
    """Whether a physician works this week."""
    return s.physicians[g].present != 0


@kernel
def utility(
    s: Scene, i: int, g: int, liking: float, loyalty: float, wait_weight: float, key: np.uint64, best: float
) -> float:  # fmt: skip
    """Utility of a physician: travel, wait, liking, loyalty and taste; ``_NEVER`` where ``best`` is out of reach.

    Travel takes away and never adds (its range says so). Who would not be preferred even next door is passed by before
    the way is worked out: nearly everybody, where there is a médecin traitant.
    """
    at = np.uint64(g)
    wait = wait_weight * s.physicians[at].posted_wait_days
    who = s.physicians[at].who
    next_door = 0.0 - wait + liking + loyalty
    if next_door + taste_at_most(key, who) <= best:
        return _NEVER
    liked = taste(key, who)
    if next_door + liked <= best:
        return _NEVER
    where = s.cells[s.physicians[at].cell]
    minutes = travel(s, s.patients[i].cell, where.x_km, where.y_km)
    return s.par[0].choice_travel_minute * minutes - wait + liking + loyalty + liked


@kernel
def open_to(s: Scene, i: int, g: int) -> bool:
    """Whether a physician takes this patient of somebody else: the same answer every week."""
    key = draw_key(s.seed, OPEN_LIST, 0, s.patients[i].who)
    return uniform(chained(key, s.physicians[g].who)) < s.physicians[g].list_open


@kernel
def best_physician(s: Scene, i: int, priority: int, key: np.uint64) -> tuple[float, int]:
    """The physician preferred by patient ``i``, with its utility; -1 when none can be asked."""
    p = s.patients[i]
    q = s.par[0]
    wait_weight = q.choice_wait_day[priority]
    own = p.registered_gp
    team = -1
    best = _NEVER
    chosen = -1
    if own >= 0:
        team = s.physicians[own].team
        loyalty = q.choice_registered - q.choice_same_team + q.choice_share_past * p.share_past * SHARE
        if at_work(s, own):
            best, chosen = utility(s, i, own, q.choice_same_team, loyalty, wait_weight, key, best), own
        for g in range(s.teams[team].first_physician, s.teams[team].last_physician):
            if g != own and at_work(s, g):
                v = utility(s, i, g, q.choice_same_team, 0.0, wait_weight, key, best)
                best, chosen = (v, g) if v > best else (best, chosen)
    for rank in range(s.near_physicians.shape[1]):
        g = s.near_physicians[p.cell, rank]
        if g < 0:
            break
        v = utility(s, i, g, 0.0, 0.0, wait_weight, key, best)
        if v > best and s.physicians[g].team != team and g != p.known_gp and at_work(s, g) and open_to(s, i, g):
            best, chosen = v, g
    # The physician seen last is an option even when far away or open to nobody else.
    g = p.known_gp
    if g >= 0 and s.physicians[g].team != team and at_work(s, g):
        v = utility(s, i, g, 0.0, 0.0, wait_weight, key, best)
        best, chosen = (v, g) if v > best else (best, chosen)
    return best, chosen


@kernel
def nurse_near(s: Scene, cell: int, tie: int) -> int:
    """A patient's own nurse, or the nearest, among those in post; -1 for none."""
    if tie >= 0 and s.nurses[tie].in_post:
        return tie
    for rank in range(s.near_nurses.shape[1]):
        nurse = s.near_nurses[cell, rank]
        if nurse < 0:
            break
        if s.nurses[nurse].in_post:
            return nurse
    return -1


@kernel
def under_protocol(s: Scene, key: np.uint64) -> bool:
    """Whether an acute complaint is one of the simple ones of a protocol."""
    return uniform(chained(key, PROTOCOL)) < s.par[0].needs_protocol_acute_share


@kernel
def task_at_door(s: Scene, i: int, need: int, key: np.uint64) -> int:
    """What a patient may ask at a nurse's own door: a vaccine that is due, help with a simple complaint."""
    if need == PREVENTION and s.patients[i].prevention_due & 1:
        return K09
    return K19 if need == ACUTE and under_protocol(s, key) else K00


@kernel
def lawful(s: Scene, nurse: int, task: int) -> bool:
    """Whether the law of the week lets a nurse take a task unasked; a protocol needs a coordinated structure."""
    scope = s.law[task, s.nurses[nurse].kind]
    if scope != BY_PROTOCOL:
        return scope != CLOSED
    team = s.nurses[nurse].team
    return team >= 0 and (s.teams[team].kind == MSP or s.teams[team].kind == HEALTH_CENTRE)


@kernel
def nurse_door(
    s: Scene, i: int, out: Table, n: int, best: float, key: np.uint64, tastes: np.uint64, tie: int
) -> float:  # fmt: skip
    """Utility of a nurse's own door, where the law opens it; request ``n`` is sent there when it beats ``best``."""
    p = s.patients[i]
    q = s.par[0]
    r = out[n]
    task = task_at_door(s, i, r.need, key)
    if task == K00:
        return _NEVER
    nurse = nurse_near(s, p.cell, tie)
    if nurse < 0 or not s.nurses[nurse].own_door or not lawful(s, nurse, task):
        return _NEVER
    where = s.cells[s.nurses[nurse].cell]
    v = q.choice_nurse_door + q.choice_travel_minute * travel(s, p.cell, where.x_km, where.y_km)
    v += taste(tastes, s.nurses[nurse].who) - q.choice_wait_day[r.priority] * s.nurses[nurse].posted_wait_days
    if v > best:
        r.target = TO_NURSE
        r.provider = nurse
        r.task = task
        r.marks = r.marks | REPLACES
    return v


@kernel
def choose(s: Scene, i: int, out: Table, n: int, key: np.uint64, tie: int) -> None:
    """Fill in where request ``n`` of patient ``i`` goes: a physician, a nurse's door, elsewhere, later or nowhere.

    ``tie`` is the patient's own nurse, -1 for none.
    """
    p = s.patients[i]
    q = s.par[0]
    r = out[n]
    tastes = chained(key, CHOICE)
    best, g = best_physician(s, i, r.priority, tastes)
    r.target = TO_GP
    r.provider = g
    best = max(best, nurse_door(s, i, out, n, best, key, tastes, tie))
    if not r.marks & AT_HOME and r.need != PREVENTION:
        v = q.choice_teleconsultation + taste(tastes, _TELECONSULTATION)
        if age_of(s.patients, i, s.week) < q.choice_teleconsultation_age:
            v += q.choice_teleconsultation_young
        if v > best:
            best = v
            r.target = TO_TELECONSULTATION
    hospital = s.near_hospitals[p.cell, 0]
    # Nobody goes to the emergency department for a prescription to renew, a vaccine or a form.
    if hospital >= 0 and r.priority <= MEDIUM and r.need != HOME_VISIT and r.need != ADMINISTRATIVE:
        liked = taste(tastes, _ED)
        high = q.choice_emergency_high if r.priority == HIGH else 0.0
        if q.choice_emergency_department + high + liked > best:  # else not even next door
            minutes = hospital_minutes(s, p.cell, hospital)
            v = q.choice_emergency_department + q.choice_emergency_minute * minutes + high + liked
            if v > best:
                best = v
                r.target = TO_ED
                r.provider = hospital
    v = q.choice_ask_again + taste(tastes, _AGAIN)
    if v > best:
        best = v
        r.target = AGAIN
    if r.priority >= MEDIUM:
        v = q.choice_forgo + q.choice_forgo_illiteracy * (1.0 - p.health_literacy * SHARE) + taste(tastes, _FORGO)
        if p.flags & POOR:
            v += q.choice_forgo_poor
        if p.registered_gp >= 0:
            v -= s.teams[s.physicians[p.registered_gp].team].navigation
        if v > best:
            r.target = FORGO


@kernel
def accepts_nurse(s: Scene, i: int, nurse: int, at_home: bool, key: np.uint64) -> bool:
    """Whether the patient accepts a nurse appointment (a referral shifts probability, it is not a transfer)."""
    p = s.patients[i]
    q = s.par[0]
    where = s.cells[s.nurses[nurse].cell]
    z = q.needs_referral_constant + q.needs_referral_trust * p.trust_nurse * SHARE
    if at_home:
        z += q.needs_referral_home * p.prefers_home * SHARE
    else:
        z += q.needs_referral_minute * travel(s, p.cell, where.x_km, where.y_km)
    return uniform(chained(key, s.nurses[nurse].who)) < logistic(z)


@kernel
def partner_for(s: Scene, i: int, g: int, task: int, at_home: bool, key: np.uint64) -> int:
    """The dyad by which physician ``g`` hands ``task`` over for this patient, -1 when the physician keeps it."""
    hand_key = chained(chained(key, HAND_OVER), np.uint64(task))
    accept_key = chained(chained(key, ACCEPTS_NURSE), np.uint64(task))
    for d in range(s.physicians[g].dyad_start, s.physicians[g].dyad_end):
        x = s.dyads[d].share[task]
        if x <= 0.0:
            continue
        nurse = s.dyads[d].nurse
        if not s.nurses[nurse].in_post:
            continue
        if uniform(chained(hand_key, s.nurses[nurse].who)) < x and accepts_nurse(s, i, nurse, at_home, accept_key):
            return d
    return -1


@kernel
def bounced(s: Scene, d: int, key: np.uint64) -> bool:
    """Whether two who both lead the patient's trajectory, or neither, send the patient back and forth (D2, Roles)."""
    clash = s.nurses[s.dyads[d].nurse].leader_type == s.physicians[s.dyads[d].physician].leads
    return clash and uniform(chained(chained(key, BOUNCE), s.nurses[s.dyads[d].nurse].who)) < s.par[0].tasks_bounce


@kernel
def hand_over(s: Scene, out: Table, n: int, d: int, task: int, key: np.uint64, may_replace: bool) -> None:
    """Write request ``n`` as a nurse event of dyad ``d``."""
    out[n].dyad = d
    entrust(s, out, n, s.dyads[d].physician, s.dyads[d].nurse, task, s.dyads[d].validation[task], key, may_replace)


@kernel
def entrust(
    s: Scene, out: Table, n: int, g: int, nurse: int, task: int, validation: float, key: np.uint64, may_replace: bool
) -> None:  # fmt: skip
    """Write request ``n`` as a nurse event: minutes, what it replaces, what physician ``g`` still does.

    Nurses call to validate what the physician would have done; for a service that is added, which nobody would have
    delivered, the physician supervises alone (behaviour B, D2).
    """
    q = s.par[0]
    r = out[n]
    r.target = TO_NURSE
    r.provider = nurse
    r.physician = g
    r.task = task
    r.minutes_tenths = int(10.0 * q.tasks_minutes_nurse[task])
    gp_minutes = q.tasks_supervision[task] * q.tasks_minutes_gp[task]
    if may_replace and uniform(chained(chained(key, SUBSTITUTES), np.uint64(task))) < q.tasks_sigma[task]:
        r.marks = r.marks | REPLACES
        if uniform(chained(chained(key, VALIDATES), np.uint64(task))) < validation:
            gp_minutes += q.tasks_validation_call_minutes[task]
    r.gp_minutes_tenths = int(10.0 * gp_minutes)

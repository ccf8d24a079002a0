"""One person, made from lasting draws: what somebody of a given age, sex and home is like (behaviour A1).

Everything that lasts (vulnerability, how fast control drifts, from which risk on a treatment is begun) is a keyed draw
of the person's own ``who``. State that age and conditions move (frailty, drugs, long-term illness) is a function of
those draws, age and conditions: people who have aged and people of that age at the start obey one law.
"""

import math

import numpy as np

from agents.declarations import Table
from agents.patients import (
    ALD,
    ALIVE,
    AME,
    C2S,
    CHILD_CHECK_DUE,
    CHRONIC,
    FAR,
    INAPPROPRIATE_DRUG,
    NEWS,
    POOR,
    SCREENING_DUE,
    VACCINE_DUE,
    WOMAN,
)
from sim.draws import chained, decision, step_key, uniform
from sim.kernel import kernel
from sim.life_tables import AGES, LEVELS, N_CONDITIONS, QUANTILES
from sim.week.patient_state import CONTROL_UNIT, MONTH_WEEKS, SHARE, age_band, age_of, logistic

SEX = decision("sex", "whether a person is a woman")
VULNERABILITY = decision("vulnerability", "liability to illness that conditions share")
SICK = decision("sick", "whether a newcomer or first inhabitant has a condition")
MEANS = decision("means", "right to means-tested cover, take-up, poverty, state medical aid")
FRAILTY = decision("frailty", "what is personal in frailty")
LONG_TERM = decision("long_term", "long-term illness status given a condition, or for another reason")
TREATED = decision("treated", "chronic treatment given a condition, or for another reason")
DRUGS = decision("drugs", "how many drugs a person takes among those alike")
INAPPROPRIATE = decision("inappropriate", "whether a drug of the year is inappropriate")
DRIFT = decision("drift", "how fast control is lost")
CONTROL = decision("control", "control at the start around its stationary law")
RENEWAL_WEEK = decision("renewal_week", "week of the first renewal")
LITERACY = decision("literacy", "health literacy")
SPENDING = decision("spending", "persistent spending factor")
NURSED = decision("nursed", "tie to a liberal nurse, and continuing home nursing")

START = -1  # first inhabitants are as they were at the end of the week before the first
ADULT = 18
SENIOR = 65
OLD = 75
MOST_DRUGS = 40
ANOTHER = N_CONDITIONS  # the place, after the conditions, of every other reason


@kernel
def lasting(seed: np.uint64, which: np.uint64, who: np.uint64, item: int) -> float:
    """The draw of a decision that a person carries for life, one an item."""
    return uniform(chained(chained(step_key(seed, which, 0), who), np.uint64(item)))


@kernel
def _byte(share: float) -> int:
    """A share as the patients' columns hold it."""
    return int(min(255.0, max(0.0, 255.0 * share + 0.5)))


@kernel
def table_age(age: int) -> int:
    """The age at which to read a life table."""
    return min(max(age, 0), AGES - 1)


@kernel
def count_conditions(conditions: int) -> int:
    """How many conditions a person has."""
    n = 0
    for c in range(N_CONDITIONS):
        n += conditions >> c & 1
    return n


@kernel
def make_person(patients: Table, cells: Table, par: Table, seed: np.uint64, i: int, week: int) -> None:
    """Fill the row of somebody whose ``who``, ``birth_week`` and ``cell`` are set: traits, conditions, then state."""
    p = patients[i]
    q = par[0]
    age = table_age(age_of(patients, i, week))
    p.flags = ALIVE
    girls = q.population_women_at_birth * q.life_survival[1, age]
    boys = (1.0 - q.population_women_at_birth) * q.life_survival[0, age]
    if lasting(seed, SEX, p.who, 0) < girls / (girls + boys):
        p.flags |= WOMAN
    _means(patients, cells, par, seed, i, age)
    poor = 1 if p.flags & POOR else 0
    u = lasting(seed, VULNERABILITY, p.who, 0)
    level = 0
    while level < LEVELS - 1 and u >= q.life_levels[poor, age, level]:
        level += 1
    p.vulnerability = level
    conditions = 0
    for c in range(N_CONDITIONS):
        if lasting(seed, SICK, p.who, c) < q.life_prevalence[poor, age, level, c]:
            conditions |= 1 << c
    p.conditions = conditions
    _traits(patients, par, seed, i)
    update_state(patients, cells, par, seed, i, week)
    first_control(patients, par, seed, i)
    p.control_week = max(week, 0)


@kernel
def _means(patients: Table, cells: Table, par: Table, seed: np.uint64, i: int, age: int) -> None:
    """State medical aid; else poverty and a right to means-tested cover (one draw: who has it is poor), if taken up."""
    p = patients[i]
    home = cells[p.cell]
    if age < SENIOR and lasting(seed, MEANS, p.who, 2) < home.ame:
        p.flags |= AME | POOR
        return
    u = lasting(seed, MEANS, p.who, 0)
    right = home.c2s / par[0].territory_c2s_take_up
    if u < right or u < home.poverty:
        p.flags |= POOR
    if u < right and lasting(seed, MEANS, p.who, 1) < par[0].territory_c2s_take_up:
        p.flags |= C2S


@kernel
def _traits(patients: Table, par: Table, seed: np.uint64, i: int) -> None:
    """What a person keeps whatever the age: drift, spending, literacy, trust, habits."""
    p = patients[i]
    q = par[0]
    z = q.life_normal[int(QUANTILES * lasting(seed, DRIFT, p.who, 0))]
    drift = q.population_drift_median * math.exp(q.population_drift_log_sd * z)
    p.drift = drift * q.population_drift_poor_ratio if p.flags & POOR else drift
    p.persistent_factor = int(256.0 * lasting(seed, SPENDING, p.who, 0))
    p.health_literacy = _byte(q.life_literacy[int(QUANTILES * lasting(seed, LITERACY, p.who, 0))])
    p.trust_gp = _byte(q.population_trust_gp)
    p.trust_nurse = _byte(q.population_trust_nurse)
    p.renewal_interval_months = int(q.population_renewal_months)


@kernel
def update_state(patients: Table, cells: Table, par: Table, seed: np.uint64, i: int, week: int) -> None:
    """Bring to the present age what age and conditions move: frailty, status, treatment, drugs, prevention, nursing."""
    p = patients[i]
    age = table_age(age_of(patients, i, week))
    frailty = frailty_now(patients, par, seed, i, age)
    p.frailty = max(p.frailty, _byte(frailty))
    p.prefers_home = _byte(par[0].population_prefers_home + p.frailty * SHARE)
    if has_long_term_status(patients, par, seed, i, age):
        p.flags |= ALD
    if not p.flags & CHRONIC and is_treated(patients, par, seed, i, age):
        p.flags |= CHRONIC
        start_renewals(patients, seed, i, week)
    _drugs(patients, par, seed, i, age)
    p.prevention_due |= prevention_at(par, age, p.flags & WOMAN != 0)
    _nursing(patients, cells, par, seed, i, age)


@kernel
def frailty_now(patients: Table, par: Table, seed: np.uint64, i: int, age: int) -> float:
    """Frailty at an age: a quantile of its law, higher for the vulnerable and for who has more conditions than they."""
    p = patients[i]
    q = par[0]
    level = p.vulnerability
    sd = q.life_conditions_sd[age, level]
    spread = math.sqrt(sd * sd + SMALLEST_VARIANCE)
    excess = (count_conditions(p.conditions) - q.life_conditions[age, level]) / spread
    own, ill = q.population_frailty_vulnerability, q.population_frailty_conditions
    rest = math.sqrt(max(0.0, 1.0 - own * own - (ill * sd / spread) ** 2))
    poor = 1 if p.flags & POOR else 0
    score = own * q.life_score[poor, age, level] + ill * excess
    score += rest * q.life_normal[int(QUANTILES * lasting(seed, FRAILTY, p.who, 0))]
    u = 0.5 * math.erfc(-score / math.sqrt(2.0))
    return q.life_frailty[age, min(QUANTILES - 1, int(QUANTILES * u))]


SMALLEST_VARIANCE = 0.25  # of the number of conditions: keeps the first one of the young from counting for too much


@kernel
def has_long_term_status(patients: Table, par: Table, seed: np.uint64, i: int, age: int) -> bool:
    """Whether a condition, or another reason, gives long-term illness status (ALD)."""
    p = patients[i]
    q = par[0]
    for c in range(N_CONDITIONS):
        if p.conditions >> c & 1 and lasting(seed, LONG_TERM, p.who, c) < q.population_ald_given_condition[c]:
            return True
    return lasting(seed, LONG_TERM, p.who, ANOTHER) < q.life_ald_other[age]


@kernel
def is_treated(patients: Table, par: Table, seed: np.uint64, i: int, age: int) -> bool:
    """Whether a condition, or another reason, calls for chronic treatment."""
    p = patients[i]
    q = par[0]
    for c in range(N_CONDITIONS):
        if p.conditions >> c & 1 and lasting(seed, TREATED, p.who, c) < q.population_treated[c]:
            return True
    return lasting(seed, TREATED, p.who, ANOTHER) < q.population_treated_other[age_band(age)]


@kernel
def start_renewals(patients: Table, seed: np.uint64, i: int, week: int) -> None:
    """Begin chronic treatment: the first renewal falls anywhere within one interval."""
    p = patients[i]
    weeks = p.renewal_interval_months * MONTH_WEEKS
    p.renewal_due_week = min(FAR - 1, week + 1 + int(weeks * lasting(seed, RENEWAL_WEEK, p.who, 0)))


@kernel
def _drugs(patients: Table, par: Table, seed: np.uint64, i: int, age: int) -> None:
    """Drugs taken, by a lasting Poisson quantile; and whether one of this year's is inappropriate."""
    p = patients[i]
    q = par[0]
    mean = q.population_drugs[0] + q.population_drugs[1] * count_conditions(p.conditions)
    mean += q.population_drugs[2] * p.frailty * SHARE
    u = lasting(seed, DRUGS, p.who, 0)
    n = 0
    term = math.exp(-mean)
    below = term
    while u >= below and n < MOST_DRUGS:
        n += 1
        term *= mean / n
        below += term
    p.n_drugs = n
    note_inappropriate(patients, par, seed, i, age, 1.0)


@kernel
def note_inappropriate(patients: Table, par: Table, seed: np.uint64, i: int, age: int, ratio: float) -> None:
    """Whether one of this year's drugs is inappropriate; ``ratio`` is that of the rate to the usual one."""
    p = patients[i]
    q = par[0]
    many = age >= OLD and p.n_drugs >= q.population_polypharmacy_drugs
    chance = ratio * q.population_inappropriate[0 if many else 1] if p.n_drugs > 0 else 0.0
    p.flags &= ~INAPPROPRIATE_DRUG
    if lasting(seed, INAPPROPRIATE, p.who, age) < chance:
        p.flags |= INAPPROPRIATE_DRUG


@kernel
def prevention_at(par: Table, age: int, woman: bool) -> int:
    """Bits of the preventive acts that fall due at an age."""
    q = par[0]
    due = 0
    v = q.population_vaccine_ages
    if v[0] <= age <= v[1] or v[2] <= age <= v[3]:
        due |= VACCINE_DUE
    first = 0 if woman else 2
    if q.population_screening_ages[first] <= age <= q.population_screening_ages[first + 1]:
        due |= SCREENING_DUE
    checks = q.population_child_check_ages
    if checks[0] <= age <= checks[1]:
        due |= CHILD_CHECK_DUE
    for k in range(2, checks.size):
        if age == checks[k]:
            due |= CHILD_CHECK_DUE
    return due


@kernel
def wants_nurse(patients: Table, par: Table, seed: np.uint64, i: int, age: int) -> bool:
    """Whether a person of this age and frailty has a liberal nurse."""
    p = patients[i]
    q = par[0]
    share = min(max(q.population_nurse_tie[age_band(age)], 1e-6), 1.0 - 1e-6)
    z = math.log(share / (1.0 - share))
    z += q.population_nurse_tie_frailty * (p.frailty * SHARE - q.life_frailty_mean[age])
    return lasting(seed, NURSED, p.who, 0) < logistic(z)


@kernel
def home_nursing_ratio(patients: Table, par: Table, seed: np.uint64, i: int) -> float:
    """The scale of home nursing from which on this person has it."""
    p = patients[i]
    u = lasting(seed, NURSED, p.who, 1)
    chance = (p.frailty * SHARE) ** par[0].population_home_power
    return u / chance if chance > 0.0 and u < par[0].population_home_most else math.inf


@kernel
def home_stops_for(patients: Table, par: Table, i: int) -> int:
    """Stops a week of continuing home nursing at this frailty: light, medium or heavy."""
    q = par[0]
    k = 0
    while k < q.population_home_stops_frailty.size and (
        patients[i].frailty * SHARE >= q.population_home_stops_frailty[k]
    ):
        k += 1
    return int(q.population_home_stops[k])


@kernel
def _nursing(patients: Table, cells: Table, par: Table, seed: np.uint64, i: int, age: int) -> None:
    """Continuing home nursing for the frail, at the scale of the place; who lacks a nurse is news for the week."""
    p = patients[i]
    home = home_nursing_ratio(patients, par, seed, i) < cells[p.cell].home_nursing
    if home:
        p.home_stops = home_stops_for(patients, par, i)
        p.home_until = FAR
    if p.nurse_tie < 0 and (home or wants_nurse(patients, par, seed, i, age)):
        p.flags |= NEWS


@kernel
def first_control(patients: Table, par: Table, seed: np.uint64, i: int) -> None:
    """Control near its stationary law for the person's own contact rate (behaviour C4)."""
    p = patients[i]
    q = par[0]
    rate = q.population_contacts_untreated
    if p.flags & CHRONIC:
        rate = q.population_contacts_realised * 12.0 / p.renewal_interval_months
    effect = max(q.care_gp_effect, 1e-6)
    mean = 1.0 - 52.0 * p.drift / (effect * rate)
    for c in range(N_CONDITIONS):
        if p.conditions >> c & 1:
            z = q.life_normal[int(QUANTILES * lasting(seed, CONTROL, p.who, c))]
            control = mean + q.population_control_spread * z
            control = min(max(control, q.population_control_bounds[0]), q.population_control_bounds[1])
            p.control[c] = np.uint16(control / CONTROL_UNIT)

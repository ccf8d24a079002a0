"""What any contact may do to the patient, whoever makes it: control, renewal, tests, prevention (behaviour C4)."""

import numpy as np

from agents.declarations import Row
from agents.patients import (
    DIABETES,
    FAR,
    PREVENTION,
    SEEN_7_DAYS,
    SEEN_30_DAYS,
    STAY_FOLLOWED,
)
from agents.templates import EFFORT_PREVENTION
from sim.draws import chained, decision, uniform
from sim.events import TEST
from sim.kernel import kernel
from sim.week.effort import by_effort, effort_around
from sim.week.patient_state import DAYS_FOLLOWED, MONTH_WEEKS, mean_control, regain_control
from sim.week.scene import Scene
from sim.week.waiting import MOST

CARE = decision("care", "what a contact does: test, prevention, registration, technical act")

ALL_CONDITIONS = 127
FIRST_FOLLOW_UP_DAYS = 7
LONGEST_INTERVAL = 12  # months, what the patients' column holds


@kernel
def note_follow_up(s: Scene, i: int, day: int) -> None:
    """A contact after a discharge: within how many days."""
    p = s.patients[i]
    if not p.flags & STAY_FOLLOWED or day < p.discharge_day:
        return
    days = day - p.discharge_day
    if days < p.days_to_contact:
        p.days_to_contact = days
    if days <= FIRST_FOLLOW_UP_DAYS:
        p.flags |= SEEN_7_DAYS
    if days <= DAYS_FOLLOWED:
        p.flags |= SEEN_30_DAYS


@kernel
def recently_nursed(s: Scene, i: int) -> bool:
    """Whether a nurse has followed up the patient (k01-k05) lately, which lets renewals be spaced."""
    return s.week - s.patients[i].nurse_contact <= s.par[0].care_nurse_credit_weeks


@kernel
def renew(s: Scene, i: int, g: int, nursed: bool) -> None:
    """The treatment is renewed: the next date follows the interval of who renews, longer with a nurse's follow-up (D3).

    Args:
        s: the scene.
        i: the patient.
        g: physician who renews, or in whose stead a nurse does; -1 for one from elsewhere, who keeps the interval.
        nursed: whether a nurse has followed up the patient lately.
    """
    p = s.patients[i]
    q = s.par[0]
    months = float(p.renewal_interval_months)
    if g >= 0:
        stable = mean_control(s.patients, i) >= q.care_stable_control
        months = float(s.physicians[g].renewal_interval_months if stable else s.physicians[g].renewal_interval_unstable)
        if nursed:
            months *= 1.0 + q.care_nurse_credit
        p.renewal_interval_months = min(LONGEST_INTERVAL, int(months + 0.5))
    p.renewal_due_week = min(FAR, s.week + int(months * MONTH_WEEKS + 0.5))


@kernel
def chronic_contact(s: Scene, i: int, minutes: float) -> None:
    """Control regained at a chronic contact with a physician (behaviour C4)."""
    p = s.patients[i]
    q = s.par[0]
    close = s.week - p.last_gp < q.care_close_contact_weeks
    gain = q.care_gp_effect * np.sqrt(min(1.0, minutes / q.care_full_effect_minutes))
    regain_control(s.patients, i, ALL_CONDITIONS, gain * q.care_close_contact if close else gain)


@kernel
def prescribe_test(s: Scene, e: Row, i: int, ratio: float, key: np.uint64) -> None:
    """An HbA1c test may follow a chronic contact of a diabetic; ``ratio`` is that of the chance to the usual one."""
    p = s.patients[i]
    if p.conditions >> DIABETES & 1 and uniform(chained(key, np.uint64(4))) < ratio * s.par[0].care_test_probability:
        p.diabetes_tests = min(MOST, p.diabetes_tests + 1)
        e.marks |= TEST


@kernel
def prevention_done(s: Scene, e: Row, i: int) -> None:
    """Nothing is due any more; the line tells where something was."""
    p = s.patients[i]
    if p.prevention_due:
        p.prevention_due = 0
        e.prevented = 1


@kernel
def prevent(s: Scene, e: Row, i: int, g: int, key: np.uint64) -> None:
    """A physician does what prevention is due: at a contact for it, and now and then at any other (D8b).

    At other contacts it takes more effort than at the start, or a list by which the secretary recalls patients.
    """
    q = s.par[0]
    if e.need == PREVENTION:
        chance = q.care_prevention_done * by_effort(s, g, EFFORT_PREVENTION, q.care_effort_prevention)
    else:
        chance = q.care_prevention_elsewhere * max(0.0, effort_around(s, g, EFFORT_PREVENTION))
        chance += s.teams[s.physicians[g].team].recall
    if uniform(chained(key, np.uint64(5))) < chance:
        prevention_done(s, e, i)

"""Spending that no modelled contact explains, brought to account on the patient's birthday (behaviour A1)."""

import math

import numpy as np
from scipy.special import ndtri

from agents.patients import SPEND_DRUGS, SPEND_OTHER
from agents.templates import EFFORT_PRESCRIBING
from sim.draws import chained, decision, draw_key, exponential, uniform
from sim.kernel import kernel
from sim.week.effort import by_effort
from sim.week.patient_state import age_band, age_of
from sim.week.scene import Scene

TURN = 2.0 * math.pi
_PERSISTENT = ndtri((np.arange(256) + 0.5) / 256.0)
"""Standard normal of each stored quantile of the persistent factor."""

SPECIALIST, LABORATORY = 0, 2  # columns of accounts.other_shares that a physician's prescriptions reach

YEARLY_SPENDING = decision("yearly_spending", "transitory spending factor of a patient's year")


@kernel
def lognormal(z: float, sd: float) -> float:
    """A lognormal factor of mean 1 from a standard normal ``z``."""
    return math.exp(sd * z - 0.5 * sd * sd)


@kernel
def normal(key: np.uint64) -> float:
    """A standard normal draw (Box and Muller)."""
    radius = math.sqrt(2.0 * exponential(chained(key, np.uint64(1))))
    return radius * math.cos(TURN * uniform(chained(key, np.uint64(2))))


@kernel
def accrue_other_spending(s: Scene, i: int) -> None:
    """Add a year of drugs and other spending, by class, times the persistent and the year's transitory factor.

    Effort of the médecin traitant on prescribing lowers drugs, and what of the rest is of specialists and laboratories.
    """
    p = s.patients[i]
    q = s.par[0]
    band = age_band(age_of(s.patients, i, s.week))
    drugs = q.spending_drugs_base[band]
    other = q.spending_other_base[band]
    for c in range(7):
        if p.conditions >> c & 1:
            drugs += q.spending_drugs_condition[c]
            other += q.spending_other_condition[c]
    key = draw_key(s.seed, YEARLY_SPENDING, s.week, p.who)
    factor = q.spending_scale * lognormal(_PERSISTENT[p.persistent_factor], q.spending_persistent_sd)
    ratio = by_effort(s, p.registered_gp, EFFORT_PRESCRIBING, q.care_effort_spending)
    drugs *= ratio
    other *= 1.0 - (q.accounts_other_shares[band, SPECIALIST] + q.accounts_other_shares[band, LABORATORY]) * (
        1.0 - ratio
    )
    p.spend[SPEND_DRUGS] += drugs * factor * lognormal(normal(chained(key, np.uint64(3))), q.spending_transitory_sd)
    p.spend[SPEND_OTHER] += other * factor * lognormal(normal(chained(key, np.uint64(4))), q.spending_transitory_sd)

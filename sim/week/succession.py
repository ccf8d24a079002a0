"""Physicians retire; their post stands empty; a younger one takes it over (behaviour A2)."""

import math

import numpy as np

from agents.declarations import Table
from sim.draws import chained, decision, exponential, step_key, uniform
from sim.kernel import kernel
from sim.life_tables import QUANTILES
from sim.week.patient_state import logistic
from sim.week.scene import Scene

RETIRES = decision("retires", "whether a physician retires at a birthday, and what becomes of the list")
SUCCESSOR = decision("successor", "when a successor starts, and who it is")

NO_SUCCESSOR = 2**30
LONGEST_VACANCY = 520


@kernel
def succession_week(s: Scene, lo: int, hi: int, territories: Table) -> tuple[int, int]:
    """Retirements and successions of one week among physicians ``[lo, hi)``; returns how many.

    ``territories`` bound the patients of each.
    """
    retired = 0
    started = 0
    for g in range(lo, hi):
        p = s.physicians[g]
        if p.vacant_until >= 0:
            if s.week >= p.vacant_until:
                _start(s.physicians, s.par, s.seed, g, s.week)
                started += 1
        elif s.week == p.leaves_week or (
            (s.week - p.birth_week) % 52 == 0 and _retires(s.physicians, s.par, s.seed, g, s.week)
        ):
            home = territories[p.territory]
            listed = s.patients[home.first_patient : home.last_patient]
            _retire(listed, s.physicians, s.teams, s.par, s.seed, g, s.week)
            retired += 1
    return retired, started


@kernel
def _retires(physicians: Table, par: Table, seed: np.uint64, g: int, week: int) -> bool:
    """Whether the physician retires at this birthday."""
    q = par[0]
    years = (week - physicians[g].birth_week) // 52 - int(q.demography_retirement_first_age)
    if years < 0:
        return False
    chance = q.demography_retirement[min(years, q.demography_retirement.size - 1)]
    return uniform(chained(step_key(seed, RETIRES, week), physicians[g].who)) < chance


@kernel
def _succeeded(teams: Table, par: Table, t: int) -> float:
    """Chance that a post of a team finds a successor: attraction moves the odds, and an intern may stay (F6)."""
    chance = par[0].demography_succession
    if chance >= 1.0:
        return 1.0
    odds = chance / (1.0 - chance) * math.exp(teams[t].attraction)
    return 1.0 - (1.0 - teams[t].intern_stays) / (1.0 + odds)


@kernel
def _retire(patients: Table, physicians: Table, teams: Table, par: Table, seed: np.uint64, g: int, week: int) -> None:
    """Leave the post empty until a successor starts; the list waits for the successor, or its patients are without."""
    p = physicians[g]
    q = par[0]
    key = chained(step_key(seed, RETIRES, week), p.who)
    found = uniform(chained(key, np.uint64(1))) < _succeeded(teams, par, p.team)
    wait = q.demography_vacancy_weeks * exponential(chained(key, np.uint64(2)))
    p.vacant_until = week + 1 + min(LONGEST_VACANCY, int(wait)) if found else NO_SUCCESSOR
    if found and uniform(chained(key, np.uint64(3))) < q.demography_list_kept:
        return
    p.registered_list = 0
    for i in range(patients.size):
        if patients[i].registered_gp == g:
            patients[i].registered_gp = -1
            patients[i].share_past = 0
        if patients[i].known_gp == g:
            patients[i].known_gp = -1


@kernel
def _start(physicians: Table, par: Table, seed: np.uint64, g: int, week: int) -> None:
    """A successor starts: the post and its habits stay, the person is new."""
    p = physicians[g]
    q = par[0]
    p.vacant_until = -1
    p.successions += 1
    p.who = chained(chained(p.who, SUCCESSOR), np.uint64(p.successions))
    key = chained(step_key(seed, SUCCESSOR, week), p.who)
    low, high = q.demography_successor_age[0], q.demography_successor_age[1]
    age = low + (high - low) * uniform(chained(key, np.uint64(1)))
    p.birth_week = week - int(52.0 * age)
    p.woman = 1 if uniform(chained(key, np.uint64(2))) < q.demography_successor_women else 0
    z = q.life_normal[int(QUANTILES * uniform(chained(key, np.uint64(3))))]
    p.alpha = q.workforce_alpha_median * math.exp(q.workforce_alpha_log_sd * z)
    p.fatigue = q.workforce_fatigue
    p.job_meaning = q.workforce_job_meaning
    p.income_habit = 0.0  # what the predecessor was used to: the successor begins anew
    p.list_open = logistic(q.workforce_list_open_constant)  # the predecessor's was that of somebody about to leave
    p.overload = 0.0
    p.backlog_minutes = 0.0

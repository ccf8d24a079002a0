"""A birthday, and death: what age does to one patient, the same in every arm save what care has changed.

The patient's own kernel calls these. What concerns others (a list that loses a name, a newborn's row) is left to the
demography of the week, which finds the row by its ``NEWS`` flag.
"""

import math

import numpy as np

from agents.declarations import Table
from agents.patients import ALIVE, CONDITIONS, NEWS, POOR, WOMAN
from sim.draws import chained, decision, step_key, uniform
from sim.kernel import kernel
from sim.person import ADULT, table_age, update_state
from sim.week.patient_state import CONTROL_UNIT, SHARE, age_of

FALLS_ILL = decision("falls_ill", "whether a person has a new condition at a birthday")
MOVES_AWAY = decision("moves_away", "whether a person moves away at a birthday")
GIVES_BIRTH = decision("gives_birth", "whether a woman gives birth at a birthday")

N_CONDITIONS = len(CONDITIONS)


@kernel
def _draw(seed: np.uint64, which: np.uint64, week: int, who: np.uint64, item: int) -> float:
    """The draw of a decision taken this week."""
    return uniform(chained(chained(step_key(seed, which, week), who), np.uint64(item)))


@kernel
def birthday(patients: Table, cells: Table, par: Table, seed: np.uint64, i: int, week: int) -> None:
    """A year older: new conditions, then all that follows; moves, births and coming of age become news.

    To be called in the week of the birthday, once.
    """
    p = patients[i]
    age = age_of(patients, i, week)
    _fall_ill(patients, par, seed, i, week, table_age(age))
    update_state(patients, cells, par, seed, i, week)
    if age == ADULT or moves_away(patients, par, seed, i, week) or gives_birth(patients, par, seed, i, week):
        p.flags |= NEWS


@kernel
def _fall_ill(patients: Table, par: Table, seed: np.uint64, i: int, week: int, age: int) -> None:
    """New conditions at the rates that keep prevalence by age."""
    p = patients[i]
    q = par[0]
    poor = 1 if p.flags & POOR else 0
    for c in range(N_CONDITIONS):
        if p.conditions >> c & 1:
            continue
        if _draw(seed, FALLS_ILL, week, p.who, c) < q.life_incidence[poor, age, p.vulnerability, c]:
            p.conditions |= 1 << c
            p.control[c] = np.uint16(q.population_control_new / CONTROL_UNIT)


@kernel
def moves_away(patients: Table, par: Table, seed: np.uint64, i: int, week: int) -> bool:
    """Whether the patient moves away at the birthday of this week."""
    chance = par[0].life_leave[table_age(age_of(patients, i, week))]
    return _draw(seed, MOVES_AWAY, week, patients[i].who, 0) < chance


@kernel
def gives_birth(patients: Table, par: Table, seed: np.uint64, i: int, week: int) -> bool:
    """Whether the patient gives birth at the birthday of this week."""
    if not patients[i].flags & WOMAN:
        return False
    chance = par[0].life_fertility[table_age(age_of(patients, i, week))]
    return chance > 0.0 and _draw(seed, GIVES_BIRTH, week, patients[i].who, 0) < chance


@kernel
def death_rate(patients: Table, par: Table, i: int, week: int) -> float:
    """Deaths a year: the life table by age and sex, times what conditions and frailty add around its mean."""
    p = patients[i]
    q = par[0]
    age = table_age(age_of(patients, i, week))
    rate = q.life_death[1 if p.flags & WOMAN else 0, age]
    rate *= math.exp(q.demography_death_frailty * (p.frailty * SHARE - q.life_frailty_mean[age]))
    for c in range(N_CONDITIONS):
        if p.conditions >> c & 1:
            rate *= q.demography_death_condition[c]
    return rate


@kernel
def dies(patients: Table, i: int) -> None:
    """The patient is gone; the demography of the week takes the name off the list and frees the row."""
    patients[i].flags = (patients[i].flags & ~ALIVE) | NEWS

"""Rows that change hands: who has died or moved leaves one, the newborn and newcomers take it."""

import math

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from agents.patients import ALIVE, AME, C2S, KEEPS_NO_GP, NEWS, POOR
from sim.draws import chained, decision, step_key, uniform
from sim.person import ADULT, lasting, make_person, table_age, wants_nurse
from sim.population import age_in_band, set_age
from sim.registration import NURSE
from sim.week.ageing import gives_birth, moves_away
from sim.week.kernel import kernel
from sim.week.patient_state import age_band, age_of, next_wake

BORN = decision("born", "content id of a newborn, from that of the mother")
ARRIVES = decision("arrives", "how many newcomers an age band receives, and their content ids")
HOME = decision("home", "the cell where a newcomer settles")
ASKS = decision("asks", "whether a newborn, newcomer or new adult is registered, or never asks")

MOST_ARRIVALS = 10_000  # of one age band in one week
_MEANS = POOR | C2S | AME

# What happened in a week, in the order of ``Flows``.
N_FLOWS = 5
BIRTHS, MOVES_IN, DEATHS, MOVES_OUT, WITHOUT_ROOM = range(N_FLOWS)


@kernel
def count_residents(patients: Table, lo: int, hi: int, week: int, people: NDArray[np.int64]) -> None:
    """Count inhabitants by age band among rows ``[lo, hi)``."""
    people[:] = 0
    for i in range(lo, hi):
        if patients[i].flags & ALIVE:
            people[age_band(age_of(patients, i, week))] += 1


@kernel
def free_row(patients: Table, lo: int, hi: int, start: int) -> int:
    """The first row at or after ``start`` (round the end) in which nobody lives, -1 when all are taken."""
    if hi <= lo:
        return -1
    i = start if lo <= start < hi else lo
    for _ in range(hi - lo):
        if not patients[i].flags & (ALIVE | NEWS):
            return i
        i = i + 1 if i + 1 < hi else lo
    return -1


@kernel
def leave_list(patients: Table, physicians: Table, i: int) -> None:
    """Take a name off the list."""
    g = patients[i].registered_gp
    if g >= 0:
        physicians[g].registered_list -= 1
        patients[i].registered_gp = -1


@kernel
def join_list(patients: Table, physicians: Table, i: int, g: int) -> None:
    """Put a name on the list."""
    patients[i].registered_gp = g
    patients[i].known_gp = g
    physicians[g].registered_list += 1
    patients[i].renewal_interval_months = physicians[g].renewal_interval_months


@kernel
def find_news(patients: Table, lo: int, hi: int, rows: NDArray[np.int32]) -> int:
    """Write down the rows of ``[lo, hi)`` that have news; returns how many."""
    n = 0
    for i in range(lo, hi):
        if patients[i].flags & NEWS:
            rows[n] = i
            n += 1
    return n


@kernel
def read_news(
    patients: Table, physicians: Table, nurses: Table, cells: Table, near_nurses: NDArray[np.int32], par: Table,
    seed: np.uint64, rows: NDArray[np.int32], week: int, blank: Table, mothers: NDArray[np.int32],
    flows: NDArray[np.int64],
) -> int:  # fmt: skip
    """Free the rows of the dead and of those who move away; see to new adults and nurses; return how many gave birth.

    News are about the last birthday, so that reading them a week late changes nothing but the date.
    """
    n = 0
    for i in rows:
        p = patients[i]
        p.flags &= ~NEWS
        last = week - (week - p.birth_week) % 52
        dead = not p.flags & ALIVE
        if dead or moves_away(patients, par, seed, i, last):
            flows[DEATHS if dead else MOVES_OUT] += 1
            leave_list(patients, physicians, i)
            patients[i] = blank[0]
            continue
        find_nurse(patients, nurses, cells, near_nurses, par, seed, i, week)
        if age_of(patients, i, last) == ADULT:
            come_of_age(patients, physicians, par, seed, i)
        if gives_birth(patients, par, seed, i, last):
            mothers[n] = i
            n += 1
    return n


@kernel
def come_of_age(patients: Table, physicians: Table, par: Table, seed: np.uint64, i: int) -> None:
    """A new adult without a médecin traitant keeps to that, or is taken by the family's physician if the list is open."""
    p = patients[i]
    if p.registered_gp >= 0 or p.flags & AME:
        return
    without = 1.0 - par[0].workforce_registered_share[1]
    if lasting(seed, ASKS, p.who, 0) < without * par[0].population_keeps_no_gp:
        p.flags |= KEEPS_NO_GP
        return
    g = p.known_gp
    if g >= 0 and physicians[g].vacant_until < 0 and lasting(seed, ASKS, p.who, 1) < physicians[g].list_open:
        join_list(patients, physicians, i, g)


@kernel
def find_nurse(
    patients: Table, nurses: Table, cells: Table, near_nurses: NDArray[np.int32], par: Table, seed: np.uint64, i: int,
    week: int,
) -> None:  # fmt: skip
    """Tie who needs one to a near liberal nurse: a logit on travel, one keyed draw a nurse."""
    p = patients[i]
    age = table_age(age_of(patients, i, week))
    if p.nurse_tie >= 0 or not (p.home_stops > 0 or wants_nurse(patients, par, seed, i, age)):
        return
    q = par[0]
    key = chained(step_key(seed, NURSE, 0), p.who)
    best = -1e30
    home = cells[p.cell]
    for rank in range(near_nurses.shape[1]):
        nurse = near_nurses[p.cell, rank]
        if nurse < 0:
            break
        office = cells[nurses[nurse].cell]
        km = math.hypot(home.x_km - office.x_km, home.y_km - office.y_km)
        taste = -math.log(-math.log(uniform(chained(key, nurses[nurse].who)) + 1e-300))
        value = taste + q.population_registration_minute * km / q.territory_travel_km_per_minute
        if value > best:
            best = value
            p.nurse_tie = nurse


@kernel
def newborn(
    patients: Table, physicians: Table, cells: Table, par: Table, seed: np.uint64, mother: int, row: int, week: int,
    blank: Table,
) -> None:  # fmt: skip
    """A child is born into a free row: home, means and physician are the mother's."""
    m = patients[mother]
    patients[row] = blank[0]
    p = patients[row]
    p.who = chained(chained(m.who, BORN), np.uint64(week))
    p.cell = m.cell
    p.birth_week = week
    make_person(patients, cells, par, seed, row, week)
    p.flags = (p.flags & ~(_MEANS | NEWS)) | (m.flags & _MEANS)
    p.known_gp = m.registered_gp if m.registered_gp >= 0 else m.known_gp
    wanted = lasting(seed, ASKS, p.who, 0) < par[0].workforce_registered_share[0]
    if p.known_gp >= 0 and wanted and not p.flags & AME and physicians[p.known_gp].vacant_until < 0:
        join_list(patients, physicians, row, p.known_gp)
    p.wake = next_wake(patients, row, week)


@kernel
def arrival(
    patients: Table, cells: Table, par: Table, seed: np.uint64, row: int, week: int, who: np.uint64, cell: int, age: int,
    blank: Table,
) -> None:  # fmt: skip
    """A newcomer settles in a free row, without a médecin traitant and looking for one, or not."""
    patients[row] = blank[0]
    p = patients[row]
    p.who = who
    p.cell = cell
    set_age(patients, seed, row, week, age)
    make_person(patients, cells, par, seed, row, week)
    p.flags &= ~NEWS
    without = 1.0 - par[0].workforce_registered_share[1]
    if age >= ADULT and lasting(seed, ASKS, who, 0) < without * par[0].population_keeps_no_gp:
        p.flags |= KEEPS_NO_GP
    p.wake = next_wake(patients, row, week)


@kernel
def poisson(mean: float, u: float, most: int) -> int:
    """The Poisson quantile of a draw in [0, 1)."""
    n = 0
    term = math.exp(-mean)
    below = term
    while u >= below and n < most:
        n += 1
        term *= mean / n
        below += term
        if term < 1e-300 and n > mean:
            break
    return n


@kernel
def cell_from(cumulative: NDArray[np.float64], first: int, last: int, band: int, u: float) -> int:
    """The cell of ``[first, last)`` in which a draw falls, by cumulative people of an age band."""
    low = first
    high = last - 1
    while low < high:
        middle = (low + high) // 2
        if cumulative[middle, band] > u:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def take_rows(
    patients: Table, physicians: Table, nurses: Table, cells: Table, near_nurses: NDArray[np.int32], par: Table,
    seed: np.uint64, week: int, land: Table, cumulative: NDArray[np.float64], target: NDArray[np.float64],
    laws: NDArray[np.float64], mothers: NDArray[np.int32], n_mothers: int, blank: Table, first_cell: int,
    last_cell: int, rows: NDArray[np.int32], flows: NDArray[np.int64],
) -> int:  # fmt: skip
    """Births, then newcomers by age band, each into the next free row of the territory; returns the rows taken."""
    t = land[0]
    n = 0
    for m in range(n_mothers):
        row = free_row(patients, t.first_patient, t.last_patient, t.next_row)
        if row < 0 or n >= rows.size:
            flows[WITHOUT_ROOM] += 1
            continue
        newborn(patients, physicians, cells, par, seed, mothers[m], row, week, blank)
        rows[n] = row
        n += 1
        t.next_row = row + 1
        t.births += 1
        flows[BIRTHS] += 1
    key = chained(step_key(seed, ARRIVES, week), t.who)
    for band in range(target.size):
        yearly = par[0].demography_arrivals[band] * target[band]
        yearly += par[0].demography_arrivals_pull * (target[band] - t.residents[band])
        band_key = chained(key, np.uint64(band))
        for k in range(poisson(max(0.0, yearly / 52.0), uniform(band_key), MOST_ARRIVALS)):
            row = free_row(patients, t.first_patient, t.last_patient, t.next_row)
            if row < 0 or n >= rows.size:
                flows[WITHOUT_ROOM] += 1
                continue
            who = chained(band_key, np.uint64(k))
            cell = cell_from(cumulative, first_cell, last_cell, band, lasting(seed, HOME, who, 0))
            age = age_in_band(laws, band, lasting(seed, HOME, who, 1))
            arrival(patients, cells, par, seed, row, week, who, cell, age, blank)
            find_nurse(patients, nurses, cells, near_nurses, par, seed, row, week)
            rows[n] = row
            n += 1
            t.next_row = row + 1
            flows[MOVES_IN] += 1
    return n

"""Rows that change hands: who has died or moved leaves one, the newborn and newcomers take it."""

import math

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from agents.patients import ALIVE, AME, C2S, KEEPS_NO_GP, NEW_PATIENT, NEWS, POOR
from sim.draws import chained, decision, step_key, uniform
from sim.kernel import kernel
from sim.person import ADULT, lasting, make_person, table_age, wants_nurse
from sim.population import age_in_band, set_age
from sim.prefetch import copy_row
from sim.registration import NURSE
from sim.week.ageing import gives_birth, moves_away
from sim.week.listing import open_for
from sim.week.patient_state import age_band, age_of, next_wake
from sim.week.scene import Scene

BORN = decision("born", "content id of a newborn, from that of the mother")
ARRIVES = decision("arrives", "how many newcomers an age band receives, and their content ids")
HOME = decision("home", "the cell where a newcomer settles")
ASKS = decision("asks", "whether a newborn, newcomer or new adult is registered, or never asks")

MOST_ARRIVALS = 10_000  # of one age band in one week
_MEANS = POOR | C2S | AME

# What happened in a week, as the kernels count it.
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
def read_news(
    s: Scene, rows: NDArray[np.int32], blank: Table, mothers: NDArray[np.int32], flows: NDArray[np.int64]
) -> int:
    """Free the rows of the dead and of those who move away; see to new adults and nurses; return how many gave birth.

    News are about the last birthday, so that reading them a week late changes nothing but the date.
    """
    n = 0
    for i in rows:
        p = s.patients[i]
        p.flags &= ~NEWS
        last = s.week - (s.week - p.birth_week) % 52
        dead = not p.flags & ALIVE
        if dead or moves_away(s.patients, s.par, s.seed, i, last):
            flows[DEATHS if dead else MOVES_OUT] += 1
            leave_list(s.patients, s.physicians, i)
            copy_row(s.patients, i, blank, 0)
            continue
        find_nurse(s, i)
        if age_of(s.patients, i, last) == ADULT:
            come_of_age(s, i)
        if gives_birth(s.patients, s.par, s.seed, i, last):
            mothers[n] = i
            n += 1
    return n


@kernel
def _keeps_no_gp(s: Scene, who: np.uint64) -> bool:
    """Whether a newcomer or new adult never asks for a médecin traitant."""
    without = 1.0 - s.par[0].workforce_registered_share[1]
    return lasting(s.seed, ASKS, who, 0) < without * s.par[0].population_keeps_no_gp


@kernel
def come_of_age(s: Scene, i: int) -> None:
    """A new adult without a médecin traitant keeps to that, or asks the family's physician, whose list may be open."""
    p = s.patients[i]
    if p.registered_gp >= 0 or p.flags & AME:
        return
    p.flags &= ~KEEPS_NO_GP  # a child's was the parents' choice
    if _keeps_no_gp(s, p.who):
        p.flags |= KEEPS_NO_GP
        return
    g = p.known_gp
    if g >= 0 and s.physicians[g].vacant_until < 0 and lasting(s.seed, ASKS, p.who, 1) < open_for(s, i, g):
        join_list(s.patients, s.physicians, i, g)


@kernel
def find_nurse(s: Scene, i: int) -> None:
    """Tie who needs one to a near liberal nurse: a logit on travel, one keyed draw a nurse."""
    p = s.patients[i]
    age = table_age(age_of(s.patients, i, s.week))
    if p.nurse_tie >= 0 or not (p.home_stops > 0 or wants_nurse(s.patients, s.par, s.seed, i, age)):
        return
    q = s.par[0]
    key = chained(step_key(s.seed, NURSE, 0), p.who)
    best = -1e30
    home = s.cells[p.cell]
    for rank in range(s.near_nurses.shape[1]):
        nurse = s.near_nurses[p.cell, rank]
        if nurse < 0:
            break
        if not s.nurses[nurse].in_post:
            continue
        office = s.cells[s.nurses[nurse].cell]
        km = math.hypot(home.x_km - office.x_km, home.y_km - office.y_km)
        taste = -math.log(-math.log(uniform(chained(key, s.nurses[nurse].who)) + 1e-300))
        value = taste + q.population_registration_minute * km / q.territory_travel_km_per_minute
        if value > best:
            best = value
            p.nurse_tie = nurse


@kernel
def newborn(s: Scene, mother: int, row: int, blank: Table) -> None:
    """A child is born into a free row: home, means and physician are the mother's."""
    m = s.patients[mother]
    copy_row(s.patients, row, blank, 0)
    p = s.patients[row]
    p.who = chained(chained(m.who, BORN), np.uint64(s.week))
    p.cell = m.cell
    p.birth_week = s.week
    make_person(s.patients, s.cells, s.par, s.seed, row, s.week)
    p.flags = (p.flags & ~(_MEANS | NEWS)) | (m.flags & _MEANS)
    p.known_gp = m.registered_gp if m.registered_gp >= 0 else m.known_gp
    wanted = lasting(s.seed, ASKS, p.who, 0) < s.par[0].workforce_registered_share[0]
    if not wanted:
        p.flags |= KEEPS_NO_GP  # until coming of age
    elif p.known_gp >= 0 and not p.flags & AME and s.physicians[p.known_gp].vacant_until < 0:
        join_list(s.patients, s.physicians, row, p.known_gp)
    p.wake = next_wake(s.patients, row, s.week)


@kernel
def look_for_physician(s: Scene, row: int) -> None:
    """An open request to be taken on by a physician (the new-patient file, k15)."""
    request = s.patients[row].pending[0]
    request.need = NEW_PATIENT
    request.priority = int(s.par[0].needs_priority[NEW_PATIENT])
    request.since = s.week
    request.provider = -1


@kernel
def newcomer(s: Scene, row: int, who: np.uint64, cell: int, age: int, blank: Table) -> None:
    """A newcomer settles in a free row, without a médecin traitant and looking for one, or not."""
    copy_row(s.patients, row, blank, 0)
    p = s.patients[row]
    p.who = who
    p.cell = cell
    set_age(s.patients, s.seed, row, s.week, age)
    make_person(s.patients, s.cells, s.par, s.seed, row, s.week)
    p.flags &= ~NEWS
    child_wanted = lasting(s.seed, ASKS, who, 0) < s.par[0].workforce_registered_share[0]
    if _keeps_no_gp(s, who) if age >= ADULT else not child_wanted:
        p.flags |= KEEPS_NO_GP
    find_nurse(s, row)
    if not p.flags & (KEEPS_NO_GP | AME):
        look_for_physician(s, row)
    p.wake = next_wake(s.patients, row, s.week)


@kernel
def poisson(mean: float, u: float, most: int) -> int:
    """The Poisson quantile of a draw in [0, 1)."""
    n = 0
    term = math.exp(-mean)
    below = term
    while u >= below and n < most:
        n += 1
        term *= mean / n
        before = below
        below += term
        if below == before and n > mean:
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
def room_for(s: Scene, territory: Table, rows: NDArray[np.int32], n: int, flows: NDArray[np.int64]) -> int:
    """The row of the next newborn or newcomer, written down as the ``n``-th taken; -1 when there is no room."""
    t = territory[0]
    row = free_row(s.patients, t.first_patient, t.last_patient, t.next_row)
    if row < 0:
        flows[WITHOUT_ROOM] += 1
        return -1
    rows[n] = row
    t.next_row = row + 1
    return row


@kernel
def births(
    s: Scene, territory: Table, mothers: NDArray[np.int32], n_mothers: int, blank: Table, rows: NDArray[np.int32],
    n: int, flows: NDArray[np.int64],
) -> int:  # fmt: skip
    """Children of these mothers, each in the next free row of the territory; returns the rows taken."""
    for m in range(n_mothers):
        row = room_for(s, territory, rows, n, flows)
        if row >= 0:
            newborn(s, mothers[m], row, blank)
            territory[0].births += 1
            flows[BIRTHS] += 1
            n += 1
    return n


@kernel
def arrivals(
    s: Scene, territory: Table, target: NDArray[np.float64], cumulative: NDArray[np.float64], first: int, last: int,
    laws: NDArray[np.float64], blank: Table, rows: NDArray[np.int32], n: int, flows: NDArray[np.int64],
) -> int:  # fmt: skip
    """Newcomers by age band: a yearly rate of the people at the start, more where a band lacks people, fewer else.

    Ids and homes hang on week, band and ordinal, so that one newcomer more changes no other. Returns the rows taken.
    """
    q = s.par[0]
    key = chained(step_key(s.seed, ARRIVES, s.week), territory[0].who)
    for band in range(target.size):
        yearly = q.demography_arrivals[band] * target[band]
        yearly += q.demography_arrivals_pull * (target[band] - territory[0].residents[band])
        band_key = chained(key, np.uint64(band))
        for k in range(poisson(max(0.0, yearly / 52.0), uniform(band_key), MOST_ARRIVALS)):
            row = room_for(s, territory, rows, n, flows)
            if row < 0:
                continue
            who = chained(band_key, np.uint64(k))
            cell = cell_from(cumulative, first, last, band, lasting(s.seed, HOME, who, 0))
            newcomer(s, row, who, cell, age_in_band(laws, band, lasting(s.seed, HOME, who, 1)), blank)
            flows[MOVES_IN] += 1
            n += 1
    return n

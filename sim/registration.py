"""Who is registered with whom at the start: near, balanced to the lists that physicians build (behaviour A1, A2).

People choose a *site* (a cell where somebody practises) by travel, then somebody of the site. Each site's pull is set,
by iterative proportional fitting, so that what it receives follows what it can take: the doubly constrained gravity
model. A person looks at the nearest sites only, so that the work grows with the number of cells.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from agents.nurses import LIBERAL
from agents.patients import AGE_BAND_STARTS, ALD, ALIVE, AME, KEEPS_NO_GP, NEWS
from sim.draws import decision
from sim.kernel import compiled
from sim.person import ADULT, START, lasting, wants_nurse
from sim.week.patient_state import age_of

REGISTERED = decision("registered", "whether a first inhabitant has a médecin traitant, and which")
PARENT = decision("parent", "the adult of the cell whom a child's registration follows")
NURSE = decision("nurse", "which liberal nurse a patient is tied to")

_ROUNDS = 60
_TRIES = 8  # adults tried as a child's parent
_PARENTS_UP_TO = AGE_BAND_STARTS[3]


class Reach(NamedTuple):
    """Where the people of each cell go: nearest sites with cumulative shares, and who works at each site.

    Attributes:
        sites: sites of each cell, -1 beyond the last, shape ``(cells, k)``.
        share: cumulative share of the cell's people, shape ``(cells, k)``.
        first: first place of each site in ``providers``, shape ``(sites + 1,)``.
        providers: providers (rows), site by site.
        within: cumulative share of a site's people, provider by provider.
    """

    sites: NDArray[np.int32]
    share: NDArray[np.float64]
    first: NDArray[np.int64]
    providers: NDArray[np.int64]
    within: NDArray[np.float64]


def reach(
    cells: Table, people: NDArray[np.float64], at: NDArray[np.int64], room: NDArray[np.float64], par: Table
) -> Reach:
    """Shares of each cell's people among the nearest sites, balanced to what providers can take.

    Args:
        cells: the ground's cells.
        people: people of each cell who look for a provider.
        at: cell (row) of each provider.
        room: what each provider can take; scaled to the people, so only ratios count.
        par: parameter record.
    """
    from scipy.spatial import KDTree

    if at.size == 0:
        nobody = np.zeros(0, dtype=np.int64)
        nowhere = np.full((len(cells), 1), -1, dtype=np.int32)
        return Reach(nowhere, np.ones((len(cells), 1)), np.zeros(1, dtype=np.int64), nobody, np.zeros(0))
    q = par[0]
    site_cells, site = np.unique(at, return_inverse=True)
    room = np.maximum(room.astype(float), 1e-9)
    providers = np.argsort(site, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(site, minlength=site_cells.size))])
    site_room = np.bincount(site, weights=room)
    running = np.cumsum(room[providers])
    before = np.concatenate([[0.0], running])[first[:-1]]
    within = (running - np.repeat(before, np.diff(first))) / np.repeat(site_room, np.diff(first))
    places = np.column_stack([cells["x_km"], cells["y_km"]]).astype(float)
    k = min(int(q["population_sites_in_reach"]), site_cells.size)
    km, near = KDTree(places[site_cells]).query(places, k=np.arange(1, k + 1))
    minutes = q["territory_travel_base_minutes"] + km / q["territory_travel_km_per_minute"]
    pull = np.exp(q["population_registration_minute"] * minutes)
    shares = _balanced(pull, near.astype(np.int64), people.astype(float), site_room / site_room.sum())
    return Reach(near.astype(np.int32), shares, first, providers, within)


@compiled
def _balanced(
    pull: NDArray[np.float64], near: NDArray[np.int64], people: NDArray[np.float64], room: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Cumulative shares by cell such that each site receives its part of all people, as far as reach allows."""
    weight = room.copy()
    total = max(people.sum(), 1e-9)
    shares = np.zeros(pull.shape)
    for turn in range(_ROUNDS):
        received = np.zeros(room.size)
        for c in range(pull.shape[0]):
            whole = 0.0
            for k in range(pull.shape[1]):
                shares[c, k] = pull[c, k] * weight[near[c, k]]
                whole += shares[c, k]
            for k in range(pull.shape[1]):
                shares[c, k] /= whole
                received[near[c, k]] += people[c] * shares[c, k]
        if turn < _ROUNDS - 1:
            for s in range(room.size):
                weight[s] *= room[s] * total / max(received[s], 1e-9 * total)
            weight /= weight.max()
            weight += 1e-12
    for c in range(pull.shape[0]):
        for k in range(1, pull.shape[1]):
            shares[c, k] += shares[c, k - 1]
    return shares


@compiled
def provider_from(near: Reach, cell: int, u: float, v: float) -> int:
    """The provider that two draws in [0, 1) choose for somebody of a cell, -1 where there is none."""
    if near.providers.size == 0:
        return -1
    k = 0
    while k < near.share.shape[1] - 1 and u >= near.share[cell, k]:
        k += 1
    site = near.sites[cell, k]
    j = near.first[site]
    while j < near.first[site + 1] - 1 and v >= near.within[j]:
        j += 1
    return near.providers[j]


def register(
    patients: Table, cells: Table, physicians: Table, starts: NDArray[np.int64], seed: int, par: Table
) -> None:
    """Register first inhabitants, and count the lists.

    Args:
        patients: rows sorted by cell; ``starts`` gives the first row of each cell and, last, the end.
        cells: the ground's cells.
        physicians: ``cell`` and ``list_target`` are read, ``registered_list`` is written.
        starts: shape ``(cells + 1,)``.
        seed: seed of the run.
        par: parameter record.
    """
    people = cells["people"].astype(float)
    wanted = people @ par[0]["workforce_registered_share"]
    near = reach(cells, wanted, physicians["cell"].astype(np.int64), physicians["list_target"].astype(float), par)
    end = int(starts[-1])
    chance = _chance_without_gp(patients[:end], par)
    _register(patients, par, starts, near, np.uint64(seed), *chance)
    lists = patients["registered_gp"][:end]
    physicians["registered_list"] = np.bincount(lists[lists >= 0], minlength=len(physicians))


def _chance_without_gp(patients: Table, par: Table) -> tuple[float, float]:
    """Chances that an adult without, and with, long-term illness has no médecin traitant, so that both shares hold.

    State medical aid counts among those without.
    """
    q = par[0]
    adult = patients["birth_week"] <= START - ADULT * 52
    ill = (patients["flags"] & ALD) != 0
    aided = (patients["flags"] & AME) != 0
    overall = 1.0 - float(np.average(q["workforce_registered_share"][1:]))
    n_ill, n_well = int((adult & ill).sum()), int((adult & ~ill).sum())
    aided_ill, aided_well = int((adult & ill & aided).sum()), int((adult & ~ill & aided).sum())
    without_ill = float(q["population_no_gp_ald"]) * n_ill
    without_well = overall * (n_ill + n_well) - without_ill
    chance_ill = (without_ill - aided_ill) / max(n_ill - aided_ill, 1)
    chance_well = (without_well - aided_well) / max(n_well - aided_well, 1)
    return float(np.clip(chance_well, 0.0, 1.0)), float(np.clip(chance_ill, 0.0, 1.0))


@compiled
def _register(
    patients: Table, par: Table, starts: NDArray[np.int64], near: Reach, seed: np.uint64, well: float, ill: float
) -> None:
    """Adults first, then children, who follow an adult of the cell."""
    for cell in range(starts.size - 1):
        for i in range(starts[cell], starts[cell + 1]):
            if age_of(patients, i, START) >= ADULT:
                _register_adult(patients, par, near, seed, i, ill if patients[i].flags & ALD else well)
        for i in range(starts[cell], starts[cell + 1]):
            if age_of(patients, i, START) < ADULT:
                _register_child(patients, par, near, seed, i, starts[cell], starts[cell + 1])


@compiled
def _nearby(patients: Table, near: Reach, seed: np.uint64, i: int) -> int:
    """The physician whom a person would choose."""
    who = patients[i].who
    return provider_from(near, patients[i].cell, lasting(seed, REGISTERED, who, 1), lasting(seed, REGISTERED, who, 2))


@compiled
def _register_adult(patients: Table, par: Table, near: Reach, seed: np.uint64, i: int, without: float) -> None:
    """Register an adult, or leave without a médecin traitant; half of these never ask, the others know a physician."""
    p = patients[i]
    if p.flags & AME:
        return
    u = lasting(seed, REGISTERED, p.who, 0)
    if u < without * par[0].population_keeps_no_gp:
        p.flags |= KEEPS_NO_GP
        return
    p.known_gp = _nearby(patients, near, seed, i)
    if u >= without:
        _enrol(patients, par, i, p.known_gp)


@compiled
def _enrol(patients: Table, par: Table, i: int, physician: int) -> None:
    """Write down a médecin traitant of long standing."""
    p = patients[i]
    p.registered_gp = physician
    p.share_past = int(255.0 * par[0].population_share_past + 0.5) if physician >= 0 else 0


@compiled
def _register_child(patients: Table, par: Table, near: Reach, seed: np.uint64, i: int, lo: int, hi: int) -> None:
    """A child sees the physician of an adult of the cell of working age, and some children are registered there."""
    p = patients[i]
    if p.flags & AME:
        return
    known = -1
    for turn in range(_TRIES):
        j = lo + int((hi - lo) * lasting(seed, PARENT, p.who, turn))
        if ADULT <= age_of(patients, j, START) < _PARENTS_UP_TO and patients[j].registered_gp >= 0:
            known = patients[j].registered_gp
            break
    p.known_gp = known if known >= 0 else _nearby(patients, near, seed, i)
    if lasting(seed, REGISTERED, p.who, 0) < par[0].workforce_registered_share[0]:
        _enrol(patients, par, i, p.known_gp)
    else:
        p.flags |= KEEPS_NO_GP  # until coming of age


def tie_to_nurses(patients: Table, cells: Table, nurses: Table, seed: int, par: Table) -> None:
    """Tie those who want one to a liberal nurse by proximity, whatever the team of their physician.

    Nurses receive ties in proportion to their minutes, as far as reach allows.
    """
    liberal = np.flatnonzero(nurses["kind"] == LIBERAL)
    wanted = cells["people"].astype(float) @ par[0]["population_nurse_tie"]
    near = reach(cells, wanted, nurses["cell"][liberal].astype(np.int64), nurses["weekly_minutes"][liberal], par)
    near = near._replace(providers=liberal[near.providers].astype(np.int64))
    _tie(patients, par, near, np.uint64(seed))


@compiled
def _tie(patients: Table, par: Table, near: Reach, seed: np.uint64) -> None:
    for i in range(patients.size):
        p = patients[i]
        if not p.flags & ALIVE:
            continue
        p.flags &= ~NEWS
        if p.home_stops > 0 or wants_nurse(patients, par, seed, i, age_of(patients, i, START)):
            u, v = lasting(seed, NURSE, p.who, 0), lasting(seed, NURSE, p.who, 1)
            p.nurse_tie = provider_from(near, p.cell, u, v)

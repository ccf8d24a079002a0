"""The people of a territory at the start: one row per inhabitant, every column filled (behaviour A1)."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table, new_table
from agents.nurses import LIBERAL
from agents.patients import AGE_BAND_STARTS, ALIVE, CHRONIC, COLUMNS, FAR
from sim.draws import chained, decision
from sim.kernel import compiled, kernel
from sim.life_tables import AGES
from sim.likeness import CANDIDATES, Likeness, chosen, likeness
from sim.person import (
    START,
    first_control,
    home_nursing_ratio,
    home_stops_for,
    lasting,
    make_person,
    start_renewals,
)
from sim.registration import register, tie_to_nurses
from sim.specification import ScenarioSpec
from sim.territory.grid import Ground
from sim.week.patient_state import next_wake

type Floats = NDArray[np.float64]

AGE = decision("age", "age within an age band, and birthday")

_BISECTIONS = 60
_DEPRIVED_ODDS = 1e-9


class Staff(Protocol):
    """What the population needs to know of those who work in the territory."""

    @property
    def physicians(self) -> Table:
        """Physicians, with ``cell``, ``list_target`` and ``renewal_interval_months``."""

    @property
    def nurses(self) -> Table:
        """Nurses, with ``cell``, ``kind``, minutes and area."""


def populate(ground: Ground, staff: Staff, spec: ScenarioSpec, seed: int, par: Table) -> Table:
    """Fill a territory with people.

    Args:
        ground: one territory; ``c2s``, ``ame`` and ``home_nursing`` of its cells are written, the rest is read.
        staff: ``physicians["registered_list"]`` is written, the rest is read.
        spec: the scenario; ``territory.c2s`` is read.
        seed: seed of the run.
        par: parameter record.

    Returns:
        Patients (``agents.patients.DTYPE``) sorted by cell and age band, then free rows for the newborn and newcomers.
        ``cell``, ``registered_gp``, ``known_gp`` and ``nurse_tie`` are rows of the tables given here. ``ceiling`` is 0:
        the rates of the week set it.
    """
    cells = ground.cells
    counts = inhabitants(cells["people"])
    starts = np.concatenate([[0], np.cumsum(counts.sum(axis=1))]).astype(np.int64)
    cells["c2s"] = c2s_by_cell(cells, par, spec.territory.c2s)
    cells["ame"] = ame_by_cell(cells, par)
    cells["home_nursing"] = 0.0
    n = int(starts[-1])
    patients = blank_patients(n + 1 + int(n * par[0]["population_room"]))
    key = np.uint64(seed)
    if given := likeness(spec.territory):
        _settle_alike(patients, cells, par, key, counts, given)
    else:
        _settle(patients, cells, par, key, counts, starts, _age_laws(par))
    people = patients[:n]
    cells["home_nursing"] = home_nursing_scale(people, staff.nurses, par, seed)
    _begin_home_nursing(people, cells, par, key)
    register(people, cells, staff.physicians, starts, seed, par)
    tie_to_nurses(people, cells, staff.nurses, seed, par)
    _take_habits(people, par, key, staff.physicians["renewal_interval_months"].astype(np.int64))
    return patients


def _settle_alike(
    patients: Table, cells: Table, par: Table, seed: np.uint64, counts: NDArray[np.int64], given: Likeness
) -> None:
    """Settle several candidates for each place, and keep those who make the people like what a scenario says."""
    several = counts * CANDIDATES
    starts = np.concatenate([[0], np.cumsum(several.sum(axis=1))]).astype(np.int64)
    candidates = blank_patients(int(starts[-1]))
    _settle(candidates, cells, par, seed, several, starts, _age_laws(par))
    kept = chosen(candidates["flags"], several, counts, given)
    patients[: len(kept)] = candidates[kept]


def blank_patients(rows: int) -> Table:
    """Rows in which nobody lives."""
    return new_table(COLUMNS, rows)


def inhabitants(people: NDArray[np.float32] | Floats) -> NDArray[np.int64]:
    """Whole people by cell and age band, by the largest remainder within each band, so that bands keep their totals.

    Args:
        people: people by cell and age band, any non-negative numbers, shape ``(cells, bands)``.
    """
    exact: Floats = people.astype(np.float64)
    totals = _largest_remainder(exact.sum(axis=0))
    columns = []
    for band, total in enumerate(totals):
        wanted = exact[:, band]
        scale = total / wanted.sum() if wanted.sum() > 0 else 0.0
        columns.append(_largest_remainder(wanted * scale, int(total)))
    return np.stack(columns, axis=1)


def _largest_remainder(values: Floats, total: int | None = None) -> NDArray[np.int64]:
    """Whole numbers that add up to the rounded total, each within one of its value; ties go to the first."""
    total = int(np.floor(values.sum() + 0.5)) if total is None else total
    whole = np.floor(values).astype(np.int64)
    lacking = min(max(total - int(whole.sum()), 0), values.size)
    whole[np.argsort(whole - values, kind="stable")[:lacking]] += 1
    return whole


def c2s_by_cell(cells: Table, par: Table, share: float = -1.0) -> Floats:
    """Share of each cell's people with means-tested cover: log odds follow those of poverty, shifted to ``share``."""
    q = par[0]
    most = float(q["territory_c2s_take_up"])
    base = _log_odds(float(q["territory_c2s_mean"]))
    gap = _log_odds(cells["poverty"].astype(float)) - _log_odds(float(q["territory_france_poverty"]))
    z = base + float(q["territory_c2s_poverty_slope"]) * gap
    if share < 0.0:
        return np.minimum(most, 1.0 / (1.0 + np.exp(-z)))
    people = cells["people"].sum(axis=1)
    low, high = -20.0, 20.0
    for _ in range(_BISECTIONS):
        shift = (low + high) / 2.0
        mean = np.average(np.minimum(most, 1.0 / (1.0 + np.exp(-z - shift))), weights=people)
        low, high = (shift, high) if mean < share else (low, shift)
    return np.minimum(most, 1.0 / (1.0 + np.exp(-z - shift)))


def _log_odds(share: float | Floats) -> Floats:
    bounded = np.clip(share, _DEPRIVED_ODDS, 1.0 - _DEPRIVED_ODDS)
    return np.log(bounded / (1.0 - bounded))


def ame_by_cell(cells: Table, par: Table) -> Floats:
    """Share of each cell's people under 65 with state medical aid: more in poor and urban cells, one mean for all."""
    q = par[0]
    share = float(q["population_ame_share"])
    people = cells["people"].sum(axis=1).astype(float)
    young = cells["people"][:, :3].sum(axis=1)
    weight = np.exp(float(q["population_ame_poverty_slope"]) * cells["poverty_z"].astype(float))
    weight *= np.where(people >= q["population_urban_density"], float(q["population_ame_urban_ratio"]), 1.0)
    return np.minimum(0.5, weight * share * people.sum() / max(float((weight * young).sum()), 1e-9))


def _age_laws(par: Table) -> Floats:
    """Cumulative law of age within each band, after survivors, shape ``(bands, AGES)``."""
    q = par[0]
    women = float(q["population_women_at_birth"])
    alive = (1.0 - women) * q["life_survival"][0] + women * q["life_survival"][1]
    laws = np.zeros((len(AGE_BAND_STARTS), AGES))
    for band, (first, end) in enumerate(zip(AGE_BAND_STARTS, (*AGE_BAND_STARTS[1:], AGES), strict=True)):
        laws[band, first:end] = alive[first:end]
    return np.cumsum(laws, axis=1) / laws.sum(axis=1, keepdims=True)


@kernel
def age_in_band(laws: Floats, band: int, u: float) -> int:
    """The age that a draw in [0, 1) gives in an age band."""
    low = 0
    high = laws.shape[1] - 1
    while low < high:
        middle = (low + high) // 2
        if laws[band, middle] > u:
            high = middle
        else:
            low = middle + 1
    return low


@compiled
def _settle(
    patients: Table, cells: Table, par: Table, seed: np.uint64, counts: NDArray[np.int64], starts: NDArray[np.int64],
    laws: Floats,
) -> None:  # fmt: skip
    """Give every inhabitant a home, an id of content (cell and ordinal), a birthday, and all that follows."""
    for cell in range(counts.shape[0]):
        ordinal = 0
        for band in range(counts.shape[1]):
            for _ in range(counts[cell, band]):
                i = starts[cell] + ordinal
                patients[i].who = chained(cells[cell].who, np.uint64(ordinal))
                patients[i].cell = cell
                set_age(patients, seed, i, START, age_in_band(laws, band, lasting(seed, AGE, patients[i].who, 0)))
                make_person(patients, cells, par, seed, i, START)
                ordinal += 1


@kernel
def set_age(patients: Table, seed: np.uint64, i: int, week: int, age: int) -> None:
    """Set the week of birth, so that the person has this age and a birthday anywhere in the year."""
    patients[i].birth_week = week - 52 * age - int(52.0 * lasting(seed, AGE, patients[i].who, 1))


def home_nursing_scale(patients: Table, nurses: Table, par: Table, seed: int) -> float:
    """The scale at which continuing home nursing takes up the minutes that liberal nurses give it at the start."""
    ratio, stops = _home_nursing_wishes(patients, par, np.uint64(seed))
    order = np.argsort(ratio, kind="stable")
    taken = np.cumsum(stops[order])
    last = int(np.searchsorted(taken, continuing_stops(nurses, par), side="right"))
    if last == 0:
        return 0.0
    bounded = ratio[order][min(last, ratio.size - 1)]
    # When minutes exceed every wish, the largest finite ratio stands for "everybody who may".
    finite = ratio[np.isfinite(ratio)]
    return float(min(bounded, np.nextafter(np.float32(finite.max()), np.float32(np.inf)))) if finite.size else 0.0


def continuing_stops(nurses: Table, par: Table) -> float:
    """Stops a week of continuing care that fill liberal nurses' home minutes, travel between stops included.

    A nurse's minutes are ``a * stops + b * sqrt(stops)`` (behaviour C, Space: rounds); this solves for the stops.
    """
    q = par[0]
    liberal = nurses[nurses["kind"] == LIBERAL]
    minutes = liberal["weekly_minutes"] * liberal["home_share"] * liberal["load"] * q["population_home_continuing"]
    a = float(q["service_stop_minutes"])
    b = (
        60.0
        / q["service_round_speed"]
        * q["service_round_factor"]
        * np.sqrt(liberal["area_km2"] * q["service_round_days"])
    )
    root = (-b + np.sqrt(b * b + 4.0 * a * minutes)) / (2.0 * a)
    return float((root * root).sum())


@compiled
def _home_nursing_wishes(patients: Table, par: Table, seed: np.uint64) -> tuple[Floats, Floats]:
    """For each person: the scale from which on home nursing is wanted, and the stops a week."""
    ratio = np.full(patients.size, np.inf)
    stops = np.zeros(patients.size)
    for i in range(patients.size):
        ratio[i] = home_nursing_ratio(patients, par, seed, i)
        if ratio[i] < np.inf:
            stops[i] = home_stops_for(patients, par, i)
    return ratio, stops


@compiled
def _begin_home_nursing(patients: Table, cells: Table, par: Table, seed: np.uint64) -> None:
    for i in range(patients.size):
        if home_nursing_ratio(patients, par, seed, i) < cells[patients[i].cell].home_nursing:
            patients[i].home_stops = home_stops_for(patients, par, i)
            patients[i].home_until = FAR


@compiled
def _take_habits(patients: Table, par: Table, seed: np.uint64, habits: NDArray[np.int64]) -> None:
    """Renewal intervals are the physician's habit; then each row knows the next week in which something is due."""
    for i in range(patients.size):
        p = patients[i]
        if not p.flags & ALIVE:
            continue
        if p.registered_gp >= 0:
            p.renewal_interval_months = habits[p.registered_gp]
            if p.flags & CHRONIC:
                start_renewals(patients, seed, i, START)
                first_control(patients, par, seed, i)
        p.wake = next_wake(patients, i, START)

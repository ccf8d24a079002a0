"""A small world made by hand, and people who live and die in it without any care."""

import math
from datetime import date

import numpy as np
from numpy.typing import NDArray

from agents import hospitals, support, teams
from agents import nurses as nursing
from agents import physicians as practising
from agents.declarations import Table, new_table
from agents.patients import AGE_BAND_STARTS, ALIVE
from sim.draws import chained, decision, step_key, uniform
from sim.kernel import kernel
from sim.life_tables import AGES
from sim.parameters import behaviour_record, parameter_record
from sim.population import populate
from sim.specification import ScenarioSpec, TerritorySpec
from sim.staffing import Staff
from sim.staffing.payer import payer_table
from sim.territory.grid import TERRITORIES, Ground
from sim.week.ageing import birthday, death_rate, dies
from sim.week.patient_state import next_birthday
from sim.world import World
from tests.sim.made_ground import village

MADE_DEATH = decision("made_death", "deaths of the tests")


def uneven_village(people: int = 23_000) -> Ground:
    """The hand-made village, poorer from west to east: 6 to 26 %."""
    ground = village(people)
    ground.cells["poverty"] = 0.06 + 0.20 * (ground.cells["x_km"] - 0.5) / 8.0
    z = ground.cells["poverty"] - np.average(ground.cells["poverty"], weights=ground.cells["people"].sum(axis=1))
    ground.cells["poverty_z"] = z / ground.cells["poverty"].std()
    return ground


def hand_made_staff(ground: Ground, physicians: int = 18, nurses: int = 30) -> Staff:
    """Physicians whose lists spread as in France, and liberal nurses, all over the village."""
    doctors = new_table(practising.COLUMNS, physicians)
    doctors["who"] = np.arange(physicians) + 1
    doctors["cell"] = np.arange(physicians) * 37 % len(ground.cells)
    doctors["birth_week"] = -52 * np.linspace(32, 66, physicians)
    quantile = np.sort((np.arange(physicians) + 0.5) / physicians)
    doctors["list_target"] = 1001.0 * np.exp(0.573 * np.array([_normal(u) for u in quantile]) - 0.573**2 / 2)
    doctors["list_open"] = 0.5
    carers = new_table(nursing.COLUMNS, nurses)
    carers["who"] = np.arange(nurses) + 1_001
    carers["cell"] = np.arange(nurses) * 29 % len(ground.cells)
    return Staff(
        teams=new_table(teams.COLUMNS, 1), physicians=doctors, nurses=carers,
        dyads=new_table(nursing.DYAD_COLUMNS, 0), support=new_table(support.COLUMNS, 0),
        hospitals=new_table(hospitals.COLUMNS, 1), names=["made"],
    )  # fmt: skip


def _normal(u: float) -> float:
    low, high = -8.0, 8.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if 0.5 * math.erfc(-middle / math.sqrt(2.0)) < u else (low, middle)
    return low


def made_world(people: int = 23_000, seed: int = 1, par: Table | None = None, c2s: float = -1.0) -> World:
    """A world of one village with its people, at week 0."""
    par = parameter_record() if par is None else par
    ground = uneven_village(people)
    staff = hand_made_staff(ground)
    spec = ScenarioSpec(territory=TerritorySpec(c2s=c2s))
    patients = populate(ground, staff, spec, seed, par)
    land = new_table(TERRITORIES, 1)
    land["who"], land["last_patient"] = 99, len(patients)
    offices = staff.nurses["cell"]
    km = np.hypot(
        ground.cells["x_km"][:, None] - ground.cells["x_km"][offices],
        ground.cells["y_km"][:, None] - ground.cells["y_km"][offices],
    )
    nobody = np.full((len(ground.cells), 1), -1, dtype=np.int32)
    return World(
        seed=seed, start=date(2021, 1, 4), week=0, warm_up_weeks=0, parameters=par,
        behaviour=behaviour_record(), territories=land,
        communes=ground.communes, cells=ground.cells, near_physicians=nobody,
        near_nurses=np.argsort(km, axis=1, kind="stable")[:, :3].astype(np.int32), near_hospitals=nobody,
        patients=patients, physicians=staff.physicians, nurses=staff.nurses, dyads=staff.dyads, support=staff.support,
        hospitals=staff.hospitals, teams=staff.teams, payer=payer_table(par), names=staff.names, notes=[],
    )  # fmt: skip


@kernel
def live_a_week(patients: Table, cells: Table, par: Table, seed: np.uint64, week: int) -> None:
    """Birthdays and deaths of a week, and nothing else: what the patients' own kernel does for demography."""
    key = step_key(seed, MADE_DEATH, week)
    for i in range(patients.size):
        if not patients[i].flags & ALIVE:
            continue
        if patients[i].wake <= week:
            if (week - patients[i].birth_week) % 52 == 0:
                birthday(patients, cells, par, seed, i, week)
            patients[i].wake = next_birthday(patients, i, week)
        u = uniform(chained(key, patients[i].who))
        if u < 0.05 and u < 1.0 - math.exp(-death_rate(patients, par, i, week) / 52.0):
            dies(patients, i)


def living(world: World) -> Table:
    """The rows of those who live."""
    return world.patients[(world.patients["flags"] & ALIVE) != 0]


def ages(patients: Table, week: int = -1) -> NDArray[np.int64]:
    """Ages at the end of a week (of the start by default)."""
    return (week - patients["birth_week"].astype(np.int64)) // 52


def bands(patients: Table, week: int = -1) -> NDArray[np.int64]:
    """Age bands at the end of a week."""
    return np.digitize(np.minimum(ages(patients, week), AGES - 1), AGE_BAND_STARTS[1:])

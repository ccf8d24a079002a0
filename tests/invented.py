"""An invented world and its weeks: plausible tables without a model, to test what is recorded and drawn."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from agents import hospitals, nurses, patients, payer, physicians, support, teams
from agents.declarations import Table, new_table
from sim import events as ev
from sim.recorder import Recorder
from sim.specification import ScenarioSpec, TerritorySpec
from sim.territory.grid import CELLS, COMMUNES, TERRITORIES
from sim.world import World

TEAMS = (("Les Tilleuls", teams.MSP, 5, 6), ("Place du Marché", teams.GROUP, 4, 0), ("La Gare", teams.GROUP, 3, 0))
COMMUNES_SHOWN = ("Saint-Invent", "Beaupré", "Villeneuve-la-Feinte", "Les Essais", "Montfictif", "Longchamp")


def invented_world(seed: int = 1, people: int = 3_000, solo: int = 6, columns: int = 30, rows: int = 25) -> World:
    """A territory of ``columns`` x ``rows`` cells: one town, villages, teams, solo practices and a hospital."""
    rng = np.random.default_rng(seed)
    communes, cells = _ground(rng, columns, rows)
    staff = [*TEAMS, *((f"Cabinet {i + 1}", teams.SOLO, 1, 0) for i in range(solo))]
    team_table, physician_table = _practices(rng, staff, cells)
    territory = new_table(TERRITORIES, 1)
    territory["name"], territory["builder"] = "Pays inventé", "synthetic"
    territory["people"], territory["last_patient"] = cells["people"].sum(), people + 50
    hospital = new_table(hospitals.COLUMNS, 1)
    hospital["cell"] = np.argmax(cells["people"].sum(axis=1)) + 1
    nobody = np.full((len(cells), 1), -1, np.int32)
    return World(
        seed=seed, start=date(2021, 1, 4), week=52, warm_up_weeks=52, parameters=np.ones(1, [("choice_x", "f8")]),
        behaviour=np.ones(1, [("incentives_x", "f8")]),
        territories=territory, communes=communes, cells=cells,
        near_physicians=nobody, near_nurses=nobody, near_hospitals=nobody,
        patients=_patients(rng, people, cells, len(physician_table)), physicians=physician_table,
        nurses=_nurses(rng, staff, team_table), dyads=new_table(nurses.DYAD_COLUMNS, 0),
        support=_support(team_table), hospitals=hospital, teams=team_table,
        payer=new_table(payer.COLUMNS, 1), names=[name for name, *_ in staff], notes=[],
    )  # fmt: skip


def _ground(rng: np.random.Generator, columns: int, rows: int) -> tuple[Table, Table]:
    x, y = np.meshgrid(np.arange(columns) + 0.5, np.arange(rows) + 0.5)
    centres = rng.uniform(0.1, 0.9, (40, 2)) * (columns, rows)
    centres[0] = (0.45 * columns, 0.5 * rows)
    sizes = np.array([8_000, 2_600, 1_900, 1_400, 1_100, 900, *rng.pareto(1.2, 34) * 120 + 90])
    cells = new_table(CELLS, columns * rows)
    cells["x_km"], cells["y_km"] = x.ravel(), y.ravel()
    distance = np.hypot(cells["x_km"][:, None] - centres[:, 0], cells["y_km"][:, None] - centres[:, 1])
    spread = np.where(sizes > 2_000, 1.6, 0.8)
    density = np.exp(-distance / spread)
    total = (density / density.sum(axis=0) * sizes).sum(axis=1)
    cells["people"] = np.where(total > 4, total, 0)[:, None] * (0.21, 0.32, 0.26, 0.11, 0.065, 0.035)
    cells["commune"] = distance.argmin(axis=1)
    cells["poverty"] = np.clip(0.1 + 0.01 * rng.standard_normal(len(cells)) + 0.08 * (distance[:, 0] < 2), 0, 1)
    near_town = distance[:, 0] / columns
    cells["area_type"] = np.select([near_town < 0.06, near_town < 0.14, cells["y_km"] > 0.7 * rows], [4, 0, 2], 1)
    cells["apl"] = np.clip(4.6 - 9 * near_town + 0.3 * rng.standard_normal(len(cells)), 0.6, 6)
    cells["under_served"] = cells["apl"] < 2.5
    communes = new_table(COMMUNES, len(centres))
    communes["name"] = [COMMUNES_SHOWN[i] if i < len(COMMUNES_SHOWN) else f"Hameau {i}" for i in range(len(centres))]
    communes["people"] = np.bincount(cells["commune"], cells["people"].sum(axis=1), len(centres))
    communes["code"] = [f"X{i:04d}" for i in range(len(centres))]
    return communes, cells


def _practices(rng: np.random.Generator, staff: list[tuple[str, int, int, int]], cells: Table) -> tuple[Table, Table]:
    team_table = new_table(teams.COLUMNS, len(staff))
    crowded = np.argsort(-cells["people"].sum(axis=1))
    team_table["cell"] = crowded[[0, 3, 8, *(9 + 7 * np.arange(len(staff) - 3))]]
    team_table["kind"] = [kind for _, kind, *_ in staff]
    team_table["physicians"] = [n for *_, n, _ in staff]
    team_table["nurses"] = [n for *_, n in staff]
    owner = np.repeat(np.arange(len(staff)), team_table["physicians"])
    table = new_table(physicians.COLUMNS, len(owner))
    table["who"] = rng.integers(1, 2**60, len(owner))
    table["team"], table["cell"] = owner, team_table["cell"][owner]
    table["registered_list"] = rng.normal(1_000, 250, len(owner)).astype(int)
    return team_table, table


def _nurses(rng: np.random.Generator, staff: list[tuple[str, int, int, int]], team_table: Table) -> Table:
    table = new_table(nurses.COLUMNS, 30)
    table["who"] = rng.integers(1, 2**60, 30)
    table["team"][:6] = 0
    table["kind"][5:7] = nurses.ASALEE, nurses.ADVANCED_PRACTICE
    table["team"][6] = 0
    table["kind"][7] = nurses.PATHWAY
    table["cell"] = team_table["cell"][np.maximum(table["team"], 0)]
    return table


def _support(team_table: Table) -> Table:
    table = new_table(support.COLUMNS, 8)
    table["role"][7] = support.COORDINATOR
    table["team"][:7] = np.arange(7) % len(team_table)
    return table


def _patients(rng: np.random.Generator, people: int, cells: Table, n_physicians: int) -> Table:
    table = new_table(patients.COLUMNS, people + 50)
    table["who"] = np.arange(1, people + 51)
    table["flags"][:people] = patients.ALIVE
    share = cells["people"].sum(axis=1)
    table["cell"] = rng.choice(len(cells), people + 50, p=share / share.sum())
    table["registered_gp"] = rng.integers(0, n_physicians, people + 50)
    table["birth_week"] = -52 * rng.integers(0, 95, people + 50)
    table["pending"]["need"] = patients.NO_PENDING
    table["control"] = 49_000
    means = (90, 130, 480, 40, 1_250, 1_010)
    table["spend"][:people] = rng.lognormal(-0.9, 1.35, (people, 1)) * means
    return table


def pass_week(world: World, rng: np.random.Generator) -> Table:
    """One week: professionals' columns are filled, and the claim lines returned (``world.week`` is moved on)."""
    season = 1 + 0.15 * np.cos(2 * np.pi * world.week / 52)
    p = world.physicians
    p["minutes"] = rng.gamma(40, 1 / 40, (len(p), 1)) * (1_750, 120, 190, 25, 12, 45, 30, 40, 60, 210, 90, 65, 0, 0)
    p["posted_wait_days"] = np.linspace(1.5, 9, len(p)) * season * rng.normal(1, 0.06, len(p))
    p["contacts"] = rng.poisson(96 * season, len(p))
    p["leaks"] = rng.binomial(p["contacts"], np.linspace(0.04, 0.18, len(p)))
    p["requests"] = p["contacts"] + rng.poisson(12, len(p))
    p["fees_cents"] = p["contacts"] * 2_650
    n = world.nurses
    home = (n["kind"] == nurses.LIBERAL)[:, None]
    n["minutes"] = np.where(home, (120, 20, 1_700, 0, 0, 30, 0, 60, 560, 90, 120, 0, 0, 0),
                            (1_250, 120, 60, 30, 25, 110, 90, 80, 45, 0, 210, 0, 0, 0))  # fmt: skip
    n["contacts"], n["stops"], n["requests"] = 20, 90, 22
    world.support["load"] = np.clip(rng.normal(0.9, 0.05, len(world.support)), 0, 1.2)
    world.hospitals["ed_visits"] = 20
    lines = _lines(world, rng, season)
    world.week += 1
    return lines


def _lines(world: World, rng: np.random.Generator, season: float) -> Table:
    contacts, leaks = int(world.physicians["contacts"].sum()), int(world.physicians["leaks"].sum())
    kinds = {ev.GP: contacts, ev.NURSE: 600, ev.ROUNDS: 30, ev.TELECONSULTATION: 6, ev.ED: int(18 * season),
             ev.STAY: 60, ev.FORGONE: 30, ev.DELAY: 210, ev.DISCHARGE: 55}  # fmt: skip
    lines = new_table(ev.COLUMNS, sum(kinds.values()))
    lines["kind"] = np.repeat(list(kinds), list(kinds.values()))
    lines["week"] = world.week
    lines["count"][lines["kind"] == ev.ROUNDS] = 90
    lines["marks"][:leaks] = ev.LEAK
    lines["registered_gp"] = rng.integers(0, len(world.physicians), len(lines))
    lines["minutes_tenths"] = 165
    lines["cents"] = np.array([2_650, 900, 60_000, 2_500, 19_000, 380_000, 0, 0, 0])[lines["kind"]]
    lines["priority"] = rng.choice(4, len(lines), p=(0, 0.05, 0.35, 0.6))
    lines["patient"] = rng.integers(0, 3_000, len(lines))
    emergencies = np.flatnonzero(lines["kind"] == ev.ED)
    lines["marks"][emergencies[::5]] = ev.ADMITTED
    stays = np.flatnonzero(lines["kind"] == ev.STAY)
    lines["marks"][stays[: len(stays) // 10]] = ev.AVOIDABLE
    discharges = np.flatnonzero(lines["kind"] == ev.DISCHARGE)
    lines["marks"][discharges[::3]] = ev.SEEN_WITHIN_7
    return lines


def invented_spec(name: str = "invented", years: int = 2) -> ScenarioSpec:
    """The scenario that an invented run says it comes from."""
    return ScenarioSpec(name=name, years=years, title={"en": "An invented town", "fr": "Une ville inventée"},
                        territory=TerritorySpec(name="Pays inventé"))  # fmt: skip


def invented_accounts(world: World) -> pd.DataFrame:
    """Two measures of every physician."""
    rows = pd.RangeIndex(len(world.physicians), name="physician")
    return pd.DataFrame({"contacts": world.physicians["contacts"] * 48, "fees": 127_000.0}, index=rows)


def invented_run(folder: Path, years: int = 2, weeks_a_year: int = 52, panel: int = 0, events: bool = False) -> Path:
    """A whole run folder of the invented world; with ``years`` 0, of three weeks that close no year."""
    world = invented_world()
    rng = np.random.default_rng(7)
    with Recorder(world, invented_spec(years=max(years, 1)), folder, panel=panel, events=events) as recorder:
        for year in range(1, years + 1):
            for _ in range(weeks_a_year):
                recorder.week(world, pass_week(world, rng), {"births": 4, "deaths": 4})
            recorder.year(invented_accounts(world), year, {"fees": {"unit": "EUR", "label": "fees billed"}})
        for _ in range(0 if years else 3):
            recorder.week(world, pass_week(world, rng))
        return recorder.finish({"notes": ["Communes, positions and people are invented."]})

"""Invented claim lines, consistent with the invented world: every column filled, money and marks where they belong."""

import numpy as np

from agents import patients as people
from agents.declarations import Table, new_table
from sim import events as ev
from sim.parameters import parameter_record
from sim.world import World
from tests.invented import invented_world

CODES_OF_GP = (ev.G, ev.G, ev.G, ev.G, ev.G_CHILD, ev.HOME, ev.TECH, ev.TLC, ev.SNP, ev.NO_CODE)
CODES_OF_NURSE = (ev.SALARIED, ev.SALARIED, ev.AMI)


def accounting_world(seed: int = 1, people_count: int = 3_000) -> World:
    """The invented world with the real parameters, and patients whose flags and traits vary."""
    world = invented_world(seed, people=people_count)
    world.parameters = parameter_record()
    rng = np.random.default_rng(seed + 1)
    rows = len(world.patients)
    world.patients["flags"] |= rng.integers(0, 64, rows).astype("u2") & ~np.uint16(people.ALIVE)
    world.patients["conditions"] = rng.integers(0, 128, rows)
    world.patients["diabetes_tests"] = rng.integers(0, 6, rows)
    world.patients["drugs_quarter"] = rng.integers(0, 5, rows)
    world.patients["last_gp"] = rng.integers(-200, 52, rows)
    world.patients["spend_prev"] = world.patients["spend"] * rng.gamma(2, 0.5, (rows, 1))
    world.patients["registered_gp"][rng.random(rows) < 0.1] = -1
    return world


def invented_lines(world: World, rows: int, weeks: int = 1, seed: int = 3) -> Table:
    """``rows`` lines spread over the coming ``weeks`` weeks, in order of week."""
    rng = np.random.default_rng(seed)
    lines = new_table(ev.COLUMNS, rows)
    lines["week"] = world.week + np.sort(rng.integers(0, weeks, rows))
    kinds = (ev.GP, ev.NURSE, ev.ROUNDS, ev.TELECONSULTATION, ev.ED, ev.STAY, ev.FORGONE, ev.DELAY, ev.DISCHARGE)
    lines["kind"] = rng.choice(kinds, rows, p=(0.55, 0.1, 0.1, 0.02, 0.05, 0.03, 0.05, 0.07, 0.03))
    lines["patient"] = rng.integers(0, len(world.patients), rows)
    patient = world.patients[lines["patient"]]
    lines["registered_gp"] = patient["registered_gp"]
    registered = lines["registered_gp"] >= 0
    lines["registered_team"][registered] = world.physicians["team"][lines["registered_gp"][registered]]
    lines["flags"], lines["conditions"] = patient["flags"], patient["conditions"]
    lines["age"] = np.clip((world.week - patient["birth_week"]) // 52, 0, 110)
    lines["age_band"] = np.searchsorted(people.AGE_BAND_STARTS, lines["age"], side="right") - 1
    lines["commune"] = world.cells["commune"][patient["cell"]]
    lines["day"] = rng.integers(0, 7, rows)
    _who_did_it(world, lines, rng)
    _what_it_was(lines, rng)
    return lines


def _who_did_it(world: World, lines: Table, rng: np.random.Generator) -> None:
    """Payees: mostly the registered physician; nurses, the hospital, or somebody outside."""
    kind = lines["kind"]
    physician = rng.integers(0, len(world.physicians), len(lines))
    own = (lines["registered_gp"] >= 0) & (rng.random(len(lines)) < 0.8)
    physician = np.where(own, lines["registered_gp"], physician)
    nurse = rng.integers(0, len(world.nurses), len(lines))
    by_gp, by_nurse = kind == ev.GP, (kind == ev.NURSE) | (kind == ev.ROUNDS)
    by_hospital = (kind == ev.ED) | (kind == ev.STAY)
    lines["payee_kind"] = np.select(
        [by_gp, by_nurse, by_hospital, kind == ev.TELECONSULTATION],
        [ev.PHYSICIAN, ev.THE_NURSE, ev.THE_HOSPITAL, ev.OUTSIDE], ev.NOBODY,
    )  # fmt: skip
    lines["payee"] = np.select([by_gp, by_nurse, by_hospital], [physician, nurse, 0], -1)
    lines["provider_team"] = np.select(
        [by_gp, by_nurse], [world.physicians["team"][physician], world.nurses["team"][nurse]], -1
    )
    leak = by_gp & (lines["registered_team"] >= 0) & (lines["provider_team"] != lines["registered_team"])
    elsewhere = (kind == ev.TELECONSULTATION) & (lines["registered_gp"] >= 0)
    lines["marks"][leak | elsewhere] |= ev.LEAK
    in_list = lines["registered_team"] == lines["provider_team"]
    lines["scope"] = np.where(in_list, ev.IN_LIST, ev.OTHER)
    lines["scope"][(lines["flags"] & people.AME) > 0] = ev.FOR_AME


def _what_it_was(lines: Table, rng: np.random.Generator) -> None:
    """Codes, money, minutes and marks."""
    kind = lines["kind"]
    gp, nurse = kind == ev.GP, kind == ev.NURSE
    lines["code"][gp] = rng.choice(CODES_OF_GP, gp.sum())
    lines["code"][nurse] = rng.choice(CODES_OF_NURSE, nurse.sum())
    lines["code"][kind == ev.ROUNDS] = ev.BSA
    lines["code"][kind == ev.TELECONSULTATION] = ev.TLC
    lines["code"][kind == ev.ED], lines["code"][kind == ev.STAY] = ev.ED_FEE, ev.STAY_TARIFF
    lines["count"][kind == ev.ROUNDS] = rng.integers(1, 8, (kind == ev.ROUNDS).sum())
    lines["stops"] = np.where(kind == ev.ROUNDS, 2 * lines["count"], 0)  # two a day, of which a lump sum is one act
    lines["cents"] = np.where(lines["code"] > 0, rng.integers(1_000, 6_000, len(lines)), 0)
    lines["minutes_tenths"][gp | nurse] = rng.integers(80, 400, (gp | nurse).sum())
    lines["task"][nurse] = rng.integers(1, 21, nurse.sum())
    lines["channel"][nurse] = rng.integers(1, 7, nurse.sum())
    lines["need"], lines["priority"] = rng.integers(0, 11, len(lines)), rng.integers(0, 4, len(lines))
    lines["prevented"] = (gp | nurse) & (lines["need"] == people.PREVENTION)
    lines["waited_days"] = rng.integers(0, 30, len(lines))
    lines["days_since_discharge"] = np.where(rng.random(len(lines)) < 0.05, rng.integers(0, 40, len(lines)), 255)
    stay, discharge, ed = kind == ev.STAY, kind == ev.DISCHARGE, kind == ev.ED
    lines["cause"][stay] = rng.integers(1, 7, stay.sum())
    marked = (
        (stay, (ev.AVOIDABLE, ev.DIRECT)), (ed, (ev.ADMITTED,)), (gp, (ev.TEST, ev.REGISTRATION)),
        (discharge, (ev.SEEN_WITHIN_7, ev.SEEN_WITHIN_30, ev.READMISSION)),
    )  # fmt: skip
    for where, marks in marked:
        for mark in marks:
            lines["marks"][where & (rng.random(len(lines)) < 0.3)] |= mark

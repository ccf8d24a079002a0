"""What nobody has done yet: a few claim lines of the kind, counted like real ones (behaviour 0).

A task that was never handed over has no footprint in last year's events, and a discharge that was seen in time differs
from one that was not by its marks alone. So lines are written as the week would write them, for typical patients of
the lists, and the real counting says what they add to every measure, also to one that nobody foresaw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents import nurses
from agents import patients as people
from agents.declarations import Table, new_table
from agents.physicians import COLUMNS as PHYSICIAN_COLUMNS
from agents.tasks import BILLED, K01, K02, K03, K04, K07, K08, K09, K12, K13, K14, K20, PREVENTIVE
from agents.teams import COLUMNS as TEAM_COLUMNS
from sim import events
from sim.counting import CountingPlan, YearCount
from sim.measures import Measure
from sim.tariffs import Tariffs
from sim.world import WEEKS_PER_YEAR, World

type Numbers = NDArray[np.float64]
type Added = Mapping[str, Mapping[str, Numbers]]
"""What one event of each case adds, by measure and level: ``(cases,)``."""

CONDITION_OF: Final = {K02: people.DIABETES, K03: people.HYPERTENSION, K04: people.COPD, K20: people.MENTAL}
AGES_OF: Final = {K07: (6, 11), K08: (0, 2), K13: (75, 130)}
NEED_OF: Final = {
    K01: people.RENEWAL, K07: people.PREVENTION, K08: people.PREVENTION, K09: people.PREVENTION,
    K13: people.HOME_VISIT, K14: people.POST_DISCHARGE, K20: people.PSYCHOSOCIAL,
}  # fmt: skip
"""What the patient asked for, by task; an acute complaint for others."""
LOOKED_AT: Final = 4_000
"""Patients among whom typical ones are looked for."""
TRAITS: Final = ("flags", "conditions", "birth_week", "registered_gp")
FIRST_SEEN_DAYS: Final = 4
SEEN_LATE_DAYS: Final = 91
WRITTEN: Final = ("physician", "nurse", "team")


@dataclass(frozen=True)
class Case:
    """A kind of line to be imagined.

    Attributes:
        name: what it is called.
        columns: values of the columns of its lines that differ from a plain contact of the registered physician.
        task: whose patients it is done for; -1 for any patient.
        nurse_kind: kind of the nurse who does it, -1 for the physician.
        salaried: whether the nurse is on a wage.
        replaces: share of its lines that replace an event of the physician.
    """

    name: str
    columns: Mapping[str, int]
    task: int = -1
    nurse_kind: int = -1
    salaried: bool = False
    replaces: float = 0.0


def handed_over(name: str, task: int, kind: int, *, salaried: bool, replaces: float) -> Case:
    """A task done by a nurse of some kind, as the week writes it."""
    channel = events.TRANSFER if kind == nurses.ADVANCED_PRACTICE else events.PROTOCOL
    billed = task in BILLED and (not salaried or kind == nurses.LIBERAL)
    columns = {
        "kind": events.NURSE, "task": task, "code": events.AMI if billed else events.SALARIED,
        "channel": events.ROUTINE if task == K12 else channel, "payee_kind": events.THE_NURSE,
        "need": NEED_OF.get(task, people.ACUTE), "prevented": int(task in PREVENTIVE),
    }  # fmt: skip
    return Case(name, columns, task, kind, salaried, replaces)


def discharge(name: str, *, seen: bool) -> Case:
    """The end of a stay, seen by somebody within a week or by nobody."""
    marks = events.SEEN_WITHIN_7 | events.SEEN_WITHIN_30 if seen else 0
    waited = FIRST_SEEN_DAYS if seen else SEEN_LATE_DAYS
    return Case(name, {"kind": events.DISCHARGE, "marks": marks, "waited_days": waited, "payee_kind": events.NOBODY})


def contact(name: str, **columns: int) -> Case:
    """A contact with the registered physician that bills nothing of its own."""
    return Case(name, {"kind": events.GP, "payee_kind": events.PHYSICIAN, **columns})


def counted(cases: Sequence[Case], world: World, measures: Mapping[str, Measure], fees: Tariffs) -> Added:
    """What one line of each case adds to every measure on claim lines.

    Args:
        cases: what is imagined.
        world: whose patients are typical, and whose day's fees hold.
        measures: what is counted.
        fees: fees in force.

    Returns:
        By measure and level (physician, nurse, team: whose line it is), one value a case; measures that no line of any
        case moves are left out.
    """
    lines, number = _written(cases, world, fees)
    small = _small_world(world, cases)
    lines = lines[np.argsort(lines["week"], kind="stable")]
    on_lines = tuple(declared for declared in measures.values() if declared.source == "events")
    count = YearCount(_plan(on_lines), small, len(lines) + 1)
    count.begin_week(lines, small)
    count.count(lines, small)
    year = count.close(small)
    found: dict[str, dict[str, Numbers]] = {}
    for declared in on_lines:
        name = declared.name
        if name not in year.totals:
            continue
        start = 0
        for level in declared.per:
            sums = year.totals[name][start : start + len(cases)]
            start += year.sizes[level] + 1
            if level in WRITTEN and sums.any():
                found.setdefault(name, {})[level] = sums / number / declared.divisor
    return found


@cache
def _plan(measures: tuple[Measure, ...]) -> CountingPlan:
    return CountingPlan({declared.name: declared for declared in measures}, {})


def _small_world(world: World, cases: Sequence[Case]) -> World:
    """A world of one physician, one nurse and one team a case, in which nobody lives."""
    n = len(cases)
    physicians, teams = new_table(PHYSICIAN_COLUMNS, n), new_table(TEAM_COLUMNS, n)
    nurse_rows = new_table(nurses.COLUMNS, n)
    physicians["team"] = nurse_rows["team"] = np.arange(n)
    nurse_rows["kind"] = [max(0, case.nurse_kind) for case in cases]
    nurse_rows["salaried"] = [case.salaried for case in cases]
    nobody = world.patients[:0]
    return replace(world, physicians=physicians, nurses=nurse_rows, teams=teams, patients=nobody,
                   territories=world.territories[:1], communes=world.communes[:1], support=world.support[:0],
                   hospitals=world.hospitals[:0])  # fmt: skip


def _written(cases: Sequence[Case], world: World, fees: Tariffs) -> tuple[Table, NDArray[np.int64]]:
    """The lines of all cases one after the other, some patients of each seen a few times over the year; how many."""
    q, among = world.behaviour[0], _looked_at(world)
    typical = {task: _typical(task, world.week, among, int(q["quotes_typical_patients"])) for task in
               dict.fromkeys(case.task for case in cases)}  # fmt: skip
    by_nurse = np.array([case.nurse_kind >= 0 for case in cases])
    each = np.where(by_nurse, int(q["quotes_contacts_a_patient"]), 1)
    number = each * [len(typical[case.task]) for case in cases]
    place, within = np.repeat(np.arange(len(cases)), number), np.concatenate([np.arange(n) for n in number])
    turn = within % each[place]
    who = among[np.concatenate([np.repeat(typical[case.task], n) for case, n in zip(cases, each, strict=True)])]
    age = np.clip((world.week - who["birth_week"].astype(np.int64)) // WEEKS_PER_YEAR, 0, 255)
    lines = new_table(events.COLUMNS, len(place))
    lines["week"] = world.week + turn * (WEEKS_PER_YEAR // each)[place]
    lines["age"], lines["age_band"] = age, np.searchsorted(people.AGE_BAND_STARTS, age, side="right") - 1
    lines["flags"], lines["conditions"], lines["patient"] = who["flags"], who["conditions"], who["row"]
    lines["registered_gp"] = lines["registered_team"] = lines["provider_team"] = place
    lines["priority"], lines["waited_days"] = people.MEDIUM, 0
    for name in dict.fromkeys(name for case in cases for name in case.columns):
        given = np.array([name in case.columns for case in cases])[place]
        lines[name][given] = np.array([case.columns.get(name, 0) for case in cases])[place][given]
    lines["payee"] = np.where(lines["payee_kind"] == events.NOBODY, -1, place)
    minutes = world.parameters[0]["tasks_minutes_nurse"].astype(np.float64)
    tenths = [round(10 * float(minutes[case.task])) if case.nurse_kind >= 0 else 0 for case in cases]
    lines["minutes_tenths"] = np.array(tenths)[place]
    billed = lines["code"] == events.AMI
    lines["cents"][billed] = lines["insurer_cents"][billed] = round(100 * fees.value("AMI", world.day()))
    instead = np.array([round(case.replaces * n) for case, n in zip(cases, number, strict=True)])
    lines["marks"][within < instead[place]] |= events.REPLACES
    lines["marks"][(lines["channel"] == events.TRANSFER) & (turn == 0)] |= events.INITIATED
    return lines, number


def _looked_at(world: World) -> Table:
    """Some registered patients, evenly over the table: their traits, and ``row``."""
    rows = np.arange(0, len(world.patients), max(1, len(world.patients) // LOOKED_AT))
    found = np.zeros(len(rows), dtype=[("row", np.int64), *((name, world.patients.dtype[name]) for name in TRAITS)])
    found["row"] = rows
    for name in TRAITS:
        found[name] = world.patients[name][rows]
    registered = found[(found["flags"] & people.ALIVE > 0) & (found["registered_gp"] >= 0)]
    return registered if len(registered) else found[:1]


def _typical(task: int, week: int, among: Table, number: int) -> NDArray[np.int64]:
    """Places of some patients of whom a task may be done, evenly over those who were looked at."""
    right = np.ones(len(among), dtype=bool)
    if task in CONDITION_OF:
        right = (among["conditions"] >> CONDITION_OF[task] & 1) > 0
    if task in AGES_OF:
        age = (week - among["birth_week"].astype(np.int64)) // WEEKS_PER_YEAR
        low, high = AGES_OF[task]
        right &= (age >= low) & (age <= high)
    known = np.flatnonzero(right) if right.any() else np.arange(len(among))
    return known[(np.arange(number) * len(known)) // number] if len(known) > number else known

"""Physicians reconsider: one habit a quarter at most, their half-days once a year (behaviour D)."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents import templates
from agents.deciding.attention import LEVER_NAMES, N_LEVERS, chance_to_reconsider, lever_chosen, pay_changed
from agents.deciding.decision import Decision, Incentives, Numbers
from agents.deciding.effort import choose_effort
from agents.deciding.hours import choose_half_days
from agents.deciding.incentives import readability
from agents.deciding.lists import list_openness
from agents.deciding.relay import TEAM_PEER
from agents.deciding.renewals import best_contacts, choose_interval, habit_after_benchmark, habit_after_pay
from agents.deciding.utility import altruism
from agents.deciding.visits import choose_slot, minute_value, phone_share, shared_agenda
from agents.declarations import Table
from agents.teams import HEALTH_CENTRE, MSP
from sim.deciding.diary import Diary
from sim.deciding.draws import option_draws
from sim.deciding.meetings import physicians_come
from sim.deciding.mind import Mind, half_day_pay, income_beyond
from sim.deciding.practice_facts import usual_drift
from sim.draws import decision
from sim.world import WEEKS_PER_YEAR, World

LEVER = decision("lever", "which habit a physician reconsiders, one draw a lever")
INTERVAL = decision("interval", "interval between renewals of stable patients")
INTERVAL_UNSTABLE = decision("interval_unstable", "interval between renewals of unstable patients")
EFFORT = [decision(f"effort_{name}", f"effort on {name.replace('_', ' ')}") for name in templates.EFFORTS]

type Rows = NDArray[np.int64]


def reconsider(world: World, mind: Mind, diary: Diary) -> Rows:
    """Let physicians reconsider one habit each, at most.

    Returns:
        Rows of those who reconsider whom they delegate to, which the dyads settle.
    """
    p, q = world.physicians, world.behaviour[0]
    chance = chance_to_reconsider(p, mind.strength, pay_changed(p, world.week), q)
    chance[p["vacant_until"] >= 0] = 0.0
    lever = lever_chosen(chance, option_draws(world, LEVER, p["who"], N_LEVERS)).value
    _habits_wear_off(world, mind)
    for place, name in enumerate(LEVER_NAMES):
        rows = np.flatnonzero(lever == place)
        if len(rows) and name in QUARTERLY:
            QUARTERLY[name](world, rows, mind, diary)
    return np.flatnonzero(lever == LEVER_NAMES.index("delegation"))


def work_less_or_more(world: World, mind: Mind, diary: Diary) -> None:
    """Half-days of next year, for self-employed physicians in post (behaviour D7)."""
    p, q = world.physicians, world.behaviour[0]
    rows = np.flatnonzero((p["vacant_until"] < 0) & (p["salaried"] == 0) & (p["hours_weight"] > 0))
    pay = half_day_pay(world, mind.phat)
    made = choose_half_days(
        p[rows], q, distaste=p["hours_weight"][rows], half_day_pay=pay[rows],
        other_income=income_beyond(world, pay)[rows],
        bounds=world.parameters[0]["workforce_half_days_bounds"],
    )  # fmt: skip
    _change(world, "half_days", rows, made, diary, "hours")


def _habits_wear_off(world: World, mind: Mind) -> None:
    """Habit gives way to a trusted benchmark that reads as care, and to a visible change of pay."""
    p, q = world.physicians, world.behaviour[0]
    told = mind.strength[:, templates.VISIT] > 0
    seen = habit_after_benchmark(p["habit"], p["trust"][:, TEAM_PEER] * told, readability(q)[templates.VISIT], q)
    p["habit"] = habit_after_pay(seen, p["direct_pay"][:, templates.VISIT], p["habit_visit_pay"], q)


def _renewals(world: World, rows: Rows, mind: Mind, diary: Diary) -> None:
    q, care = world.behaviour[0], world.parameters[0]
    p = world.physicians[rows]
    classes = (("renewal_interval_months", INTERVAL), ("renewal_interval_unstable", INTERVAL_UNSTABLE))
    for (column, which), drift in zip(classes, usual_drift(world, care["care_stable_control"]), strict=True):
        made = choose_interval(
            p, _of(mind.phat, rows), q, option_draws(world, which, p["who"], 1 + len(q["practice_interval_choices"])),
            now=p[column], habit_months=p["habit_months"], best=best_contacts(drift[rows], care["care_gp_effect"], q),
            altruism=_altruism(p, mind, rows, q), nurse_contacts=mind.facts.nurse_contacts[rows],
        )  # fmt: skip
        _change(world, column, rows, made, diary, "renewal")


def _slots(world: World, rows: Rows, mind: Mind, diary: Diary) -> None:
    q = world.behaviour[0]
    p = world.physicians[rows]
    shared = np.isin(world.teams["kind"][world.physicians["team"]], (MSP, HEALTH_CENTRE))
    for column in ("slot_acute", "slot_chronic"):
        made = choose_slot(
            p, _of(mind.phat, rows), q, chronic=column == "slot_chronic",
            queue=p["backlog_minutes"] > 0, altruism=_altruism(p, mind, rows, q),
        )  # fmt: skip
        agreed = world.physicians[column].astype(np.float64)
        agreed[rows] = made.value
        agreed = shared_agenda(agreed, world.physicians["team"], shared, q)[rows]
        kept = np.where(made.value == p[column], made.value, agreed)
        _change(world, column, rows, made._replace(value=kept), diary, "slot")


def _phone(world: World, rows: Rows, mind: Mind, diary: Diary) -> None:
    made = phone_share(world.physicians[rows], _of(mind.phat, rows), world.behaviour[0])
    _change(world, "phone_share", rows, made, diary, "phone")


def _list(world: World, rows: Rows, mind: Mind, diary: Diary) -> None:
    q, par = world.behaviour[0], world.parameters[0]
    p = world.physicians[rows]
    limit = par["workforce_retirement_age"] - par["workforce_near_retirement_years"]
    short = 1.0 - world.cells["apl"][p["cell"]] / q["setting_need_apl"]
    made = list_openness(
        p, _of(mind.phat, rows), q, visits=mind.facts.visits_of_patient[rows], local_need=np.clip(short, 0.0, 1.0),
        is_building=np.clip(1.0 - p["registered_list"] / np.maximum(p["list_target"], 1.0), 0.0, 1.0),
        near_retirement=(world.week - p["birth_week"]) / WEEKS_PER_YEAR >= limit,
    )  # fmt: skip
    _change(world, "list_open", rows, made, diary, "list")


def _collective(world: World, rows: Rows, mind: Mind, diary: Diary) -> None:
    made = physicians_come(world, mind.phat)
    terms = {name: term[rows] for name, term in made.terms.items()}
    _change(world, "collective_minutes", rows, Decision(made.value[rows], terms), diary, "collective")


def _effort(world: World, rows: Rows, mind: Mind, diary: Diary) -> None:
    """Effort on the four subjects: all of them are looked at when the lever is."""
    q, par = world.behaviour[0], world.parameters[0]
    p, facts, phat = world.physicians[rows], mind.facts, mind.phat
    worth = minute_value(phat["visit"][rows], p["overload"], p["backlog_minutes"] > 0, q)
    prescribed = -phat["euro_saved"] * facts.euros * par["care_effort_spending"]
    stopped = -phat["prescribing"] * facts.drugs * par["care_effort_inappropriate"]
    moved = (
        (phat["prevention_act"] * par["care_effort_prevention"], facts.prevention),
        (phat["follow_up_7_days"] * par["care_effort_follow_up"], facts.follow_ups),
        (phat["diabetes_test"] * par["care_effort_tests"], facts.tests),
        (prescribed + stopped, facts.patients),
    )
    weeks = WEEKS_PER_YEAR - p["leave_weeks"]
    for which, (paid, cases) in enumerate(moved):
        made = choose_effort(
            p, paid[rows], q, option_draws(world, EFFORT[which], p["who"], 1 + len(q["practice_effort_choices"])),
            which=which, worth=worth, altruism=_altruism(p, mind, rows, q),
            minutes=par["service_effort_minutes"][which] * weeks / np.maximum(1.0, cases[rows]),
        )  # fmt: skip
        before = world.physicians["effort"][rows, which].copy()
        world.physicians["effort"][rows, which] = made.value
        _note(world, rows, before, made, diary, "effort", templates.EFFORTS[which])


QUARTERLY: Final[dict[str, Callable[[World, Rows, Mind, Diary], None]]] = {
    "renewal": _renewals, "slots": _slots, "phone": _phone, "list": _list, "collective": _collective, "effort": _effort,
}  # fmt: skip
"""What is done about each lever, by its name; hand-overs are settled by dyads."""


def _of(phat: Incentives, rows: Rows) -> Incentives:
    return {name: values[rows] for name, values in phat.items()}


def _altruism(p: Table, mind: Mind, rows: Rows, q: np.void) -> Numbers:
    return altruism(p["alpha"], mind.settled_share[rows], q)


def _change(world: World, column: str, rows: Rows, made: Decision, diary: Diary, kind: str) -> None:
    """Write a choice to its column, and what changed into the diary."""
    before = world.physicians[column][rows].copy()
    world.physicians[column][rows] = np.round(made.value) if before.dtype.kind == "u" else made.value
    _note(world, rows, before, made, diary, kind, column)


def _note(
    world: World, rows: Rows, before: NDArray[np.generic], made: Decision, diary: Diary, kind: str, text: str
) -> None:
    after = np.asarray(made.value, dtype=np.float64)
    moved = np.abs(after - before.astype(np.float64)) > SMALL
    diary.add(
        kind, team=world.physicians["team"][rows][moved], physician=rows[moved], before=before[moved],
        after=after[moved], text=text, terms={name: values[moved] for name, values in made.terms.items()},
    )  # fmt: skip


SMALL: Final = 1e-3
"""A change of less is none: nobody would notice it."""

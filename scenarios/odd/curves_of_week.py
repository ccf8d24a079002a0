"""Curves of the week: needs, control, choice, service, nursing, aftercare, effort, spending; drawn from the kernels."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.declarations import new_table
from agents.patients import (
    ACUTE,
    ALIVE,
    DIABETES,
    FLARE,
    HEART_FAILURE,
    HIGH,
    HYPERTENSION,
    RENEWAL,
)
from results.messages import _, number
from scenarios.odd.sketch import Panel, Sketch, curve
from sim.draws import child_ids
from sim.founding import found
from sim.specification import ScenarioSpec, TerritorySpec
from sim.week import choice, contacts, listing, patient_state, rates, relief, service
from sim.week.requests import AGAIN, COLUMNS, FORGO, TO_ED, TO_GP, TO_TELECONSULTATION
from sim.week.scene import Scene, scene
from sim.world import World

type Numbers = NDArray[np.float64]

PEOPLE: Final = 2_500
KEYS: Final = 1_500
PATIENT: Final = 0
FULL_CONTROL: Final = 65_535
SHOWN: Final = 2_013
"""Parent of the ids whose draws the curves average over."""


@cache
def _founded() -> World:
    spec = ScenarioSpec(seed=1, territory=TerritorySpec(people=PEOPLE, town=PEOPLE // 2, columns=8, rows=8))
    world = found(spec)
    world.physicians["present"] = 1
    world.physicians["list_open"] = 1.0
    world.physicians["posted_wait_days"] = 3.0
    return world


def at_hand() -> tuple[World, Scene, Any]:
    """A small world at week 0, its scene, and one adult of 50 registered with the first physician."""
    world = _founded().fork()
    p = world.patients[PATIENT : PATIENT + 1]
    p["birth_week"], p["flags"], p["conditions"], p["frailty"], p["home_until"] = -52 * 50, ALIVE, 0, 5, -1
    p["registered_gp"] = p["known_gp"] = 0
    p["share_past"], p["health_literacy"], p["control"], p["control_week"] = 217, 153, FULL_CONTROL * 3 // 4, 0
    p["pending"]["need"], p["pending"]["provider"], p["renewal_due_week"], p["last_gp"] = 255, -1, 32_000, -1_000
    return world, scene(world), p


def keys(number: int = KEYS) -> list[np.uint64]:
    """Keys of as many draws."""
    return list(child_ids(SHOWN, np.arange(number)))


def needs() -> Sketch:
    """Rates of needs and of hospital stays."""
    ages, controls = np.arange(0, 101, 2), np.linspace(0.0, 1.0, 41)
    well, ill = (_rates_by_age(ages, conditions) for conditions in (0, 1 << DIABETES | 1 << HYPERTENSION))
    left = _rates_by_control(controls)
    physician = slice(rates.S_ACUTE, rates.S_EMERGENCY)
    return Sketch(
        _("Needs and decompensations"),
        _(
            "Needs for a physician are highest in early childhood and grow with chronic conditions; stays of any "
            "kind rise with "
            "age. The rate of each decompensation falls exponentially with the control of its condition."
        ),
        (
            Panel(
                _("Needs for a physician, renewals apart"),
                _("age"),
                _("needs/person/year"),
                (
                    curve(_("no condition"), ages, well[:, physician].sum(axis=1)),
                    curve(_("diabetes and hypertension"), ages, ill[:, physician].sum(axis=1)),
                ),
            ),
            Panel(
                _("Emergencies and stays"),
                _("age"),
                _("events/person/year"),
                (
                    curve(_("own emergencies"), ages, well[:, rates.S_EMERGENCY]),
                    curve(_("other stays"), ages, well[:, rates.S_OTHER_STAY]),
                    curve(_("short home nursing"), ages, well[:, rates.S_NURSING]),
                ),
                decimals=(0, 2),
            ),
            Panel(
                _("Decompensations at 75, all conditions"),
                _("control"),
                _("events/person/year"),
                (
                    curve(_("heart failure"), controls, left[:, rates.S_HEART_FAILURE]),
                    curve(_("COPD"), controls, left[:, rates.S_COPD]),
                    curve(_("diabetes"), controls, left[:, rates.S_DIABETES]),
                    curve(_("other avoidable"), controls, left[:, rates.S_AVOIDABLE]),
                ),
                logarithmic=True,
                decimals=(1, 2),
            ),
        ),
    )


def _rates_by_age(ages: NDArray[np.int64], conditions: int) -> Numbers:
    """Yearly rates of every stream for somebody with some conditions, ``(ages, streams)``."""
    _world, s, p = at_hand()
    p["conditions"] = conditions
    found = np.zeros((len(ages), rates.N_STREAMS))
    room = np.zeros(rates.N_STREAMS)
    for place, age in enumerate(ages):
        p["birth_week"] = -52 * age
        rates.write_ceilings_of(s, PATIENT, room)
        found[place] = [room[k] * rates.share_left(s, PATIENT, k) for k in range(rates.N_STREAMS)]
    return found


def _rates_by_control(controls: Numbers) -> Numbers:
    """Yearly rates of every stream at 75 with all conditions, ``(controls, streams)``."""
    _world, s, p = at_hand()
    p["birth_week"], p["conditions"], p["frailty"] = -52 * 75, 127, 50
    found = np.zeros((len(controls), rates.N_STREAMS))
    room = np.zeros(rates.N_STREAMS)
    rates.write_ceilings_of(s, PATIENT, room)
    for place, share in enumerate(controls):
        p["control"] = round(FULL_CONTROL * share)
        found[place] = [room[k] * rates.share_left(s, PATIENT, k) for k in range(rates.N_STREAMS)]
    return found


def control() -> Sketch:
    """Control lost by drift and regained by contacts."""
    minutes = np.linspace(4.0, 30.0, 27)
    gained = []
    for length in minutes:
        _world, s, p = at_hand()
        p["conditions"], p["control"] = 1 << HEART_FAILURE, FULL_CONTROL // 2
        contacts.chronic_contact(s, PATIENT, length)
        gained.append((float(p["control"][0, HEART_FAILURE]) / FULL_CONTROL - 0.5) / 0.5)
    return Sketch(
        _("Control of a chronic condition"),
        _(
            "Control drifts down every week and jumps up at each contact, so that it settles the lower, the rarer "
            "contacts are; "
            "a renewal that is missed for more than eight weeks lets it fall faster. A longer visit regains more, up "
            "to a length."
        ),
        (
            Panel(
                _("Drift of 0.3 % a week"),
                _("week"),
                _("control"),
                (
                    curve(_("every 3 months"), np.arange(157), _course(13)),
                    curve(_("every 6 months"), np.arange(157), _course(26)),
                    curve(_("last renewal missed"), np.arange(157), _course(26, last=52)),
                ),
            ),
            Panel(
                _("Effect of a contact"),
                _("minutes"),
                _("share of missing control regained"),
                (curve("", minutes, gained),),
                decimals=(0, 2),
            ),
        ),
    )


def _course(every: int, last: int = 10_000) -> Numbers:
    """Control over three years with a contact of 20 minutes every so many weeks."""
    _world, s, p = at_hand()
    p["conditions"], p["drift"], p["control"], p["renewal_due_week"] = 1 << DIABETES, 0.003, 49_151, every
    course = []
    for week in range(157):
        now = s._replace(week=week)
        patient_state.refresh_control(now.patients, now.par, PATIENT, week)
        if week % every == 0 and week <= last:
            contacts.chronic_contact(now, PATIENT, 20.0)
            p["last_gp"], p["renewal_due_week"] = week, week + every
        course.append(float(p["control"][0, DIABETES]) / FULL_CONTROL)
    return np.array(course)


def where() -> Sketch:
    """Where a need is taken, and whether a nurse is accepted."""
    waits = np.linspace(0.0, 14.0, 8)
    minutes = np.linspace(2.0, 40.0, 20)
    return Sketch(
        _("Where patients take a need"),
        _(
            "As the wait of the own physician grows, while others keep theirs, pressing needs are put off or go "
            "elsewhere "
            "within days, renewals only within weeks. A nurse who is far is accepted less often."
        ),
        (
            Panel(_("A flare (class high)"), _("wait of the own physician, days"), _("share"), _shares(FLARE, waits)),
            Panel(
                _("A renewal (class low)"),
                _("wait of the own physician, days"),
                _("share"),
                _shares(RENEWAL, 8 * waits),
            ),
            Panel(
                _("Accepting a nurse"),
                _("travel, minutes"),
                _("chance"),
                (
                    curve(_("at the nurse's office"), minutes, _accepting(minutes, at_home=False)),
                    curve(_("at home"), minutes, _accepting(minutes, at_home=True)),
                ),
            ),
        ),
    )


def _shares(need: int, waits: Numbers) -> tuple[Any, ...]:
    world, s, p = at_hand()
    out = new_table(COLUMNS, 1)
    counts = np.zeros((len(waits), 6))
    for place, wait in enumerate(waits):
        world.physicians["posted_wait_days"][0] = wait
        for key in keys():
            out["need"], out["priority"], out["marks"] = need, s.par["needs_priority"][0][need], 0
            choice.choose(s, PATIENT, out, 0, key, int(p["nurse_tie"][0]))
            target, own = int(out["target"][0]), int(out["provider"][0]) == 0
            counts[place, {TO_GP: 0 if own else 1, TO_ED: 2, TO_TELECONSULTATION: 3, AGAIN: 4, FORGO: 5}[target]] += 1
    names = (
        _("own physician"),
        _("other physicians"),
        _("emergency department"),
        _("teleconsultation"),
        _("ask again later"),
        _("give up"),
    )
    return tuple(curve(name, waits, counts[:, k] / KEYS) for k, name in enumerate(names) if counts[:, k].any())


def _accepting(minutes: Numbers, *, at_home: bool) -> list[float]:
    world, s, p = at_hand()
    nurse = int(np.flatnonzero(world.nurses["in_post"])[0])
    p["trust_nurse"], p["prefers_home"] = 153, 128
    office, home = int(world.nurses["cell"][nurse]), int(world.patients["cell"][PATIENT])
    found = []
    for length in minutes:
        km = (length - float(s.par["territory_travel_base_minutes"][0])) * float(
            s.par["territory_travel_km_per_minute"][0]
        )
        if office == home:
            office = (home + 1) % len(world.cells)
            world.nurses["cell"][nurse] = office
        world.cells["x_km"][office] = world.cells["x_km"][home] + max(km, 0.0)
        world.cells["y_km"][office] = world.cells["y_km"][home]
        found.append(float(np.mean([choice.accepts_nurse(s, PATIENT, nurse, at_home, key) for key in keys()])))
    return found


def serving() -> Sketch:
    """Length of visits under load, lists, rounds, freed time."""
    overloads, stops = np.linspace(0.0, 1.5, 31), np.linspace(0, 160, 41)
    return Sketch(
        _("Serving the week"),
        _(
            "Visits are shortened under overload, down to a floor; a list below its target takes more of those who "
            "ask; a round takes more travel the "
            "more stops it has and the wider its area, by their square root; the more a physician is overloaded, the "
            "more of the time that nurses free goes to patients."
        ),
        (
            Panel(
                _("Length of a visit"),
                _("overload"),
                _("minutes"),
                (
                    curve(_("acute"), overloads, _lengths(overloads, ACUTE)),
                    curve(_("chronic"), overloads, _lengths(overloads, RENEWAL)),
                ),
                decimals=(1, 0),
            ),
            Panel(
                _("Chance to be taken on a list"), _("list over its target"), _("share"), _taken_on(), decimals=(1, 1)
            ),
            Panel(
                _("Travel of a nurse's round"),
                _("stops a week"),
                _("hours a week"),
                tuple(curve(_("{km2} km²", km2=number(area)), stops, _travel(stops, area)) for area in (10, 40, 160)),
            ),
            Panel(
                _("Where an hour freed by nurses goes"), _("overload"), _("minutes"), _freed(overloads), decimals=(1, 0)
            ),
        ),
    )


def _lengths(overloads: Numbers, need: int) -> list[float]:
    world, s, _p = at_hand()
    out = new_table(COLUMNS, 1)
    found = []
    for overload in overloads:
        world.physicians["overload"][0] = overload
        out["need"], out["priority"], out["marks"] = need, HIGH, 0
        found.append(service.visit_tenths(s, 0, out, 0) / 10.0)
    return found


def _taken_on() -> tuple[Any, ...]:
    world, s, _p = at_hand()
    ratios = np.linspace(0.3, 1.5, 49)
    found = []
    for openness in (0.2, 0.5, 0.8):
        world.physicians["list_open"][0] = openness
        chances = []
        for ratio in ratios:
            world.physicians["list_target"][0], world.physicians["registered_list"][0] = 1_000, round(1_000 * ratio)
            chances.append(listing.takes_on(s, 0, 0))
        found.append(curve(_("openness {share}", share=number(openness, 1)), ratios, chances))
    return tuple(found)


def _travel(stops: Numbers, area: float) -> list[float]:
    world, s, _p = at_hand()
    world.nurses["area_km2"][0] = area
    return [service.round_travel(s, 0, int(n)) / 60.0 for n in stops]


def _freed(overloads: Numbers) -> tuple[Any, ...]:
    world, s, _p = at_hand()
    parts = []
    for overload in overloads:
        world.physicians["overload"][0] = overload
        longer, together, own = relief.divide_freed(s, 0, 60.0)
        parts.append((60.0 - longer - together - own, longer, together, own))
    columns = np.array(parts).T
    names = (_("more patients"), _("longer visits"), _("collective work"), _("own life"))
    return tuple(curve(name, overloads, column) for name, column in zip(names, columns, strict=True))


SKETCHES: Final[Mapping[str, Callable[[], Sketch]]] = {
    "needs": needs,
    "control": control,
    "where": where,
    "serving": serving,
}
"""Sketches of this file by name."""

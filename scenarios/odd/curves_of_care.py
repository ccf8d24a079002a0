"""Curves of what follows care: after a stay, effort, spending, what a hand-over frees; drawn from the kernels."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.patients import ALIVE, CHRONIC, DIABETES, HEART_FAILURE, NOTICED, STAY_FOLLOWED
from agents.tasks import freed_minutes
from agents.templates import EFFORT_FOLLOW_UP, EFFORTS
from results.messages import _
from scenarios.odd.curves_of_week import KEYS, PATIENT, SHOWN, at_hand, keys
from scenarios.odd.sketch import Panel, Sketch, curve
from sim.draws import child_ids
from sim.week import aftercare, effort, spending
from sim.week.scene import Scene

type Numbers = NDArray[np.float64]

SOON_DAYS: Final = 7


def after() -> Sketch:
    """After a discharge: notices and follow-up, by tie, crowding and effort."""
    ties, efforts = np.linspace(0.0, 1.0, 6), np.linspace(0.0, 1.0, 6)
    usual, crowded = _discharges(ties, 0.85), _discharges(ties, 1.0)
    seen = _discharges(efforts, 0.85, effort_on=EFFORT_FOLLOW_UP)
    names = {"prevention": _("prevention done"), "follow_up": _("follow-up in time"), "tests": _("tests")}
    levels = np.linspace(0.0, 1.0, 21)
    world, s, _p = at_hand()
    curves = []
    for which, gain in (
        ("prevention", "care_effort_prevention"),
        ("follow_up", "care_effort_follow_up"),
        ("tests", "care_effort_tests"),
    ):
        ratios = []
        for level in levels:
            world.physicians["effort"][0] = level
            ratios.append(effort.by_effort(s, 0, EFFORTS.index(which), float(s.par[gain][0])))
        curves.append(curve(names[which], levels, ratios))
    return Sketch(
        _("After a stay, and effort"),
        _(
            "Notices of discharge are the more frequent, the closer the physician is tied to the hospital and the "
            "less crowded it is; effort on follow-up brings "
            "the first contact forward. Rates of care follow effort linearly, and are as stated at the effort of the "
            "start."
        ),
        (
            Panel(
                _("Discharges that are notified"),
                _("tie of the physician"),
                _("share"),
                (curve(_("usual occupancy"), ties, usual[0]), curve(_("full hospital"), ties, crowded[0])),
                decimals=(1, 1),
            ),
            Panel(
                _("Follow-up due within 7 days"),
                _("effort on follow-up"),
                _("share"),
                (curve("", efforts, seen[1]),),
                decimals=(1, 1),
            ),
            Panel(_("Rates of care by effort"), _("effort"), _("ratio to the start"), tuple(curves), decimals=(1, 2)),
        ),
    )


def _discharges(values: Numbers, occupancy: float, effort_on: int = -1) -> tuple[list[float], list[float]]:
    """Shares of discharges notified, and to be followed up within 7 days, over many patients."""
    world, s, p = at_hand()
    world.hospitals["occupancy"] = occupancy
    ids = child_ids(SHOWN, np.arange(KEYS))
    noticed, early = [], []
    for value in values:
        world.physicians["hospital_tie"][0] = 0.2 if effort_on >= 0 else value
        if effort_on >= 0:
            world.physicians["effort"][0, effort_on] = value
        told = soon = 0
        for who in ids:
            p["who"], p["flags"], p["discharge_day"], p["n_drugs"] = who, ALIVE | CHRONIC | STAY_FOLLOWED, 3, 2
            aftercare.discharged(s, PATIENT)
            told += int(p["flags"][0] & NOTICED > 0)
            soon += int(p["followup_day"][0] - 3 <= SOON_DAYS)
        noticed.append(told / KEYS)
        early.append(soon / KEYS)
    return noticed, early


def cost() -> Sketch:
    """Spending that no modelled contact explains, and what a hand-over frees."""
    world, s, p = at_hand()
    ages, kinds = np.array([10, 30, 55, 70, 80, 90]), (0, 1 << DIABETES, 1 << DIABETES | 1 << HEART_FAILURE)
    names = (_("no condition"), _("diabetes"), _("diabetes and heart failure"))
    median = []
    for name, conditions in zip(names, kinds, strict=True):
        column = []
        for age in ages:
            p["birth_week"], p["conditions"], p["persistent_factor"] = -52 * age, conditions, 128
            amounts = []
            for who in keys(400):
                p["who"], p["spend"] = who, 0.0
                spending.accrue_other_spending(s, PATIENT)
                amounts.append(float(p["spend"].sum()))
            column.append(float(np.median(amounts)))
        median.append(curve(name, ages, column))
    everybody = []
    for i in np.flatnonzero(world.patients["flags"] & ALIVE)[1:]:
        world.patients["spend"][i] = 0.0
        spending.accrue_other_spending(s, int(i))
        everybody.append(float(world.patients["spend"][i].sum()))
    ordered = np.sort(everybody)[::-1]
    return Sketch(
        _("Spending, and what a hand-over frees"),
        _(
            "Spending rises with age and with each condition; it is concentrated, because a persistent and a yearly "
            "factor multiply it. A nurse event frees "
            "time by the share of events that replace one of the physician, less calls and supervision, and may cost "
            "time."
        ),
        (
            Panel(_("Drugs and other care, median"), _("age"), _("EUR a year"), tuple(median), decimals=(0, 0)),
            Panel(
                _("Concentration in a small territory"),
                _("share of people, the costliest first"),
                _("share of spending"),
                (curve("", np.arange(1, len(ordered) + 1) / len(ordered), np.cumsum(ordered) / ordered.sum()),),
                decimals=(1, 1),
            ),
            Panel(
                _("Minutes freed by one event"),
                _("share of events with a call"),
                _("minutes"),
                _by_validation(s),
                decimals=(1, 0),
            ),
        ),
    )


def _by_validation(s: Scene) -> tuple[Any, ...]:
    calls, q = np.linspace(0.0, 1.0, 21), s.par[0]
    return tuple(
        curve(
            f"k{task:02d}",
            calls,
            [
                freed_minutes(
                    float(q["tasks_minutes_gp"][task]),
                    float(q["tasks_sigma"][task]),
                    float(v),
                    float(q["tasks_validation_call_minutes"][task]),
                    float(q["tasks_supervision"][task]),
                )
                for v in calls
            ],
        )
        for task in (1, 2, 9, 13)
    )


SKETCHES: Final[Mapping[str, Callable[[], Sketch]]] = {"after": after, "cost": cost}
"""Sketches of this file by name."""

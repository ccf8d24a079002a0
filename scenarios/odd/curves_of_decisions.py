"""Curves of what professionals decide: incentives, hand-overs, habits of practice, half-days, meetings, effort."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.deciding import (
    collective,
    delegation,
    effort,
    hours,
    lists,
    nurses,
    renewals,
    utility,
    visits,
)
from agents.deciding.delegation import Circumstances
from agents.deciding.nurses import Offers
from agents.declarations import Row, Table, new_table
from agents.nurses import LIBERAL
from agents.physicians import COLUMNS
from agents.templates import N_EFFORTS
from results.messages import _, number
from scenarios.odd.sketch import Curve, Panel, Sketch, curve
from sim.parameters import behaviour_record

type Numbers = NDArray[np.float64]

QUARTERS: Final = 20


@cache
def _behaviour() -> Table:
    return behaviour_record()


def weights(**changed: Any) -> Row:
    """Parameters of those who decide, some of them changed."""
    record = _behaviour().copy()
    for name, value in changed.items():
        record[name] = value
    return record[0]


def physicians(rows: int, **columns: Any) -> Table:
    """Physicians at the declared defaults, but for some columns."""
    p = new_table(COLUMNS, rows)
    p["income"] = p["income_habit"] = 90_000.0
    for name, value in columns.items():
        p[name] = value
    return p


def circumstances(rows: int, **changed: Any) -> Circumstances:
    """A hand-over of a stable renewal in a health home, but for what is changed."""
    usual = {
        "overload": 0.5,
        "freed_minutes": 10.0,
        "knowledge": 0.5,
        "availability": 1.0,
        "openness": 0.5,
        "core": 0.4,
        "formal": 0.0,
        "liability": 0.1,
        "peers": 0.0,
        "readability": 0.5,
        "money": 0.0,
    }
    return Circumstances(
        **{
            name: np.broadcast_to(np.asarray(changed.get(name, value), dtype=float), rows).astype(float)
            for name, value in usual.items()
        }
    )


def handing_over() -> Sketch:
    """The target of a hand-over, its path, and the nurse's answer."""
    q = weights()
    overloads, euros, loads = np.linspace(0.0, 1.5, 31), np.linspace(-60.0, 60.0, 49), np.linspace(0.6, 1.2, 31)
    by_knowledge = tuple(
        curve(
            _("knows the nurse: {share}", share=number(known, 1)),
            overloads,
            delegation.target(circumstances(31, overload=overloads, knowledge=known), q).value,
        )
        for known in (0.1, 0.5, 0.9)
    )
    by_core = tuple(
        curve(
            _("central: {share}", share=number(core, 1)),
            euros,
            delegation.target(circumstances(49, money=euros, core=core), q).value,
        )
        for core in (0.1, 0.4, 0.8)
    )
    return Sketch(
        _("Handing over a task"),
        _(
            "Overload and knowing the nurse raise the share that a physician would hand over; money moves it within "
            "bounds, and least at the ends. The share moves drop by drop, faster down than up; "
            "a self-employed nurse refuses under load, and more so where she wants autonomy and the task comes with "
            "control."
        ),
        (
            Panel(_("Target by overload"), _("overload"), _("share of the task"), by_knowledge, decimals=(1, 1)),
            Panel(_("Target by money"), _("perceived incentive, EUR an event"), _("share of the task"), by_core),
            Panel(_("The way there"), _("quarter"), _("share of the task"), _path()),
            Panel(_("A self-employed nurse accepts"), _("load"), _("chance"), _accepting(loads, q), decimals=(1, 1)),
        ),
    )


def _path() -> tuple[Curve, ...]:
    q, share = weights(), np.array([0.0, 0.0])
    known, course = np.array([0.2, 0.9]), [np.array([0.0, 0.0])]
    for quarter in range(QUARTERS):
        share = delegation.step(share, np.full(2, 0.6 if quarter < QUARTERS // 2 else 0.1), known, q)
        course.append(share)
    return tuple(
        curve(_("knows the nurse: {share}", share=number(k, 1)), np.arange(QUARTERS + 1), np.array(course)[:, n])
        for n, k in enumerate(known.tolist())
    )


def _accepting(loads: Numbers, q: Row) -> tuple[Curve, ...]:
    found = []
    for name, control in ((_("without control"), 0.0), (_("under control"), 1.0)):
        n = len(loads)
        offers = Offers(
            kind=np.full(n, LIBERAL),
            money=np.zeros(n),
            leader=np.ones(n),
            dependence=np.full(n, 0.5),
            tie=np.full(n, 0.7),
            autonomy=np.full(n, 0.8),
            control=np.full(n, control),
            load=loads,
            overlap=np.full(n, 0.5),
            sanction=np.zeros(n),
        )
        found.append(curve(name, loads, nurses.acceptance(offers, q).value))
    return tuple(found)


def practice() -> Sketch:
    """Intervals, length of visits, telephone, list."""
    overloads, pays = np.linspace(0.0, 1.5, 31), np.linspace(0.0, 60.0, 31)
    q = weights()
    loaded = physicians(31, overload=overloads)
    calls = tuple(
        curve(
            _("call pays {euros} EUR", euros=number(paid)),
            overloads,
            visits.phone_share(loaded, {"visit": np.full(31, 25.0), "phone_contact": np.full(31, paid)}, q).value,
        )
        for paid in (0.0, 25.0)
    )
    openness = tuple(
        curve(
            _("list pays {euros} EUR a patient", euros=number(paid)),
            overloads,
            lists.list_openness(
                loaded, {"registration": np.full(31, paid), "visit": np.zeros(31)}, q, visits=0.0
            ).value,
        )
        for paid in (0.0, 90.0, 200.0)
    )
    return Sketch(
        _("Habits of practice"),
        _(
            "Well-paid visits make intervals between renewals shorter; where patients wait and visits are well paid, "
            "a chronic visit is cut step by step; the telephone and closed "
            "lists come with overload, and what they pay moves both."
        ),
        (
            Panel(
                _("Renewals: expected choice"),
                _("perceived pay of a visit, EUR"),
                _("months"),
                _months(pays),
                decimals=(0, 0),
            ),
            Panel(
                _("Length of a chronic visit, where patients wait"),
                _("perceived pay of a visit, EUR"),
                _("minutes"),
                _slots(pays),
                decimals=(0, 0),
            ),
            Panel(_("Contacts by phone"), _("overload"), _("share"), calls, decimals=(1, 1)),
            Panel(_("New patients taken"), _("overload"), _("share"), openness, decimals=(1, 1)),
        ),
    )


def _months(pays: Numbers) -> tuple[Curve, ...]:
    """Mean interval under the choice probabilities, from a habit of 3 months."""
    q = weights()
    found = []
    for altruism in (0.6, 1.2, 2.4):
        months = utility.options_from(np.full(len(pays), 3.0), q["practice_interval_choices"])
        count = 12.0 / months.values
        best = renewals.believed_best(0.8, 3.0, renewals.best_contacts(0.0015, 0.13, q))
        parts = utility.quantity_parts(
            count,
            pays[:, None] * count,
            np.full(len(pays), float(best)),
            np.full(len(pays), altruism),
            np.full(len(pays), 0.5),
            q,
            months.moves,
        )
        chance = utility.choice_probabilities(utility.open_utility(months, parts), q)
        found.append(
            curve(_("altruism {weight}", weight=number(altruism, 1)), pays, (chance * months.values).sum(axis=1))
        )
    return tuple(found)


def _slots(pays: Numbers) -> tuple[Curve, ...]:
    q, n = weights(), len(pays)
    found = []
    for altruism in (0.6, 1.2, 2.4):
        p = physicians(n, slot_chronic=20.0)
        for _quarter in range(QUARTERS):  # one step at a time, until nobody moves
            made = visits.choose_slot(
                p, {"visit": pays}, q, chronic=True, queue=np.ones(n, dtype=bool), altruism=np.full(n, altruism)
            )
            p["slot_chronic"] = made.value
        found.append(curve(_("altruism {weight}", weight=number(altruism, 1)), pays, p["slot_chronic"]))
    return tuple(found)


def time_and_effort() -> Sketch:
    """Half-days, meetings, effort."""
    q, pay, rates = weights(), np.linspace(0.5, 1.6, 45), np.linspace(0.0, 150.0, 31)
    coming = tuple(
        curve(
            _("overload {load}", load=number(load)),
            rates,
            collective.attendance(
                q,
                rate=rates,
                care_hour_pay=collective.hour_of_care(25.0, q),
                overload=load,
                private_gain=0.3,
                tie_leader=0.4,
            ).value,
        )
        for load in (0.0, 1.0)
    )
    return Sketch(
        _("Half-days, meetings, effort"),
        _(
            "Because income weighs more the less there is of it, better pay of a half-day makes physicians work a "
            "little less, unless most of their income comes from elsewhere; meetings are attended the more they pay "
            "against an hour of care; effort answers to what the acts that it moves pay."
        ),
        (
            Panel(
                _("Half-days, in the long run"),
                _("pay of a half-day over that of the start"),
                _("half-days a week"),
                _half_days(pay),
                decimals=(1, 1),
            ),
            Panel(_("Coming to meetings"), _("pay of an hour, EUR"), _("chance"), coming, decimals=(0, 1)),
            Panel(
                _("Effort on prevention: expected choice"),
                _("perceived pay of an act, EUR"),
                _("effort"),
                _efforts(),
                decimals=(0, 1),
            ),
        ),
    )


def _half_days(pay: Numbers) -> tuple[Curve, ...]:
    q, n = weights(), len(pay)
    found = []
    for elsewhere in (0.0, 0.4, 0.8):
        first = 90_000.0 * (1 - elsewhere) / 9.5
        other = np.full(n, 90_000.0 * elsewhere)
        weight = hours.distaste_for_work(np.full(n, 9.5), np.full(n, first), other, q)
        best = hours.best_half_days(weight, first * pay, other, np.full(n, 5.0), np.full(n, 11.0), q)
        found.append(curve(_("{share} of income from elsewhere", share=number(elsewhere, 1)), pay, best))
    return tuple(found)


def _efforts() -> tuple[Curve, ...]:
    q, pays = weights(), np.linspace(0.0, 60.0, 31)
    n = len(pays)
    found = []
    for alpha in (0.6, 1.2):
        options = utility.options_from(np.full(n, 0.3), q["practice_effort_choices"])
        parts = effort.effort_parts(
            options,
            paid=pays * 0.25,
            benefit=np.full(n, alpha * float(q["practice_effort_benefit"][0])),
            minutes=np.full(n, 30.0 * 45.8 / 250.0),
            worth=np.full(n, 1.5),
            q=q,
        )
        chance = utility.choice_probabilities(utility.open_utility(options, parts), q)
        found.append(
            curve(_("altruism {weight}", weight=number(alpha, 1)), pays, (chance * options.values).sum(axis=1))
        )
    assert len(q["practice_effort_benefit"]) == N_EFFORTS
    return tuple(found)


SKETCHES: Final[Mapping[str, Callable[[], Sketch]]] = {
    "handing_over": handing_over,
    "practice": practice,
    "time_and_effort": time_and_effort,
}
"""Sketches of this file by name."""

"""A claim line: what every event leaves behind, who pays it, and whether a lump sum stands for it (behaviour C6)."""

from agents.declarations import Row, Table
from agents.patients import ALD, AME, C2S, DIABETES, NEURO, STAY_FOLLOWED
from agents.teams import DIABETIC_PATIENTS, ELDERLY_FROM, ELDERLY_NEURO_FROM, ELDERLY_PATIENTS
from sim.events import FOR_AME, IN_LIST, NO_CODE, NOBODY, OTHER, OWN, REGISTRATION, SUBSTITUTED, UNKNOWN_DAYS
from sim.kernel import kernel
from sim.week.patient_state import age_band, age_of
from sim.week.prices import FULL_COVER, IN_PATHWAY, OUTSIDE_PATHWAY, Prices
from sim.week.scene import Scene

ADULT = 18


@kernel
def line(s: Scene, events: Table, m: int, requests: Table, n: int, kind: int) -> None:
    """Start claim line ``m`` from request ``n``: who, where and when; money and marks come after."""
    r = requests[n]
    p = s.patients[r.patient]
    age = age_of(s.patients, r.patient, s.week)
    e = events[m]
    e.week = s.week
    e.day = r.day
    e.kind = kind
    e.code = NO_CODE
    e.need = r.need
    e.task = r.task
    e.priority = r.priority
    e.channel = OWN
    e.scope = FOR_AME if p.flags & AME else OTHER
    e.cause = r.cause
    e.marks = 0
    e.payee_kind = NOBODY
    e.payee = -1
    e.provider_team = -1
    e.patient = r.patient
    e.registered_gp = p.registered_gp
    e.registered_team = s.physicians[p.registered_gp].team if p.registered_gp >= 0 else -1
    e.territory = s.cells[p.cell].territory
    e.commune = s.cells[p.cell].commune
    e.age = min(255, age)
    e.age_band = age_band(age)
    e.flags = p.flags
    e.conditions = p.conditions
    e.count = 1
    e.prevented = 0
    e.stops = 0
    e.waited_days = min(255, 7 * (s.week - r.since))
    day = 7 * s.week + r.day
    followed = p.flags & STAY_FOLLOWED and p.discharge_day <= day
    e.days_since_discharge = min(254, day - p.discharge_day) if followed else UNKNOWN_DAYS
    e.length_days = 0
    e.minutes_tenths = 0
    e.gp_minutes_tenths = 0
    e.cents = 0
    e.insurer_cents = 0
    e.household_cents = 0


@kernel
def bill(e: Row, code: int, count: int, each: int) -> None:
    """Put an act on a claim line."""
    e.code = code
    e.count = count
    e.cents = count * each


@kernel
def physician_share(e: Row, price: Prices) -> int:
    """Percentage of a physician's contact that insurance repays: in the pathway once the patient is registered.

    The contact at which the patient is registered is one already (systems 2.1).
    """
    in_pathway = e.scope == IN_LIST or e.marks & REGISTRATION
    return price.repaid[IN_PATHWAY if in_pathway else OUTSIDE_PATHWAY]


@kernel
def split(e: Row, ordinary: int, flat: int, price: Prices) -> float:
    """Who pays the line: insurance and the patient; complementary cover pays the rest (systems 2.1).

    Args:
        e: the line, billed.
        ordinary: percentage that insurance repays where nothing gives full cover.
        flat: charge left to the patient, in cents.
        price: the week's prices.

    Returns:
        What insurance pays, in EUR.
    """
    percent = price.repaid[FULL_COVER] if e.flags & (ALD | C2S) else ordinary
    repaid = (e.cents * percent + 50) // 100
    spared = e.age < ADULT or e.flags & C2S
    e.household_cents = 0 if spared else min(flat, repaid)
    e.insurer_cents = repaid - e.household_cents
    return e.insurer_cents / 100.0


@kernel
def in_perimeter(e: Row, perimeter: int) -> bool:
    """Whether the patient of a line is one of those whom a team lump sum covers (systems 2.4)."""
    if perimeter == ELDERLY_PATIENTS:
        neuro = (e.conditions >> NEURO & 1) != 0
        return e.age >= ELDERLY_FROM or (neuro and e.age >= ELDERLY_NEURO_FROM)
    if perimeter == DIABETIC_PATIENTS:
        return (e.conditions >> DIABETES & 1) != 0 and (e.flags & ALD) != 0
    return True


@kernel
def put_aside(s: Scene, e: Row, profession: int) -> None:
    """Mark an act in whose place the team is paid a lump sum: it stays counted, and nobody bills it."""
    if e.provider_team < 0:
        return
    t = s.teams[e.provider_team]
    if t.replaced[e.scope] >> e.code & 1 and in_perimeter(e, t.perimeter[profession]):
        e.marks |= SUBSTITUTED

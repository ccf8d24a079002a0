"""A claim line: what every event leaves behind, and what insurance repays of it (behaviour C6)."""

from agents.declarations import Row, Table
from agents.patients import ALD, AME, C2S, STAY_FOLLOWED
from sim.events import FOR_AME, NO_CODE, NOBODY, OTHER, OWN, UNKNOWN_DAYS
from sim.kernel import kernel
from sim.week.patient_state import age_band, age_of
from sim.week.prices import FULL_COVER, Prices
from sim.week.scene import Scene


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
    e.waited_days = min(255, 7 * (s.week - r.since))
    day = 7 * s.week + r.day
    followed = p.flags & STAY_FOLLOWED and p.discharge_day <= day
    e.days_since_discharge = min(254, day - p.discharge_day) if followed else UNKNOWN_DAYS
    e.length_days = 0
    e.minutes_tenths = 0
    e.gp_minutes_tenths = 0
    e.cents = 0


@kernel
def bill(e: Row, code: int, count: int, each: int) -> None:
    """Put an act on a claim line."""
    e.code = code
    e.count = count
    e.cents = count * each


@kernel
def insurer_share(e: Row, ordinary: float, price: Prices) -> float:
    """Share of the tariff that public insurance repays."""
    return price.repaid[FULL_COVER] if e.flags & (ALD | C2S) else ordinary

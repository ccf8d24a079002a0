"""How long a world is warmed up: by rule, and shown.

Worlds start near the stationary law of control (behaviour C4), whose own time constant is years: the warm-up only lets
queues, loads, ties and follow-ups find their level. The rule compares each year with the one before.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from agents.declarations import Table
from agents.patients import ALIVE
from sim.parameters import all_parameters
from sim.week.patient_state import CONTROL_UNIT
from sim.world import WEEKS_PER_YEAR, World

SHORTEST_YEARS: Final = 2
LONGEST_YEARS: Final = 6
WEIGHTS: Final = ("quotes.spending_step", "team_life.posts_of_kinds")
"""Parameters of who decides that are read although nobody decides yet: what an action adds to a measure is noted, and
teams that may hire are founded with a post to fill."""


@dataclass(frozen=True, slots=True)
class Level:
    """Where a world stood in one year of its warm-up.

    Attributes:
        contacts: contacts with physicians per person.
        booked: share of the physicians' minutes that was booked.
        control: mean control of chronic conditions at the end of the year.
    """

    contacts: float
    booked: float
    control: float

    def far_from(self, before: "Level", tolerance: float) -> bool:
        """Whether any of the three moved by more than ``tolerance`` (relative) since the year before."""
        pairs = ((self.contacts, before.contacts), (self.booked, before.booked), (self.control, before.control))
        return any(abs(now - then) > tolerance * max(abs(then), 1e-9) for now, then in pairs)


class Gauge:
    """Adds up a year of warm-up, week by week."""

    def __init__(self) -> None:
        self.levels: list[Level] = []
        self._contacts = 0
        self._booked = 0.0
        self._weeks = 0

    def add_week(self, world: World) -> None:
        """Count the week that has just passed; a year is closed by its last week."""
        at_work = world.physicians["present"] > 0
        self._contacts += int(world.physicians["contacts"].sum())
        if at_work.any():
            self._booked += float(world.physicians["booked_share"][at_work].mean())
            self._weeks += 1
        if world.week % WEEKS_PER_YEAR == 0:
            people = max(1, int(np.count_nonzero(world.patients["flags"] & ALIVE)))
            booked = self._booked / max(1, self._weeks)
            self.levels.append(Level(self._contacts / people, booked, mean_control(world)))
            self._contacts, self._booked, self._weeks = 0, 0.0, 0

    def settled(self, tolerance: float) -> bool:
        """Whether the warm-up may end: long enough, and the last year like the one before, or as long as allowed."""
        if len(self.levels) < SHORTEST_YEARS:
            return False
        return len(self.levels) >= LONGEST_YEARS or not self.levels[-1].far_from(self.levels[-2], tolerance)


def acts(parameter: str) -> bool:
    """Whether a parameter acts on the founding of a world or on its warm-up.

    Those of the week do. Those of who decides are in a record of their own, of which a warm-up holds :data:`WEIGHTS`
    alone (:func:`acting`): code that reads another one there fails at once.
    """
    return not all_parameters()[parameter].behaviour or parameter in WEIGHTS


def acting(behaviour: Table) -> Table:
    """The part of the record of who decides that a warm-up may read."""
    return behaviour[[all_parameters()[weight].field for weight in WEIGHTS]]


def mean_control(world: World) -> float:
    """Mean control over the conditions of the living, as last brought up to date."""
    patients = world.patients[(world.patients["flags"] & ALIVE) > 0]
    ill = (patients["conditions"][:, None] >> np.arange(7)) & 1 > 0
    return float(patients["control"][ill].mean() * CONTROL_UNIT) if ill.any() else 1.0

"""Compiling the end of the week while the first run compiles its beginning: ``python -m sim.ahead``.

Compiling takes one processor and nearly a minute. Started beside the very first run, this compiles what the run would
come to last, and the run finds it where compiled code is kept (``sim/kernel.py``). Nothing depends on it.
"""

import numpy as np

from sim.events import DTYPE as EVENT_DTYPE
from sim.founding import found
from sim.specification import ScenarioSpec, TerritorySpec
from sim.tariffs import Tariffs
from sim.week.demography import demography_week
from sim.week.effects import apply
from sim.week.prices import prices
from sim.week.requests import DTYPE as REQUEST_DTYPE
from sim.week.scene import scene


def compile_ahead() -> None:
    """Let nothing happen to a hamlet: compile what a week calls late and takes long to compile."""
    world = found(ScenarioSpec(territory=TerritorySpec(people=500, town=200, columns=4, rows=4)))
    events = np.empty(0, dtype=EVENT_DTYPE)
    apply(scene(world), np.empty(0, dtype=REQUEST_DTYPE), 0, 0, events, prices(Tariffs(), world.day()))
    demography_week(world)


if __name__ == "__main__":
    compile_ahead()

"""Draws of those who decide: one for each option, keyed by who decides and when."""

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from sim.draws import uniforms
from sim.world import World

MOST_OPTIONS = 64
"""Options of one decision that have a draw of their own."""


def option_draws(
    world: World, which: np.uint64, who: Table | NDArray[np.uint64], options: int, week: int | None = None
) -> NDArray[np.float64]:
    """Uniforms of a decision, ``(agents, options)``.

    Args:
        world: the world, for the seed and the week.
        which: key of the decision (``sim.draws.decision``).
        who: stable content ids, ``(agents,)``.
        options: how many each may choose from, at most :data:`MOST_OPTIONS`.
        week: of the decision, this one by default; a number that never changes for what is decided once for all.
    """
    assert options <= MOST_OPTIONS
    first = (world.week if week is None else week) * MOST_OPTIONS
    steps = [first + option for option in range(options)]
    return np.stack([uniforms(world.seed, which, who, step=step) for step in steps], axis=1)

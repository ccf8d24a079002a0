"""How many worlds are enough, and when a warm-up may end: the rules of the house, shown on what was run.

The number of worlds: an interval of the mean paired difference is drawn for the first two worlds, the first three, ...;
the rule asks for the number from which it is expected to be as narrow as wanted
(:func:`results.intervals.still_needed`).

The warm-up: a year is compared with the one before; it may end once no level has moved by more than a share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from results.intervals import FEWEST, apart, paired, still_needed

type Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Running:
    """What was known of one difference after each world.

    Attributes:
        outcome, arm: the difference.
        worlds: numbers of worlds, from two on.
        mean, half: mean difference and half-width of its interval after so many.
        wanted: half-width that is wanted.
        needed: worlds that the rule asks for in all, after the last.
    """

    outcome: str
    arm: str
    worlds: Numbers
    mean: Numbers
    half: Numbers
    wanted: float
    needed: float


@dataclass(frozen=True, slots=True)
class Settling:
    """Levels of one world in each year of a warm-up.

    Attributes:
        seed: its seed.
        levels: one value a year, by what is watched.
        tolerance: share by which no level may move.
    """

    seed: int
    levels: Mapping[str, Sequence[float]]
    tolerance: float

    def changes(self) -> dict[str, Numbers]:
        """Relative change of each level from each year to the next."""
        return {
            name: np.abs(np.diff(values)) / np.maximum(np.abs(np.asarray(values[:-1], dtype=float)), 1e-9)
            for name, values in self.levels.items()
        }

    def settled_after(self) -> int:
        """Years after which the rule lets the warm-up end; 0 when it never did."""
        moves = np.max(list(self.changes().values()), axis=0)
        quiet = np.flatnonzero(moves <= self.tolerance)
        return int(quiet[0]) + FEWEST if quiet.size else 0


def running(runs: pd.DataFrame, outcome: str, arm: str, baseline: str, wanted: float) -> Running:
    """What was known of a difference after each world, in the order of the seeds.

    Args:
        runs: one row an arm and world (and year): ``arm``, ``seed`` and the outcome.
        outcome: what is read.
        arm: the arm.
        baseline: what it is compared with.
        wanted: half-width that is wanted.
    """
    table = runs.pivot_table(outcome, "seed", "arm", aggfunc="mean").sort_index()
    both = table[[arm, baseline]].dropna().to_numpy(dtype=np.float64)
    values = apart(both[:, 0], both[:, 1])
    counts = np.arange(FEWEST, len(values) + 1)
    found = [paired(values[:n]) for n in counts]
    spread = found[-1].within if found else float("nan")
    return Running(
        outcome, arm, counts.astype(float), np.array([one.mean for one in found]),
        np.array([(one.high - one.low) / 2 for one in found]), wanted,
        len(values) + still_needed(spread, len(values), wanted),
    )  # fmt: skip

"""What is known over seeds: levels of arms, paired differences, and each with its interval."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from results.intervals import FEWEST, LEVEL
from results.teaching.packed import packed

type Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Known:
    """A study of the page.

    Attributes:
        territory, arms, baseline, seeds, years, read, outcomes: as in the payload.
        values: ``(arms, seeds, outcomes)``, mean over the years read.
        levels: ``(arms, outcomes, 3)``: mean, low, high.
        differences: ``(arms, arms, outcomes, 3)``: the first arm less the second.
        by_year: ``(arms, years, outcomes, 3)``.
    """

    territory: str
    arms: tuple[str, ...]
    baseline: str
    seeds: tuple[int, ...]
    years: int
    read: tuple[int, ...]
    outcomes: tuple[str, ...]
    values: Numbers
    levels: Numbers
    differences: Numbers
    by_year: Numbers

    def estimate(self, outcome: str, arm: str, versus: str = "") -> tuple[float, float, float]:
        """Mean, low and high of an arm, or of its difference from another."""
        place, row = self.outcomes.index(outcome), self.arms.index(arm)
        found = self.differences[row, self.arms.index(versus), place] if versus else self.levels[row, place]
        mean, low, high = (float(value) for value in found)
        return mean, low, high

    def apart(self, one: tuple[str, str], other: tuple[str, str]) -> tuple[float, float, float]:
        """Mean, low and high of one number less another on the same seeds, each an outcome of an arm."""
        mine, theirs = (
            self.values[self.arms.index(arm), :, self.outcomes.index(outcome)] for outcome, arm in (one, other)
        )
        mean, low, high = (float(value) for value in intervals(mine - theirs, 0))
        return mean, low, high

    def as_payload(self) -> dict[str, Any]:
        """As the page reads it."""
        return {
            "territory": self.territory, "arms": list(self.arms), "baseline": self.baseline, "seeds": list(self.seeds),
            "years": self.years, "read": list(self.read), "outcomes": list(self.outcomes),
            **{name: packed(getattr(self, name), "f4") for name in ("values", "levels", "differences", "by_year")},
        }  # fmt: skip


def known(
    table: pd.DataFrame,
    territory: str,
    arms: Sequence[str],
    baseline: str,
    read: Sequence[int],
    outcomes: Sequence[str],
    shares: Collection[str] = (),
) -> Known:
    """What a table of a study says.

    Args:
        table: one row an arm, seed and year.
        territory: id of the territory where it is shown.
        arms: ids, in the order of the page.
        baseline: the arm that others are compared with.
        read: years whose mean is taken.
        outcomes: columns.
        shares: outcomes that are a share of something, whose intervals end at 0 and 1.
    """
    seeds, years = sorted(set(table["seed"])), sorted(set(table["year"]))
    index = pd.MultiIndex.from_product([arms, seeds, years])
    whole = table.set_index(["arm", "seed", "year"])[list(outcomes)].reindex(index).to_numpy(np.float64)
    cube = whole.reshape(len(arms), len(seeds), len(years), len(outcomes))
    values = cube[:, :, [years.index(year) for year in read]].mean(axis=2)
    share = np.array([one in shares for one in outcomes])[:, None]
    least, most = np.where(share, 0.0, -np.inf), np.where(share, 1.0, np.inf)
    return Known(
        territory, tuple(arms), baseline, tuple(int(seed) for seed in seeds), len(years), tuple(read), tuple(outcomes),
        values, np.clip(intervals(values, 1), least, most), intervals(values[:, None] - values[None], 2),
        np.clip(intervals(cube, 1), least, most),
    )  # fmt: skip


def intervals(values: Numbers, seeds: int, level: float = LEVEL) -> Numbers:
    """Mean over seeds and its t interval, as :func:`results.intervals.paired` makes it, for many numbers at once.

    Args:
        values: any shape; a missing seed is left out.
        seeds: the axis of seeds.
        level: coverage.

    Returns:
        The shape without seeds, and a last axis: mean, low, high; missing ends where there are too few seeds.
    """
    there = np.isfinite(values)
    count = there.sum(axis=seeds)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, values, 0.0).sum(axis=seeds) / count
        apart = np.where(there, values - np.expand_dims(mean, seeds), 0.0)
        error = np.sqrt((apart**2).sum(axis=seeds) / (count - 1) / count)
        half = special.stdtrit(np.maximum(count - 1, 1), (1 + level) / 2) * error
    half = np.where(count >= FEWEST, half, np.nan)
    return np.stack([mean, mean - half, mean + half], axis=-1)


def sign(estimate: tuple[float, float, float]) -> str:
    """What an interval says of a difference: ``more``, ``less``, or ``unclear`` where it holds 0 or is not known."""
    _mean, low, high = estimate
    if low > 0:
        return "more"
    return "less" if high < 0 else "unclear"


def plain(estimate: tuple[float, float, float]) -> list[float | None]:
    """An estimate as JSON holds it."""
    return [float(f"{value:.6g}") if np.isfinite(value) else None for value in estimate]


type Studies = Mapping[str, Known]

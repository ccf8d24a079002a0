"""The verdict on a pattern (``docs/validation.md`` says the rule): inside, overlap or miss."""

import math
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from scenarios.patterns.declaration import Pattern

CONFIDENCE: Final = 0.95
PRECISION: Final = 0.25
"""Largest half-width of the interval, as a part of the width of the band."""
MOST_SEEDS: Final = 100_000

INSIDE, OVERLAP, MISS = "inside", "overlap", "miss"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A pattern set against its band.

    Attributes:
        mean: mean over seeds.
        low, high: its 95 % t-interval.
        seeds: seeds with a value; ``failed`` have none.
        verdict: ``inside``: the mean lies in the band and the interval is narrow enough; ``overlap``: only the
            interval touches it; ``miss``. A required sign that the whole interval does not have spoils ``inside``.
        seeds_needed: seeds after which the interval should be narrow enough; 0 when it is.
    """

    pattern: Pattern
    mean: float
    low: float
    high: float
    seeds: int
    failed: int
    verdict: str
    seeds_needed: int

    @property
    def passed(self) -> bool:
        """Only ``inside`` counts as a pass."""
        return self.verdict == INSIDE

    def as_json(self) -> dict[str, Any]:
        """Plain content; numbers that are not finite become null."""
        content = asdict(self.pattern) | {
            "verdict": self.verdict, "passed": self.passed, "mean": self.mean, "low": self.low, "high": self.high,
            "seeds": self.seeds, "failed": self.failed, "seeds_needed": self.seeds_needed,
        }  # fmt: skip
        return {key: _plain(value) for key, value in content.items()}


def t_interval(values: ArrayLike) -> tuple[float, float, float]:
    """Mean and 95 % t-interval of independent values; infinite for fewer than two.

    Returns:
        ``(mean, low, high)``, all NaN when there is no value.
    """
    sample = np.asarray(values, dtype=float)
    if len(sample) == 0:
        return math.nan, math.nan, math.nan
    mean = float(sample.mean())
    if len(sample) == 1:
        return mean, -math.inf, math.inf
    half = _half_width(float(sample.std(ddof=1)), len(sample))
    return mean, mean - half, mean + half


def judged(pattern: Pattern, values: pd.Series) -> Judgement:
    """Judge the values of a pattern, one a seed (missing for a seed that failed)."""
    whole = values.dropna()
    mean, low, high = t_interval(whole)
    verdict = _verdict(pattern, mean, low, high)
    lowest, highest = pattern.band
    needed = 0
    if lowest <= mean <= highest and (high - low) / 2 > PRECISION * (highest - lowest):
        needed = _seeds_needed(float(whole.std(ddof=1)), PRECISION * (highest - lowest))
    return Judgement(pattern, mean, low, high, len(whole), len(values) - len(whole), verdict, needed)


def _verdict(pattern: Pattern, mean: float, low: float, high: float) -> str:
    if math.isnan(mean):
        return MISS
    lowest, highest = pattern.band
    narrow = (high - low) / 2 <= PRECISION * (highest - lowest)
    touches = low <= highest and high >= lowest
    holds_none = low <= pattern.reference <= high
    toward = {
        "": True, "positive": low > pattern.reference, "negative": high < pattern.reference, "none": holds_none,
    }[pattern.sign]  # fmt: skip
    if lowest <= mean <= highest and narrow and toward:
        return INSIDE
    return OVERLAP if touches and _may_be_toward(pattern, low, high) else MISS


def _may_be_toward(pattern: Pattern, low: float, high: float) -> bool:
    """Whether part of the interval has the sign that is required."""
    signs = {"": True, "positive": high > pattern.reference, "negative": low < pattern.reference, "none": False}
    return signs[pattern.sign]


def _half_width(deviation: float, seeds: int) -> float:
    from scipy.stats import t  # slow to import, and only needed when something is judged

    return float(t.ppf((1 + CONFIDENCE) / 2, seeds - 1)) * deviation / math.sqrt(seeds)


def _seeds_needed(deviation: float, wanted: float) -> int:
    """Smallest number of seeds with a half-width of at most ``wanted``, if the spread stays what it is."""
    if not math.isfinite(deviation):
        return 2
    few, many = 2, MOST_SEEDS
    while few < many:
        middle = (few + many) // 2
        few, many = (few, middle) if _half_width(deviation, middle) <= wanted else (middle + 1, many)
    return few


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value

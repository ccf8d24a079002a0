"""What calibration targets say of a simulated mean: normal, Student, or a band.

The mean under a vector of parameters is not known exactly: it is emulated, from runs with a few seeds. Its variance is
added to that of the target where there is a formula for it, so that a target is never held to more than is known.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

type Numbers = NDArray[np.float64]
type Kind = Literal["normal", "student", "band"]

KINDS: Final[tuple[Kind, ...]] = ("normal", "student", "band")
DEGREES: Final = 4.0
"""Degrees of freedom of Student's distribution unless a file says otherwise: tails that forgive one wrong target."""
BAND_IN_SD: Final = 4.0
"""Width of an acceptance band in standard deviations of a target: two on each side, some 95 %."""
SHARPEST: Final = 1e-3
"""Least standard deviation of a simulated mean beside a band, as a part of its width: a wall has no slope to climb."""


@dataclass(frozen=True, slots=True)
class Target:
    """A number that the model is fitted to, or only compared with.

    Attributes:
        id: its name.
        title: one line for people.
        unit: unit of the number.
        kind: its likelihood.
        value: the number.
        sd: its standard deviation (scale, for Student).
        low, high: its band.
        degrees: degrees of freedom of Student's distribution.
        fitted: whether the search uses it; a validation target is only compared with.
    """

    id: str
    title: str
    unit: str
    kind: Kind
    value: float
    sd: float
    low: float
    high: float
    degrees: float = DEGREES
    fitted: bool = True

    @property
    def tolerance(self) -> float:
        """What a deviation is measured against: the standard deviation, or that of a band."""
        return self.sd if self.kind != "band" else (self.high - self.low) / BAND_IN_SD

    def log_likelihood(self, mean: Numbers, variance: Numbers) -> Numbers:
        """Logarithm of the likelihood of simulated means.

        Args:
            mean: simulated means, any shape.
            variance: what is not known of them, of the same shape.
        """
        if self.kind == "band":
            return self._of_band(mean, variance)
        spread = np.sqrt(self.sd**2 + variance)
        law = stats.norm if self.kind == "normal" else stats.t(self.degrees)
        return np.asarray(law.logpdf((self.value - mean) / spread) - np.log(spread))

    def _of_band(self, mean: Numbers, variance: Numbers) -> Numbers:
        """Chance that the mean lies in the band, without loss of digits far outside."""
        width = self.high - self.low if math.isfinite(self.high - self.low) else max(abs(self.value), 1.0)
        spread = np.sqrt(np.maximum(variance, (SHARPEST * width) ** 2))
        below, above = (self.low - mean) / spread, (self.high - mean) / spread
        flip = below > 0  # the two tails are alike: take the one that has digits
        lower, upper = np.where(flip, -above, below), np.where(flip, -below, above)
        least, most = special.log_ndtr(lower), special.log_ndtr(upper)
        return np.asarray(most + np.log1p(-np.exp(np.minimum(least - most, -1e-16))))

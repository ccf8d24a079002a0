"""Parameters of a calibration: where each may lie before anything is compared."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.mistakes import Mistake
from results.posterior import Prior
from scenarios.study.design_file import AXIS
from scenarios.study.file_keys import Keys, is_number
from scenarios.study.points import Axis, axis_of

LAWS: Final = ("uniform", "normal")
PARAMETER: Final[Keys] = {
    **{key: AXIS[key] for key in ("low", "high", "scale", "times")},
    "prior": (lambda value: value in LAWS, Mistake("one of {known}", known=", ".join(LAWS))),
    "mean": (is_number, Mistake("a number")),
    "sd": (lambda value: is_number(value) and 0 < value < math.inf, Mistake("a number above 0")),
}
GRID: Final = 1000
"""Parts of equal probability by which a prior is summed up."""

type Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Declared:
    """A parameter with its prior over the range of an axis.

    Attributes:
        axis: the parameter, or one number of a table, or a factor for the table.
        law: ``uniform`` over the range (in logarithm where the axis says so), or ``normal`` cut off at its ends.
        mean, sd: of a normal prior.
        title, unit: what the parameter is called.
    """

    axis: Axis
    law: str
    mean: float
    sd: float
    title: str
    unit: str

    def shares(self, quantiles: Numbers) -> Numbers:
        """Shares of the range below which quantiles of the prior lie."""
        if self.law == "uniform":
            return quantiles
        from scipy.special import ndtr, ndtri

        ends = (np.array([self.axis.low, self.axis.high]) - self.mean) / self.sd
        low, high = ndtr(ends)
        values = self.mean + self.sd * ndtri(low + quantiles * (high - low))
        return np.asarray(((values - self.axis.low) / (self.axis.high - self.axis.low)).clip(0, 1))

    def at(self, quantiles: Numbers) -> Numbers:
        """Values below which quantiles of the prior lie."""
        return np.array([self.axis.at(float(share)) for share in self.shares(quantiles)])

    def shown(self) -> Prior:
        """Itself, for tables and figures."""
        law = "log-uniform" if self.axis.log else self.law
        return Prior(
            self.axis.name, self.axis.parameter, self.title, "×" if self.axis.times else self.unit, law,
            self.axis.low, self.axis.high, self.at((np.arange(GRID) + 0.5) / GRID), self.axis.centre,
        )  # fmt: skip


def declared(name: str, said: Mapping[str, Any], known: Mapping[str, Any], start: Mapping[str, Any]) -> Declared:
    """A parameter as a calibration file says it; its range is that of the parameter file unless it says another.

    Args:
        name: id, with the place of one number of a table in brackets.
        said: ``low``, ``high``, ``scale``, ``times``, ``prior``, ``mean``, ``sd``.
        known: parameters by id.
        start: values that the scenario gives.

    Raises:
        Mistake: for a parameter that is not known, an impossible range, a prior without what it needs.
    """
    axis = axis_of(name, {key: said[key] for key in ("low", "high", "scale", "times") if key in said}, known, start)
    law = said.get("prior", "uniform")
    for key in ("mean", "sd"):
        if (key in said) != (law == "normal"):
            raise Mistake('{key}: prior = "normal" goes with a mean and an sd, and they go with it.', key=name)
    if law == "normal" and axis.log:
        raise Mistake('{key}: scale = "log" goes with prior = "uniform".', key=name)
    facts = known[axis.parameter]
    for end in (axis.low, axis.high):
        value = np.asarray(axis.start, dtype=float) * end if axis.times else end
        if np.min(value) < facts.low or np.max(value) > facts.high:
            raise Mistake("{key}: {value} is outside the range of its file, {low} to {high}.", key=name,
                          value=np.round(value, 6).tolist(), low=facts.low, high=facts.high)  # fmt: skip
    return Declared(axis, law, float(said.get("mean", 0.0)), float(said.get("sd", 1.0)),
                    getattr(facts, "title", name), getattr(facts, "unit", ""))  # fmt: skip


def vectors_of(cube: Numbers, priors: Sequence[Declared]) -> list[dict[str, Any]]:
    """Values of parameters by id at points of the unit cube, ``(points, parameters)``."""
    columns = [prior.at(cube[:, place]) for place, prior in enumerate(priors)]
    vectors = []
    for row in zip(*columns, strict=True):
        vector: dict[str, Any] = {}
        for prior, value in zip(priors, row, strict=True):
            prior.axis.put(vector, float(value))
        vectors.append(vector)
    return vectors

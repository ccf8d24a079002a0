"""Points of a sweep: which values parameters take together. Reproducible, and every value within its range."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np

from agents.mistakes import Mistake
from scenarios.wording import shown, with_nearest

DRAWN: Final = ("latin_hypercube", "sobol")
"""Designs that draw a number of points."""
KINDS: Final = ("grid", "list", *DRAWN, "one_at_a_time")
INDEXED: Final = re.compile(r"(?P<id>[^\[\]]+)(?P<index>(?:\[\d+\])*)")
LEVELS: Final = 3

type Point = Mapping[str, float]
"""Value by axis."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One number that a sweep varies: a parameter, one number of a table of them, or a factor for the whole table.

    Attributes:
        name: how its column is called: ``choice.wait_day[0]``.
        parameter: id of the parameter.
        start: value of the parameter in the scenario, or table of values.
        index: place of the number in the table, if it is one of them.
        times: whether the whole table is multiplied.
        low, high: ends of the range.
        values: values that are tried instead of a range.
        log: whether steps are equal in logarithm.
        levels: values tried in a grid.
    """

    name: str
    parameter: str
    start: Any
    index: tuple[int, ...] = ()
    times: bool = False
    low: float = 0.0
    high: float = 1.0
    values: tuple[float, ...] = ()
    log: bool = False
    levels: int = LEVELS

    @property
    def centre(self) -> float:
        """Its value in the scenario."""
        return 1.0 if self.times else float(np.asarray(self.start, dtype=float)[self.index])

    def at(self, share: float) -> float:
        """The value at a share of the range, from 0 to 1."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        low, high = (math.log(self.low), math.log(self.high)) if self.log else (self.low, self.high)
        value = low + share * (high - low)
        return min(max(math.exp(value) if self.log else value, self.low), self.high)

    def steps(self) -> list[float]:
        """The values of a grid, ends included."""
        if self.values:
            return list(self.values)
        return [self.at(step / (self.levels - 1)) for step in range(self.levels)] if self.levels > 1 else [self.at(0.5)]

    def put(self, vector: dict[str, Any], value: float) -> None:
        """Put a value into a vector of parameters."""
        if self.times:
            vector[self.parameter] = (np.asarray(self.start, dtype=float) * value).tolist()
        elif self.index:
            table = np.array(vector.get(self.parameter, self.start), dtype=float)
            table[self.index] = value
            vector[self.parameter] = table.tolist()
        else:
            vector[self.parameter] = value


def axis_of(name: str, said: Mapping[str, Any], declared: Mapping[str, Any], start: Mapping[str, Any]) -> Axis:
    """An axis as a design file says it; what it leaves open comes from the file of the parameter.

    Args:
        name: id of a parameter, with the place of one number of a table in brackets.
        said: ``low``, ``high``, ``values``, ``scale``, ``levels``, ``times``.
        declared: parameters by id, with their ``value``, ``low`` and ``high``.
        start: values that the scenario gives.

    Raises:
        Mistake: for a parameter that is not known, a table without a place, an impossible range.
    """
    found = INDEXED.fullmatch(name)
    parameter = found["id"] if found else name
    if found is None or parameter not in declared:
        raise with_nearest(Mistake('the parameter "{key}" is not known.', key=parameter), parameter, declared)
    index = tuple(int(number) for number in re.findall(r"\d+", found["index"]))
    facts = declared[parameter]
    value = start.get(parameter, facts.value)
    times = "times" in said
    shape = np.shape(value)
    if len(index) != (0 if times else len(shape)) or any(i >= size for i, size in zip(index, shape, strict=False)):
        raise Mistake(
            "{key} is a table of shape {shape}: name one number of it, as {example}, or multiply all with times = "
            "[0.5, 2].",
            key=parameter, shape=shape, example=parameter + "[0]" * len(shape),
        )  # fmt: skip
    low, high = said["times"] if times else (said.get("low", facts.low), said.get("high", facts.high))
    values = tuple(float(one) for one in said.get("values", ()))
    axis = Axis(name, parameter, value, index, times, float(low), float(high), values,
                said.get("scale") == "log", said.get("levels", LEVELS))  # fmt: skip
    _check_range(axis)
    return axis


def _check_range(axis: Axis) -> None:
    if not axis.values and not axis.low < axis.high:
        raise Mistake("{key}: low = {low} is not below high = {high}.", key=axis.name, low=axis.low, high=axis.high)
    if axis.log and not axis.values and axis.low <= 0:
        raise Mistake('{key}: scale = "log" needs a range above 0, not from {low}.', key=axis.name, low=axis.low)


def points_of(kind: str, axes: Sequence[Axis], number: int = 0, draws: Sequence[int] = (1,)) -> list[Point]:
    """The points of a design.

    Args:
        kind: ``grid``, ``latin_hypercube``, ``sobol`` or ``one_at_a_time`` (whose first point is the scenario itself).
        axes: what is varied.
        number: points of each draw, where points are drawn.
        draws: seeds of the draws; another one adds as many points. A longer Sobol draw begins with the shorter one.
    """
    names = [axis.name for axis in axes]
    if kind == "grid":
        return [dict(zip(names, values, strict=True)) for values in product(*(axis.steps() for axis in axes))]
    if kind == "one_at_a_time":
        centre = {axis.name: axis.centre for axis in axes}
        moved = [{**centre, axis.name: value} for axis in axes for value in axis.steps() if value != axis.centre]
        return [centre, *moved]
    drawn = (share for draw in draws for share in unit_cube(kind, len(axes), number, draw))
    return [{axis.name: axis.at(float(u)) for axis, u in zip(axes, share, strict=True)} for share in drawn]


def unit_cube(kind: str, width: int, number: int, draw: int) -> Any:
    """Points of the unit cube, shape (number, width)."""
    from scipy.stats import qmc

    if kind == "sobol":
        whole = qmc.Sobol(width, rng=draw).random_base2(max(0, (number - 1).bit_length()))
        return whole[:number]
    return qmc.LatinHypercube(width, rng=draw).random(number)


def listed(points: Sequence[Mapping[str, Any]], axes: Sequence[Axis]) -> list[Point]:
    """Points that the user gives; what one of them leaves out has the value of the scenario."""
    for point in points:
        for name, value in point.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
                raise Mistake("{key} = {value} is not a number.", key=name, value=shown(value))
    return [{axis.name: float(point.get(axis.name, axis.centre)) for axis in axes} for point in points]


def vector_of(point: Point, axes: Sequence[Axis]) -> dict[str, Any]:
    """Values of parameters by id at a point."""
    vector: dict[str, Any] = {}
    for axis in axes:
        axis.put(vector, point[axis.name])
    return vector

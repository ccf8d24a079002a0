"""A toy laboratory: a study without the weight of the model. Its functions can be imported by worker processes."""

import os
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from agents.mistakes import Mistake
from scenarios.study import Laboratory
from sim.specification import ScenarioSpec

VERSION = "TOY_VERSION"
"""Environment variable: version of the code."""
PREPARED_LOG = "PREPARED_LOG"
"""Environment variable: a file to which each preparation appends a line."""


@dataclass
class ToyWorld:
    """A state that years move, and the length of its warm-up."""

    state: float
    warm_up_weeks: int = 104


class ToyModel:
    """Adds its drift every year, plus a draw keyed by seed, territory and year."""

    def __init__(self, world: ToyWorld, spec: ScenarioSpec) -> None:
        self.world, self.spec, self.year = world, spec, 0

    def run_year(self) -> None:
        self.year += 1
        if self.spec.parameters.get("toy.fails_in_year") == self.year:
            raise ValueError("planted failure")
        draw = zlib.crc32(f"{self.spec.seed} {self.spec.name} {self.year}".encode()) / 2.0**32
        self.world.state += self.spec.parameters.get("toy.drift", 1.0) + draw


@dataclass(frozen=True)
class ToyOutcome:
    """One outcome."""

    name: str

    def function(self, model: ToyModel, year: int) -> float:
        if self.name == "broken":
            raise ZeroDivisionError("no patients")
        return {"state": model.world.state, "square": model.world.state**2, "people": 10.0 * year}[self.name]


def prepare(spec: ScenarioSpec) -> ToyModel:
    if log := os.environ.get(PREPARED_LOG):
        with Path(log).open("a") as file:
            file.write(f"{spec.name} {spec.seed}\n")
    time.sleep(spec.parameters.get("toy.seconds", 0.0))
    if spec.seed == spec.parameters.get("toy.bad_seed"):
        raise Mistake("the territory {name} has nobody in it.", name=spec.name)
    if spec.seed == spec.parameters.get("toy.deadly_seed"):
        os._exit(3)
    return ToyModel(ToyWorld(100.0 * spec.parameters.get("toy.level", 1.0) + spec.seed), spec)


def fork(model: Any, base: ScenarioSpec, arm: ScenarioSpec) -> ToyModel:
    return ToyModel(replace(model.world), arm)


def save(model: Any, path: Path) -> None:
    np.savez(path, state=model.world.state)


def load(path: Path, spec: ScenarioSpec) -> ToyModel:
    with np.load(path) as saved:
        return ToyModel(ToyWorld(float(saved["state"])), spec)


def outcomes() -> Mapping[str, ToyOutcome]:
    return {name: ToyOutcome(name) for name in ("state", "square", "people", "broken")}


def resolve(spec: ScenarioSpec, overrides: Sequence[str]) -> ScenarioSpec:
    for text in overrides:
        key, value = text.split("=")
        if key == "territory.people":
            spec = replace(spec, territory=replace(spec.territory, people=int(value)))
        else:
            spec = replace(spec, parameters={**spec.parameters, key: float(value)})
    return spec


def check(parameter: str, value: Any) -> None:
    if not parameter.startswith("toy."):
        raise Mistake('parameter "{key}" is not known.', key=parameter)


@dataclass(frozen=True)
class ToyParameter:
    """A number that a design may vary, or a table of numbers."""

    value: Any
    low: float
    high: float


def parameters() -> Mapping[str, ToyParameter]:
    return {
        "toy.drift": ToyParameter(1.0, 0.5, 3.0),
        "toy.level": ToyParameter(1.0, 0.1, 10.0),
        "toy.table": ToyParameter([[1.0, 2.0], [3.0, 4.0]], 0.0, 8.0),
    }


def version() -> str:
    return os.environ.get(VERSION, "1")


def close(model: Any) -> None:
    vars(model).clear()


TOY = Laboratory(prepare, fork, save, load, outcomes, resolve, check, version, close, parameters=parameters)

"""Toy laboratories with known answers: Ishigami's function, Sobol's G, one parameter against noise, straight lines."""

import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from statistics import NormalDist
from typing import Any

from scenarios.study import Laboratory
from sim.parameters import Parameter
from sim.specification import ScenarioSpec
from tests.scenarios import toy_laboratory

RUN_LOG, RUN_SECONDS = "RUN_LOG", "RUN_SECONDS"
"""Environment variables: a file to which each run of a year appends a line, and how long it takes."""
NORMAL = NormalDist()


def made(name: str, low: float, high: float, value: float | None = None) -> Parameter:
    middle = (low + high) / 2 if value is None else value
    return Parameter(id=name, value=middle, unit="", low=low, high=high, label="assumption", source="toy", title=name)


PARAMETERS = {
    p.id: p
    for p in (
        *(made(f"ishigami.x{place}", -math.pi, math.pi) for place in (1, 2, 3)),
        *(made(f"g.x{place}", 0.0, 1.0) for place in range(1, 5)),
        made("line.a", 0.0, 10.0), made("line.b", -5.0, 5.0), made("line.c", 0.0, 1.0),
        made("count.n", 1, 3, 2), made("count.m", 1, 3, 2),
    )
}  # fmt: skip
G = (0.0, 1.0, 4.5, 9.0)
"""How unimportant each parameter of Sobol's G is."""


def drawn(*key: object) -> float:
    """A standard normal draw of a key."""
    number = int.from_bytes(blake2b(repr(key).encode(), digest_size=8).digest(), "big")
    return NORMAL.inv_cdf((number + 0.5) / 2.0**64)


def ishigami(of: Callable[[str], float]) -> float:
    x1, x2, x3 = (of(f"ishigami.x{place}") for place in (1, 2, 3))
    return math.sin(x1) + 7 * math.sin(x2) ** 2 + 0.1 * x3**4 * math.sin(x1)


def sobol_g(of: Callable[[str], float]) -> float:
    return math.prod((abs(4 * of(f"g.x{place}") - 2) + a) / (1 + a) for place, a in enumerate(G, start=1))


def straight(of: Callable[[str], float]) -> float:
    return 3.0 + 2.0 * of("line.a") + 1.0 * of("line.b")


VALUES: Mapping[str, Callable[[Callable[[str], float]], float]] = {
    "ishigami": ishigami, "sobol_g": sobol_g, "straight": straight,
    "first": lambda of: of("line.a"), "second": lambda of: of("line.b"), "luck": lambda _of: 0.0,
}  # fmt: skip


class KnownModel:
    """Nothing happens in a year; outcomes are functions of parameters, times the effect of the arm, plus luck."""

    def __init__(self, world: Any, spec: ScenarioSpec) -> None:
        self.world, self.spec, self.year = world, spec, 0

    def run_year(self) -> None:
        self.year += 1
        time.sleep(float(os.environ.get(RUN_SECONDS, "0")))
        if log := os.environ.get(RUN_LOG):
            with Path(log).open("a") as file:
                file.write(f"{self.spec.seed} {sorted(self.spec.parameters.items())}\n")
        if self.fails():
            raise ValueError("planted failure")

    def fails(self) -> bool:
        """Whether a run is one of the share that fail, by its key."""
        often = self.spec.parameters.get("toy.fails", 0.0)
        return NORMAL.cdf(drawn("fails", self.spec.seed, sorted(self.spec.parameters.items()))) < often

    def value(self, name: str) -> float:
        """An outcome: the luck of a seed is shared by both arms, that of a seed, point and arm is not."""
        given = self.spec.parameters
        effect = given.get("toy.effect", 1.0)
        known = VALUES[name](lambda key: float(given.get(key, PARAMETERS[key].value)))
        noise = given.get("toy.noise", 0.0)
        own = drawn(name, self.spec.seed, effect, sorted((k, v) for k, v in given.items() if not k.startswith("toy.")))
        shared = drawn(name, self.spec.seed)
        return effect * known + noise * own + given.get("toy.shared", 0.0) * shared


@dataclass(frozen=True)
class KnownOutcome:
    """One outcome."""

    name: str
    label: str
    unit: str = ""

    def function(self, model: KnownModel, year: int) -> float:
        return model.value(self.name)


def prepare(spec: ScenarioSpec) -> KnownModel:
    return KnownModel(toy_laboratory.ToyWorld(0.0), spec)


def fork(model: Any, base: ScenarioSpec, arm: ScenarioSpec) -> KnownModel:
    return KnownModel(replace(model.world), arm)


def outcomes() -> Mapping[str, KnownOutcome]:
    return {name: KnownOutcome(name, name.replace("_", " ")) for name in VALUES}


def check(parameter: str, value: Any) -> None:
    assert parameter in PARAMETERS or parameter.startswith("toy.")


def parameters() -> Mapping[str, Parameter]:
    return PARAMETERS


def resolve(spec: ScenarioSpec, overrides: Sequence[str]) -> ScenarioSpec:
    return toy_laboratory.resolve(spec, overrides)


KNOWN = Laboratory(
    prepare, fork, toy_laboratory.save, toy_laboratory.load, outcomes, resolve, check, toy_laboratory.version,
    toy_laboratory.close, parameters=parameters,
)  # fmt: skip
"""A laboratory whose answers can be worked out by hand."""

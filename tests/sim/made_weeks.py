"""Small worlds that really live: founded from a scenario, and weeks whose requests can be looked at."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import numpy as np
from numpy.lib.recfunctions import repack_fields
from numpy.typing import NDArray

from agents.declarations import Table
from agents.patients import ALIVE
from sim.founding import found
from sim.specification import Delegation, ScenarioSpec, TeamSpec, TerritorySpec
from sim.week.buffers import Buffers
from sim.week.lands import Land
from sim.week.passage import Passage
from sim.week.scene import Scene
from sim.world import World

TABLES = (
    "territories", "communes", "cells", "patients", "physicians", "nurses", "dyads", "support", "hospitals", "teams",
)  # fmt: skip
"""Tables of a world that hold a row of somebody or of somewhere."""

SHARING = TeamSpec(
    kind="msp",
    physicians=3,
    liberal_nurses=2,
    advanced_practice_nurses=1,
    asalee_fte=0.6,
    delegation={
        "k01": Delegation("advanced_practice", 0.5),
        "k02": Delegation("asalee", 0.4),
        "k14": Delegation("advanced_practice", 0.5),
    },
)
"""A team that hands tasks over to nurses of two kinds."""


def town(people: int = 4_000, seed: int = 1, name: str = "", **more: Any) -> ScenarioSpec:
    """The scenario of a small territory; ``team`` and ``parameters`` as in a scenario, the rest of the territory."""
    teams = more.pop("teams", {"sharing": SHARING})
    parameters = more.pop("parameters", {})
    territory = TerritorySpec(name=name, people=people, town=people // 2, columns=12, rows=10, **more)
    return ScenarioSpec(seed=seed, territory=territory, teams=teams, parameters=parameters)


@dataclass(frozen=True, slots=True)
class Week:
    """One week that has passed.

    Attributes:
        number: the week.
        world: the world after it (the next week changes it).
        before: patients as they were.
        requests: requests as the providers left them.
        events: claim lines.
        flows: births, deaths and moves by territory.
    """

    number: int
    world: World
    before: Table
    requests: Table
    events: Table
    flows: dict[str, NDArray[np.int64]]


class WatchedPassage(Passage):
    """A passage that keeps the week's requests."""

    requests: Table

    def _ask(self, s: Scene, land: Land, into: Buffers) -> Table:
        self.requests = super()._ask(s, land, into)
        return self.requests


def weeks(world: World, number: int) -> Iterator[Week]:
    """Let weeks pass, one by one."""
    passage = WatchedPassage(world)
    for _ in range(number):
        before = world.patients.copy()
        events = passage.week()
        yield Week(world.week - 1, world, before, passage.requests, events, passage.flows)


def lived(world: World, number: int) -> Table:
    """Let weeks pass; all their claim lines."""
    passage = Passage(world)
    return np.concatenate([passage.week() for _ in range(number)])


@cache
def _seasoned() -> World:
    world = found(town())
    lived(world, 60)
    return world


def seasoned() -> World:
    """A copy of a small world in which 60 weeks have passed."""
    return _seasoned().fork()


def living(patients: Table) -> NDArray[np.bool_]:
    """Who lives."""
    return (patients["flags"] & ALIVE) != 0


def changed(world: World, change: Callable[[World], None]) -> World:
    """A copy of a world with something changed."""
    other = world.fork()
    change(other)
    return other


def packed(array: Table) -> bytes:
    """The bytes of a table's columns, without those between them, which hold whatever the memory held."""
    return bytes((array if array.dtype.names is None else repack_fields(np.asarray(array))).tobytes())


def digest(world: World, *events: Table) -> str:
    """Digest of everything that a world holds, and of claim lines."""
    whole = hashlib.blake2b(digest_size=16)
    for field in fields(world):
        value = getattr(world, field.name)
        whole.update(field.name.encode())
        whole.update(packed(value) if isinstance(value, np.ndarray) else repr(value).encode())
    for lines in events:
        whole.update(packed(lines))
    return whole.hexdigest()


def different_tables(one: World, other: World) -> list[str]:
    """Names of the tables in which two worlds differ."""
    return [name for name in TABLES if packed(getattr(one, name)) != packed(getattr(other, name))]

"""Batches: what a worker gets in one go, sized so that it writes a shard every so many seconds."""

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final, Protocol

from agents.mistakes import Mistake
from scenarios.garbage import seldom_looked_for
from scenarios.study.shards import new_name
from scenarios.study.store import LARGE, Store
from scenarios.study.unit import Recipe, Rows, Unit, run_unit
from scenarios.study.workers import WorkerDied, completed, processors
from scenarios.study.worlds import put_back, taken
from sim.specification import ScenarioSpec

SECONDS: Final = 15.0
"""Time after which a worker writes what it has: the most that a kill can cost."""
MERGED_AT: Final = 50
"""Small shards that are put into one when there are so many."""
TAIL: Final = 2
"""The last batches are so small that each worker gets some more of them: nobody waits for one long batch."""


@dataclass(frozen=True)
class Batch:
    """Units for one worker, in order.

    Attributes:
        recipe: what all units of the study have in common.
        units: what is run.
        store: where it is kept, if it is.
        hand_back: whether the rows come back to who asked, too.
        code: version of the code; another one on a worker is refused.
        seconds: time after which a shard is written.
    """

    recipe: Recipe
    units: tuple[Unit, ...]
    store: Store | None
    hand_back: bool
    code: str
    seconds: float = SECONDS

    def split(self) -> list["Batch"]:
        """The same, one unit each: to find the one that kills its worker."""
        return [replace(self, units=(unit,)) for unit in self.units]


@dataclass(slots=True)
class Done:
    """What a worker tells of a batch: how many units and runs, how long, the shards with their rows."""

    units: int
    runs: int = 0
    failed: int = 0
    seconds: float = 0.0
    shards: dict[str, int] = field(default_factory=dict)
    rows: Rows | None = None


class Engine(Protocol):
    """Where batches are run."""

    @property
    def workers(self) -> int:
        """Processes that share the work."""

    @property
    def here(self) -> int:
        """Processes of this machine that may do what is no batch: norms that runs need, estimates from their rows."""

    def completed(
        self, function: Callable[[Batch], Done], batches: Iterable[Batch], split: Callable[[Batch], Iterable[Batch]]
    ) -> Iterator[tuple[Batch, Done | WorkerDied]]:
        """Results as they come; batches are asked for when a worker is free to take one."""


@dataclass(frozen=True, slots=True)
class Local:
    """Processes of this machine; 1 runs in this one."""

    workers: int = field(default_factory=processors)

    @property
    def here(self) -> int:
        """All of them."""
        return self.workers

    def completed(
        self, function: Callable[[Batch], Done], batches: Iterable[Batch], split: Callable[[Batch], Iterable[Batch]]
    ) -> Iterator[tuple[Batch, Done | WorkerDied]]:
        """As :func:`scenarios.study.workers.completed`."""
        return completed(function, batches, self.workers, split)


type Workers = Engine | int | None
"""Who runs a study: an engine, so many processes of this machine, or, with None, one for each of its processors."""


def engine_of(workers: Workers) -> Engine:
    """The engine that somebody asks for."""
    if workers is None:
        return Local()
    return Local(workers) if isinstance(workers, int) else workers


@seldom_looked_for()
def run_batch(batch: Batch) -> Done:
    """Run the units of a batch, and write their rows as a shard at the end and whenever its time is over.

    Raises:
        Mistake: when the store cannot be written or is not seen from here, or this worker has other code.
    """
    if batch.recipe.laboratory.version() != batch.code:
        raise Mistake("a worker on {host} has other code: install the same version everywhere.", host=host())
    if batch.store is not None and not batch.store.claimed:
        raise Mistake("a worker on {host} does not see {folder}: work in a folder that all workers share.",
                      host=host(), folder=batch.store.address)  # fmt: skip
    done, rows, resolved = Done(len(batch.units)), Rows(), dict[Any, ScenarioSpec]()
    back = Rows() if batch.hand_back else None
    began = last = time.perf_counter()
    worlds = taken()
    for unit in batch.units:
        for found in run_unit(batch.recipe, unit, batch.store, worlds, resolved):
            rows.add(found)
            now = time.perf_counter()
            if now - last >= batch.seconds or len(rows.runs) >= LARGE:
                handed_in(batch, rows, done, back)
                rows, last = Rows(), now
    put_back(worlds)
    if rows.runs:
        handed_in(batch, rows, done, back)
    done.seconds, done.rows = time.perf_counter() - began, back
    return done


def handed_in(batch: Batch, rows: Rows, done: Done, back: Rows | None) -> None:
    """Keep rows in the store, or hand them back, and count them."""
    if batch.store is not None:
        done.shards[batch.store.write(rows, batch.recipe, provenance(batch.code))] = len(rows.runs)
    done.runs += len(rows.runs)
    done.failed += rows.failed
    if back is not None:
        back.add(rows)


def provenance(code: str) -> dict[str, str]:
    """What each shard says of its making: versions, and the processor (bits are promised per processor family)."""
    from sim.recording.manifest import machine, now, packages

    of_machine = {name: str(value) for name, value in machine().items()}
    return {"code": code, "written": now().isoformat(), "host": host(), **of_machine, **packages()}


def host() -> str:
    """Name of this machine, as names of shards have it."""
    return new_name("").partition("-")[0]


class Pace:
    """How many units make a batch of the wanted time, learnt from the batches that are done.

    Attributes:
        seconds: wanted time of a batch.
        workers: processes that share the work.
        each: seconds a unit, 0 as long as nothing is known.
    """

    def __init__(self, seconds: float, workers: int) -> None:
        self.seconds, self.workers, self.each = seconds, workers, 0.0

    def learn(self, done: Done) -> None:
        """Half of what was believed, half of what was seen: the first batch pays for compiled code."""
        seen = done.seconds / done.units
        self.each = max(1e-6, (self.each + seen) / 2 if self.each else seen)

    def size(self, left: int) -> int:
        """Units of the next batch, when so many are left."""
        if not self.each:
            return 1
        fair = math.ceil(left / (self.workers * TAIL))
        return max(1, min(int(self.seconds / self.each), LARGE, fair))


def batches_of(units: Sequence[Unit] | Iterator[Unit], total: int, pace: Pace, like: Batch) -> Iterator[Batch]:
    """Units put together as they are asked for."""
    waiting, left = iter(units), total
    while taken := tuple(islice(waiting, pace.size(left))):
        left -= len(taken)
        yield replace(like, units=taken)


class Merger:
    """Puts small shards together as they come in, so that a million runs are some hundred files.

    Attributes:
        store, recipe, code: whose shards they are.
        small: rows of each small shard, by name.
    """

    def __init__(self, store: Store, recipe: Recipe, code: str) -> None:
        self.store, self.recipe, self.code = store, recipe, code
        self.small = store.small()

    def add(self, shards: dict[str, int]) -> None:
        """Take note of new shards; merge when they are many, or enough."""
        self.small |= {name: rows for name, rows in shards.items() if rows < LARGE}
        if len(self.small) >= MERGED_AT or sum(self.small.values()) >= LARGE:
            self.merge()

    def merge(self) -> None:
        """Put all small shards into one; shards that another process has just merged are its own affair."""
        if len(self.small) < 2:  # noqa: PLR2004 - one shard is merged already
            return
        rows = sum(self.small.values())
        try:
            name = self.store.merge(list(self.small), self.recipe, provenance(self.code))
        except FileNotFoundError:
            self.small = self.store.small()
            return
        self.small = {} if rows >= LARGE else {name: rows}

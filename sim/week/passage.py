"""The passage of a week: four phases over ranges of rows, by standard threads (design 4).

The size of a block does not depend on the number of threads and blocks are joined in their order, so that one thread
and many give the same bytes. Kernels release the interpreter; each writes only what its phase owns.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import batched, pairwise
from threading import current_thread
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from sim.events import DTYPE as EVENT_DTYPE
from sim.tariffs import Tariffs
from sim.week.buffers import Buffers, Kernel
from sim.week.demography import demography_week, settlement
from sim.week.effects import apply
from sim.week.ledger import book_lines, clear_counts, close_hospital_week, count_lists, support_load, work_of_desk
from sim.week.needs import ASKED_TOGETHER, ask
from sim.week.parts import Range, blocks, in_one_run, in_turn
from sim.week.prices import Prices, prices
from sim.week.rates import N_STREAMS, write_ceilings
from sim.week.relief import book_nurse_events
from sim.week.requests import DTYPE as REQUEST_DTYPE
from sim.week.requests import TO_REGISTRY
from sim.week.scene import Scene, scene
from sim.week.service import by_provider, presence, serve_nurses, serve_physicians
from sim.world import World

PATIENTS_PER_BLOCK: Final = 16_384
PROVIDERS_PER_BLOCK: Final = 64
REQUESTS_PER_BLOCK: Final = 8_192
RUNS_PER_THREAD: Final = 4
"""Runs of neighbouring blocks into which a phase is cut for each thread: a hand-over costs more than a small block."""
LIST_WEEKS: Final = 4
FLOWS: Final = ("births", "deaths", "moves_in", "moves_out")


class Passage:
    """Carries a world from week to week.

    Attributes:
        world: the world, changed in place.
        tariffs: dated fees.
        flows: births, deaths and moves of the last week, each by territory.
        workers: names of the threads that have worked, so that a test can see that they did.
    """

    def __init__(self, world: World, tariffs: Tariffs | None = None, threads: int = 1) -> None:
        self.world = world
        self.tariffs = tariffs or Tariffs()
        self.workers: set[str] = set()
        self.flows: dict[str, NDArray[np.int64]] = {}
        self._place = settlement(world)
        self._runs = RUNS_PER_THREAD * threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="week") if threads > 1 else None
        self._requests, self._events = Buffers(REQUEST_DTYPE), Buffers(EVENT_DTYPE)
        self._priced: tuple[NDArray[np.int64], Prices] | None = None

    def week(self, day: date | None = None) -> Table:
        """Simulate one week; returns its claim lines, in the order of the patients.

        Args:
            day: day whose prices and law hold, when it is not the world's own (a warm-up lives by those of its end).
        """
        world = self.world
        s = scene(world, day)
        if world.week % LIST_WEEKS == 0:
            count_lists(s, blocks(s.patients.size, PATIENTS_PER_BLOCK), self._each)
        clear_counts(s)
        presence(s)
        requests = self._ask(s)
        self._serve(s, requests)
        events = self._apply(s, requests, self._prices(day or world.day()))
        book_lines(s, events)
        close_hospital_week(s)
        support_load(s, world.support)
        work_of_desk(s, world.support)
        # Last, so that whoever is born or moves in lives from next week on, and the week's flows balance.
        moved = demography_week(world, self._place, requests["patient"][requests["target"] == TO_REGISTRY], s)
        self.flows = {name: getattr(moved, name) for name in FLOWS}
        world.week += 1
        return events

    def write_ceilings(self) -> None:
        """Set the ceilings of every patient: once at the founding, and when an arm changes parameters."""
        s = scene(self.world)
        # As of the week that has passed: who has a birthday in the coming one is not older yet, in any arm.
        s = s._replace(week=max(0, s.week - 1))
        self.each_block(lambda lo, hi: write_ceilings(s, lo, hi, np.zeros(N_STREAMS)))

    def each_block(self, work: Callable[[int, int], None]) -> None:
        """Do something for every patient, block by block: ``work(first row, row after the last)``."""
        self._each(lambda part: work(*part), blocks(len(self.world.patients), PATIENTS_PER_BLOCK))

    def close(self) -> None:
        """End the threads."""
        if self._pool:
            self._pool.shutdown()

    def _in_runs[P, R](self, work: Callable[[Sequence[P]], R], parts: Sequence[P]) -> list[R]:
        """Do ``work`` for runs of neighbouring parts, by the pool when there is more than one part."""
        if self._pool is None or len(parts) <= 1:
            return in_one_run(work, parts)

        def done(run: Sequence[P]) -> R:
            self.workers.add(current_thread().name)
            return work(run)

        return list(self._pool.map(done, batched(parts, -(-len(parts) // self._runs))))

    def _each[P, R](self, work: Callable[[P], R], parts: Sequence[P]) -> list[R]:
        """Do ``work`` for every part, some at a time; results in the order of the parts."""
        return [one for run in self._in_runs(lambda some: in_turn(work, some), parts) for one in run]

    def _prices(self, day: date) -> Prices:
        """The prices of a week: those of the week before as long as its fees are the same table."""
        fees = self.tariffs.week(day)
        if self._priced is None or self._priced[0] is not fees:
            self._priced = fees, prices(self.tariffs, day)
        return self._priced[1]

    def _ask(self, s: Scene) -> Table:
        def begin() -> Kernel:
            rates, stirred = np.zeros(N_STREAMS), np.empty(PATIENTS_PER_BLOCK, dtype=np.int32)
            asked, keys = np.empty(ASKED_TOGETHER, dtype=REQUEST_DTYPE), np.empty(ASKED_TOGETHER, dtype=np.uint64)
            return lambda lo, hi, out: ask(s, lo, hi, out, rates, stirred, asked, keys)

        return self._requests.written(begin, blocks(s.patients.size, PATIENTS_PER_BLOCK), self._in_runs)

    def _serve(self, s: Scene, requests: Table) -> None:
        parts = blocks(requests.size, REQUESTS_PER_BLOCK)
        rows, starts = by_provider(requests, s.nurses.size, s.physicians.size, parts, self._each)
        self._each(
            lambda part: serve_nurses(s, requests, rows, starts, *part), blocks(s.nurses.size, PROVIDERS_PER_BLOCK)
        )
        support = book_nurse_events(s, requests)
        begins = starts[s.nurses.size :]
        self._each(
            lambda part: serve_physicians(s, requests, rows, begins, support, *part),
            blocks(s.physicians.size, PROVIDERS_PER_BLOCK),
        )

    def _apply(self, s: Scene, requests: Table, price: Prices) -> Table:
        def begin() -> Kernel:
            return lambda lo, hi, out: apply(s, requests, lo, hi, out, price)

        return self._events.written(begin, between_patients(requests), self._in_runs)


def between_patients(requests: Table) -> list[Range]:
    """Ranges of requests that never part those of one patient (each block owns its patients)."""
    cuts = [0]
    patients = requests["patient"]
    while cuts[-1] < requests.size:
        cut = min(cuts[-1] + REQUESTS_PER_BLOCK, requests.size)
        while cut < requests.size and patients[cut] == patients[cut - 1]:
            cut += 1
        cuts.append(cut)
    return list(pairwise(cuts))

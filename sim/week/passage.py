"""The passage of a week: four phases over ranges of rows, by standard threads (design 4).

Blocks are joined in their order, so that one thread and many give the same bytes, wherever the cuts fall. Kernels
release the interpreter; each writes only what its phase owns.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from itertools import batched, pairwise
from threading import current_thread
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from sim.events import DTYPE as EVENT_DTYPE
from sim.tariffs import Tariffs
from sim.week.buffers import Buffers, InOrder, Kernel
from sim.week.demography import Flows, demography_week, settlement
from sim.week.effects import apply
from sim.week.lands import Land, lands, whole
from sim.week.ledger import book_lines, clear_counts, close_hospital_week, count_lists, support_load, work_of_desk
from sim.week.needs import ASKED_TOGETHER, ask
from sim.week.parts import InRuns, Range, blocks, each_by, in_one_run
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
LANDS_PER_THREAD: Final = 5
"""Lands into which a world is cut for each thread: at the end some wait for the last, and a hand-over costs."""
FEWEST_LANDS_PER_THREAD: Final = 2
"""Lands for each thread from which each passes by itself: with fewer, threads share the land that there is."""
LIST_WEEKS: Final = 4
FLOWS: Final = ("births", "deaths", "moves_in", "moves_out")


class Room(NamedTuple):
    """Where the week of a land is written."""

    requests: Buffers
    events: Buffers


class Passage:
    """Carries a world from week to week.

    Where there are lands enough, each thread takes one land after the other through the whole week: nobody waits for
    anybody, and what a phase has written is still at hand for the next. Else each phase is cut for all threads.

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
        several = lands(world, len(world.patients) // (LANDS_PER_THREAD * threads))
        apart = len(several) >= FEWEST_LANDS_PER_THREAD * threads
        self._lands = several if self._pool and apart else [whole(world)]
        self._shared = self._pool is not None and not apart
        self._phase: InRuns = self._in_runs if self._shared else in_one_run
        self._each = each_by(self._phase)
        self._rooms: list[Room] = []
        self._events, self._lines = Buffers(EVENT_DTYPE), 0
        self._priced: tuple[NDArray[np.int64], Prices] | None = None

    def week(self, day: date | None = None) -> Table:
        """Simulate one week; returns its claim lines, in the order of the patients.

        Args:
            day: day whose prices and law hold, when it is not the world's own (a warm-up lives by those of its end).
        """
        world = self.world
        s = scene(world, day)
        clear_counts(s)
        presence(s)
        events, moved = self._in_lands(s, self._prices(day or world.day()))
        close_hospital_week(s)
        support_load(s, world.support)
        work_of_desk(s, world.support)
        self.flows = {name: np.concatenate([getattr(of_land, name) for of_land in moved]) for name in FLOWS}
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
        each_by(self._in_runs)(lambda part: work(*part), blocks(0, len(self.world.patients), PATIENTS_PER_BLOCK))

    def close(self) -> None:
        """End the threads."""
        if self._pool:
            self._pool.shutdown()

    def _in_runs[P, R](self, work: Callable[[Sequence[P]], R], parts: Sequence[P]) -> list[R]:
        """Do ``work`` for runs of neighbouring parts, by the pool when there is more than one part."""
        if self._pool is None or len(parts) <= 1:
            return in_one_run(work, parts)
        return self._by_threads(self._pool, work, batched(parts, -(-len(parts) // self._runs)))

    def _by_threads[P, R](self, pool: ThreadPoolExecutor, work: Callable[[P], R], parts: Iterable[P]) -> list[R]:
        """Do ``work`` for every part; results in the order of the parts."""

        def done(part: P) -> R:
            self.workers.add(current_thread().name)
            return work(part)

        return list(pool.map(done, parts))

    def _prices(self, day: date) -> Prices:
        """The prices of a week: those of the week before as long as its fees are the same table."""
        fees = self.tariffs.week(day)
        if self._priced is None or self._priced[0] is not fees:
            self._priced = fees, prices(self.tariffs, day)
        return self._priced[1]

    def _in_lands(self, s: Scene, price: Prices) -> tuple[Table, list[Flows]]:
        """The week of every land: claim lines of all, and who came and went in each."""
        if self._pool is None or len(self._lands) == 1:
            events, moved = self._land(s, self._lands[0], price)
            return events, [moved]
        lines = InOrder(self._events, self._lines)

        def week(place: int) -> Flows:
            events, moved = self._land(s, self._lands[place], price)
            lines.put(place, events)
            return moved

        flows = self._by_threads(self._pool, week, range(len(self._lands)))
        self._lines = len(lines.joined)
        return lines.joined, flows

    def _land(self, s: Scene, land: Land, price: Prices) -> tuple[Table, Flows]:
        """The week of one land: its claim lines, and who came and went."""
        if s.week % LIST_WEEKS == 0:
            count_lists(s, land.physicians, self._parts(*land.patients, PATIENTS_PER_BLOCK), self._each)
        with self._room() as room:
            requests = self._ask(s, land, room.requests)
            self._serve(s, land, requests)
            events = self._apply(s, requests, room.events, price)
            book_lines(s, events)
            # Last, so that whoever is born or moves in lives from next week on, and the week's flows balance.
            news = requests["patient"][requests["target"] == TO_REGISTRY]
            return events, demography_week(self.world, self._place, news, s, land)

    @contextmanager
    def _room(self) -> Iterator[Room]:
        """Room for a week that nobody writes in; what was used last is taken first, for it is close at hand."""
        try:
            room = self._rooms.pop()
        except IndexError:
            room = Room(Buffers(REQUEST_DTYPE), Buffers(EVENT_DTYPE))
        try:
            yield room
        finally:
            self._rooms.append(room)

    def _ask(self, s: Scene, land: Land, into: Buffers) -> Table:
        parts = self._parts(*land.patients, PATIENTS_PER_BLOCK)
        most = max((hi - lo for lo, hi in parts), default=0)

        def begin() -> Kernel:
            rates, stirred = np.zeros(N_STREAMS), np.empty(most, dtype=np.int32)
            asked, keys = np.empty(ASKED_TOGETHER, dtype=REQUEST_DTYPE), np.empty(ASKED_TOGETHER, dtype=np.uint64)
            return lambda lo, hi, out: ask(s, lo, hi, out, rates, stirred, asked, keys)

        return into.written(begin, parts, self._phase)

    def _serve(self, s: Scene, land: Land, requests: Table) -> None:
        first_nurse, first_physician = land.nurses[0], land.physicians[0]
        parts = self._parts(0, requests.size, REQUESTS_PER_BLOCK)
        rows, starts = by_provider(requests, land.nurses, land.physicians, parts, self._each)
        self._each(
            lambda part: serve_nurses(s, requests, rows, starts, first_nurse, *part),
            self._parts(*land.nurses, PROVIDERS_PER_BLOCK),
        )
        support = book_nurse_events(s, requests, *land.physicians)
        begins = starts[land.nurses[1] - first_nurse :]
        self._each(
            lambda part: serve_physicians(s, requests, rows, begins, support, first_physician, *part),
            self._parts(*land.physicians, PROVIDERS_PER_BLOCK),
        )

    def _apply(self, s: Scene, requests: Table, into: Buffers, price: Prices) -> Table:
        def begin() -> Kernel:
            return lambda lo, hi, out: apply(s, requests, lo, hi, out, price)

        parts = between_patients(requests, self._parts(0, requests.size, REQUESTS_PER_BLOCK))
        return into.written(begin, parts, self._phase)

    def _parts(self, first: int, last: int, size: int) -> list[Range]:
        """Rows of a land as a phase takes them: in blocks where threads share the land, else all at once."""
        return blocks(first, last, size if self._shared else max(1, last - first))


def between_patients(requests: Table, parts: Sequence[Range]) -> list[Range]:
    """Ranges of requests whose cuts are moved so that none parts those of one patient: each block owns its patients."""
    cuts = [0]
    patients = requests["patient"]
    for _lo, hi in parts:
        cut = max(hi, cuts[-1])
        while cut < requests.size and patients[cut] == patients[cut - 1]:
            cut += 1
        if cut > cuts[-1]:
            cuts.append(cut)
    return list(pairwise(cuts))

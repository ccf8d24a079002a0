"""The same study on a Dask cluster: one task a batch. A thin adapter; only the extra ``cluster`` needs it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from agents.mistakes import Mistake
from scenarios.study.batches import Batch, Done
from scenarios.study.workers import WorkerDied, processors

ANSWERS_WITHIN_SECONDS = 10
"""Time in which a scheduler that was named must answer."""
AHEAD = 2
"""Batches handed to each worker, so that none idles while a result travels."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Workers of a Dask scheduler.

    Attributes:
        client: a connected ``distributed.Client``.
    """

    client: Any

    @property
    def workers(self) -> int:
        """Threads of all workers (1 each is best: ``dask worker --nthreads 1``)."""
        return max(1, sum(self.client.nthreads().values()))

    @property
    def here(self) -> int:
        """Processors of this machine, which is none of the workers'."""
        return processors()

    def completed(
        self, function: Callable[[Batch], Done], batches: Iterable[Batch], split: Callable[[Batch], Iterable[Batch]]
    ) -> Iterator[tuple[Batch, Done | WorkerDied]]:
        """Results as they come.

        Dask itself runs the batches of a lost worker again; one that keeps killing workers is split, and then given up.
        """
        from distributed import KilledWorker, as_completed

        waiting = iter(batches)
        under_way = {self._submit(function, batch): batch for batch in islice(waiting, self.workers * AHEAD)}
        ready: Any = as_completed(list(under_way))  # type: ignore[no-untyped-call]
        for future in ready:
            batch = under_way.pop(future)
            more: list[Batch] = []
            try:
                yield batch, future.result()
            except KilledWorker:
                if len(batch.units) > 1:
                    more = list(split(batch))
                else:
                    yield batch, WorkerDied()
            future.release()
            for extra in (*more, *islice(waiting, max(0, self.workers * AHEAD - len(under_way)))):
                again = self._submit(function, extra)
                under_way[again] = extra
                ready.add(again)

    def _submit(self, function: Callable[[Batch], Done], batch: Batch) -> Any:
        return self.client.submit(function, batch, pure=False)


def connected(address: str | None, workers: int) -> Any:
    """A client of the scheduler at an address, or of a cluster of processes on this machine.

    Raises:
        Mistake: when Dask is not installed, or nobody answers.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise Mistake('--engine dask needs the extra "cluster": pip install "careteams[cluster]".') from None
    if address is None:
        made = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)  # type: ignore[no-untyped-call]
        return Client(made)  # type: ignore[no-untyped-call]
    try:
        return Client(address, timeout=ANSWERS_WITHIN_SECONDS)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise Mistake("no Dask scheduler answers at {address} ({reason}).", address=address, reason=error) from None

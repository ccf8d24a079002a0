"""A pool of local processes that survives the death of a worker, stops at Ctrl-C and leaves no orphan.

Each worker starts afresh (``spawn``), so that nothing but its task decides what it does, and runs one thread.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from itertools import islice
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait as wait_for
from pathlib import Path

_AHEAD = 2  # tasks handed to each worker, so that none idles while a result is read


class WorkerDied(Exception):
    """The process that ran a task ended without an answer (killed, out of memory, a crash in compiled code)."""


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def completed[Task, Result](
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    workers: int,
    split: Callable[[Task], Iterable[Task]] = lambda task: (task,),
) -> Iterator[tuple[Task, Result | WorkerDied]]:
    """Results of a function over tasks as they come, from a number of processes (1: in this one).

    When a worker dies, the tasks that were under way are split and tried again one at a time, so that the blame falls
    on the right one; it yields ``WorkerDied`` and the rest goes on. An exception of the function itself is raised here.
    """
    if workers <= 1:
        for task in tasks:
            yield task, function(task)
        return
    waiting = iter(tasks)
    while True:
        suspects: list[Task] = []
        yield from _one_pool(function, waiting, workers, _AHEAD, suspects)
        if not suspects:
            return
        parts = iter([part for task in suspects for part in split(task)])
        while True:
            guilty: list[Task] = []
            yield from _one_pool(function, parts, 1, 1, guilty)
            if not guilty:
                break
            yield guilty[0], WorkerDied()


def _one_pool[Task, Result](
    function: Callable[[Task], Result], waiting: Iterator[Task], workers: int, ahead: int, suspects: list[Task]
) -> Iterator[tuple[Task, Result | WorkerDied]]:
    """Results from one pool until the tasks are done or the pool breaks; then ``suspects`` holds what was under way."""
    before = set(active_children())
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_settle_in)
    under_way: dict[Future[Result], Task] = {}
    whole = False
    try:
        while True:
            for task in islice(waiting, workers * ahead - len(under_way)):
                suspects.append(task)
                with _script_apart():
                    under_way[pool.submit(function, task)] = task
                suspects.pop()
            if not under_way:
                break
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                result = future.result()
                yield under_way.pop(future), result
        whole = True
    except BrokenProcessPool:
        suspects.extend(under_way.values())
    finally:
        pool.shutdown(wait=whole, cancel_futures=True)
        if not whole:
            for process in set(active_children()) - before:
                process.terminate()


@contextmanager
def _script_apart() -> Iterator[None]:
    """Start workers without the user's script, where to run it once more would ask for the same study again.

    So three lines in a file need no ``if __name__ == "__main__":``. A script that has it is run by workers as usual,
    for what it declares.
    """
    main = sys.modules["__main__"]
    file = main.__dict__.get("__file__")
    if main.__spec__ is not None or file is None or _has_guard(file):
        yield
        return
    del main.__file__
    try:
        yield
    finally:
        main.__file__ = file


@cache
def _has_guard(script: str) -> bool:
    """Whether a script tells being run from being imported. Asked at every task, and read once."""
    return "__name__" in Path(script).read_text(encoding="utf-8", errors="replace")


def _settle_in() -> None:
    """First thing in a worker: one thread, deaf to Ctrl-C (the parent decides), gone when the parent is gone."""
    for name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)

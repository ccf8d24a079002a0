"""``careteams sweep``: a design file to one tidy table, on this machine, on a cluster, or in parts."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agents.mistakes import Mistake
from results.messages import _, ngettext

if TYPE_CHECKING:
    from scenarios.study.batches import Engine

OUT: Final = Path("results/runs/sweeps")
LOCAL, DASK = "local", "dask"
ENGINES: Final = (LOCAL, DASK)


def sweep(options: argparse.Namespace) -> int:
    """Run what a design file asks for and the store does not know, and say where the table is."""
    from scenarios.study.design_file import read_design

    read = read_design(options.design)
    return swept(read.study, options, keep_worlds=read.keep_worlds)


def swept(study: Any, options: argparse.Namespace, *, keep_worlds: bool = False) -> int:
    """Run a study as the command line asks, and say what came of it."""
    from scenarios.study.store import Store
    from scenarios.study.work import Part

    if options.address and options.engine != DASK:
        raise Mistake("--address is for --engine dask.")
    part = Part.read(options.shard) if options.shard else Part()
    store = Store(options.out or str(OUT / Path(options.design).stem), keep_worlds, study.series, part.label)
    runs = failed = 0
    with engine_of(options) as engine:
        for done in study.work(
            store, engine, progress=options.progress, part=part, accept_changes=options.accept_changes
        ):
            runs, failed = runs + done.runs, failed + done.failed
    if not options.quiet:
        print(ngettext("{n} run made.", "{n} runs made.", runs))
        if failed:
            print(ngettext("{n} run failed: its row says where and why.",
                           "{n} runs failed: their rows say where and why.", failed))  # fmt: skip
        print(_("table: {folder}", folder=f"{store.address}/runs"))
    return 0


@contextmanager
def engine_of(options: argparse.Namespace) -> "Iterator[Engine]":
    """The engine that the command line asks for."""
    from scenarios.study.batches import Local
    from scenarios.study.workers import processors

    workers = options.workers or processors()
    if options.engine == LOCAL:
        yield Local(workers)
        return
    from scenarios.study.cluster import Cluster, connected

    client = connected(options.address or None, workers)
    try:
        yield Cluster(client)
    finally:
        cluster = client.cluster if not options.address else None
        client.close()
        if cluster is not None:
            cluster.close()

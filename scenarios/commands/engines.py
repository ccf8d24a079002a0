"""Where the runs of a command are made, for all that run studies: processes of this machine, or a Dask cluster."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from agents.mistakes import Mistake
from scenarios.options.common import DASK, LOCAL

if TYPE_CHECKING:
    from scenarios.study import Engine


@contextmanager
def engine_asked(options: argparse.Namespace) -> "Iterator[Engine]":
    """The engine that the command line asks for (:func:`scenarios.options.common.engine`), let go at the end.

    Raises:
        Mistake: an address without Dask, Dask not installed, or nobody at the address.
    """
    from scenarios.study import engine_of

    if options.address and options.engine != DASK:
        raise Mistake("--address is for --engine dask.")
    here = engine_of(options.workers)
    if options.engine == LOCAL:
        yield here
        return
    from scenarios.study.cluster import Cluster, connected

    client = connected(options.address or None, here.workers)
    try:
        yield Cluster(client)
    finally:
        cluster = client.cluster if not options.address else None
        client.close()
        if cluster is not None:
            cluster.close()

"""``careteams sweep``: a design file to one tidy table, on this machine, on a cluster, or in parts."""

import argparse
from pathlib import Path
from typing import Any, Final

from results.messages import _, ngettext
from scenarios.commands.engines import engine_asked

OUT: Final = Path("results/runs/sweeps")


def sweep(options: argparse.Namespace) -> int:
    """Run what a design file asks for and the store does not know, and say where the table is."""
    from scenarios.study.design_file import read_design

    read = read_design(options.design)
    return swept(read.study, options, keep_worlds=read.keep_worlds)


def swept(study: Any, options: argparse.Namespace, *, keep_worlds: bool = False) -> int:
    """Run a study as the command line asks, and say what came of it."""
    from scenarios.study.store import Store
    from scenarios.study.work import Part

    part = Part.read(options.shard) if options.shard else Part()
    store = Store(options.out or str(OUT / Path(options.design).stem), keep_worlds, study.series, part.label)
    runs = failed = 0
    with engine_asked(options) as engine:
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

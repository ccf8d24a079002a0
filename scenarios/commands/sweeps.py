"""``careteams sweep``: a design file to one tidy table, on this machine, on a cluster, or in parts."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from results.messages import _, ngettext
from scenarios.commands.engines import engine_asked

if TYPE_CHECKING:
    from scenarios.study import Study

OUT: Final = Path("results/runs/sweeps")


def sweep(options: argparse.Namespace) -> int:
    """Run what a design file asks for and the store does not know, and say where the table is."""
    from scenarios.study.design_file import read_design

    read = read_design(options.design)
    return swept(
        read.study, options, keep_worlds=read.keep_worlds, texts={"title": read.title, "question": read.question}
    )


def swept(
    study: "Study", options: argparse.Namespace, *, keep_worlds: bool = False,
    texts: Mapping[str, Mapping[str, str]] | None = None,
) -> int:  # fmt: skip
    """Run a study as the command line asks, and say what came of it.

    Args:
        study: what is asked.
        options: of the command line.
        keep_worlds: whether warmed-up worlds are kept in the store.
        texts: title and question of the design for people, by language.
    """
    from scenarios.study.store import Store
    from scenarios.study.work import Part

    part = Part.read(options.shard) if options.shard else Part()
    store = Store(options.out or str(OUT / Path(options.design).stem), keep_worlds, study.series, part.label)
    runs = failed = 0
    with engine_asked(options) as engine:
        for done in study.work(
            store, engine, progress=options.progress, part=part, accept_changes=options.accept_changes,
            about={**about(study), **(texts or {})},
        ):  # fmt: skip
            runs, failed = runs + done.runs, failed + done.failed
    if not options.quiet:
        print(ngettext("{n} run made.", "{n} runs made.", runs))
        if failed:
            print(ngettext("{n} run failed: its row says where and why.",
                           "{n} runs failed: their rows say where and why.", failed))  # fmt: skip
        print(_("table: {folder}", folder=f"{store.address}/runs"))
    return 0


def about(study: "Study") -> dict[str, Any]:
    """What the store of a sweep keeps for its report: how it was asked for, and what outcomes are called."""
    from results.provenance import record
    from scenarios.origins import made_by

    asked = record(made_by(study.design(), study.territories[0]))
    told = {key: asked[key] for key in ("parameters", "command", "inputs")}
    return {"outcomes": study.laboratory.called(study.outcomes), **told}

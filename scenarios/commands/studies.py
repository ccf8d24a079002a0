"""``careteams validate`` and ``bench``: what is measured on many runs, or on the machine."""

import argparse

from scenarios.commands.engines import engine_asked


def validate(options: argparse.Namespace) -> int:
    """Compare the model with the patterns of evidence; 0 whatever the verdicts, since a miss is a result."""
    from scenarios.patterns import validate as run

    with engine_asked(options) as engine:
        return run(
            options.files or None, seeds=options.seeds, workers=engine, as_json=options.json,
            markdown=options.markdown, progress=not options.quiet,
        )  # fmt: skip


def bench(options: argparse.Namespace) -> int:
    """Measure the speed of the weekly passage on this machine."""
    from scenarios.bench import SIZES, THREADS
    from scenarios.bench import bench as run
    from scenarios.many_territories import WORKERS
    from scenarios.many_territories import bench as run_territories

    if options.territories:
        workers = options.workers or WORKERS
        return run_territories(options.territories, workers=workers, as_json=options.json, save=options.save)
    return run(
        sizes=options.sizes or SIZES, threads=options.threads or THREADS, as_json=options.json, save=options.save
    )

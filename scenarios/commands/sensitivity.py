"""``careteams sensitivity``: which uncertain parameters decide the differences between arms."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from scenarios.commands.answers import figure_file, origin, told
from scenarios.commands.compare import words
from scenarios.commands.engines import engine_asked
from scenarios.options.common import span

if TYPE_CHECKING:
    from results.figures.style import Described
    from scenarios.sensitivity import Asked, Found


def sensitivity(options: argparse.Namespace) -> int:
    """Run the design, print what decides each difference, write tables and figures where asked."""
    from results.sensitivity_shown import as_json, as_text, write
    from scenarios.sensitivity import YEARS, answered, sensitivity_asked

    figure = figure_file(options.figure)
    asked = sensitivity_asked(
        options.scenario, options.arm, method=options.method, parameters=words(options.parameters),
        together=options.together, trajectories=options.trajectories, samples=options.samples, seeds=options.seeds,
        years=options.years or YEARS, posterior=Path(options.posterior) if options.posterior else None,
        overrides=options.set, outcomes=words(options.outcome), baseline=options.baseline,
        read=span("--read", options.read), warm_up=options.warm_up,
    )  # fmt: skip
    with engine_asked(options) as engine:
        found = answered(asked, workers=engine, progress=not options.quiet)
    return told(
        options, figure=figure,
        content=lambda: as_json(found.sensitivity, found.names, found.unlearnt, found.provenance),
        text=lambda: "\n".join([as_text(found.sensitivity, found.names, found.unlearnt, asked.question.baseline),
                                origin(found.provenance)]),
        write=lambda folder: write(
            found.sensitivity, found.names, found.runs, found.unlearnt, found.provenance, folder
        ),
        draw=lambda: drawn(asked, found),
    )  # fmt: skip


def drawn(asked: "Asked", found: "Found") -> "list[Described]":
    """The figures."""
    from results.figures.sensitivity import scatter, tornado

    ranges = {name: (float(p.low), float(p.high)) for name, p in asked.parameters.items()}
    return [
        tornado(found.sensitivity, found.names, found.titles, found.unlearnt, found.provenance),
        scatter(found.sensitivity, found.names, found.titles, ranges, found.provenance),
    ]

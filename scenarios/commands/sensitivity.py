"""``careteams sensitivity``: which uncertain parameters decide the differences between arms."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from results.messages import _
from scenarios.commands.compare import figure_file, origin, words
from scenarios.commands.pictures import saved
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
    found = answered(asked, workers=options.workers, progress=not options.quiet)
    if options.json:
        content = as_json(found.sensitivity, found.names, found.unlearnt, found.provenance)
        print(json.dumps(content, ensure_ascii=False, indent=1, default=str))
    else:
        print(as_text(found.sensitivity, found.names, found.unlearnt, asked.question.baseline))
        print(origin(found.provenance))
    said = []
    if options.out:
        from results.figures.style import save

        folder = Path(options.out)
        write(found.sensitivity, found.names, found.runs, found.unlearnt, found.provenance, folder)
        for picture in drawn(asked, found):
            save(picture, folder)
        said.append(_("tables and figure: {folder}", folder=folder))
    if figure:
        tornado, scatter = drawn(asked, found)
        beside = saved(scatter, figure.with_stem(f"{figure.stem}-{scatter.name}"))
        said.append(_("figures: {files}", files=f"{saved(tornado, figure)}, {beside}"))
    if not options.json:
        print("\n".join(said), end="\n" if said else "")
    return 0


def drawn(asked: "Asked", found: "Found") -> "list[Described]":
    """The figures."""
    from results.figures.sensitivity import scatter, tornado
    from results.figures.style import styled

    ranges = {name: (float(p.low), float(p.high)) for name, p in asked.parameters.items()}
    with styled():
        return [
            tornado(found.sensitivity, found.names, found.titles, found.unlearnt, found.provenance),
            scatter(found.sensitivity, found.names, found.titles, ranges, found.provenance),
        ]

"""``careteams evaluate``: what evaluators would find, set against what is true."""

import argparse
from typing import TYPE_CHECKING

from agents.mistakes import Mistake
from scenarios.commands.answers import origin, told
from scenarios.commands.engines import engine_asked

if TYPE_CHECKING:
    from results.figures.style import Described
    from scenarios.evaluation.asking import Answer


def evaluate(options: argparse.Namespace) -> int:
    """Run the worlds of an evaluation, print how each method did, write tables and a figure where asked."""
    from results.evaluation_shown import as_json, as_text, write
    from scenarios.evaluation.asking import evaluate as answered
    from scenarios.evaluation.file import read_evaluation

    asked = read_evaluation(options.file)
    if options.outcome and options.outcome not in asked.outcomes:
        raise Mistake('outcome "{name}" is not evaluated in {file}. Evaluated: {known}.', name=options.outcome,
                      file=options.file, known=", ".join(asked.outcomes))  # fmt: skip
    with engine_asked(options) as engine:
        found = answered(asked, workers=engine, progress=not options.quiet)
    return told(
        options,
        content=lambda: as_json(found.scores, found.names, found.provenance),
        text=lambda: f"{as_text(found.scores, found.names)}\n{origin(found.provenance)}",
        write=lambda folder: write(found.scores, found.names, found.runs, found.provenance, folder),
        draw=lambda: drawn(found, options.outcome),
    )  # fmt: skip


def drawn(found: "Answer", outcome: str = "") -> "list[Described]":
    """The figure."""
    from results.figures.evaluation import draw

    return [draw(found.scores, found.names, found.provenance, outcome)]

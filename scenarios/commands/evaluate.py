"""``careteams evaluate``: what evaluators would find, set against what is true."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from agents.mistakes import Mistake
from results.messages import _
from scenarios.commands.compare import origin

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
    found = answered(asked, workers=options.workers, progress=not options.quiet)
    if options.json:
        print(json.dumps(as_json(found.scores, found.names, found.provenance), ensure_ascii=False, indent=1,
                         default=str))  # fmt: skip
    else:
        print(as_text(found.scores, found.names))
        print(origin(found.provenance))
    if options.out:
        from results.figures.style import save

        folder = Path(options.out)
        write(found.scores, found.names, found.runs, found.provenance, folder)
        save(drawn(found, options.outcome), folder)
        if not options.json:
            print(_("tables and figure: {folder}", folder=folder))
    return 0


def drawn(found: "Answer", outcome: str = "") -> "Described":
    """The figure."""
    from results.figures.evaluation import draw
    from results.figures.style import styled

    with styled():
        return draw(found.scores, found.names, found.provenance, outcome)

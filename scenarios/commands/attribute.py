"""``careteams attribute``: what a payment is made of: response, territory, case mix, starting point, trend, luck."""

import argparse
import re
from typing import TYPE_CHECKING, Final

from agents.mistakes import Mistake
from scenarios.commands.answers import figure_file, origin, told
from scenarios.commands.engines import engine_asked

if TYPE_CHECKING:
    from results.figures.style import Described
    from scenarios.attribution import Answer

SHARE: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")


def attribute(options: argparse.Namespace) -> int:
    """Run the team with the rule and without it, print what its pay is made of, write tables and a figure."""
    from results.attribution_shown import as_json, as_text, write
    from scenarios.attribution import answer, asked

    figure = figure_file(options.figure)
    question = asked(
        options.scenario, options.policy, team=options.team, overrides=options.set, seeds=options.seeds,
        years=options.years, run_in=int(options.run_in), worlds=options.worlds, sizes=options.sizes or (),
        effects=[share_of(text) for text in options.effect], areas=options.areas, warm_up=options.warm_up,
        plant=options.plant,
    )  # fmt: skip
    with engine_asked(options) as engine:
        found = answer(question, workers=engine, progress=not options.quiet)
    return told(
        options, figure=figure,
        content=lambda: as_json(found.attribution, found.provenance),
        text=lambda: f"{as_text(found.attribution, found.provenance)}\n{origin(found.provenance)}",
        write=lambda folder: write(found.attribution, found.runs, found.provenance, folder),
        draw=lambda: drawn(found),
    )  # fmt: skip


def drawn(found: "Answer") -> "list[Described]":
    """The figure."""
    from results.figures.attribution import draw

    return [draw(found.attribution, found.provenance)]


def share_of(text: str) -> float:
    """A share from ``2%``.

    Raises:
        Mistake: when it is none.
    """
    found = SHARE.fullmatch(text.strip())
    if found is None:
        raise Mistake("--effect {value}: expected a share of spending such as 2%.", value=text)
    return float(found[1].replace(",", ".")) / 100

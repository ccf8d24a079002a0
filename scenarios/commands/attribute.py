"""``careteams attribute``: what a payment is made of: response, territory, case mix, starting point, trend, luck."""

import argparse
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agents.mistakes import Mistake
from scenarios.commands.compare import figure_file, origin
from scenarios.commands.pictures import saved

if TYPE_CHECKING:
    from results.figures.style import Described
    from scenarios.attribution import Answer

SHARE: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")


def attribute(options: argparse.Namespace) -> int:
    """Run the team with the rule and without it, print what its pay is made of, write tables and a figure."""
    from results.attribution_shown import as_json, as_text, write
    from results.messages import _
    from scenarios.attribution import answer, asked

    figure = figure_file(options.figure)
    question = asked(
        options.scenario, options.policy, team=options.team, overrides=options.set, seeds=options.seeds,
        years=options.years, run_in=int(options.run_in), worlds=options.worlds, sizes=options.sizes or (),
        effects=[share_of(text) for text in options.effect], areas=options.areas, warm_up=options.warm_up,
        plant=options.plant,
    )  # fmt: skip
    found = answer(question, workers=options.workers, progress=not options.quiet)
    if options.json:
        print(json.dumps(as_json(found.attribution, found.provenance), ensure_ascii=False, indent=1, default=str))
    else:
        print(as_text(found.attribution, found.provenance))
        print(origin(found.provenance))
    said = []
    if options.out:
        from results.figures.style import save

        folder = Path(options.out)
        write(found.attribution, found.runs, found.provenance, folder)
        save(drawn(found), folder)
        said.append(_("tables and figure: {folder}", folder=folder))
    if figure:
        said.append(_("figure: {file}", file=saved(drawn(found), figure)))
    if not options.json:
        print("\n".join(said), end="\n" if said else "")
    return 0


def drawn(found: "Answer") -> "Described":
    """The figure."""
    from results.figures.attribution import draw
    from results.figures.style import styled

    with styled():
        return draw(found.attribution, found.provenance)


def share_of(text: str) -> float:
    """A share from ``2%``.

    Raises:
        Mistake: when it is none.
    """
    found = SHARE.fullmatch(text.strip())
    if found is None:
        raise Mistake("--effect {value}: expected a share of spending such as 2%.", value=text)
    return float(found[1].replace(",", ".")) / 100

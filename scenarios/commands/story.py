"""``careteams story``: a team's years in plain sentences, from the decisions that a run wrote down."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from agents.mistakes import Mistake
from results.messages import _
from scenarios.commands.payments import opened
from scenarios.options.common import span


def story(options: argparse.Namespace) -> int:
    """Print the story of a team, or the events behind it; draw its figures where that is asked."""
    from results.run import RunError
    from results.story import as_text, story_of

    run = opened(options.run)
    try:
        asked = span("--years", options.years)
        first, last = (asked[0], asked[-1]) if asked else (1, 0)
        told = story_of(run, options.team, first, last)
        if options.json:
            chapters = [{"year": one.year, "sentences": one.sentences} for one in told.chapters]
            print(json.dumps({**asdict(told), "chapters": chapters}, ensure_ascii=False, indent=1))
        elif options.events:
            print("\n".join(_events(run, told.team, first, last)))
        else:
            print(as_text(told))
        if options.figures:
            _draw(run, told.team, Path(options.figures))
    except RunError as error:
        raise Mistake("{problem}", problem=str(error)) from None
    return 0


def _events(run: object, team: str, first: int, last: int) -> list[str]:
    """Every event of the team as one line: when, what, who, from what to what, and all its terms."""
    from agents.deciding.diary_kinds import EVENT_KINDS
    from results.messages import label
    from results.story_lines import lines_of

    labels = {name: label(kind.label) for name, kind in EVENT_KINDS.items()}
    return lines_of(run, team, labels, first, last)  # type: ignore[arg-type]


def _draw(run: object, team: str, folder: Path) -> None:
    from results.figures import write_of_team

    for file in write_of_team(run, team, folder):  # type: ignore[arg-type]
        if file.suffix == ".png":
            print(_("figure: {file}", file=file))

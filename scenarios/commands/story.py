"""``careteams story``: a team's years in plain sentences, from the decisions that a run wrote down."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from agents.mistakes import Mistake
from results.messages import _
from scenarios.commands.payments import opened


def story(options: argparse.Namespace) -> int:
    """Print the story of a team, or the events behind it; draw its figures where that is asked."""
    from results.run import RunError
    from results.story import as_text, story_of

    run = opened(options.run)
    try:
        first, last = _years(options.years)
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


def _years(text: str) -> tuple[int, int]:
    """The first and the last year asked for; 0 for the last one of the run.

    Raises:
        Mistake: when the text is neither a year nor two.
    """
    if not text:
        return 1, 0
    first, dash, last = text.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()):
        raise Mistake(
            '--years "{years}" is not understood. Expected a year, such as 3, or two, such as 1-5.', years=text
        )
    return int(first), int(last or first)


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

"""``careteams run``: from a scenario to a run folder, a figure and a summary on one screen."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from results.messages import _


def run(options: argparse.Namespace) -> int:
    """Run a scenario and say where its results are."""
    from scenarios.reading import load
    from scenarios.running import default_folder, simulate

    spec = load(options.scenario, settings(options))
    folder = simulate(spec, out=options.out, threads=options.threads, progress=not options.quiet)
    asked = default_folder(spec) if options.out is None else Path(options.out)
    if folder != asked.absolute():
        message = _("{asked} holds another run or something else: this run is in {folder}.", asked=asked, folder=folder)
        print(message, file=sys.stderr)
    if not options.quiet:
        from results.summary import printed

        print(printed(folder))
        print()
        print(_("run:    {folder}", folder=folder))
    if not options.no_figure:
        from results.figures import draw
        from results.figures.style import save
        from results.run import open_run

        picture, *_others = save(draw(open_run(folder), "overview"), folder)
        if not options.quiet:
            print(_("figure: {file}", file=picture))
    if not options.quiet:
        _say_story(folder)
    return 0


def _say_story(folder: object) -> None:
    """How to hear the story of a team, where somebody decided something."""
    from results.cast import first_team
    from results.run import open_run

    run = open_run(str(folder))
    if run.has("decisions") and len(run.decisions) and "team" in set(run.sites["kind"]):
        print(_('story:  careteams story {folder} --team "{team}"', folder=folder, team=first_team(run)))


def settings(options: argparse.Namespace) -> Sequence[str]:
    """The overrides of the command line, in order: ``--set``, then the options that stand for a key."""
    given = {
        "years": options.years,
        "seed": options.seed,
        "record.panel": options.panel,
        "record.events": "true" if options.record_events else None,
    }
    return [*options.set, *(f"{key}={value}" for key, value in given.items() if value is not None)]

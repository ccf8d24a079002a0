"""``careteams calibrate``: parameters with ranges, targets with likelihoods, and what the targets say."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from agents.mistakes import Mistake
from results.messages import _
from results.provenance import said
from scenarios.commands.answers import figure_file, told
from scenarios.commands.engines import engine_asked

if TYPE_CHECKING:
    from results.figures.style import Described
    from results.posterior import Posterior


def calibrate(options: argparse.Namespace) -> int:
    """Search, print the posterior and the fit, write tables and figures where asked."""
    from results.posterior_shown import as_json, as_markdown, as_text, write
    from scenarios.calibrating.file import read_calibration
    from scenarios.calibrating.search import calibrate as searched
    from scenarios.study.files import put

    figure = figure_file(options.figure)
    asked = read_calibration(options.file)
    more = {key: value for key in ("seeds", "points", "waves") if (value := getattr(options, key))}
    if more.get("seeds", 2) < 2:  # noqa: PLR2004 - noise is told from two worlds on
        raise Mistake("seeds = {seeds}: an interval needs 2 or more.", seeds=more["seeds"])
    with engine_asked(options) as engine:
        found = searched(replace(asked, **more), workers=engine, progress=not options.quiet,
                         say=_nothing if options.quiet else _say)  # fmt: skip

    def page() -> list[str]:
        if not options.markdown:
            return []
        put(Path(options.markdown), as_markdown(found))
        return [_("page: {file}", file=options.markdown)]

    return told(
        options, figure=figure, also=page, content=lambda: as_json(found),
        text=lambda: f"{as_text(found)}\n\n{said(found.provenance)}", write=lambda folder: write(found, folder),
        draw=lambda: drawn(found),
    )  # fmt: skip


def drawn(found: "Posterior") -> "list[Described]":
    """The figures."""
    from results.figures.posterior import fit, marginals

    return [marginals(found), fit(found)]


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _nothing(_line: str) -> None:
    pass

"""``careteams calibrate``: parameters with ranges, targets with likelihoods, and what the targets say."""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from agents.mistakes import Mistake
from results.messages import _
from scenarios.commands.pictures import saved

if TYPE_CHECKING:
    from results.figures.style import Described
    from results.posterior import Posterior


def calibrate(options: argparse.Namespace) -> int:
    """Search, print the posterior and the fit, write tables and figures where asked."""
    from results.posterior_shown import as_json, as_markdown, as_text, origin, write
    from scenarios.calibrating.file import read_calibration
    from scenarios.calibrating.search import calibrate as searched
    from scenarios.commands.compare import figure_file

    figure = figure_file(options.figure)
    asked = read_calibration(options.file)
    more = {key: value for key in ("seeds", "points", "waves") if (value := getattr(options, key))}
    if more.get("seeds", 2) < 2:  # noqa: PLR2004 - noise is told from two worlds on
        raise Mistake("seeds = {seeds}: an interval needs 2 or more.", seeds=more["seeds"])
    found = searched(replace(asked, **more), workers=options.workers, progress=not options.quiet,
                     say=_nothing if options.quiet else _say)  # fmt: skip
    print(json.dumps(as_json(found), ensure_ascii=False, indent=1, default=str) if options.json
          else f"{as_text(found)}\n\n{origin(found)}")  # fmt: skip
    said = []
    if options.markdown:
        Path(options.markdown).write_text(as_markdown(found), encoding="utf-8")
        said.append(_("page: {file}", file=options.markdown))
    if options.out:
        from results.figures.style import save

        write(found, Path(options.out))
        for picture in drawn(found):
            save(picture, Path(options.out))
        said.append(_("tables and figure: {folder}", folder=options.out))
    if figure:
        marginals, fit = drawn(found)
        beside = saved(fit, figure.with_stem(f"{figure.stem}-{fit.name}"))
        said.append(_("figures: {files}", files=f"{saved(marginals, figure)}, {beside}"))
    if not options.json:
        print("\n".join(said), end="\n" if said else "")
    return 0


def drawn(found: "Posterior") -> "list[Described]":
    """The figures."""
    from results.figures.posterior import fit, marginals
    from results.figures.style import styled

    with styled():
        return [marginals(found), fit(found)]


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _nothing(_line: str) -> None:
    pass

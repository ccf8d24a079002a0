"""How the commands that answer a question say it: on the screen or as JSON, in tables, in figures."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agents.mistakes import Mistake
from results.messages import _
from results.provenance import said
from scenarios.commands.pictures import saved

if TYPE_CHECKING:
    from results.figures.style import Described

KINDS: Final = (".png", ".svg", ".pdf")
"""Kinds of pictures."""


def figure_file(text: str | None) -> Path | None:
    """The file of the figure, refused before anything runs when it is no picture."""
    if not text:
        return None
    file = Path(text)
    if file.suffix.lower() not in KINDS:
        raise Mistake("{file}: a figure ends in {known}.", file=file, known=", ".join(KINDS))
    return file


def origin(provenance: Mapping[str, Any]) -> str:
    """Where the numbers come from, and what failed on the way."""
    lines = [said(provenance)]
    if provenance.get("prior_driven"):
        lines.append(_("{count} of {all} parameters that vary are prior-driven: no calibration has learnt of them.",
                       count=len(provenance["prior_driven"]), all=provenance["drawn"]))  # fmt: skip
    if provenance["failed"]:
        lines.append(_("{count} runs failed, the first with: {message}",
                       count=provenance["failed"], message=provenance["first_failure"]))  # fmt: skip
    return "\n".join(lines)


def told(
    options: argparse.Namespace, *, content: Callable[[], Any], text: Callable[[], str],
    write: Callable[[Path], object], draw: "Callable[[], Sequence[Described]]", figure: Path | None = None,
    also: Callable[[], list[str]] = list,
) -> int:  # fmt: skip
    """Print an answer, write its tables and figures where that is asked; exit code 0.

    Args:
        options: of the command line: ``json`` and ``out``.
        content: the answer as JSON.
        text: the answer for the screen.
        write: writes its tables into a folder.
        draw: its figures, the main one first; asked only where a figure is.
        figure: file of the main figure; the others go beside it, under their names.
        also: writes whatever else is asked for, and says what, one line each.
    """
    from results.answer_files import json_text

    print(json_text(content()) if options.json else text())
    lines = also()
    if options.out:
        from results.figures.style import save

        folder = Path(options.out)
        write(folder)
        for picture in _drawn(draw):
            save(picture, folder)
        lines.append(_("tables and figure: {folder}", folder=folder))
    if figure:
        main, *others = _drawn(draw)
        beside = [saved(other, figure.with_stem(f"{figure.stem}-{other.name}")) for other in others]
        files = ", ".join(map(str, [saved(main, figure), *beside]))
        lines.append(_("figures: {files}", files=files) if beside else _("figure: {file}", file=files))
    if not options.json:
        print("\n".join(lines), end="\n" if lines else "")
    return 0


def _drawn(draw: "Callable[[], Sequence[Described]]") -> "Sequence[Described]":
    from results.figures.style import styled

    with styled():
        return draw()

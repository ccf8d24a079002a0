"""``careteams compare``: arms on the same worlds, and what is known of their differences."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agents.mistakes import Mistake
from results.messages import _
from scenarios.commands.pictures import saved
from scenarios.options.common import span

if TYPE_CHECKING:
    from results.figures.style import Described
    from scenarios.comparing import Answer, Question

KINDS: Final = (".png", ".svg", ".pdf")
"""Kinds of pictures."""


def compare(options: argparse.Namespace) -> int:
    """Run the arms, print how they differ, write tables and a figure where asked."""
    from results.comparison_shown import as_json, as_text, write
    from scenarios.comparing import answer

    figure = figure_file(options.figure)
    question = question_of(options)
    found = answer(question, workers=options.workers, progress=not options.quiet)
    if options.json:
        print(json.dumps(as_json(found.comparison, found.names, found.provenance), ensure_ascii=False, indent=1,
                         default=str))  # fmt: skip
    else:
        print(as_text(found.comparison, found.names))
        print(origin(found.provenance))
    said = []
    if options.out:
        from results.figures.style import save

        folder = Path(options.out)
        write(found.comparison, found.names, found.runs, found.provenance, folder)
        save(drawn(found), folder)
        said.append(_("tables and figure: {folder}", folder=folder))
    if figure:
        said.append(_("figure: {file}", file=saved(drawn(found), figure)))
    if not options.json:
        print("\n".join(said), end="\n" if said else "")
    return 0


def question_of(options: argparse.Namespace) -> "Question":
    """The question of the command line: that of a file, with what the options change, or one in words."""
    from scenarios.comparing import YEARS, asked
    from scenarios.questions import Asked, is_question, read_question

    given = {
        "overrides": list(options.set), "outcomes": words(options.outcome), "by": words(options.by),
        "baseline": options.baseline, "seeds": options.seeds, "years": options.years,
        "read": span("--read", options.read), "warm_up": options.warm_up, "ensemble": options.ensemble,
        "parameters": words(options.parameters), "stop": options.stop,
    }  # fmt: skip
    file, arms, scenario = Asked(), options.arm, options.scenario
    if is_question(scenario):
        if arms:
            raise Mistake("{file} names its arms; leave out --arm.", file=scenario)
        file = read_question(scenario)
        said = dict(file.keys)
        scenario, arms = said.pop("scenario"), list(file.arms)
        given["overrides"] = [*said.pop("set", []), *options.set]
        read = span("read", said.pop("read", ""))
        precision = said.pop("precision", "1%")
        given |= {key: value for key, value in ({"read": read} | said).items() if not given[key]}
        options.precision = precision if options.precision == "1%" else options.precision
    given["years"] = given["years"] or YEARS
    return asked(scenario, arms, **given, precision=options.precision, titles=(file.title, file.question))


def origin(provenance: dict[str, Any]) -> str:
    """Where the numbers come from, and what failed on the way."""
    lines = [_("Study {study}, code {code}, parameters {parameters}.", study=provenance["study"],
               code=provenance["code"], parameters=provenance["parameters"])]  # fmt: skip
    if provenance.get("prior_driven"):
        lines.append(_("{count} of {all} parameters that vary are prior-driven: no calibration has learnt of them.",
                       count=len(provenance["prior_driven"]), all=provenance["drawn"]))  # fmt: skip
    if provenance["failed"]:
        lines.append(_("{count} runs failed, the first with: {message}",
                       count=provenance["failed"], message=provenance["first_failure"]))  # fmt: skip
    return "\n".join(lines)


def drawn(found: "Answer") -> "Described":
    """The figure."""
    from results.figures.comparison import draw
    from results.figures.style import styled

    with styled():
        return draw(found.comparison, found.names, found.provenance)


def figure_file(text: str | None) -> Path | None:
    """The file of the figure, refused before anything runs when it is no picture."""
    if not text:
        return None
    file = Path(text)
    if file.suffix.lower() not in KINDS:
        raise Mistake("{file}: a figure ends in {known}.", file=file, known=", ".join(KINDS))
    return file


def words(given: list[str]) -> list[str]:
    """Names given one by one or with commas."""
    return [word.strip() for text in given for word in text.split(",") if word.strip()]

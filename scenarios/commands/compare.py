"""``careteams compare``: arms on the same worlds, and what is known of their differences."""

import argparse
from typing import TYPE_CHECKING

from agents.mistakes import Mistake
from scenarios.commands.answers import figure_file, origin, told
from scenarios.commands.engines import engine_asked
from scenarios.options.common import span

if TYPE_CHECKING:
    from results.figures.style import Described
    from scenarios.comparing import Answer, Question


def compare(options: argparse.Namespace) -> int:
    """Run the arms, print how they differ, write tables and a figure where asked."""
    from results.comparison_shown import as_json, as_text, write
    from scenarios.comparing import answer

    figure = figure_file(options.figure)
    question = question_of(options)
    with engine_asked(options) as engine:
        found = answer(question, workers=engine, progress=not options.quiet)
    return told(
        options, figure=figure,
        content=lambda: as_json(found.comparison, found.names, found.provenance),
        text=lambda: f"{as_text(found.comparison, found.names)}\n{origin(found.provenance)}",
        write=lambda folder: write(found.comparison, found.names, found.runs, found.provenance, folder),
        draw=lambda: drawn(found),
    )  # fmt: skip


def drawn(found: "Answer") -> "list[Described]":
    """The figure."""
    from results.figures.comparison import draw

    return [draw(found.comparison, found.names, found.provenance)]


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


def words(given: list[str]) -> list[str]:
    """Names given one by one or with commas."""
    return [word.strip() for text in given for word in text.split(",") if word.strip()]

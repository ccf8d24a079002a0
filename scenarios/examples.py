"""One run of each arm of a comparison, written whole: what a page shows when it shows a case."""

from pathlib import Path
from typing import Final

from agents.mistakes import Mistake
from scenarios.comparing import Question
from scenarios.running import WEEKS_PER_YEAR, bar, recorder_of

EXAMPLES: Final = "examples"


def example_runs(question: Question, folder: Path, *, seed: int = 1, progress: bool = True) -> dict[str, Path]:
    """Run every arm of a question once, from one warmed-up world as the study does, and write the runs.

    Args:
        question: the question of a comparison.
        folder: where runs go; one that is there is kept.
        seed: seed of the world.
        progress: show progress bars.

    Returns:
        Folder of the run of each arm.
    """
    from dataclasses import replace

    found = {name: folder / name for name in question.arms.parts}
    missing = [name for name, place in found.items() if not (place / "manifest.json").is_file()]
    if not missing:
        return found
    laboratory = question.arms.laboratory(question.laboratory)
    warm_up = question.scenario.warm_up_years if question.warm_up is None else question.warm_up
    base = replace(question.scenario, seed=seed, years=question.years, warm_up_years=warm_up)
    laboratory.ready([base, *(laboratory.resolve(base, question.arms.parts[name]) for name in missing)], 1, progress)
    model = laboratory.begin(laboratory.prepare(base), base, base)
    for name in missing:
        arm = laboratory.resolve(base, question.arms.parts[name])
        forked = laboratory.fork(model, base, arm)
        recorder = recorder_of(forked, arm, found[name])
        with recorder, bar(name, question.years * WEEKS_PER_YEAR, progress) as passed:
            forked.recorder = recorder  # type: ignore[attr-defined] # models of careteams have one
            forked.run(question.years * WEEKS_PER_YEAR, progress=passed)  # type: ignore[attr-defined] # same
            recorder.finish({"notes": forked.world.notes})
    return found


def question_again(words: list[str]) -> Question:
    """The question of the command that made a comparison.

    Raises:
        Mistake: when its words, or what they name, are no longer understood.
    """
    from scenarios.cli import parser
    from scenarios.commands.compare import question_of

    options = parser().parse_args(words)
    if options.command != "compare":
        raise Mistake("this comparison was not made by careteams compare.")
    return question_of(options)

"""``careteams evaluate``: worlds whose truth is known, panels of them as evaluators see them, and how these do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from results.comparison_shown import Named
from results.evaluation import EvaluationError, Scores, scored
from results.evaluation_estimators import METHODS, NOTHING, wide
from results.messages import _
from scenarios.evaluation.entry import POLICY, Draw, Worlds, draws, panel_of, worlds_of
from scenarios.evaluation.file import Evaluation
from scenarios.origins import failures, first_failure, made_by
from scenarios.study import WORK, Workers, engine_of
from scenarios.study.workers import WorkerDied, completed
from sim.draws import content_id
from sim.recording.manifest import packages


@dataclass(frozen=True)
class Answer:
    """What came out.

    Attributes:
        scores: how well each method did.
        runs: the tidy table of all courses.
        names: what outcomes are called.
        provenance: what the numbers come from.
    """

    scores: Scores
    runs: pd.DataFrame
    names: dict[str, Named]
    provenance: dict[str, Any]


@dataclass(frozen=True)
class Task:
    """The panels of one draw, which one worker estimates in one go.

    Attributes:
        place: of the task among all.
        size, worlds: the teams.
        design, draw: who joins when.
        outcomes, effects, until, methods: what is estimated of it.
    """

    place: int
    size: str
    worlds: Worlds
    design: str
    draw: Draw
    outcomes: tuple[str, ...]
    effects: tuple[str | float, ...]
    until: tuple[int, ...]
    methods: tuple[str, ...]


def evaluate(
    evaluation: Evaluation, *, workers: Workers = None, folder: Path | None = WORK, progress: bool = False
) -> Answer:
    """Run the worlds of an evaluation, or read what of them was run before, and evaluate the evaluators.

    Args:
        evaluation: what is asked.
        workers: who runs it, all processors of this machine by default.
        folder: where studies are kept, so that a stopped one can go on; None keeps nothing.
        progress: show progress bars.

    Raises:
        EvaluationError: when no team is left whose every course was run to its end.
    """
    engine = engine_of(workers)
    design = evaluation.study.design()
    runs = evaluation.study.run(evaluation.study.kept_in(folder), workers=engine, progress=progress)
    return Answer(
        scores_of(evaluation, runs, workers=engine.here, progress=progress), runs, named(evaluation),
        provenance(evaluation, design, runs),
    )  # fmt: skip


def scores_of(evaluation: Evaluation, runs: pd.DataFrame, *, workers: int = 1, progress: bool = False) -> Scores:
    """The scores of every method on the panels that can be made of runs.

    Raises:
        EvaluationError: when no team is left whose every course was run to its end.
    """
    worlds = worlds_of(runs, evaluation.teams, evaluation.outcomes, evaluation.policy)
    if not worlds:
        reason = first_failure(runs)
        raise EvaluationError(_("no team has all its courses. The first failure: {message}", message=reason))
    from tqdm import tqdm

    tasks = list(_tasks(evaluation, worlds))
    found: dict[int, list[dict[str, Any]]] = {}
    with tqdm(total=len(tasks), unit="panel", disable=not progress) as bar:
        for task, rows in completed(estimated, tasks, workers):
            bar.update()
            if not isinstance(rows, WorkerDied):
                found[task.place] = rows
    estimates = pd.DataFrame([row for place in sorted(found) for row in found[place]])
    seeds = min(len(one.seeds) for one in worlds.values())
    teams = min(len(one.teams) for one in worlds.values())
    return Scores(scored(estimates, seeds), estimates, teams, evaluation.policy)


def _tasks(evaluation: Evaluation, worlds: Mapping[str, Worlds]) -> Iterator[Task]:
    effects: tuple[str | float, ...] = (POLICY, *evaluation.planted)
    place = 0
    for size, own in worlds.items():
        for design in evaluation.designs:
            for draw in draws(
                own, design, evaluation.waves, joining=evaluation.joining, offered=evaluation.offered,
                count=evaluation.draws, chosen_by=evaluation.outcomes[0],
            ):  # fmt: skip
                yield Task(place, size, own, design, draw, evaluation.outcomes, effects, evaluation.until,
                           evaluation.methods)  # fmt: skip
                place += 1


def estimated(task: Task) -> list[dict[str, Any]]:
    """One row an outcome, last year, effect and method: the estimate and the truth of the panel."""
    rows = []
    for outcome in task.outcomes:
        for until in task.until:
            for effect in task.effects:
                panel = panel_of(task.worlds, task.draw, outcome, effect, until)
                facts = {"outcome": outcome, "size": task.size, "design": task.design, "until": until,
                         "effect": effect_name(effect), "draw": task.draw.number, "joined": panel.joined,
                         "truth": panel.truth, "level": panel.level}  # fmt: skip
                table = wide(panel.seen, list(task.worlds.traits.columns))
                seed = content_id(task.size, task.design, task.draw.number, outcome, until) % 2**31
                for name in task.methods:
                    estimate = METHODS[name](table, seed) if panel.joined else NOTHING
                    rows.append({**facts, "method": name, "estimate": estimate.value, "low": estimate.low,
                                 "high": estimate.high})  # fmt: skip
    return rows


def effect_name(effect: str | float) -> str:
    """An effect as tables call it: ``policy``, or the share that is planted (``-0.05``)."""
    return effect if isinstance(effect, str) else f"{effect:g}"


def named(evaluation: Evaluation) -> dict[str, Named]:
    """What the outcomes are called."""
    called = evaluation.study.laboratory.called(evaluation.outcomes)
    return {name: Named(*said) for name, said in called.items()}


def provenance(evaluation: Evaluation, design: Mapping[str, Any], runs: pd.DataFrame) -> dict[str, Any]:
    """What the numbers come from: enough to run them again, and digests to know them by."""
    study = evaluation.study
    return {
        **made_by(design, study.territories[0]),
        "title": dict(evaluation.title), "policy": evaluation.policy, "territories": len(study.territories),
        "teams": {name: dict(one) for name, one in evaluation.teams.items()},
        "arms": {name: list(parts) for name, parts in study.arms.items()}, "outcomes": list(evaluation.outcomes),
        "seeds": list(study.seeds), "years": study.years, "warm_up": study.warm_up, "waves": list(evaluation.waves),
        "joining": evaluation.joining, "offered": evaluation.offered,
        "until": list(evaluation.until), "planted": list(evaluation.planted),
        "draws": evaluation.draws, "designs": list(evaluation.designs), "methods": list(evaluation.methods),
        **failures(runs),
        "packages": {**packages(), "diff-diff": version("diff-diff")},
    }  # fmt: skip

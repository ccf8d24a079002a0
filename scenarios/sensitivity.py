"""``careteams sensitivity``: which uncertain parameters decide the differences between arms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agents.mistakes import Mistake
from results.comparison import ComparisonError, replicate_values
from results.comparison_shown import Names
from results.messages import _
from results.posterior import prior_driven
from results.sensitivity import Design, Method, Sensitivity, analysed
from scenarios.comparing import Question, asked, drawn_parameters, named, provenance
from scenarios.ensembles import at
from scenarios.origins import first_failure
from scenarios.study import CARETEAMS, WORK, Laboratory, Workers
from sim.parameters import Parameter
from sim.specification import ScenarioSpec

SEEDS: Final = 4
YEARS: Final = 3
TRAJECTORIES, SAMPLES = 10, 64
"""Trajectories of Morris (Campolongo, Cariboni and Saltelli 2007 take 10 to 50); rows of Saltelli's design."""
LEVELS: Final = 4
"""Levels of Morris's grid: steps are two thirds of a range."""
DRAW: Final = 1
"""Which draw of a design; the same for all, so that another outcome or arm reuses nothing it should not."""


@dataclass(frozen=True)
class Asked:
    """What is asked.

    Attributes:
        question: arms, outcomes, seeds and years; its vectors are the different points of the design.
        design: the points.
        places: number of the vector at each point of the design.
        parameters: what is varied, by id.
        posterior: file that says of which parameters something was learnt; that of the world by default.
    """

    question: Question
    design: Design
    places: NDArray[np.int64]
    parameters: Mapping[str, Parameter]
    posterior: Path | None = None


@dataclass(frozen=True)
class Found:
    """What came out.

    Attributes:
        sensitivity: measures of every factor, for each arm and outcome.
        runs: the tidy table behind them.
        names: what outcomes are called.
        titles: what parameters are called.
        unlearnt: parameters of which no calibration has learnt.
        provenance: what the numbers come from.
    """

    sensitivity: Sensitivity
    runs: pd.DataFrame
    names: Names
    titles: Mapping[str, str]
    unlearnt: tuple[str, ...]
    provenance: dict[str, Any]


def sensitivity_asked(
    scenario: str | Path | ScenarioSpec, arms: Sequence[str], *, method: Method = "morris",
    parameters: Sequence[str] = (), together: bool = False, trajectories: int = 0, samples: int = 0,
    seeds: int | None = None, years: int = YEARS, posterior: Path | None = None, laboratory: Laboratory = CARETEAMS,
    **facts: Any,
) -> Asked:  # fmt: skip
    """Check a question before anything runs.

    Args:
        scenario: where all arms start from.
        arms: as for a comparison.
        method: ``morris`` or ``sobol``.
        parameters: ids or groups of the parameters that are varied, all uncertain ones by default.
        together: parameters of one group move together, as one factor.
        trajectories: of Morris's design.
        samples: rows of Saltelli's design, a power of two.
        seeds: worlds of each point, the same for all points.
        years: years simulated after the warm-up.
        posterior: ``posterior.csv`` of a calibration; that of the world by default.
        laboratory: how models are made.
        facts: what else a comparison takes (``scenarios.comparing.asked``).

    Raises:
        Mistake: whatever cannot be answered, in one line.
    """
    if trajectories and method != "morris":
        raise Mistake("--trajectories is for --method morris; sobol takes --samples.")
    if samples and method != "sobol":
        raise Mistake("--samples is for --method sobol; morris takes --trajectories.")
    count = trajectories or samples or (TRAJECTORIES if method == "morris" else SAMPLES)
    if method == "sobol" and count & (count - 1):
        raise Mistake(
            "--samples {count}: Sobol's sequence is balanced at powers of two, such as 64 or 128.", count=count
        )
    if count < 2:  # noqa: PLR2004 - an interval needs two blocks
        raise Mistake("{count} block of points: an interval needs 2 or more.", count=count)
    if posterior is not None and not posterior.exists():
        raise Mistake("{file}: no such file.", file=posterior)
    question = asked(scenario, arms, seeds=seeds or SEEDS, years=years, laboratory=laboratory, **facts)
    varied = drawn_parameters(question.arms, parameters, laboratory)
    if len(varied) < 2:  # noqa: PLR2004 - SALib's designs share a variance among several
        raise Mistake("--parameters: one parameter alone has nothing to be compared with; give two or more.")
    design = designed(method, varied, count, together=together)
    points = [tuple(at(p, float(u)) for p, u in zip(_ordered(design, varied), row, strict=True))
              for row in design.cube.reshape(-1, design.cube.shape[2])]  # fmt: skip
    different = list(dict.fromkeys(points))
    numbers = {point: number for number, point in enumerate(different)}
    vectors = tuple(dict(zip(design.parameters, point, strict=True)) for point in different)
    places = np.array([numbers[point] for point in points]).reshape(design.cube.shape[:2])
    return Asked(replace(question, vectors=vectors), design, places, {p.id: p for p in varied}, posterior)


def _ordered(design: Design, varied: Sequence[Parameter]) -> list[Parameter]:
    """Parameters in the order of the columns of the design."""
    by_id = {parameter.id: parameter for parameter in varied}
    return [by_id[name] for name in design.parameters]


def designed(method: Method, varied: Sequence[Parameter], count: int, *, together: bool = False) -> Design:
    """The points of SALib's design.

    Args:
        method: ``morris`` (trajectories, Morris 1991) or ``sobol`` (Saltelli et al. 2010, on a scrambled sequence).
        varied: what is varied.
        count: trajectories, or rows.
        together: parameters of one group move together.

    Raises:
        Mistake: when all parameters are of one group that would move as one.
    """
    from SALib.sample import morris, sobol

    groups: dict[str, list[str]] = {}
    for parameter in varied:
        groups.setdefault(parameter.id.split(".")[0] if together else parameter.id, []).append(parameter.id)
    if len(groups) < 2:  # noqa: PLR2004 - as above
        raise Mistake("--together: all these parameters are of one group, which has nothing to be compared with.")
    names = [name for members in groups.values() for name in members]
    problem: dict[str, Any] = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    if together:
        problem["groups"] = [group for group, members in groups.items() for _name in members]
    if method == "morris":
        cube, size = morris.sample(problem, count, num_levels=LEVELS, seed=DRAW), len(groups) + 1
    else:
        cube, size = sobol.sample(problem, count, calc_second_order=False, seed=DRAW), len(groups) + 2
    members = tuple(tuple(group) for group in groups.values())
    return Design(method, tuple(groups), members, np.asarray(cube).reshape(count, size, len(names)))


def answered(question: Asked, *, workers: Workers = None, folder: Path | None = WORK, progress: bool = False) -> Found:
    """Run what is asked, or read what of it was run before, and say what decides the differences.

    Args:
        question: what is asked.
        workers: who runs it, all processors of this machine by default.
        folder: where studies are kept, so that a stopped one can go on; None keeps nothing.
        progress: show a progress bar.

    Raises:
        ComparisonError: when no block of points is whole.
    """
    compared = question.question
    study = compared.study()
    design = study.design()
    table = study.run(study.kept_in(folder), workers=workers, progress=progress, keep_worlds=False)
    arms = [compared.baseline, *(name for name in compared.arms.parts if name != compared.baseline)]
    values = replicate_values(table, compared.outcomes, arms, compared.read)
    differences = {
        (arm, outcome): (values[row, place] - values[row, 0])[question.places]
        for row, outcome in enumerate(compared.outcomes) for place, arm in enumerate(arms) if place
    }  # fmt: skip
    found = analysed(question.design, differences)
    if not found.shares["blocks"].any():
        reason = first_failure(table)
        raise ComparisonError(_("no block of points is whole. The first failure: {message}", message=reason))
    facts = provenance(compared, design, table) | {
        "method": question.design.method, "blocks": len(question.design.cube), "points": len(compared.vectors),
        "factors": dict(zip(question.design.factors, question.design.members, strict=True)),
    }  # fmt: skip
    unlearnt = tuple(prior_driven(question.design.parameters, question.posterior))
    facts = {key: fact for key, fact in facts.items() if key != "vectors"}  # they are in runs.parquet, hundreds of them
    facts["prior_driven"] = list(unlearnt)
    titles = {name: parameter.title for name, parameter in question.parameters.items()}
    return Found(found, with_parameters(table, compared.vectors), named(compared), titles, unlearnt, facts)


def with_parameters(table: pd.DataFrame, vectors: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The tidy table with the parameters of each row behind the number of its vector."""
    parameters = pd.DataFrame([dict(vector) for vector in vectors]).rename_axis("vector").reset_index()
    return table.merge(parameters, on="vector", how="left")

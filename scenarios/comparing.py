"""``careteams compare``: arms that start from one warmed-up world, and what is known of their differences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from agents.mistakes import Mistake
from results.comparison import PRECISION, Comparison, ComparisonError, compared, half_width_wanted
from results.comparison_shown import Named, Names
from results.messages import _
from results.posterior import prior_driven
from scenarios.arms import Arms, arms_of, said_of
from scenarios.ensembles import uncertain, vectors
from scenarios.origins import failures, first_failure, made_by
from scenarios.reading import load
from scenarios.study import CARETEAMS, WORK, Laboratory, Study, Workers, check_outcomes
from scenarios.wording import printable, with_nearest
from sim.mechanisms import effective_parameters
from sim.parameters import Parameter
from sim.recording.manifest import digest, packages
from sim.specification import ScenarioSpec

SEEDS: Final = 20
YEARS: Final = 3
MOST_SEEDS: Final = 200
"""Seeds after which a sequential comparison gives up, unless somebody says otherwise."""
FIRST_LOOK: Final = 10
EVERY: Final = 5
"""Seeds before the first look of a sequential comparison, and between two looks."""
OUTCOMES: Final = (
    "contacts_per_person", "mean_wait_days", "forgone_per_person", "ed_visits_per_1000",
    "avoidable_stays_per_1000_adults", "spending_mean", "hours_with_patients", "nurse_contacts_per_person",
)  # fmt: skip
"""Outcomes that are compared when none is named."""

type Stop = Literal["", "sign", "precision"]
"""When a sequential comparison ends: once the sign of every difference is known, or its interval is narrow enough."""


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        scenario: where all arms start from.
        arms: what is tried.
        outcomes: what is read.
        baseline: arm that the others are compared with.
        seeds: worlds, or the most worlds where looking decides.
        years: years simulated after the warm-up.
        read: years read, all by default.
        warm_up: years of warm-up, None for what the scenario says.
        vectors: parameter values, the same in every arm.
        precision: half-width that is wanted.
        stop: when a sequential comparison ends, "" for a fixed number of seeds.
        titles: title and question for people, by language each; empty where nobody said them.
    """

    scenario: ScenarioSpec
    arms: Arms
    outcomes: tuple[str, ...]
    baseline: str
    seeds: int = SEEDS
    years: int = YEARS
    read: tuple[int, ...] = ()
    warm_up: int | None = None
    vectors: tuple[Mapping[str, Any], ...] = ({},)
    precision: str = PRECISION
    stop: Stop = ""
    laboratory: Laboratory = CARETEAMS
    titles: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})

    def study(self, seeds: int | None = None) -> Study:
        """The study that answers, with the first seeds of it."""
        return Study(
            territories=[self.scenario], arms=self.arms.parts, outcomes=self.outcomes,
            seeds=range(1, (seeds or self.seeds) + 1), years=self.years, vectors=self.vectors, warm_up=self.warm_up,
            laboratory=self.arms.laboratory(self.laboratory),
        )  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What came out.

    Attributes:
        comparison: differences and levels.
        runs: the tidy table behind them.
        names: what outcomes are called.
        provenance: what the numbers come from.
    """

    comparison: Comparison
    runs: pd.DataFrame
    names: Names
    provenance: dict[str, Any]


def asked(
    scenario: str | Path | ScenarioSpec, arms: Sequence[str], *, overrides: Sequence[str] = (),
    outcomes: Sequence[str] = (), by: Sequence[str] = (), baseline: str = "", seeds: int | None = None,
    years: int = YEARS, read: Sequence[int] = (), warm_up: int | None = None, ensemble: int = 0,
    parameters: Sequence[str] = (), precision: str = PRECISION, stop: Stop = "", laboratory: Laboratory = CARETEAMS,
    titles: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
) -> Question:  # fmt: skip
    """Check a question before anything runs.

    Args:
        scenario: name of a preset, path of a file, or a scenario.
        arms: ``NAME`` or ``NAME=WHAT;WHAT`` each (:mod:`scenarios.arms`).
        overrides: changes of the scenario itself, as after ``--set``.
        outcomes: what is read, a small set by default.
        by: groups whose members' outcomes are read too: ``age``, ``ald``, ``c2s``, ``area``, ``profession``.
        baseline: arm that the others are compared with, the first by default.
        seeds: worlds; with ``stop`` the most worlds.
        years: years simulated after the warm-up.
        read: years read, all by default.
        warm_up: years of warm-up, None for what the scenario says.
        ensemble: vectors of uncertain parameters, 0 for the parameters as they are.
        parameters: ids or groups of the parameters that are drawn, all uncertain ones by default.
        precision: half-width that is wanted, ``"1%"`` of the baseline's mean or a number.
        stop: when a sequential comparison ends, "" for a fixed number of seeds.
        laboratory: how models are made.
        titles: title and question for people, by language each.

    Raises:
        Mistake: whatever cannot be answered, in one line.
    """
    shown_as = "" if isinstance(scenario, ScenarioSpec) else str(scenario)
    spec = scenario if isinstance(scenario, ScenarioSpec) else load(scenario, overrides)
    found = arms_of(spec, arms, shown_as)
    count = seeds or (MOST_SEEDS if stop else SEEDS)
    _check_numbers(count, years, read, ensemble, stop)
    half_width_wanted(precision, 1.0)
    return Question(
        spec, found, tuple(read_outcomes(outcomes, by, laboratory)), _baseline(found, baseline), count, years,
        tuple(read), warm_up, _vectors(found, ensemble, parameters, laboratory), precision, stop, laboratory,
        titles,
    )  # fmt: skip


def _check_numbers(seeds: int, years: int, read: Sequence[int], ensemble: int, stop: Stop) -> None:
    if seeds < 2:  # noqa: PLR2004 - an interval needs two values
        raise Mistake("seeds = {seeds}: an interval needs 2 or more.", seeds=seeds)
    if ensemble == 1:
        raise Mistake("--ensemble 1: an interval over parameters needs 2 vectors or more.")
    if ensemble and stop:
        raise Mistake("--stop looks at seeds one after the other; with --ensemble their number is fixed beforehand.")
    for year in read:
        if not 1 <= year <= years:
            raise Mistake("year {year} is not simulated: --years is {years}.", year=year, years=years)


def _baseline(arms: Arms, name: str) -> str:
    if not name:
        return next(iter(arms.parts))
    if name not in arms.parts:
        known = ", ".join(arms.parts)
        problem = Mistake('there is no arm "{arm}" to compare with. Arms: {known}.', arm=printable(name), known=known)
        raise with_nearest(problem, name, arms.parts)
    return name


def _vectors(arms: Arms, count: int, names: Sequence[str], laboratory: Laboratory) -> tuple[Mapping[str, Any], ...]:
    if names and not count:
        raise Mistake("--parameters says what is drawn: say how many times with --ensemble N.")
    if not count:
        return ({},)
    return tuple(vectors(drawn_parameters(arms, names, laboratory), count))


def drawn_parameters(arms: Arms, names: Sequence[str], laboratory: Laboratory) -> list[Parameter]:
    """Parameters that a study of arms may draw: uncertain ones, or those that are named; none that an arm sets.

    Raises:
        Mistake: a name that is none, or a parameter that an arm sets.
    """
    resolved = [arms.resolved(name, laboratory) for name in arms.parts]
    given = frozenset(key for spec in (arms.scenario, *resolved) for key in effective_parameters(spec))
    return uncertain(names, laboratory.parameters(), given)


def read_outcomes(names: Sequence[str], by: Sequence[str], laboratory: Laboratory) -> list[str]:
    """Outcomes that are read: those named, or the usual ones, then those of their groups.

    Raises:
        Mistake: an outcome or a group that is not known, or a group that tells none of the outcomes apart.
    """
    check_outcomes(names, laboratory)
    known = laboratory.outcomes()
    found = list(names) or [name for name in OUTCOMES if name in known] or list(known)
    for group in by:
        found += _of_group(group, found, known)
    return list(dict.fromkeys(found))


def _of_group(group: str, names: Sequence[str], known: Mapping[str, Any]) -> list[str]:
    """Outcomes of the members of a group: of those that are read, and of those that only members have."""
    from sim.outcomes.groups import GROUPED, of_group

    if group not in GROUPED:
        problem = Mistake('group "{group}" is not known. Known: {known}.', group=printable(group),
                          known=", ".join(GROUPED))  # fmt: skip
        raise with_nearest(problem, group, GROUPED)
    wanted = tuple(name for name in GROUPED[group] if name in names or name not in known)
    if wanted:
        return of_group(group, wanted)
    raise Mistake("--by {group} tells none of these outcomes apart. It does so for: {known}.",
                  group=group, known=", ".join(GROUPED[group]))  # fmt: skip


def answer(
    question: Question, *, workers: Workers = None, folder: Path | None = WORK, progress: bool = False
) -> Answer:
    """Run what is asked, or read what of it was run before, and compare.

    Args:
        question: what is asked.
        workers: who runs it, all processors of this machine by default.
        folder: where studies are kept, so that a stopped one can go on; None keeps nothing.
        progress: show a progress bar.

    Raises:
        Mistake: when the arms cannot start from one world.
        ComparisonError: when no pair of runs is left to compare.
    """
    study = question.study()
    design = study.design()
    where = study.kept_in(folder)
    if not question.stop:
        table = study.run(where, workers=workers, progress=progress)
        found = _compared(question, table)
    else:
        table, found = _looking(question, where, workers, progress)
    return Answer(found, table, named(question), provenance(question, design, table))


def _compared(question: Question, table: pd.DataFrame) -> Comparison:
    found = compared(
        table, question.outcomes, question.baseline, years=question.read, precision=question.precision,
        way="sequential" if question.stop else "fixed",
    )  # fmt: skip
    if not found.differences["replicates"].any():
        reason = first_failure(table)
        raise ComparisonError(_("no pair of runs is whole. The first failure: {message}", message=reason))
    return found


def _looking(
    question: Question, where: Path | None, workers: Workers, progress: bool
) -> tuple[pd.DataFrame, Comparison]:
    """Add seeds until a look says enough. What was run for a look is not run again for the next."""
    parts: list[pd.DataFrame] = []
    done = 0
    while True:
        more = min(FIRST_LOOK if not done else EVERY, question.seeds - done)
        study = question.study(done + more)
        fresh = replace(study, seeds=list(study.seeds)[done:])
        parts.append(fresh.run(where, workers=workers, progress=progress))
        done += more
        table = pd.concat(parts, ignore_index=True)
        found = _compared(question, table)
        if done >= question.seeds or enough(found, question.stop):
            return table, found


def enough(found: Comparison, stop: Stop) -> bool:
    """Whether a look says that no more seeds are needed; outcomes that nobody can read are left out."""
    rows = found.differences[found.differences["replicates"] > 1]
    narrow = (rows["high"] - rows["low"]) / 2 <= rows["wanted"]
    if stop == "sign":
        narrow |= (rows["low"] > 0) | (rows["high"] < 0)
    return bool(narrow.all())


def named(question: Question) -> dict[str, Named]:
    """What the outcomes of a question are called."""
    from sim.outcomes.groups import GROUPED

    places = {
        own: (group, member, name)
        for group, outcomes in GROUPED.items()
        for name, members in outcomes.items()
        for member, own in members.items()
    }
    called = question.laboratory.called(question.outcomes)
    return {name: Named(*said, *places.get(name, ())) for name, said in called.items()}


def provenance(question: Question, design: Mapping[str, Any], table: pd.DataFrame) -> dict[str, Any]:
    """What the numbers come from: enough to run them again, and digests to know them by."""
    seeds = sorted(int(seed) for seed in set(table["seed"]))
    drawn = list(question.vectors[0])
    return {
        **made_by(design, question.scenario),
        "scenario": question.scenario.name, "scenario_digest": digest(question.scenario),
        "arms": said_of(question.arms), "baseline": question.baseline, "outcomes": list(question.outcomes),
        "seeds": seeds, "years": question.years, "years_read": list(question.read) or "all",
        "warm_up": question.warm_up, "vectors": [dict(vector) for vector in question.vectors],
        "drawn": len(drawn), "prior_driven": prior_driven(drawn),
        "stop": question.stop, "precision": question.precision,
        "title": dict(question.titles[0]), "question": dict(question.titles[1]),
        **failures(table), "packages": packages(),
    }  # fmt: skip

"""Studies of the page: arms over seeds, kept and resumed as every study is (``scenarios.study``)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from agents.mistakes import Mistake
from scenarios.study import Study
from scenarios.teaching import outcomes
from scenarios.teaching.grid import Arm, Grid, Plan
from sim.specification import ScenarioSpec


@dataclass(frozen=True)
class Found:
    """A study that has been run.

    Attributes:
        plan: what was asked.
        outcomes: names, in the order of the page.
        table: one row a territory, arm, seed and year; arms by their ids.
    """

    plan: Plan
    outcomes: tuple[str, ...]
    table: pd.DataFrame


def made(grid: Grid, work: Path, *, workers: int, progress: bool) -> dict[str, Found]:
    """Run every study of a grid, or read what of it was run before.

    Args:
        grid: what is asked.
        work: folder where studies are kept.
        workers: processes.
        progress: show progress bars.

    Raises:
        Mistake: when a run failed.
    """
    plans = {**grid.studies, grid.factorial.study: grid.factorial.plan}
    return {name: _run(grid, plan, work, workers, progress) for name, plan in plans.items()}


def _run(grid: Grid, plan: Plan, work: Path, workers: int, progress: bool) -> Found:
    tables, names = [], outcomes_of(grid, plan)
    for study in _parts(grid, plan, names):
        table = study.run(study.kept_in(work / "studies"), workers=workers, progress=progress)
        failed = table[table["stage"] != ""]
        if len(failed):
            raise Mistake("a run of the page failed: {reason}", reason=str(failed["message"].iloc[0]))
        tables.append(table)
    return Found(plan, names, pd.concat(tables, ignore_index=True))


def _parts(grid: Grid, plan: Plan, names: tuple[str, ...]) -> Iterator[Study]:
    """One study a territory. Seeds redraw chance alone: the same people, teams and past, under other luck."""
    arms = {name: grid.arm(name) for name in plan.arms}
    for territory in dict.fromkeys(arm.territory for arm in arms.values()):
        place = grid.territories[territory]
        base = place.spec()
        own = {name: arm.overrides(place, base) for name, arm in arms.items() if arm.territory == territory}
        yield Study(
            territories=[base], arms=own, outcomes=names, seeds=range(1, plan.seeds + 1), years=plan.years,
            laboratory=outcomes.laboratory(), redraws=True,
        )  # fmt: skip


def outcomes_of(grid: Grid, plan: Plan) -> tuple[str, ...]:
    """Outcomes of the study: tasks one by one in those of the lessons alone."""
    arms: list[Arm] = [grid.arm(name) for name in plan.arms]
    members = [_members(grid.territories[arm.territory].spec(), grid.territories[arm.territory].main) for arm in arms]
    physicians, nurses = (max(one[place] for one in members) for place in (0, 1))
    return outcomes.names(physicians, nurses, tasks=plan is not grid.factorial.plan)


def _members(spec: ScenarioSpec, main: str) -> tuple[int, int]:
    """Physicians and nurses of the main team, of whom there may be fewer in some arm."""
    team = spec.teams[main]
    part_time = (team.asalee_fte, team.pathway_fte, team.advanced_practice_nurses)
    nurses = team.liberal_nurses + team.salaried_nurses + sum(int(-(-count // 1)) for count in part_time)
    return team.physicians, nurses

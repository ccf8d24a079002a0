"""The smallest teaching page: a year of the village under two arms and of its desert, with studies that are made up."""

import atexit
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd

from scenarios.teaching import making, recorded, studies
from scenarios.teaching.grid import Grid, Plan, grid

FOLLOWED = 5


def small_grid() -> Grid:
    """The quick grid with three recorded runs, in which the factorial is whole."""
    short = grid().in_short()
    runs = {name: replace(one, followed=FOLLOWED) for name, one in short.runs.items()}
    runs["desert"] = replace(runs["desert"], arms=runs["desert"].arms[:1])
    return replace(short, runs=runs, factorial=grid().factorial)


def invented(grid: Grid, plan: Plan, effect: float = 0.1) -> studies.Found:
    """A study whose every outcome is its arm's place times ``effect`` over 1, and a little luck that arms share."""
    names = studies.outcomes_of(grid, plan)
    rows = [
        {"territory": "made up", "arm": arm, "seed": seed, "year": year, "stage": ""}
        | {name: 1 + effect * place + 0.01 * np.sin(seed * (number + 1)) + 0.001 * np.cos(7 * seed + place + number)
           for number, name in enumerate(names)}
        for place, arm in enumerate(plan.arms) for seed in range(1, plan.seeds + 1) for year in range(1, plan.years + 1)
    ]  # fmt: skip
    return studies.Found(plan, names, pd.DataFrame(rows))


def invented_studies(grid: Grid, effect: float = 0.1) -> dict[str, studies.Found]:
    """All studies of a grid, made up."""
    plans = {**grid.studies, grid.factorial.study: grid.factorial.plan}
    return {name: invented(grid, plan, effect) for name, plan in plans.items()}


def payload_in(work: Path, effect: float = 0.1) -> dict[str, Any]:
    """The payload from the runs of a folder, which are made where they are missing."""
    small = small_grid()

    def made_up(*_: object, **__: object) -> Mapping[str, studies.Found]:
        return invented_studies(small, effect)

    with patch.object(studies, "made", made_up):
        return making.payload(small, work=work, workers=1)


def make_runs(work: Path) -> None:
    """Make the recorded runs alone."""
    recorded.made(small_grid(), work, workers=1, progress=False)


@cache
def work_folder() -> Path:
    """A folder with the recorded runs, made once and gone when the tests are over."""
    folder = Path(mkdtemp(prefix="taught-"))
    atexit.register(rmtree, folder)
    make_runs(folder)
    return folder


@cache
def taught_payload() -> dict[str, Any]:
    """The payload of the smallest page."""
    return payload_in(work_folder())

"""The study engine on the model itself: saved worlds, forks and workers change nothing; arms do what they say."""

import gc
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from shutil import rmtree
from typing import Any
from weakref import ref

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from agents.declarations import Table
from scenarios.overrides import overridden
from scenarios.reading import load
from scenarios.study import CARETEAMS, Study
from scenarios.study.forking import applied
from scenarios.study.laboratory import always
from sim.founding import found
from sim.outcomes import OUTCOMES
from sim.specification import ScenarioSpec
from sim.world import World

pytestmark = pytest.mark.slow

ARMS = {"now": [], "same": [], "far": ["parameters.choice.travel_minute=-0.25"]}


@pytest.fixture(scope="module")
def village() -> ScenarioSpec:
    baseline = load("baseline")
    return replace(
        baseline, name="village", territory=replace(baseline.territory, people=1200, town=600), teams={}
    )  # fmt: skip


@pytest.fixture(scope="module")
def study(village: ScenarioSpec) -> Study:
    return Study([village], ARMS, list(OUTCOMES), seeds=[1, 2], warm_up=1)


@pytest.fixture(scope="module")
def table(study: Study) -> pd.DataFrame:
    return study.run()


def test_every_outcome_is_read_without_failure(table: pd.DataFrame) -> None:
    assert (table["stage"] == "").all(), table["message"].unique()
    assert len(table) == 6
    assert table["people"].between(1000, 1400).all()


def test_an_arm_that_changes_nothing_is_identical_and_a_change_is_felt(table: pd.DataFrame) -> None:
    arms = {arm: rows.drop(columns="arm").reset_index(drop=True) for arm, rows in table.groupby("arm")}
    assert_frame_equal(arms["now"], arms["same"])
    assert (arms["far"]["contacts_per_person"] < arms["now"]["contacts_per_person"]).all()
    assert (arms["far"]["apl_mean"] == arms["now"]["apl_mean"]).all()


def test_saved_worlds_and_workers_change_nothing(study: Study, table: pd.DataFrame, tmp_path: Path) -> None:
    shared = study.run(tmp_path, workers=2)
    assert (shared["stage"] == "").all(), shared["message"].unique()
    assert_frame_equal(shared, table)
    assert len(list((tmp_path / "worlds").iterdir())) == 2
    rmtree(tmp_path / "runs")
    assert_frame_equal(study.run(tmp_path), table)


def test_no_world_outlives_its_runs(village: ScenarioSpec) -> None:
    """Python looks for rings of objects seldom: one that holds a world makes workers grow with every territory."""
    patients: list[ref[Table]] = []

    def noted(make: Callable[..., Any]) -> Callable[..., Any]:
        def made(*given: Any) -> Any:
            model = make(*given)
            patients.append(ref(model.world.patients))
            return model

        return made

    noting = replace(CARETEAMS, prepare=noted(CARETEAMS.prepare), fork=noted(CARETEAMS.fork))
    gc.collect()
    gc.disable()
    try:
        table = Study([village], ARMS, ["people"], seeds=[1, 2], years=2, warm_up=1, laboratory=noting).run()
        left = sum(one() is not None for one in patients)  # before Python looks for rings again
    finally:
        gc.enable()
    assert (table["stage"] == "").all(), table["message"].unique()
    assert len(patients) == 2 + 6, "two worlds, and an arm each for three arms from both"
    assert left == 0


def test_points_that_share_a_warmed_up_world_are_what_they_are_alone(village: ScenarioSpec) -> None:
    vectors = [{}, {"incentives.income_effect": 2.5, "attention.pay": 0.6}, {"quotes.spending_step": 0.1}]
    studies = [
        Study([village], {"now": [], "far": ARMS["far"]}, list(OUTCOMES), [1], vectors=vectors, warm_up=1,
              laboratory=laboratory)
        for laboratory in (CARETEAMS, replace(CARETEAMS, acts=always))
    ]  # fmt: skip
    assert [len({unit.world for unit in study.units()}) for study in studies] == [2, 3]
    shared, alone = (study.run() for study in studies)
    assert (shared["stage"] == "").all(), shared["message"].unique()
    assert_frame_equal(shared, alone, check_exact=True)


def test_an_arm_sets_sharing_rules_delegation_and_parameters() -> None:
    base = load("baseline")
    arm = overridden(base, ["parameters.choice.travel_minute=-0.25", "team.msp.sharing_rule=equal"])
    world = found(base)
    untouched = world.fork()
    changed = applied(world, base, arm)
    assert float(changed.parameters["choice_travel_minute"][0]) == -0.25
    row = world.names.index("msp")
    differs = np.flatnonzero(changed.teams["sharing_rule"] != untouched.teams["sharing_rule"])
    assert differs.tolist() == [row]
    handed = overridden(base, ["team.msp.delegation.k02.share=0.4", "team.msp.delegation.k02.nurse=liberal"])
    dyads = applied(untouched.fork(), base, handed).dyads
    in_team = untouched.physicians["team"][dyads["physician"]] == row
    assert in_team.any()
    held = untouched.nurses["in_post"][dyads["nurse"]] != 0
    assert dyads["share"][in_team & held, 2] == pytest.approx(0.4)
    assert not dyads["share"][in_team & ~held, 2].any(), "nothing is handed over to a post that nobody holds"
    assert (dyads["share"][~in_team] == untouched.dyads["share"][~in_team]).all()


def test_a_saved_world_comes_back_as_the_kernels_know_it(village: ScenarioSpec, tmp_path: Path) -> None:
    world = found(village)
    world.save(tmp_path / "world.npz")
    back = World.load(tmp_path / "world.npz")
    for table in fields(World):
        before, after = getattr(world, table.name), getattr(back, table.name)
        if isinstance(before, np.ndarray):
            assert before.dtype.isalignedstruct == after.dtype.isalignedstruct, "kernels would be compiled again"
            np.testing.assert_array_equal(before, after)

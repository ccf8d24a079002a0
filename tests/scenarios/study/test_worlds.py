"""Points that differ in nothing that acts before the fork share a warmed-up world, and give the same table."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from pandas.testing import assert_frame_equal

from scenarios.study import batches as batches_module
from scenarios.study.batches import Local, run_batch
from scenarios.study.unit import Unit
from scenarios.study.work import Part
from scenarios.study.worlds import Worlds, put_back, taken
from sim.specification import ScenarioSpec
from tests.scenarios.study.test_sweep import made, run, store, sweep
from tests.scenarios.toy_laboratory import PREPARED_LOG, TOY, fork

LEVELS, DRIFTS, SEEDS = (1.0, 2.0), (0.5, 1.5, 2.5), (1, 2, 3)
VECTORS = [{"toy.level": level, "toy.drift": drift} for drift in DRIFTS for level in LEVELS]
WORLDS = len(LEVELS) * len(SEEDS)
ARMS = {"now": [], "more": ["toy.drift=3"], "slow": ["toy.fails_in_year=2"]}


def acts(parameter: str) -> bool:
    """What a toy drifts by each year does not matter before its first year."""
    return parameter != "toy.drift"


def begin(model: Any, ground: ScenarioSpec, base: ScenarioSpec) -> Any:
    """A copy: it is changed by its years, and others start from the same world."""
    assert ground.parameters == {name: value for name, value in base.parameters.items() if acts(name)}
    return fork(model, ground, base)


SHARING = replace(TOY, acts=acts, begin=begin)


def study(seeds: Sequence[int] = SEEDS, **changes: Any) -> Any:
    return sweep(vectors=VECTORS, seeds=seeds, arms=ARMS, **{"laboratory": SHARING, **changes})


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PREPARED_LOG, str(tmp_path / "log"))
    return tmp_path / "log"


def test_a_world_is_made_once_for_all_points_that_share_it_and_the_table_is_the_same(tmp_path: Path, log: Path) -> None:
    table = run(study(), tmp_path / "shared")
    assert made(log) == WORLDS
    alone = run(study(laboratory=TOY), tmp_path / "alone")
    assert made(log) == WORLDS + len(VECTORS) * len(SEEDS)
    assert_frame_equal(table, alone, check_exact=True)
    assert set(table["stage"]) == {"", "year 2"}


def test_who_shares_a_world_is_no_part_of_what_a_run_is_known_by() -> None:
    assert study().points.equals(study(laboratory=TOY).points)


def test_units_of_one_world_follow_each_other() -> None:
    units = list(study().units())
    assert len(units) == study().size == len({(unit.vector, unit.seed) for unit in units})
    assert len(list(groupby(units, key=lambda unit: unit.world_digest(SHARING)))) == WORLDS
    assert all(unit.shared for unit in units)
    assert not any(unit.shared for unit in study(laboratory=TOY).units())


def test_a_stopped_sweep_goes_on_from_shared_worlds(tmp_path: Path, log: Path) -> None:
    half = study().work(store(tmp_path / "stopped"), Local(1))
    for _ in range(5):
        next(half)
    half.close()
    known = len(set(store(tmp_path / "stopped").known()))
    assert 0 < known < len(VECTORS) * len(SEEDS) * len(ARMS)
    before = made(log)
    table = run(study(), tmp_path / "stopped")
    assert made(log) - before <= WORLDS
    assert_frame_equal(table, run(study(laboratory=TOY), tmp_path / "whole"), check_exact=True)


@pytest.mark.parametrize("parts", [2, 5])
def test_parts_of_a_job_array_cut_few_worlds(tmp_path: Path, log: Path, parts: int) -> None:
    for number in range(1, parts + 1):
        run(study(), tmp_path / "parts", part=Part(number, parts))
    assert made(log) <= WORLDS + parts - 1
    sizes = [len(Part(number, parts).of_units(study().size)) for number in range(1, parts + 1)]
    assert sum(sizes) == study().size
    assert max(sizes) - min(sizes) <= 1
    whole = run(study(laboratory=TOY), tmp_path / "whole")
    assert_frame_equal(study().runs(store(tmp_path / "parts")), whole, check_exact=True)


def test_two_workers_share_what_each_of_them_has(tmp_path: Path, log: Path) -> None:
    table = run(study(), tmp_path / "two", workers=2)
    assert made(log) <= 2 * WORLDS
    assert_frame_equal(table, run(study(laboratory=TOY), tmp_path / "one"), check_exact=True)


def test_a_worker_holds_one_world_and_none_when_the_study_is_done(tmp_path: Path) -> None:
    held: list[Any] = []
    most: list[int] = []

    def prepare(spec: ScenarioSpec) -> Any:
        model = TOY.prepare(spec)
        held.append(model)
        most.append(len(held))
        return model

    def close(model: Any) -> None:
        held[:] = [one for one in held if one is not model]
        TOY.close(model)

    table = run(study(laboratory=replace(SHARING, prepare=prepare, close=close)), tmp_path)
    assert len(table) == len(VECTORS) * len(SEEDS) * len(ARMS)
    assert set(most) == {1}
    assert not held
    assert taken().model is None


def test_a_study_within_a_batch_has_worlds_of_its_own(tmp_path: Path, log: Path) -> None:
    def asks_another(spec: ScenarioSpec, overrides: Sequence[str]) -> ScenarioSpec:
        run(sweep(1, seeds=[7], laboratory=SHARING), tmp_path / f"inner {log.stat().st_size if log.exists() else 0}")
        return TOY.resolve(spec, overrides)

    (unit, *_) = study().units()
    outer = replace(SHARING, resolve=asks_another)
    (done,) = list(study([unit.seed], laboratory=outer).work(None, Local(1), hand_back=True))[:1]
    assert done.rows is not None
    assert {row["stage"] for row in done.rows.runs} == {"", "year 2"}


def test_another_laboratory_or_another_content_is_another_world() -> None:
    (one, two, *_) = (next(iter(study([seed]).units())) for seed in SEEDS)
    worlds = Worlds()

    def world_of(unit: Unit, laboratory: Any) -> Any:
        return worlds.of(laboratory, unit.ground(laboratory), unit.world_digest(laboratory), None)

    first = world_of(one, SHARING)
    assert world_of(one, SHARING) is first
    other = world_of(two, SHARING)
    assert other is not first
    assert not vars(first), "it was let go"
    assert world_of(two, TOY) is not other
    put_back(worlds)
    assert taken() is worlds
    assert taken().model is None, "they are elsewhere"


def test_the_runs_of_a_unit_of_many_arms_are_kept_as_they_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches_module, "LARGE", 1)
    done = [run_batch(batch) for batch in _batches(study([1]), tmp_path)]
    assert sum(len(one.shards) for one in done) == len(VECTORS) * len(ARMS)
    assert all(rows == 1 for one in done for rows in one.shards.values())


def _batches(asked: Any, folder: Path) -> list[Any]:
    kept = store(folder)
    kept.claim({**asked.design(), "seeds": list(asked.seeds)}, asked.points, accept_changes=False)
    like = batches_module.Batch(asked.recipe, tuple(asked.units()), kept, False, "1")
    return [like]

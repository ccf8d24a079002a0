"""Queries on a sweep: each run once, those of the present design only, wherever the store is."""

import shutil
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from results.query import SweepTable, query
from results.run import RunError
from scenarios.study import Store
from scenarios.study.batches import Local
from scenarios.study.work import Part
from tests.scenarios.study.test_sweep import run, sweep


def test_a_query_sees_runs_and_points(tmp_path: Path) -> None:
    expected = run(sweep(4), tmp_path)
    found = query(tmp_path, "SELECT arm, count(*) AS n, avg(state) AS mean FROM runs GROUP BY arm ORDER BY arm")
    assert list(found["arm"]) == ["more", "now"]
    assert list(found["n"]) == [8, 8]
    assert found["mean"].to_numpy() == pytest.approx(expected.groupby("arm")["state"].mean().to_numpy())
    joined = "SELECT p.vector, r.state FROM runs r JOIN points p USING (point) WHERE p.arm = 'now' AND r.seed = 1"
    assert len(query(tmp_path, joined)) == 4


def test_the_table_is_that_of_the_study(tmp_path: Path) -> None:
    expected = run(sweep(4), tmp_path)
    keys = ["territory", "vector", "arm", "seed"]
    found = SweepTable(tmp_path).runs()[list(expected)].sort_values(keys, ignore_index=True)
    assert_frame_equal(found, expected.sort_values(keys, ignore_index=True), check_dtype=False)


def test_doubles_and_runs_of_an_older_design_are_left_out(tmp_path: Path) -> None:
    run(sweep(8), tmp_path / "one")
    run(sweep(4, seeds=[2]), tmp_path / "one")
    for number in (1, 2):
        run(sweep(4, seeds=[2]), tmp_path / "two", part=Part(number, 2))
    for file in (tmp_path / "two" / "runs").iterdir():
        shutil.copy(file, tmp_path / "one" / "runs")
    assert query(tmp_path / "one", "SELECT count(*) AS n FROM runs")["n"][0] == 8


def test_a_run_that_died_and_was_made_again_stands_once(tmp_path: Path) -> None:
    vectors = [{"toy.level": 1.0}, {"toy.deadly_seed": 2}]
    study = sweep(vectors=vectors, arms={"now": []})
    run(study, tmp_path, workers=2)
    run(study, tmp_path, workers=2)
    assert list(query(tmp_path, "SELECT stage FROM runs ORDER BY stage")["stage"]) == ["", "", "", "worker"]


def test_years_stand_beside(tmp_path: Path) -> None:
    study = sweep(2, series=True)
    for _ in study.work(Store(str(tmp_path)), Local(1)):
        pass
    (tmp_path / "years" / "orphan.parquet").write_bytes(b"left by a kill between two files")
    assert query(tmp_path, "SELECT count(*) AS n, max(year) AS last FROM years").to_numpy().tolist() == [[16, 2]]


def test_a_sweep_at_an_address_is_asked_like_one_in_a_folder(tmp_path: Path) -> None:
    address = f"memory://{tmp_path.name}"
    for _ in sweep(2).work(Store(address, series=False), Local(1)):
        pass
    assert query(address, "SELECT count(*) AS n FROM runs")["n"][0] == 8


def test_what_is_no_sweep_or_no_query_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="holds no sweep"):
        query(tmp_path, "SELECT 1")
    run(sweep(1), tmp_path)
    with pytest.raises(RunError, match=r"the query is wrong: .*sate"):
        query(tmp_path, "SELECT sate FROM runs")
    with pytest.raises(RunError, match="cannot be opened"):
        query("nowhere://x", "SELECT 1")

"""Sweeps: killed at any point and resumed, extended, done in parts; always the same table, each run once."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from agents.mistakes import Mistake
from scenarios.cli import parser
from scenarios.commands.sweeps import swept
from scenarios.study import Store, Study
from scenarios.study import batches as batches_module
from scenarios.study import files as files_module
from scenarios.study.batches import Done, Local, Pace
from scenarios.study.points import axis_of, points_of
from scenarios.study.work import Part
from sim.specification import ScenarioSpec
from tests.scenarios.toy_laboratory import PREPARED_LOG, TOY, VERSION, parameters

TOWN = ScenarioSpec(name="town")
ARMS = {"now": [], "more": ["toy.drift=3"]}
ROOT = Path(__file__).parents[3]


def sweep(number: int = 8, seeds: Sequence[int] = (1, 2), **changes: Any) -> Study:
    points = points_of("sobol", [axis_of("toy.level", {}, parameters(), {})], number)
    described: dict[str, Any] = {"territories": [TOWN], "arms": ARMS, "outcomes": ["state", "square"], "years": 2}
    described |= {"vectors": points, "seeds": list(seeds), "laboratory": TOY, "series": False}
    return Study(**(described | changes))


def store(folder: Path, **facts: Any) -> Store:
    return Store(str(folder), keep_worlds=False, series=False, **facts)


def run(study: Study, folder: Path, workers: int = 1, part: Part | None = None, **facts: Any) -> pd.DataFrame:
    part = part or Part()
    for _ in study.work(store(folder, label=part.label), Local(workers), part=part, **facts):
        pass
    return study.runs(store(folder))


def made(log: Path) -> int:
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_one_row_a_run_with_its_parameters_and_outcomes(tmp_path: Path) -> None:
    study = sweep(4, series=True)
    for _ in study.work(Store(str(tmp_path)), Local(1)):
        pass
    table = study.runs(Store(str(tmp_path)))
    assert list(table) == [
        "territory", "arm", "vector", "seed", "toy.level", "state", "square", "years", "stage", "message",
        "warm_up_weeks",
    ]  # fmt: skip
    assert len(table) == 2 * 4 * 2
    years = study.run(tmp_path)
    assert table["state"].to_numpy() == pytest.approx(
        years.groupby(["arm", "vector", "seed"], sort=False)["state"].mean().to_numpy()
    )
    (file,) = (tmp_path / "runs").iterdir()
    facts = pq.read_schema(file).metadata
    assert facts[b"careteams.code"] == b"1"
    assert b"careteams.processor" in facts


@pytest.mark.parametrize(("summary", "expected"), [("mean", 2.5), ("last", 3.0), ("sum", 5.0)])
def test_a_run_sums_up_its_years(tmp_path: Path, summary: str, expected: float) -> None:
    study = sweep(1, outcomes=["people"], years=3, from_year=2, summary=summary)
    assert set(run(study, tmp_path)["people"]) == {10 * expected}


def test_failed_runs_are_rows_with_their_stage_and_message(tmp_path: Path) -> None:
    arms = ARMS | {"bad": ["toy.fails_in_year=2"]}
    table = run(sweep(2, arms=arms, outcomes=["state", "broken"]), tmp_path)
    bad, good = table[table["arm"] == "bad"], table[table["arm"] != "bad"]
    assert bad["state"].isna().all()
    assert (bad["years"] == 1).all()
    assert set(good["stage"]) == {"outcome broken"}
    assert good["state"].notna().all()
    assert good["broken"].isna().all()
    impossible = run(sweep(1, arms={"now": [], "bad": ["toy.bad_seed=1"]}), tmp_path / "other")
    assert set(impossible["stage"]) == {""}


def test_seeds_points_and_arms_can_be_added_and_only_they_are_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    monkeypatch.setenv(PREPARED_LOG, str(log))
    folder = tmp_path / "store"
    run(sweep(4), folder)
    assert made(log) == 8
    more = sweep(8, seeds=[1, 2, 3], arms=ARMS | {"most": ["toy.drift=9"]})
    table = run(more, folder)
    assert made(log) == 8 + 24, "the new arm needs each world again"
    wider = run(sweep(16, seeds=[1, 2, 3], arms=more.arms), folder)
    assert made(log) == 8 + 24 + 24, "eight new points, three seeds"
    assert len(wider) == 3 * 16 * 3
    monkeypatch.delenv(PREPARED_LOG)
    assert_frame_equal(table, run(more, tmp_path / "fresh"))


def test_what_is_not_asked_for_any_more_stays_and_is_not_shown(tmp_path: Path) -> None:
    run(sweep(8), tmp_path)
    assert_frame_equal(run(sweep(4, seeds=[2]), tmp_path), run(sweep(4, seeds=[2]), tmp_path / "fresh"))
    assert len(list(store(tmp_path).known())) == 2 * 8 * 2


def test_another_study_and_another_version_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(sweep(2), tmp_path)
    with pytest.raises(Mistake, match="holds another study: outcomes, summary not the same"):
        run(sweep(2, outcomes=["state"], summary="last"), tmp_path)
    monkeypatch.setenv(VERSION, "2")
    with pytest.raises(Mistake, match=r"made with other versions: code 1 -> 2\. .* --accept-changes"):
        run(sweep(2), tmp_path)
    log = tmp_path / "log"
    monkeypatch.setenv(PREPARED_LOG, str(log))
    table = run(sweep(2), tmp_path, accept_changes=True)
    assert made(log) == 4, "what changed is run again"
    assert len(table) == 8, "and stands in the table once"


def test_parts_of_a_job_array_make_the_same_table(tmp_path: Path) -> None:
    whole = run(sweep(), tmp_path / "whole")
    for number in (3, 1, 2):
        run(sweep(), tmp_path / "parts", part=Part(number, 3))
    names = sorted(file.name for file in (tmp_path / "parts" / "runs").iterdir())
    assert [name.partition("-")[0] for name in names] == ["part1of3", "part2of3", "part3of3"]
    assert_frame_equal(sweep().runs(store(tmp_path / "parts")), whole)
    run(sweep(), tmp_path / "others", part=Part(1, 2))
    for file in (tmp_path / "others" / "runs").iterdir():
        shutil.copy(file, tmp_path / "parts" / "runs")
    assert_frame_equal(sweep().runs(store(tmp_path / "parts")), whole)


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "a/b", "-1/2"])
def test_a_part_is_one_of_some(text: str) -> None:
    with pytest.raises(Mistake, match="expected a part such as 3/100"):
        Part.read(text)
    assert Part.read("3/100") == Part(3, 100)


SCRIPT = """
import signal, sys
from pathlib import Path
from tests.scenarios.study.test_sweep import slow, command
if __name__ == "__main__":
    sys.exit(command(slow(), sys.argv[1], 2))
"""


def slow() -> Study:
    return sweep(16, seeds=[1, 2], arms={"now": [], "slow": ["toy.seconds=0.2"]}, vectors=[
        {"toy.seconds": 0.15, "toy.level": 0.5 + number} for number in range(16)
    ])  # fmt: skip


def command(study: Study, folder: str, workers: int) -> int:
    options = parser().parse_args(["sweep", "d.toml", "--out", folder, "--workers", str(workers), "--quiet"])
    return swept(study, options)


def started(script: Path, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(script), str(folder)], env=os.environ | {"PYTHONPATH": str(ROOT)}, cwd=ROOT,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def wait_for(folder: Path, runs: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(3000):
        try:
            if len(set(store(folder).known())) >= runs:
                return
        except FileNotFoundError:
            pass
        assert process.poll() is None, "the sweep ended before it could be killed"
        time.sleep(0.02)
    pytest.fail("no run came")


@pytest.mark.slow
def test_a_sweep_killed_twice_goes_on_and_gives_the_same_table(tmp_path: Path) -> None:
    script, folder = tmp_path / "script.py", tmp_path / "store"
    script.write_text(SCRIPT)
    known = 0
    for least in (6, 20):
        process = started(script, folder)
        wait_for(folder, least, process)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=20)
        now = len(set(store(folder).known()))
        assert known < least <= now < 64
        known = now
    assert started(script, folder).wait(timeout=60) == 0
    assert_frame_equal(slow().runs(store(folder)), run(slow(), tmp_path / "undisturbed"))
    rows = sum(pq.read_metadata(file).num_rows for file in (folder / "runs").iterdir())
    assert rows == 64, "nothing lost, and nothing doubled once all is put together"


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc")
def test_a_worker_killed_on_the_way_changes_nothing(tmp_path: Path) -> None:
    script, folder = tmp_path / "script.py", tmp_path / "store"
    script.write_text(SCRIPT)
    process = started(script, folder)
    wait_for(folder, 4, process)
    os.kill(children(process.pid)[-1], signal.SIGKILL)
    assert process.wait(timeout=60) == 0
    assert_frame_equal(slow().runs(store(folder)), run(slow(), tmp_path / "undisturbed"))


def children(parent: int) -> list[int]:
    """Worker processes of a process (its resource tracker left out)."""
    numbers = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(number) for number in numbers if b"spawn_main" in Path(f"/proc/{number}/cmdline").read_bytes()]


def test_a_deadly_unit_is_found_kept_as_a_row_and_tried_again(tmp_path: Path) -> None:
    vectors = [{"toy.level": 1.0 + number} for number in range(6)] + [{"toy.deadly_seed": 2}]
    table = run(sweep(vectors=vectors), tmp_path, workers=2)
    dead = table[table["stage"] == "worker"]
    assert list(zip(dead["vector"], dead["seed"], strict=True)) == [(6, 2), (6, 2)]
    assert table.loc[table["stage"] != "worker", "state"].notna().all()
    assert len(table) == 28
    assert_frame_equal(run(sweep(vectors=vectors), tmp_path, workers=2), table)


def test_a_full_disk_stops_the_sweep_in_one_line_and_loses_nothing_that_was_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, written = files_module._put_on_disk, []

    def full(system: Any, temporary: str, path: str, content: bytes) -> None:
        written.append(path)
        if len(written) > 5:
            Path(temporary).write_bytes(content[:10])
            Path(temporary).unlink()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        put(system, temporary, path, content)

    monkeypatch.setattr(batches_module, "LARGE", 4)
    monkeypatch.setattr(files_module, "_put_on_disk", full)
    with pytest.raises(Mistake, match=r"cannot be written \(No space left on device\).*run the same command again"):
        run(sweep(), tmp_path / "store")
    monkeypatch.setattr(files_module, "_put_on_disk", put)
    known = set(store(tmp_path / "store").known())
    assert 0 < len(known) < 32
    assert not list((tmp_path / "store" / "unfinished").iterdir())
    assert_frame_equal(run(sweep(), tmp_path / "store"), run(sweep(), tmp_path / "fresh"))


def test_a_world_that_cannot_be_kept_is_no_failure_of_its_run(tmp_path: Path) -> None:
    def no_room(model: Any, path: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    table = sweep(2, series=True, laboratory=replace(TOY, save=no_room)).run(tmp_path)
    assert (table["stage"] == "").all()


def test_shards_are_few_and_hold_each_run_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches_module, "LARGE", 4)
    monkeypatch.setattr(batches_module, "MERGED_AT", 3)
    table = run(sweep(16), tmp_path)
    counts = [pq.read_metadata(file).num_rows for file in (tmp_path / "runs").iterdir()]
    assert sum(counts) == len(table) == 64
    assert min(counts) >= 4


def test_what_another_process_put_together_meanwhile_is_left_to_it(tmp_path: Path) -> None:
    study = sweep(4)
    run(study, tmp_path)
    merger = batches_module.Merger(store(tmp_path), study.recipe, "1")
    merger.small = {"gone.parquet": 1, **merger.small}
    merger.merge()
    assert len(study.runs(store(tmp_path))) == 16


def test_batches_fill_the_wanted_time_and_end_small() -> None:
    pace = Pace(10.0, workers=2)
    assert pace.size(1000) == 1
    pace.learn(Done(units=1, seconds=3.0))
    pace.learn(Done(units=1, seconds=1.0))
    assert pace.each == 2.0
    assert pace.size(1000) == 5
    assert pace.size(9) == 3
    assert pace.size(1) == 1


def test_a_store_may_be_at_any_address(tmp_path: Path) -> None:
    address = f"memory://{tmp_path.name}/store"
    study = sweep(4)
    for _ in study.work(Store(address, series=False), Local(1)):
        pass
    assert_frame_equal(study.runs(Store(address, series=False)), run(study, tmp_path))
    with pytest.raises(Mistake, match="nowhere://x: this address cannot be used"):
        Store("nowhere://x").shards()


def test_the_same_table_with_one_and_two_workers(tmp_path: Path) -> None:
    assert_frame_equal(run(sweep(), tmp_path / "one"), run(sweep(), tmp_path / "two", workers=2))


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sweep", "d.toml", "--out", str(tmp_path), "--workers", "1"]
    options = parser().parse_args([*words, "--progress"])
    assert swept(sweep(2, arms={"now": [], "bad": ["toy.fails_in_year=1"]}), options) == 0
    said = capsys.readouterr()
    assert "8 runs made." in said.out
    assert "4 runs failed: their rows say where and why." in said.out
    assert f"{tmp_path}/runs" in said.out
    assert "4/4" in said.err
    assert swept(sweep(2, arms={"now": []}), parser().parse_args(words)) == 0
    assert "0 runs made." in capsys.readouterr().out

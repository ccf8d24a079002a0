"""A command that is killed goes on: what is whole is kept, what is not is made again, and nothing differs."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from results.run import open_run
from scenarios.teaching import recorded
from tests.taught import make_runs, small_grid, work_folder

PATIENCE = 600
"""Seconds after which the first run must be there, on a loaded machine whose code is not compiled yet."""


def whole_runs(work: Path) -> list[Path]:
    return sorted(file.parent for file in work.glob("weekly/*/manifest.json") if not file.parent.name.startswith("."))


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of runs whose maker was killed after the first one, and which another one finished."""
    work = tmp_path_factory.mktemp("killed")
    code = f"from pathlib import Path; from tests.taught import make_runs; make_runs(Path({str(work)!r}))"
    maker = subprocess.Popen([sys.executable, "-c", code])
    began = time.monotonic()
    while not whole_runs(work) and maker.poll() is None and time.monotonic() - began < PATIENCE:
        time.sleep(0.02)
    maker.send_signal(signal.SIGKILL)
    maker.wait()
    first = whole_runs(work)
    assert first
    kept = {run: run.stat().st_mtime_ns for run in first}
    make_runs(work)
    assert all(run.stat().st_mtime_ns == before for run, before in kept.items())  # nothing was made twice
    return work


def test_runs_made_after_a_kill_are_the_same_to_the_last_byte(killed: Path) -> None:
    straight = {run.name: run for run in whole_runs(work_folder())}
    resumed = {run.name: run for run in whole_runs(killed)}
    assert set(resumed) == set(straight)
    for name, run in resumed.items():
        tables = open_run(run).tables
        assert tables == open_run(straight[name]).tables
        for table in tables:
            if table == "accounts":  # a process that has heard of other rules, as tests have, counts their measures too
                one, other = (open_run(folder).accounts for folder in (run, straight[name]))
                both = [column for column in one if column in other]
                assert len(both) >= min(one.shape[1], other.shape[1])
                assert one[both].equals(other[both])
                continue
            assert (run / f"{table}.parquet").read_bytes() == (straight[name] / f"{table}.parquet").read_bytes(), table


def test_arms_of_a_territory_follow_the_same_patients(killed: Path) -> None:
    runs = [open_run(job.folder) for job in recorded.jobs(small_grid(), killed) if job.territory == "village"]
    first, second = (run.panel[run.panel["week"] == run.panel["week"].min()] for run in runs)
    assert first["who"].tolist() == second["who"].tolist()
    assert (runs[0].cells == runs[1].cells).all(axis=None)


def test_another_arm_or_length_is_another_folder(tmp_path: Path) -> None:
    folders = [job.folder for job in recorded.jobs(small_grid(), tmp_path)]
    assert len(set(folders)) == len(folders) == 3

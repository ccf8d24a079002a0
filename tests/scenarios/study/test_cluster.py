"""The same table from a real Dask scheduler with two worker processes, one of which is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from agents.mistakes import Mistake
from scenarios.cli import parser
from scenarios.commands.sweeps import swept
from scenarios.study import cluster as clusters
from scenarios.study.cluster import Cluster, connected
from tests.scenarios.study.test_sweep import ROOT, run, slow, store, sweep

distributed = pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


def program(*words: str, **settings: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | settings
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]], env=environment, cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@contextmanager
def a_cluster(folder: Path, **settings: str) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers of one thread each, as on a cluster; its address, and the workers."""
    file = folder / "scheduler.json"
    scheduler = program("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                        "--scheduler-file", str(file))  # fmt: skip
    words = ["dask_worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-dashboard", "--no-nanny",
             "--local-directory", str(folder)]  # fmt: skip
    workers = [program(*words, **settings) for _ in range(2)]
    try:
        for _ in range(600):
            if file.exists() and file.stat().st_size:
                break
            time.sleep(0.05)
        with distributed.Client(scheduler_file=str(file)) as client:
            client.wait_for_workers(2, timeout=60)
            address = client.scheduler.address
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait(timeout=10)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """One that may lose its workers."""
    with a_cluster(tmp_path) as made:
        yield made


def test_a_cluster_that_loses_a_worker_gives_the_same_table(
    tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = cluster
    folder = tmp_path / "store"
    words = ["sweep", "d.toml", "--out", str(folder), "--engine", "dask", "--address", address, "--quiet"]
    assert swept(sweep(2), parser().parse_args([*words[:3], str(tmp_path / "first"), *words[4:]])) == 0
    client = connected(address, 2)
    with client:
        done = 0
        for result in slow().work(store(folder), Cluster(client)):
            done += result.units
            if done >= 3 and workers[0].poll() is None:
                workers[0].send_signal(signal.SIGKILL)
                workers[0].wait(timeout=10)
    assert done >= 32
    assert_frame_equal(slow().runs(store(folder)), run(slow(), tmp_path / "local"))
    assert_frame_equal(sweep(2).runs(store(tmp_path / "first")), run(sweep(2), tmp_path / "local_first"))


def test_a_scheduler_that_does_not_answer_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "ANSWERS_WITHIN_SECONDS", 1)
    with pytest.raises(Mistake, match="no Dask scheduler answers at tcp"):
        connected("tcp://127.0.0.1:9", 1)


def test_an_address_without_dask_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="--address is for --engine dask"):
        swept(sweep(1), parser().parse_args(["sweep", "d.toml", "--address", "tcp://x"]))

"""The same bytes whatever the number of threads, the size of the blocks, or Python's hash seed."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from agents.declarations import Table
from sim.founding import found
from sim.specification import ScenarioSpec, TerritorySpec
from sim.week import passage as passing
from sim.week.parts import blocks
from sim.week.passage import Passage, between_patients
from sim.week.requests import DTYPE as REQUEST_DTYPE
from sim.world import World
from tests.sim.made_weeks import different_tables, digest, living, packed, town

ROOT = Path(__file__).parents[3]
PEOPLE = 100_000
WEEKS = 5  # lists are recounted in the first and the last


@cache
def large() -> World:
    """Several territories of the default size side by side, more than 100,000 people."""
    return found([ScenarioSpec(territory=TerritorySpec(name=f"Territory {n}")) for n in range(5)])


def passed(world: World, threads: int) -> tuple[World, Table, set[str]]:
    """A copy of the world after some weeks, its claim lines, and the threads that worked."""
    copy = world.fork()
    passage = Passage(copy, threads=threads)
    lines = np.concatenate([passage.week() for _ in range(WEEKS)])
    passage.close()
    return copy, lines, passage.workers


@cache
def serial() -> tuple[World, Table, set[str]]:
    return passed(large(), 1)


@pytest.mark.parametrize("fewest", [1, 9], ids=["lands", "shared"])
@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_no_byte(threads: int, fewest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether each takes one land after the other through the week, or all share each phase of it."""
    monkeypatch.setattr(passing, "FEWEST_LANDS_PER_THREAD", fewest)
    world, lines, workers = passed(large(), threads)
    alone, its_lines, its_workers = serial()
    assert np.count_nonzero(living(alone.patients)) > PEOPLE
    assert len(blocks(0, len(alone.patients), passing.PATIENTS_PER_BLOCK)) >= 2 * threads
    assert len(workers) == threads, "each thread has worked"
    assert not its_workers
    assert different_tables(world, alone) == []
    assert packed(lines) == packed(its_lines)
    assert digest(world, lines) == digest(alone, its_lines)


def test_threads_that_share_providers_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small blocks: each phase is cut in many, and the buffers of requests and lines fill up in mid-block."""
    alone, its_lines, _ = serial()
    monkeypatch.setattr(passing, "PATIENTS_PER_BLOCK", 1_009)
    monkeypatch.setattr(passing, "REQUESTS_PER_BLOCK", 61)
    monkeypatch.setattr(passing, "PROVIDERS_PER_BLOCK", 7)
    monkeypatch.setattr(passing, "FEWEST_LANDS_PER_THREAD", 9)
    world, lines, workers = passed(large(), 3)
    assert len(workers) == 3
    assert digest(world, lines) == digest(alone, its_lines)


def test_weeks_that_pass_change_the_bytes() -> None:
    """The comparison above is able to fail."""
    alone, lines, _ = serial()
    assert set(different_tables(alone, large())) >= {"patients", "physicians", "nurses", "hospitals", "territories"}
    assert digest(alone, lines) != digest(alone, lines[1:])
    other = alone.fork()
    other.patients["trust_gp"][17] ^= 1
    assert digest(alone) != digest(other)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_seed_gives_the_same_world_and_another_seed_another(seed: int) -> None:
    one, two = (found(town(2_000, seed)) for _ in range(2))
    assert digest(one) == digest(two)
    assert digest(one) != digest(found(town(2_000, seed + 1)))


SCRIPT = """
import numpy as np
from sim.founding import found
from tests.sim.made_weeks import digest, lived, town
world = found([town(2_000, 7, "One"), town(1_500, 7, "Two", teams={})])
print(digest(world, lived(world, 6)))
"""


def test_pythons_hash_seed_changes_no_byte() -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT], cwd=ROOT, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        )
        for hash_seed in ("0", "31337")
    ]  # fmt: skip
    outputs = [run.communicate()[0].strip() for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert len(outputs[0]) == 32
    assert outputs[0] == outputs[1]


def test_blocks_cover_all_rows_once() -> None:
    assert blocks(0, 0, 10) == []
    assert blocks(0, 20, 10) == [(0, 10), (10, 20)]
    assert blocks(5, 26, 10) == [(5, 15), (15, 25), (25, 26)]


def test_blocks_of_requests_never_part_a_patient() -> None:
    def cut(requests: Table) -> list[tuple[int, int]]:
        return between_patients(requests, blocks(0, len(requests), 3))

    requests = np.zeros(9, REQUEST_DTYPE)
    requests["patient"] = [1, 1, 2, 2, 2, 2, 3, 4, 5]
    assert cut(requests) == [(0, 6), (6, 9)]
    assert cut(requests[:0]) == []
    requests["patient"] = 1
    assert cut(requests) == [(0, 9)]

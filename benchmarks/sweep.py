"""What a sweep costs beside the model: overhead of a run, and asking a table of a million runs.

    python -m benchmarks.sweep

The runs are those of a toy laboratory, which takes no time, so that all that is measured is the engine: planning,
batches, shards, putting shards together. The table is made by the engine's own writer.
"""

import tempfile
import time
from pathlib import Path

import numpy as np

from results.query import SweepTable
from scenarios.study import Store, Study
from scenarios.study.batches import Local
from scenarios.study.shards import encoded, run_schema, table_of
from scenarios.study.store import LARGE
from scenarios.study.unit import Row
from sim.specification import ScenarioSpec
from tests.scenarios.toy_laboratory import TOY

RUNS = 4_000
ROWS = 1_000_000
PARAMETERS = ("toy.drift", "toy.level")


def study(points: int, seeds: int) -> Study:
    """A sweep of two parameters over so many points and seeds."""
    vectors = [{name: 0.5 + (number * step) % 997 / 997 for name, step in zip(PARAMETERS, (1, 331), strict=True)}
               for number in range(points)]  # fmt: skip
    return Study([ScenarioSpec(name="town")], {"now": []}, ["state", "square", "people"], range(1, seeds + 1), years=5,
                 vectors=vectors, laboratory=TOY, series=False)  # fmt: skip


def overhead(folder: Path, workers: int) -> tuple[float, float]:
    """Milliseconds a run of a sweep, and of finding that all its runs are known."""
    seconds = []
    for _ in range(2):
        begin = time.perf_counter()
        for _done in study(RUNS // 4, 4).work(Store(str(folder), keep_worlds=False, series=False), Local(workers)):
            pass
        seconds.append(time.perf_counter() - begin)
    return 1000 * seconds[0] / RUNS, 1000 * seconds[1] / RUNS


def large_table(folder: Path, points: int) -> None:
    """A store of a million runs, in shards of the usual size."""
    design = study(points, ROWS // points)
    store = Store(str(folder), series=False)
    store.claim({**design.design(), "seeds": list(design.seeds)}, design.points)
    schema, rows, values = run_schema(design.recipe), list[Row](), np.linspace(0, 1, 997)
    facts: Row = {"square": 1.0, "people": 50.0, "years": 5, "stage": "", "message": "", "warm_up_weeks": 104}
    for number, unit in enumerate(design.units()):
        place = {"point": unit.points["now"], "territory": "town", "arm": "now", "seed": unit.seed}
        rows.append(facts | place | dict(unit.shown) | {"state": values[number % 997]})
        if len(rows) == LARGE:
            store.files.write(f"runs/shard-{number:07d}.parquet", encoded(table_of(rows, schema), {}))
            rows = []


def asked(folder: Path) -> tuple[float, float]:
    """Seconds to open a store and to sum it up by parameter."""
    begin = time.perf_counter()
    table = SweepTable(folder)
    table.query("SELECT count(*) FROM runs")
    opened = time.perf_counter()
    table.query("SELECT arm, round(\"toy.level\", 1) AS level, avg(state), stddev(state), quantile_cont(people, 0.9) "
                "FROM runs GROUP BY ALL")  # fmt: skip
    return opened - begin, time.perf_counter() - opened


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        for workers in (1, 2):
            first, again = overhead(Path(folder) / str(workers), workers)
            print(f"{RUNS:,} runs, {workers} workers: {first:.2f} ms a run; {again:.3f} ms a run that is known")
        for points in (1_000, ROWS):
            large_table(Path(folder) / f"table{points}", points)
            opened, summed = asked(Path(folder) / f"table{points}")
            print(f"{ROWS:,} runs of {points:,} points: opened in {opened:.2f} s, summed up in {summed:.2f} s")


if __name__ == "__main__":
    main()

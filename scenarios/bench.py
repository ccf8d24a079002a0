"""``careteams bench``: how fast the full week is on this machine, with the work done and a NumPy reference.

Worlds of every size are the same town side by side: one territory is founded, and copies of it get people of their own
(new ids, hence new draws), so that a world of five million is ready in seconds.
"""

import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.mistakes import Mistake
from results.messages import _, number
from scenarios.quoting import PHYSICIANS, STACKS, quote_seconds
from scenarios.running import WEEKS_PER_YEAR
from scenarios.settling import TEAMS, settle_seconds
from scenarios.study.store import replaced

SIZES: Final = (6_000, 100_000, 1_000_000, 5_000_000)
THREADS: Final = (1, 2)
TOWN: Final = 25_000
"""People of the town that larger worlds are made of (a smaller world is one smaller town)."""
SETTLING_WEEKS: Final = 4
"""Weeks before the clock starts: code is compiled and queues fill."""
PATIENT_WEEKS: Final = 26_000_000
"""Work that is timed at each size, within one and two years: whole ones, since accounts are closed once a year."""
MOST_YEARS: Final = 2
PASSAGE_WEEKS: Final = 12
"""Weeks that are timed together without accounts, three times over: lists are counted in every fourth of them."""
PLAUSIBLE_PER_PATIENT_WEEK: Final = (0.03, 0.4)
"""Contacts with GPs and requests to them, a patient-week: French adults see a GP four or five times a year."""
TOWNS: Final = (23_000, 6_000)
"""People of the towns of which whole runs are timed: the preset ``default``, and a small one made like it."""
TOWN_YEARS: Final = 10
HISTORY: Final = Path("benchmarks/history.json")
SPEEDS: Final = ("patient_weeks_per_s", "passage_patient_weeks_per_s")
"""Speeds of each size by number of threads: whole years with their accounts, and the weekly passage alone."""
SAMPLES: Final = 3
LARGEST_WEIGHED: Final = 1_000_000
"""Largest size at which the memory of a whole process is measured."""


def bench(
    *,
    sizes: Sequence[int] = SIZES,
    threads: Sequence[int] = THREADS,
    as_json: bool = False,
    save: bool = False,
    history: Path = HISTORY,
) -> int:
    """Measure, print, and keep the figures on request.

    Args:
        sizes: patients in the world.
        threads: numbers of threads.
        as_json: print JSON instead of a table.
        save: append the figures to ``history``.
        history: committed file, a list of measurements, oldest first; it names no machine.

    Returns:
        Exit code, 0.

    Raises:
        Mistake: for sizes or threads that make no sense.
    """
    for name, values in (("sizes", sizes), ("threads", threads)):
        if not values or min(values) < 1:
            raise Mistake("{key} = {value}: expected whole numbers above 0.", key=name, value=list(values))
    figures = measured(sizes, threads)
    if save:
        appended(figures, history)
    print(json.dumps(figures, indent=1) if as_json else as_text(figures))
    return 0


def measured(sizes: Sequence[int], threads: Sequence[int]) -> dict[str, Any]:
    """All figures, as plain content."""
    reference = numpy_reference()
    settle, settled = settle_seconds()
    quoted = {stack: quote_seconds(stack) for stack in STACKS}
    by_size = {size: _of_size(size, threads) for size in sizes}
    speeds = {key: {str(size): part[key] for size, part in by_size.items()} for key in SPEEDS}
    seconds = [part["seconds_per_week"][str(threads[0])] for part in by_size.values()]
    people = [part["patients"] for part in by_size.values()]
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {"careteams": version("careteams"), "numba": version("numba"), "numpy": version("numpy"),
                     "python": platform.python_version()},
        "processors": os.cpu_count(),
        **speeds,
        "bytes_per_patient": {str(size): part["bytes_per_patient"] for size, part in by_size.items()},
        "process_bytes": {
            str(size): process_bytes(f"from scenarios.bench import peak_of_a_year; peak_of_a_year({size})")
            for size in sizes if size <= LARGEST_WEIGHED
        },
        "growth_exponent": growth_exponent(people, seconds) if len(sizes) > 1 else None,
        **{f"town_{people}_{TOWN_YEARS}_years_s": town_seconds(people) for people in TOWNS},
        "import_s": fresh_process_seconds("import sim.model"),
        "help_s": fresh_process_seconds("from scenarios.cli import main; main(['--help'])"),
        f"settle_{TEAMS}_teams_s": settle,
        **{f"quotes_{PHYSICIANS}_physicians_{stack}_s": seconds for stack, (seconds, _work) in quoted.items()},
        "numpy_reference": reference,
        "per_numpy_reference": {s: {t: v / reference for t, v in by.items()} for s, by in speeds[SPEEDS[0]].items()},
        "peak_memory_bytes": _peak_memory(),
        "work": {str(size): part["work"] for size, part in by_size.items()}
        | {"settle": settled, "quotes": {stack: work for stack, (_seconds, work) in quoted.items()}},
    }  # fmt: skip


def _of_size(size: int, threads: Sequence[int]) -> dict[str, Any]:
    """Speeds at one size, for each number of threads; the same world goes on from one to the next."""
    from sim.model import CareModel

    world = side_by_side(size)
    patients = _alive(world)
    weeks = WEEKS_PER_YEAR * min(max(PATIENT_WEEKS // (WEEKS_PER_YEAR * patients), 1), MOST_YEARS)
    found: dict[str, Any] = {"patients": patients, "seconds_per_week": {}, "work": {}} | {key: {} for key in SPEEDS}
    for count in map(str, threads):
        model = CareModel(world, threads=int(count))
        model.run(SETTLING_WEEKS)
        seconds, found["work"][count] = timed(model.step, world, weeks)
        found["seconds_per_week"][count] = seconds / weeks
        alone = min(timed(model.passage.week, world, PASSAGE_WEEKS)[0] for _sample in range(SAMPLES))
        model.run(-world.week % WEEKS_PER_YEAR)  # to the end of the year
        for key, speed in zip(SPEEDS, (weeks / seconds, PASSAGE_WEEKS / alone), strict=True):
            found[key][count] = patients * speed
    found["bytes_per_patient"] = _table_bytes(world) / patients
    return found


def timed(week: Callable[[], object], world: Any, weeks: int) -> tuple[float, dict[str, int]]:
    """Seconds of some weeks, and the work done in them.

    Raises:
        RuntimeError: when that is not what so many patients ask for.
    """
    work = {"weeks": weeks, "patients": _alive(world), "requests": 0, "contacts": 0}
    begin = time.perf_counter()
    for _week in range(weeks):
        week()
        work["requests"] += int(world.physicians["requests"].sum())
        work["contacts"] += int(world.physicians["contacts"].sum())
    seconds = time.perf_counter() - begin
    check_work(work)
    return seconds, work


def check_work(work: Mapping[str, int]) -> None:
    """Refuse to report the speed of a model that did not do its work.

    Raises:
        RuntimeError: when requests or contacts a patient-week are not plausible.
    """
    low, high = PLAUSIBLE_PER_PATIENT_WEEK
    for kind in ("requests", "contacts"):
        rate = work[kind] / (work["patients"] * work["weeks"])
        if not low <= rate <= high:
            raise RuntimeError(f"{kind} a patient-week: {rate:.4f}, expected {low} to {high}")


def town_seconds(people: int, years: int = TOWN_YEARS) -> float:
    """Seconds of a whole run of one town, founded, warmed up, paid and written (the better of two runs).

    Norms that its payment rules compare with are made before the clock starts, where they do not exist yet.

    Raises:
        RuntimeError: when the run did not do its work.
    """
    from scenarios.norms import make_ready
    from scenarios.running import simulate

    town = replace(_town(people), years=years)
    make_ready([town])
    best = math.inf
    for _sample in range(2):  # the first run also reads the compiled code from the disk
        with tempfile.TemporaryDirectory() as folder:
            begin = time.perf_counter()
            run = simulate(town, out=Path(folder, "run"), progress=False)
            best = min(best, time.perf_counter() - begin)
            check_run(run, years)
    return best


def _town(people: int) -> Any:
    """The preset ``default``, or a smaller place with the usual teams."""
    from scenarios.reading import load

    whole = load("default")
    if people == whole.territory.people:
        return whole
    ground = replace(whole.territory, people=people, town=min(whole.territory.town, people // 3))
    return replace(whole, name="bench", territory=ground, teams={}, fill_with_default_teams=True)


def check_run(run: Path, years: int) -> None:
    """Refuse to report the time of a run that lacks weeks, claims or payments.

    Raises:
        RuntimeError: when one of them is missing.
    """
    import pandas as pd

    weeks = pd.read_parquet(run / "territory.parquet", columns=["week", "gp_contacts"])
    work = {"weeks": weeks["week"].nunique(), "claims": int(weeks["gp_contacts"].sum()),
            "payments": len(pd.read_parquet(run / "payments.parquet", columns=["cents"]))}  # fmt: skip
    if work["weeks"] != years * WEEKS_PER_YEAR or not all(work.values()):
        raise RuntimeError(f"a run of {years} years did not do its work: {work}")


def side_by_side(size: int) -> Any:
    """A world of about ``size`` people: one town, or copies of it with people of their own."""
    from scenarios.reading import load
    from sim.founding import found

    baseline = load("baseline")
    people = min(size, TOWN)
    ground = replace(baseline.territory, name="Town", people=people, town=min(baseline.territory.town, people // 3))
    world = found(replace(baseline, name="bench", territory=ground, teams={}, fill_with_default_teams=True))
    return tiled(world, max(1, round(size / people)))


def tiled(world: Any, copies: int) -> Any:
    """Copies of a world side by side; references are moved, and every id is new."""
    from sim.founding import REFERENCES

    names = [f"{name} {copy}" if copy else name for copy in range(copies) for name in world.names]
    rows = {table: len(getattr(world, table)) for table in REFERENCES}
    changed: dict[str, NDArray[Any]] = {}
    for table, columns in REFERENCES.items():
        one = getattr(world, table)
        many = np.concatenate([one] * copies) if copies > 1 else one.copy()
        for copy in range(1, copies):
            part = many[copy * len(one) : (copy + 1) * len(one)]
            for column, target in columns.items():
                values = part[column] if column else part
                values[values >= 0] += copy * rows[target]
            if one.dtype.names and "who" in one.dtype.names:
                part["who"] = renewed(part["who"], copy)
        changed[table] = many
    return replace(world, names=names, **changed)


def renewed(ids: NDArray[np.uint64], copy: int) -> NDArray[np.uint64]:
    """Ids of a copy: a bijection of the old ones that differs from copy to copy (the mixing round of the draws)."""
    with np.errstate(over="ignore"):
        x = ids + np.uint64(copy) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)), dtype=np.uint64)


def growth_exponent(sizes: ArrayLike, seconds: ArrayLike) -> float:
    """Slope of log time on log size: 1 is linear growth."""
    x, y = np.log(np.asarray(sizes, float)), np.log(np.asarray(seconds, float))
    return float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())


def numpy_reference(elements: int = 1_000_000) -> float:
    """Speed of this machine at a fixed NumPy workload, in million elements a second (best of some samples).

    One pass sorts, gathers, adds up and takes logarithms: memory and arithmetic in the proportions of a week.
    """
    values = (np.arange(elements, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(11)) / 2.0**53
    best = math.inf
    for _sample in range(SAMPLES):
        begin = time.perf_counter()
        order = np.argsort(values, kind="stable")
        total = float(np.cumsum(np.log1p(values[order]))[-1])
        best = min(best, time.perf_counter() - begin)
        if not math.isclose(total, elements * (2 * math.log(2) - 1), rel_tol=1e-3):
            raise RuntimeError(f"the NumPy reference gave {total}")
    return elements / best / 1e6


def fresh_process_seconds(code: str) -> float:
    """Seconds that a new Python process needs for some code (best of some samples).

    As on a user's machine, where Python keeps what it has read of a module: some environments forbid it.
    """
    best = math.inf
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _sample in range(SAMPLES):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL, env=usual)
        best = min(best, time.perf_counter() - begin)
    return best


def process_bytes(code: str) -> int | None:
    """What some code, which ends with :func:`tell_peak`, tells of itself in a new Python process."""
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    found: int | None = json.loads(told)
    return found


def peak_of_a_year(size: int) -> None:
    """Let a world live a year, and tell the most memory that this process has held.

    All of it: Python, compiled code, the world, its accounts, a week's requests and claim lines.
    """
    from sim.model import CareModel

    CareModel(side_by_side(size)).run(WEEKS_PER_YEAR)
    tell_peak()


def tell_peak() -> None:
    """Print the most memory that this process has held, in bytes; null where the system does not say."""
    print(json.dumps(_peak_memory()))


def as_text(figures: Mapping[str, Any]) -> str:
    """The figures for a terminal."""
    lines = [
        _("Patient-weeks a second, whole years with their accounts"), *_speed_lines(figures, SPEEDS[0]), "",
        _("Patient-weeks a second, the weekly passage alone"), *_speed_lines(figures, SPEEDS[1]), "",
    ]  # fmt: skip
    for size, held in figures["process_bytes"].items():
        if held is not None:
            lines.append(_("a year of {people} people: {megabytes} MB in all", people=number(int(size)),
                           megabytes=number(held / 1e6)))  # fmt: skip
    if figures["growth_exponent"] is not None:
        lines.append(_("growth exponent: {value}", value=number(figures["growth_exponent"], 2)))
    for people in TOWNS:
        seconds = number(figures[f"town_{people}_{TOWN_YEARS}_years_s"], 2)
        text = _("a town of {people} people, {years} years: {seconds} s", people=number(people), years=TOWN_YEARS,
                 seconds=seconds)  # fmt: skip
        lines.append(text)
    lines.append(_("import of the model: {seconds} s", seconds=number(figures["import_s"], 2)))
    lines.append(_("careteams --help: {seconds} s", seconds=number(figures["help_s"], 2)))
    lines.append(_("a year of {teams} teams settled: {seconds} s",
                   teams=number(TEAMS), seconds=number(figures[f"settle_{TEAMS}_teams_s"], 2)))  # fmt: skip
    for stack in STACKS:
        seconds = number(figures[f"quotes_{PHYSICIANS}_physicians_{stack}_s"], 2)
        text = _("quotes of {n} physicians ({stack}): {seconds} s", n=number(PHYSICIANS), stack=stack, seconds=seconds)
        lines.append(text)
    lines.append(_("NumPy reference: {speed} million elements/s", speed=number(figures["numpy_reference"], 1)))
    return "\n".join(lines)


def _speed_lines(figures: Mapping[str, Any], speed: str) -> list[str]:
    """One of :data:`SPEEDS` as a table, and what a patient weighs."""
    threads = list(next(iter(figures[speed].values())))
    head = [_("{n} thread(s)", n=count).rjust(22) for count in threads]
    lines = [_("Patients").ljust(12) + "".join(head) + _("bytes/patient").rjust(18)]
    for size, by in figures[speed].items():
        speeds = "".join(f"{number(by[count] / 1e6, 2)} M/s".rjust(22) for count in threads)
        weight = number(figures["bytes_per_patient"][size]).rjust(18)
        lines.append(number(int(size)).ljust(12) + speeds + weight)
    return lines


def appended(figures: Mapping[str, Any], history: Path) -> None:
    """Add a measurement to a history file."""
    known = json.loads(history.read_text(encoding="utf-8")) if history.exists() else []
    with replaced(history) as temporary:
        temporary.write_text(json.dumps([*known, figures], indent=1) + "\n", encoding="utf-8")


def _alive(world: Any) -> int:
    from agents.patients import ALIVE

    return int(np.count_nonzero(world.patients["flags"] & ALIVE))


def _table_bytes(world: Any) -> int:
    from sim.founding import REFERENCES

    return sum(getattr(world, table).nbytes for table in REFERENCES)


def _peak_memory() -> int | None:
    """Largest memory that this process has held, in bytes; None where the system does not say."""
    status = Path("/proc/self/status")
    if status.exists():  # of this program alone: the other count begins with that of the process which started it
        held = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:"))
        return int(held.split()[1]) * 1024
    try:
        import resource
    except ImportError:  # not on Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else peak * 1024)

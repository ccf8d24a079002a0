"""``careteams bench --territories``: a study over many real territories, and what it costs in time and memory.

A country is a study over territories: a worker holds one of them at a time, so that the memory of a worker must not
grow with their number (design 6). The territories are EPCIs of moderate size, all alike in this, so that a growth
could only come from what a territory leaves behind.
"""

import json
import os
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from agents.mistakes import Mistake
from results.messages import _, number
from scenarios.bench import appended, numpy_reference
from scenarios.study import CARETEAMS, Study
from sim.specification import ScenarioSpec

MEMORY: Final = ("worker", "memory_peak", "memory_now")
"""What is read in the worker at the end of each territory: its process, the most it ever held, and what it holds."""
CARE: Final = ("people", "contacts_per_person")
PLAUSIBLE_PEOPLE: Final = (0.85, 1.15)
"""People after the warm-up and a year, over the legal population: what was simulated are these territories."""
PLAUSIBLE_CONTACTS: Final = (1.5, 6.0)
"""Contacts with physicians, a person-year."""
STATUS: Final = Path("/proc/self/status")
HISTORY: Final = Path("benchmarks/territories.json")
WORKERS: Final = 2


def bench(
    counts: Sequence[int], *, workers: int = WORKERS, as_json: bool = False, save: bool = False, history: Path = HISTORY
) -> int:
    """Measure studies over so many territories each, print, and keep the figures on request.

    Args:
        counts: numbers of territories, one study each.
        workers: processes.
        as_json: print JSON instead of a table.
        save: append the figures to ``history``.
        history: committed file, a list of measurements, oldest first; it names no machine.

    Returns:
        Exit code, 0.

    Raises:
        Mistake: when there are not as many territories.
    """
    for count in counts:
        moderate(count)
    figures = {
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {"careteams": version("careteams"), "numba": version("numba"), "numpy": version("numpy"),
                     "python": platform.python_version()},
        "processors": os.cpu_count(), "numpy_reference": numpy_reference(),
        "territories": {str(count): measured(count, workers) for count in counts},
    }  # fmt: skip
    if save:
        appended(figures, history)
    print(json.dumps(figures, indent=1) if as_json else as_text(figures))
    return 0


def as_text(figures: Mapping[str, Any]) -> str:
    """The figures for a terminal."""
    heads = (_("territories"), _("people"), _("seconds"), _("largest worker, MB"), _("left by a territory, MB"))
    lines = ["".join(head.rjust(26) for head in heads)]
    for count, of in figures["territories"].items():
        megabytes = number(max(of["worker_peak_bytes"]) / 1e6), number(of["bytes_left_by_territory"] / 1e6, 2)
        cells = (count, number(of["patients"]), number(of["seconds"]), *megabytes)
        lines.append("".join(cell.rjust(26) for cell in cells))
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Reading:
    """A fact about the process that stands among the outcomes of a study."""

    name: str

    @property
    def function(self) -> Any:
        """``function(model, year)``, as the engine asks."""
        return lambda _model, _year: memory_facts()[self.name]


def memory_facts() -> dict[str, float]:
    """Process number, largest and present memory of this process in bytes (not a number where nobody says)."""
    try:
        lines = [line.split() for line in STATUS.read_text(encoding="utf-8").splitlines()]
        kilobytes = {words[0]: float(words[1]) for words in lines if words[0] in ("VmHWM:", "VmRSS:")}
        peak, held = (1024 * kilobytes[name] for name in ("VmHWM:", "VmRSS:"))
    except (OSError, KeyError):
        peak, held = _peak_elsewhere(), float("nan")
    return dict(zip(MEMORY, (float(os.getpid()), peak, held), strict=True))


def _peak_elsewhere() -> float:
    try:
        import resource
    except ImportError:  # not on Windows
        return float("nan")
    peak = float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return peak if sys.platform == "darwin" else 1024 * peak


def outcomes_and_memory() -> Mapping[str, Any]:
    """The declared outcomes, and the readings of the process."""
    return {**CARETEAMS.outcomes(), **{name: Reading(name) for name in MEMORY}}


def moderate(count: int) -> dict[str, int]:
    """The EPCIs whose population is nearest to the median one: legal population by code, in the order of the codes.

    Raises:
        Mistake: when there are not as many.
    """
    from sim.territory.epci import commune_table

    table = commune_table()
    members = table[table["epci"] != ""]
    codes, place = np.unique(members["epci"], return_inverse=True)
    people = np.bincount(place, weights=members["population"]).astype(int)
    if not 0 < count <= len(codes):
        raise Mistake("{key} = {value} is outside its range, {low} to {high} {unit}.",
                      key="territories", value=count, low=1, high=len(codes), unit="")  # fmt: skip
    nearest = np.argsort(np.abs(people - np.median(people)), kind="stable")[:count]
    return {str(codes[row]): int(people[row]) for row in sorted(nearest)}


def territories(codes: Sequence[str]) -> list[ScenarioSpec]:
    """The calibration baseline in each EPCI, with default teams."""
    from scenarios.reading import load

    base = load("baseline")
    ground = replace(base.territory, builder="epci")
    return [replace(base, name=code, teams={}, territory=replace(ground, name=code)) for code in codes]


def measured(count: int, workers: int) -> dict[str, Any]:
    """Run a year of ``count`` territories, and tell time, work and memory.

    Raises:
        RuntimeError: when a territory failed, or did no plausible work.
    """
    population = moderate(count)
    laboratory = replace(CARETEAMS, outcomes=outcomes_and_memory)
    study = Study(territories(list(population)), {"now": []}, [*CARE, *MEMORY], seeds=[1], laboratory=laboratory)
    begin = time.perf_counter()
    table = pd.concat(study.stream(workers=workers), ignore_index=True)  # in the order in which they ended
    seconds = time.perf_counter() - begin
    check_work(table, population)
    weeks = (table["warm_up_weeks"] + 52) * table["people"]
    peaks = table.groupby("worker")["memory_peak"].max()
    return {
        "workers": workers, "seconds": seconds, "patients": int(table["people"].sum()),
        "patient_weeks": int(weeks.sum()), "patient_weeks_per_s": float(weeks.sum() / seconds),
        "worker_peak_bytes": sorted(peaks.astype(int).tolist()),
        "bytes_left_by_territory": left_behind(table), "parent_peak_bytes": int(memory_facts()["memory_peak"]),
    }  # fmt: skip


def check_work(table: pd.DataFrame, population: Mapping[str, int]) -> None:
    """Refuse to report on territories that failed or lived no plausible year.

    Raises:
        RuntimeError: with the first of them.
    """
    if len(table) != len(population) or (table["stage"] != "").any():
        said = table.loc[table["stage"] != "", "message"]
        raise RuntimeError(f"{len(table)} of {len(population)} territories; {next(iter(said), 'none failed')}")
    share = table["people"] / table["territory"].map(population)
    for name, values, (low, high) in (
        ("people over the legal population", share, PLAUSIBLE_PEOPLE),
        ("contacts a person-year", table["contacts_per_person"], PLAUSIBLE_CONTACTS),
    ):
        wrong = table.loc[~values.between(low, high), "territory"]
        if len(wrong):
            raise RuntimeError(f"{name} in {wrong.iloc[0]}: {values[wrong.index[0]]:.3f}, expected {low} to {high}")


def left_behind(table: pd.DataFrame) -> float:
    """Bytes that a worker holds more after each territory: the slope of its memory, its first territory left out.

    The first one brings the compiled code and the tables that every other uses again.
    """
    slopes = []
    for _worker, rows in table.groupby("worker", sort=False):
        held = rows["memory_now"].to_numpy(dtype=float)[1:]
        if len(held) > 1:
            slopes.append(float(np.polyfit(np.arange(len(held)), held, 1)[0]))
    return float(np.mean(slopes)) if slopes else float("nan")

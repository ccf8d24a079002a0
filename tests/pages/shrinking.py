"""What is done in the place of what a page shows, where that would take minutes or hours. Nothing else is changed.

A page shows what its reader would type. Its tests type the same, with these exceptions:

* a scenario of more than ``LIMIT`` people keeps its shape and becomes one of ``PEOPLE``, with one year of warm-up; its
  runs last one year, its comparisons two worlds; what a page saves for itself is small, and run exactly as it is shown;
* the commands of ``ONLY_PARSED`` are checked word by word against the command line, and not run;
* the first words of ``NOT_OURS`` are other programs, which are not called;
* national norms that would have to be made (half an hour) are those that come with careteams, whatever the parameters;
* a run that a page takes for granted (``results/runs/...``) is one that all pages share, and ``my_scenario.toml`` is
  the preset ``agapanthes``.
"""

import re
from collections.abc import Mapping
from typing import Final

from scenarios.reading import load
from sim.specification import ScenarioSpec

LIMIT: Final = 4_000
PEOPLE: Final = 2_000
ONLY_PARSED: Final[Mapping[str, str]] = {
    "validate": "hours; tests/scenarios/test_patterns.py",
    "bench": "measures a machine; tests/scenarios/test_bench.py",
    "teach": "makes dozens of runs",
    "live": "a server; tests/scenarios/live",
    "attribute": "hundreds of runs",
    "sensitivity": "hundreds of runs",
    "calibrate": "hours",
    "evaluate": "hundreds of runs",
    "replications": "reads a comparison of many worlds",
    "report": "reads a comparison of many worlds",
    "rerun": "does again what made a file; tests/scenarios/commands",
    "textbook": "minutes",
}
"""Commands that take too long for any size, and why, or what tests them."""
LARGE: Final = ("scenarios/studies/", "scenarios/calibrations/")
"""Files of questions that ask for many worlds: a command that is given one is only parsed."""
NOT_OURS: Final = ("make", "source", "cd", "git", "sbatch", "dask", "pip", "uv", "python", ".venv/bin/python")
ADDED: Final[Mapping[str, list[str]]] = {
    "run": ["--years", "1", "--quiet"],
    "compare": ["--seeds", "2", "--years", "1", "--warm-up", "1", "--workers", "1", "--quiet"],
    "sweep": ["--workers", "1", "--quiet"],
}
"""What is added to a command whose scenario had to be made small."""
DESIGN: Final[Mapping[str, str]] = {"seeds": "2", "years": "1", "number": "2", "warm_up": "1"}
"""Keys of a design file of a sweep that are made small."""


def smaller(spec: ScenarioSpec) -> list[str]:
    """Overrides that make a scenario small and keep its shape; none when it is small or its ground is given."""
    if spec.territory.builder != "synthetic" or spec.territory.people <= LIMIT:
        return []
    ratio = PEOPLE / spec.territory.people
    sets = [f"territory.people={PEOPLE}", f"territory.town={int(spec.territory.town * ratio)}", "warm_up_years=1"]
    for name, team in spec.teams.items():
        if team.registered_list:
            sets.append(f"team.{name}.registered_list={int(team.registered_list * ratio)}")
    return sets


def shrunk(words: list[str]) -> list[str]:
    """The words of a command as they are typed by the tests, ``careteams`` left out."""
    name, *rest = words
    scenario = next((word for i, word in enumerate(rest) if not word.startswith("-") and not _is_value(rest, i)), "")
    if name not in ("run", "compare") or not (sets := smaller(load(scenario))):
        return words
    said = [word for text in sets for word in ("--set", text)]
    return [name, scenario, *said, *(word for word in rest if word != scenario), *ADDED[name]]


def _is_value(words: list[str], i: int) -> bool:
    """Whether a word is what an option before it asked for."""
    return i > 0 and words[i - 1].startswith("--") and "=" not in words[i - 1]


def smaller_design(text: str) -> str:
    """A design file with fewer seeds, years and points."""
    for key, value in DESIGN.items():
        text = re.sub(rf"(?m)^{key} = \S+", f"{key} = {value}", text)
    if re.search(r"(?m)^set = ", text):  # made small before, and saved again
        return text
    return re.sub(r'(?m)^scenario = "(\w+)"', _small_scenario, text)


def _small_scenario(found: re.Match[str]) -> str:
    sets = smaller(load(found[1]))
    return found[0] + (f"\nset = {sets}" if sets else "")

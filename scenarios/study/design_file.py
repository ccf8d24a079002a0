"""Design files: what a sweep tries, in TOML, typed and checked before anything runs.

scenario = "agapanthes"
outcomes = ["ed_visits_per_1000"]
seeds = 20
years = 5
[arms]
now = []
far = ["parameters.choice.travel_minute=-0.2"]
[points]
kind = "sobol"
number = 256
[points.vary]
"choice.registered" = {}
"choice.wait_day[0]" = { low = 0.2, high = 0.9 }
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake
from scenarios.files import find, parse, presets
from scenarios.reading import load
from scenarios.study.combinations import Arm, crossed, factor, named_arms, stacks
from scenarios.study.design import SUMMARIES, Study, check_outcomes
from scenarios.study.file_keys import (
    Keys,
    are_numbers,
    are_texts,
    check_keys,
    flat,
    inside,
    is_number,
    is_pair,
    is_table,
    is_text,
    whole_number,
)
from scenarios.study.laboratory import CARETEAMS, Laboratory
from scenarios.study.points import DRAWN, KINDS, Axis, axis_of, listed, points_of, vector_of
from scenarios.wording import located, shown
from sim.specification import ScenarioSpec

SEEDS: Final = re.compile(r"\s*(\d+)\s*(?:-\s*(\d+)\s*)?")
MANY: Final = 10_000_000
"""Points or seeds beyond which a design is surely a slip."""


def _seeds_said(value: Any) -> bool:
    if isinstance(value, str):
        return all(SEEDS.fullmatch(part) for part in value.split(","))
    whole = whole_number(0, 2**62)
    return whole_number(1, MANY)(value) or (isinstance(value, list) and bool(value) and all(map(whole, value)))


def _draws(value: Any) -> bool:
    whole = whole_number(0, 2**31)
    return whole(value) or (are_numbers(value) and all(map(whole, value)))


TOP: Final[Keys] = {
    "title": (lambda value: isinstance(value, str | dict), Mistake("a text")),
    "description": (lambda value: isinstance(value, str | dict), Mistake("a text")),
    "scenario": (
        lambda value: is_text(value) or (are_texts(value) and bool(value)),
        Mistake("a scenario, or a list of them"),
    ),
    "set": (are_texts, Mistake("a list of changes such as team.NAME.physicians=6")),
    "outcomes": (lambda value: are_texts(value) and bool(value), Mistake("a list of outcomes")),
    "seeds": (_seeds_said, Mistake("a number of seeds, a list of them, or a text such as 1-100")),
    "years": (whole_number(1, 100), Mistake("a whole number from 1 to 100")),
    "warm_up": (whole_number(0, 50), Mistake("a whole number from 0 to 50")),
    "summary": (lambda value: value in SUMMARIES, Mistake("mean, last or sum")),
    "from_year": (whole_number(1, 100), Mistake("a whole number from 1 to 100")),
    "series": (lambda value: isinstance(value, bool), Mistake("true or false")),
    "keep_worlds": (lambda value: isinstance(value, bool), Mistake("true or false")),
    "variants": (is_table, Mistake("a table of lists of changes")),
    "arms": (is_table, Mistake("a table of lists of changes")),
    "stacks": (is_table, Mistake("a table")),
    "factors": (is_table, Mistake("a table")),
    "points": (is_table, Mistake("a table")),
}
POINTS: Final[Keys] = {
    "kind": (lambda value: value in KINDS, Mistake("one of {known}", known=", ".join(KINDS))),
    "number": (whole_number(1, MANY), Mistake("a whole number of 1 or more")),
    "draw": (_draws, Mistake("a whole number, or several")),
    "levels": (whole_number(1, 1000), Mistake("a whole number of 1 or more")),
    "list": (lambda v: isinstance(v, list) and bool(v) and all(map(is_table, v)), Mistake("a list of tables")),
    "file": (is_text, Mistake("a CSV or Parquet file")),
    "vary": (is_table, Mistake("a table of parameters")),
}  # fmt: skip
AXIS: Final[Keys] = {
    "low": (is_number, Mistake("a number")),
    "high": (is_number, Mistake("a number")),
    "values": (are_numbers, Mistake("a list of numbers")),
    "scale": (lambda value: value in ("linear", "log"), Mistake("linear or log")),
    "levels": (whole_number(1, 1000), Mistake("a whole number of 1 or more")),
    "times": (is_pair, Mistake("two numbers")),
}


@dataclass(frozen=True, slots=True)
class Sweep:
    """A design file, read.

    Attributes:
        study: what it asks for.
        keep_worlds: whether warmed-up worlds are kept.
        title, question: for people, by language.
    """

    study: Study
    keep_worlds: bool
    title: Mapping[str, str] = field(default_factory=dict)
    question: Mapping[str, str] = field(default_factory=dict)


def read_design(name: str | Path, laboratory: Laboratory = CARETEAMS) -> Sweep:
    """The sweep that a design file describes.

    Raises:
        Mistake: one line that names the file, the table, the key, what was expected and the nearest valid name.
    """
    path = Path(name)
    table = parse(path, str(name))
    shown_as = str(name)
    check_keys(table, TOP, shown_as, ())
    for key in ("scenario", "outcomes"):
        if key not in table:
            raise located(shown_as, (), Mistake("{missing} is missing.", missing=key))
    inside(shown_as, ("outcomes",), lambda: check_outcomes(table["outcomes"], laboratory))
    territories = _territories(table, path, shown_as)
    arms = _arms(table, territories, path, laboratory)
    axes, points = _points(table.get("points", {}), territories, path, laboratory)
    optional = {key: table[key] for key in ("years", "warm_up", "summary", "from_year") if key in table}
    vectors = [vector_of(point, axes) for point in points] or [{}]
    study = inside(shown_as, (), lambda: Study(
        territories=territories, arms={arm.name: arm.overrides for arm in arms}, outcomes=table["outcomes"],
        seeds=seeds_of(table.get("seeds", 1)), vectors=vectors, laboratory=laboratory,
        series=table.get("series", False), factors={arm.name: arm.made_of for arm in arms if arm.made_of},
        shown=points, **optional,
    ))  # fmt: skip
    title, question = (_spoken(table.get(key, {})) for key in ("title", "description"))
    return Sweep(study, table.get("keep_worlds", False), title, question)


def _spoken(said: str | Mapping[str, str]) -> dict[str, str]:
    """A text by language; one that names none is for all."""
    return {"": said} if isinstance(said, str) else {str(key): str(text) for key, text in said.items()}


def seeds_of(said: Any) -> list[int]:
    """The seeds of ``10`` (1 to 10), ``[3, 5]`` or ``"1-100, 200"``, each once."""
    if isinstance(said, int):
        return list(range(1, said + 1))
    if isinstance(said, list):
        return list(dict.fromkeys(said))
    parts = [SEEDS.fullmatch(part) for part in said.split(",")]
    ends = [(int(part[1]), int(part[2] or part[1])) for part in parts if part]
    return list(dict.fromkeys(seed for low, high in ends for seed in range(low, high + 1)))


def _territories(table: Mapping[str, Any], path: Path, file: str) -> list[ScenarioSpec]:
    """Scenarios, each in its variants."""
    names = [table["scenario"]] if isinstance(table["scenario"], str) else table["scenario"]
    variants = table.get("variants", {"": []})
    check_keys(variants, dict.fromkeys(variants, TOP["set"]), file, ("variants",))
    found = []
    for name in names:
        place = inside(file, (), lambda name=name: find(name, beside=path.parent)[0])  # type: ignore[misc]
        for variant, changes in variants.items():
            overrides = [*table.get("set", []), *changes]
            spec = inside(file, (), lambda n=name, p=place, o=overrides: load(n if n in presets() else p, o))  # type: ignore[misc]
            found.append(replace(spec, name=f"{spec.name} {variant}") if variant else spec)
    return found


def _arms(
    table: Mapping[str, Any], territories: Sequence[ScenarioSpec], path: Path, laboratory: Laboratory
) -> list[Arm]:
    file, dimensions = str(path), []
    if "arms" in table:
        dimensions.append(inside(file, ("arms",), lambda: named_arms(table["arms"], path.parent, file)))
    if "stacks" in table:
        dimensions.append(inside(file, ("stacks",), lambda: stacks(table["stacks"], territories[0])))
    for name, levels in flat(table.get("factors", {}), ()).items():
        dimensions.append(inside(file, ("factors",), lambda n=name, v=levels: factor(n, v)))  # type: ignore[misc]
    if len(dimensions) > 1 and "arms" in table:
        dimensions[0] = [replace(arm, made_of={"base": arm.name}) for arm in dimensions[0]]
    arms = crossed(dimensions)
    for arm in arms:
        for spec in territories:
            inside(file, ("arms", arm.name), lambda a=arm, s=spec: laboratory.resolve(s, list(a.overrides)))  # type: ignore[misc]
    return arms


def _points(
    said: Mapping[str, Any], territories: Sequence[ScenarioSpec], path: Path, laboratory: Laboratory
) -> tuple[list[Axis], list[Mapping[str, float]]]:
    """What is varied, and its values at each point; nothing where the file says nothing of it."""
    file = str(path)
    check_keys(said, POINTS, file, ("points",))
    if not said:
        return [], []
    kind = said.get("kind", "list" if "list" in said or "file" in said else "grid")
    given = _listed_points(said, path, file) if kind == "list" else []
    vary = flat(said.get("vary", {}), AXIS)
    if not vary and kind != "list":
        raise located(file, ("points",), Mistake("{missing} is missing.", missing="vary"))
    named = dict.fromkeys(name for point in given for name in point) if kind == "list" else vary
    axes = []
    for name in named:
        own = vary.get(name, {})
        if not is_table(own):
            problem = Mistake("{key} = {value}: expected {kind}.",
                              key=name, value=shown(own), kind="{ low = 0, high = 1 }")  # fmt: skip
            raise located(file, ("points", "vary"), problem)
        check_keys(own, AXIS, file, ("points", "vary", name))
        facts = {"levels": said["levels"], **own} if "levels" in said else own
        axes.append(inside(file, ("points", "vary"), lambda n=name, f=facts: axis_of(
            n, f, laboratory.parameters(), _start(n, territories))))  # type: ignore[misc]  # fmt: skip
    if kind == "list":
        return axes, inside(file, ("points",), lambda: listed(given, axes))
    if kind in DRAWN and "number" not in said:
        raise located(file, ("points",), Mistake("{missing} is missing.", missing="number"))
    draw = said.get("draw", 1)
    return axes, points_of(kind, axes, said.get("number", 0), draw if isinstance(draw, list) else [draw])


def _start(name: str, territories: Sequence[ScenarioSpec]) -> Mapping[str, Any]:
    """Parameters of the scenarios, which must agree on the one that is varied."""
    parameter = name.partition("[")[0]
    values = [spec.parameters.get(parameter) for spec in territories]
    if any(value != values[0] for value in values):
        raise Mistake("{key} differs between the scenarios: give them the same value, or sweep them apart.", key=name)
    return territories[0].parameters


def _listed_points(said: Mapping[str, Any], path: Path, file: str) -> list[dict[str, Any]]:
    """Points that the file gives, or another file beside it."""
    if "list" in said:
        return [flat(point, ()) for point in said["list"]]
    if "file" not in said:
        raise located(file, ("points",), Mistake("{missing} is missing.", missing="list"))
    import pandas as pd

    beside = path.parent / said["file"]
    try:
        table = pd.read_parquet(beside) if beside.suffix == ".parquet" else pd.read_csv(beside)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise located(file, ("points",), Mistake(
            "{file}: cannot be read ({reason}).", file=said["file"], reason=reason)) from None  # fmt: skip
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]

"""The unit of work of a study: one territory, one vector, one seed; from its warmed-up world, all its arms."""

import math
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scenarios.study.essence import digest_of
from scenarios.study.laboratory import Laboratory, Model
from scenarios.study.worlds import Worlds
from sim.specification import ScenarioSpec

if TYPE_CHECKING:
    from scenarios.study.store import Store

KEYS: Final = ("point", "territory", "arm", "seed")
FACTS: Final = ("stage", "message", "warm_up_weeks")
SCENARIO, FOUNDING, WORKER = "scenario", "warm-up", "worker"
"""Stages at which a run may fail before its first year: its scenario, its world, the process that ran it."""
MOST_RESOLVED: Final = 1000
"""Scenarios of arms that a worker remembers."""
DIED: Final = "the process of this unit ended without an answer"

type Row = dict[str, Any]


@dataclass(frozen=True)
class Recipe:
    """What all units of a study have in common.

    Attributes:
        laboratory: how models are made.
        years: years simulated after the fork.
        outcomes: names of the outcomes read at the end of every year.
        arms: overrides by arm.
        summary, from_year: how the years of a run become its one row: their mean, the last one or their sum, from a
            year on.
        factors: columns that say of each arm what it is made of, by arm.
        columns: kind of each column that says what arms and vectors are made of, by name.
    """

    laboratory: Laboratory
    years: int
    outcomes: tuple[str, ...]
    arms: Mapping[str, Sequence[str]]
    summary: str = "mean"
    from_year: int = 1
    factors: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Unit:
    """What one worker does in one go.

    Attributes:
        territory, vector, seed: its place in the study.
        base: the scenario that is founded, without the vector and the seed.
        given: the vector: values of parameters by id.
        points: key of each arm that is to be run, by name.
        world: content of the warmed-up world, but for its seed and the code.
        shared: whether other units may start from the same world.
        shown: columns that say what the vector is made of.
        redraws: whether the seed only redraws what chance brings after the fork, in the world of the base's own seed.
    """

    territory: str
    vector: int
    seed: int
    base: ScenarioSpec
    given: Mapping[str, Any]
    points: Mapping[str, str]
    world: str = ""
    shared: bool = False
    shown: Mapping[str, Any] = field(default_factory=dict)
    redraws: bool = False

    @property
    def founding_seed(self) -> int:
        """Seed of the world."""
        return self.base.seed if self.redraws else self.seed

    def founded(self) -> ScenarioSpec:
        """The scenario that all arms start from, vector and seed included."""
        return replace(self.base, seed=self.founding_seed, parameters={**self.base.parameters, **self.given})

    def ground(self, laboratory: Laboratory) -> ScenarioSpec:
        """The scenario that is founded and warmed up: the same without what does not act there."""
        parameters = acting(self.base, self.given, laboratory)
        return replace(self.base, seed=self.founding_seed, parameters=parameters)

    def world_digest(self, laboratory: Laboratory) -> str:
        """Content of the warmed-up world: scenario, parameters, seed and code version."""
        return digest_of([self.world, self.founding_seed, laboratory.version()])


@dataclass(slots=True)
class Rows:
    """Rows as they come: one a run, and one a run and year."""

    runs: list[Row] = field(default_factory=list)
    years: list[Row] = field(default_factory=list)

    def add(self, other: "Rows") -> None:
        """Take other rows behind these."""
        self.runs += other.runs
        self.years += other.years

    @property
    def failed(self) -> int:
        """Runs that did not reach their end."""
        return sum(bool(row["stage"]) for row in self.runs)


def acting(base: ScenarioSpec, given: Mapping[str, Any], laboratory: Laboratory) -> dict[str, Any]:
    """Parameters of a scenario, with those of a vector that act on its founding or warm-up."""
    return {**base.parameters, **{name: value for name, value in given.items() if laboratory.acts(name)}}


def run_unit(
    recipe: Recipe, unit: Unit, store: "Store | None", worlds: Worlds, resolved: dict[Any, ScenarioSpec]
) -> Iterator[Rows]:
    """Run every arm from its warmed-up world.

    What fails becomes a row with the stage and the message, and the rest goes on.

    Args:
        recipe: what all units have in common.
        unit: what is run.
        store: where warmed-up worlds are kept, if they are.
        worlds: the world that this worker holds already.
        resolved: arms of territories and vectors, which other seeds use again.

    Yields:
        Rows of each arm: one a year; an arm that failed has a last row with its stage, message and missing outcomes.
    """
    laboratory, base = recipe.laboratory, unit.founded()
    try:
        digest, ground = unit.world_digest(laboratory), unit.ground(laboratory)
        world = worlds.of(laboratory, ground, digest, None if store is None else store.world(digest))
        model = laboratory.begin(world, ground, base)
    except Exception as error:
        for arm in unit.points:
            yield _closed_run(recipe, unit, arm, [_row(unit, arm, 0, stage=FOUNDING, message=_said(error))])
        return
    own = model is not world
    if own and not unit.shared:
        worlds.let_go()
    try:
        for arm in unit.points:
            yield _closed_run(recipe, unit, arm, _arm_rows(recipe, unit, base, model, arm, resolved))
    finally:
        if own:
            laboratory.close(model)
        elif not unit.shared:
            worlds.let_go()


def died(recipe: Recipe, unit: Unit) -> Iterator[Rows]:
    """Rows of a unit that could not even fail by itself: its worker died."""
    for arm in unit.points:
        yield _closed_run(recipe, unit, arm, [_row(unit, arm, 0, stage=WORKER, message=DIED)])


def _arm_rows(
    recipe: Recipe, unit: Unit, base: ScenarioSpec, warm: Model, arm: str, resolved: dict[Any, ScenarioSpec]
) -> list[Row]:
    weeks = int(getattr(warm.world, "warm_up_weeks", 0))
    rows: list[Row] = []
    year, stage = 0, SCENARIO
    model: Model | None = None
    try:
        spec = _arm(recipe, unit, base, arm, resolved)
        stage = "fork"
        model = recipe.laboratory.fork(warm, base, spec)
        for year in range(1, recipe.years + 1):
            stage = f"year {year}"
            model.run_year()
            rows.append(_row(unit, arm, year, warm_up_weeks=weeks, **_read(recipe, model, year)))
    except Exception as error:
        rows.append(_row(unit, arm, year, stage=stage, message=_said(error), warm_up_weeks=weeks))
    finally:
        if model is not None:
            recipe.laboratory.close(model)
    return rows


def _arm(recipe: Recipe, unit: Unit, base: ScenarioSpec, arm: str, resolved: dict[Any, ScenarioSpec]) -> ScenarioSpec:
    """The scenario of an arm; checking it takes milliseconds, so that seeds of one vector share it."""
    place = (unit.territory, unit.vector, arm)
    if place not in resolved:
        if len(resolved) >= MOST_RESOLVED:
            resolved.clear()
        resolved[place] = recipe.laboratory.resolve(base, list(recipe.arms[arm]))
    return replace(resolved[place], seed=unit.seed)


def _read(recipe: Recipe, model: Model, year: int) -> Row:
    """Outcomes of the year just simulated; one that fails is missing and named, the others stand."""
    declared = recipe.laboratory.outcomes()
    values: Row = {}
    for name in recipe.outcomes:
        try:
            values[name] = float(declared[name].function(model, year))
        except Exception as error:
            values |= {"stage": f"outcome {name}", "message": _said(error)}
    return values


def _row(unit: Unit, arm: str, year: int, **values: Any) -> Row:
    facts = {"stage": "", "message": "", "warm_up_weeks": 0}
    place = {"point": unit.points[arm], "territory": unit.territory, "arm": arm, "seed": unit.seed, "year": year}
    return facts | place | values


def _closed_run(recipe: Recipe, unit: Unit, arm: str, years: list[Row]) -> Rows:
    """The years of a run, and the one row that stands for it."""
    whole = [row for row in years if row["year"] >= recipe.from_year]
    reached = sum(row["stage"] == "" or row["stage"].startswith("outcome ") for row in years)
    row = {name: value for name, value in years[-1].items() if name not in ("year", *recipe.outcomes)}
    row |= recipe.factors.get(arm, {})
    row |= unit.shown
    for name in recipe.outcomes:
        values = [one.get(name, math.nan) for one in whole]
        row[name] = _summary(recipe.summary, values) if reached == recipe.years else math.nan
    bad = next((one for one in years if one["stage"]), None)
    if bad is not None:
        row |= {"stage": bad["stage"], "message": bad["message"]}
    return Rows([row | {"years": reached}], years)


def _summary(how: str, values: Sequence[float]) -> float:
    if how == "last":
        return values[-1]
    total = math.fsum(values)
    return total if how == "sum" else total / len(values)


def _said(error: Exception) -> str:
    """An error as one line: its type, its text and the line of code it comes from."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})".replace("\n", " ")

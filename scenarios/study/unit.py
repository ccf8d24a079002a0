"""The unit of work of a study: one territory, one vector, one seed; founded and warmed up once, then its arms."""

import math
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scenarios.study.essence import digest_of, of_parameters, of_territory
from scenarios.study.files import replaced
from scenarios.study.laboratory import Laboratory, Model
from sim.specification import ScenarioSpec

if TYPE_CHECKING:
    from scenarios.study.store import Store

KEYS: Final = ("point", "territory", "arm", "seed")
FACTS: Final = ("stage", "message", "warm_up_weeks")
SCENARIO, FOUNDING, WORKER = "scenario", "warm-up", "worker"
"""Stages at which a run may fail before its first year: its scenario, its world, the process that ran it."""
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
        shown: columns that say what the vector is made of.
        redraws: whether the seed only redraws what chance brings after the fork, in the world of the base's own seed.
    """

    territory: str
    vector: int
    seed: int
    base: ScenarioSpec
    given: Mapping[str, Any]
    points: Mapping[str, str]
    shown: Mapping[str, Any] = field(default_factory=dict)
    redraws: bool = False

    def founded(self) -> ScenarioSpec:
        """The scenario that is founded and warmed up, vector and seed included."""
        seed = self.base.seed if self.redraws else self.seed
        return replace(self.base, seed=seed, parameters={**self.base.parameters, **self.given})

    def world_digest(self, laboratory: Laboratory) -> str:
        """Content of the warmed-up world: scenario, parameters, seed and code version."""
        spec = self.founded()
        return digest_of([of_territory(spec), of_parameters(spec.parameters), spec.seed, laboratory.version()])


@dataclass(slots=True)
class Rows:
    """Rows as they come: one a run, and one a run and year."""

    runs: list[Row] = field(default_factory=list)
    years: list[Row] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """Runs that did not reach their end."""
        return sum(bool(row["stage"]) for row in self.runs)


def run_unit(recipe: Recipe, unit: Unit, store: "Store | None", rows: Rows, resolved: dict[str, Any]) -> None:
    """Found and warm up (or read the saved world), run every arm from there, add their rows.

    What fails becomes a row with the stage and the message, and the rest goes on.

    Args:
        recipe: what all units have in common.
        unit: what is run.
        store: where warmed-up worlds are kept, if they are.
        rows: takes one row an arm and year; an arm that failed has a last row with its stage, message and missing
            outcomes.
        resolved: arms of the last territory and vector, which other seeds use again.
    """
    base = unit.founded()
    try:
        path = None if store is None else store.world(unit.world_digest(recipe.laboratory))
        model = warmed_up(recipe.laboratory, base, path)
    except Exception as error:
        for arm in unit.points:
            _close_run(recipe, unit, arm, [_row(unit, arm, 0, stage=FOUNDING, message=_said(error))], rows)
        return
    for arm in unit.points:
        _close_run(recipe, unit, arm, _arm_rows(recipe, unit, base, model, arm, resolved), rows)
    recipe.laboratory.close(model)


def died(recipe: Recipe, unit: Unit, rows: Rows) -> None:
    """Add the rows of a unit that could not even fail by itself: its worker died."""
    for arm in unit.points:
        _close_run(recipe, unit, arm, [_row(unit, arm, 0, stage=WORKER, message=DIED)], rows)


def warmed_up(laboratory: Laboratory, base: ScenarioSpec, path: Path | None) -> Model:
    """A warmed-up world: read where it is kept, else made, and kept for the next.

    Args:
        laboratory: how models are made.
        base: the scenario that is founded.
        path: where the world is kept; None keeps nothing.
    """
    if path is None:
        return laboratory.prepare(base)
    if path.exists():
        return laboratory.load(path, base)
    model = laboratory.prepare(base)
    try:
        with replaced(path) as temporary:
            laboratory.save(model, temporary)
    except OSError:
        pass  # a world that could not be kept (a full disk) is made again when it is needed
    return model


def _arm_rows(
    recipe: Recipe, unit: Unit, base: ScenarioSpec, warm: Model, arm: str, resolved: dict[str, Any]
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


def _arm(recipe: Recipe, unit: Unit, base: ScenarioSpec, arm: str, resolved: dict[str, Any]) -> ScenarioSpec:
    """The scenario of an arm; checking it takes milliseconds, so that seeds of one vector share it."""
    place = (unit.territory, unit.vector)
    if resolved.get("place") != place:
        resolved.clear()
        resolved["place"] = place
        resolved["arms"] = {}
    if arm not in resolved["arms"]:
        resolved["arms"][arm] = recipe.laboratory.resolve(base, list(recipe.arms[arm]))
    spec: ScenarioSpec = replace(resolved["arms"][arm], seed=unit.seed)
    return spec


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


def _close_run(recipe: Recipe, unit: Unit, arm: str, years: list[Row], rows: Rows) -> None:
    """Add the years of a run, and the one row that stands for it."""
    rows.years += years
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
    rows.runs.append(row | {"years": reached})


def _summary(how: str, values: Sequence[float]) -> float:
    if how == "last":
        return values[-1]
    total = math.fsum(values)
    return total if how == "sum" else total / len(values)


def _said(error: Exception) -> str:
    """An error as one line: its type, its text and the line of code it comes from."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})".replace("\n", " ")

"""The unit of work of a study: one territory, one vector, one seed; founded and warmed up once, then every arm."""

import hashlib
import json
import traceback
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pandas as pd

from scenarios.study.laboratory import Laboratory, Model
from scenarios.study.store import Store, replaced
from sim.specification import ScenarioSpec

LABELS: Final = ("territory", "arm", "vector", "seed", "year")
FACTS: Final = ("stage", "message", "warm_up_weeks")
WARM_UP: Final = "warm-up"


def digest_of(content: Any) -> str:
    """Digest of plain content (dataclasses' dictionaries, lists, numbers), the same on every machine."""
    text = json.dumps(content, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class Unit:
    """What one worker does in one go.

    Attributes:
        territory, vector, seed: its place in the study.
        base: the resolved scenario that is founded and warmed up, seed and vector included.
        arms: resolved scenario of every arm, by name, in order.
        years: years simulated after the fork.
        outcomes: names of the outcomes read at the end of every year.
    """

    territory: str
    vector: int
    seed: int
    base: ScenarioSpec
    arms: tuple[tuple[str, ScenarioSpec], ...]
    years: int
    outcomes: tuple[str, ...]
    laboratory: Laboratory

    @cached_property
    def world_digest(self) -> str:
        """Content of the warmed-up world: scenario, parameters and code version."""
        return digest_of([_essence(self.base), self.laboratory.version()])

    @cached_property
    def digest(self) -> str:
        """Content of the results: the world, the arms, the years and the outcomes."""
        arms = [[name, _essence(spec)] for name, spec in self.arms]
        return digest_of([self.world_digest, arms, self.years, self.outcomes])

    def labelled(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows of this content under this unit's place in the study (a shard does not know its vector's number)."""
        return frame.assign(territory=self.territory, vector=self.vector)

    def columns(self) -> list[str]:
        """Columns of the rows of a unit, in order."""
        return [*LABELS, *self.outcomes, *FACTS]


def run_unit(unit: Unit, store: Store | None) -> pd.DataFrame:
    """Found and warm up (or read the saved world), run every arm from there, keep the shard.

    What fails becomes a row with the stage and the message, and the rest goes on.

    Returns:
        One row an arm and year; an arm that failed has a last row with its stage, message and missing outcomes.
    """
    try:
        model = _warmed_up(unit, store)
    except Exception as error:
        rows = [_row(unit, arm, 0, stage=WARM_UP, message=_said(error)) for arm, _ in unit.arms]
    else:
        rows = [row for arm, spec in unit.arms for row in _arm_rows(unit, model, arm, spec)]
        unit.laboratory.close(model)
    return kept(unit, store, rows)


def failed(unit: Unit, store: Store | None, stage: str, message: str) -> pd.DataFrame:
    """The rows of a unit that could not even fail by itself (its worker died)."""
    return kept(unit, store, [_row(unit, arm, 0, stage=stage, message=message) for arm, _ in unit.arms])


def kept(unit: Unit, store: Store | None, rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a frame with fixed types, written to the unit's shard when there is a store."""
    frame = pd.DataFrame(list(rows), columns=unit.columns())
    types = dict.fromkeys(unit.outcomes, "float64") | {"vector": "int64", "year": "int64", "warm_up_weeks": "int64"}
    frame = frame.astype(types)
    if store is not None:
        store.write_shard(unit.digest, frame)
    return frame


def _warmed_up(unit: Unit, store: Store | None) -> Model:
    if store is None or not store.keep_worlds:
        return unit.laboratory.prepare(unit.base)
    path = store.world(unit.world_digest)
    if path.exists():
        return unit.laboratory.load(path, unit.base)
    model = unit.laboratory.prepare(unit.base)
    with replaced(path) as temporary:
        unit.laboratory.save(model, temporary)
    return model


def _arm_rows(unit: Unit, warm: Model, arm: str, spec: ScenarioSpec) -> list[dict[str, Any]]:
    weeks = int(getattr(warm.world, "warm_up_weeks", 0))
    rows: list[dict[str, Any]] = []
    year = 0
    model: Model | None = None
    try:
        model = unit.laboratory.fork(warm, unit.base, spec)
        for year in range(1, unit.years + 1):
            model.run_year()
            rows.append(_row(unit, arm, year, warm_up_weeks=weeks, **_read(unit, model, year)))
    except Exception as error:
        stage = f"year {year}" if year else "fork"
        rows.append(_row(unit, arm, year, stage=stage, message=_said(error), warm_up_weeks=weeks))
    finally:
        if model is not None:
            unit.laboratory.close(model)
    return rows


def _read(unit: Unit, model: Model, year: int) -> dict[str, Any]:
    """Outcomes of the year just simulated; one that fails is missing and named, the others stand."""
    declared = unit.laboratory.outcomes()
    values: dict[str, Any] = {}
    for name in unit.outcomes:
        try:
            values[name] = float(declared[name].function(model, year))
        except Exception as error:
            values |= {"stage": f"outcome {name}", "message": _said(error)}
    return values


def _row(unit: Unit, arm: str, year: int, **values: Any) -> dict[str, Any]:
    facts = {"stage": "", "message": "", "warm_up_weeks": 0}
    place = {"territory": unit.territory, "arm": arm, "vector": unit.vector, "seed": unit.seed, "year": year}
    return facts | place | values


def _said(error: Exception) -> str:
    """An error as one line: its type, its text and the line of code it comes from."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})".replace("\n", " ")


def _essence(spec: ScenarioSpec) -> dict[str, Any]:
    """A scenario without what changes no result: its texts and what is recorded beside."""
    content = asdict(spec)
    for key in ("title", "description", "record"):
        content.pop(key)
    return content

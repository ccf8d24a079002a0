"""Every number of the model, each with its unit, range, label and source, from the TOML files of this folder.

A parameter's id is ``file.name`` (``choice.travel_minute``). The kernels of the week read those of this folder from one
record, where the same parameter is the field ``choice_travel_minute``; who decides (``agents/deciding``) reads those of
the folder ``behaviour`` from another, so that a new weight of a decision compiles no kernel anew.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from agents.declarations import Table, one_dtype
from agents.mistakes import Mistake, nearest
from sim.life_tables import with_life_tables

FOLDER: Final = Path(__file__).parent
BEHAVIOUR: Final = FOLDER / "behaviour"
EVIDENCE: Final = FOLDER / "evidence.toml"
MECHANISMS: Final = FOLDER.parent / "mechanisms.toml"
LABELS: Final = (
    "official", "press", "partisan", "recalled_high", "recalled_medium", "recalled_low", "derived", "assumption",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number, or one table of numbers, with all that a reader must know to trust it.

    Attributes:
        id: ``file.name``.
        value: a number, or nested lists of numbers.
        low, high: plausible range of each number in ``value``, inclusive.
        label: how sure it is (``evidence.md`` A).
        source: evidence key (``P-...``, ``T-...``) or section of the behaviour document.
        calibrated: whether the value was fitted to the calibration patterns (``scenarios/calibrations/world.toml``).
        behaviour: whether only those who decide read it, and no kernel of the week.
    """

    id: str
    value: Any
    unit: str
    low: float
    high: float
    label: str
    source: str
    title: str
    calibrated: bool = False
    behaviour: bool = False

    @property
    def field(self) -> str:
        """Name of the parameter in the kernels' record."""
        return self.id.replace(".", "_")


@cache
def all_parameters() -> Mapping[str, Parameter]:
    """Every declared parameter by id, in the order of the files."""
    found: dict[str, Parameter] = {}
    for file in (*sorted(FOLDER.glob("*.toml")), *sorted(BEHAVIOUR.glob("*.toml"))):
        if file == EVIDENCE:
            continue
        for name, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            low, high = entry.pop("range")
            known_as, decides = f"{file.stem}.{name}", file.parent == BEHAVIOUR
            found[known_as] = Parameter(id=known_as, low=low, high=high, behaviour=decides, **entry)
    return found


@cache
def switches() -> Mapping[str, Sequence[Any]]:
    """Values by which options of mechanisms take one out of the model, by id of the parameter.

    A range is what is plausible and worth a sweep; a mechanism may be taken out with a value beyond it, mostly 0.
    """
    found: dict[str, list[Any]] = {}
    for mechanism in tomllib.loads(MECHANISMS.read_text(encoding="utf-8")).values():
        for values in mechanism.get("options", {}).values():
            for key, value in values.items():
                found.setdefault(key, []).append(value)
    return found


def check_override(key: str, value: Any) -> None:
    """Refuse a parameter that does not exist, has another shape, or leaves its range.

    A value that an option of a mechanism gives is taken in any case.

    Raises:
        Mistake: with the id, the value, what was expected and the nearest valid id.
    """
    known = all_parameters()
    if key not in known:
        raise Mistake(
            'parameter "{key}" is not known. Did you mean "{nearest}"?', key=key, nearest=nearest(key, known) or ""
        )
    parameter = known[key]
    try:
        given = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise Mistake('parameter "{key}" = {value} is not a number.', key=key, value=value) from None
    if given.shape != np.shape(parameter.value):
        raise Mistake(
            'parameter "{key}" = {value}: expected {expected}.',
            key=key, value=value, expected=f"shape {np.shape(parameter.value)}",
        )  # fmt: skip
    in_range = np.isfinite(given).all() and (given >= parameter.low).all() and (given <= parameter.high).all()
    if not in_range and not any(np.array_equal(given, switch) for switch in switches().get(key, ())):
        raise Mistake(
            'parameter "{key}" = {value} is outside its range, {low} to {high}.',
            key=key, value=f"{value} {parameter.unit}".rstrip(), low=parameter.low, high=parameter.high,
        )  # fmt: skip


def parameter_record(overrides: Mapping[str, Any] | None = None) -> Table:
    """Parameters of the week as one record, shape ``(1,)``, for the kernels; derived life tables are added.

    Raises:
        Mistake: when an override is not known, not a number or out of range.
    """
    return with_life_tables(_record([p for p in all_parameters().values() if not p.behaviour], overrides or {}))


def behaviour_record(overrides: Mapping[str, Any] | None = None) -> Table:
    """Parameters of those who decide as one record, shape ``(1,)``.

    Raises:
        Mistake: as :func:`parameter_record`.
    """
    return _record([p for p in all_parameters().values() if p.behaviour], overrides or {})


def _record(parameters: Sequence[Parameter], overrides: Mapping[str, Any]) -> Table:
    for key, value in overrides.items():
        check_override(key, value)
    record = np.zeros(1, dtype=one_dtype(np.dtype([(p.field, "f8", np.shape(p.value)) for p in parameters])))
    for p in parameters:
        record[0][p.field] = overrides.get(p.id, p.value)
    return record

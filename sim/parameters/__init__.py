"""Every number of the model, each with its unit, range, label and source, from the TOML files of this folder.

A parameter's id is ``file.name`` (``choice.travel_minute``). Kernels read all of them from one record, where the same
parameter is the field ``choice_travel_minute``.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from agents.declarations import Table
from agents.mistakes import Mistake, nearest
from sim.life_tables import with_life_tables

FOLDER: Final = Path(__file__).parent
EVIDENCE: Final = FOLDER / "evidence.toml"
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
        calibrated: whether ``scenarios/calibration.py`` fitted the value.
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

    @property
    def field(self) -> str:
        """Name of the parameter in the kernels' record."""
        return self.id.replace(".", "_")


@cache
def all_parameters() -> Mapping[str, Parameter]:
    """Every declared parameter by id, in the order of the files."""
    found: dict[str, Parameter] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        if file == EVIDENCE:
            continue
        for name, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            low, high = entry.pop("range")
            found[f"{file.stem}.{name}"] = Parameter(id=f"{file.stem}.{name}", low=low, high=high, **entry)
    return found


def check_override(key: str, value: Any) -> None:
    """Refuse a parameter that does not exist, has another shape, or leaves its range.

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
    if not (np.isfinite(given).all() and (given >= parameter.low).all() and (given <= parameter.high).all()):
        raise Mistake(
            'parameter "{key}" = {value} {unit} is outside its range, {low} to {high}.',
            key=key, value=value, unit=parameter.unit, low=parameter.low, high=parameter.high,
        )  # fmt: skip


def parameter_record(overrides: Mapping[str, Any] | None = None) -> Table:
    """All parameters as one record, shape ``(1,)``, for the kernels; the life tables derived from them are added.

    Raises:
        Mistake: when an override is not known, not a number or out of range.
    """
    overrides = overrides or {}
    for key, value in overrides.items():
        check_override(key, value)
    known = all_parameters().values()
    dtype = np.dtype([(p.field, "f8", np.shape(p.value)) for p in known])
    record = np.zeros(1, dtype=dtype)
    for p in known:
        record[0][p.field] = overrides.get(p.id, p.value)
    return with_life_tables(record)

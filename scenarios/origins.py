"""Where the numbers of an answer come from: digests to know them by, and what failed on the way."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.mechanisms import effective_parameters
from sim.parameters import all_parameters, parameter_record
from sim.recording.manifest import code_version, digest, parameter_digest
from sim.specification import ScenarioSpec


def made_of(spec: ScenarioSpec) -> dict[str, Any]:
    """What a figure that needs no run is made of: the scenario, the code, the parameters."""
    return {
        "study": spec.name, "code": code_version(), "parameters": _parameters_of(spec),
        "scenario_digest": digest(spec),
    }  # fmt: skip


def made_by(design: Mapping[str, Any], spec: ScenarioSpec) -> dict[str, Any]:
    """Digests of the study, the code and the parameters behind an answer.

    Args:
        design: of the study.
        spec: the scenario whose parameters hold.
    """
    return {"study": design["digest"], "code": design["code"], "parameters": _parameters_of(spec)}


def failures(table: pd.DataFrame) -> dict[str, Any]:
    """How many runs of a tidy table failed, and what the first of them said ("" for none)."""
    failed = table[table["stage"] != ""]
    return {"failed": len(failed), "first_failure": str(failed["message"].iloc[0]) if len(failed) else ""}


def first_failure(table: pd.DataFrame) -> str:
    """What the first run that failed said, for a sentence; a dash where none did."""
    return str(failures(table)["first_failure"]) or "–"


def _parameters_of(spec: ScenarioSpec) -> str:
    """Digest of the value of every parameter under a scenario: that of its runs (a toy's own are in its design)."""
    known = all_parameters()
    given = {name: value for name, value in effective_parameters(spec).items() if name in known}
    return parameter_digest(parameter_record(given))

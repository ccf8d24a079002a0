"""How the reference study is laid out, and the digest by which its norms are known."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from agents.mistakes import Mistake
from scenarios.norms.content import class_means, indicators
from sim.mechanisms import effective_parameters
from sim.parameters import all_parameters
from sim.recording.manifest import digest, parameter_digest, parameters_ahead
from sim.specification import FEES, ScenarioSpec
from sim.tariffs import all_tariffs

FILE: Final = Path(__file__).parent / "design.toml"
CONTRACT: Final = "fee_for_service"
"""What everybody is paid by in the reference world: no team scheme, and no rule that needs norms itself."""


@dataclass(frozen=True)
class Design:
    """Size and terms of the reference study (``design.toml`` says what each is).

    The file keeps to its ranges; a design made in code may be smaller, which tests need.
    """

    territories: int
    people: int
    years: int
    seeds: int
    least_patient_years: int
    prior_patient_years: float

    def years_for(self, spec: ScenarioSpec) -> int:
        """Years that norms of a scenario must know: all of its own."""
        return self.years * -(-spec.years // self.years)


@cache
def declared_design() -> Design:
    """The design of the file.

    Raises:
        Mistake: a term out of its range, or fewer patient-years than norms may rest on.
    """
    terms = tomllib.loads(FILE.read_text(encoding="utf-8"))
    for name, term in terms.items():
        low, high = term["range"]
        if not low <= term["value"] <= high:
            raise Mistake("{file}: {key} = {value} is outside its range, {low} to {high}.",
                          file=FILE.name, key=name, value=term["value"], low=low, high=high)  # fmt: skip
    design = Design(**{name: term["value"] for name, term in terms.items()})
    patient_years = design.territories * design.people * design.years * design.seeds
    if patient_years < design.least_patient_years:
        raise Mistake("{file}: {years} patient-years; norms need {least} or more.",
                      file=FILE.name, years=patient_years, least=design.least_patient_years)  # fmt: skip
    return design


def key_of(spec: ScenarioSpec, design: Design | None = None) -> str:
    """Digest of all that norms of a scenario depend on: parameters, fees, first day, and the reference study.

    The place, the teams and their contracts are left out, since the reference world has its own; so are the seed, and
    the years as long as they fit.
    """
    design = design or declared_design()
    return digest(
        {
            "parameters": {**_defaults(), **_of_the_week(effective_parameters(spec))},
            "fees": [_fees(), spec.reform.get(FEES, {})],
            "start": spec.start,
            "years": design.years_for(spec),
            "design": asdict(design),
            "contract": [CONTRACT, spec.reform.get(CONTRACT, {})],
            "content": [sorted(class_means()), sorted(indicators())],
        }
    )


@cache
def _defaults() -> Mapping[str, Any]:
    return _of_the_week({name: parameter.value for name, parameter in all_parameters().items()})


def _of_the_week(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Values of parameters as numbers of one kind, so that 1 and 1.0 are the same.

    Those of decisions are left out: nobody decides in the reference world, whose practices keep their habits.
    """
    known = all_parameters()
    return {
        name: np.asarray(value, dtype=np.float64) for name, value in parameters.items() if not known[name].behaviour
    }


@cache
def _fees() -> str:
    """Digest of what every fee is worth and when; what is said of it makes no norms stale."""
    return digest({
        name: (fee.before, fee.on_top_of, [(entry.valid_from, entry.value) for entry in fee.entries])
        for name, fee in all_tariffs().items()
    })  # fmt: skip


def about(spec: ScenarioSpec) -> dict[str, Any]:
    """What a file of norms says of the world that it is of."""
    return {"start": spec.start, "parameters": parameter_digest(parameters_ahead(spec))}

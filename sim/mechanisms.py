"""Mechanisms of behaviour that a scenario can switch by name: options that are bundles of values of parameters.

``mechanisms.toml`` lists every mechanism of behaviour H. No code asks which option a scenario has: its values simply
stand in the parameters, under those that the scenario itself gives.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake, nearest
from sim.parameters import all_parameters
from sim.specification import ScenarioSpec

FILE: Final = Path(__file__).parent / "mechanisms.toml"
ON: Final = "on"
"""The option that every mechanism has: as by default."""


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One mechanism.

    Attributes:
        id: its name in a scenario.
        number: of behaviour H, "" for one that has none of its own there.
        line: what it says, in English (the catalogue translates it).
        source: where it is observed or argued.
        priority: 1 for what a first credible run needs, to 3.
        where: module or package that holds it.
        options: values of parameters by name of option; the first one takes the mechanism out.
        note: why it has no option, or what to know of its options.
    """

    id: str
    number: str
    line: str
    source: str
    priority: int
    where: str
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    note: str = ""


@cache
def all_mechanisms() -> Mapping[str, Mechanism]:
    """Every mechanism by id, in the order of the file."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: Mechanism(id=name, **entry) for name, entry in entries.items()}


def check_mechanisms(chosen: Mapping[str, str]) -> None:
    """Refuse a mechanism or an option that does not exist, and options that contradict each other.

    Raises:
        Mistake: naming it, with the nearest name.
    """
    for name, option in chosen.items():
        mechanism = find_mechanism(name)
        if not mechanism.options and option != ON:
            problem = Mistake('the mechanism "{mechanism}" cannot be switched.', mechanism=name)
            raise Mistake("{first} {second}", first=problem, second=Mistake(mechanism.note))
        if option not in (known := [ON, *mechanism.options]):
            raise _unknown(Mistake('the mechanism "{mechanism}" has no option "{option}".', mechanism=name,
                                   option=option), option, known)  # fmt: skip
    _values(chosen)


def find_mechanism(name: str) -> Mechanism:
    """A mechanism by its id.

    Raises:
        Mistake: with the nearest id.
    """
    known = all_mechanisms()
    if name not in known:
        raise _unknown(Mistake('the mechanism "{mechanism}" is not known.', mechanism=name), name, list(known))
    return known[name]


def _unknown(problem: Mistake, name: str, known: list[str]) -> Mistake:
    if near := nearest(name, known):
        return Mistake("{first} {second}", first=problem, second=Mistake('Did you mean "{nearest}"?', nearest=near))
    listed = Mistake("Known values: {known}.", known=", ".join(known))
    return Mistake("{first} {second}", first=problem, second=listed)


def effective_parameters(spec: ScenarioSpec) -> dict[str, Any]:
    """Parameters of a scenario that differ from their defaults, by id: its own, over those of its mechanisms.

    Raises:
        Mistake: as :func:`check_mechanisms`.
    """
    check_mechanisms(spec.mechanisms)
    return {**_values(spec.mechanisms), **spec.parameters}


def _values(chosen: Mapping[str, str]) -> dict[str, Any]:
    """Values of parameters under options, by id, in the order of the file."""
    found: dict[str, Any] = {}
    given_by: dict[str, str] = {}
    for name, mechanism in all_mechanisms().items():
        for parameter, value in mechanism.options.get(chosen.get(name, ON), {}).items():
            if found.get(parameter, value) != value:
                raise Mistake(
                    'the mechanisms "{one}" and "{other}" both set {key}, to {first} and {second}; say which in '
                    "[parameters], and leave one of them on.",
                    one=given_by[parameter], other=name, key=parameter, first=found[parameter], second=value,
                )  # fmt: skip
            found[parameter], given_by[parameter] = value, name
    return found


def changed_by(mechanism: Mechanism, option: str) -> list[tuple[str, Any, Any]]:
    """Parameters that an option changes: id, default and value under the option."""
    known = all_parameters()
    return [(name, known[name].value, value) for name, value in mechanism.options[option].items()]

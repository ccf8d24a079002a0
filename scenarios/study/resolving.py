"""Overrides put over a scenario that has already been read."""

from collections.abc import Sequence
from dataclasses import is_dataclass
from typing import Any, cast

from scenarios.checks import check_whole
from scenarios.declared import Raw, build, check, declared_keys, merged
from scenarios.overrides import layer, named
from sim.specification import ScenarioSpec


def overridden(spec: ScenarioSpec, overrides: Sequence[str]) -> ScenarioSpec:
    """The scenario with overrides applied in order, checked as those of the command line are.

    Args:
        spec: a resolved scenario.
        overrides: ``key=value`` each, as after ``--set``.

    Raises:
        Mistake: naming the override, the key, the value, what was expected and the nearest valid name.
    """
    if not overrides:
        return spec
    table = as_table(spec)
    for text in overrides:
        over = layer(text, list(spec.teams))
        check(over, named(text))
        table = merged(table, over)
    result = cast(ScenarioSpec, build(table, ScenarioSpec))
    check_whole(result, " ".join(named(text) for text in overrides))
    return result


def as_table(spec: Any) -> Raw:
    """A specification as the table of a scenario file that says everything."""
    return {name: _plain(getattr(spec, declared.name)) for name, (declared, _) in declared_keys(type(spec)).items()}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return as_table(value)
    return {name: _plain(inner) for name, inner in value.items()} if isinstance(value, dict) else value

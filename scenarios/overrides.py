"""``--set team.agapanthes.physicians=6``: one value of a scenario, changed from the command line or from a study."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import is_dataclass
from typing import Any, cast, get_origin

from agents.mistakes import Mistake
from scenarios.checks import check_builder, check_whole
from scenarios.declared import Raw, as_tables, build, check, declared_keys, fitted, homes, merged
from scenarios.files import parse_text
from scenarios.parameter_table import parameter_groups
from scenarios.reforms import FROM_A_DAY, RULES, layer_of, names_a_rule
from scenarios.wording import closest, located, printable, sentences
from sim.parameters import all_parameters
from sim.specification import OWN_POLICY, ScenarioSpec


def overridden(spec: ScenarioSpec, overrides: Sequence[str]) -> ScenarioSpec:
    """The scenario with each ``key=value`` put over it, in order, checked as a file is.

    Raises:
        Mistake: one line that names the override.
    """
    if not overrides:
        return spec
    table = as_tables(spec)
    for text in overrides:
        over = layer(text, list(spec.teams))
        check(over, named(text))
        table = fitted(merged(table, over), over)
        check_builder(over, _built(table), named(text))
    result = _built(table)
    check_whole(result, " ".join(named(text) for text in overrides))
    return result


def _built(table: Raw) -> ScenarioSpec:
    return cast(ScenarioSpec, build(table, ScenarioSpec))


def named(text: str) -> str:
    """How messages call an override."""
    return f"--set {printable(text)}"


def layer(text: str, teams: list[str]) -> Raw:
    """The override as a table of a scenario file.

    Args:
        text: ``key=value``; the value is read as TOML, and a bare word as a text.
        teams: names of the teams of the scenario; an override cannot add one.

    Raises:
        Mistake: when it is not ``key=value``, or names a team that does not exist.
    """
    path, sign, value = text.partition("=")
    path = path.strip()
    if not sign or not path:
        raise Mistake("{file}: expected KEY=VALUE, such as team.NAME.physicians=6.", file=named(text))
    words = _path(path, value, text)
    if names_a_rule(words[0]):
        return _reform(words, value.strip(), text)
    if problem := _unknown(words):
        raise located(named(text), (), problem)
    if words[0] == "team" and len(words) > 1 and words[1] not in teams:
        raise located(named(text), (), _no_team(words[1], teams))
    table: Any = _value(value.strip(), text)
    for word in reversed(words):
        table = {word: table}
    return dict(table)


def _path(path: str, value: str, text: str) -> list[str]:
    """The tables and the key of a dotted path; a parameter's id is one key of ``[parameters]``.

    A key of the scenario comes before a parameter of the same id: ``parameters.ID`` says that the parameter is meant.
    """
    if path.startswith("parameters."):
        return ["parameters", path.removeprefix("parameters.")]
    if own := re.fullmatch(rf"({OWN_POLICY})\.(.+)", path):  # a module may have dots in its name
        return [own[1], own[2]]
    words = [w.strip() for w in path.split(".")]
    if not all(words):
        raise Mistake("{file}: expected KEY=VALUE, such as team.NAME.physicians=6.", file=named(text))
    if _is_key(words, value):
        return words
    is_group = words[0] in parameter_groups() and words[0] not in declared_keys(ScenarioSpec)
    return ["parameters", path] if len(words) > 1 and (path in all_parameters() or is_group) else words


def _is_key(words: list[str], value: str) -> bool:
    """Whether a path is a key in a table of the scenario; a list that the key does not take is for a parameter."""
    tables = declared_keys(ScenarioSpec)
    if len(words) != 2 or words[0] not in tables or not is_dataclass(table := tables[words[0]][1]):  # noqa: PLR2004
        return False
    known = declared_keys(cast(type, table))
    is_list = value.lstrip().startswith("[")
    return words[1] in known and (not is_list or get_origin(known[words[1]][1]) is list)


def _unknown(words: list[str]) -> Mistake | None:
    """What is wrong with the first of several words that is no table, no group of parameters and no rule."""
    tables = declared_keys(ScenarioSpec)
    if len(words) == 1 or words[0] in tables or words[0] in homes():
        return None
    near = closest(words[0], [*tables, *sorted(parameter_groups()), *RULES])
    problem = Mistake('the key "{key}" is not known here.', key=printable(words[0]))
    return sentences(problem, Mistake('Did you mean "{nearest}"?', nearest=near)) if near else None


def _reform(words: list[str], value: str, text: str) -> Raw:
    """An override of a term or a fee; its value may come with the day from which it holds."""
    if len(words) == 1:
        raise located(named(text), (), Mistake(
            "say what of it, such as {rule}.NAME=1.", rule=words[0]))  # fmt: skip
    try:
        return layer_of(words, value if FROM_A_DAY.fullmatch(value) else _value(value, text))
    except Mistake as problem:
        raise located(named(text), (), problem) from None


def _no_team(name: str, teams: list[str]) -> Mistake:
    problem = Mistake('the scenario has no team "{team}".', team=printable(name))
    if near := closest(name, teams):
        return sentences(problem, Mistake('Did you mean "{nearest}"?', nearest=near))
    return sentences(problem, Mistake("Its teams: {known}.", known=", ".join(teams) or "-"))


def _value(value: str, text: str) -> Any:
    if not value:
        raise Mistake("{file}: the value is missing.", file=named(text))
    try:
        parsed = tomllib.loads(f"value = {value}")
    except (tomllib.TOMLDecodeError, ValueError, RecursionError):
        if value[0] in "[{\"'" or value[0].isdigit():
            return parse_text(f"value = {value}", named(text))["value"]
        return value
    return parsed["value"] if len(parsed) == 1 else value

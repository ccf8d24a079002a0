"""``--set team.agapanthes.physicians=6``: one value of a scenario, changed from the command line or from a study."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import is_dataclass
from typing import Any, Final, cast, get_origin

from agents.mistakes import Mistake
from scenarios.checks import check_builder, check_whole
from scenarios.declared import FILE_KEYS, Raw, as_tables, build, check, declared_keys, fitted, homes, merged
from scenarios.files import parse_text
from scenarios.parameter_table import parameter_groups
from scenarios.reforms import FROM_A_DAY, RULES, layer_of, names_a_rule
from scenarios.wording import closest, located, printable, sentences
from sim.parameters import all_parameters
from sim.payment.reform import rule_class
from sim.specification import OWN_POLICY, ScenarioSpec

TERMS: Final = r"(?:team|offer)\.[^.\"']+\.terms"
OWN_TERM: Final = re.compile(
    rf"(?:(?P<table>{TERMS})\.)?(?P<quote>[\"']?)(?P<rule>{OWN_POLICY})(?P=quote)\.(?P<term>.+)"
)
"""A term of a rule of the user's own, for good or of one team or offer; its module may have dots in its name."""
PLACE_IN_TERMS: Final = 3
"""Where ``team.NAME.terms.RULE.TERM`` names the rule."""


def overridden(spec: ScenarioSpec, overrides: Sequence[str]) -> ScenarioSpec:
    """The scenario with each ``key=value`` put over it, in order, checked as a file is.

    Raises:
        Mistake: one line that names the override.
    """
    if not overrides:
        return spec
    table = as_tables(spec)
    for text in overrides:
        over = layer(text, list(spec.teams), own_rules(spec))
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


def own_rules(spec: ScenarioSpec) -> list[str]:
    """Rules of the user's own that a scenario names, each as ``module:Class``."""
    named = [*spec.default_contract, *spec.reform]
    for team in spec.teams.values():
        named += [*team.contract, *team.terms, team.sharing_rule]
    for offer in spec.offers.values():
        named += [*offer.policies, *offer.terms, *offer.instead_of, offer.sharing_rule]
    return [name for name in dict.fromkeys(named) if re.fullmatch(OWN_POLICY, name)]


def layer(text: str, teams: list[str], own: Sequence[str] = ()) -> Raw:
    """The override as a table of a scenario file.

    Args:
        text: ``key=value``; the value is read as TOML, and a bare word as a text.
        teams: names of the teams of the scenario; an override cannot add one.
        own: rules of the user's own that the scenario names, as ``module:Class``.

    Raises:
        Mistake: when it is not ``key=value``, or names a team that does not exist.
    """
    path, sign, value = text.partition("=")
    path = path.strip()
    if not sign or not path:
        raise Mistake("{file}: expected KEY=VALUE, such as team.NAME.physicians=6.", file=named(text))
    words = _path(path, value, text)
    if words[0] in FILE_KEYS:
        raise located(named(text), (), Mistake(
            'the key "{key}" is read at the top of a scenario file only: write a file that extends this one.',
            key=words[0]))  # fmt: skip
    by_name = _by_name(words, own)
    if place := _place_of_rule(words):
        words[place - 1] = by_name.get(words[place - 1], words[place - 1])
    if names_a_rule(words[0]):
        return _reform(words, value.strip(), text)
    if problem := _unknown(words, by_name):
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
    if own := OWN_TERM.fullmatch(path):
        return [*(own["table"].split(".") if own["table"] else []), own["rule"], own["term"]]
    words = [w.strip() for w in path.split(".")]
    if not all(words):
        raise Mistake("{file}: expected KEY=VALUE, such as team.NAME.physicians=6.", file=named(text))
    if _is_key(words, value):
        return words
    is_group = words[0] in parameter_groups() and words[0] not in declared_keys(ScenarioSpec)
    return ["parameters", path] if len(words) > 1 and (path in all_parameters() or is_group) else words


def _place_of_rule(words: list[str]) -> int:
    """Where a path names a payment rule, counted from 1; 0 for nowhere."""
    if len(words) > PLACE_IN_TERMS and re.fullmatch(TERMS, ".".join(words[:PLACE_IN_TERMS])):
        return PLACE_IN_TERMS + 1
    return 0 if words[0] in declared_keys(ScenarioSpec) else 1


def _by_name(words: list[str], own: Sequence[str]) -> dict[str, str]:
    """Rules of the user's own by the name that each declares; nothing is imported where no such name can be meant."""
    place = _place_of_rule(words)
    if len(words) == 1 or not place or names_a_rule(words[place - 1]):
        return {}
    return {rule_class(name).name: name for name in own}


def _is_key(words: list[str], value: str) -> bool:
    """Whether a path is a key in a table of the scenario; a list that the key does not take is for a parameter."""
    tables = declared_keys(ScenarioSpec)
    if len(words) != 2 or words[0] not in tables or not is_dataclass(table := tables[words[0]][1]):  # noqa: PLR2004
        return False
    known = declared_keys(cast(type, table))
    is_list = value.lstrip().startswith("[")
    return words[1] in known and (not is_list or get_origin(known[words[1]][1]) is list)


def _unknown(words: list[str], own: Iterable[str]) -> Mistake | None:
    """What is wrong with the first of several words that is no table, no group of parameters and no rule."""
    tables = declared_keys(ScenarioSpec)
    if len(words) == 1 or words[0] in tables or words[0] in homes():
        return None
    near = closest(words[0], [*tables, *sorted(parameter_groups()), *RULES, *own])
    problem = Mistake('the key "{key}" is not known here.', key=printable(words[0]))
    if near:
        return sentences(problem, Mistake('Did you mean "{nearest}"?', nearest=near))
    return sentences(problem, Mistake(
        "A payment rule of your own is called module:Class, or by its name where the scenario has it."))  # fmt: skip


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

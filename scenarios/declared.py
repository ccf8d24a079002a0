"""Tables of a scenario file against the declarations of ``sim/specification.py``: names, types, ranges, choices.

Generic over the declarations: a key that is added there is checked, suggested and read here with no other edit.
"""

import re
from collections.abc import Hashable, Mapping
from dataclasses import Field, fields, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, cast, get_args, get_origin, get_type_hints

from agents.mistakes import Mistake
from scenarios.parameter_table import check_parameters, flat_parameters, parameter_groups
from scenarios.wording import closest, located, printable, sentences, shown, table_name, with_nearest
from sim.specification import UNSET, Key, ScenarioSpec, TerritorySpec

type Raw = dict[str, Any]
"""A table as TOML gives it."""
type Place = tuple[str, ...]
"""Names of the tables that lead to a key: ``("team", "agapanthes", "delegation", "k01")``."""

FILE_KEYS = ("extends", "without", "reforms")
"""Top-level keys that say how a file is made from another one; they are resolved before a scenario exists."""
NAMED_BY_USER = ("team", "offer")
"""Tables of tables whose names are the user's own."""
TEAM_NAME = re.compile(r"[\w-]{1,40}")


def key_of(declared: Field[Any]) -> Key:
    """The declaration behind a field of a specification."""
    found: Key = declared.metadata["key"]
    return found


def declared_keys(spec: type) -> Mapping[str, tuple[Field[Any], Any]]:
    """The keys that a table may hold, by their name in a file, each with its field and type."""
    return _declared_keys(cast(Hashable, spec))


@cache
def _declared_keys(spec: Any) -> Mapping[str, tuple[Field[Any], Any]]:
    types = get_type_hints(spec)
    return {key_of(f).table or f.name: (f, types[f.name]) for f in fields(spec)}


@cache
def homes() -> Mapping[str, tuple[str, ...]]:
    """Where each known key belongs: the names of its tables, "" for the top of the file."""
    found: dict[str, list[str]] = {name: [""] for name in FILE_KEYS}
    _collect(ScenarioSpec, (), found)
    return {name: tuple(tables) for name, tables in found.items()}


def _collect(spec: type, place: Place, found: dict[str, list[str]]) -> None:
    for name, (_, hint) in declared_keys(spec).items():
        found.setdefault(name, []).append(table_name(place) if place else "")
        inner = get_args(hint)[1] if get_origin(hint) is dict else hint
        if is_dataclass(inner):
            named = (name, "NAME" if name in NAMED_BY_USER else "TASK") if inner is not hint else (name,)
            _collect(inner, place + named, found)  # type: ignore[arg-type]


def check(table: Raw, file: str, spec: type = ScenarioSpec, place: Place = ()) -> None:
    """Refuse a table that holds anything its declaration does not allow.

    Raises:
        Mistake: naming the file, the table, the key, the value, what was expected and the nearest valid name.
    """
    known = declared_keys(spec)
    for name, value in table.items():
        if name not in known:
            raise located(file, place, _unknown(name, value, spec, place))
        declared, hint = known[name]
        _check_key(name, value, key_of(declared), hint, file, place)


def _check_key(name: str, value: Any, key: Key, hint: Any, file: str, place: Place) -> None:
    if name == "parameters" and not place:
        check_parameters(_table(name, value, file, place), file)
    elif is_dataclass(hint):
        check(_table(name, value, file, place), file, hint, (*place, name))  # type: ignore[arg-type]
    elif get_origin(hint) is dict:
        _check_named(name, _table(name, value, file, place), key, get_args(hint)[1], file, place)
    elif problem := _value_problem(name, value, key, hint):
        raise located(file, place, problem)


def _check_named(name: str, table: Raw, key: Key, inner: Any, file: str, place: Place) -> None:
    """A table whose keys are names: teams, tasks, living-area types, languages, payment rules."""
    for entry, value in table.items():
        if problem := _entry_problem(name, entry, key):
            raise located(file, (*place, name), problem)
        if is_dataclass(inner):
            check(_table(entry, value, file, (*place, name)), file, inner, (*place, name, entry))  # type: ignore[arg-type]
        elif get_origin(inner) is dict:
            _table(entry, value, file, (*place, name))
        elif problem := _scalar_problem(entry, value, replace(key, choices=()), inner):
            raise located(file, (*place, name), problem)


def _entry_problem(name: str, entry: str, key: Key) -> Mistake | None:
    if key.choices:
        return _choice_problem(name, entry, key, Mistake('"{entry}" is not known here.', entry=printable(entry)))
    if key.pattern:
        known = re.fullmatch(key.pattern, entry)
        return None if known else Mistake("the name {name} cannot be used here.", name=shown(entry))
    if TEAM_NAME.fullmatch(entry):
        return None
    return Mistake("the name {name} cannot be used: letters, digits, - and _ only, 40 at most.", name=shown(entry))


def _table(name: str, value: Any, file: str, place: Place) -> Raw:
    if isinstance(value, dict):
        return value
    raise located(
        file, place,
        Mistake("{key} = {value} should be a table, under the heading {table}.",
                key=printable(name), value=shown(value), table=table_name((*place, name))),
    )  # fmt: skip


def _unknown(name: str, value: Any, spec: type, place: Place) -> Mistake:
    """Say that a key is unknown, where it belongs if it is known elsewhere, or what it may have meant."""
    tables = [t for t in homes().get(name, ()) if t != table_name(place)]
    problem = Mistake('the key "{key}" is not known here.', key=printable(name))
    if "" in tables:
        return sentences(problem, Mistake("It belongs to the top of the file, before any [table]."))
    if tables:
        return sentences(problem, Mistake("It belongs to {tables}.", tables=", ".join(tables)))
    if isinstance(value, dict) and name in parameter_groups():
        return sentences(problem, Mistake('Parameters are written in [parameters], as "{group}.name" = 1.', group=name))
    here = [*declared_keys(spec), *(FILE_KEYS if spec is ScenarioSpec else ())]
    if closest(name, here):
        return with_nearest(problem, name, here)
    if other := closest(name, homes()):
        where = ", ".join(t for t in homes()[other] if t) or table_name(place)
        return sentences(problem, Mistake('Did you mean "{nearest}", in {tables}?', nearest=other, tables=where))
    return sentences(problem, Mistake("Known keys: {known}.", known=", ".join(sorted(here))))


def _value_problem(name: str, value: Any, key: Key, hint: Any) -> Mistake | None:
    if get_origin(hint) is not list:
        return _scalar_problem(name, value, key, hint)
    if not isinstance(value, list):
        return Mistake("{key} = {value} is not a list in square brackets.", key=printable(name), value=shown(value))
    problems = (_scalar_problem(name, item, key, get_args(hint)[0]) for item in value)
    return next((p for p in problems if p), None)


def _scalar_problem(name: str, value: Any, key: Key, hint: type) -> Mistake | None:
    if problem := _type_problem(name, value, hint):
        return problem
    if key.choices and isinstance(value, str):
        return _choice_problem(name, value, key)
    if isinstance(value, str) and any(ord(c) < ord(" ") for c in value):
        return Mistake("{key} = {value} holds a control character.", key=printable(name), value=shown(value))
    if key.low is not None and key.high is not None:
        return _range_problem(name, value, key)
    return None


def _type_problem(name: str, value: Any, hint: type) -> Mistake | None:
    facts = {"key": printable(name), "value": shown(value)}
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int and not (number and isinstance(value, int)):
        return Mistake("{key} = {value} is not a whole number.", **facts)
    if hint is float and not number:
        return Mistake("{key} = {value} is not a number.", **facts)
    if hint is bool and not isinstance(value, bool):
        return Mistake("{key} = {value} is neither true nor false.", **facts)
    if hint is str and not isinstance(value, str):
        return Mistake("{key} = {value} is not a text in quotes.", **facts)
    if hint is date and (not isinstance(value, date) or isinstance(value, datetime)):
        return Mistake("{key} = {value} is not a date, written as 2021-01-04 without quotes.", **facts)
    return None


def _choice_problem(name: str, value: str, key: Key, said: Mistake | None = None) -> Mistake | None:
    if value in key.choices or (key.pattern and re.fullmatch(key.pattern, value)):
        return None
    choices = sorted(c for c in key.choices if c)
    said = said or Mistake("{key} = {value} is not known.", key=printable(name), value=shown(value))
    problem = with_nearest(said, value, choices)
    listed = ", ".join(choices)
    if name in ("sharing_rule", "contract", "terms"):
        return sentences(problem, Mistake("Known rules: {known}.", known=listed))
    return sentences(problem, Mistake("Known values: {known}.", known=listed))


def _range_problem(name: str, value: Any, key: Key) -> Mistake | None:
    assert key.low is not None
    assert key.high is not None
    unset_allowed = key.low == UNSET
    low = 0 if unset_allowed else key.low
    if low <= value <= key.high or (unset_allowed and value == UNSET):
        return None
    facts = {
        "key": printable(name),
        "value": shown(value),
        "unit": key.unit,
        "low": _bound(low),
        "high": _bound(key.high),
    }
    if unset_allowed:
        return Mistake("{key} = {value} is outside its range, {low} to {high} {unit}, or -1 for the default.", **facts)
    if not key.unit:
        return Mistake("{key} = {value} is outside its range, {low} to {high}.", **facts)
    return Mistake("{key} = {value} is outside its range, {low} to {high} {unit}.", **facts)


def _bound(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:g}"


def merged(base: Raw, layer: Raw, spec: type = ScenarioSpec) -> Raw:
    """``base`` with what ``layer`` says put over it; tables of shares and lists are replaced whole."""
    result = dict(base)
    for name, value in layer.items():
        _, hint = declared_keys(spec)[name]
        old = result.get(name)
        if name == "parameters":
            result[name] = {**flat_parameters(old or {}), **flat_parameters(value)}
        elif name == "mechanisms":
            result[name] = {**(old or {}), **value}
        elif isinstance(old, dict) and isinstance(value, dict):
            result[name] = _merged_table(old, value, hint)
        else:
            result[name] = value
    return result


def fitted(table: Raw, layer: Raw) -> Raw:
    """``table`` with what ``layer`` makes pointless left out.

    The town is cut to the territory, unless the layer itself says how large the town is, so that
    ``--set territory.people=6000`` shrinks a territory whose town was larger. Terms of rules that a new contract of the
    layer does not name go with the old contract.
    """
    table = _without_old_terms(table, layer)
    if "town" in layer.get("territory", {}):
        return table
    defaults = TerritorySpec()
    territory = {"people": defaults.people, "town": defaults.town, **table.get("territory", {})}
    if territory["town"] <= territory["people"]:
        return table
    return {**table, "territory": {**territory, "town": territory["people"]}}


def _without_old_terms(table: Raw, layer: Raw) -> Raw:
    teams = dict(table.get("team", {}))
    for name, team in layer.get("team", {}).items():
        contract = team.get("contract") if isinstance(team, dict) else None
        if contract is not None and "terms" in teams[name]:
            kept = {p: t for p, t in teams[name]["terms"].items() if p in contract or p in team.get("terms", {})}
            teams[name] = {**teams[name], "terms": kept}
    return {**table, "team": teams} if teams else table


def _merged_table(old: Raw, value: Raw, hint: Any) -> Raw:
    if is_dataclass(hint):
        return merged(old, value, hint)  # type: ignore[arg-type]
    inner = get_args(hint)[1]
    if is_dataclass(inner):
        return {**old, **{n: merged(old.get(n, {}), v, inner) for n, v in value.items()}}  # type: ignore[arg-type]
    if get_origin(inner) is dict:
        return {**old, **{n: {**old.get(n, {}), **v} for n, v in value.items()}}
    return dict(value)


def build(table: Raw, spec: type) -> Any:
    """The typed specification of a checked table."""
    values = {}
    for name, (declared, hint) in declared_keys(spec).items():
        if name in table:
            values[declared.name] = _typed(table[name], hint)
    return spec(**values)


def _typed(value: Any, hint: Any) -> Any:
    if is_dataclass(hint):
        return build(value, hint)  # type: ignore[arg-type]
    if get_origin(hint) is dict:
        inner = get_args(hint)[1]
        return {k: _typed(v, inner) for k, v in value.items()}
    if get_origin(hint) is list:
        return [_typed(v, get_args(hint)[0]) for v in value]
    return float(value) if hint is float else value


def as_tables(spec: Any) -> Raw:
    """The tables of a file that would say the whole of a specification: what :func:`build` reads."""
    return {name: _plain(getattr(spec, declared.name)) for name, (declared, _) in declared_keys(type(spec)).items()}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return as_tables(value)
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return list(value) if isinstance(value, list) else value

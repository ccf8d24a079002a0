"""How a value, a table or a list of names is shown in a message to the author of a scenario."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from agents.mistakes import Mistake, nearest

LONGEST_VALUE = 60
LONGEST_NAME = 200
LONGEST_INTEGER_BITS = 256
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def written(value: object) -> str:
    """A value as its author could have written it in TOML, whole."""
    return _toml(value)


def shown(value: object) -> str:
    """A value as its author could have written it in TOML, cut when it is long."""
    text = _toml(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def printable(text: str) -> str:
    """A name on one line: what cannot be printed is replaced, and the end of a long one cut."""
    plain = "".join(c if c.isprintable() else "�" for c in text[: LONGEST_NAME + 1])
    return plain if len(text) <= LONGEST_NAME else plain[: LONGEST_NAME - 1] + "…"


def _toml(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return "".join(c if c.isprintable() else "�" for c in json.dumps(value, ensure_ascii=False))
        case int():
            return hex(value) if value.bit_length() > LONGEST_INTEGER_BITS else str(value)
        case date() | datetime() | time():
            return value.isoformat()
        case list():
            return "[" + ", ".join(_toml(v) for v in value) + "]"
        case Mapping():
            return "{" + ", ".join(f"{_toml_key(str(k))} = {_toml(v)}" for k, v in value.items()) + "}"
    return str(value)


def _toml_key(name: str) -> str:
    """A key as TOML has it: in quotes where it is more than letters, digits, - and _."""
    return name if BARE_KEY.fullmatch(name) else _toml(printable(name))


def table_name(place: Iterable[str]) -> str:
    """The heading of a table as it stands in a file: ``[team.NAME]``."""
    return f"[{'.'.join(printable(name) for name in place)}]"


def sentences(*parts: Mistake) -> Mistake:
    """Several sentences as one message; each is translated on its own."""
    whole, *rest = parts
    for part in rest:
        whole = Mistake("{first} {second}", first=whole, second=part)
    return whole


def closest(name: str, known: Iterable[str]) -> str | None:
    """The nearest known name; case, spaces and dashes do not count."""
    known = list(known)
    plain = {k.casefold(): k for k in known}
    same = plain.get(name.strip().casefold().replace("-", "_").replace(" ", "_"))
    return same or nearest(name, known)


def with_nearest(problem: Mistake, name: str, known: Iterable[str]) -> Mistake:
    """The problem, followed by the nearest valid name where one is close."""
    found = closest(name, known)
    return sentences(problem, Mistake('Did you mean "{nearest}"?', nearest=found)) if found else problem


def located(file: str, place: tuple[str, ...], problem: Mistake) -> Mistake:
    """The problem, behind the file and the table where it stands."""
    if not place:
        return Mistake("{file}: {problem}", file=file, problem=problem)
    if place[0] == "team" and len(place) > 1:
        if not place[2:]:
            return Mistake('{file}: team "{team}": {problem}', file=file, team=place[1], problem=problem)
        table = table_name(place[2:])
        return Mistake(
            '{file}: team "{team}", {table}: {problem}', file=file, team=place[1], table=table, problem=problem
        )
    return Mistake("{file}: {table}: {problem}", file=file, table=table_name(place), problem=problem)

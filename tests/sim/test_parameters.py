"""Every parameter is read by the code: a number that changes nothing must not be swept in good faith."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from sim.parameters import all_parameters

ROOT = Path(__file__).parents[2]

UNREAD: dict[str, str] = {}
"""Parameters that no code reads yet, each with its reason."""


def names_read(source: str) -> tuple[set[str], list[str]]:
    """Names that a module may read a field by, and patterns of those that it builds.

    A name is an attribute or a whole string. A built name, as ``f"territory_{key}"``, is a pattern whose gaps are
    filled with the whole strings of the same module and nothing else.
    """
    tree = list(ast.walk(ast.parse(source)))
    texts = {node.value for node in tree if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    words = "|".join(sorted(re.escape(text) for text in texts if re.fullmatch(r"\w+", text))) or "(?!)"
    attributes = {node.attr for node in tree if isinstance(node, ast.Attribute)}
    return texts | attributes, [_pattern(node, words) for node in tree if isinstance(node, ast.JoinedStr)]


def _pattern(built: ast.JoinedStr, words: str) -> str:
    return "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else f"(?:{words})" for part in built.values
    )


def unread(wanted: Iterable[str], sources: Iterable[str]) -> set[str]:
    """Of the names that are wanted (fields of the kernels' record, or ids), those by which no module reads."""
    left = set(wanted)
    for source in sources:
        names, patterns = names_read(source)
        left -= names
        left -= {name for name in left for pattern in patterns if re.fullmatch(pattern, name)}
    return left


def test_every_parameter_is_read() -> None:
    rooms = ("agents", "sim", "scenarios")
    sources = [path.read_text(encoding="utf-8") for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    known = all_parameters()
    by_field = {parameter.field: name for name, parameter in known.items()}
    assert {by_field[field] for field in unread(by_field, sources)} & unread(known, sources) == set(UNREAD)


def test_an_unread_parameter_is_caught_and_a_built_name_is_understood() -> None:
    fields = ["travel_base", "travel_speed", "travel_charm", "care_gain"]
    built = 'KEYS = ("base", "speed")\nx = [par[f"travel_{key}"] for key in KEYS]\n"""travel_charm is a fine word."""\n'
    assert unread(fields, [built]) == {"travel_charm", "care_gain"}
    assert unread(fields, [built, "y = q.care_gain"]) == {"travel_charm"}
    assert unread(fields, ["# travel_base\n", 'print(f"{name}")']) == set(fields)

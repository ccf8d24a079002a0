"""What decides a result: the content of a scenario, of its arms and parameters, and of the files that it names.

A result is known by a digest of all that. Texts for readers are left out, so that a new title runs nothing again; the
content of a user's own payment rule, norms or maps is put in, so that an edit of them does.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from sim.specification import OWN_POLICY, ScenarioSpec

TEXTS: Final = ("title", "description", "record")
"""Keys of a scenario that change no result."""
PLACED: Final = ("seed", "parameters")
"""Keys of a scenario that differ from unit to unit, and are known on their own."""
NAMES_A_FILE: Final = ("norms", "filosofi", "bpe")
KEY_BYTES: Final = 12
"""Bytes of the key of a point: of a thousand million points, two share one with probability 1e-11."""


def digest_of(content: Any, size: int = 16) -> str:
    """Digest of plain content (dataclasses' dictionaries, lists, numbers), the same on every machine."""
    text = json.dumps(content, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()


def essence(spec: ScenarioSpec) -> dict[str, Any]:
    """A scenario without what changes no result, with the digests of the files that it names."""
    content = {key: value for key, value in asdict(spec).items() if key not in TEXTS}
    return content | {"files": files_of(content)}


def of_territory(spec: ScenarioSpec) -> str:
    """Digest of a scenario but for its seed and its parameters."""
    return digest_of({key: value for key, value in essence(spec).items() if key not in PLACED})


def of_parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Values of parameters as numbers of one kind, so that 1 and 1.0 are the same."""
    return {name: _numbers(value) for name, value in parameters.items()}


def of_arm(name: str, spec: ScenarioSpec, overrides: Sequence[str]) -> str:
    """Digest of an arm: what its overrides make of a territory."""
    return digest_of([name, [essence(spec) | {"seed": 0}], list(overrides)])


def files_of(content: Any) -> dict[str, str]:
    """Digests of the files behind a scenario: modules of a user's own payment rules, norms, maps."""
    found = {}
    for key, text in _texts(content):
        file = Path(text) if key in NAMES_A_FILE else _module(text) if re.fullmatch(OWN_POLICY, text) else None
        if file is not None and file.is_file():
            stamp = file.stat()
            found[text] = _digest_of_file(str(file), stamp.st_size, stamp.st_mtime_ns)
    return found


def _numbers(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_numbers(item) for item in value]
    return float(value) if isinstance(value, int | float) else value


def _texts(content: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a scenario, keys of tables included, with the key under which it stands."""
    if isinstance(content, str):
        if content:
            yield key, content
    elif isinstance(content, dict):
        for name, value in content.items():
            yield "", str(name)
            yield from _texts(value, str(name))
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _texts(value, key)


def _module(rule: str) -> Path | None:
    """The file of the module of ``module:Class``."""
    try:
        found = find_spec(rule.partition(":")[0])
    except (ImportError, ValueError):
        return None
    return Path(found.origin) if found and found.origin else None


@cache
def _digest_of_file(path: str, _size: int, _changed: int) -> str:
    return hashlib.blake2b(Path(path).read_bytes(), digest_size=16).hexdigest()

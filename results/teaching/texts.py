"""Texts of the payload, in every language of the catalogue."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from results.messages import LANGUAGES, in_use, label, spaced, speaking

type Text = dict[str, str]


def each[Made](make: Callable[[], Made]) -> dict[str, Made]:
    """What a function makes in each language."""
    found = {}
    for one in LANGUAGES:
        with speaking(one):
            found[one] = make()
    return found


def both(make: Callable[[], str]) -> Text:
    """One text in each language."""
    return each(make)


def same(text: str) -> Text:
    """A name that no language changes."""
    return dict.fromkeys(LANGUAGES, text)


def labelled(text: str) -> Text:
    """A declared label in each language."""
    return both(lambda: label(text))


def own(texts: Mapping[str, str]) -> Text:
    """What a scenario says of itself, in each language."""
    return both(lambda: in_use(texts))


def together(by_language: dict[str, list[str]]) -> list[Text]:
    """Lists of one length by language as one list of texts.

    Raises:
        ValueError: when a language has more of them than another.
    """
    return [dict(zip(by_language, texts, strict=True)) for texts in zip(*by_language.values(), strict=True)]


def read(file: Path) -> dict[str, Any]:
    """A file of texts in TOML, the French ones spaced as French is printed: people write ordinary spaces."""
    found: dict[str, Any] = _printed(tomllib.loads(file.read_text(encoding="utf-8")))
    return found


def _printed(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: spaced(inner) if key == "fr" and isinstance(inner, str) else _printed(inner)
            for key, inner in node.items()
        }
    return [_printed(inner) for inner in node] if isinstance(node, list) else node

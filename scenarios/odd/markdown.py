"""Pieces of Markdown that GitHub and the documentation site both show."""

from collections.abc import Iterable, Sequence
from typing import Any


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table; what would end a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in row) + " |" for row in lines)


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ").strip()


def folded(summary: str, body: str) -> str:
    """Text that opens at a click."""
    return f"<details>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def code(text: Any) -> str:
    """Text as it stands in the code, nothing where there is nothing."""
    return f"`{text}`" if str(text) else ""


def plain(value: Any) -> str:
    """A number, or nested lists of numbers, as short as they are exact."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(plain(one) for one in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)

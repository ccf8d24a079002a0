"""Finding scenario files and parsing them as TOML; the presets that come with careteams."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake
from scenarios.wording import closest, printable, sentences

PRESETS: Final = Path(__file__).parent / "presets"
POSITION: Final = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)$")
DECIMAL_COMMA: Final = re.compile(r"=\s*[-+]?\d+,\d")
BARE_WORD: Final = re.compile(r"=\s*[^\W\d][\w ]*\s*(#.*)?$")
LARGEST_FILE: Final = 5_000_000
"""Bytes; a scenario that is larger is surely another kind of file."""


def presets() -> list[str]:
    """Names of the presets, in alphabetic order."""
    return sorted(file.stem for file in PRESETS.glob("*.toml"))


def find(name_or_path: str, beside: Path | None = None) -> tuple[Path, str]:
    """The file behind a preset's name or a path, and how messages call it.

    Args:
        name_or_path: name of a preset, or path of a TOML file.
        beside: folder from which a relative path is also tried (a file that extends another one).

    Raises:
        Mistake: when there is neither such a preset nor such a file.
    """
    if name_or_path in presets():
        return PRESETS / f"{name_or_path}.toml", name_or_path
    try:
        for path in ([beside / name_or_path] if beside else []) + [Path(name_or_path)]:
            if name_or_path and path.exists():
                return path, str(path)
    except (OSError, ValueError):
        pass
    problem = Mistake("{file}: there is no such file or preset.", file=printable(name_or_path))
    near = closest(Path(name_or_path).stem, presets())
    if near:
        raise sentences(problem, Mistake('Did you mean the preset "{nearest}"?', nearest=near))
    raise sentences(problem, Mistake("Presets: {known}.", known=", ".join(presets())))


def parse(path: Path, shown_as: str, when_empty: Mistake | None = None) -> dict[str, Any]:
    """The tables of a TOML file.

    Args:
        path: the file.
        shown_as: its name in messages.
        when_empty: what to say to whoever gives an empty file, beyond that it is.

    Raises:
        Mistake: one clear line when it cannot be read, is not UTF-8, or is not TOML.
    """
    try:
        if path.is_dir():
            raise Mistake("{file}: this is a folder; give a TOML file.", file=shown_as)
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise Mistake("{file}: no such file.", file=shown_as) from None
    except OSError as error:
        raise Mistake("{file}: cannot be read ({reason}).", file=shown_as, reason=error.strerror) from None
    if len(content) > LARGEST_FILE:
        raise Mistake("{file}: too large for such a file.", file=shown_as)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Mistake("{file}: line {line} is not UTF-8; save the file in UTF-8.", file=shown_as, line=line) from None
    if not text.strip():
        problem = Mistake("{file}: the file is empty.", file=shown_as)
        raise sentences(problem, when_empty) if when_empty else problem
    return parse_text(text, shown_as)


def parse_text(text: str, shown_as: str) -> dict[str, Any]:
    """The tables of TOML text.

    Raises:
        Mistake: with the line, and the usual cause where it is plain to see.
    """
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise _syntax(text, shown_as, str(error)) from None
    except RecursionError:
        raise Mistake("{file}: too many brackets inside each other.", file=shown_as) from None


def _syntax(text: str, shown_as: str, reason: str) -> Mistake:
    found = POSITION.search(reason)
    lines = text.splitlines()
    number = int(found[1]) if found and found[1] else len(lines)
    number = min(max(number, 1), max(len(lines), 1))
    content = lines[number - 1].strip() if lines else ""
    problem = Mistake(
        "{file}: line {line} is not valid TOML: {content}", file=shown_as, line=number, content=printable(content)
    )
    if "overwrite" in reason or "twice" in reason:
        return sentences(problem, Mistake("(the key or the table is given twice)"))
    if DECIMAL_COMMA.search(content):
        return sentences(problem, Mistake("(write decimals with a point)"))
    if BARE_WORD.search(content):
        return sentences(problem, Mistake("(put text in quotes)"))
    return sentences(problem, Mistake("({reason})", reason=POSITION.sub("", reason).strip()))

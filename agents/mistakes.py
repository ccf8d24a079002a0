"""What a user did wrong, said in one line: the file, the key, the value, what was expected, the nearest valid name."""

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Final

LONGEST_VALUE: Final = 60
LONGEST_NAME: Final = 200
LONGEST_INTEGER_BITS: Final = 256
BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")

NEAREST: Final = "nearest"
"""Fact with the known name that is closest to what was said, "" where none is close."""
_QUESTION: Final = re.compile(r"(?<=[.?])\s[^.?]*\{nearest\}[^?]*\?")
"""The sentence, after another one, of a template that asks whether the nearest name was meant, in any language."""


class Mistake(Exception):
    """A user's mistake. The command line prints it in the user's language and leaves with exit code 2.

    The English sentence is a template of the message catalogue; the facts stay available as attributes of ``facts``,
    so that a caller can act on them and the catalogue can say them in French.
    """

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts

    def __str__(self) -> str:
        return self.said(self.message, self.facts)

    def said(self, template: str, facts: Mapping[str, object]) -> str:
        """A wording of this mistake with its facts put in; where no name is near, nobody is asked whether it was meant.

        Args:
            template: the message, or its translation.
            facts: by name, in the language of the template.
        """
        if facts.get(NEAREST) == "":
            template = _QUESTION.sub("", template)
        return template.format(**facts)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuilt, (self.message, self.facts))


def _rebuilt(message: str, facts: dict[str, object]) -> Mistake:
    """Unpickle a mistake that crossed a process border."""
    return Mistake(message, **facts)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name closest to ``name``, or None when none is close."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def shown(value: object) -> str:
    """A value as its author could have written it in TOML, cut when it is long."""
    text = written(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def printable(text: str) -> str:
    """A name on one line: what cannot be printed is replaced, and the end of a long one cut."""
    plain = "".join(c if c.isprintable() else "�" for c in text[: LONGEST_NAME + 1])
    return plain if len(text) <= LONGEST_NAME else plain[: LONGEST_NAME - 1] + "…"


def written(value: object) -> str:
    """A value as its author could have written it in TOML, whole."""
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
            return "[" + ", ".join(written(v) for v in value) + "]"
        case Mapping():
            return "{" + ", ".join(f"{_toml_key(str(k))} = {written(v)}" for k, v in value.items()) + "}"
    return str(value)


def _toml_key(name: str) -> str:
    """A key as TOML has it: in quotes where it is more than letters, digits, - and _."""
    return name if BARE_KEY.fullmatch(name) else written(printable(name))

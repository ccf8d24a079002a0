"""Questions as files: what ``careteams compare FILE`` asks, in TOML.

    title = { en = "Peps or fees?", fr = "Peps ou l'acte ?" }
    question = { en = "Who gains ...?", fr = "Qui gagne ... ?" }
    scenario = "agapanthes"
    outcomes = ["mean_wait_days", "forgone_per_person"]
    by = ["profession", "c2s"]
    seeds = 10
    years = 3
    [arms]
    ffs = "ffs"
    peps = "peps"

Arms are what ``--arm`` takes after the name, or a list of its parts. A scenario file has none of these tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from agents.mistakes import Mistake
from scenarios.files import parse
from scenarios.study.file_keys import Keys, are_texts, check_keys, is_table, is_text, whole_number

ARMS: Final = "arms"
LANGUAGES: Final = ("en", "fr")


def _texts_by_language(value: Any) -> bool:
    return isinstance(value, dict) and set(value) <= set(LANGUAGES) and all(map(is_text, value.values()))


def _arms(value: Any) -> bool:
    return is_table(value) and bool(value) and all(is_text(one) or are_texts(one) for one in value.values())


BY_LANGUAGE: Final = Mistake('a text by language, such as {{ en = "...", fr = "..." }}')
KEYS: Final[Keys] = {
    "title": (_texts_by_language, BY_LANGUAGE),
    "question": (_texts_by_language, BY_LANGUAGE),
    "scenario": (is_text, Mistake("a preset or a scenario file")),
    "set": (are_texts, Mistake("a list of changes such as team.NAME.physicians=6")),
    "outcomes": (are_texts, Mistake("a list of outcomes")),
    "by": (are_texts, Mistake("a list of groups")),
    "baseline": (is_text, Mistake("the name of an arm")),
    "seeds": (whole_number(2, 100_000), Mistake("a whole number of 2 or more")),
    "years": (whole_number(1, 100), Mistake("a whole number from 1 to 100")),
    "read": (lambda value: isinstance(value, str), Mistake("years such as 2-5, in quotes")),
    "warm_up": (whole_number(0, 50), Mistake("a whole number from 0 to 50")),
    "precision": (is_text, Mistake('a share or a number, in quotes, such as "1%"')),
    "stop": (lambda value: value in ("sign", "precision"), Mistake("sign or precision")),
    "ensemble": (whole_number(2, 10_000), Mistake("a whole number of 2 or more")),
    "parameters": (are_texts, Mistake("a list of parameters or groups of them")),
    ARMS: (_arms, Mistake("a table of arms, each a text or a list of texts")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a file asks.

    Attributes:
        title, question: for people, by language; empty where the file says none.
        keys: what it says of the rest, by key.
        arms: ``NAME=WHAT`` each.
    """

    title: Mapping[str, str] = field(default_factory=dict)
    question: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, Any] = field(default_factory=dict)
    arms: tuple[str, ...] = ()


def is_question(word: str) -> bool:
    """Whether a word of the command line is a file that asks a question, not a scenario."""
    path = Path(word)
    return path.suffix == ".toml" and path.is_file() and ARMS in parse(path, word)


def read_question(word: str) -> Asked:
    """The question of a file.

    Raises:
        Mistake: one line that names the file, the key and what was expected.
    """
    table = parse(Path(word), word)
    check_keys(table, KEYS, word, ())
    if "scenario" not in table:
        raise Mistake('{file}: the key "{key}" is missing.', file=word, key="scenario")
    arms = tuple(f"{name}={what if isinstance(what, str) else ';'.join(what)}" for name, what in table[ARMS].items())
    rest = {key: value for key, value in table.items() if key not in (ARMS, "title", "question")}
    return Asked(table.get("title", {}), table.get("question", {}), rest, arms)

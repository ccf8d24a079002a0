"""Bringing ``locale/fr.po`` up to date: every message that the code can say, found in the code.

A message is the first argument of ``_``, ``Mistake``, ``Note`` or ``ngettext``, the label of a scenario key, or its
unit, or what a worksheet of payments says (``results/worksheets.py``). What rooms declare (columns, measures,
parameters) comes from their registry, which this room does not know: ``scenarios/translation.py`` brings both together.
"""

import ast
import re
import string
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from results.messages import HEAD, QUALIFIER, spaced
from results.worksheets import of_rules

ROOT: Final = Path(__file__).parents[1]
ROOMS: Final = ("agents", "sim", "scenarios", "results")
FRENCH: Final = Path(__file__).parent / "locale" / "fr.po"
KEYWORDS: Final[dict[str, Any]] = {"_": None, "ngettext": (1, 2), "Mistake": None, "Note": None, "key": (2,)}
LABELS_OF: Final = ROOT / "sim" / "specification.py"
"""The only file where ``key(default, label)`` declares a label."""
RULES: Final = Path("sim") / "payment"
"""The package of the payment rules, whose worksheets people read."""
FAMILY: Final = 3
"""Labels with the same head, from which on the catalogue holds the head and the qualifiers instead of each label."""
CODE: Final = re.compile(r"[A-Z0-9_+\-]*|k\d\d")
"""A qualifier that is said the same in every language: an act code, an age band, a task."""


def messages(root: Path = ROOT) -> dict[str, str]:
    """Every message in the code, with the file that says it first."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for file in sorted((root / room).rglob("*.py")):
            for message in _of_file(file):
                found.setdefault(message, file.relative_to(root).as_posix())
    for message, file in of_rules(root / RULES):
        if not CODE.fullmatch(message):
            found.setdefault(message, file.relative_to(root).as_posix())
    return found


def _of_file(file: Path) -> Iterator[str]:
    keywords = KEYWORDS if file == LABELS_OF else {k: v for k, v in KEYWORDS.items() if k != "key"}
    for _, entry, _, _ in extract_from_file("python", file, keywords=keywords):
        yield from (m for m in ((entry,) if isinstance(entry, str) else entry) if m)
    if file == LABELS_OF:
        yield from _units(ast.parse(file.read_text(encoding="utf-8")))


def _units(tree: ast.AST) -> Iterator[str]:
    """The units of the scenario keys, which messages put behind a number."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "unit" and isinstance(node.value, ast.Constant):
            unit = node.value.value
            if isinstance(unit, str) and unit:
                yield unit


def french() -> Catalog:
    """The French catalogue as it stands."""
    with FRENCH.open("rb") as stream:
        return read_po(stream, locale="fr")


def placeholders(text: str) -> set[str]:
    """The facts that a message puts in."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def faults(catalogue: Catalog, said: Iterable[str]) -> list[str]:
    """What is wrong with a catalogue: messages missing, empty, of no use, or with other facts."""
    said = set(said)
    known = {str(entry.id): str(entry.string or "") for entry in catalogue if entry.id}
    found = [f"missing: {m}" for m in sorted(said - known.keys())]
    found += [f"unused: {m}" for m in sorted(known.keys() - said)]
    found += [f"empty: {m}" for m, text in known.items() if m in said and not text]
    found += [f"other facts: {m}" for m, text in known.items() if text and placeholders(m) != placeholders(text)]
    return found


def updated(catalogue: Catalog, said: dict[str, str]) -> Catalog:
    """A catalogue with exactly the messages that the code says, in the order of the files."""
    new = Catalog(locale="fr", project="careteams", charset="utf-8", fuzzy=False)
    new.mime_headers = [(k, v) for k, v in catalogue.mime_headers if "Date" not in k and "Generator" not in k]
    old = {str(entry.id): entry.string for entry in catalogue if entry.id}
    for message, file in sorted(said.items(), key=lambda item: (item[1], item[0])):
        new.add(message, spaced(str(old.get(message, ""))), locations=[(file, 1)])
    return new


def written(said: dict[str, str]) -> Catalog:
    """Bring the French catalogue up to date with what is said, and return it."""
    catalogue = updated(french(), said)
    with FRENCH.open("wb") as stream:
        write_po(stream, catalogue, width=0, omit_header=True, include_lineno=False)
    return catalogue


def pieces(labels: Iterable[str]) -> Iterator[str]:
    """What the catalogue must hold so that ``results.messages.label`` can say each of the labels."""
    labels = list(dict.fromkeys(labels))
    heads = Counter(text.split(HEAD, 1)[0] for text in labels if HEAD in text)
    for text in labels:
        head, _, qualifiers = text.partition(HEAD)
        if qualifiers and heads[head] >= FAMILY:
            yield head
            yield from (part for part in qualifiers.split(QUALIFIER) if not CODE.fullmatch(part))
        elif not CODE.fullmatch(text):
            yield text

"""The lines of a table of counts: a CSV file with one count a line, each checked on its own.

    about,age,sex,ald,c2s,commune,item,count
    patients,0-17,F,,,,,412
    patients,,,,,Saint-Malo,,2310
    staff,,,,,,physicians,3
    acts,,,,,,consultations,14200

Columns may come in any order, those that are not needed may be missing, and words may be French. See docs/own-team.md.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from agents.mistakes import Mistake
from scenarios.wording import printable, sentences, with_nearest
from sim.specification import COMMUNE_NAME

PATIENTS, STAFF, ACTS = "patients", "staff", "acts"
DIMENSIONS: Final = ("age", "sex", "ald", "c2s", "commune")
"""What patients may be counted by."""
COLUMNS: Final = ("about", *DIMENSIONS, "item", "count")
FRENCH_COLUMNS: Final = {
    "objet": "about", "âge": "age", "sexe": "sex", "css": "c2s", "poste": "item", "nombre": "count",
}  # fmt: skip
SAME: Final[Mapping[str, Mapping[str, str]]] = {
    "about": {PATIENTS: PATIENTS, STAFF: STAFF, ACTS: ACTS, "équipe": STAFF, "equipe": STAFF, "actes": ACTS},
    "sex": {"f": "F", "m": "M", "h": "M"},
    "ald": {"yes": "yes", "no": "no", "oui": "yes", "non": "no"},
    "c2s": {"yes": "yes", "no": "no", "oui": "yes", "non": "no"},
}
"""Words of the columns that take a few, in lower case, and what each stands for."""
WORKBOOKS: Final = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers")
LARGEST_FILE: Final = 2_000_000
"""Bytes; counts of a list take a few thousand."""
MOST: Final = 10_000_000
AGES: Final = re.compile(r"(\d{1,3})\s*(?:-|–|à)\s*(\d{1,3})|(\d{1,3})\s*\+")
OLDEST: Final = 120


@dataclass(frozen=True, slots=True)
class Row:
    """One count.

    Attributes:
        line: where it stands in the file.
        about: patients, staff or acts.
        cell: what the patients have in common, by dimension: ``{"age": (0, 17), "ald": "yes"}``.
        item: which staff or acts.
        count: how many, or full-time equivalents.
    """

    line: int
    about: str
    cell: Mapping[str, object]
    item: str
    count: float


def read(path: Path) -> list[Row]:
    """Every line of a file.

    Raises:
        Mistake: one line that says where the file is wrong, and what was expected.
    """
    lines = _text(path).splitlines()
    separator = ";" if lines[0].count(";") > lines[0].count(",") else "\t" if "\t" in lines[0] else ","
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        names = _names(path, next(reader))
        rows = [
            _row(path, reader.line_num, names, cells, decimal_comma=separator != ",")
            for cells in reader
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:
        raise Mistake("{file}: line {line} is not valid CSV ({reason}).",
                      file=path, line=reader.line_num, reason=error) from None  # fmt: skip
    if not rows:
        raise Mistake("{file}: there is a heading, but no line under it.", file=path)
    return rows


def _text(path: Path) -> str:
    if path.suffix.lower() in WORKBOOKS:
        raise Mistake("{file}: this is a workbook. Save its sheet as CSV (UTF-8) and give that file.", file=path)
    try:
        if path.is_dir():
            raise Mistake("{file}: this is a folder; give a CSV file of counts.", file=path)
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Mistake("{file}: cannot be read ({reason}).", file=printable(str(path)), reason=reason) from None
    if len(content) > LARGEST_FILE:
        raise Mistake("{file}: too large for a table of counts. Are these single patients? Only counts are taken.",
                      file=path)  # fmt: skip
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise Mistake("{file}: this is a workbook. Save its sheet as CSV (UTF-8) and give that file.", file=path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Mistake("{file}: line {line} is not UTF-8; save the file in UTF-8.", file=path, line=line) from None
    if not text.strip():
        raise Mistake("{file}: the file is empty. Expected a heading: {columns}.", file=path,
                      columns=",".join(COLUMNS))  # fmt: skip
    return text.lstrip("\r\n")


def _names(path: Path, heading: list[str]) -> list[str]:
    names = [FRENCH_COLUMNS.get(name, name) for name in (cell.strip().lower() for cell in heading)]
    for name in names:
        if name not in COLUMNS:
            problem = Mistake('{file}: the column "{column}" is not known.', file=path, column=printable(name))
            known = Mistake("Columns: {known}.", known=", ".join(COLUMNS))
            raise sentences(with_nearest(problem, name, COLUMNS), known)
        if names.count(name) > 1:
            raise Mistake('{file}: the column "{column}" is there twice.', file=path, column=name)
    for name in ("about", "count"):
        if name not in names:
            raise Mistake('{file}: the column "{column}" is missing. Columns: {known}.',
                          file=path, column=name, known=", ".join(COLUMNS))  # fmt: skip
    return names


def _row(path: Path, line: int, names: list[str], cells: list[str], *, decimal_comma: bool) -> Row:
    if len(cells) != len(names):
        raise Mistake("{file}: line {line} has {count} cells; the heading has {expected}.",
                      file=path, line=line, count=len(cells), expected=len(names))  # fmt: skip
    values = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    about = _word(path, line, "about", values["about"])
    cell = {name: _value(path, line, name, values[name]) for name in DIMENSIONS if values.get(name)}
    item = values.get("item", "").lower()
    count = _count(path, line, values["count"], decimal_comma=decimal_comma)
    if about == PATIENTS:
        _check_patients(path, line, item, count)
    elif cell:
        raise Mistake("{file}: line {line}: {about} are not counted by {dimension}; leave that cell empty.",
                      file=path, line=line, about=about, dimension=", ".join(cell))  # fmt: skip
    elif not item:
        raise Mistake('{file}: line {line}: {about} need an "item": which ones?', file=path, line=line, about=about)
    return Row(line, about, cell, item, count)


def _check_patients(path: Path, line: int, item: str, count: float) -> None:
    if item:
        raise Mistake("{file}: line {line}: patients take no item ({item}); leave that cell empty.",
                      file=path, line=line, item=printable(item))  # fmt: skip
    if count != int(count):
        raise Mistake("{file}: line {line}: {value} patients is not a whole number.",
                      file=path, line=line, value=f"{count:g}")  # fmt: skip


def _value(path: Path, line: int, name: str, text: str) -> object:
    if name == "age":
        return _ages(path, line, text)
    if name == "commune":
        if not re.fullmatch(COMMUNE_NAME, text):
            raise Mistake("{file}: line {line}: {value} cannot name a commune.",
                          file=path, line=line, value=printable(text))  # fmt: skip
        return text
    return _word(path, line, name, text)


def _word(path: Path, line: int, name: str, text: str) -> str:
    known = SAME[name]
    if text.lower() not in known:
        problem = Mistake('{file}: line {line}: {column} = "{value}" is not known.',
                          file=path, line=line, column=name, value=printable(text))  # fmt: skip
        said = Mistake("Known values: {known}.", known=", ".join(dict.fromkeys(known.values())))
        raise sentences(with_nearest(problem, text, known), said)
    return known[text.lower()]


def _ages(path: Path, line: int, text: str) -> tuple[int, int]:
    """First and last age of a band."""
    found = AGES.fullmatch(text)
    first, last = (int(found[1] or found[3]), int(found[2] or OLDEST)) if found else (1, 0)
    if not first <= last <= OLDEST:
        raise Mistake('{file}: line {line}: age = "{value}" is no age band, such as 0-17 or 85+.',
                      file=path, line=line, value=printable(text))  # fmt: skip
    return first, last


def _count(path: Path, line: int, text: str, *, decimal_comma: bool) -> float:
    plain = re.sub(r"[\s\u00a0\u202f]", "", text)
    if decimal_comma:
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"\d+(\.\d+)?", plain) or float(plain) > MOST:
        raise Mistake('{file}: line {line}: count = "{value}" is not a number of 0 or more.',
                      file=path, line=line, value=printable(text))  # fmt: skip
    return float(plain)


def described(cell: Mapping[str, object]) -> str:
    """A cell as its author wrote it: ``age 85+, ald yes``; "all" for the whole list."""

    def value(name: str, item: object) -> str:
        if name != "age":
            return f"{name} {item}"
        first, last = cast(tuple[int, int], item)
        return f"age {first}+" if last == OLDEST else f"age {first}-{last}"

    return ", ".join(value(name, item) for name, item in cell.items()) or "all"


def of(rows: list[Row], about: str) -> Iterator[Row]:
    """The rows about one thing."""
    return (row for row in rows if row.about == about)

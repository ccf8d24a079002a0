"""National norms in a file that can be read, and written by hand: a user's own table (design 4).

    [about]
    base_year = 2021              # calendar year that the values hold for

    [numbers]                     # single values
    spending = 2540.0

    [trend]                       # yearly growth factor of a name
    spending = 1.012

    [growth.spending]             # relative to the base year, where years are known one by one
    2022 = 1.011

    [by_class.spending]           # EUR a registered patient and year, every class of the list
    0-5_men_no_ald_no_c2s = 610.0
    ...

    [by_area.spending_factor]     # the six living-area types
    T1 = 1.03
    ...

    [deciles]                     # 1st to 9th, over living areas
    readmissions = [0.08, 0.09, 0.10, 0.11, 0.12, 0.13, 0.14, 0.15, 0.17]

A table may hold only what the rules of a scenario ask for. A value is a number, or ``[value, standard error]``.
"""

import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from agents.mistakes import Mistake, nearest
from sim.area_types import AREA_TYPES
from sim.payment.accounts_of_year import LIST_CLASSES
from sim.payment.norms import Norms
from sim.specification import EARLIEST_START, LATEST_START

CLASSES: Final = tuple(one.name.removeprefix("list_") for one in LIST_CLASSES)
"""Names of the classes in a file, in order."""
TABLES: Final = ("about", "numbers", "trend", "growth", "by_area", "deciles", "by_class")
DECILES: Final = 9
PAIR: Final = 2
"""A value and its standard error."""
FIRST_YEAR, LAST_YEAR = EARLIEST_START.year - 1, LATEST_START.year + 100
BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
HEADING: Final = """\
# National norms: what payment rules compare with. Amounts in EUR a registered patient and year; a value is followed by
# its standard error where it has one. How to write such a table: sim/payment/norms_file.py.
"""

type Pairs = dict[str, tuple[float, float]]
"""Values by name, each with its standard error (not a number where it has none)."""


class _Reader:
    """Reads the tables of one file, and says what is wrong with them."""

    def __init__(self, file: str, tables: Mapping[str, Any]) -> None:
        self.file = file
        self.tables = tables
        for name in tables:
            if name not in TABLES:
                raise self.located(Mistake(
                    'the table "{table}" is not known. Did you mean "{nearest}"? Tables: {known}.',
                    table=name, nearest=nearest(name, TABLES) or "", known=", ".join(TABLES),
                ))  # fmt: skip

    def located(self, problem: Mistake) -> Mistake:
        """What is wrong, behind the name of the file."""
        return Mistake("{file}: {problem}", file=self.file, problem=problem)

    def table(self, name: str, within: Mapping[str, Any] | None = None, place: str = "") -> Mapping[str, Any]:
        """A table; an empty one where the file has none."""
        found = (self.tables if within is None else within).get(name, {})
        if not isinstance(found, Mapping):
            raise self.located(Mistake("[{table}] is not a table.", table=place or name))
        return found

    def pairs(self, place: str, table: Mapping[str, Any], *, above_0: bool = False) -> Pairs:
        """The numbers of a table."""
        return {name: self._pair(f"{place}.{name}", value, above_0) for name, value in table.items()}

    def named(self, place: str, table: Mapping[str, Any], names: Sequence[str]) -> Pairs:
        """The numbers of a table that must hold exactly some names, in their order."""
        found = self.pairs(place, {name.removeprefix("list_"): value for name, value in table.items()})
        for name in found:
            if name not in names:
                raise self.located(Mistake(
                    '[{table}] has no "{name}". Did you mean "{nearest}"?',
                    table=place, name=name, nearest=nearest(name, names) or names[0],
                ))  # fmt: skip
        missing = [name for name in names if name not in found]
        if missing:
            raise self.located(Mistake(
                '[{table}] lacks "{name}" ({count} missing): give all {all} of them.',
                table=place, name=missing[0], count=len(missing), all=len(names),
            ))  # fmt: skip
        return {name: found[name] for name in names}

    def year(self, place: str, value: Any) -> int:
        """A calendar year."""
        whole = int(value) if isinstance(value, str) and value.isdigit() else value
        if not isinstance(whole, int) or isinstance(whole, bool) or not FIRST_YEAR <= whole <= LAST_YEAR:
            raise self.located(Mistake(
                "{key} = {value} is not a calendar year from {low} to {high}.",
                key=place, value=value, low=FIRST_YEAR, high=LAST_YEAR,
            ))  # fmt: skip
        return whole

    def decile(self, name: str, value: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Nine numbers that do not go down."""
        numbers = value if isinstance(value, list) else []
        if len(numbers) != DECILES or not all(map(_is_number, numbers)) or sorted(numbers) != numbers:
            raise self.located(Mistake(
                "deciles.{name}: expected {count} numbers, from the 1st to the 9th decile, none below the one before.",
                name=name, count=DECILES,
            ))  # fmt: skip
        return np.array(numbers, dtype=np.float64)

    def _pair(self, place: str, value: Any, above_0: bool) -> tuple[float, float]:
        pair = value if isinstance(value, list) else [value, math.nan]
        if len(pair) != PAIR or not _is_number(pair[0]) or not isinstance(pair[1], int | float):
            raise self.located(
                Mistake("{key} = {value}: expected a number, or [value, standard error].", key=place, value=value)
            )
        if pair[0] < 0 or (above_0 and pair[0] == 0):
            raise self.located(Mistake("{key} = {value} is below what it can be.", key=place, value=value))
        return float(pair[0]), float(pair[1])


def read_norms(file: str | Path, shown_as: str = "") -> Norms:
    """Read norms from a file: those that careteams made, or a user's own.

    Args:
        file: path of a TOML file.
        shown_as: how messages call it.

    Raises:
        Mistake: one line with the file, the table, the key, what was expected and the nearest valid name.
    """
    path, shown = Path(file), shown_as or str(file)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Mistake("{file}: cannot be read ({reason}).", file=shown, reason=error.strerror) from None
    except ValueError as error:  # not UTF-8, or not TOML
        raise Mistake("{file}: this is not a table of norms in TOML ({reason}).", file=shown, reason=error) from None
    return norms_from(tables, shown)


def known_norms(file: str | Path) -> Norms:
    """Norms from a file that many may ask for: read again only when it has changed.

    Raises:
        Mistake: as :func:`read_norms`.
    """
    path = Path(file)
    return _kept(path, path.stat().st_mtime_ns if path.is_file() else 0)


@cache
def _kept(path: Path, _changed: int) -> Norms:
    return read_norms(path)


def norms_from(tables: Mapping[str, Any], shown_as: str) -> Norms:
    """Norms from the tables of a file.

    Raises:
        Mistake: as :func:`read_norms`.
    """
    reader = _Reader(shown_as, tables)
    about = dict(reader.table("about"))
    base_year = reader.year("about.base_year", about.pop("base_year", None))
    numbers = reader.pairs("numbers", reader.table("numbers"))
    trend = reader.pairs("trend", reader.table("trend"), above_0=True)
    parts: dict[str, dict[str, Pairs]] = {
        part: {
            name: reader.named(f"{part}.{name}", reader.table(name, reader.table(part), f"{part}.{name}"), known)
            for name in reader.table(part)
        }
        for part, known in (("by_class", CLASSES), ("by_area", AREA_TYPES))
    }
    return Norms(
        digest=str(about.pop("digest", "")),
        base_year=base_year,
        by_class={name: _side(pairs, 0) for name, pairs in parts["by_class"].items()},
        growth={name: _growth(reader, name) for name in reader.table("growth")},
        trend=_values(trend, 0),
        by_area={name: _side(pairs, 0) for name, pairs in parts["by_area"].items()},
        deciles={name: reader.decile(name, value) for name, value in reader.table("deciles").items()},
        numbers=_values(numbers, 0),
        standard_errors={
            "by_class": {name: _side(pairs, 1) for name, pairs in parts["by_class"].items()},
            "by_area": {name: _side(pairs, 1) for name, pairs in parts["by_area"].items()},
            "trend": _values(trend, 1),
            "numbers": _values(numbers, 1),
        },
        about=about,
    )


def norms_text(norms: Norms) -> str:
    """Norms as the text of a file, numbers with six digits."""
    errors = norms.standard_errors
    lines = [HEADING, "[about]", f"base_year = {norms.base_year}", f"digest = {_said(norms.digest)}"]
    lines += [f"{_key(name)} = {_said(value)}" for name, value in norms.about.items()]
    for part, values in (("numbers", norms.numbers), ("trend", norms.trend)):
        lines += ["", f"[{part}]", *_pairs_text(values, errors.get(part, {}))]
    for name, years in norms.growth.items():
        lines += ["", f"[growth.{_key(name)}]", *(f"{year} = {_said(value)}" for year, value in years.items())]
    for part, table, known in (("by_area", norms.by_area, AREA_TYPES), ("by_class", norms.by_class, CLASSES)):
        if part == "by_class":
            lines += ["", "[deciles]", *(f"{_key(n)} = {_said(v)}" for n, v in norms.deciles.items())]
        for name, column in table.items():
            given = errors.get(part, {}).get(name, np.full(len(known), np.nan))
            pairs = _pairs_text(dict(zip(known, column, strict=True)), dict(zip(known, given, strict=True)))
            lines += ["", f"[{part}.{_key(name)}]", *pairs]
    return "\n".join(lines) + "\n"


def _growth(reader: _Reader, name: str) -> dict[int, float]:
    place = f"growth.{name}"
    pairs = reader.pairs(place, reader.table(name, reader.table("growth"), place), above_0=True)
    return {reader.year(place, year): value for year, (value, _) in pairs.items()}


def _side(pairs: Pairs, side: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([pair[side] for pair in pairs.values()], dtype=np.float64)


def _values(pairs: Pairs, side: int) -> dict[str, float]:
    return {name: pair[side] for name, pair in pairs.items() if not math.isnan(pair[side])}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _pairs_text(values: Mapping[str, float], errors: Mapping[str, float]) -> Iterable[str]:
    for name, value in values.items():
        error = errors.get(name, math.nan)
        yield f"{_key(name)} = {_said(value if math.isnan(error) else [value, error])}"


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else f'"{name}"'


def _said(value: Any) -> str:
    """A value in TOML."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple | np.ndarray):
        return "[" + ", ".join(_said(one) for one in value) + "]"
    if isinstance(value, int | np.integer):
        return str(int(value))
    text = f"{float(value):.6g}"
    return text if any(sign in text for sign in ".en") else f"{text}.0"

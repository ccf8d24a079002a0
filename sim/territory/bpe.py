"""Insee's BPE (permanent database of facilities): where physicians, nurses and hospitals are, read in a stream."""

import tomllib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agents.mistakes import Mistake
from sim.territory.filosofi import DISTRICTS
from sim.territory.user_files import header, need_columns, portions, refuse_first, wrong

CODES: Final = Path(__file__).parent / "data" / "bpe_codes.toml"
REQUIRED: Final = ("AN", "DEPCOM", "TYPEQU", "LAMBERT_X", "LAMBERT_Y")
READ: Final = (*REQUIRED, "EPSG")
ENCODINGS: Final = ("utf-8-sig", "cp1252")
UNKNOWN: Final = ("", "_Z", "_U")
METROPOLITAN: Final = "2154"  # EPSG code of Lambert-93, where the file names none
KINDS: Final = ("gp", "nurse", "emergency", "short_stay")
MOST_METRES: Final = 1e8


@dataclass(slots=True)
class Facilities:
    """The kept facilities of a BPE file.

    Attributes:
        year: edition.
        kind: one of ``KINDS`` for each facility.
        commune: commune of each facility, districts mapped.
        east, north: coordinates in the projection asked for, m; NaN where the file has none.
        outside: facilities of the same kinds in communes that were not asked for.
    """

    year: int = 0
    kind: list[str] = field(default_factory=list)
    commune: list[str] = field(default_factory=list)
    east: list[float] = field(default_factory=list)
    north: list[float] = field(default_factory=list)
    outside: int = 0


@cache
def editions() -> list[dict[str, Any]]:
    """Facility codes by edition, newest first."""
    return tomllib.loads(CODES.read_text(encoding="utf-8"))["edition"]


def codes_of(year: int) -> dict[str, str]:
    """Kind of each facility code (TYPEQU) that the model reads, in the edition of a year."""
    edition = next(e for e in editions() if year >= e["first_year"])
    return {code: kind for kind in KINDS for code in edition[kind]}


def read_facilities(path: Path, communes: Collection[str], crs: int) -> Facilities:
    """Read a BPE CSV file (semicolons; UTF-8, else CP1252) and keep the facilities of some communes.

    Args:
        path: the file, of any size.
        communes: commune codes to keep, districts mapped.
        crs: EPSG code of the coordinates to return.

    Raises:
        Mistake: naming the file, the line, the column, the value and what was expected.
    """
    for encoding in ENCODINGS:
        try:
            return _read(path, set(communes), crs, encoding)
        except UnicodeDecodeError:
            continue
    raise Mistake('file "{file}" is neither UTF-8 nor CP1252 text.', file=path)


def _read(path: Path, communes: set[str], crs: int, encoding: str) -> Facilities:
    """Read the whole file in one encoding."""
    present = [name.upper() for name in header(path, ";", encoding)]
    need_columns(path, [name for name in REQUIRED if name not in present], present)
    found, kinds = Facilities(), Counter[str]()
    for portion in portions(path, lambda name: name.upper() in READ, ";", encoding):
        table = portion.rename(columns=lambda name: str(name).strip().upper())
        found.year = found.year or _year(path, table)
        kind = table["TYPEQU"].str.strip().map(codes_of(found.year))
        kinds.update(kind.dropna())
        _keep(path, table[kind.notna()], kind.dropna(), communes, crs, found)
    if not kinds["gp"]:
        expected = [code for code, kind in codes_of(found.year).items() if kind == "gp"]
        raise Mistake(
            'file "{file}": no row of {year} has TYPEQU = {codes}, the code of physicians.',
            file=path, year=found.year or "-", codes=", ".join(expected),
        )  # fmt: skip
    return found


def _year(path: Path, table: pd.DataFrame) -> int:
    """Edition of the file, from its first row."""
    if table.empty:
        return 0
    text = str(table["AN"].iloc[0]).strip()
    if not (text.isdigit() and len(text) == len("2024")):
        wrong(
            path,
            int(table.index[0]),
            "AN",
            text,
            Mistake('file "{file}", line {line}: {column} = "{value}": expected a year such as 2024.'),
        )
    return int(text)


def _keep(
    path: Path, table: pd.DataFrame, kind: pd.Series, communes: set[str], crs: int, found: Facilities
) -> None:  # fmt: skip
    """Add the facilities of the wanted communes to those found."""
    code = table["DEPCOM"].str.strip().str.upper()
    refuse_first(
        path,
        table,
        (code.str.len() != len("01001")).to_numpy(),
        "DEPCOM",
        Mistake('file "{file}", line {line}: {column} = "{value}": expected a commune code of five characters.'),
    )
    commune = code.map(DISTRICTS).fillna(code)
    inside = commune.isin(communes).to_numpy()
    found.outside += int((~inside).sum())
    kept = table[inside]
    east, north = _coordinates(path, kept, crs)
    found.kind.extend(kind[inside])
    found.commune.extend(commune[inside])
    found.east.extend(east)
    found.north.extend(north)


def _coordinates(path: Path, table: pd.DataFrame, crs: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coordinates of facilities in the projection asked for; NaN where unknown."""
    east, north = np.full(len(table), np.nan), np.full(len(table), np.nan)
    known = ~(table["LAMBERT_X"].str.strip().isin(UNKNOWN) | table["LAMBERT_Y"].str.strip().isin(UNKNOWN)).to_numpy()
    placed = table[known]
    x, y = (_metres(path, placed, column) for column in ("LAMBERT_X", "LAMBERT_Y"))
    epsg = placed["EPSG"].str.strip().to_numpy() if "EPSG" in placed else np.full(len(placed), METROPOLITAN)
    epsg = np.where(np.isin(epsg, UNKNOWN), METROPOLITAN, epsg)
    places = np.flatnonzero(known)
    for source, mask in _groups(epsg):
        if not str(source).isdigit():
            wrong(
                path,
                int(placed.index[int(np.argmax(mask))]),
                "EPSG",
                source,
                Mistake('file "{file}", line {line}: {column} = "{value}": expected a number such as 2154.'),
            )
        east[places[mask]], north[places[mask]] = _projected(path, x[mask], y[mask], int(source), crs)
    return east, north


def _groups(values: NDArray[Any]) -> Iterator[tuple[Any, NDArray[np.bool_]]]:
    """Each value with the places where it stands."""
    for value in sorted(set(values.tolist())):
        yield value, values == value


def _metres(path: Path, table: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """A column of coordinates."""
    values = pd.to_numeric(table[column].str.strip(), errors="coerce").to_numpy(dtype=float)
    bad = ~np.isfinite(values) | (np.abs(values) > MOST_METRES)
    refuse_first(
        path,
        table,
        bad,
        column,
        Mistake('file "{file}", line {line}: {column} = "{value}": expected metres, or nothing where unknown.'),
    )
    return values


def _projected(
    path: Path, x: NDArray[np.float64], y: NDArray[np.float64], source: int, target: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coordinates moved from one projection to another, both easting first."""
    if source == target:
        return x, y
    try:
        from pyproj import Transformer
        from pyproj.exceptions import ProjError
    except ImportError:
        raise Mistake(
            'file "{file}" has coordinates in EPSG:{source}, the grid in EPSG:{target}: pyproj is needed to join them. '
            'Install it with: pip install "careteams[geo]"',
            file=path, source=source, target=target,
        ) from None  # fmt: skip
    try:
        east, north = Transformer.from_crs(source, target, always_xy=True).transform(x, y)
    except ProjError:
        raise Mistake('file "{file}": EPSG = {source} is not a known projection.', file=path, source=source) from None
    finite = np.isfinite(east) & np.isfinite(north)
    return np.where(finite, east, np.nan), np.where(finite, north, np.nan)

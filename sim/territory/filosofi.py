"""Insee's Filosofi grid (200 m or 1 km), as its user downloads it: columns by name, checks, sums by 1 km."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agents.mistakes import Mistake, nearest
from sim.territory.user_files import header, need_columns, numbers, portions, refuse_first

AGES: Final = (
    "ind_0_3", "ind_4_5", "ind_6_10", "ind_11_17", "ind_18_24", "ind_25_39",
    "ind_40_54", "ind_55_64", "ind_65_79", "ind_80p",
)  # fmt: skip
COUNTS: Final = ("ind", "men", "men_pauv", *AGES)
ALIASES: Final = {
    "idcar_200m": ("idcar_200m", "idinspire", "id_carr200m"),
    "idcar_1km": ("idcar_1km", "idcar_1000m", "id_carr1km"),
    "imputed": ("i_est_200", "i_est_200m", "i_est_1km", "i_est_1000", "i_est_1000m"),
}  # names that differ between years, in order of preference
SQUARE: Final = re.compile(r"(?:CRS(?P<crs>\d{4,5}))?RES(?P<size>\d{1,7})mN(?P<north>\d{1,7})E(?P<east>\d{1,7})$")
SIZES: Final = (200, 1000)
KM: Final = 1000
CODE: Final = 5  # characters of a commune code
SLACK: Final = 0.01  # ages may miss the total by this share
ROUNDING: Final = 1e-6
MOST_PEOPLE: Final = 1e6  # of a square: more is a broken file
DISTRICTS: Final = {
    **{str(code): "75056" for code in range(75101, 75121)},
    **{str(code): "69123" for code in range(69381, 69390)},
    **{str(code): "13055" for code in range(13201, 13217)},
}
"""Municipal districts of Paris, Lyon and Marseille, and their communes."""


@dataclass(frozen=True, slots=True)
class Squares:
    """The kept squares of a Filosofi file.

    Attributes:
        crs: EPSG code of the coordinates.
        size: side of a square, m.
        north, east: south-west corner, m, shape ``(squares,)``.
        commune: first commune of each square, districts mapped.
        counts: the columns of ``COUNTS``, age unknown spread over the ages, shape ``(squares, 13)``.
        imputed_share: share of people in imputed squares, -1 where the file does not say.
    """

    crs: int
    size: int
    north: NDArray[np.int64]
    east: NDArray[np.int64]
    commune: NDArray[np.str_]
    counts: NDArray[np.float64]
    imputed_share: float


def read_squares(path: Path, communes: list[str]) -> Squares:
    """Read a Filosofi CSV file and check it.

    Args:
        path: the file, comma-separated, UTF-8.
        communes: commune codes to keep, empty for all; only kept squares have their numbers checked.

    Raises:
        Mistake: naming the file, the line, the column, the value and what was expected.
    """
    names = _columns(path)
    wanted = {DISTRICTS.get(code, code) for code in communes}
    parts: list[pd.DataFrame] = []
    seen: set[str] = set()
    try:
        for portion in portions(path, lambda name: name.lower() in names, ",", "utf-8-sig"):
            table = portion.rename(columns=lambda name: names[str(name).strip().lower()])
            parts.append(_checked(path, table, wanted, seen))
    except UnicodeDecodeError:
        raise Mistake('file "{file}" is not UTF-8 text.', file=path) from None
    kept = pd.concat(parts) if parts else pd.DataFrame()
    _all_found(path, wanted, seen)
    if kept.empty:
        raise Mistake('file "{file}" holds no inhabited square.', file=path)
    return _squares(path, kept)


def _columns(path: Path) -> dict[str, str]:
    """Our name of each column that is read, by its lower-case name in the file; the identifier keeps its own."""
    if path.suffix.lower() == ".gpkg":
        raise Mistake('file "{file}" is a GeoPackage: expected the CSV file of the same grid.', file=path)
    try:
        present = [name.lower() for name in header(path, ",", "utf-8-sig")]
    except UnicodeDecodeError:
        raise Mistake('file "{file}" is not UTF-8 text.', file=path) from None
    found = {ours: next((n for n in known if n in present), None) for ours, known in ALIASES.items()}
    identifier = found["idcar_200m"] or found["idcar_1km"]
    missing = [name for name in ("lcog_geo", *COUNTS) if name not in present]
    need_columns(path, ([] if identifier else ["idcar_200m"]) + missing, present)
    names: dict[str, str] = {name: name for name in ("lcog_geo", *COUNTS, "ind_inc") if name in present}
    names[str(identifier)] = str(identifier)
    if found["imputed"]:
        names[found["imputed"]] = "imputed"
    return names


def _identifier(table: pd.DataFrame) -> str:
    """The column that names the square, as the file calls it."""
    return next(name for name in (*ALIASES["idcar_200m"], *ALIASES["idcar_1km"]) if name in table)


def _checked(path: Path, table: pd.DataFrame, wanted: set[str], seen: set[str]) -> pd.DataFrame:
    """The kept rows of a portion: numbers checked, square and commune taken apart."""
    square = _identifier(table)
    place = table[square].str.strip().str.extract(SQUARE)
    _on_grid(path, table, place)
    codes = table["lcog_geo"].str.strip()
    odd = (codes.str.len() % CODE != 0) | (codes == "")
    unread = Mistake(
        'file "{file}", line {line}: {column} = "{value}": expected commune codes of five characters, run together.'
    )
    refuse_first(path, table, odd.to_numpy(), "lcog_geo", unread)
    first = codes.str[:CODE].str.upper()
    commune = first.map(DISTRICTS).fillna(first)
    seen.update(commune.unique())
    keep = commune.isin(wanted).to_numpy() if wanted else np.ones(len(table), dtype=bool)
    kept = table[keep]
    columns = [c for c in (*COUNTS, "ind_inc", "imputed") if c in kept]
    result = pd.DataFrame({c: numbers(path, kept, c) for c in columns}, index=kept.index)
    _consistent(path, kept, result)
    result[square], result["commune"] = kept[square], commune[keep]
    for name in ("size", "north", "east"):
        result[name] = place[name][keep].astype(np.int64)
    result["crs"] = place["crs"][keep].fillna("3035").astype(np.int64)
    return result


def _all_found(path: Path, wanted: set[str], seen: set[str]) -> None:
    """Refuse a scenario that asks for communes which the file does not hold."""
    for code in sorted(wanted - seen):
        raise Mistake(
            'territory.communes: "{code}" is in no square of "{file}". Did you mean "{nearest}"?',
            code=code, file=path, nearest=nearest(code, sorted(seen)) or "-",
        )  # fmt: skip


def _squares(path: Path, kept: pd.DataFrame) -> Squares:
    """Check what only the whole file shows, and spread people of unknown age over the ages."""
    size, crs = int(kept["size"].iloc[0]), int(kept["crs"].iloc[0])
    other_size = Mistake(
        'file "{file}", line {line}: {column} = "{value}": expected squares of {size} m, as in the first row.',
        size=size,
    )
    refuse_first(path, kept, (kept["size"] != size).to_numpy(), _identifier(kept), other_size)
    other_crs = Mistake(
        'file "{file}", line {line}: {column} = "{value}": expected coordinates in EPSG:{crs}, as in the first row.',
        crs=crs,
    )
    refuse_first(path, kept, (kept["crs"] != crs).to_numpy(), _identifier(kept), other_crs)
    twice = Mistake('file "{file}", line {line}: {column} = "{value}": expected each square once.')
    refuse_first(path, kept, kept.duplicated(["north", "east"]).to_numpy(), _identifier(kept), twice)
    counts = kept[list(COUNTS)].to_numpy(dtype=float, copy=True)
    counts[:, 3:] *= (counts[:, 0] / counts[:, 3:].sum(axis=1))[:, None]
    imputed = -1.0
    if "imputed" in kept:
        imputed = float(counts[kept["imputed"].to_numpy() > 0, 0].sum() / counts[:, 0].sum())
    return Squares(
        crs, size, kept["north"].to_numpy(), kept["east"].to_numpy(), kept["commune"].to_numpy(dtype=str), counts,
        imputed,
    )  # fmt: skip


def _on_grid(path: Path, table: pd.DataFrame, place: pd.DataFrame) -> None:
    """Refuse squares of another size than Insee's, and corners off the grid."""
    square = _identifier(table)
    unread = Mistake(
        'file "{file}", line {line}: {column} = "{value}": expected an identifier '
        "such as CRS3035RES200mN2500000E3700000."
    )
    refuse_first(path, table, place["size"].isna().to_numpy(), square, unread)
    size, north, east = (place[name].astype(np.int64) for name in ("size", "north", "east"))
    odd = Mistake('file "{file}", line {line}: {column} = "{value}": expected squares of 200 m or 1000 m.')
    refuse_first(path, table, ~size.isin(SIZES).to_numpy(), square, odd)
    off = Mistake(
        'file "{file}", line {line}: {column} = "{value}": expected a corner in multiples of the size of the square.'
    )
    refuse_first(path, table, ((north % size != 0) | (east % size != 0)).to_numpy(), square, off)


def _consistent(path: Path, table: pd.DataFrame, values: pd.DataFrame) -> None:
    """Refuse squares whose numbers contradict each other."""
    people, known = values["ind"].to_numpy(), values[list(AGES)].to_numpy().sum(axis=1)
    ages = known + values["ind_inc"].to_numpy() if "ind_inc" in values else known
    nobody = Mistake(
        'file "{file}", line {line}: {column} = "{value}": expected more than 0 people, and 1,000,000 at most.'
    )
    refuse_first(path, table, (people <= 0) | (people > MOST_PEOPLE), "ind", nobody)
    households = Mistake(
        'file "{file}", line {line}: {column} = "{value}": expected no more households than people (ind).'
    )
    refuse_first(path, table, (values["men"] > values["ind"] + ROUNDING).to_numpy(), "men", households)
    poor = Mistake(
        'file "{file}", line {line}: {column} = "{value}": expected no more poor households than households (men).'
    )
    refuse_first(path, table, (values["men_pauv"] > values["men"] + ROUNDING).to_numpy(), "men_pauv", poor)
    total = Mistake('file "{file}", line {line}: {column} = "{value}": expected the sum of the ages, within 1 %.')
    refuse_first(path, table, np.abs(ages - people) > SLACK * people + ROUNDING, "ind", total)
    ageless = Mistake('file "{file}", line {line}: {column} = "{value}": expected the age of some people at least.')
    refuse_first(path, table, known <= 0, "ind", ageless)

"""A real EPCI: names and populations of its communes from the bundled table, positions laid out by us."""

import csv
import difflib
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Column, Table, new_table
from agents.mistakes import Mistake
from sim.specification import TerritorySpec
from sim.territory.compose import composed, new_communes, territory_id
from sim.territory.grid import Ground
from sim.territory.layout import lay_out
from sim.territory.living_areas import by_size, in_proportion, notes_of_shares
from sim.territory.notes import Note

FILE: Final = Path(__file__).parent / "data" / "communes.csv"
COLUMNS: Final = (
    Column("code", "U5", "", "Insee code"),
    Column("name", "U60", "", "name"),
    Column("department", "U3", "", "department"),
    Column("region", "U3", "", "region"),
    Column("epci", "U9", "", "SIREN code of the EPCI, empty for none"),
    Column("population", "i4", "people", "legal population"),
)
KIND: Final = re.compile(
    r"^(?:cc|ca|cu|communaute de communes|communaute d agglomeration|communaute urbaine|eurometropole|metropole|epci)"
    r"(?: (?:de la|de l|du|des|de|d|of))? (?P<place>.+)$"
)
ARTICLE: Final = re.compile(r"^(?:le|la|les|l) ")
SIREN: Final = re.compile(r"\d{9}")


@cache
def commune_table() -> Table:
    """The 34,957 inhabited communes of France, sorted by code (data/communes.LICENCE.md)."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [tuple(row) for row in csv.reader(file)][1:]
    table = new_table(COLUMNS, len(rows))
    for column, values in zip(COLUMNS, zip(*rows, strict=True), strict=True):
        table[column.name] = np.array(values).astype(column.dtype)
    table.flags.writeable = False
    return table


@cache
def commune_rows() -> dict[str, int]:
    """Row of each commune code in :func:`commune_table`."""
    return {str(code): row for row, code in enumerate(commune_table()["code"])}


@cache
def _members() -> dict[str, NDArray[np.int64]]:
    """Rows of the communes of each EPCI, largest first."""
    table = commune_table()
    order = np.lexsort((np.arange(len(table)), -table["population"], table["epci"]))
    codes, starts = np.unique(table["epci"][order], return_index=True)
    rows = np.split(order, starts[1:])
    return {str(code): members for code, members in zip(codes, rows, strict=True) if code}


def epci_codes() -> list[str]:
    """Codes of the 1,255 EPCIs, sorted."""
    return sorted(_members())


def plain(name: str) -> str:
    """A name without accents, capitals, hyphens and apostrophes, to compare names as people type them."""
    decomposed = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "oe"))
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", kept.lower()).strip()


@cache
def _by_name() -> dict[str, list[int]]:
    """Rows of the communes of each plain name, with and without its article; those in an EPCI first."""
    rows: dict[str, list[int]] = {}
    table = commune_table()
    for row in np.argsort(table["epci"] == "", kind="stable"):
        name = plain(str(table["name"][row]))
        for form in {name, ARTICLE.sub("", name)}:
            rows.setdefault(form, []).append(int(row))
    return rows


def resolve_epci(name: str) -> str:
    """The code of the EPCI that a user means.

    Args:
        name: a nine-digit code; the name of a member commune; or "CC of X", "CA du X", "Métropole de X"..., where X
            is its largest commune. Accents, capitals and hyphens do not matter.

    Raises:
        Mistake: when nothing or more than one EPCI fits, with what comes nearest.
    """
    wanted = plain(name)
    if SIREN.fullmatch(name.strip()):
        if name.strip() in _members():
            return name.strip()
        raise _unknown(name, difflib.get_close_matches(name.strip(), epci_codes(), n=3, cutoff=0.6))
    kind, table = KIND.match(wanted), commune_table()
    rows = _by_name().get(wanted, [])
    if not rows and kind:
        rows = _by_name().get(kind["place"], []) or _by_name().get(ARTICLE.sub("", kind["place"]), [])
        rows = [row for row in rows if (code := str(table["epci"][row])) and _members()[code][0] == row] or rows
    found = sorted({str(table["epci"][row]) for row in rows} - {""})
    if rows and not found:
        raise Mistake('territory.name = "{value}": {commune} belongs to no EPCI. Expected a commune that does, or a '
                      "nine-digit code.", value=name, commune=str(table["name"][rows[0]]))  # fmt: skip
    if not found:
        place = kind["place"] if kind else wanted
        known = [form for form, rows in _by_name().items() if table["epci"][rows[0]]]
        close = difflib.get_close_matches(place, known, n=3, cutoff=0.6)
        raise _unknown(name, [str(table["name"][_by_name()[c][0]]) for c in close])
    if len(found) > 1:
        raise _ambiguous(name, found)
    return found[0]


def epci_name(code: str) -> str:
    """What an EPCI is called here: its largest commune and its code (the bundled table holds no other name)."""
    return f"{commune_table()['name'][_members()[code][0]]} ({code})"


def _unknown(name: str, close: list[str]) -> Mistake:
    return Mistake(
        'territory.name = "{value}": no EPCI has this code or a commune of this name. Did you mean {nearest}? '
        'Expected a nine-digit code, the name of a commune of the EPCI, or "CC of X" where X is its largest commune.',
        value=name, nearest=", ".join(close),
    )  # fmt: skip


def _ambiguous(name: str, codes: list[str]) -> Mistake:
    return Mistake(
        'territory.name = "{value}" fits {count} EPCIs: {choices}. Give the nine-digit code of one of them.',
        value=name, count=len(codes), choices=", ".join(epci_name(code) for code in codes[:8]),
    )  # fmt: skip


def build(spec: TerritorySpec, seed: int, parameters: Table) -> Ground:
    """The ground of a real EPCI.

    Its area is assumed from its number of communes and a largest density; ``people``, ``columns``, ``rows`` and
    ``town`` of the scenario are not used; ``area_types``, ``share_65_plus`` and ``poverty`` are, when given.

    Raises:
        Mistake: when the EPCI is not known.
    """
    code = resolve_epci(spec.name)
    members = commune_table()[_members()[code]]
    sizes = members["population"].astype(np.int64)
    name = epci_name(code)
    area = len(sizes) * float(parameters["territory_commune_area_km2"][0])
    columns = int(np.ceil(np.sqrt(area)))
    grid = (columns, int(np.ceil(area / columns)))
    layout = lay_out(sizes, area, grid, seed, territory_id(spec.builder, name), parameters)
    if spec.area_types:
        x, y = (np.bincount(layout.commune, weights=layout.people * v) / sizes for v in (layout.x, layout.y))
        types = in_proportion(sizes, np.hypot(x - x[0], y - y[0]), spec.area_types)
    else:
        types = by_size(members["code"], members["epci"], sizes, parameters)
    communes = new_communes(members["code"].tolist(), members["name"].tolist(), types)
    ground = composed(spec, name, layout, communes, seed, parameters)
    ground.notes.extend([*_notes(len(sizes)), *notes_of_shares(ground.communes, spec.area_types)])
    return ground


def _notes(communes: int) -> list[Note]:
    """What is real in the ground of an EPCI, what is not, and the licence."""
    return [
        Note("The names and legal populations of the {communes} communes are real.", communes=communes),
        Note("Positions, area, living-area types, ages and poverty are not: they were laid out and drawn by us."),
        Note(
            "Source: Etalab, Découpage administratif français 6.0.0 (9 March 2026), from Insee and DGCL; "
            "Licence Ouverte 2.0. Derived by the careteams project."
        ),
    ]

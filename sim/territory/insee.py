"""The user's own Insee files: where people live from the Filosofi grid, where care is from the BPE."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from agents.declarations import Table, new_table
from agents.mistakes import Mistake
from sim.specification import TerritorySpec
from sim.territory.bpe import Facilities, read_facilities
from sim.territory.compose import cell_ids, new_communes, summed_up, territory_id
from sim.territory.composition import whole_rows
from sim.territory.epci import commune_rows, commune_table
from sim.territory.filosofi import AGES, KM, Squares, read_squares
from sim.territory.grid import CELLS, Ground
from sim.territory.living_areas import by_size, in_proportion, notes_of_shares
from sim.territory.notes import Note

type Floats = NDArray[np.float64]
FIRST_AGE: Final = 3  # columns of ``Squares.counts`` before the ages


def build(spec: TerritorySpec, seed: int, parameters: Table) -> Ground:  # noqa: ARG001 - nothing is drawn from the seed
    """The ground of the user's files: people, ages and poverty are read; living-area types are assumed.

    Raises:
        Mistake: when a file is missing, or something in it is wrong.
    """
    if not spec.filosofi:
        raise Mistake('territory.filosofi is empty: the builder "insee" needs the path of a Filosofi grid file.')
    squares = read_squares(Path(spec.filosofi), spec.communes)
    name = spec.name or Path(spec.filosofi).stem
    cells, codes, lost = _cells(squares, territory_id(spec.builder, name), parameters)
    types = _types(codes, cells, spec, parameters)
    communes = new_communes(codes, _names(codes), types)
    cells["area_type"] = types[cells["commune"]]
    ground = Ground(name=name, builder=spec.builder, cells=cells, communes=summed_up(cells, communes))
    ground.notes.extend([*_notes(spec, squares, codes, lost), *notes_of_shares(ground.communes, spec.area_types)])
    if spec.bpe:
        _place(ground, read_facilities(Path(spec.bpe), set(codes), squares.crs), _origin(squares), parameters)
    return ground


def _origin(squares: Squares) -> tuple[int, int]:
    """West and south ends of the ground, whole km."""
    return int(squares.east.min()) // KM, int(squares.north.min()) // KM


def _cells(squares: Squares, who: int, parameters: Table) -> tuple[Table, list[str], int]:
    """Cells of 1 km with whole people, the codes of their communes, and how many cells rounding left empty."""
    east, north = squares.east // KM, squares.north // KM
    place, of_square = np.unique(north * 2**20 + east, return_inverse=True)
    counts = np.zeros((len(place), squares.counts.shape[1]))
    np.add.at(counts, of_square, squares.counts)
    codes, commune = _main_commune(squares, of_square, len(place))
    poverty = _smoothed(counts[:, 1], counts[:, 2], commune, parameters)
    bands = _bands(counts[:, FIRST_AGE:], parameters)
    totals = np.diff(np.floor(np.cumsum(counts[:, 0]) + 0.5), prepend=0.0).astype(np.int64)
    shares = bands / bands.sum(axis=1, keepdims=True)
    people = whole_rows(shares * totals[:, None], totals)
    lived = np.flatnonzero(totals > 0)
    used, rows = np.unique(commune[lived], return_inverse=True)
    x, y = place[lived] % 2**20, place[lived] // 2**20
    west, south = _origin(squares)
    cells = new_table(CELLS, len(lived))
    cells["who"] = cell_ids(who, x, y)
    cells["commune"] = rows
    cells["x_km"], cells["y_km"] = x - west + 0.5, y - south + 0.5
    cells["people"] = people[lived]
    cells["poverty"] = poverty[lived]
    return cells, [codes[i] for i in used], len(place) - len(lived)


def _main_commune(squares: Squares, of_square: NDArray[np.int64], cells: int) -> tuple[list[str], NDArray[np.int64]]:
    """The commune with most people in each cell: all codes, and the row among them, shape ``(cells,)``."""
    codes, of_code = np.unique(squares.commune, return_inverse=True)
    pair, inverse = np.unique(of_square * len(codes) + of_code, return_inverse=True)
    people = np.bincount(inverse, weights=squares.counts[:, 0])
    commune = np.empty(cells, dtype=np.int64)
    order = np.argsort(people, kind="stable")  # the largest writes last
    commune[pair[order] // len(codes)] = pair[order] % len(codes)
    return [str(code) for code in codes], commune


def _smoothed(households: Floats, poor: Floats, commune: NDArray[np.int64], parameters: Table) -> Floats:
    """Poverty rate of cells, drawn towards that of their commune the more, the fewer households they have."""
    all_households = np.bincount(commune, weights=households)
    mean = np.bincount(commune, weights=poor) / np.where(all_households > 0, all_households, 1.0)
    added = float(parameters["territory_poverty_smoothing_households"][0])
    total = households + added
    return np.where(total > 0, (poor + added * mean[commune]) / np.where(total > 0, total, 1.0), mean[commune])


def _bands(ages: Floats, parameters: Table) -> Floats:
    """Filosofi ages mapped to the age bands of the model; classes across two bands are split by French shares.

    Args:
        ages: people by Filosofi age, shape ``(cells, 10)``.
        parameters: record of all parameters.

    Returns:
        People by age band, shape ``(cells, 6)``.
    """
    number = parameters[0]
    of = {name: ages[:, i] for i, name in enumerate(AGES)}
    before_45 = of["ind_40_54"] * number["territory_share_40_44_of_40_54"]
    before_75 = of["ind_65_79"] * number["territory_share_65_74_of_65_79"]
    before_85 = of["ind_80p"] * number["territory_share_80_84_of_80_plus"]
    return np.column_stack([
        of["ind_0_3"] + of["ind_4_5"] + of["ind_6_10"] + of["ind_11_17"],
        of["ind_18_24"] + of["ind_25_39"] + before_45,
        of["ind_40_54"] - before_45 + of["ind_55_64"],
        before_75,
        of["ind_65_79"] - before_75 + before_85,
        of["ind_80p"] - before_85,
    ])  # fmt: skip


def _names(codes: Iterable[str]) -> list[str]:
    """Names of communes; the code where it is not in the bundled table."""
    table, rows = commune_table(), commune_rows()
    return [str(table["name"][rows[code]]) if code in rows else code for code in codes]


def _types(codes: list[str], cells: Table, spec: TerritorySpec, parameters: Table) -> NDArray[np.uint8]:
    """Living-area types: in the proportions of the scenario, else by the size of the real commune."""
    inhabitants = cells["people"].sum(axis=1).astype(float)
    people = np.bincount(cells["commune"], weights=inhabitants, minlength=len(codes))
    if spec.area_types:
        x, y = (np.bincount(cells["commune"], weights=inhabitants * cells[c]) / people for c in ("x_km", "y_km"))
        largest = int(np.argmax(people))
        return in_proportion(people.astype(np.int64), np.hypot(x - x[largest], y - y[largest]), spec.area_types)
    table, rows = commune_table(), commune_rows()
    known = [rows.get(code, -1) for code in codes]
    sizes = np.array([table["population"][r] if r >= 0 else people[i] for i, r in enumerate(known)], dtype=np.int64)
    epcis = np.array([str(table["epci"][r]) if r >= 0 else "" for r in known])
    return by_size(np.array(codes), epcis, sizes, parameters)


def _place(ground: Ground, found: Facilities, origin: tuple[int, int], parameters: Table) -> None:
    """Put facilities in cells: by coordinates, else in the fullest cell of their commune; count and note these."""
    cells, east, north = ground.cells, np.array(found.east), np.array(found.north)
    located = np.isfinite(east)
    x, y = east / KM - origin[0], north / KM - origin[1]
    cell = _fullest(cells, ground.communes, found.commune)
    far = 0
    if located.any():
        # Inside its square, a point is nearer to that centre than to any other in the largest of the two gaps.
        centres = np.column_stack([cells["x_km"], cells["y_km"]]).astype(float)
        gap, near = cKDTree(centres).query(np.column_stack([x[located], y[located]]), p=np.inf)
        close = gap <= float(parameters["territory_bpe_snap_km"][0]) + 0.5
        cell[np.flatnonzero(located)[close]] = near[close]
        far = int((~close).sum())
    kind = np.array(found.kind, dtype=str)
    ground.gp_cells.extend(cell[kind == "gp"].tolist())
    ground.nurse_cells.extend(cell[kind == "nurse"].tolist())
    hospitals = cell[kind == "emergency"] if (kind == "emergency").any() else cell[kind == "short_stay"]
    ground.hospital_cells.extend(np.unique(hospitals).tolist())
    ground.notes.extend(_facility_notes(found, ground, int((~located).sum()), far))


def _fullest(cells: Table, communes: Table, codes: list[str]) -> NDArray[np.int64]:
    """The cell with most people in each of some communes given by code, shape ``(codes,)``."""
    fullest = np.empty(len(communes), dtype=np.int64)
    order = np.argsort(cells["people"].sum(axis=1), kind="stable")
    fullest[cells["commune"][order]] = order
    rows = {str(code): row for row, code in enumerate(communes["code"])}
    return fullest[[rows[code] for code in codes]] if codes else np.empty(0, dtype=np.int64)


def _notes(spec: TerritorySpec, squares: Squares, codes: list[str], lost: int) -> list[Note]:
    """What a reader must know of the people of this ground."""
    notes = [
        Note("People, ages and poverty come from the user's Filosofi file; living-area types are an assumption."),
        Note("Source: Insee, Filosofi grid supplied by the user; Licence Ouverte 2.0."),
        Note("Age classes across two age bands were split by French shares; poverty was smoothed inside communes."),
    ]
    if squares.imputed_share >= 0:
        notes.append(Note("People in imputed squares: {percent} %.", percent=round(100 * squares.imputed_share, 1)))
    if lost:
        notes.append(Note("Cells left out, since their people round to nobody: {count}.", count=lost))
    unknown = [code for code in codes if code not in commune_rows()]
    if unknown:
        notes.append(
            Note("Commune codes absent from the bundled table (kept under their code): {codes}.",
                 codes=", ".join(unknown))
        )  # fmt: skip
    if spec.share_65_plus >= 0 or spec.poverty >= 0:
        notes.append(Note("The 65+ share and the poverty rate of the scenario are not used: the file gives them."))
    return notes


def _facility_notes(found: Facilities, ground: Ground, unplaced: int, far: int) -> list[Note]:
    """What a reader must know of the facilities of this ground."""
    notes = [
        Note(
            "From the user's BPE file of {year}: {gps} physicians, {nurses} nurses, {hospitals} hospitals. "
            "Source: Insee; Licence Ouverte 2.0.",
            year=found.year, gps=len(ground.gp_cells), nurses=len(ground.nurse_cells),
            hospitals=len(ground.hospital_cells),
        )
    ]  # fmt: skip
    if unplaced:
        notes.append(
            Note("Facilities without coordinates, put in the fullest cell of their commune: {count}.", count=unplaced)
        )
    if far:
        notes.append(
            Note("Facilities far from any inhabited cell, put in the fullest one of their commune: {count}.", count=far)
        )
    if found.outside:
        notes.append(Note("Facilities in other communes, left out: {count}.", count=found.outside))
    return notes

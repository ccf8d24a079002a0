"""How far care is: travel, the two-step floating catchment measure (APL), and the providers nearest to each cell.

Cells of different territories never see each other, whatever their coordinates. A territory is cut out of a country
though: the published accessibility counts whoever is within reach, on either side of a border. So the accessibility of
an invented ground counts neighbours as if the ground went on as it is; otherwise a margin as wide as the reach would
look badly served for want of neighbours only. Real coordinates are read as they are.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from agents.declarations import Table
from sim.parameters import parameter_record
from sim.territory.grid import Ground

type Floats = NDArray[np.float64]

WEEKS_PER_YEAR: Final = 52
REAL_PLACES: Final = "insee"  # the builder whose cells lie where they do in the country
CHUNK: Final = 512  # provider cells handled at once: memory is bounded by this times the cells
CELL_KM: Final = 1.0
SMALL: Final = 1e-3  # km2, far under the gap between two different squared distances on the grid


def travel_minutes(x1: ArrayLike, y1: ArrayLike, x2: ArrayLike, y2: ArrayLike, parameters: Table) -> Floats:
    """Minutes from one place to another as the crow flies, coordinates in km (behaviour C, Space)."""
    gap_x = np.asarray(x1, dtype=float) - np.asarray(x2, dtype=float)
    gap_y = np.asarray(y1, dtype=float) - np.asarray(y2, dtype=float)
    number = parameters[0]
    return np.asarray(
        number["territory_travel_base_minutes"] + np.hypot(gap_x, gap_y) / number["territory_travel_km_per_minute"]
    )


def decay(minutes: ArrayLike, parameters: Table) -> Floats:
    """How much of a provider is within reach, 1 nearby to 0 from 20 minutes (P-APL-RANGE)."""
    nil, full = parameters["territory_decay_nil_minutes"][0], parameters["territory_decay_full_minutes"][0]
    return np.clip((nil - np.asarray(minutes, dtype=float)) / (nil - full), 0.0, 1.0)


def standardised_need(people: Floats, parameters: Table) -> Floats:
    """People weighted by the visits of their age band, 1 for a mean French person.

    Args:
        people: inhabitants by age band, shape ``(cells, 6)``.
        parameters: record of all parameters.

    Returns:
        Standardised people, shape ``(cells,)``.
    """
    visits, profile = parameters["territory_apl_visits_by_age"][0], parameters["territory_age_profile"][0]
    return np.asarray(people.astype(float) @ (visits * profile.sum() / (visits @ profile)))


def accessibility(
    cells: Table,
    provider_cells: ArrayLike,
    provider_offer: ArrayLike,
    parameters: Table | None = None,
    *,
    across: float = 0.0,
) -> Floats:
    """Potential localised accessibility (APL) of each cell, two-step floating catchment (behaviour C, Space).

    First each provider's offer is divided by the standardised people around it, then each cell adds up what the
    providers around it leave: ``R_j = offer_j / sum_c need_c w(t_cj)`` and ``APL_c = sum_j R_j w(t_cj)``. So
    ``sum_c need_c APL_c`` is the whole offer.

    Args:
        cells: cells with ``territory``, coordinates and ``people``.
        provider_cells: cell (row) of each provider; negative ones are left out.
        provider_offer: consultations a year offered by each provider.
        parameters: record of all parameters, the defaults when left out.
        across: how much neighbours count, from 0 for nobody beyond the border to 1 for a ground that goes on as it is
            on each of its sides; the whole offer is shared out either way.

    Returns:
        Consultations a year for each standardised person, shape ``(cells,)``.
    """
    parameters = parameter_record() if parameters is None else parameters
    at, offers = np.asarray(provider_cells, dtype=np.int64), np.asarray(provider_offer, dtype=float)
    placed = at >= 0
    offer = np.bincount(at[placed], weights=offers[placed], minlength=len(cells))
    need = standardised_need(cells["people"], parameters)
    apl = np.zeros(len(cells))
    for rows in _territories(cells):
        apl[rows] = _catchment(cells[rows], need[rows], offer[rows], across, parameters)
    return apl


def _catchment(cells: Table, need: Floats, offer: Floats, across: float, parameters: Table) -> Floats:
    """APL inside one territory, for offers and needs by cell."""
    x, y = cells["x_km"].astype(float), cells["y_km"].astype(float)
    neighbours = _neighbours(x, y, parameters) if across > 0 else []
    apl = np.zeros(len(cells))
    for providers in _chunks(np.flatnonzero(offer > 0)):
        weight = decay(travel_minutes(x[:, None], y[:, None], x[providers], y[providers], parameters), parameters)
        for east, north in neighbours:
            minutes = travel_minutes(x[:, None], y[:, None], x[providers] + east, y[providers] + north, parameters)
            weight += across * decay(minutes, parameters)
        around = need @ weight
        apl += weight @ np.where(around > 0, offer[providers] / np.where(around > 0, around, 1.0), 0.0)
    return apl


def _neighbours(x: Floats, y: Floats, parameters: Table) -> list[tuple[float, float]]:
    """How far east and north (km) the same ground lies again around itself, as far as anybody reaches."""
    number = parameters[0]
    reach = (number["territory_decay_nil_minutes"] - number["territory_travel_base_minutes"]) * number[
        "territory_travel_km_per_minute"
    ]
    sides = [float(along.max() - along.min()) + CELL_KM for along in (x, y)]
    # two cells of copies n apart are further than (n - 1) sides from one another
    east, north = (
        side * np.arange(-times, times + 1) for side, times in ((side, int(reach // side) + 1) for side in sides)
    )
    return [(float(e), float(n)) for e in east for n in north if e or n]


def fill_access(ground: Ground, physicians: Table, parameters: Table, week: int = 0) -> None:
    """Fill the accessibility of a ground from its physicians (:func:`fill_accessibility`).

    A physician offers the acts of a full-activity one (P-ACTS-Y) in proportion to half-days and weeks of work; a post
    that nobody holds offers none. On an invented ground neighbours count (``across_border`` of ``territory.toml``).

    Args:
        ground: the ground, changed in place.
        physicians: table of physicians, ``cell`` being a row of the ground's cells.
        parameters: record of all parameters.
        week: week in which ages and vacancies are read.
    """
    number = parameters[0]
    weeks = (WEEKS_PER_YEAR - physicians["leave_weeks"]) / (WEEKS_PER_YEAR - number["workforce_leave_weeks"])
    activity = physicians["half_days"] / number["territory_full_activity_half_days"] * weeks
    offer = np.where(physicians["vacant_until"] > week, 0.0, activity * number["territory_full_activity_acts"])
    ages = (week - physicians["birth_week"]) / WEEKS_PER_YEAR
    across = 0.0 if ground.builder == REAL_PLACES else float(number["territory_across_border"])
    fill_accessibility(ground.cells, ground.communes, physicians["cell"], offer, ages, parameters, across=across)


def fill_accessibility(
    cells: Table,
    communes: Table,
    gp_cells: ArrayLike,
    gp_offer: ArrayLike,
    gp_ages: ArrayLike,
    parameters: Table | None = None,
    *,
    across: float = 0.0,
) -> None:
    """Fill ``apl`` and ``under_served`` of the cells, and ``apl`` of the communes (mean over standardised people).

    Args:
        cells: table of cells, changed in place.
        communes: table of communes, changed in place.
        gp_cells: cell (row) of each physician.
        gp_offer: consultations a year offered by each physician.
        gp_ages: age of each physician, years; those over the limit (P-APL-RANGE) count for ``apl`` only.
        parameters: record of all parameters, the defaults when left out.
        across: how much neighbours count (:func:`accessibility`).
    """
    parameters = parameter_record() if parameters is None else parameters
    cells["apl"] = accessibility(cells, gp_cells, gp_offer, parameters, across=across)
    young = np.asarray(gp_ages, dtype=float) <= parameters["territory_gp_age_limit"][0]
    young_offer = np.where(young, np.asarray(gp_offer, dtype=float), 0.0)
    lasting = accessibility(cells, gp_cells, young_offer, parameters, across=across)
    cells["under_served"] = lasting < parameters["territory_under_served_apl"][0]
    need = standardised_need(cells["people"], parameters)
    total = np.bincount(cells["commune"], weights=need, minlength=len(communes))
    served = np.bincount(cells["commune"], weights=need * cells["apl"], minlength=len(communes))
    communes["apl"] = served / np.where(total > 0, total, 1.0)


def nearest(cells: Table, provider_cells: ArrayLike, k: int) -> NDArray[np.int32]:
    """The ``k`` providers (physicians, nurses or hospitals) nearest to each cell, by travel, ties by row.

    Args:
        cells: cells with ``territory`` and coordinates.
        provider_cells: cell (row) of each provider; negative ones are left out.
        k: how many.

    Returns:
        Rows of providers, -1 where a territory has fewer than ``k``, shape ``(cells, k)``.
    """
    near = np.full((len(cells), k), -1, dtype=np.int32)
    at = np.asarray(provider_cells, dtype=np.int64)
    placed = np.flatnonzero(at >= 0)
    home = cells["territory"][at[placed]]
    for rows in _territories(cells):
        providers = placed[home == cells["territory"][rows[0]]]
        if len(providers):
            found = _nearest(_points(cells, rows), _points(cells, at[providers]), min(k, len(providers)))
            near[rows, : found.shape[1]] = providers[found]
    return near


def _nearest(places: Floats, targets: Floats, k: int) -> NDArray[np.int64]:
    """Indices of the ``k`` nearest targets of each place, ties to the lower index, shape ``(places, k)``.

    Ties abound on a grid. Each target is lifted out of the plane by a little that grows with its index, so that among
    equally distant ones the tree itself finds the lower index first.
    """
    lift = np.sqrt(SMALL * np.arange(len(targets)) / len(targets))
    tree = cKDTree(np.column_stack([targets, lift]))
    _, found = tree.query(np.column_stack([places, np.zeros(len(places))]), k=list(range(1, k + 1)))
    return np.asarray(found, dtype=np.int64)


def _points(cells: Table, rows: NDArray[np.int64]) -> Floats:
    """Coordinates of some cells, km, shape ``(rows, 2)``."""
    return np.column_stack([cells["x_km"][rows], cells["y_km"][rows]]).astype(float)


def _territories(cells: Table) -> Iterator[NDArray[np.int64]]:
    """Rows of the cells of each territory."""
    for territory in np.unique(cells["territory"]):
        yield np.flatnonzero(cells["territory"] == territory)


def _chunks(rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Rows by portions of a bounded size."""
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]

"""Who lives in a cell: ages and poverty, around the means of the living-area types."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from agents.declarations import Table
from agents.patients import AGE_BAND_STARTS
from sim.draws import child_ids, decision, normals
from sim.kernel import compiled

type Floats = NDArray[np.float64]

AGE_OF_CELL: Final = decision("territory.age_of_cell", "share of people aged 65 and over in a cell")
POVERTY_OF_COMMUNE: Final = decision("territory.poverty_of_commune", "poverty of a commune around that of its type")
POVERTY_OF_BLOCK: Final = decision("territory.poverty_of_block", "poverty that neighbouring cells have in common")
POVERTY_OF_CELL: Final = decision("territory.poverty_of_cell", "poverty of a cell around that of its block")
OLD: Final = np.array(AGE_BAND_STARTS) >= 65  # noqa: PLR2004 - the age that the share is about
LEAST, MOST = 0.001, 0.98  # shares stay inside, so that their log odds exist


def shifted(share: Floats, weights: Floats, wanted: float) -> Floats:
    """Shares moved together on the log-odds scale until their weighted mean is ``wanted``."""
    odds = logit(np.clip(share, LEAST, MOST))
    low, high = -12.0, 12.0
    for _ in range(60):
        middle = (low + high) / 2
        if np.average(expit(odds + middle), weights=weights) < wanted:
            low = middle
        else:
            high = middle
    return np.asarray(expit(odds + (low + high) / 2), dtype=np.float64)


def ages(people: NDArray[np.int64], share_65_plus: Floats, profile: Floats) -> NDArray[np.int64]:
    """Whole people by age band of each cell; rows sum to ``people``, columns follow the shares closely.

    Args:
        people: inhabitants of each cell, shape ``(cells,)``.
        share_65_plus: share of people aged 65 and over of each cell.
        profile: shares of the age bands, which ages follow inside either half, shape ``(6,)``.

    Returns:
        Counts, shape ``(cells, 6)``.
    """
    young, old = np.where(OLD, 0, profile), np.where(OLD, profile, 0)
    share = np.outer(1 - share_65_plus, _parts(young)) + np.outer(share_65_plus, _parts(old))
    return whole_rows(share * people[:, None], people)


def _parts(shares: Floats) -> Floats:
    """Shares scaled to 1; equal ones where nobody is of these ages."""
    return shares / shares.sum() if shares.sum() > 0 else np.full(len(shares), 1 / len(shares))


@compiled
def whole_rows(exact: Floats, totals: NDArray[np.int64]) -> NDArray[np.int64]:
    """Round a table so that each row sums to its total; what a row rounds away is carried to the next.

    So a band of 3 people in 100 is not lost in cells of 10, whatever their number.

    Args:
        exact: numbers of 0 or more whose rows sum to ``totals``, shape ``(rows, bands)``.
        totals: whole sums, shape ``(rows,)``.
    """
    rows, bands = exact.shape
    whole = np.zeros((rows, bands), dtype=np.int64)
    carried = np.zeros(bands)
    for i in range(rows):
        carried += exact[i]
        left = totals[i]
        for b in range(bands):
            whole[i, b] = min(max(0, int(np.floor(carried[b]))), left)
            left -= whole[i, b]
        while left > 0:
            b = int(np.argmax(carried - whole[i]))
            whole[i, b] += 1
            left -= 1
        carried -= whole[i]
    return whole


def share_65_plus(type_share: Floats, people: NDArray[np.int64], ids: NDArray[np.uint64], wanted: float, seed: int,
                  parameters: Table) -> Floats:  # fmt: skip
    """Share of people aged 65 and over of each cell, around ``type_share``; mean over people ``wanted`` (or its own).

    Args:
        type_share: share that the living-area type of each cell has, shape ``(cells,)``.
        people: inhabitants of each cell.
        ids: content ids of the cells.
        wanted: mean over people, below 0 for that of the types.
        seed: seed of the run.
        parameters: record of all parameters.
    """
    mean = wanted if wanted >= 0 else float(np.average(type_share, weights=people))
    spread = parameters["territory_age_spread_cells"][0] * normals(seed, AGE_OF_CELL, ids)
    return shifted(np.asarray(expit(logit(type_share) + spread)), people.astype(float), mean)


def poverty(
    type_rate: Floats,
    cells: Table,
    who: int,
    wanted: float,
    seed: int,
    parameters: Table,
) -> Floats:
    """Poverty rate of each cell: that of its type, moved by its commune, its block and itself, in that order.

    Poor cells gather, because a block of neighbouring cells shares a part of its draw.

    Args:
        type_rate: poverty rate that the living-area type of each cell has, shape ``(cells,)``.
        cells: cells with ``commune``, coordinates, ``people`` and ``who``.
        who: content id of the territory.
        wanted: mean over people, below 0 for that of the types.
        seed: seed of the run.
        parameters: record of all parameters.
    """
    number = parameters[0]
    inhabitants = cells["people"].sum(axis=1).astype(float)
    mean = wanted if wanted >= 0 else float(np.average(type_rate, weights=inhabitants))
    side = number["territory_poverty_cluster_km"]
    block = np.floor(cells["y_km"] / side).astype(np.int64) * 2**16 + np.floor(cells["x_km"] / side).astype(np.int64)
    common = number["territory_poverty_cluster_share"]
    local = np.sqrt(common) * normals(seed, POVERTY_OF_BLOCK, child_ids(who, block))
    local += np.sqrt(1 - common) * normals(seed, POVERTY_OF_CELL, cells["who"])
    odds = logit(type_rate) + number["territory_poverty_spread_cells"] * local
    odds += number["territory_poverty_spread_communes"] * normals(
        seed, POVERTY_OF_COMMUNE, child_ids(who, cells["commune"])
    )
    return shifted(np.asarray(expit(odds)), inhabitants, mean)


def standardised(rate: Floats, people: Floats) -> Floats:
    """Deviations from the mean over people, in standard deviations over people; 0 where all rates are equal."""
    mean = np.average(rate, weights=people)
    sd = np.sqrt(np.average((rate - mean) ** 2, weights=people))
    return (rate - mean) / sd if sd > 1e-9 else np.zeros(len(rate))  # noqa: PLR2004 - rounding

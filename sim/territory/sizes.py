"""How large communes are: the French size distribution, and draws from it that add up to a wanted total."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from agents.declarations import Table
from sim.draws import child_ids, decision, uniforms

COMMUNE_SIZE: Final = decision("territory.commune_size", "population of a commune")
ATTEMPTS: Final = 64  # sequences tried; the one that comes nearest to the total is kept
STRETCHES: Final = 50


def size_at(share: ArrayLike, parameters: Table) -> NDArray[np.float64]:
    """Population below which a share of the French communes lies (P-SYN-Q), people.

    The logarithm is interpolated on the normal score between the published quantiles, continued at the slope of the
    first two below them, and by a Pareto law above them (P-SYN-TAIL).
    """
    known, sizes = _nodes(parameters)
    below_it = np.clip(np.asarray(share, dtype=float), 1e-9, 1 - 1e-12)
    score = ndtri(below_it)
    log_size = np.interp(score, ndtri(known), np.log(sizes))
    slope = np.log(sizes[1] / sizes[0]) / (ndtri(known[1]) - ndtri(known[0]))
    gap = score - ndtri(known[0])
    log_size = np.where(gap < 0, np.log(sizes[0]) + slope * gap, log_size)
    tail = np.log((1 - known[-1]) / (1 - below_it)) / parameters["territory_commune_tail"][0]
    log_size = np.where(below_it > known[-1], np.log(sizes[-1]) + tail, log_size)
    return np.clip(np.exp(log_size), 1.0, parameters["territory_commune_largest"][0])


def share_below(size: float, parameters: Table) -> float:
    """Share of the French communes with fewer than ``size`` people: the inverse of :func:`size_at`."""
    known, sizes = _nodes(parameters)
    if size >= parameters["territory_commune_largest"][0]:
        return 1.0
    if size > sizes[-1]:
        return float(1 - (1 - known[-1]) * (sizes[-1] / size) ** parameters["territory_commune_tail"][0])
    if size < sizes[0]:
        slope = np.log(sizes[1] / sizes[0]) / (ndtri(known[1]) - ndtri(known[0]))
        return float(ndtr(ndtri(known[0]) + np.log(size / sizes[0]) / slope))
    return float(ndtr(np.interp(np.log(size), np.log(sizes), ndtri(known))))


def draw_sizes(people: int, town: int, seed: int, who: int, parameters: Table, count: int = 0) -> NDArray[np.int64]:
    """Populations of the communes of a territory, largest first, which sum to ``people`` exactly.

    Given a town, it is the largest commune and the others are drawn below it. Of several drawn sequences the one whose
    sum comes nearest to what is left is kept and stretched by the little that misses: this is close to drawing
    communes on the condition that they add up, without a last commune that would have to fill a hole of any size.

    Args:
        people: inhabitants of the territory.
        town: people of the largest commune, 0 for none in particular.
        seed: seed of the run.
        who: content id of the territory.
        parameters: record of all parameters.
        count: wanted number of communes, 0 for as many as it takes.
    """
    town = min(town, people)
    rest = people - town
    others = count - (town > 0)
    if rest == 0 or (count and others < 1):
        return np.array([people])
    most = share_below(town or people, parameters)
    mean = float(size_at((np.arange(2000) + 0.5) / 2000 * most, parameters).mean())
    length = others if count else int(2.5 * rest / mean) + 24
    ordinals = np.arange(ATTEMPTS * length, dtype=np.uint64).reshape(ATTEMPTS, length)
    drawn = size_at(most * uniforms(seed, COMMUNE_SIZE, child_ids(who, ordinals)), parameters)
    missing = np.abs(np.cumsum(drawn, axis=1) - rest)
    candidates = missing[:, -1:] if count else missing
    attempt, last = np.unravel_index(np.argmin(candidates), candidates.shape)
    sizes = drawn[attempt, : others if count else int(last) + 1]
    stretched = sizes
    for _ in range(STRETCHES):  # what is cut off at the town's size goes to the others
        stretched = np.clip(stretched * rest / stretched.sum(), 1.0, town or people)
    whole = whole_parts(stretched, np.zeros(len(sizes), dtype=np.int64), np.array([rest]))
    return np.sort(np.append(whole, town) if town else whole)[::-1]


def whole_parts(parts: NDArray[np.float64], group: NDArray[np.int64], totals: NDArray[np.int64]) -> NDArray[np.int64]:
    """Round parts so that each group sums to its total (largest remainders; ties to the first row).

    Args:
        parts: numbers to round, rescaled to the totals first, shape ``(n,)``.
        group: group of each part, shape ``(n,)``.
        totals: wanted sum of each group, shape ``(groups,)``.
    """
    sums = np.bincount(group, weights=parts, minlength=len(totals))
    exact = parts * (totals / np.where(sums > 0, sums, 1.0))[group]
    whole = np.floor(exact + 1e-9).astype(np.int64)
    left = totals - np.bincount(group, weights=whole, minlength=len(totals)).astype(np.int64)
    order = np.lexsort((np.arange(len(parts)), whole - exact, group))
    starts = np.searchsorted(group[order], np.arange(len(totals)))
    rank = np.arange(len(parts)) - starts[group[order]]
    whole[order[rank < left[group[order]]]] += 1
    return whole


def _nodes(parameters: Table) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The published quantiles: shares of communes, and sizes."""
    return parameters["territory_commune_size_probabilities"][0], parameters["territory_commune_size_quantiles"][0]

"""Responses of a known size, planted into accounts; and the same list at another size."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from scenarios.attribution.books import AROUND, LIST, TEAM, Books

type Numbers = NDArray[np.float64]

PREVIOUS = "previous_"
"""How measures of the year before begin."""


def moved(names: Sequence[str]) -> list[str]:
    """Measures that a planted response lowers: what the insurer spends on the list."""
    return [name for name in names if name.startswith(("spend_", f"{PREVIOUS}spend"))]


def planted(tables: Mapping[str, Numbers], books: Books, effect: float, since: int) -> dict[str, Numbers]:
    """Accounts of a team whose list costs less from a year on, by a response of a known size.

    Args:
        tables: measures by level, ``(rows, years, owners, measures)``.
        books: the books that they are from.
        effect: share by which spending falls.
        since: first calendar year of the response.
    """
    found = dict(tables)
    for level, names in books.names.items():
        if level == AROUND:
            continue
        found[level] = tables[level].copy()
        for name in moved(names):
            first = since + 1 if name.startswith(PREVIOUS) else since
            years = [place for place, year in enumerate(books.years) if year >= first]
            found[level][:, years, :, names.index(name)] *= 1 - effect
    return found


def resized(tables: Mapping[str, Numbers], books: Books, size: float) -> dict[str, Numbers]:
    """The same list at another size: means in proportion, chance by the root of the size.

    What many patients add up to has a variance in proportion to their number, so a list half as large has half the
    mean and 1/sqrt(2) of the deviation of each sum. What describes the team, not its patients, stays.

    Args:
        tables: measures by level, ``(draws, years, owners, measures)``.
        books: the books that they are from.
        size: registered patients.
    """
    listed = tables[TEAM][..., books.names[TEAM].index(LIST)].mean()
    share = size / max(float(listed), 1.0)
    found = {}
    for level, values in tables.items():
        mean = values.mean(axis=0, keepdims=True)
        scaled = np.maximum(mean * share + (values - mean) * np.sqrt(share), np.minimum(mean * share, 0.0))
        stays = np.array([level == AROUND or books.source.get(name) in KEPT for name in books.names[level]])
        found[level] = np.where(stays, values, scaled)
    return found


KEPT = ("teams", "communes")
"""Sources of measures that describe a team or a place."""

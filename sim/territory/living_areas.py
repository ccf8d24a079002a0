"""Which living-area type (T1 to T6, behaviour I) each commune is of, and what a type means for its numbers."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from agents.mistakes import Mistake, nearest
from sim.area_types import AREA_TYPES
from sim.draws import content_id, decision, uniforms
from sim.territory.notes import Note

LIVING_AREA: Final = decision("territory.living_area", "living-area type of a real commune")
URBAN_FIRST: Final = (4, 5, 3, 2, 0, 1)  # T5, T6, T4, T3, T1, T2: who gets the large communes
DEFAULT_TYPES: Final = {"T1": 0.5, "T2": 0.5}
LARGE: Final = 0.05  # of the territory's people: such communes are placed one by one, by what is still wanted
FIT: Final = 0.75  # a large commune goes to the first type that still wants this much of it


def in_proportion(
    sizes: NDArray[np.int64], remoteness: NDArray[np.float64], shares: Mapping[str, float]
) -> NDArray[np.uint8]:
    """Living-area types for the communes of one territory, so that people divide between types as wanted.

    Large communes go to urban types first, wherever enough is still wanted; the others fill what is left from the
    town outwards.

    Args:
        sizes: people of each commune, shape ``(communes,)``.
        remoteness: distance of each commune from the largest one, any unit.
        shares: wanted shares of the people by type, in any unit; empty for the default mix.

    Raises:
        Mistake: when a type is not known, or no share is above 0.
    """
    wanted = _wanted(shares or DEFAULT_TYPES) * sizes.sum()
    types = np.full(len(sizes), 255, dtype=np.uint8)
    for i in np.argsort(-sizes, kind="stable"):
        if sizes[i] < LARGE * sizes.sum():
            break
        fitting = [t for t in URBAN_FIRST if wanted[t] >= FIT * sizes[i]]
        types[i] = fitting[0] if fitting else int(np.argmax(wanted))
        wanted[types[i]] -= sizes[i]
    small = np.flatnonzero(types == 255)  # noqa: PLR2004 - not yet given
    small = small[np.argsort(remoteness[small], kind="stable")]
    left = np.maximum(wanted, 0.0)
    if len(small):
        people = sizes[small]
        middle = (np.cumsum(people) - people / 2) / people.sum()
        ends = np.cumsum(left[list(URBAN_FIRST)]) / left.sum()
        types[small] = np.array(URBAN_FIRST)[np.minimum(np.searchsorted(ends, middle, side="right"), 5)]
    return types


def notes_of_shares(communes: Table, asked: Mapping[str, float]) -> list[Note]:
    """What a reader must know of the shares of people that a scenario asked for, as whole communes allow them.

    Args:
        communes: communes with ``people`` and ``area_type``.
        asked: wanted shares of the people by type, in any unit; empty where the scenario asks for none.
    """
    if not asked:
        return []
    people = np.bincount(communes["area_type"], weights=communes["people"], minlength=len(AREA_TYPES))
    given, wanted = _written(people / people.sum()), _written(_wanted(asked))
    if given == wanted:
        return [Note("Living-area types are in the proportions that the scenario asks for.")]
    return [Note("Living-area types go to whole communes, so that people divide between them as {given}; the scenario "
                 "asks for {wanted}.", given=given, wanted=wanted)]  # fmt: skip


def _written(shares: NDArray[np.float64]) -> str:
    """Shares by type as percentages, those that round to none left out."""
    rounded = np.rint(100 * shares).astype(int)
    return ", ".join(f"{name} {percent}\u00a0%" for name, percent in zip(AREA_TYPES, rounded, strict=True) if percent)


def by_size(
    codes: NDArray[np.str_], epcis: NDArray[np.str_], sizes: NDArray[np.int64], parameters: Table
) -> NDArray[np.uint8]:
    """Living-area types of real communes: an assumption, since no list of them is bundled.

    One draw a commune in the largest size class (neighbouring cities and suburbs differ), one draw an EPCI in the two
    others (a countryside is of one kind); the draws hang on the codes, so that a commune keeps its type in every run.
    """
    size_class = np.searchsorted(parameters["territory_size_class_limits"][0], sizes, side="right")
    city = size_class == len(parameters["territory_size_class_limits"][0])
    keys = np.where(city, codes, epcis)
    ids = {key: content_id("living area", key) for key in set(keys.tolist())}
    who = np.array([ids[key] for key in keys.tolist()], dtype=np.uint64)
    drawn = np.empty(len(sizes))
    for rank in range(int(size_class.max()) + 1):
        mask = size_class == rank
        drawn[mask] = uniforms(0, LIVING_AREA, who[mask], step=rank)
    ends = np.cumsum(parameters["territory_type_by_size"][0], axis=1)[size_class]
    return np.minimum((drawn[:, None] >= ends - 1e-12).sum(axis=1), len(AREA_TYPES) - 1).astype(np.uint8)


def _wanted(shares: Mapping[str, float]) -> NDArray[np.float64]:
    """Shares in the order of the types, summing to 1."""
    for name in shares:
        if name not in AREA_TYPES:
            raise Mistake(
                'territory.area_types: "{name}" is not a living-area type. Did you mean "{nearest}"? '
                "Known types: {known}.",
                name=name, nearest=nearest(name.upper(), AREA_TYPES) or AREA_TYPES[0], known=", ".join(AREA_TYPES),
            )  # fmt: skip
    wanted = np.array([float(shares.get(t, 0.0)) for t in AREA_TYPES])
    if not (np.isfinite(wanted).all() and (wanted >= 0).all() and wanted.sum() > 0):
        raise Mistake(
            "territory.area_types = {value}: expected shares of 0 or more, at least one above 0.", value=dict(shares)
        )
    return wanted / wanted.sum()

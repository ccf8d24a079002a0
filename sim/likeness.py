"""First inhabitants who are like what a scenario says of them: shares of women, of ALD and of C2S by age band.

A person is made from lasting draws, so that sex, conditions and status belong together for life. A scenario that knows
these shares of its people does not change anybody: several candidates are made for each place, by the law of all, and
those are kept who together have the shares. Somebody with long-term illness is thus ill, and not only labelled so.

Who moves in or is born later follows the law of all.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.mistakes import Mistake
from agents.patients import AGE_BANDS, ALD, C2S, WOMAN
from sim.specification import TerritorySpec

type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]

CANDIDATES: Final = 8
"""Candidates for each place: enough for shares several times those of France; what they cannot give is refused."""
FLAGS: Final = (WOMAN, ALD, C2S)
"""Traits that a scenario may give shares of; a type of people is one combination of them."""
TYPES: Final = 2 ** len(FLAGS)
KEYS: Final = ("women_by_age", "ald_by_age", "c2s_by_age")
"""What a scenario calls the shares of these traits."""
MISSED: Final = 0.02
"""How far a share may be off before it is refused."""
ROUNDS: Final = 200
ALMOST: Final = 1e-9
HAS: Final = np.array([[kind >> bit & 1 for kind in range(TYPES)] for bit in range(len(FLAGS))], dtype=bool)
"""Whether people of a type have a trait, shape ``(traits, types)``."""


class Likeness(NamedTuple):
    """Shares of the people of each age band who have a trait, shape ``(6,)`` each; None where a scenario says none."""

    women: Floats | None
    ald: Floats | None
    c2s: Floats | None


def likeness(territory: TerritorySpec) -> Likeness | None:
    """What a scenario says of its people; None when it says nothing."""
    said = (territory.women_by_age, territory.ald_by_age, territory.c2s_by_age)
    return Likeness(*(np.array(values) if values else None for values in said)) if any(said) else None


def chosen(flags: NDArray[np.integer], several: Whole, counts: Whole, given: Likeness) -> Whole:
    """Rows of the candidates who are kept, in order.

    Args:
        flags: flags of the candidates, sorted by cell and age band.
        several: candidates by cell and age band, shape ``(cells, bands)``.
        counts: how many of them are kept.
        given: wanted shares.
    """
    kinds = np.zeros(len(flags), dtype=np.int64)
    for bit, flag in enumerate(FLAGS):
        kinds |= ((flags & flag) > 0).astype(np.int64) << bit
    ends = np.cumsum(several.ravel()).reshape(several.shape)
    kept = []
    for band in range(len(AGE_BANDS)):
        blocks = [kinds[end - n : end] for end, n in zip(ends[:, band], several[:, band], strict=True)]
        there = np.array([np.bincount(block, minlength=TYPES) for block in blocks])
        wanted = _fitted(there, counts[:, band], [None if one is None else float(one[band]) for one in given])
        whole = _rounded(wanted, counts[:, band], there)
        _check(whole.sum(axis=0), band, given)
        for cell, block in enumerate(blocks):
            first = ends[cell, band] - several[cell, band]
            kept += [first + np.flatnonzero(block == kind)[:n] for kind, n in enumerate(whole[cell]) if n]
    return np.sort(np.concatenate(kept)) if kept else np.zeros(0, dtype=np.int64)


def _check(people: Whole, band: int, given: Likeness) -> None:
    """Refuse shares that the candidates could not give.

    Args:
        people: people of an age band by type.
        band: the age band.
        given: wanted shares.
    """
    for name, has, shares in zip(KEYS, HAS, given, strict=True):
        total = max(int(people.sum()), 1)
        got = people[has].sum() / total
        if shares is not None and abs(got - shares[band]) > MISSED + TYPES / total:  # each type is rounded
            raise Mistake(
                "territory.{key}: {share} of the people aged {band} cannot be met; people of that age give {got}.",
                key=name, share=f"{shares[band]:g}", band=AGE_BANDS[band], got=f"{got:.3f}",
            )  # fmt: skip


def _fitted(there: Whole, people: Whole, shares: list[float | None]) -> Floats:
    """People of each cell by type, by iterative proportional fitting (Deming and Stephan 1940) from the candidates.

    Args:
        there: candidates by cell and type.
        people: how many of each cell are kept.
        shares: wanted share of each trait over all cells, None for that of the candidates.
    """
    mean = there.sum(axis=0) / max(int(there.sum()), 1)
    table: Floats = there + mean + ALMOST  # a type that a small cell lacks by chance is not ruled out there
    total = people.sum()
    for _ in range(ROUNDS):
        for bit, share in enumerate(shares):
            if share is not None:
                for has, part in ((HAS[bit], share), (~HAS[bit], 1.0 - share)):
                    table[:, has] *= part * total / max(table[:, has].sum(), ALMOST)
        table *= (people / np.maximum(table.sum(axis=1), ALMOST))[:, None]
    return table


def _rounded(wanted: Floats, people: Whole, there: Whole) -> Whole:
    """Whole people by cell and type, never more than there are; what a cell cannot give is asked of the next ones."""
    whole = np.zeros(wanted.shape, dtype=np.int64)
    owed = np.zeros(wanted.shape[1])
    for cell in range(len(wanted)):
        owed += wanted[cell]
        whole[cell] = np.clip(np.floor(owed), 0, there[cell])
        while whole[cell].sum() > people[cell]:
            whole[cell, np.argmin(np.where(whole[cell] > 0, owed - whole[cell], np.inf))] -= 1
        while whole[cell].sum() < people[cell]:
            whole[cell, np.argmax(np.where(whole[cell] < there[cell], owed - whole[cell], -np.inf))] += 1
        owed -= whole[cell]
    return whole

"""Last year's acts as the coming year's contract will count them: billed, or replaced by a lump sum.

In the first year of a lump sum last year's acts were still billed (and the other way round when it ends). What is
asked of the rules must not depend on that, so acts and their value move between the measures of what is billed and
those of what is replaced, for the codes and scopes of which the contract changes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim import events
from sim.measures import Bits, Condition, Measure
from sim.payment.peps_quality import PARTS
from sim.payment.perimeters import ALL, LISTED, SCOPES_OF_ACTS
from sim.payment.policy import Replaced
from sim.standard_measures.acts import BILLED, CODES, SHADOW
from sim.tariffs import NURSE_CODES

type Numbers = NDArray[np.float64]
type Claims = Mapping[tuple[str, str], str]
"""Perimeter of the acts that are replaced, by code and scope."""
type Get = Callable[[str, str], Numbers | None]
"""A measure by name and level, None where it is 0 for all."""


def claims_of(replaced: Sequence[Replaced]) -> dict[tuple[str, str], str]:
    """Perimeter of replaced acts, by code and scope; acts that no measure tells apart are left out."""
    return {claim: one.perimeter for one in replaced for claim in one.claims() if claim[0] in CODES}


def as_counted(after: Claims, team: Callable[[str], Numbers]) -> dict[tuple[str, str], str]:
    """Claims that need no recasting, as last year's acts tell: teams may have come from other contracts since.

    Args:
        after: claims that are replaced in the coming year.
        team: last year's measures by team.

    Returns:
        As :func:`claims_of`: where it differs from ``after``, acts of some team were counted otherwise.
    """
    found: dict[tuple[str, str], str] = {}
    for code in CODES:
        for scope in events.SCOPES:
            wanted = after.get((code, scope))
            replaced = team(f"shadow_acts_{code}_{scope}").any()
            kept = replaced if wanted != ALL else not team(f"acts_{code}_{scope}").any()
            if kept:
                found[code, scope] = wanted or ALL
    return found


@dataclass
class Recast:
    """Which claims change between two years, and what part of them.

    Attributes:
        measures: all declared measures.
        before: claims that were replaced last year.
        after: claims that are replaced in the coming year.
        team: last year's measures by team, for the part of acts that a perimeter is of.
        insurer: part of the tariff of acts that public insurance pays.
    """

    measures: Mapping[str, Measure]
    before: Claims
    after: Claims
    team: Callable[[str], Numbers]
    insurer: float

    def counts_as(self, other: "Recast") -> bool:
        """Whether another contract makes the same of the same accounts."""
        return self.before == other.before and self.after == other.after

    @cached_property
    def changed(self) -> list[tuple[str, str]]:
        """Codes and scopes of which something changes."""
        both = {**self.before, **self.after}
        return [claim for claim in both if self.before.get(claim) != self.after.get(claim)]

    @cached_property
    def touched(self) -> dict[str, bool]:
        """Measures that change, and whether each is one of replaced acts."""
        if not self.changed:
            return {}
        found = {}
        for name, declared in self.measures.items():
            where = dict(declared.where)
            marks = where.get("marks")
            billed_or_not = marks in {BILLED, SHADOW} and declared.source == "events" and declared.of == "provider"
            if billed_or_not and any(_covers(where, *claim) for claim in self.changed):
                found[name] = marks == SHADOW
        return found

    @cached_property
    def pieces(self) -> dict[tuple[str, str], dict[str, tuple[str, str]]]:
        """By code and scope, the billed and the replaced measure of each value."""
        return {
            (code, scope): {"count": (f"acts_{code}_{scope}", f"shadow_acts_{code}_{scope}"),
                            "cents": (f"fees_{code}_{scope}", f"shadow_fees_{code}_{scope}")}
            for code, scope in self.changed
        }  # fmt: skip

    def part(self, code: str, scope: str) -> Numbers | float:
        """The part of the acts of a code and scope that the coming year's contract replaces, one a team or for all."""
        perimeter = self.after.get((code, scope))
        if perimeter is None or perimeter == ALL:
            return float(perimeter is not None)
        who = "nurse" if code in NURSE_CODES else "gp"
        inside = np.sum([self.team(f"{part}_acts_{who}") for part in PARTS[perimeter]], axis=0)
        names = SCOPES_OF_ACTS["gp"] if who == "gp" else NURSE_CODES
        whole = np.sum([self.team(f"{kind}_{one}_{LISTED}") for one in names for kind in ("acts", "shadow_acts")],
                       axis=0)  # fmt: skip
        return np.clip(np.divide(inside, whole, out=np.zeros(len(inside)), where=whole > 0), 0.0, 1.0)

    def read(self, name: str, level: str, get: Get, team: NDArray[np.int64]) -> Numbers | None:
        """A measure as the coming year would count it.

        Args:
            name: the measure.
            level: level of the owners.
            get: what was counted last year.
            team: place of each owner's team among the teams, ``(owners,)``.
        """
        if name not in self.touched:
            return get(name, level)
        declared, shadow = self.measures[name], self.touched[name]
        where = dict(declared.where)
        own = get(name, level)
        total = np.zeros(len(team)) if own is None else own.astype(np.float64)
        column = declared.value if declared.value in {"count", None} else "cents"
        for claim in self.changed:
            if not _covers(where, *claim):
                continue
            moved = self._moved(claim, str(column or "count"), level, get, team)
            if moved is not None:
                moved = moved * (self.insurer if declared.value == "insurer_cents" else 1.0)
                total = total + (moved if shadow else -moved)
        return np.maximum(total, 0.0) if own is None or (own >= 0).all() else total

    def _moved(self, claim: tuple[str, str], column: str, level: str, get: Get, team: NDArray[np.int64]) -> (
        Numbers | None
    ):  # fmt: skip
        """What goes from the billed to the replaced acts of a code and scope, ``(owners,)``."""
        billed, shadow = (get(one, level) for one in self.pieces[claim][column])
        if billed is None and shadow is None:
            return None
        nothing = np.zeros(len(team))
        before = nothing if shadow is None else shadow
        part = self.part(*claim)
        of_owner = part if isinstance(part, float) else part[team]
        return np.asarray(((nothing if billed is None else billed) + before) * of_owner - before)


def _covers(where: Mapping[str, Condition], code: str, scope: str) -> bool:
    """Whether a measure with these conditions counts acts of a code and scope, and tells apart nothing else."""
    if set(where) - {"code", "scope", "marks"}:
        return False
    return _holds(where.get("code"), events.CODES.index(code)) and _holds(
        where.get("scope"), events.SCOPES.index(scope)
    )


def _holds(condition: Condition | None, number: int) -> bool:
    if condition is None:
        return True
    assert not isinstance(condition, Bits)
    return number in condition if isinstance(condition, tuple) else number == condition

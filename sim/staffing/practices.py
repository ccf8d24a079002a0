"""Which practices there are: the teams that a scenario names, then solo and group practices until densities hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from agents.declarations import Table
from agents.teams import CPTS, HEALTH_CENTRE, KINDS
from sim.draws import content_id
from sim.specification import ScenarioSpec, TeamSpec
from sim.territory.grid import Ground

PER: Final = 10_000
"""Densities are told per 10,000 people."""


@dataclass(frozen=True, slots=True)
class Practice:
    """A team before it has rows.

    Attributes:
        name: what people call it.
        who: stable content id: territory and name, or territory and ordinal for one that nobody named.
        spec: who works there, and how it starts.
        named: whether the scenario names it.
        sites: cells (rows) of its sites, the main one first.
    """

    name: str
    who: int
    spec: TeamSpec
    named: bool
    sites: tuple[int, ...] = ()

    @property
    def kind(self) -> int:
        """Code of the kind of team."""
        return KINDS.index(self.spec.kind)

    @property
    def physicians(self) -> int:
        """Physicians whose team this is: none in a CPTS, whose members keep their own."""
        return 0 if self.kind == CPTS else self.spec.physicians

    @property
    def liberal_nurses(self) -> int:
        """Self-employed nurses of the team, who count towards the density of the territory."""
        return 0 if self.kind == CPTS else self.spec.liberal_nurses

    @property
    def salaried(self) -> bool:
        """Whether the team employs its physicians and advanced-practice nurses."""
        return self.kind == HEALTH_CENTRE or self.spec.sharing_rule == "salaried"


def territory_id(ground: Ground) -> int:
    """Content id of a territory: how it was made, and its name."""
    return content_id(ground.builder, ground.name)


def named_practices(ground: Ground, spec: ScenarioSpec) -> list[Practice]:
    """The teams of the scenario, in its order, without sites."""
    home = territory_id(ground)
    return [Practice(name, content_id("team", home, name), team, named=True) for name, team in spec.teams.items()]


def wanted(ground: Ground, per_10000: float, by_type: Sequence[float]) -> int:
    """How many professionals a density asks for.

    Args:
        ground: the territory.
        per_10000: density, or a negative number for that of the living-area types.
        by_type: densities of the living-area types, per 10,000 people.
    """
    people = ground.cells["people"].sum(axis=1, dtype=float)
    density = np.asarray(by_type)[ground.cells["area_type"]] if per_10000 < 0 else per_10000
    return round(float((people * density).sum()) / PER)


def practice_sizes(physicians: int, group_share: float, sizes: Sequence[float]) -> list[int]:
    """Physicians of each practice, so that groups hold their share whatever the total.

    The list for a larger total begins with that for a smaller one, the last two sizes apart: who works in the first
    practices does not depend on how many follow.
    """
    found: list[int] = []
    grouped, groups = 0, 0
    while (left := physicians - sum(found)) > 0:
        size = round(sizes[groups % len(sizes)])
        if size <= left and grouped <= group_share * sum(found):
            grouped, groups = grouped + size, groups + 1
        else:
            size = 1
        found.append(size)
    return found


def background_practices(ground: Ground, physicians: int, par: Table, cells: Sequence[int] = ()) -> list[Practice]:
    """Solo and group practices that nobody named.

    Args:
        ground: the territory.
        physicians: how many work in them.
        par: record of the parameters, shape ``(1,)``.
        cells: cell of each physician where they are known; it overrules ``physicians``.

    Returns:
        Practices: with their site where cells are known, without otherwise.
    """
    share, sizes = float(par["workforce_group_share"][0]), par["workforce_group_sizes"][0].tolist()
    home = territory_id(ground)
    if not len(cells):
        planned = [
            (content_id("practice", home, k), n, ()) for k, n in enumerate(practice_sizes(physicians, share, sizes))
        ]
        return [_background(k, who, n, sites) for k, (who, n, sites) in enumerate(planned)]
    found: list[Practice] = []
    for cell, count in zip(*np.unique(np.asarray(cells), return_counts=True), strict=True):
        where = int(ground.cells["who"][cell])
        for ordinal, size in enumerate(practice_sizes(int(count), share, sizes)):
            who = content_id("practice", home, where, ordinal)
            found.append(_background(len(found), who, size, (int(cell),)))
    return found


def _background(number: int, who: int, physicians: int, sites: tuple[int, ...]) -> Practice:
    spec = TeamSpec(kind="solo" if physicians == 1 else "group", physicians=physicians)
    return Practice(f"practice {number + 1}", who, spec, named=False, sites=sites)

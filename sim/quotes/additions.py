"""What the actions of a group's members add, for many pairs of action and actor at once (behaviour 0)."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.payment.accounts_of_year import Owners
from sim.quotes.copies import GRAIN
from sim.quotes.effects import Effect, Footprints
from sim.quotes.recast import Recast

type Numbers = NDArray[np.float64]
type Rows = NDArray[np.int64]
NOTHING: Final = -1
RECAST: Final = ""
"""Stands for all measures that are recast: what adds to one of them may add to any other."""
type Found = tuple[list[tuple[int, Numbers]], Numbers | None]
"""Parts that a measure has, each by its number with a value a member; and what imagined lines add, one an action."""


class Additions:
    """Effects on one level of a group.

    Args:
        effects: actions of the level, by name.
        owners: members of the level in the group.
        recast: how last year's acts are counted in the coming year.
        footprints: what the parts of effects and the imagined lines add.
        felt: share of last year's units that is a felt step.
    """

    def __init__(
        self, effects: Mapping[str, Effect], owners: Owners, recast: Recast, footprints: Footprints, felt: float
    ) -> None:  # fmt: skip
        self.names, self.effects, self.owners, self.recast = list(effects), list(effects.values()), owners, recast
        self._parts, self._imagined = footprints.parts, footprints.imagined
        self.steps = [np.maximum(1.0, felt * effect.units[owners.rows]) for effect in self.effects]
        sources = dict.fromkeys(source for effect in self.effects for _, source in effect.terms)
        self._numbers = {source: number for number, source in enumerate(sources)}
        self.weights: list[dict[int, float | Numbers]] = [{} for _ in self.effects]
        for action, effect in enumerate(self.effects):
            for weight, source in effect.terms:
                own = weight if isinstance(weight, float) else weight[owners.rows]
                number = self._numbers[source]
                self.weights[action][number] = self.weights[action].get(number, 0.0) + own
        self._has = np.array([[b in weights for b in range(len(sources))] for weights in self.weights], dtype=bool)
        self._of_cases = np.zeros((len(self.effects), len(footprints.cases)))
        for action, effect in enumerate(self.effects):
            for share, case in effect.cases:
                self._of_cases[action, footprints.cases[case]] += share
        self._known: dict[tuple[str, str], Found] = {}
        self._there: dict[tuple[str, str], NDArray[np.bool_]] = {}

    def found(self, name: str, line: str) -> Found:
        """The parts that are not nothing on a measure and line."""
        if (name, line) not in self._known:
            told = self._parts(name, line)
            of_group = {self._numbers[source]: value[self.owners.rows]
                        for source, value in told if source in self._numbers}  # fmt: skip
            parts = [(number, value) for number, value in sorted(of_group.items()) if value.any()]
            added = self._imagined.get(name, {}).get(line)
            of_cases = None if added is None else self._of_cases @ added
            self._known[name, line] = parts, of_cases if of_cases is not None and of_cases.any() else None
        return self._known[name, line]

    def present(self, name: str, line: str) -> NDArray[np.bool_]:
        """Which actions may add to a measure, ``(actions,)``."""
        recast = name in self.recast.touched
        key = (RECAST if recast else name), line
        if key not in self._there:
            there = np.zeros(len(self.effects), dtype=bool)
            for one in self.recast.touched if recast else (name,):
                there |= self._present(one, line)
            self._there[key] = there
        return self._there[key]

    def _present(self, name: str, line: str) -> NDArray[np.bool_]:
        parts, of_cases = self.found(name, line)
        there = np.zeros(len(self.effects), dtype=bool) if of_cases is None else of_cases != 0
        for number, _ in parts:
            there = there | self._has[:, number]
        return there


class Pairs:
    """Pairs of action and actor.

    Args:
        additions: the actions.
        action: number of the action of each pair, ``NOTHING`` for a member who does nothing, ``(pairs,)``.
        actor: place of the member in the group, ``(pairs,)``.
    """

    def __init__(self, additions: Additions, action: Rows, actor: Rows) -> None:
        self.additions, self.action, self.actor = additions, action, actor
        self.team = additions.owners.team[actor]
        self.step = np.ones(len(action))
        parts: dict[int, list[tuple[Rows, Numbers]]] = {}
        for one in np.unique(action[action != NOTHING]).tolist():
            here = np.flatnonzero(action == one)
            self.step[here] = additions.steps[one][actor[here]]
            for number, weight in additions.weights[one].items():
                of_pair = np.full(len(here), weight) if isinstance(weight, float) else weight[actor[here]]
                parts.setdefault(number, []).append((here, of_pair))
        self._parts = {number: _joined(some) for number, some in parts.items()}
        self._known: dict[tuple[str, str], Numbers | None] = {}

    def add(self, name: str, line: str) -> Numbers | None:
        """What a felt step of each pair adds to a measure, in whole hundredths; None for nothing."""
        if (name, line) not in self._known:
            found = self.additions.recast.read(name, line, self._per_unit, self.team)
            grained = None if found is None else np.rint(found * self.step * GRAIN) / GRAIN
            self._known[name, line] = grained if grained is not None and grained.any() else None
        return self._known[name, line]

    def _per_unit(self, name: str, line: str) -> Numbers | None:
        parts, of_cases = self.additions.found(name, line)
        here = [(self._parts[number], value) for number, value in parts if number in self._parts]
        if not here and of_cases is None:
            return None
        total = np.zeros(len(self.action))
        if of_cases is not None:
            total = np.where(self.action == NOTHING, 0.0, of_cases[self.action])
        for (rows, weight), value in here:
            total[rows] += weight * value[self.actor[rows]]
        return total


def _joined(some: Sequence[tuple[Rows, Numbers]]) -> tuple[Rows, Numbers]:
    return np.concatenate([rows for rows, _ in some]), np.concatenate([weights for _, weights in some])

"""Many actions settled at once: which pairs of action and actor share a settlement, and what comes of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.quotes.additions import NOTHING, Additions, Pairs
from sim.quotes.asking import Asked, Reach
from sim.quotes.copies import MEMBERS, Added, Imagined, copies_of
from sim.quotes.effects import ANY_KIND, NOBODY
from sim.quotes.money import change, some_of
from sim.quotes.noise import N_NODES

type Numbers = NDArray[np.float64]
type Rows = NDArray[np.int64]


def batches(additions: Additions, reach: Sequence[Reach], most: int) -> Iterator[tuple[Rows, Rows, Reach]]:
    """Pairs of action and actor that settle together; those that cannot change anything are left out.

    Args:
        additions: the actions.
        reach: what each of them can change.
        most: most pairs at once.
    """
    everybody = np.arange(len(additions.owners))
    able = [everybody if one.by is None else np.flatnonzero(one.by[additions.owners.rows]) for one in additions.effects]
    by_reach: dict[Reach, list[int]] = {}
    for action, one in enumerate(reach):
        if (one[0] or one[1]) and len(able[action]):
            by_reach.setdefault(one, []).append(action)
    some = [action for actions in by_reach.values() for action in actions]
    if 0 < sum(len(able[action]) for action in some) <= most:
        whole = frozenset[str]().union(*(policies for policies, _ in by_reach)), any(m for _, m in by_reach)
        by_reach = {whole: some}
    for start in range(0, len(everybody), most):
        for one, actions in by_reach.items():
            here = [able[action][(able[action] >= start) & (able[action] < start + most)] for action in actions]
            first = 0
            while first < len(actions):
                last = first + 1
                while last < len(actions) and sum(map(len, here[first : last + 1])) <= most:
                    last += 1
                number = [len(actors) for actors in here[first:last]]
                if sum(number):
                    yield np.repeat(actions[first:last], number), np.concatenate(here[first:last]), one
                first = last


@dataclass(frozen=True)
class Answer:
    """Changes of incomes by one unit, one value a pair of action and actor.

    Attributes:
        action, actor: number of the action, and place of the member, as those of :class:`Pairs`.
        direct, settled, team: EUR a unit.
        lag: years.
    """

    action: Rows
    actor: Rows
    direct: Numbers
    settled: Numbers
    team: Numbers
    lag: Numbers


class Batch:
    """Copies for some pairs of action and actor, at every node.

    Args:
        asked: the group.
        level: level of those who act.
        actors: place of the actor of each pair in the group, ``(pairs,)``.
        kinds: kind of every nurse of the group, ``NOBODY`` for a post that is not held.
    """

    def __init__(self, asked: Asked, level: str, actors: Rows, kinds: Rows) -> None:
        self.asked, self.level, self.actors = asked, level, actors
        team = asked.owners[level].team[actors]
        self.copies = copies_of(asked.owners, np.repeat(team, N_NODES), np.tile(np.arange(N_NODES), len(actors)))
        self.pair = np.repeat(np.arange(len(actors)), N_NODES)
        self.row = np.flatnonzero(self.copies.place[level] == actors[self.pair][self.copies.copy[level]])
        self.other = next(one for one in MEMBERS if one != level)
        self.kind = kinds[self.copies.place["nurse"]] if level == "physician" else None
        self.imagined = Imagined(self.copies, asked.values.at_nodes)
        self.history = asked.history_of(self.copies)

    def ask(self, pairs: Pairs, policies: frozenset[str], members: bool) -> Answer:
        """Changes of the actors' incomes by a unit of each action."""
        partners, copy, part = self._partners(pairs)
        added = Added(pairs.add, self.pair, self.level, self.row, partners, copy, part)
        after, before = self.asked.settle(self.imagined, self.history, added, policies, members)
        if self.asked.coupled:
            before = some_of(after, *self._at_rest(pairs))
        changed = change(before, after, self.copies, self.asked.calendar)
        own = self.copies.members_first()[self.level] + self.row
        of_team = np.bincount(self.copies.copy_of_member, changed.settled, minlength=len(self.copies))
        a_unit = pairs.step * N_NODES * 100
        direct, settled, team = (
            values.reshape(-1, N_NODES).sum(axis=1) / a_unit
            for values in (changed.direct[own], changed.settled[own], of_team)
        )
        weight, years = (values[own].reshape(-1, N_NODES).sum(axis=1) for values in (changed.weight, changed.years))
        late = np.divide(years, weight, out=np.zeros(len(weight)), where=weight > 0)
        return Answer(pairs.action, pairs.actor, direct, settled, team, np.maximum(0.0, late))

    def _at_rest(self, pairs: Pairs) -> tuple[Rows, Rows]:
        """Persons and copies of the teams in which nobody does anything, as those of the group at every node."""
        still = pairs.action[self.pair] == NOTHING
        first, persons = self.copies.members_first(), []
        for level in ("team", *MEMBERS):
            rows = np.flatnonzero(still[self.copies.copy[level]])
            found = np.zeros(len(self.asked.owners[level]) * N_NODES, dtype=np.int64)
            found[self.copies.at(level)[rows]] = rows + first.get(level, 0)
            persons.append(found)
        return np.concatenate(persons[1:]), persons[0]

    def _partners(self, pairs: Pairs) -> tuple[Rows, Rows, Numbers]:
        """Rows of the other level whose lines move too, their copies, and the part of each."""
        copy = self.copies.copy[self.other]
        there = np.ones(len(copy), dtype=bool)
        if self.kind is not None:
            kinds = np.array([effect.partners for effect in pairs.additions.effects])
            wanted = kinds[pairs.action[self.pair[copy]]]
            there = (self.kind != NOBODY) & ((wanted == ANY_KIND) | (self.kind == wanted))
        rows = np.flatnonzero(there)
        number = np.bincount(copy[rows], minlength=len(self.copies))
        return rows, copy[rows], 1.0 / number[copy[rows]]


def with_rest(actions: Rows, actors: Rows, team: Rows) -> tuple[Rows, Rows]:
    """Pairs, and as many in which nobody does anything as make all teams stand among them equally often, once at least.

    Where rules look at all teams together, each must weigh what it weighs in the group.

    Args:
        actions: action of each pair.
        actors: place of the member of each pair in the group.
        team: team of each member of the level in the group.
    """
    first = np.unique(team, return_index=True)[1]
    number = np.bincount(team[actors], minlength=int(team.max()) + 1)[team[first]]
    more = number.max() + 1 - number
    return np.concatenate([actions, np.full(more.sum(), NOTHING)]), np.concatenate([actors, np.repeat(first, more)])

"""What the coming year is expected to count for a group of teams: last year's measures, and how they may turn out.

A measure is that of last year as the coming year's contract counts it; at every node it is as far away as its source of
noise is there.
"""

from collections.abc import Mapping

import numpy as np

from agents.declarations import Table
from sim.measures import Measure
from sim.payment.accounts_of_year import AccountsOfYear, Numbers, Owners
from sim.quotes.copies import GRAIN
from sim.quotes.noise import N_NODES, NODES, SOURCES, counted_by, deviation, source_of
from sim.quotes.recast import Recast

type Key = tuple[str, str]


class Values:
    """Measures of the owners of a group.

    Args:
        owners: the owners, by level.
        last: accounts of the year before.
        recast: last year's acts as the contract counts them.
        measures: all declared measures.
        q: parameters of behaviour.
    """

    def __init__(
        self, owners: Mapping[str, Owners], last: AccountsOfYear, recast: Recast, measures: Mapping[str, Measure],
        q: Table,
    ) -> None:  # fmt: skip
        self.owners, self.last, self.recast, self.measures, self.q = owners, last, recast, measures, q
        self._counts = counted_by(tuple(measures.values()))
        self._values: dict[Key, Numbers | None] = {}
        self._nodes: dict[Key, Numbers | None] = {}
        self._around: dict[str, Numbers] = {}

    def value(self, name: str, level: str) -> Numbers | None:
        """Last year's measure as the contract counts it, one an owner of the group; None where it is 0 for all."""
        key = (name, level)
        if key not in self._values:
            found = self.recast.read(name, level, self.last.read, self.owners[level].team)
            self._values[key] = found if found is not None and found.any() else None
        return self._values[key]

    def at_nodes(self, name: str, level: str) -> Numbers | None:
        """The measure at every node, the nodes of an owner one after the other."""
        key = (name, level)
        if key not in self._nodes:
            value = self.value(name, level)
            self._nodes[key] = None if value is None else self._with_noise(name, level, value)
        return self._nodes[key]

    def read(self, name: str, level: str) -> Numbers:
        """The same, as accounts of the group at every node have it."""
        found = self.at_nodes(name, level)
        return np.zeros(len(self.owners[level]) * N_NODES) if found is None else found

    def _with_noise(self, name: str, level: str, value: Numbers) -> Numbers:
        declared = self.measures[name]
        source = source_of(declared)
        if source < 0:
            return np.repeat(_grained(value), N_NODES)
        count = self._counts.get(name)
        away = float(self.q["quotes_noise"][source]) * deviation(
            declared, value, lambda: self._zeros_or("registered_list", level),
            lambda: None if count is None or level not in self.measures[count].per else self._zeros_or(count, level),
            float(self.q["quotes_line_value"]), float(self.q["quotes_spending_cv"]),
        )  # fmt: skip
        assert source < len(SOURCES)
        nodes = value[:, None] + away[:, None] * NODES[:, source]
        return _grained(np.where(value[:, None] >= 0, np.maximum(nodes, 0.0), nodes)).reshape(-1)

    def _zeros_or(self, name: str, level: str) -> Numbers:
        if level not in self.measures[name].per:
            return np.ones(len(self.owners[level]))
        found = self.value(name, level)
        return np.zeros(len(self.owners[level])) if found is None else found

    def around(self, name: str) -> Numbers:
        """A measure of the territory of each team of the group."""
        if name not in self._around:
            self._around[name] = self.last.read_around(name)
        return self._around[name]


def _grained(values: Numbers) -> Numbers:
    return np.asarray(np.rint(values * GRAIN) / GRAIN)

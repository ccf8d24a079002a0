"""Where every payment of a year goes before it is shared: the pots of the teams, persons, and other payees."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.payment.accounts_of_year import Rows
from sim.payment.sharing.members import Members
from sim.payment.sharing.reading import LEVELS
from sim.payment.sharing.rule import COLLECTIVE, FEES, LUMP_SUM, Cents
from sim.payment.statement import Component, Statement

type Key = tuple[str, str]
"""A payment: policy and component."""

EVERYBODY: Final = slice(None)


class Pots:
    """Payments of a year, sorted by who decides on them; only whose fees are pooled depends on how they are shared.

    Args:
        statements: all of the year.
        members: persons of the teams.
        team_rows: rows of the teams in their table.
        pools: attribute ``pool`` of each policy, by its name.

    Attributes:
        paid_in: what was paid into each pool but that of fees, by policy and component, ``(teams,)``.
        elsewhere: what other payees of the teams got, by kind of payee, ``(teams,)``.
    """

    def __init__(
        self, statements: Iterable[Statement], members: Members, team_rows: Rows, pools: Mapping[str, str]
    ) -> None:
        self._members, self._pools = members, pools
        self._team = _places(team_rows)
        self._person = [_places_of_level(members, number) for number in range(len(LEVELS))]
        self._persons: dict[Key, Cents] = {}
        self._fees: set[Key] = set()
        self.paid_in: dict[str, dict[Key, Cents]] = {COLLECTIVE: {}, LUMP_SUM: {}}
        self.elsewhere: dict[str, Cents] = {}
        for statement in statements:
            for component in statement.components:
                self._put(statement.system, component)

    def _put(self, system: str, part: Component) -> None:
        """Put one part of a statement where it belongs."""
        key = (system, part.name)
        if part.payee_kind == "person" and part.level in LEVELS:
            _add(self._persons, key, _spread(part, self._person[LEVELS.index(part.level)], len(self._members)))
            if self._pools.get(system) == FEES:
                self._fees.add(key)
        elif part.level == "team":
            cents = _spread(part, self._team, self._members.teams)
            if part.payee_kind != "team_account":
                _add(self.elsewhere, part.payee_kind, cents)
                return
            pool = LUMP_SUM if self._pools.get(system) == LUMP_SUM else COLLECTIVE
            _add(self.paid_in[pool], key, cents)

    def split(self, pooled: NDArray[np.bool_]) -> tuple[dict[Key, Cents], dict[Key, Cents]]:
        """What was paid to persons, where the fees of some go into their team's pot.

        Args:
            pooled: whose fees do, ``(members,)``.

        Returns:
            What members keep as it was paid, ``(members,)``, and what is paid into the pots, ``(teams,)``: both by
            policy and component.
        """
        kept, paid_in = dict(self._persons), {}
        for key, cents in self._persons.items():
            if key in self._fees:
                into = np.where(pooled, cents, 0)
                paid_in[key] = by_team(self._members, into)
                kept[key] = cents - into
        return kept, paid_in


def _add[K](table: dict[K, Cents], key: K, cents: Cents) -> None:
    table[key] = table[key] + cents if key in table else cents


def _places(rows: Rows) -> Rows:
    """Place of each row of a table among some of them, -1 for the others: ``(last row + 1,)``."""
    found = np.full(int(rows.max(initial=-1)) + 1, -1, dtype=np.int64)
    found[rows] = np.arange(len(rows))
    return found


def _places_of_level(members: Members, level: int) -> Rows:
    """Place of each row of a level's table among all members."""
    here = np.flatnonzero(members.level == level)
    found = _places(members.row[here])
    found[found >= 0] = here[found[found >= 0]]
    return found


def _spread(part: Component, places: Rows, size: int) -> Cents:
    """Cents of a component by place, ``(size,)``."""
    at = places[part.payees]
    assert (at >= 0).all(), f"{part.name} pays {part.level}s of other teams"
    cents = np.zeros(size, dtype=np.int64)
    np.add.at(cents, at, part.cents)
    return cents


def by_team(members: Members, cents: Cents, places: Rows | slice = EVERYBODY) -> Cents:
    """Cents of some members, added up by team."""
    return np.bincount(members.team[places], cents, minlength=members.teams).astype(np.int64)

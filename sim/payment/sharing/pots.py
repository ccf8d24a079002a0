"""Where every payment of a year goes before it is shared: the pots of the teams, persons, and other payees."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.payment.accounts_of_year import Rows
from sim.payment.sharing.members import Members
from sim.payment.sharing.reading import LEVELS
from sim.payment.sharing.rule import COLLECTIVE, FEES, LUMP_SUM, SHARED, Cents
from sim.payment.statement import Component


class Pots:
    """Payments of a year, sorted by who decides on them.

    Args:
        members: persons of the teams.
        team_rows: rows of the teams in their table.
        pooled: whose fees go into the team's pot, ``(members,)``.
        pools: attribute ``pool`` of each policy, by its name.

    Attributes:
        personal: what members keep as it was paid, by policy and component, ``(members,)``.
        paid_in: what was paid into each pool, by policy and component, ``(teams,)``.
        elsewhere: what other payees of the teams got, by kind of payee, ``(teams,)``.
    """

    def __init__(self, members: Members, team_rows: Rows, pooled: NDArray[np.bool_], pools: Mapping[str, str]) -> None:
        self._members, self._pooled, self._pools = members, pooled, pools
        self._team = _places(team_rows)
        self._person = [_places_of_level(members, number) for number in range(len(LEVELS))]
        self.personal: dict[tuple[str, str], Cents] = {}
        self.paid_in: dict[str, dict[tuple[str, str], Cents]] = {pool: {} for pool in SHARED}
        self.elsewhere: dict[str, Cents] = {}

    def put(self, system: str, part: Component) -> None:
        """Put one part of a statement where it belongs."""
        key = (system, part.name)
        if part.payee_kind == "person" and part.level in LEVELS:
            cents = _spread(part, self._person[LEVELS.index(part.level)], len(self._members))
            if self._pools.get(system) == FEES:
                into = np.where(self._pooled, cents, 0)
                everybody = np.arange(len(self._members))
                _add(self.paid_in[FEES], key, by_team(self._members, everybody, into))
                cents = cents - into
            _add(self.personal, key, cents)
        elif part.level == "team":
            cents = _spread(part, self._team, self._members.teams)
            if part.payee_kind != "team_account":
                _add(self.elsewhere, part.payee_kind, cents)
                return
            pool = LUMP_SUM if self._pools.get(system) == LUMP_SUM else COLLECTIVE
            _add(self.paid_in[pool], key, cents)


def _add[Key](table: dict[Key, Cents], key: Key, cents: Cents) -> None:
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


def by_team(members: Members, places: Rows, cents: Cents) -> Cents:
    """Cents of some members, added up by team."""
    return np.bincount(members.team[places], cents, minlength=members.teams).astype(np.int64)

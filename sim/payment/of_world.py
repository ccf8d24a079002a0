"""The accounts of a simulated world, as payment rules see them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.accounts import Accounts
from sim.payment.accounts_of_year import AccountsOfYear, Numbers, Owners, Rows
from sim.payment.history import History
from sim.payment.statement import Statement
from sim.world import World


def owners_of(world: World, teams: Rows) -> dict[str, Owners]:
    """Owners of every level in some teams: the teams, their physicians and their nurses."""
    place = np.full(len(world.teams), -1, dtype=np.int64)
    place[teams] = np.arange(len(teams))
    found = {"team": Owners(teams, np.arange(len(teams)))}
    for level, table in (("physician", world.physicians), ("nurse", world.nurses)):
        team = table["team"].astype(np.int64)
        rows = np.flatnonzero((team >= 0) & (place[team] >= 0))
        found[level] = Owners(rows, place[team[rows]])
    return found


def hospitals_of(world: World) -> dict[str, Owners]:
    """The hospitals, which belong to no team."""
    rows = np.arange(len(world.hospitals))
    return {"hospital": Owners(rows, np.zeros(len(rows), dtype=np.int64))}


def accounts_of_year(
    accounts: Accounts, world: World, year: int, calendar_year: int, owners: dict[str, Owners]
) -> AccountsOfYear:
    """The accounts of a closed year.

    Args:
        accounts: all accounts of the world.
        world: the world; only where teams work is read of it.
        year: year of the run.
        calendar_year: calendar year that it stands for.
        owners: owners by level.
    """
    of_teams = world.teams["territory"][owners["team"].rows] if "team" in owners else np.zeros(0)
    places = of_teams.astype(np.int64)

    last = {level: int(of_level.rows.max(initial=-1)) for level, of_level in owners.items()}

    def read(name: str, level: str) -> Numbers:
        return _rows(accounts.array(name, year, level), owners[level].rows, last[level])

    def around(name: str) -> Numbers:
        return _rows(accounts.array(name, year, "territory"), places, int(places.max(initial=-1)))

    return AccountsOfYear(calendar_year, owners, read, around)


def history_of(
    accounts: Accounts, world: World, years: Sequence[tuple[int, int]], owners: dict[str, Owners],
    statements: dict[tuple[int, str], Statement],
) -> History:  # fmt: skip
    """Earlier years of the same owners.

    Args:
        accounts: all accounts of the world.
        world: the world.
        years: closed years: of the run, and the calendar year that each stands for.
        owners: owners by level.
        statements: what was paid, by calendar year and policy.
    """
    known = {calendar: accounts_of_year(accounts, world, year, calendar, owners) for year, calendar in years}
    return History(known, statements)


def _rows(values: NDArray[np.float64], rows: Rows, last: int) -> Numbers:
    """Values of some rows, of which ``last`` is the largest; 0 for those that did not exist yet."""
    if last < len(values):
        return values[rows].astype(np.float64, copy=False)
    known = np.zeros(len(rows))
    there = rows < len(values)
    known[there] = values[rows[there]]
    return known

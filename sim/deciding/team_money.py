"""What teams do with their collective money each year: commitments, projects, hours, nurse posts (behaviour F4).

Settlement pays commitments, then projects, then collective hours; what is left stays on the account. Here teams decide
on new posts and close those that are no longer funded. Every team that may hire has the row of a pathway nurse, held or
not: a post adds minutes to its pathway nurses, or to the empty row, which the labour market then fills. It adds
minutes, never referrals.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.deciding import collective_money as money
from agents.deciding.decision import Numbers
from agents.nurses import PATHWAY
from agents.teams import HEALTH_CENTRE
from sim.accounts import Accounts
from sim.deciding.diary import Diary
from sim.deciding.nurses import empty_posts
from sim.payment.rules import policy_class
from sim.payment.sharing.rule import LUMP_SUM
from sim.treasury import Treasury
from sim.world import World

TEAM_ACCOUNT: Final = "team_account"
YEARS: Final = 2
"""Years for which money must have come before a post is opened on it."""

type Rows = NDArray[np.int64]


def collective_flows(treasury: Treasury, year: int, teams: int) -> dict[str, Numbers]:
    """Collective money paid to the accounts of teams for a year, by source (EUR), ``(teams,)`` each.

    Lump sums in the place of fees are members' income, and no collective money.
    """
    found: dict[str, Numbers] = {}
    for _, statement in treasury.settled.get(year, ()):
        if policy_class(statement.system).pool == LUMP_SUM:
            continue
        for part in statement.components:
            if part.payee_kind == TEAM_ACCOUNT and part.level == "team":
                flow = found.setdefault(statement.system, np.zeros(teams))
                np.add.at(flow, part.payees, part.cents / 100)
    return found


def press_rate(world: World, team: int) -> None:
    """One more contract adds duties: the hourly rate of a team gives way."""
    row = world.teams[team : team + 1]
    row["hourly_rate"] = money.rate_after_contract(row["hourly_rate"].astype(np.float64), world.behaviour[0])


def commit(world: World, money_came: Numbers) -> None:
    """Teams whose first collective money came commit some of it; without any, what binds ends with the account's money.

    Args:
        world: writes ``fixed_commitments`` of the teams.
        money_came: collective money of the year (EUR), ``(teams,)``.
    """
    teams, q = world.teams, world.behaviour[0]
    members = (teams["physicians"] + teams["nurses"] + teams["other_professionals"]).astype(np.float64)
    start = money.starting_commitments(teams["coordinator_fte"].astype(np.float64), members, q)
    bound = teams["fixed_commitments"].astype(np.float64)
    first = np.logical_and(np.logical_and(bound == 0, money_came > 0), teams["kind"] != HEALTH_CENTRE)
    over = np.logical_and(np.logical_and(money_came <= 0, teams["fund"] <= 0), teams["posts_paid"] <= 0)
    teams["fixed_commitments"] = np.where(first, start, np.where(over, 0.0, bound))


def spend_collective_money(world: World, treasury: Treasury, accounts: Accounts, year: int, diary: Diary) -> None:
    """Open nurse posts on money that teams count on; close those that it no longer pays.

    Args:
        world: the world, between two years; writes ``posts_paid`` and ``fixed_commitments`` of the teams, and the
            minutes of their pathway nurses.
        treasury: the contracts, settled for the year.
        accounts: the accounts, the year closed.
        year: year of the run that is over.
        diary: is told of posts.
    """
    teams, q = world.teams, world.behaviour[0]
    came = np.array([_stacked(treasury, one, len(teams)) for one in range(year - YEARS + 1, year + 1)])
    dependable = money.counted_on(came, q)
    commitments = teams["fixed_commitments"].astype(np.float64)
    projects = teams["projects"].astype(np.float64)
    spent = money.in_order(
        dependable, commitments, money.project_costs(projects, q), _hours_paid(world, accounts, year)
    )
    may_hire = np.asarray(q["team_life_posts_of_kinds"])[teams["kind"]]
    opened = money.posts_to_open(spent.free, projects, may_hire, q)
    short = np.maximum(0.0, commitments - dependable[-1])
    closed = money.posts_to_close(teams["fund"], short, teams["posts_paid"].astype(np.float64), q)
    for team in np.flatnonzero(opened.value > 0):
        _change_post(world, int(team), float(opened.value[team]), diary, {n: v[team] for n, v in opened.terms.items()})
    for team in np.flatnonzero(np.logical_and(closed.value > 0, opened.value == 0)):
        _change_post(world, int(team), -float(closed.value[team]), diary, {n: v[team] for n, v in closed.terms.items()})
    commit(world, came[-1])


def _stacked(treasury: Treasury, year: int, teams: int) -> Numbers:
    """Collective money of a year, all sources together (EUR), ``(teams,)``."""
    return sum(collective_flows(treasury, year, teams).values(), np.zeros(teams))


def _hours_paid(world: World, accounts: Accounts, year: int) -> Numbers:
    """What the collective hours of a year cost at the house rate (EUR), ``(teams,)``."""
    hours = np.zeros(len(world.teams))
    for level, table in (("physician", world.physicians), ("nurse", world.nurses)):
        done = accounts.array(f"hours_collective_{level}s", year, level)
        team = table["team"][: len(done)]
        hours += np.bincount(team[team >= 0], done[team >= 0], minlength=len(world.teams))
    return np.asarray(hours * world.teams["hourly_rate"])


def _post_rows(world: World, team: int) -> Rows:
    """Pathway nurses of a team, posts that nobody holds included."""
    row = world.teams[team]
    rows = np.arange(row["first_nurse"], row["last_nurse"])
    return rows[world.nurses["kind"][rows] == PATHWAY]


def _change_post(world: World, team: int, fte: float, diary: Diary, terms: Mapping[str, float]) -> None:
    """Open posts (FTE above 0), or close some: minutes and commitments move together."""
    teams, q = world.teams, world.behaviour[0]
    rows = _post_rows(world, team)
    held = rows[world.nurses["in_post"][rows] != 0]
    rows = held if len(held) else rows[:1]
    minutes = float(world.parameters["workforce_nurse_weekly_minutes"][0][PATHWAY]) * fte / len(rows)
    left = np.maximum(0.0, world.nurses["weekly_minutes"][rows] + minutes)
    world.nurses["weekly_minutes"][rows] = left
    before = float(teams["posts_paid"][team])
    teams["posts_paid"][team] = max(0.0, before + fte)
    change = float(q["team_life_post_cost"]) * fte
    teams["fixed_commitments"][team] = max(0.0, float(teams["fixed_commitments"][team]) + change)
    kind = "hire" if fte > 0 else "post_closed"
    diary.add(kind, team=team, before=before, after=max(0.0, before + fte), text="nurse", terms=terms)
    empty_posts(world, held[world.nurses["weekly_minutes"][held] <= 0], diary, "funding")


def under_collective_contract(treasury: Treasury, asked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Teams whose contract funds an organisation, or whose account other collective money reached last, ``(teams,)``.

    Money that is nothing, and the number of rules that it comes by, make no difference.

    Args:
        treasury: the contracts, and what they paid.
        asked: teams whose contract funds an organisation (``sim/deciding/organisation.py``), ``(teams,)``.
    """
    return np.asarray(asked | (_stacked(treasury, max(treasury.settled, default=0), len(asked)) != 0))

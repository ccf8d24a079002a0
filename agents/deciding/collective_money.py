"""What teams do with their collective money (behaviour F4).

Pools merge and their origin is forgotten. Money goes to fixed commitments first, then to projects under way, then to
meeting hours, and only then to new posts, which need money from several sources that came two years in a row, and a
project that exists already: money amplifies, it does not start anything.
"""

from typing import NamedTuple

import numpy as np

from agents.deciding.decision import Decision, Numbers
from agents.declarations import Row


class Spent(NamedTuple):
    """Where the money of a year goes (EUR), ``(teams,)`` each; together, what was there.

    Attributes:
        commitments: coordinator, software, rent, posts that are held.
        projects: projects under way.
        hours: collective hours of members.
        free: what is left for new posts.
    """

    commitments: Numbers
    projects: Numbers
    hours: Numbers
    free: Numbers


def in_order(money: Numbers, commitments: Numbers, projects: Numbers, hours: Numbers) -> Spent:
    """Spend the money of a year in the order of teams: nothing is paid twice, and nothing is lost.

    Args:
        money: what is there (EUR), ``(teams,)`` or ``(years, teams)``; what is below 0 pays nothing.
        commitments: what they would cost (EUR).
        projects: the same.
        hours: the same.
    """
    left = np.maximum(0.0, money)
    paid = []
    for cost in (commitments, projects, hours):
        part = np.minimum(left, cost)
        paid.append(part)
        left = left - part
    return Spent(paid[0], paid[1], paid[2], left)


def counted_on(flows: Numbers, q: Row) -> Numbers:
    """Collective money that a team counts on in each of two years (EUR), ``(years, teams)``.

    What came in both years is stable; what came beyond that may not come again. Sources are stacked, and their origin is
    forgotten: one that is split in two is no other.

    Args:
        flows: what came each year, all sources together (EUR), ``(years, teams)``.
        q: parameters of behaviour.
    """
    coming = np.maximum(0.0, flows)
    stable = coming.min(axis=0)
    return np.asarray(stable + q["team_life_uncertain"] * (coming - stable))


def project_costs(projects: Numbers, q: Row) -> Numbers:
    """What projects under way cost a team (EUR/year); one that is being written costs nothing yet."""
    return np.asarray(np.floor(projects) * q["team_life_project_cost"])


def posts_to_open(free: Numbers, projects: Numbers, may_hire: Numbers, q: Row) -> Decision:
    """Nurse posts that teams open (FTE), ``(teams,)``.

    Args:
        free: money counted on that commitments, projects and hours leave (EUR), ``(years, teams)``.
        projects: collective projects; a whole one must be under way.
        may_hire: 1 for teams with an account that may hire.
        q: parameters of behaviour.
    """
    least = free.min(axis=0)
    cost = q["team_life_post_margin"] * q["team_life_post_cost"]
    steps = np.floor(least / cost / q["team_life_post_step"])
    wanted = np.clip(steps * q["team_life_post_step"], 0.0, q["team_life_posts_a_year"])
    ready = np.logical_and(projects >= q["team_life_post_projects"], may_hire > 0)
    return Decision(np.where(ready, wanted, 0.0), {"free": least, "projects": projects})


def posts_to_close(fund: Numbers, short: Numbers, posts: Numbers, q: Row) -> Decision:
    """Nurse posts that teams close (FTE), ``(teams,)``: a post lives as long as its funding.

    Args:
        fund: what is on the account (EUR).
        short: what money counted on lacks a year to pay commitments (EUR), 0 where it is enough.
        posts: posts held (FTE).
        q: parameters of behaviour.
    """
    steps = np.ceil(np.maximum(0.0, short) / q["team_life_post_cost"] / q["team_life_post_step"])
    closed = np.minimum(posts, steps * q["team_life_post_step"])
    return Decision(np.where(fund < short, closed, 0.0), {"fund": fund, "short": short})


def starting_commitments(coordinator_fte: Numbers, members: Numbers, q: Row) -> Numbers:
    """What coordinator, software and common rooms cost a team with an account (EUR/year)."""
    return np.asarray(coordinator_fte * q["team_life_coordinator_cost"] + members * q["team_life_software_cost"])


def rate_after_contract(rate: Numbers, q: Row) -> Numbers:
    """Hourly rate once another contract has added its duties: commitments bind, the rate gives way (EUR/hour)."""
    return np.asarray(rate * (1 - q["team_life_ratchet"]))

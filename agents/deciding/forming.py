"""How health homes start, and who answers calls for projects (behaviour F1).

Dissatisfaction starts a team, and somebody who carries it; money recognises and recruits followers.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.deciding.decision import Decision, Numbers
from agents.declarations import Row

MONTHS_PER_QUARTER: Final = 3
FIRST_PAGE: Final = 0.25
"""Part of a quarter's writing that marks a project as begun; it rounds to nothing done."""


def dissatisfaction(overload: Numbers, isolation: Numbers, retiring: Numbers, premises: Numbers, q: Row) -> Decision:
    """How much a practice suffers as it is, with its terms, ``(teams,)``.

    Args:
        overload: mean overload O of its physicians.
        isolation: 1 for who works alone, less with colleagues.
        retiring: share of peers around who are about to retire.
        premises: how unfit its premises are, 0 to 1.
        q: parameters of behaviour.
    """
    weights = q["team_life_trigger"]
    terms = {
        "overload": weights[0] * overload,
        "isolation": weights[1] * isolation,
        "retiring": weights[2] * retiring,
        "premises": weights[3] * premises,
    }
    return Decision(np.sum(list(terms.values()), axis=0), terms)


def starts_project(suffering: Numbers, carriers: Numbers, q: Row) -> NDArray[np.bool_]:
    """Which practices start writing a project, ``(teams,)``."""
    return np.logical_and(suffering > q["team_life_trigger_least"], carriers >= 1)


def written(projects: Numbers, q: Row) -> Numbers:
    """Projects after a quarter of writing, ``(teams,)``: the part after the point is one that is being written."""
    done, part = np.floor(projects), projects - np.floor(projects)
    steps = max(1, math.ceil(float(q["team_life_writing_months"]) / MONTHS_PER_QUARTER))
    quarters = np.where(part > 0, np.round(part * steps) + 1, 0)
    return np.asarray(np.where(quarters >= steps, done + 1, done + quarters / steps))


def first_page(projects: Numbers, q: Row) -> Numbers:
    """Projects once another one is begun, ``(teams,)``; who is writing one already goes on with it."""
    steps = max(1, math.ceil(float(q["team_life_writing_months"]) / MONTHS_PER_QUARTER))
    writing = projects > np.floor(projects)
    begun = projects + FIRST_PAGE / steps
    return np.asarray(np.where(writing, projects, begun))


def joiners(candidates: int, joined: int, u: Numbers, q: Row) -> int:
    """Other professionals who join in a quarter.

    Most come to be close to physicians. Some come for fear of losing referrals, once enough neighbours have joined: it is
    what others do that moves them, not what happened to anybody.

    Args:
        candidates: professionals in reach, in all.
        joined: those who have joined already.
        u: uniforms, one a candidate, ``(candidates,)``.
        q: parameters of behaviour.
    """
    fearful = round(candidates * float(q["team_life_fearful"]))
    close = candidates - fearful
    afraid = candidates > 0 and joined / candidates >= q["team_life_fear_threshold"]
    by_closeness = int((u[: max(0, close - joined)] < q["team_life_closeness"]).sum())
    by_fear = min(fearful, candidates - joined) if afraid else 0
    return min(by_closeness + by_fear, candidates - joined)


def is_health_home(physicians: Numbers, others: Numbers, q: Row) -> NDArray[np.bool_]:
    """Whether a team has the people that a health home needs, ``(teams,)``."""
    least = q["team_life_least_members"]
    return np.logical_and(physicians >= least[0], others >= least[1])


def endowed_chance(carriers: Numbers, coordinator: NDArray[np.bool_], past: NDArray[np.bool_], q: Row) -> Numbers:
    """Chance that a team answers a call for projects, and that an answer wins, ``(teams,)`` (the same for both).

    Args:
        carriers: members who could carry a project.
        coordinator: whether the team has a coordinator.
        past: whether it is, or was, under a collective contract.
        q: parameters of behaviour.
    """
    assets = carriers + coordinator.astype(np.float64) + past
    return np.asarray(np.clip(q["team_life_call_base"] + q["team_life_call_endowment"] * assets, 0.0, 1.0))

"""Secretaries who take on what is left to them, and coordinators whose hours go first to files (behaviour E)."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.deciding.decision import Numbers
from agents.declarations import Row
from agents.tasks import K15, K16, K17, K18

DESK: Final = (K15, K16, K17, K18)
"""Tasks that a secretary can take on."""
WEEKS: Final = 52
NO_TASK: Final = -1


def next_task(taken: NDArray[np.int32], load: Numbers, core: Numbers, q: Row) -> NDArray[np.int64]:
    """The task that physicians give each secretary next, the least central first; -1 for none.

    Args:
        taken: tasks taken on, one bit each, ``(secretaries,)``.
        load: share of the time in use, ``(secretaries,)``.
        core: how central each task is to physicians, ``(tasks,)``.
        q: parameters of those who decide.
    """
    order = np.array(sorted(DESK, key=lambda task: (core[task], task)))
    free = (taken[:, None] >> order & 1) == 0
    first = order[free.argmax(axis=1)]
    return np.where(free.any(axis=1) & (load < q["desk_load_most"]), first, NO_TASK)


def morale_after(morale: Numbers, added: NDArray[np.bool_], q: Row) -> Numbers:
    """Morale once a task has come without pay."""
    return np.clip(morale + q["desk_morale_task"] * added, 0, 1)


def error_after(error: Numbers, added: NDArray[np.bool_], q: Row) -> Numbers:
    """Share of calls sorted wrongly once a task was explained once."""
    return np.clip(error + q["desk_error_task"] * added, 0, 1)


def quits(morale: Numbers, u: Numbers, q: Row) -> NDArray[np.bool_]:
    """Who leaves."""
    return (morale < q["desk_quit_morale"]) & (u < q["desk_quit"])


class CoordinatorHours(NamedTuple):
    """Hours a week of a team's coordinators, ``(teams,)`` each."""

    evidence: Numbers
    meetings: Numbers
    projects: Numbers
    tenders: Numbers


def coordinator_hours(hours: Numbers, paperwork: Numbers, meetings_year: Numbers, projects: Numbers,
                      q: Row) -> CoordinatorHours:  # fmt: skip
    """How coordinators' hours are spent: evidence files first, then meetings, projects, and what is left on tenders.

    Args:
        hours: of the coordinators a week, ``(teams,)``.
        paperwork: hours a week that the contracts ask for.
        meetings_year: of the team.
        projects: under way.
        q: parameters of those who decide.
    """
    wanted = (paperwork, meetings_year * q["desk_meeting_hours"] / WEEKS, projects * q["desk_project_hours"])
    spent, left = [], np.asarray(hours, dtype=np.float64)
    for need in wanted:
        spent.append(np.minimum(left, need))
        left = left - spent[-1]
    return CoordinatorHours(spent[0], spent[1], spent[2], left)


def hours_of_money(earmarked: Numbers, q: Row) -> Numbers:
    """Organisational hours a week that new earmarked money brings with it (EUR/year), ``(teams,)``."""
    return q["desk_earmarked_share"] * np.maximum(earmarked, 0) / q["desk_staff_hour"] / WEEKS


def prevention_relayed(drive: Numbers, tie: Numbers, free_share: Numbers, q: Row) -> Numbers:
    """Effort on prevention that coordinators add around physicians, through secretaries, nurses and interns.

    Args:
        drive: for prevention, 0 to 1, ``(teams,)``.
        tie: to the physicians, 0 to 1: without it, staff are not reached.
        free_share: of the coordinators' time that files and meetings leave.
        q: parameters of those who decide.
    """
    return q["desk_relay"] * drive * tie * free_share

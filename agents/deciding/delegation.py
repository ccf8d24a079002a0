"""What a physician hands over to a nurse: willing or not, drop by drop, one dyad and task at a time (behaviour D2).

Everything here is over *pairs* of a dyad and a task, one value a pair, in the order of the dyads.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.deciding.decision import Decision, Numbers
from agents.deciding.utility import logistic
from agents.declarations import Row
from agents.nurses import ADVANCED_PRACTICE
from agents.tasks import AUTHORISATION, CLOSED, INFORMAL, K12, K13, N_TASKS, OPEN, PROTOCOL
from agents.teams import HEALTH_CENTRE, KINDS, MSP

type Flags = NDArray[np.bool_]
type Places = NDArray[np.integer[Any]]

AT_HOME: Final = np.isin(np.arange(N_TASKS), (K12, K13))
"""Tasks at the patient's home, where a nurse on her round already is, ``(tasks,)``."""
COORDINATED: Final = np.isin(np.arange(len(KINDS)), (MSP, HEALTH_CENTRE))
"""Kinds of team in which a protocol is possible (behaviour A4), ``(kinds,)``."""


class Circumstances(NamedTuple):
    """All that bears on handing over a task, one number a pair.

    Attributes:
        overload: of the physician (O).
        freed_minutes: physician's minutes freed by one event.
        knowledge: of the nurse by the physician (K).
        availability: of the nurse (A).
        openness: of the physician to delegation.
        core: how central the task is to the physician.
        formal: 1 where the law names the act as the nurse's own.
        liability: fear of liability times legal greyness (L).
        peers: what colleagues of the team hand over of the task, less what physicians around do.
        readability: how far the message on handing over reads as good care, 0.5 for no message (r).
        money: perceived incentive of one event (EUR).
    """

    overload: Numbers
    freed_minutes: Numbers
    knowledge: Numbers
    availability: Numbers
    openness: Numbers
    core: Numbers
    formal: Numbers
    liability: Numbers
    peers: Numbers
    readability: Numbers
    money: Numbers


def reasons(c: Circumstances, q: Row) -> dict[str, Numbers]:
    """What speaks for and against handing over, in log-odds: the parts of z, without its constant."""
    most = q["delegation_money_most"]
    return {
        "overload": q["delegation_overload"] * c.overload * c.freed_minutes / q["delegation_overload_minutes"],
        "knowledge": q["delegation_knowledge"] * c.knowledge,
        "availability": q["delegation_availability"] * c.availability,
        "openness": q["delegation_openness"] * c.openness,
        "core": q["delegation_core"] * c.core,
        "formal": q["delegation_formal"] * c.formal * c.core,
        "liability": q["delegation_liability"] * c.liability,
        "peers": q["delegation_peers"] * c.peers,
        "reading": q["delegation_reading"] * (2 * c.readability - 1),
        "money": q["delegation_money"] * np.clip(c.money / q["incentives_eps"], -most, most),
    }


def target(c: Circumstances, q: Row) -> Decision:
    """The share that the physician would hand over in the end, where the law and the team allow it (x*)."""
    terms = reasons(c, q)
    z = q["delegation_constant"] + sum(terms.values())
    return Decision(logistic(z), terms)


def openness_now(openness: Numbers, job_meaning: Numbers, q: Row) -> Numbers:
    """Openness to delegation, lower for who has lost the meaning of the job, ``(physicians,)``."""
    low = job_meaning < q["delegation_meaning_floor"]
    return openness - q["delegation_meaning_loss"] * low


def greyness(scope: Places, formal: Flags, q: Row) -> Numbers:
    """Legal greyness, by the code of the scope, in any shape."""
    return np.where(formal, q["delegation_greyness_formal"], np.asarray(q["delegation_greyness"])[scope])


def named_by_law(scope: Places, kind: Places) -> Flags:
    """Whether the law names the act as the nurse's own: open to a nurse of advanced practice."""
    return np.logical_and(scope == OPEN, kind == ADVANCED_PRACTICE)


def may_hand_over(scope: Places, coordinated: Flags, authorised: Flags, closed: Flags, informal: Flags) -> Flags:
    """Whether the law and the team let a task pass: ``legal * gate``, in any common shape.

    What is done informally needs no protocol; what the team has closed stays closed.

    Args:
        scope: code of ``agents.tasks.SCOPES`` on the day.
        coordinated: whether the team is a structure in which protocols are possible.
        authorised: whether the nurse is personally authorised to derogatory acts.
        closed: whether the team has closed the task.
        informal: whether the dyad does the task without the protocol that the law asks for.
    """
    legal = scope != CLOSED
    legal &= coordinated | (scope != PROTOCOL)
    legal &= authorised | (scope != AUTHORISATION)
    return (legal | informal | (scope == INFORMAL)) & ~closed


def availability_at(availability: Numbers, home_share: Numbers, task: Places, q: Row) -> Numbers:
    """Availability of the nurse, who is there already at homes on her round."""
    in_the_home = AT_HOME[task] & (home_share > q["delegation_home_round"])
    return np.where(in_the_home, 1.0, availability)


def offered(core: Numbers, events: Numbers, q: Row) -> Flags:
    """Whether a task may begin, or grow, in a dyad: pairs who rarely work together share only what is little valued.

    Args:
        core: how central the task is to the physician.
        events: events of the dyad this quarter, all tasks together.
        q: parameters of those who decide.
    """
    return (events >= q["delegation_rare_events"]) | (core < q["delegation_rare_core"])


def step(share: Numbers, aim: Numbers, knowledge: Numbers, q: Row) -> Numbers:
    """The share after a quarter: drop by drop towards the aim, faster down than up."""
    speed = q["delegation_ramp_base"] + q["delegation_ramp_knowledge"] * knowledge
    change = np.clip(speed * (aim - share), -q["delegation_ramp_down"], q["delegation_ramp_up"])
    return np.clip(share + change, 0, 1)


def leading(dyad: Places, values: Numbers) -> Flags:
    """The pairs of each dyad with its largest value: one, unless there are ties.

    Args:
        dyad: of each pair, rising.
        values: what is gained by the task, or a draw between equals.
    """
    if not len(dyad):
        return np.zeros(0, dtype=bool)
    starts = np.flatnonzero(np.diff(dyad, prepend=dyad[0] - 1))
    most = np.maximum.reduceat(values, starts)
    return values == np.repeat(most, np.diff(starts, append=len(dyad)))


def weight_in_kind(minutes: Numbers, group: Places) -> Numbers:
    """Part of each nurse's time in that of all who may take the same task of the same physician, 0 to 1.

    A physician's willingness is for a kind of nurse; each of them gets a part of it by her time.

    Args:
        minutes: of each nurse a week, 0 for who may not take the task.
        group: physician, kind and task of each pair, as one number.
    """
    total = np.bincount(group, weights=minutes)[group]
    return np.divide(minutes, total, out=np.zeros(len(minutes)), where=total > 0)


def within_one(aim: Numbers, group: Places) -> Numbers:
    """Aims scaled down where those of one physician and task together are more than all of it."""
    total = np.bincount(group, weights=aim)[group]
    return aim / np.maximum(total, 1)


def peers(handed: Numbers, team: Places, territory: Places, partnered: Flags) -> Numbers:
    """What colleagues of the team hand over, less the mean of the territory; 0 for who has no colleague.

    Args:
        handed: share of each task that each physician hands over, ``(physicians, tasks)``.
        team: of each physician, ``(physicians,)``.
        territory: of each physician, ``(physicians,)``.
        partnered: physicians who have nurses to hand over to, who make the mean, ``(physicians,)``.
    """
    team_sum, team_size = _sums(handed, team), np.bincount(team)
    others = (team_size - 1)[team][:, None]
    colleagues = np.divide(team_sum[team] - handed, others, out=np.zeros_like(handed), where=others > 0)
    size = np.bincount(territory, weights=partnered)
    mean = _sums(handed * partnered[:, None], territory) / np.maximum(size, 1)[:, None]
    return np.where(others > 0, colleagues - mean[territory], 0.0)


def _sums(values: Numbers, group: Places) -> Numbers:
    """Sums of rows by group, ``(groups, tasks)``."""
    return np.stack([np.bincount(group, weights=values[:, task]) for task in range(N_TASKS)], axis=1)


def constrained(overload: Numbers, there: Flags, q: Row) -> Numbers:
    """Share of home watch that goes to the nurse who is there without any decision: the physician cannot come."""
    return q["delegation_constrained_share"] * ((overload > q["delegation_constrained_overload"]) & there)

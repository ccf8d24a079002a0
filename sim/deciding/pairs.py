"""Pairs of a dyad and a task: which may pass, and all that bears on each (behaviour D2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.deciding import delegation, nurses
from agents.deciding.decision import Incentives, Numbers
from agents.deciding.delegation import Circumstances, Flags, Places
from agents.declarations import Table
from agents.nurses import ASALEE, KINDS
from agents.support import SECRETARY
from agents.tasks import CLOSED, INFORMAL, N_TASKS, freed_minutes
from agents.templates import handover
from sim.deciding.partner_facts import Facts
from sim.draws import paired_ids
from sim.law import scope_on
from sim.world import World

N_KINDS: Final = len(KINDS)
BITS: Final = np.arange(N_TASKS, dtype=np.int32)
BLOCK: Final = 8192
"""Dyads that are looked at together, about: what is computed of them fits the cache of a processor."""


def column(table: Table, name: str) -> Numbers:
    """A column as numbers to reckon with."""
    return table[name].astype(np.float64)


def taken_on(bits: NDArray[np.int32]) -> Flags:
    """Bits of the tasks as flags, ``(rows, tasks)``."""
    if not bits.any():
        return np.zeros((len(bits), N_TASKS), dtype=bool)
    return (bits[:, None] >> BITS & 1).astype(bool)


def bits_of(rows: Places, tasks: Places, length: int) -> NDArray[np.int32]:
    """Bits of tasks, each of which comes at most once in a row, ``(length,)``."""
    return np.bincount(rows, weights=np.exp2(tasks), minlength=length).astype(np.int32)


def handed_over(dyads: Table, physicians: int) -> Numbers:
    """Share of each task that each physician hands over, all nurses together, ``(physicians, tasks)``, at most 1."""
    total = np.zeros((physicians, N_TASKS))
    at = dyads["physician"]  # rising
    starts = np.flatnonzero(np.diff(at, prepend=-1))
    if len(starts):
        total[at[starts]] = np.add.reduceat(column(dyads, "share"), starts, axis=0)
    return np.minimum(total, 1)


def desk_load(world: World) -> Numbers:
    """Mean load of the secretaries in post, ``(teams,)``; 0 where there is none."""
    at_desk = (world.support["role"] == SECRETARY) & (world.support["in_post"] != 0)
    team = world.support["team"][at_desk]
    total = np.bincount(team, weights=world.support["load"][at_desk], minlength=len(world.teams))
    return total / np.maximum(np.bincount(team, minlength=len(world.teams)), 1)


def blocks(physicians: Table) -> Iterator[slice]:
    """Rows of dyads in blocks that part no physician's."""
    low = 0
    for end in physicians["dyad_end"].tolist():
        if end - low >= BLOCK:
            yield slice(low, end)
            low = end
    if len(physicians) and end > low:
        yield slice(low, end)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all pairs of a quarter have in common, as it was when the quarter ended.

    Attributes:
        facts: of the quarter.
        scope: condition of the law on the day, ``(tasks, kinds)``.
        openness: to delegation now, ``(physicians,)``.
        fear: of liability, ``(physicians,)``.
        peers: what colleagues hand over beyond the usual, ``(physicians, tasks)``.
        desk: load of the secretaries, ``(teams,)``.
        events: of each dyad in the quarter, all tasks together, ``(dyads,)``.
        money, nurse_money: perceived incentive of one event (EUR), ``(kinds * tasks, people)``.
    """

    facts: Facts
    scope: Places
    openness: Numbers
    fear: Numbers
    peers: Numbers
    desk: Numbers
    events: Numbers
    money: Numbers
    nurse_money: Numbers


def surroundings(world: World, facts: Facts) -> Surroundings:
    """What all pairs have in common."""
    p, q = world.physicians, world.behaviour[0]
    held = world.nurses["in_post"][world.dyads["nurse"]] != 0
    return Surroundings(
        facts=facts,
        scope=scope_on(world.day(), world.parameters),
        openness=delegation.openness_now(column(p, "open_deleg"), column(p, "job_meaning"), q),
        fear=np.minimum(column(p, "liability") + p["liability_shock"], 1),
        peers=delegation.peers(
            handed_over(world.dyads, len(p)),
            p["team"],
            p["territory"],
            np.bincount(world.dyads["physician"][held], minlength=len(p)) > 0,
        ),
        desk=desk_load(world),
        events=world.dyads["handed"].sum(axis=1).astype(np.float64),
        money=_of_handovers(facts.incentives, len(p)),
        nurse_money=_of_handovers(facts.nurse_incentives, len(world.nurses)),
    )


def _of_handovers(incentives: Incentives, people: int) -> Numbers:
    """Perceived incentive of one event by kind of nurse and task, 0 where nobody has quoted it (EUR)."""
    table = np.zeros((N_KINDS * N_TASKS, people))
    for nurse in range(N_KINDS):
        for task in range(N_TASKS):
            table[nurse * N_TASKS + task] = incentives.get(handover(task, nurse), 0.0)
    return table


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of a dyad and a task, one value each, in the order of the dyads.

    Attributes:
        dyad, task, physician, nurse, kind: whom and what a pair is of; kind of the nurse.
        scope: condition of the law on the day.
        allowed: whether law and team let the task pass now.
        free: whether the nurse has not declined it.
        off_protocol: whether it is no part of what the kind of nurse is there for.
        share: handed over now (x).
    """

    dyad: Places
    task: Places
    physician: Places
    nurse: Places
    kind: Places
    scope: Places
    allowed: Flags
    free: Flags
    off_protocol: Flags
    share: Numbers

    def of(self, places: Places) -> "Pairs":
        """Some of the pairs, by their places."""
        return Pairs(*(getattr(self, name)[places] for name in self.__slots__))

    def bearer(self) -> Places:
        """Physician and task as one number, from 0 on within the pairs."""
        return (self.physician - self.physician[0]) * N_TASKS + self.task if len(self.dyad) else self.dyad

    def group(self) -> Places:
        """Physician, task and kind of nurse as one number, from 0 on within the pairs."""
        return self.bearer() * N_KINDS + self.kind


def pairs_of(world: World, rows: slice, s: Surroundings) -> Pairs:
    """Pairs of some dyads in which a task may pass, or is handed over now."""
    d, q = world.dyads[rows], world.behaviour[0]
    physician, nurse = d["physician"].astype(np.int64), d["nurse"].astype(np.int64)
    n = world.nurses[["kind", "load", "in_post", "derogatory_authorised"]][nurse]
    kind = n["kind"].astype(np.int64)
    closed, coordinated = _of_teams(world, physician)
    scope = s.scope.T.astype(np.int8)[kind]
    off_protocol = (kind[:, None] == ASALEE) & (np.asarray(q["nursing_holes_tasks"]) > 0)
    # what only fills the holes of an asalee agenda stands on the load, not on what was done before
    informal = taken_on(d["informal"]) & ~off_protocol
    may = delegation.may_hand_over(
        scope, coordinated[:, None], (n["derogatory_authorised"] != 0)[:, None], closed, informal
    )
    may |= nurses.fills_holes(kind[:, None], column(n, "load")[:, None], BITS, q) & ~closed
    may &= (n["in_post"] != 0)[:, None]
    free, share = ~taken_on(d["refused"]), column(d, "share")
    flat = np.flatnonzero((may & free) | (share > 0))
    at, task = np.divmod(flat, N_TASKS)
    return Pairs(
        dyad=at + rows.start, task=task, physician=physician[at], nurse=nurse[at], kind=kind[at],
        scope=s.scope[task, kind[at]], allowed=may.ravel()[flat], free=free.ravel()[flat],
        off_protocol=off_protocol.ravel()[flat], share=share.ravel()[flat],
    )  # fmt: skip


def _of_teams(world: World, physician: Places) -> tuple[Flags, Flags]:
    """Tasks closed by the physician's team, ``(dyads, tasks)``, and whether it can have protocols, ``(dyads,)``."""
    team = world.physicians["team"][physician]
    return taken_on(world.teams["closed_tasks"][team]), delegation.COORDINATED[world.teams["kind"][team]]


def circumstances(world: World, pairs: Pairs, s: Surroundings) -> Circumstances:
    """What bears on each pair."""
    q, par = world.behaviour[0], world.parameters[0]
    d, i, k, p = pairs.dyad, pairs.physician, pairs.task, world.physicians
    freed = freed_minutes(
        par["tasks_minutes_gp"][k], par["tasks_sigma"][k], world.dyads["validation"][d, k].astype(np.float64),
        par["tasks_validation_call_minutes"][k], par["tasks_supervision"][k],
    )  # fmt: skip
    formal = delegation.named_by_law(pairs.scope, pairs.kind)
    # what is done against the letter of the law is as grey as what is tolerated
    scope = np.where(pairs.scope == CLOSED, INFORMAL, pairs.scope)
    return Circumstances(
        overload=p["overload"][i].astype(np.float64),
        freed_minutes=freed,
        knowledge=world.dyads["knowledge"][d].astype(np.float64),
        availability=delegation.availability_at(
            world.dyads["availability"][d].astype(np.float64), world.nurses["home_share"][pairs.nurse], k, q
        ),
        openness=s.openness[i],
        core=p["core"][i, k].astype(np.float64),
        formal=formal.astype(np.float64),
        liability=s.fear[i] * delegation.greyness(scope, formal, q),
        peers=s.peers[i, k],
        readability=s.facts.readability[i],
        money=s.money[pairs.kind * N_TASKS + k, i],
    )


def dyad_ids(world: World, rows: Places) -> NDArray[np.uint64]:
    """Stable ids of dyads: of the physician, then the nurse."""
    return paired_ids(
        world.physicians["who"][world.dyads["physician"][rows]], world.nurses["who"][world.dyads["nurse"][rows]]
    )

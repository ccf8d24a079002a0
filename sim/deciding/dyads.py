"""Each quarter, every dyad moves a drop: tasks are handed over, begun, declined or taken back (behaviour D2)."""

import numpy as np
from numpy.typing import NDArray

from agents.deciding import delegation, nurses
from agents.deciding.decision import Numbers
from agents.deciding.delegation import Flags
from agents.nurses import LIBERAL
from agents.tasks import INFORMAL, K13, N_TASKS
from sim.deciding.pairs import (
    Pairs,
    Surroundings,
    bits_of,
    blocks,
    circumstances,
    column,
    dyad_ids,
    pairs_of,
    surroundings,
    taken_on,
)
from sim.deciding.partner_facts import Facts, Notes
from sim.draws import decision, paired_ids, uniforms
from sim.world import World

TIE = decision("delegation.tie", "which of two equal tasks a dyad begins")
ACCEPTS = decision("delegation.accepts", "whether a nurse accepts a task")
ASKED_AGAIN = decision("delegation.asked_again", "whether a declined task may be offered again")


def delegate(world: World, facts: Facts, diary: Notes) -> None:
    """Move every dyad a drop towards what the physician is willing to hand over; at most one task begins in each.

    Tasks under way follow their target every quarter. A new one begins when the physician reconsiders delegation, or
    when the nurse is of those who propose; she may decline it.

    Args:
        world: writes ``share``, ``refused`` and ``informal`` of the dyads.
        facts: of the quarter.
        diary: is told of changes and refusals.
    """
    if not len(world.dyads):
        return
    _forget_refusals(world)
    common = surroundings(world, facts)
    for rows in blocks(world.physicians):
        _move(world, pairs_of(world, rows, common), common, diary)


def _move(world: World, pairs: Pairs, s: Surroundings, diary: Notes) -> None:
    """One quarter of some dyads."""
    q = world.behaviour[0]
    weight, may_begin = _weights(world, pairs), _initiative(world, pairs, s)
    some = np.flatnonzero(may_begin | (pairs.share > 0) | (pairs.task == K13))  # nothing can come of the others
    pairs, weight, may_begin = pairs.of(some), weight[some], may_begin[some]
    if not len(some):
        return
    c = circumstances(world, pairs, s)
    wanted, terms = delegation.target(c, q)
    wanted = np.where(pairs.allowed, wanted, 0)
    aim = delegation.within_one(wanted * weight, pairs.bearer())
    offered = delegation.offered(c.core, s.events[pairs.dyad], q)
    aim = np.where(offered, aim, np.minimum(aim, pairs.share))
    begins = _begun(world, pairs, may_begin & offered & (aim > 0), wanted, s, diary)
    share = delegation.step(pairs.share, aim, c.knowledge, q)
    share = np.where(begins | (pairs.share > 0), share, 0)
    share = np.maximum(share, _constrained(world, pairs, c.overload) * weight)
    _write(world, pairs, share)
    # how autonomous the nurse is by the law, and in fact
    effective = 1 - world.dyads["validation"][pairs.dyad, pairs.task].astype(np.float64)
    told = {"target": wanted, **terms, "formal_autonomy": c.formal, "effective_autonomy": effective}
    _tell(world, pairs, share, told, diary)


def _weights(world: World, pairs: Pairs) -> Numbers:
    """Part of the physician's willingness for a kind of nurse that each of them gets."""
    minutes = world.nurses["weekly_minutes"][pairs.nurse]
    return delegation.weight_in_kind(np.where(pairs.allowed & pairs.free, minutes, 0.0), pairs.group())


def _initiative(world: World, pairs: Pairs, s: Surroundings) -> Flags:
    """Pairs in which a task can begin: somebody raises it, and the nurse would take up another."""
    proposes = world.nurses["leader_type"][pairs.nurse] != 0
    knowledge = world.dyads["knowledge"][pairs.dyad]
    load, desk = world.nurses["load"][pairs.nurse], s.desk[world.physicians["team"][pairs.physician]]
    begin = nurses.may_begin(pairs.kind, load, knowledge, pairs.task, desk, world.behaviour[0])
    return pairs.free & (pairs.share == 0) & (s.facts.reconsiders[pairs.physician] | proposes) & begin


def _begun(world: World, pairs: Pairs, ready: Flags, wanted: Numbers, s: Surroundings, diary: Notes) -> Flags:
    """Pairs that begin this quarter: the best of each dyad, if the nurse accepts."""
    q, places = world.behaviour[0], np.flatnonzero(ready)
    places = places[delegation.leading(pairs.dyad[places], wanted[places])]
    if not np.diff(pairs.dyad[places]).all():  # two of a dyad are equal
        drawn = uniforms(world.seed, TIE, _ids(world, pairs.of(places)), world.week)
        places = places[delegation.leading(pairs.dyad[places], drawn)]
    new = pairs.of(places)
    chance, terms = nurses.acceptance(_offers(world, new, s), q)
    accepted = uniforms(world.seed, ACCEPTS, _ids(world, new), world.week) < chance
    refuses = np.flatnonzero(~accepted)
    declined = new.of(refuses)
    # one task a dyad: each row at most once
    world.dyads["refused"][declined.dyad] |= np.left_shift(1, declined.task).astype(np.int32)
    diary.add(
        "refusal", team=_team(world, declined), physician=declined.physician, nurse=declined.nurse, task=declined.task,
        terms={"chance": chance[refuses]} | {name: part[refuses] for name, part in terms.items()},
    )  # fmt: skip
    begins = np.zeros(len(ready), dtype=bool)
    begins[places[accepted]] = True
    return begins


def _offers(world: World, new: Pairs, s: Surroundings) -> nurses.Offers:
    n = world.nurses[["leader_type", "dependence_on_gp", "autonomy", "load"]][new.nurse]
    return nurses.Offers(
        kind=new.kind,
        money=s.nurse_money[new.kind * N_TASKS + new.task, new.nurse],
        leader=column(n, "leader_type"),
        dependence=column(n, "dependence_on_gp"),
        tie=world.dyads["trust"][new.dyad].astype(np.float64),
        autonomy=column(n, "autonomy"),
        control=nurses.control(new.scope, world.behaviour[0]),
        load=column(n, "load"),
        overlap=s.facts.overlap[new.dyad],
        sanction=world.teams["peer_sanction"][_team(world, new)].astype(np.float64),
    )


def _team(world: World, pairs: Pairs) -> NDArray[np.int32]:
    return world.physicians["team"][pairs.physician]


def _ids(world: World, pairs: Pairs) -> NDArray[np.uint64]:
    return paired_ids(dyad_ids(world, pairs.dyad), pairs.task)


def _forget_refusals(world: World) -> None:
    """Some of what was declined may be offered again."""
    refusing = np.flatnonzero(world.dyads["refused"])
    rows, tasks = np.nonzero(taken_on(world.dyads["refused"][refusing]))
    ids = paired_ids(dyad_ids(world, refusing)[rows], tasks)
    again = uniforms(world.seed, ASKED_AGAIN, ids, world.week) < world.behaviour[0]["nursing_asked_again"]
    world.dyads["refused"] &= ~bits_of(refusing[rows[again]], tasks[again], len(world.dyads))


def _constrained(world: World, pairs: Pairs, overload: Numbers) -> Numbers:
    there = (pairs.task == K13) & (pairs.kind == LIBERAL) & pairs.allowed
    return delegation.constrained(overload, there, world.behaviour[0])


def _write(world: World, pairs: Pairs, share: Numbers) -> None:
    """Shares, and which of them go without the protocol that the law asks for."""
    world.dyads["share"][pairs.dyad, pairs.task] = share
    loose = (share > 0) & (pairs.off_protocol | (pairs.scope == INFORMAL))
    first, last = pairs.dyad[0], pairs.dyad[-1] + 1
    rows = world.dyads["informal"][first:last]
    rows |= bits_of(pairs.dyad[loose] - first, pairs.task[loose], len(rows))


def _tell(world: World, pairs: Pairs, share: Numbers, terms: dict[str, Numbers], diary: Notes) -> None:
    """Changes large enough to be told, and every beginning and end."""
    least = float(world.behaviour[0]["delegation_told_change"])
    moved = np.flatnonzero((np.abs(share - pairs.share) >= least) | ((share > 0) != (pairs.share > 0)))
    some = pairs.of(moved)
    diary.add(
        "delegation", team=_team(world, some), physician=some.physician, nurse=some.nurse, task=some.task,
        before=some.share, after=share[moved], terms={name: part[moved] for name, part in terms.items()},
    )  # fmt: skip

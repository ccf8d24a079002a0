"""What a quarter of working together leaves in each pair: knowledge, trust, calls, experience, a bad day (D2)."""

import numpy as np
from numpy.typing import NDArray

from agents.deciding import leaders, partners
from sim.deciding.pairs import dyad_ids, handed_over
from sim.deciding.partner_facts import Facts, Notes
from sim.draws import decision, paired_ids, uniforms
from sim.world import World

ADVERSE = decision("delegation.adverse", "whether a handed-over task ends in an adverse event")


def live_together(world: World, facts: Facts, diary: Notes) -> None:
    """Write what the quarter's events and encounters have changed, then its adverse events.

    Args:
        world: writes ``knowledge``, ``validation``, ``experience`` and ``trust`` of the dyads, ``job_meaning`` and
            ``liability_shock`` of the physicians; reads ``handed``, which :func:`forget_events` clears.
        facts: of the quarter: adverse events that were observed.
        diary: is told of adverse events.
    """
    d, doctors, q = world.dyads, world.physicians, world.behaviour[0]
    if not len(d):
        return
    i, j = d["physician"], d["nurse"]
    team = world.teams[doctors["team"]]
    meetings = team["meetings"].astype(np.float64)
    here = partners.attends(doctors["collective_minutes"].astype(np.float64), meetings, q)
    there = partners.attends(world.nurses["collective_minutes"][j].astype(np.float64), meetings[i], q)
    trust = d["trust"].astype(np.float64)
    dependence = world.nurses["dependence_on_gp"][j].astype(np.float64)
    start = np.asarray(world.parameters["tasks_validation_start"][0])
    met = partners.encounters_month(
        d["availability"].astype(np.float64), team["encounters"][i].astype(np.float64), meetings[i], here[i] * there, q
    )
    in_post = world.nurses["in_post"][j] != 0
    learnt = leaders.maturity(team["maturity_years"][i], q)  # a team learns how to learn of each other
    d["knowledge"] = partners.knowledge_after(d["knowledge"].astype(np.float64), met * in_post * learnt, q)
    rows, tasks = np.nonzero(d["handed"])
    events = d["handed"][rows, tasks].astype(np.float64)
    d["validation"][rows, tasks] = partners.validation_after(
        d["validation"][rows, tasks].astype(np.float64), events, tasks, trust[rows] * (1 - dependence[rows]), start, q
    )
    d["experience"][rows, tasks] = partners.experience_after(d["experience"][rows, tasks].astype(np.float64), events, q)
    worked = np.bincount(rows, minlength=len(d)) > 0
    clash = partners.clash(doctors["leads"][i], world.nurses["leader_type"][j]) & worked
    d["trust"] = partners.trust_after(trust, clash, q)
    meaning = doctors["job_meaning"].astype(np.float64)
    doctors["job_meaning"] = partners.meaning_after(meaning, handed_over(d, len(doctors)), q)
    doctors["liability_shock"] = partners.liability_after(doctors["liability_shock"].astype(np.float64), q)
    adverse_events(world, facts.adverse, diary)


def adverse_events(world: World, observed: NDArray[np.bool_], diary: Notes) -> None:
    """Adverse events of the quarter: the pair calls each time, the team hands over half, the physician fears more."""
    q, d = world.behaviour[0], world.dyads
    rows, tasks = np.nonzero((d["handed"] > 0) | observed)
    events = d["handed"][rows, tasks].astype(np.float64)
    u = uniforms(world.seed, ADVERSE, paired_ids(dyad_ids(world, rows), tasks), world.week)
    happened = observed[rows, tasks] | partners.adverse(events, u, q)
    rows, tasks, events = rows[happened], tasks[happened], events[happened]
    shock(world, rows, tasks)
    physician = d["physician"][rows]
    diary.add(
        "shock", team=world.physicians["team"][physician], physician=physician, nurse=d["nurse"][rows], task=tasks,
        terms={"events": events},
    )  # fmt: skip


def shock(world: World, rows: NDArray[np.int64], tasks: NDArray[np.int64]) -> None:
    """Put a physician back in charge where an adverse event has happened.

    Args:
        world: writes ``validation`` of the pairs, ``share`` of the task in their whole teams, ``liability_shock``.
        rows: dyads.
        tasks: the task of each.
    """
    if not len(rows):
        return
    q, d, doctors = world.behaviour[0], world.dyads, world.physicians
    d["validation"][rows, tasks] = 1
    added = q["delegation_adverse_liability"] * np.bincount(d["physician"][rows], minlength=len(doctors))
    doctors["liability_shock"] = np.minimum(doctors["liability_shock"] + added, 1)
    struck = np.ones((len(world.teams), d["share"].shape[1]))
    struck[doctors["team"][d["physician"][rows]], tasks] = q["delegation_adverse_share"]
    d["share"] = d["share"] * struck[doctors["team"][d["physician"]]]


def forget_events(world: World) -> None:
    """Start the next quarter with no events."""
    world.dyads["handed"] = 0

"""A quarter at the desk, and of the coordinators (behaviour E)."""

import numpy as np

from agents.deciding import support as deciding
from agents.deciding.decision import Numbers
from agents.declarations import Table
from agents.support import COORDINATOR, SECRETARY
from agents.tasks import K17
from sim.deciding.partner_facts import Facts, Notes
from sim.draws import decision, uniforms
from sim.world import World

QUITS = decision("secretary.quits", "whether an exhausted secretary quits")
REFILL = decision("secretary.refill", "whether an empty desk is filled this quarter")


def staff_desk(world: World, diary: Notes) -> None:
    """Secretaries get one more task each, some quit, and empty desks are filled.

    Args:
        world: writes ``tasks``, ``morale``, ``error`` and ``in_post`` of the support staff.
        diary: is told of tasks, departures and arrivals.
    """
    s, q = world.support, world.behaviour[0]
    if not len(s):
        return
    secretary = s["role"] == SECRETARY
    vacant = np.flatnonzero(secretary & (s["in_post"] == 0) & (s["weekly_minutes"] > 0))
    at_desk = secretary & (s["in_post"] != 0)
    task = deciding.next_task(s["tasks"], s["load"].astype(np.float64), world.parameters["tasks_core"][0], q)
    added = at_desk & (task != deciding.NO_TASK)
    s["tasks"] |= np.where(added, np.left_shift(1, np.maximum(task, 0)), 0).astype(np.int32)
    s["morale"] = deciding.morale_after(s["morale"].astype(np.float64), added, q)
    s["error"] = deciding.error_after(s["error"].astype(np.float64), added, q)
    rows = np.flatnonzero(added)
    diary.add("desk", team=s["team"][rows], support=rows, task=task[rows],
              terms={"load": s["load"][rows], "morale": s["morale"][rows]})  # fmt: skip
    leaves = at_desk & deciding.quits(s["morale"], uniforms(world.seed, QUITS, s["who"], world.week), q)
    s["in_post"][leaves] = 0
    rows = np.flatnonzero(leaves)
    diary.add("departure", team=s["team"][rows], support=rows, text="morale", terms={"morale": s["morale"][rows]})
    filled = vacant[uniforms(world.seed, REFILL, s["who"][vacant], world.week) < q["desk_refill"]]
    _start(world, filled)
    diary.add("hire", team=s["team"][filled], support=filled, text="successor")


def _start(world: World, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    """Somebody new at the desk, who does what secretaries do from the first day."""
    s = world.support
    s["in_post"][rows], s["tasks"][rows] = 1, 1 << K17
    s["morale"][rows] = world.parameters["workforce_support_morale"][0]
    s["error"][rows] = world.behaviour[0]["desk_error_start"]


def _of_teams(world: World, weights: Numbers) -> Numbers:
    """Sum over the coordinators in post of each team."""
    s = world.support
    there = (s["role"] == COORDINATOR) & (s["in_post"] != 0)
    return np.bincount(s["team"][there], weights=weights[there], minlength=len(world.teams))


def paperwork_of(teams: Table) -> Numbers:
    """Hours a week that the files of each team's contracts take, ``(teams,)``."""
    members = teams["physicians"].astype(np.float64) + teams["nurses"]
    return np.asarray(teams["admin_hours"] * members)


def coordinate(world: World, facts: Facts) -> deciding.CoordinatorHours:
    """Spend the coordinators' hours, and write the organisational hours of their teams.

    Those are what files, meetings, projects and tenders take, and what earmarked money brings with it, whoever does
    them: what coordinators leave of the files falls on the leader.

    Args:
        world: writes ``organisational_hours`` and ``evidence_hours`` of the teams.
        facts: of the quarter: new earmarked money.

    Returns:
        Hours a week by use, ``(teams,)`` each.
    """
    t, q = world.teams, world.behaviour[0]
    hours = _of_teams(world, q["desk_coordinator_week"] * world.support["fte"].astype(np.float64))
    paperwork = paperwork_of(t)
    spent = deciding.coordinator_hours(
        hours, paperwork, t["meetings"].astype(np.float64), t["projects"].astype(np.float64), q
    )
    brought = deciding.hours_of_money(facts.earmarked, q)
    # organisational time grows with the money for it: hours once brought stay as long as the money
    t["evidence_hours"] = spent.evidence
    t["organisational_hours"] = paperwork + spent.meetings + spent.projects + spent.tenders + brought
    return spent


def prevention_around(world: World, spent: deciding.CoordinatorHours) -> Numbers:
    """Effort on prevention that coordinators add around the physicians of each team, 0 to 1, ``(teams,)``."""
    s, q = world.support, world.behaviour[0]
    fte = s["fte"].astype(np.float64)
    there = np.maximum(_of_teams(world, fte), np.finfo(float).tiny)
    drive, tie = (_of_teams(world, fte * s[name]) / there for name in ("prevention_drive", "gp_tie"))
    total = sum(spent, np.zeros(len(world.teams)))
    free = np.divide(spent.projects + spent.tenders, total, out=np.zeros(len(total)), where=total > 0)
    return deciding.prevention_relayed(drive, tie, free * np.minimum(there, 1), q)

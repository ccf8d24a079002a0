"""Nurses who stay or leave, speak or keep silent, and posts that are filled again (behaviour E)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.deciding import nurses as deciding
from agents.deciding.decision import Numbers
from agents.nurses import ASALEE
from agents.tasks import N_TASKS
from sim.deciding.meetings import nurses_come
from sim.deciding.partner_facts import Facts, Notes
from sim.draws import decision, normals, paired_ids, uniforms
from sim.staffing.teams import nurses_in_post
from sim.world import World

STAYS = decision("nurse.stays", "whether a nurse in an asalee post stays another quarter")
COMPLAINS = decision("nurse.complains", "whether an unhappy nurse complains or keeps silent")
REFILL = decision("nurse.refill", "whether an empty nurse post is filled this quarter")
NEW_LEADER = decision("nurse.new_leader_type", "whether a nurse who fills a post proposes tasks")
NEW_SKILL = decision("nurse.new_skill", "skill of a nurse who fills a post, by task")

type Rows = NDArray[np.int64]


def staff_nurses(world: World, facts: Facts, diary: Notes) -> None:
    """A quarter of the nurses: posts that stood empty are filled, some nurses leave, the unhappy speak or withdraw.

    Args:
        world: writes ``in_post``, ``poor_quarters``, ``collective_minutes`` of the nurses, and the dyads of who leaves
            or comes.
        facts: of the quarter; ``handed`` of the dyads still holds its events.
        diary: is told of departures and arrivals.
    """
    if not len(world.nurses):
        return
    empty = np.flatnonzero((world.nurses["in_post"] == 0) & (world.nurses["weekly_minutes"] > 0))
    nurses_come(world, facts)
    speak(world)
    _leave_for_work(world, facts, diary)
    _leave_for_income(world, facts, diary)
    _refill(world, empty, diary)


def events_of(world: World) -> Numbers:
    """Events of each nurse and task this quarter, ``(nurses, tasks)``."""
    handed, nurse = world.dyads["handed"], world.dyads["nurse"]
    count = [np.bincount(nurse, weights=handed[:, k], minlength=len(world.nurses)) for k in range(N_TASKS)]
    return np.stack(count, axis=1)


def own_income(world: World, facts: Facts) -> Numbers:
    """Net income of each nurse, the usual one of the kind where accounts tell none (EUR/month)."""
    usual = np.asarray(world.behaviour[0]["nursing_own_income"])[world.nurses["kind"]]
    return np.where(np.isnan(facts.nurse_income), usual, facts.nurse_income)


def _leave_for_work(world: World, facts: Facts, diary: Notes) -> None:
    n, q = world.nurses, world.behaviour[0]
    content = deciding.content(events_of(world), q)
    chance, terms = deciding.stays(
        content, n["load"].astype(np.float64), n["outside_income"].astype(np.float64), own_income(world, facts), q
    )
    holders = (n["kind"] == ASALEE) & (n["in_post"] != 0)
    leaves = holders & (uniforms(world.seed, STAYS, n["who"], world.week) >= chance)
    told = {"chance_to_stay": chance} | dict(terms)
    empty_posts(world, np.flatnonzero(leaves), diary, "work", {name: part[leaves] for name, part in told.items()})


def _leave_for_income(world: World, facts: Facts, diary: Notes) -> None:
    n, q = world.nurses, world.behaviour[0]
    income, outside = own_income(world, facts), n["outside_income"].astype(np.float64)
    n["poor_quarters"] = deciding.poor_quarters_after(
        n["poor_quarters"].astype(np.float64), n["kind"], n["salaried"] != 0, income, outside, facts.topped_up, q
    )
    leaves = (n["in_post"] != 0) & deciding.gives_up(n["poor_quarters"], q)
    terms = {"income": income[leaves], "elsewhere": outside[leaves]}
    empty_posts(world, np.flatnonzero(leaves), diary, "income", terms)


def count_nurses(world: World) -> None:
    """Write how many nurses of each team are in post."""
    world.teams["nurses"] = nurses_in_post(world.nurses, len(world.teams))


def empty_posts(world: World, rows: Rows, diary: Notes, why: str, terms: Mapping[str, ArrayLike] | None = None) -> None:
    """Nurses leave their posts: what physicians handed over to them comes back.

    Args:
        world: writes the nurses, their dyads and how many of them each team has.
        rows: of the nurses.
        diary: is told.
        why: one word.
        terms: numbers that decided it.
    """
    if not len(rows):
        return
    n, d = world.nurses, world.dyads
    n["in_post"][rows], n["poor_quarters"][rows] = 0, 0
    theirs = np.isin(d["nurse"], rows)
    for column in ("share", "informal", "refused", "experience"):
        d[column][theirs] = 0
    count_nurses(world)
    diary.add("departure", team=n["team"][rows], nurse=rows, text=why, terms=terms)


def close_posts(world: World, rows: Rows, diary: Notes) -> None:
    """Posts that nobody pays for any more end, with whoever holds them; nobody fills them again."""
    world.nurses["weekly_minutes"][rows] = 0
    empty_posts(world, rows[world.nurses["in_post"][rows] != 0], diary, "funding")


def _refill(world: World, empty: Rows, diary: Notes) -> None:
    """Fill posts that were empty when the quarter ended."""
    n, q = world.nurses, world.behaviour[0]
    chance = np.asarray(q["nursing_refill"])[n["kind"][empty]]
    fill_posts(world, empty[uniforms(world.seed, REFILL, n["who"][empty], world.week) < chance], diary)


def fill_posts(world: World, rows: Rows, diary: Notes) -> None:
    """New nurses come to posts: nobody knows them yet, and physicians check what they do.

    Args:
        world: writes the nurses, their dyads and how many of them each team has.
        rows: of the posts.
        diary: is told.
    """
    if not len(rows):
        return
    n, d, q, par = world.nurses, world.dyads, world.behaviour[0], world.parameters[0]
    kind, who = n["kind"][rows], n["who"][rows]
    n["in_post"][rows], n["poor_quarters"][rows], n["collective_minutes"][rows] = 1, 0, 0
    n["load"][rows] = par["workforce_nurse_load"][kind]
    u = uniforms(world.seed, NEW_LEADER, who, world.week)
    n["leader_type"][rows] = u < par["workforce_nurse_leader_share"][kind]
    ids = paired_ids(who[:, None], np.arange(N_TASKS))
    noise = par["workforce_nurse_skill_sd"] * normals(world.seed, NEW_SKILL, ids, world.week)
    n["skill"][rows] = np.clip(par["workforce_nurse_skill_mean"] + noise, 0, 1)
    theirs = np.isin(d["nurse"], rows)
    d["knowledge"][theirs] = q["delegation_knowledge_newcomer"]
    d["trust"][theirs] = q["delegation_trust_start"]
    d["validation"][theirs] = par["tasks_validation_start"]
    count_nurses(world)
    diary.add("hire", team=n["team"][rows], nurse=rows, text="successor")


def speak(world: World) -> None:
    """Unhappy nurses complain, which clears the air, or withdraw from meetings; most do the second."""
    n, d, q = world.nurses, world.dyads, world.behaviour[0]
    used = (d["share"] > 0).any(axis=1)
    pairs = np.bincount(d["nurse"][used], minlength=len(n))
    trust = np.bincount(d["nurse"][used], weights=d["trust"][used], minlength=len(n)) / np.maximum(pairs, 1)
    unhappy = (pairs > 0) & (n["in_post"] != 0) & (trust < q["nursing_unhappy_trust"])
    u = uniforms(world.seed, COMPLAINS, n["who"], world.week)
    complains, silent = deciding.complains(unhappy, n["dependence_on_gp"].astype(np.float64), u, q)
    d["trust"] = np.minimum(d["trust"] + q["nursing_talk_restores"] * complains[d["nurse"]], 1)
    n["collective_minutes"] = np.where(
        silent, n["collective_minutes"] * q["nursing_silent_exit"], n["collective_minutes"]
    )

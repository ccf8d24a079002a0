"""Nurses of four kinds at the start, in teams and outside (behaviour A3)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table, new_table
from agents.nurses import ADVANCED_PRACTICE, ASALEE, COLUMNS, LIBERAL, PATHWAY
from agents.tasks import N_TASKS
from agents.teams import CPTS
from sim.draws import content_id, decision, normals, uniforms
from sim.kernel import compiled
from sim.specification import ScenarioSpec
from sim.staffing.places import NURSE, drawn_cells, left_over, settling
from sim.staffing.practices import Practice, territory_id, wanted
from sim.territory.grid import Ground

LEADER = decision("nurse.leader_type", "whether a nurse proposes tasks")
SKILL = decision("nurse.skill", "skill of a nurse (step: the task)")

OUTSIDE = -1
"""Team of a nurse who is in none."""


@dataclass(frozen=True, slots=True)
class Post:
    """One nurse before she has a row, or a post that nobody holds yet."""

    who: int
    team: int
    cell: int
    kind: int
    minutes: float
    employed_by_team: bool = False
    held: bool = True


def nurses(
    practices: Sequence[Practice], ground: Ground, spec: ScenarioSpec, seed: int, par: Table, behaviour: Table
) -> Table:
    """All nurses: those of a team side by side in the order of the teams, then those outside any.

    A team whose kind may hire (``team_life.posts_of_kinds``) and that has no pathway nurse has the post of one, without
    minutes, which nobody holds: its collective money can open it (behaviour F4).
    """
    posts: list[Post] = []
    for team, practice in enumerate(practices):
        own = team_posts(practice, team, par)
        hires = behaviour["team_life_posts_of_kinds"][0][practice.kind] > 0
        if hires and not any(post.kind == PATHWAY for post in own):
            own.append(empty_post(practice, team))
        posts += own
    if spec.fill_with_default_teams:
        posts += outside_posts(practices, ground, spec, seed, par)
    table = new_table(COLUMNS, len(posts))
    for name in ("who", "team", "cell", "kind"):
        table[name] = [getattr(post, name) for post in posts]
    table["weekly_minutes"] = [post.minutes for post in posts]
    table["in_post"] = [post.held for post in posts]
    _fill(table, np.array([post.employed_by_team for post in posts], dtype=bool), seed, par)
    table["area_km2"] = round_areas(table, ground, par)
    return table


def team_posts(practice: Practice, team: int, par: Table) -> list[Post]:
    """The nurses of one team; a number of full-time equivalents is shared equally by as few nurses as can carry it."""
    if practice.kind == CPTS:
        return []
    spec, minutes = practice.spec, par["workforce_nurse_weekly_minutes"][0]
    plan = [
        ("liberal", LIBERAL, spec.liberal_nurses, minutes[LIBERAL], False),
        ("salaried", LIBERAL, spec.salaried_nurses, par["workforce_nurse_salaried_minutes"][0], True),
        ("asalee", ASALEE, *_people(spec.asalee_fte, minutes[ASALEE]), False),
        ("advanced_practice", ADVANCED_PRACTICE, spec.advanced_practice_nurses, minutes[ADVANCED_PRACTICE],
         practice.salaried),
        ("pathway", PATHWAY, *_people(spec.pathway_fte, minutes[PATHWAY]), False),
    ]  # fmt: skip
    sites = practice.sites
    return [
        Post(content_id("nurse", practice.who, label, n), team, sites[n % len(sites)], kind, float(each), employed)
        for label, kind, count, each, employed in plan
        for n in range(count)
    ]


def empty_post(practice: Practice, team: int) -> Post:
    """The post of a pathway nurse that a team has not opened yet."""
    return Post(content_id("nurse", practice.who, "pathway", 0), team, practice.sites[0], PATHWAY, 0.0, held=False)


def _people(fte: float, full_time_minutes: float) -> tuple[int, float]:
    """How many nurses carry a number of full-time equivalents, and the weekly minutes of each."""
    count = math.ceil(round(fte, 6))
    return count, full_time_minutes * fte / max(count, 1)


def outside_posts(
    practices: Sequence[Practice], ground: Ground, spec: ScenarioSpec, seed: int, par: Table
) -> list[Post]:
    """Self-employed nurses of no team, until the density holds, or where they are known to be."""
    home, minutes = territory_id(ground), float(par["workforce_nurse_weekly_minutes"][0][LIBERAL])
    if ground.nurse_cells:
        known = left_over(ground.nurse_cells, [(p.sites[0], p.liberal_nurses) for p in practices], ground)
        ordinals: dict[int, int] = {}
        posts = []
        for cell in known:
            ordinals[cell] = ordinals.get(cell, -1) + 1
            who = content_id("nurse", home, int(ground.cells["who"][cell]), ordinals[cell])
            posts.append(Post(who, OUTSIDE, cell, LIBERAL, minutes))
        return posts
    by_type = par["territory_nurses_per_10000"][0]
    count = wanted(ground, spec.territory.nurses_per_10000, by_type) - sum(p.liberal_nurses for p in practices)
    whos = [content_id("nurse", home, "outside", n) for n in range(count)]
    weights = settling(ground, by_type, float(par["workforce_nurse_smallest_commune"][0]))
    cells = drawn_cells(seed, NURSE, whos, ground, weights)
    return [Post(who, OUTSIDE, int(cell), LIBERAL, minutes) for who, cell in zip(whos, cells, strict=True)]


def _fill(table: Table, employed: NDArray[np.bool_], seed: int, par: Table) -> None:
    """Every column that depends on the kind, and the draws of each nurse."""
    kind, who = table["kind"], table["who"]
    for column, key in (
        ("home_share", "nurse_home_share"), ("load", "nurse_load"), ("autonomy", "nurse_autonomy"),
        ("dependence_on_gp", "nurse_dependence"), ("outside_income", "nurse_outside_income"),
        ("derogatory_authorised", "nurse_derogatory"), ("own_door", "nurse_own_door"), ("salaried", "nurse_salaried"),
    ):  # fmt: skip
        table[column] = par[f"workforce_{key}"][0][kind]
    table["salaried"] |= employed.astype(np.uint8)
    in_centre = employed & (kind == LIBERAL)
    table["home_share"][in_centre] = par["workforce_nurse_salaried_home_share"][0]
    table["leader_type"] = uniforms(seed, LEADER, who) < par["workforce_nurse_leader_share"][0][kind]
    for task in range(N_TASKS):
        noise = par["workforce_nurse_skill_sd"][0] * normals(seed, SKILL, who, step=task)
        table["skill"][:, task] = np.clip(par["workforce_nurse_skill_mean"][0] + noise, 0, 1)


@compiled
def _cells_nearest_to(x: NDArray[np.float64], y: NDArray[np.float64], places: NDArray[np.int64]) -> NDArray[np.int64]:
    counts = np.zeros(len(places), dtype=np.int64)
    for c in range(len(x)):
        closest, least = 0, np.inf
        for j in range(len(places)):
            away = (x[c] - x[places[j]]) ** 2 + (y[c] - y[places[j]]) ** 2
            if away < least:
                closest, least = j, away
        counts[closest] += 1
    return counts


def round_areas(table: Table, ground: Ground, par: Table) -> NDArray[np.float32]:
    """Area of each self-employed nurse's round, km2: the cells nearest to her office, shared with her neighbours there.

    Other nurses keep the declared default; they make no rounds.
    """
    areas = table["area_km2"].copy()
    rounds = (table["kind"] == LIBERAL) & (table["salaried"] == 0)
    if rounds.any():
        places, which, here = np.unique(table["cell"][rounds], return_inverse=True, return_counts=True)
        x, y = ground.cells["x_km"].astype(float), ground.cells["y_km"].astype(float)
        low, high = par["workforce_nurse_area_bounds"][0]
        shared = _cells_nearest_to(x, y, places.astype(np.int64)) / here
        areas[rounds] = np.clip(shared[which], low, high)
    return areas

"""Secretaries and coordinators at the start (behaviour A4)."""

import math
from collections.abc import Sequence

from agents.declarations import Table, new_table
from agents.support import COLUMNS, COORDINATOR, ROLES, SECRETARY
from agents.tasks import K17
from sim.draws import content_id
from sim.staffing.practices import Practice


def support(practices: Sequence[Practice], par: Table) -> Table:
    """Support staff in the order of the teams; full-time equivalents are shared equally by as few people as can."""
    people = [post for team, practice in enumerate(practices) for post in _posts(practice, team, par)]
    table = new_table(COLUMNS, len(people))
    for row, (who, role, team, fte) in enumerate(people):
        table["who"][row], table["role"][row], table["team"][row], table["fte"][row] = who, role, team, fte
    table["weekly_minutes"] = par["workforce_support_weekly_minutes"][0] * table["fte"]
    table["load"] = par["workforce_secretary_load"][0]
    table["morale"] = par["workforce_support_morale"][0]
    table["gp_tie"] = par["workforce_support_gp_tie"][0]
    table["evidence_skill"] = par["workforce_coordinator_evidence_skill"][0]
    table["prevention_drive"] = par["workforce_coordinator_prevention_drive"][0]
    table["tasks"][table["role"] == SECRETARY] = 1 << K17  # booking is what a secretary does from the first day
    return table


def secretaries_fte(practice: Practice, par: Table) -> float:
    """Secretaries of a team, in full-time equivalents: what it says, or the default ratio."""
    if practice.spec.secretaries >= 0:
        return practice.spec.secretaries
    return practice.physicians * float(par["workforce_secretaries_per_physician"][0])


def _posts(practice: Practice, team: int, par: Table) -> list[tuple[int, int, int, float]]:
    posts = []
    for role, fte in ((SECRETARY, secretaries_fte(practice, par)), (COORDINATOR, practice.spec.coordinator_fte)):
        count = math.ceil(round(fte, 6))
        posts += [(content_id(ROLES[role], practice.who, n), role, team, fte / count) for n in range(count)]
    return posts

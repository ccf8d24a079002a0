"""Teams at the start, and the rows of their members (behaviour A4)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table, new_table
from agents.support import SECRETARY
from agents.tasks import TASKS
from agents.teams import COLUMNS, HEALTH_CENTRE, MSP, sharing_code
from sim.staffing.practices import Practice

SAID = (
    "sites", "hourly_rate", "pooled_years", "conflict", "maturity_years", "withholds", "hospital_tie",
    "other_professionals", "coordinator_fte", "meetings", "protocols", "more_patients", "encounters", "peer_sanction",
    "interns", "consultant",
)  # fmt: skip
"""Columns that hold what the team's specification says."""


def teams(practices: Sequence[Practice], physicians: Table, nurses: Table, support: Table, par: Table) -> Table:
    """One row a practice; members' rows are side by side, ``first`` to ``last`` (excluded)."""
    table = new_table(COLUMNS, len(practices))
    if not practices:
        return table
    for column in SAID:
        table[column] = [getattr(p.spec, column) for p in practices]
    table["who"] = [p.who for p in practices]
    table["kind"] = [p.kind for p in practices]
    table["cell"] = [p.sites[0] for p in practices]
    table["sites"] = [len(p.sites) for p in practices]
    table["sharing_rule"] = [sharing_code(p.spec.sharing_rule) for p in practices]
    table["files_reviewed"] = table["meetings"] * par["workforce_files_per_meeting"][0]
    table["cohesion"] = par["workforce_cohesion"][0]
    table["closed_tasks"] = [sum(1 << TASKS.index(task) for task in p.spec.closed_tasks) for p in practices]
    # a contract of a coordinated structure asks for both; other teams report neither
    table["opening_ok"] = table["software_ok"] = np.isin(table["kind"], (MSP, HEALTH_CENTRE))
    table["physicians"], table["first_physician"], table["last_physician"] = _ranges(physicians["team"], len(table))
    _posts, table["first_nurse"], table["last_nurse"] = _ranges(nurses["team"], len(table))
    table["nurses"] = nurses_in_post(nurses, len(table))
    table["secretaries"] = np.bincount(support["team"][support["role"] == SECRETARY], minlength=len(table))
    return table


def nurses_in_post(nurses: Table, teams: int) -> NDArray[np.int64]:
    """Nurses of each team who hold their post, ``(teams,)``."""
    return np.bincount(nurses["team"][(nurses["team"] >= 0) & (nurses["in_post"] != 0)], minlength=teams)


def _ranges(team: NDArray[np.int32], teams: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Posts of each team, their first row and the row after the last."""
    counts = np.bincount(team[team >= 0], minlength=teams)
    ends = np.cumsum(counts)
    return counts, ends - counts, ends

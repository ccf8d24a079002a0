"""Dyads: each physician with each nurse of the same team, and the tasks that the scenario hands over (behaviour D2)."""

from collections.abc import Sequence

import numpy as np

from agents.declarations import Table, new_table
from agents.nurses import DYAD_COLUMNS, KINDS
from agents.tasks import TASKS
from sim.staffing.practices import Practice


def dyads(practices: Sequence[Practice], physicians: Table, nurses: Table, par: Table) -> Table:
    """One row a pair, sorted by physician then nurse; writes ``dyad_start`` and ``dyad_end`` of the physicians.

    The share of a task that the scenario hands over is a physician's whole share: it is split between the nurses of
    the kind in proportion to their minutes.
    """
    pairs = [np.flatnonzero(nurses["team"] == team) for team in range(len(practices))]
    counts = np.array([len(pairs[team]) for team in physicians["team"]], dtype=np.int64)
    ends = np.cumsum(counts)
    physicians["dyad_start"], physicians["dyad_end"] = ends - counts, ends
    table = new_table(DYAD_COLUMNS, int(counts.sum()))
    if not len(table):
        return table
    table["physician"] = np.repeat(np.arange(len(physicians)), counts)
    table["nurse"] = np.concatenate([pairs[team] for team in physicians["team"]])
    together = physicians["cell"][table["physician"]] == nurses["cell"][table["nurse"]]
    team = physicians["team"][table["physician"]]
    knowledge = np.array([p.spec.knowledge for p in practices])[team]
    table["knowledge"] = knowledge * np.where(together, 1.0, par["workforce_knowledge_other_site"][0])
    table["availability"] = np.where(
        together, par["workforce_availability_co_located"][0], par["workforce_availability_other_site"][0]
    )
    table["validation"] = par["tasks_validation_start"][0]
    for index, practice in enumerate(practices):
        if practice.spec.delegation:
            _hand_over(table, team == index, practice, nurses)
    return table


def _hand_over(
    table: Table, rows: np.ndarray[tuple[int], np.dtype[np.bool_]], practice: Practice, nurses: Table
) -> None:
    """Write the shares of one team's delegated tasks."""
    kind, minutes = nurses["kind"][table["nurse"]], nurses["weekly_minutes"][table["nurse"]]
    held = nurses["in_post"][table["nurse"]] != 0
    for task, handed in practice.spec.delegation.items():
        takers = rows & held & (kind == KINDS.index(handed.nurse))
        if takers.any():
            of_one_physician = table["physician"] == table["physician"][takers][0]
            total = minutes[takers & of_one_physician].sum()
            table["share"][takers, TASKS.index(task)] = handed.share * minutes[takers] / total
            table["informal"][takers] |= int(handed.informal) << TASKS.index(task)

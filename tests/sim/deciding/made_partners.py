"""A world of teams made by hand: physicians and nurses who work together, and nothing that passes weeks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from agents import hospitals, nurses, physicians, support, teams
from agents.declarations import Table, new_table
from agents.patients import COLUMNS as PATIENT_COLUMNS
from agents.payer import COLUMNS as PAYER_COLUMNS
from sim.parameters import behaviour_record, parameter_record
from sim.territory.grid import CELLS, COMMUNES, TERRITORIES
from sim.world import World

DAY = date(2024, 1, 1)


@dataclass
class Notebook:
    """What a diary was told."""

    told: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def add(
        self, kind: str, *, before: ArrayLike = np.nan, after: ArrayLike = np.nan, text: ArrayLike = "",
        terms: Mapping[str, ArrayLike] | None = None, **who: ArrayLike,
    ) -> None:  # fmt: skip
        given = {"before": before, "after": after, "text": text, **(terms or {}), **who}
        (rows,) = np.broadcast_shapes((1,), *(np.shape(values) for values in given.values()))
        if rows:
            self.told.append((kind, {name: np.broadcast_to(values, rows) for name, values in given.items()}))

    def of(self, kind: str) -> list[Mapping[str, Any]]:
        """All blocks of a kind."""
        return [block for name, block in self.told if name == kind]


def partners_world(
    kinds: tuple[int, ...] = (nurses.ADVANCED_PRACTICE,), *, team_count: int = 1, per_team: int = 5, day: date = DAY,
    team_kind: int = teams.MSP, seed: int = 1, parameters: Mapping[str, Any] | None = None,
) -> World:  # fmt: skip
    """Equal teams of equal physicians, as in the worked example of behaviour D9, each with nurses of some kinds."""
    given = parameters or {}
    par, count = parameter_record(given), team_count * per_team
    doctors = new_table(physicians.COLUMNS, count)
    doctors["who"] = np.arange(count) + 1
    doctors["team"] = np.arange(count) // per_team
    doctors["core"] = par["tasks_core"][0]
    doctors["overload"], doctors["leads"] = 0.5, 1
    carers = new_table(nurses.COLUMNS, team_count * len(kinds))
    carers["who"] = np.arange(len(carers)) + 100_001
    carers["team"], carers["kind"] = np.repeat(np.arange(team_count), len(kinds)), np.tile(kinds, team_count)
    for column, key in (
        ("home_share", "home_share"), ("load", "load"), ("autonomy", "autonomy"), ("salaried", "salaried"),
        ("dependence_on_gp", "dependence"), ("derogatory_authorised", "derogatory"),
    ):  # fmt: skip
        carers[column] = par[f"workforce_nurse_{key}"][0][carers["kind"]]
    carers["leader_type"] = 0
    return World(
        seed=seed, start=day, week=0, warm_up_weeks=0, parameters=par, behaviour=behaviour_record(given),
        territories=new_table(TERRITORIES, 1), communes=new_table(COMMUNES, 1), cells=new_table(CELLS, 1),
        near_physicians=np.zeros((1, 1), np.int32), near_nurses=np.zeros((1, 1), np.int32),
        near_hospitals=np.zeros((1, 1), np.int32), patients=new_table(PATIENT_COLUMNS, 0), physicians=doctors,
        nurses=carers, dyads=_dyads(doctors, carers, par), support=new_table(support.COLUMNS, 0),
        hospitals=new_table(hospitals.COLUMNS, 1), teams=_teams(team_count, per_team, len(kinds), team_kind),
        payer=new_table(PAYER_COLUMNS, 1), names=[f"team {n}" for n in range(team_count)], notes=[],
    )  # fmt: skip


def _teams(count: int, physicians_each: int, nurses_each: int, kind: int) -> Table:
    table = new_table(teams.COLUMNS, count)
    table["kind"], table["physicians"], table["nurses"] = kind, physicians_each, nurses_each
    return table


def _dyads(doctors: Table, carers: Table, par: Table) -> Table:
    each = [np.flatnonzero(carers["team"] == team) for team in doctors["team"]]
    ends = np.cumsum([len(rows) for rows in each])
    doctors["dyad_start"], doctors["dyad_end"] = ends - [len(rows) for rows in each], ends
    table = new_table(nurses.DYAD_COLUMNS, int(ends[-1]))
    table["physician"] = np.repeat(np.arange(len(doctors)), [len(rows) for rows in each])
    table["nurse"] = np.concatenate(each)
    table["validation"] = par["tasks_validation_start"][0]
    table["handed"] = 1  # they see one another often enough
    return table


def told(blocks: list[Mapping[str, Any]], name: str) -> list[Any]:
    """One column of what was told, over all blocks."""
    return [value for block in blocks for value in block[name].tolist()]

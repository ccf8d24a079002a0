"""From scenarios to a world: the ground, who works there, who lives there (behaviour I)."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.declarations import Table
from agents.mistakes import Mistake
from agents.nurses import LIBERAL
from sim.draws import content_id
from sim.mechanisms import effective_parameters
from sim.parameters import behaviour_record, parameter_record
from sim.population import populate
from sim.specification import ScenarioSpec
from sim.staffing import Staff, staff
from sim.staffing.payer import payer_table
from sim.territory import build_ground
from sim.territory.access import fill_access, nearest
from sim.territory.grid import TERRITORY_DTYPE, Ground
from sim.week.ledger import count_lists
from sim.week.passage import Passage
from sim.week.scene import scene
from sim.world import World

NEAR_PHYSICIANS: Final = 6
NEAR_NURSES: Final = 3
NEAR_HOSPITALS: Final = 3

REFERENCES: Final = {
    "communes": {"territory": "territories"},
    "cells": {"territory": "territories", "commune": "communes"},
    "teams": {"territory": "territories", "cell": "cells", "first_physician": "physicians",
              "last_physician": "physicians", "first_nurse": "nurses", "last_nurse": "nurses"},
    "physicians": {"territory": "territories", "cell": "cells", "team": "teams", "dyad_start": "dyads",
                   "dyad_end": "dyads"},
    "nurses": {"territory": "territories", "cell": "cells", "team": "teams"},
    "dyads": {"physician": "physicians", "nurse": "nurses"},
    "support": {"territory": "territories", "team": "teams"},
    "hospitals": {"territory": "territories", "cell": "cells"},
    "patients": {"cell": "cells", "registered_gp": "physicians", "known_gp": "physicians", "nurse_tie": "nurses"},
    "territories": {"first_patient": "patients", "last_patient": "patients"},
    "near_physicians": {"": "physicians"},
    "near_nurses": {"": "nurses"},
    "near_hospitals": {"": "hospitals"},
}  # fmt: skip
"""Which columns hold rows of which table: they move when territories are put side by side."""


def found(specs: ScenarioSpec | Sequence[ScenarioSpec]) -> World:
    """Found the world of one scenario, or of several territories side by side that share no provider.

    Parameters, seed and dates are those of the first scenario.

    Raises:
        Mistake: when a scenario cannot be built, or two territories have the same name.
    """
    several = [specs] if isinstance(specs, ScenarioSpec) else list(specs)
    first = several[0]
    given = effective_parameters(first)
    par, behaviour = parameter_record(given), behaviour_record(given)
    parts = [_territory(spec, first.seed, par, behaviour) for spec in several]
    names = [str(part["territories"]["name"][0]) for part, *_ in parts]
    if len(set(names)) < len(names):
        raise Mistake('territories "{names}": two of them have the same name.', names=", ".join(names))
    tables = _side_by_side([part for part, *_ in parts])
    world = World(
        seed=first.seed, start=first.start, week=0, warm_up_weeks=0, parameters=par,
        behaviour=behaviour,
        payer=payer_table(par, first.payer), names=[name for _, team_names, _ in parts for name in team_names],
        notes=list(dict.fromkeys(note for *_, notes in parts for note in notes)), **tables,
    )  # fmt: skip
    count_lists(scene(world), (0, len(world.physicians)), [(0, len(world.patients))])
    Passage(world).write_ceilings()
    return world


def rehearse(spec: ScenarioSpec) -> None:
    """Make the ground of a scenario and those who work there, for what could be wrong with them; nobody lives there.

    Raises:
        Mistake: when the scenario cannot be built.
    """
    given = effective_parameters(spec)
    _ground_and_staff(spec, spec.seed, parameter_record(given), behaviour_record(given))


def _ground_and_staff(spec: ScenarioSpec, seed: int, par: Table, behaviour: Table) -> tuple[Ground, Staff]:
    try:
        ground = build_ground(spec.territory, seed, par)
        return ground, staff(ground, spec, seed, par, behaviour)
    except Mistake as problem:
        raise Mistake('scenario "{name}": {problem}', name=spec.name, problem=problem) from None


def _territory(
    spec: ScenarioSpec, seed: int, par: Table, behaviour: Table
) -> tuple[dict[str, Table], list[str], list[str]]:
    """The tables of one territory, their rows counted from zero; the names of its teams; notes on its ground."""
    ground, people = _ground_and_staff(spec, seed, par, behaviour)
    fill_access(ground, people.physicians, par)
    tables: dict[str, Table] = {
        "territories": _own_row(ground),
        "communes": ground.communes,
        "cells": ground.cells,
        "near_physicians": nearest(ground.cells, people.physicians["cell"], NEAR_PHYSICIANS),
        "near_nurses": _nearest_liberal(ground, people),
        "near_hospitals": nearest(ground.cells, people.hospitals["cell"], NEAR_HOSPITALS),
    }
    for name in ("teams", "physicians", "nurses", "dyads", "support", "hospitals"):
        tables[name] = getattr(people, name)
    tables["patients"] = populate(ground, people, spec, seed, par)
    tables["territories"]["last_patient"] = len(tables["patients"])
    return tables, people.names, [str(note) for note in ground.notes]


def _own_row(ground: Ground) -> Table:
    row = np.zeros(1, TERRITORY_DTYPE)
    row["who"] = content_id(ground.builder, ground.name)
    row["name"], row["builder"] = ground.name, ground.builder
    row["people"] = ground.communes["people"].sum()
    return row


def _nearest_liberal(ground: Ground, people: Staff) -> NDArray[np.int32]:
    liberal = np.flatnonzero(people.nurses["kind"] == LIBERAL)
    near = nearest(ground.cells, people.nurses["cell"][liberal], NEAR_NURSES)
    return np.where(near >= 0, liberal.astype(np.int32)[near], -1) if liberal.size else near


def _side_by_side(parts: list[dict[str, Table]]) -> dict[str, Any]:
    """The tables of several territories as one, references moved by the rows that come before."""
    offset = dict.fromkeys(("territories", *parts[0]), 0)
    for part in parts:
        for name, columns in REFERENCES.items():
            for column, table in columns.items():
                values = np.asarray(part[name][column] if column else part[name])
                values[values >= 0] += offset[table]
        for name in part:
            offset[name] += len(part[name])
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

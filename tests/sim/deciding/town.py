"""A small town of one team with a pathway nurse, in which everybody decides."""

from dataclasses import replace
from typing import Any

import numpy as np

from agents.tasks import K16
from sim.model import CareModel
from sim.specification import Delegation, ScenarioSpec, TeamSpec
from sim.world import WEEKS_PER_YEAR
from tests.sim.made_weeks import town

OWN = "tests.sim.quotes.own_rule:SocialRights"
USUAL = ["fee_for_service", "list_lump_sums", "rosp"]
TEAM = TeamSpec(
    kind="msp", physicians=3, liberal_nurses=2, pathway_fte=0.6, asalee_fte=0.4, knowledge=0.7, open_deleg=0.7,
    delegation={"k16": Delegation("pathway", 0.15)},
)  # fmt: skip


def deciding_town(seed: int = 1, people: int = 2_400, **changes: Any) -> ScenarioSpec:
    """The scenario; ``changes`` are keys of the team."""
    spec = town(people, seed=seed, teams={"team": replace(TEAM, **changes)}, gps_per_10000=12.5, nurses_per_10000=10.0)
    return replace(spec, warm_up_years=1)


def under(model: CareModel, contract: list[str], terms: dict[str, dict[str, Any]] | None = None) -> CareModel:
    """An arm of the same town whose team is under a contract."""
    spec = model.specification
    assert spec is not None
    team = replace(spec.teams["team"], contract=contract, terms=terms or {})
    return model.fork(replace(spec, teams={"team": team}))


def lived(model: CareModel, years: int = 2) -> CareModel:
    """The model after some years."""
    model.run(years * WEEKS_PER_YEAR)
    return model


def handed(model: CareModel) -> float:
    """Mean share of the paid task that physicians hand over."""
    return float(np.mean(model.world.dyads["share"][:, K16]))

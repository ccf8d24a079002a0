"""A small town whose teams are paid under every kind of contract: warmed up once, run and recorded by whoever asks."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from scenarios.norms.invented import invented_norms
from sim.model import CareModel, prepared
from sim.recorder import Recorder
from sim.specification import ScenarioSpec, TeamSpec
from tests.sim.made_weeks import SHARING, town

STACK = [
    "fee_for_service", "list_lump_sums", "rosp", "peps", "ipep", "asalee", "ipa", "medical_assistant", "aci_msp",
]  # fmt: skip
"""Contract of the team ``lilas``."""
LILAS = replace(
    SHARING, contract=STACK, sharing_rule="hold_harmless", registered_list=2_400, secretaries=2, coordinator_fte=0.5,
    other_professionals=4, protocols=4, meetings=45,
)  # fmt: skip
CENTRE = TeamSpec(kind="health_centre", physicians=2, salaried_nurses=1, secretaries=1, registered_list=1_000)
COMMUNITY = TeamSpec(kind="cpts", physicians=0, other_professionals=12)
WEEKS_A_YEAR = 52


def paid_town() -> ScenarioSpec:
    """The scenario, in which nobody decides: a whole stack, a salaried centre, a community, and solo practices."""
    teams = {"lilas": LILAS, "centre": CENTRE, "community": COMMUNITY}
    return replace(town(4_500, teams=teams, gps_per_10000=18.0, nurses_per_10000=18.0), warm_up_years=1,
                   decisions=False)  # fmt: skip


@cache
def _warmed() -> CareModel:
    return prepared(paid_town(), norms=invented_norms())


def paid_model(specification: ScenarioSpec | None = None) -> CareModel:
    """A model of the town at the start of year 1; the same patients whatever the contracts of the scenario."""
    return _warmed().fork(specification)


def paid_run(folder: Path, years: int = 2, specification: ScenarioSpec | None = None) -> tuple[Path, CareModel]:
    """Run the town and record it, claim lines included; the folder of the run, and the model after it."""
    model = paid_model(specification)
    spec = specification or paid_town()
    with Recorder(model.world, spec, folder, events=True) as recorder:
        model.recorder = recorder
        model.run(years * WEEKS_A_YEAR)
        return recorder.finish(), model

"""Outcomes of payment: what people, teams and the payer get or give under the contracts in force."""

from typing import Final

import numpy as np

from agents.teams import HEALTH_CENTRE, MSP
from sim.outcomes.declaration import Model, Read, outcome, ratio
from sim.payment.policy import Layer
from sim.payment.rules import policy_class
from sim.specification import POLICIES
from sim.standard_measures.acts import IN_SCOPE

LAYERS: Final = {
    Layer.BASE: "base", Layer.SUBSTITUTION: "substitution", Layer.ADD_ON: "add_on", Layer.STAFF: "staff",
    Layer.ORGANISATION: "organisation",
}  # fmt: skip
ACTS: Final = "fee_for_service"
FEES: Final = ("fees", "returned")
"""Parts of fee-for-service that are fees of acts, each followed by the code of the act."""
HOSPITALS: Final = "t2a"
CENTRE: Final = "health_centre_salary"
"""What a centre pays its own staff: no payer gives it."""


def paid(model: Model, year: int, system: str, *, level: str = "", component: str = "") -> float:
    """What a payment rule paid for a year, EUR; 0 where it is in no contract."""
    if model.treasury is None:
        return 0.0
    cents = 0
    for _, statement in model.treasury.settled.get(year, ()):
        if statement.system == system:
            parts = (p for p in statement.components if level in ("", p.level) and component in ("", p.name))
            cents += sum(int(part.cents.sum()) for part in parts)
    return cents / 100


def under(model: Model, year: int, system: str) -> float:
    """Teams (or hospitals) whose contract held a payment rule in force for some part of a year."""
    if model.treasury is None:
        return float("nan")
    settled = {number for number, statement in model.treasury.settled.get(year, ()) if statement.system == system}
    return float(sum(len(model.treasury.teams_of(year, number)) for number in settled))


def _of_layer(layer: Layer) -> Read:
    def read(model: Model, year: int) -> float:
        if model.treasury is None:
            return float("nan")
        systems = {statement.system for _, statement in model.treasury.settled.get(year, ())}
        counted = [system for system in systems if system not in (HOSPITALS, CENTRE)]
        found = [system for system in counted if model.treasury.layer_of(system) is layer]
        return ratio(sum(paid(model, year, system) for system in found), model.accounts.total("residents", year))

    return read


for _layer, _name in LAYERS.items():
    outcome(f"paid_{_name}_per_person", "EUR/person/year", f"payments of layer {_name}, a resident",
            reference="systems 0.1")(_of_layer(_layer))  # fmt: skip
for _policy in POLICIES:

    def _total(model: Model, year: int, system: str = _policy) -> float:
        return paid(model, year, system)

    def _under(model: Model, year: int, system: str = _policy) -> float:
        return under(model, year, system)

    outcome(f"paid_{_policy}", "EUR/year", f"paid under the rule {_policy}", reference="systems 1")(_total)
    outcome(f"teams_under_{_policy}", "teams", f"teams under the rule {_policy} in the year",
            reference="systems 0.1")(_under)  # fmt: skip


@outcome("lump_sum_share_of_gp_pay", "share", "lump sums as a share of the pay of self-employed GPs",
         reference="P-LUMP-SHARE")  # fmt: skip
def _lump_sum_share(model: Model, year: int) -> float:
    """Base-layer pay that is no fee, over all base-layer pay of physicians in person."""
    fees = paid(model, year, ACTS, level="physician")
    lump_sums = sum(
        paid(model, year, name, level="physician") for name in POLICIES
        if name not in (ACTS, CENTRE) and policy_class(name).layer is Layer.BASE
    )  # fmt: skip
    return ratio(lump_sums, fees + lump_sums)


@outcome("aci_per_msp", "EUR/year", "team contract of a multi-professional health home under contract, mean",
         reference="P-ACI-MEAN")  # fmt: skip
def _aci_per_msp(model: Model, year: int) -> float:
    if model.treasury is None:
        return float("nan")
    amounts: list[float] = []
    for number, statement in model.treasury.settled.get(year, ()):
        if statement.system != "aci_msp":
            continue
        teams = model.treasury.teams_of(year, number)
        by_team = statement.amounts("team", len(teams))
        amounts += by_team[(model.world.teams["kind"][teams] == MSP) & (by_team > 0)].tolist()
    return float(np.mean(amounts)) if amounts else float("nan")


@outcome("gp_revenue_per_active_patient", "EUR/patient/year",
         "fees and lump sums for in-scope care, an active patient of self-employed GPs", reference="V-26")  # fmt: skip
def _revenue_per_active_patient(model: Model, year: int) -> float:
    """Fees of in-scope acts, and what is paid in their place, over the active files of physicians outside centres."""
    kinds = model.world.teams["kind"][model.world.physicians["team"]]
    file = model.accounts.array("active_file", year)
    own = kinds[: len(file)] != HEALTH_CENTRE
    parts = [f"{part}_{code}" for part in FEES for code in IN_SCOPE]
    fees = sum(paid(model, year, ACTS, level="physician", component=part) for part in parts)
    instead = sum(paid(model, year, name) for name in POLICIES if policy_class(name).layer is Layer.SUBSTITUTION)
    return ratio(fees + instead, float(file[own].sum()))

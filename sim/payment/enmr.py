"""The first experiments with team money, 2010-14: a sum a site, and one for each patient educated (systems 2B)."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from agents.tasks import K02, K03, K05
from agents.teams import CPTS, SOLO
from sim import events
from sim.measures import measure
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.lump_sums import pay_team
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy
from sim.payment.statement import Statement

EDUCATED: Final = measure(
    "patients_educated", "distinct patients educated by nurses of the team: diabetes, vascular risk, way of life",
    "patients", reference="systems 2B, enmr", distinct="patient", per=("team",),
    where={"kind": events.NURSE, "task": (K02, K03, K05)},
)  # fmt: skip

COORDINATION: Final = {
    "flat": "coordination_sum",
    "by_list": "coordination_sum * registered_list / reference_list",
}
"""Module 1, by how it is read."""


@dataclass(frozen=True)
class EnmrParameters:
    """Terms of the modules."""

    coordination_sum: float
    education_sum: float
    delegation_sum: float
    reference_list: float
    coordination_by: str


class Enmr(Policy[EnmrParameters]):
    """Modules 1 (coordination), 2 (education) and 3 (delegation); whom the agency chose is under this contract."""

    name = "enmr"
    layer = Layer.ORGANISATION
    title = "Experiments with team pay of 2010-14 (ENMR)"
    parameters = EnmrParameters
    measures = (EDUCATED,)
    excludes = ("aci_msp", "rule_arbitral")
    pool = "collective"

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        sheet, terms = self.sheet(accounts, "team"), self.at(accounts.last_day)
        site = ~np.isin(accounts.measure("team_kind"), (SOLO, CPTS))
        sheet.bring("is_site", site, "A health home, group or centre", "yes/no")
        modules = {
            "coordination": (COORDINATION[terms.coordination_by], "Module 1: coordination"),
            "education": ("education_sum * patients_educated", "Module 2: education of patients"),
            "delegation": ("delegation_sum", "Module 3: tasks handed over"),
        }
        for name, (text, label) in modules.items():
            if name == "delegation" and not terms.delegation_sum:
                continue
            sheet.let(name, f"{text} if is_site else 0", label)
            pay_team(sheet, name, name, cash=[(accounts.year, 4)])
        return sheet.statement()

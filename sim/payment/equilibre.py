"""Équilibres: nurses who practise together are paid for their hours with patients, whatever they do (systems 2B).

The scheme also asks for a standard assessment of each patient's needs every three months, which is not paid apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from agents.nurses import LIBERAL
from agents.uses import USES
from sim import events
from sim.measures import Measure, measure
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy, Replaced
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement, quarters
from sim.tariffs import NURSE_CODES

WITH_PATIENTS: Final = {"visit": "visits", "home": "care at home", "phone": "care at a distance"}
_SELF_EMPLOYED: Final = {"kind": LIBERAL, "salaried": 0}
_IN_POST: Final = {"in_post": 1}

NURSES: Final = measure("self_employed_nurses", "self-employed nurses of the team", "count", source="nurses",
                        reference="systems 2B, equilibre", where=_SELF_EMPLOYED | _IN_POST)  # fmt: skip
HOURS: Final = tuple(
    measure(f"patient_hours_{use}", f"hours of self-employed nurses with patients: {what}", "hours",
            reference="systems 2B, equilibre", source="nurses", where=_SELF_EMPLOYED,
            value=("minutes_year", USES.index(use)), divisor=60)
    for use, what in WITH_PATIENTS.items()
)  # fmt: skip


@dataclass(frozen=True)
class EquilibreParameters:
    """Terms of Équilibres."""

    hourly_rate: float
    min_nurses: int


class Equilibre(Policy[EquilibreParameters]):
    """An amount an hour with patients, in the place of every nursing act."""

    name = "equilibre"
    layer = Layer.SUBSTITUTION
    title = "Équilibres: nurses are paid by the hour"
    parameters = EquilibreParameters
    pool = "lump_sum"
    measures: ClassVar[Sequence[Measure]] = (NURSES, *HOURS)

    def replaces(self, day: date) -> Sequence[Replaced]:
        """See :meth:`Policy.replaces`."""
        return (Replaced(NURSE_CODES, events.SCOPES),)

    def eligible(self, accounts: AccountsOfYear, history: History, norms: Norms) -> NDArray[np.bool_]:
        """See :meth:`Policy.eligible`."""
        sheet = self.sheet(accounts, "team")
        _lay_eligible(sheet)
        return sheet.rows("eligible") > 0

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        sheet = self.sheet(accounts, "team")
        _lay_eligible(sheet)
        sheet.let("hours_with_patients", " + ".join(one.name for one in HOURS), "Hours with patients", "hours")
        sheet.let("pay", "hourly_rate * hours_with_patients * eligible", "Pay of these hours")
        sheet.pay("hours", "pay", to="team_account", cash=quarters(accounts.year))
        return sheet.statement()


def _lay_eligible(sheet: Sheet) -> None:
    sheet.let("eligible", "self_employed_nurses >= min_nurses", "Whether enough nurses practise together", "yes/no")

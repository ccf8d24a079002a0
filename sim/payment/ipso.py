"""Ipso: a monthly sum a registered patient, to each physician's own account, by two profiles of patients (systems 2B).

Patients promise to stay in the practice; what they buy elsewhere is not taken off unless a term says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear
from sim.payment.history import History
from sim.payment.lump_sums import last_year
from sim.payment.norms import Norms
from sim.payment.payees import each_payee, pay_here
from sim.payment.perimeters import LISTED, SCOPES_OF_ACTS
from sim.payment.policy import Layer, Policy, Replaced
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement, quarters


@dataclass(frozen=True)
class IpsoParameters:
    """Terms of Ipso."""

    base: float
    profile_weight: float
    heavy_from_age: int
    envelope: float
    leak_rate: float


class Ipso(Policy[IpsoParameters]):
    """A sum a registered patient to each physician, more for ill and old ones, and an envelope for complex cases."""

    name = "ipso"
    layer = Layer.SUBSTITUTION
    title = "Ipso: a monthly sum a registered patient"
    parameters = IpsoParameters

    def replaces(self, day: date) -> Sequence[Replaced]:
        """See :meth:`Policy.replaces`."""
        return (Replaced(SCOPES_OF_ACTS["gp"], (LISTED,)),)

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        p, statement = self.at(accounts.last_day), Statement(self.name, accounts.year)
        for sheet, to in each_payee(self, accounts):
            _lay(sheet, p, last_year(accounts, history))
            for component in ("lump_sum", "complex_care"):
                pay_here(sheet, component, component, to=to, cash=quarters(accounts.year))
            statement += sheet.statement()
        return statement


def _lay(sheet: Sheet, p: IpsoParameters, a_year_before: AccountsOfYear) -> None:
    # Of a sum paid month by month only the lists of two 31 Decembers are known: their mean stands for the year.
    classes = (a_year_before.classes(sheet.level) + sheet.accounts.classes(sheet.level)) / 2
    heavy = np.array([one.ald or one.low_age >= p.heavy_from_age for one in LIST_CLASSES])
    sheet.bring("patients", classes.sum(axis=1), "Registered patients, mean of the year", "patients")
    sheet.bring("heavy_patients", classes[:, heavy].sum(axis=1), "Of whom with a long-term illness or old", "patients")
    sheet.let("weighted", "patients + (profile_weight - 1) * heavy_patients", "Patients by profile", "patients")
    text = "base * weighted"
    if p.leak_rate > 0:
        text = f"max(0, {text} - leak_rate * leaked_value)"
    sheet.let("lump_sum", text, "Sum for the patients")
    sheet.let("complex_care", "envelope * patients", "Envelope for complex cases and unpaid care")

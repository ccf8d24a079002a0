"""Ipso: a monthly sum a registered patient, to each physician's own account, by two profiles of patients (systems 2B).

Patients promise to stay in the practice; what they buy elsewhere is not taken off unless a term says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from agents.teams import HEALTH_CENTRE
from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear
from sim.payment.history import History
from sim.payment.lump_sums import last_year
from sim.payment.norms import Norms
from sim.payment.perimeters import LISTED, SCOPES_OF_ACTS
from sim.payment.policy import Layer, Policy, Replaced
from sim.payment.statement import Statement, quarters

PAID: Final = {"physician": "person", "team": "employer"}
"""Who is paid, by the level at which patients are counted: the employer of a salaried centre stands for its staff."""


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
        statement = Statement(self.name, accounts.year)
        for level, to in PAID.items():
            if accounts.size(level):
                statement += self._of_level(accounts, history, level, to)
        return statement

    def _of_level(self, accounts: AccountsOfYear, history: History, level: str, to: str) -> Statement:
        p, sheet = self.at(accounts.last_day), self.sheet(accounts, level)
        centre = accounts.of_team(accounts.measure("team_kind") == HEALTH_CENTRE, level)
        if not (centre == (to == "employer")).any():
            return sheet.statement()
        # Of a sum paid month by month only the lists of two 31 Decembers are known: their mean stands for the year.
        classes = (last_year(accounts, history).classes(level) + accounts.classes(level)) / 2
        heavy = np.array([one.ald or one.low_age >= p.heavy_from_age for one in LIST_CLASSES])
        sheet.bring("paid_here", centre == (to == "employer"), "Who is paid: the person, or the centre", "yes/no")
        sheet.bring("patients", classes.sum(axis=1), "Registered patients, mean of the year", "patients")
        sheet.bring(
            "heavy_patients", classes[:, heavy].sum(axis=1), "Of whom with a long-term illness or old", "patients"
        )
        sheet.let(
            "weighted_patients", "patients + (profile_weight - 1) * heavy_patients", "Patients by profile", "patients"
        )
        text = "base * weighted_patients"
        if p.leak_rate > 0:
            text = f"max(0, {text} - leak_rate * leaked_value)"
        sheet.let("lump_sum", f"({text}) * paid_here", "Sum for the patients")
        sheet.let("complex_care", "envelope * patients * paid_here", "Envelope for complex cases and unpaid care")
        for component in ("lump_sum", "complex_care"):
            sheet.pay(component, component, to=to, cash=quarters(accounts.year))
        return sheet.statement()

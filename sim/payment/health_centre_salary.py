"""Salaries of a health centre: the centre earns, its staff is paid by the hour (systems 2.10).

The statement holds the wages, and what they and the running of the centre cost it; with the fees and lump sums that
other rules pay to the centre, the sum is its result. A deficit is borne by the owner.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from agents import nurses
from sim.measures import measure
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.payees import EMPLOYER, PERSON, paid_here
from sim.payment.policy import Layer, Policy
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement, quarters
from sim.standard_measures.acts import CODES, codes

STAFF: Final = {"physician": "fte_physician", "nurse": "fte_salaried_nurse"}
"""Whom a centre employs, and the measure of their working time; other wages are part of its overhead."""

MEASURES_OF_CENTRES: Final = (
    measure("value_of_acts", "value of acts at their fee, billed or replaced", "EUR", reference="systems 2.10",
            where={"code": codes(*CODES)}, value="cents", divisor=100),
    measure("fte_salaried_nurse", "full-time equivalents of nurses whom a centre employs", "FTE", source="nurses",
            reference="systems 2.10",
            where={"salaried": 1, "in_post": 1, "kind": (nurses.LIBERAL, nurses.ADVANCED_PRACTICE, nurses.PATHWAY)},
            value=lambda view: view.column("weekly_minutes") / view.parameters[0]["accounts_full_time_minutes"]),
)  # fmt: skip


@dataclass(frozen=True)
class HealthCentreSalaryParameters:
    """Terms of salaried work."""

    salary_physician: float
    salary_nurse: float
    variable_share: float
    charges: float
    overhead: float


class HealthCentreSalary(Policy[HealthCentreSalaryParameters]):
    """Wages of the staff of a health centre, and its costs."""

    name = "health_centre_salary"
    layer = Layer.BASE
    title = "Salaries of a health centre"
    parameters = HealthCentreSalaryParameters
    measures: ClassVar = MEASURES_OF_CENTRES
    may_be_negative: ClassVar = ("wages_and_charges", "running_costs")

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        statement = Statement(self.name, accounts.year)
        wages = np.zeros(accounts.size("team"))
        for level in STAFF:
            if accounts.size(level):
                sheet = self._wages(accounts, level)
                paid = sheet.rows("wage")
                wages += np.bincount(accounts.owners[level].team, paid, minlength=len(wages))
                statement += sheet.statement()
        return statement + self._costs(accounts, wages) if accounts.size("team") else statement

    def _wages(self, accounts: AccountsOfYear, level: str) -> Sheet:
        """What each member of the staff is paid."""
        sheet = self.sheet(accounts, level)
        employed = paid_here(accounts, level, EMPLOYER)
        sheet.bring("employed", employed, "Works in a health centre", "yes/no", "accounts")
        own = " + variable_share * value_of_acts" if sheet["variable_share"] else ""
        sheet.let("wage", f"({STAFF[level]} * salary_{level}{own}) * employed", "Salary")
        sheet.pay("wages", "wage", to=PERSON, cash=quarters(accounts.year))
        return sheet

    def _costs(self, accounts: AccountsOfYear, wages: Numbers) -> Statement:
        """What wages, charges and the running of a centre cost it."""
        sheet = self.sheet(accounts, "team")
        sheet.bring("centre", paid_here(accounts, "team", EMPLOYER), "A health centre", "yes/no", "accounts")
        sheet.bring("wages", wages, "Salaries of the staff", "EUR", "worksheets of the staff")
        sheet.let("cost_of_staff", "-wages * (1 + charges)", "Salaries and charges on them")
        sheet.pay("wages_and_charges", "cost_of_staff", to=EMPLOYER, cash=quarters(accounts.year))
        sheet.let("cost_of_running", "-overhead * value_of_acts * centre", "Running costs")
        sheet.pay("running_costs", "cost_of_running", to=EMPLOYER, cash=quarters(accounts.year))
        return sheet.statement()

"""Asalée: a national association employs public-health nurses and places them with physicians (systems 2.7).

The team receives time, not cash: what is paid goes to the association, and where it is agreed on, to physicians for the
hours that they give the nurse.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from agents.nurses import ASALEE
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.funded_staff import FundedStaff
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.payees import each_payee, pay_here
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement, quarters

PRESENT, QUEUE = "present", "queue"


@dataclass(frozen=True)
class AsaleeParameters:
    """Terms of Asalée."""

    ratio: float
    adhering_share: float
    basis: str
    cost_fte: float
    budget: float
    rationing: str
    indemnity: float
    stop: date


class Asalee(FundedStaff[AsaleeParameters]):
    """A public-health nurse for so many physicians, within a national budget."""

    name = "asalee"
    title = "Asalée: public-health nurses"
    parameters = AsaleeParameters
    staff = "fte_asalee"
    employs = ASALEE

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        terms = self.at(accounts.last_day)
        statement = Statement(self.name, accounts.year)
        if accounts.size("team"):
            sheet = self._nurses(accounts, history)
            sheet.let("nurses", "funded * cost_fte", "Nurses, to the association that employs them")
            sheet.pay("nurses", "nurses", to="association", cash=quarters(accounts.year))
            statement += sheet.statement()
        if terms.indemnity:
            for sheet, to in each_payee(self, accounts):
                hours = "hours_supervision_physicians + hours_validation_physicians"
                sheet.let("hours", f"({hours}) * adhering_share", "Hours that physicians give the nurses", "hours")
                sheet.let("indemnity_due", "indemnity * hours", "Indemnity of physicians for these hours")
                pay_here(sheet, "indemnity", "indemnity_due", to=to, cash=quarters(accounts.year))
                statement += sheet.statement()
        return statement

    def fte_due(self, accounts: AccountsOfYear, history: History) -> Numbers:
        """See :meth:`FundedStaff.fte_due`: what is funded, over the part of the year in which it is."""
        sheet = self._nurses(accounts, history)
        return sheet.rows("funded") * sheet.share_of_year

    def paid_until(self, year: int) -> date:
        """The end of the contract, or the day before the scheme stops."""
        return min(self.ends, self.at(date(year, 12, 31)).stop - timedelta(days=1))

    def days_of_change(self) -> set[date]:
        """See :meth:`Policy.days_of_change`: the day on which the scheme stops is one."""
        return super().days_of_change() | {entry.value for entry in self.terms.of["stop"].entries}

    def _nurses(self, accounts: AccountsOfYear, history: History) -> Sheet:
        """How many nurses each team is due, and how many the budget funds."""
        terms = self.at(accounts.last_day)
        sheet = self.sheet(accounts, "team")
        if terms.basis == PRESENT:
            sheet.let("due", "fte_asalee", "Nurses who are there", "FTE")
        else:
            sheet.let("adhering", "physicians * adhering_share", "Physicians who take part", "count")
            sheet.let("due", "ratio * adhering", "Nurses for these physicians", "FTE")
        if np.isinf(terms.budget):
            sheet.let("funded", "due", "Nurses who are funded", "FTE")
        elif terms.rationing == QUEUE:
            sheet.bring("before", _before(accounts, history, sheet.rows("due"), self.staff),
                        "Nurses of teams that joined earlier", "FTE", "accounts")  # fmt: skip
            sheet.let("funded", "clip(budget / cost_fte - before, 0, due)", "Nurses within the budget", "FTE")
        else:
            sheet.bring("due_of_all", sheet.rows("due").sum(), "Nurses due to all teams", "FTE", "accounts")
            sheet.let("funded", "due * min(1, budget / (cost_fte * due_of_all)) if due_of_all > 0 else 0",
                      "Nurses, cut alike for all teams to what the budget funds", "FTE")  # fmt: skip
        return sheet


def _before(accounts: AccountsOfYear, history: History, due: Numbers, staff: str) -> Numbers:
    """Full-time equivalents due to teams that had a nurse earlier, those of one year in the order of their rows."""
    joined = np.full(accounts.size("team"), accounts.year)
    for year in sorted(history.accounts, reverse=True):
        joined = np.where(history.accounts[year].measure(staff) > 0, year, joined)
    order = np.lexsort((accounts.owners["team"].rows, joined))
    before = np.empty(len(due))
    before[order] = np.cumsum(due[order]) - due[order]
    return before

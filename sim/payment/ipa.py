"""Advanced-practice nurses: lump sums by quarter for patients whom a physician entrusts to them (systems 2.8).

A patient who is followed is worth an amount in the quarter of the first contact and another in each quarter with a
contact after it; one who comes now and then is worth an assessment and up to four sessions a year. Until March 2023
there were two amounts only. The physician who entrusts a patient is paid nothing.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from agents.tasks import FOLLOW_UP, N_TASKS
from sim import events
from sim.measures import Bits, Condition, measure
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.funded_staff import FundedStaff
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.payees import each_payee, pay_here
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement, quarters
from sim.working_time import QUARTERS

_ENTRUSTED: Final[dict[str, Condition]] = {"kind": events.NURSE, "channel": events.TRANSFER}
_FOLLOWED: Final[dict[str, Condition]] = {**_ENTRUSTED, "task": FOLLOW_UP}
_OCCASIONAL: Final[dict[str, Condition]] = {
    **_ENTRUSTED, "task": tuple(task for task in range(N_TASKS) if task not in FOLLOW_UP),
}  # fmt: skip
_KEPT: Final = ("nurse", "team")

MEASURES_OF_NURSES: Final = (
    measure("ipa_followed", "distinct patients whom advanced-practice nurses follow", "patients",
            reference="systems 2.8", where=_FOLLOWED, distinct="patient", per=_KEPT),
    measure("ipa_initiated", "patients whom advanced-practice nurses begin to follow", "patients",
            reference="systems 2.8", where={**_FOLLOWED, "marks": Bits(all=events.INITIATED)}, per=_KEPT),
    measure("ipa_quarters", "quarters with follow-up by advanced-practice nurses, summed over patients", "quarters",
            reference="systems 2.8", where=_FOLLOWED, distinct="patient", periods=QUARTERS, per=_KEPT),
    measure("ipa_entrusted", "distinct patients entrusted to advanced-practice nurses", "patients",
            reference="systems 2.8", where=_ENTRUSTED, distinct="patient", per=_KEPT),
    measure("ipa_occasional", "distinct patients who see advanced-practice nurses for other tasks", "patients",
            reference="systems 2.8", where=_OCCASIONAL, distinct="patient", per=_KEPT),
    measure("ipa_occasional_contacts", "contacts with advanced-practice nurses for other tasks", "contacts",
            reference="systems 2.8", where=_OCCASIONAL, value="count", per=_KEPT),
)  # fmt: skip


@dataclass(frozen=True)
class IpaParameters:
    """Terms of the pay of advanced-practice nurses."""

    new_from: date
    initiation: float
    follow_up: float
    assessment: float
    session: float
    sessions_max: float
    old_first: float
    old_later: float


class Ipa(FundedStaff[IpaParameters]):
    """Lump sums by patient and quarter."""

    name = "ipa"
    title = "Advanced-practice nurses: lump sums by quarter"
    parameters = IpaParameters
    measures: ClassVar = MEASURES_OF_NURSES
    staff = "fte_advanced_practice"

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        statement = Statement(self.name, accounts.year)
        new = self._new_tariff(accounts)
        for sheet, to in each_payee(self, accounts, "nurse"):
            steps = []
            if new < 1:
                sheet.let("old_tariff", "old_first * ipa_initiated + old_later * (ipa_quarters - ipa_initiated)",
                          "Patients followed, first and later quarters")  # fmt: skip
                steps.append("old_tariff")
            if new > 0:
                self._by_new_tariff(sheet)
                steps.append("new_tariff")
            if len(steps) > 1:
                sheet.bring("new_share", new, "Part of the year under the tariff of 2023", "share")
                sheet.let("both", "(1 - new_share) * old_tariff + new_share * new_tariff", "Each tariff for its days")
                steps = ["both"]
            pay_here(sheet, "patients", steps[0], to=to, cash=quarters(accounts.year))
            statement += sheet.statement()
        return statement

    def fte_due(self, accounts: AccountsOfYear, history: History) -> Numbers:
        """See :meth:`FundedStaff.fte_due`: nobody is funded but those who live on their patients."""
        return accounts.measure(self.staff)

    def _new_tariff(self, accounts: AccountsOfYear) -> float:
        """Part of the year, by days, from the day of the new tariff on."""
        days = (accounts.last_day - accounts.first_day).days + 1
        after = (accounts.last_day - self.at(accounts.last_day).new_from).days + 1
        return min(max(after / days, 0.0), 1.0)

    def _by_new_tariff(self, sheet: Sheet) -> None:
        sheet.let("followed", "initiation * ipa_initiated + follow_up * (ipa_quarters - ipa_initiated)",
                  "Patients followed, first and later quarters")  # fmt: skip
        # An occasional patient is one who is not also followed; the assessment is the first contact.
        sheet.let("only_occasional", "ipa_entrusted - ipa_followed", "Patients who are not also followed", "patients")
        sheet.let("sessions", "(ipa_occasional_contacts - ipa_occasional) * only_occasional / ipa_occasional "
                              "if ipa_occasional > 0 else 0", "Their further sessions", "sessions")  # fmt: skip
        paid = "min(sessions, sessions_max * only_occasional)"
        sheet.let("occasional", f"assessment * only_occasional + session * {paid}", "Patients who come now and then")
        sheet.let("new_tariff", "followed + occasional", "Patients followed, and patients who come now and then")

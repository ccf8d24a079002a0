"""Medical assistants: a wage subsidy for who hires one, against growth of the list (systems 2.9).

The first two years are paid whatever happens; from the third on the aid follows how far the registered list and the
file of patients seen have grown since the start, against a target that is lower for large lists.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

import numpy as np

from agents.teams import HEALTH_CENTRE, MSP
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.contract_start import at_start
from sim.payment.funded_staff import FundedStaff
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement

YEARS: Final = ("year_1", "year_2", "later")
"""Years of a contract that are paid differently; growth counts in the last ones."""
PRESENT = "present"
MONTHS_A_QUARTER: Final = 3


@dataclass(frozen=True)
class MedicalAssistantParameters:
    """Terms of the aid."""

    option: str
    third_year_1: float
    third_year_2: float
    third_later: float
    half_year_1: float
    half_year_2: float
    half_later: float
    full_year_1: float
    full_year_2: float
    full_later: float
    third_fte: float
    half_fte: float
    full_fte: float
    third_target_high: float
    third_target_low: float
    half_target_high: float
    half_target_low: float
    full_target_high: float
    full_target_low: float
    list_of_low_target: float
    list_range: float
    raise_factor: float
    third_allowed: bool
    full_zone: str
    assistants: int
    second_allowed: bool
    least_list: float
    list_counted: str
    grouped: bool
    group_size: float
    coordination: str
    coordinated_by_year: int
    basis: str
    wage_cost: float


class MedicalAssistant(FundedStaff[MedicalAssistantParameters]):
    """A part of the wage of an assistant, by physician."""

    name = "medical_assistant"
    title = "Aid for medical assistants"
    parameters = MedicalAssistantParameters
    prorated: ClassVar[bool] = False
    staff = "fte_secretary"

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        if not accounts.size("physician"):
            return Statement(self.name, accounts.year)
        terms, year = self.at(accounts.last_day), self._year(accounts)
        sheet = self._eligible(accounts, history)
        aid = f"{terms.option}_{YEARS[min(year, len(YEARS)) - 1]}"
        text = f"{aid} * raise_factor * aided * eligible"
        if year >= len(YEARS):
            self._growth(sheet, accounts, history)
            text += " * (reached_list + reached_file) / 2"
        if terms.basis == PRESENT:
            self._filled(sheet, accounts)
            text += " * filled"
        held = self._held(accounts)
        if held < 1:
            sheet.bring("held", held, "Part of the contract year before its end", "share")
            text += " * held"
        sheet.let("aid", text, "Aid of this year of the contract")
        sheet.let("left_to_pay", f"wage_cost * {terms.option}_fte * aided * eligible - aid",
                  "What is left of the wage for the physician to pay")  # fmt: skip
        sheet.pay("aid", "aid", to="person", cash=[self._anniversary(accounts)])
        return sheet.statement()

    def fte_due(self, accounts: AccountsOfYear, history: History) -> Numbers:
        """See :meth:`FundedStaff.fte_due`: assistants whom the physicians of a team are paid to have."""
        if not accounts.size("physician"):
            return np.zeros(accounts.size("team"))
        sheet = self._eligible(accounts, history)
        each = sheet.rows("eligible") * sheet[f"{self.at(accounts.last_day).option}_fte"] * sheet["aided"]
        return np.bincount(accounts.owners["physician"].team, each, minlength=accounts.size("team"))

    def _year(self, accounts: AccountsOfYear) -> int:
        """Year of the contract that begins in this calendar year, 1 for the first."""
        return max(1, self.year_of(accounts.year))

    def _eligible(self, accounts: AccountsOfYear, history: History) -> Sheet:
        """Who may be aided, on the conditions of the day of signature, and for how many assistants."""
        signed = self.since or accounts.first_day
        terms, start = self.at(signed), at_start(self.since, accounts, history)
        sheet = self.sheet(accounts, "physician")
        kind = accounts.of_team(accounts.measure("team_kind"), "physician")
        then = f"31 December: {start.year}"
        sheet.bring("self_employed", kind != HEALTH_CENTRE, "Self-employed", "yes/no", "accounts")
        sheet.bring("list_at_start", start.measure("registered_list", "physician"), "Registered patients at the start",
                    "patients", then)  # fmt: skip
        sheet.bring("list_asked", terms.least_list, "Smallest list that is aided", "patients",
                    self.terms.at(signed)["least_list"].source)  # fmt: skip
        conditions = ["self_employed", "physicians > 0"]
        if terms.list_counted == "adults":
            adults = start.measure("adult_list", "physician")
            sheet.bring("adults_at_start", adults, "Registered adults at the start", "patients", then)
            conditions.append("adults_at_start >= list_asked")
        else:
            conditions.append("list_at_start >= list_asked")
        conditions += self._conditions(sheet, terms, kind)
        sheet.let("eligible", " and ".join(conditions), "Whether the aid is due", "yes/no")
        sheet.let("aided", "assistants if second_allowed else 1", "Assistants who are aided", "count")
        return sheet

    def _conditions(self, sheet: Sheet, terms: MedicalAssistantParameters, kind: Numbers) -> list[str]:
        """What else the agreement asks for: a group, coordination, working time, a zone."""
        accounts, conditions = sheet.accounts, []
        if terms.grouped:
            colleagues = accounts.of_team(accounts.measure("physicians"), "physician")
            sheet.bring("colleagues", colleagues, "Physicians of the practice", "count", "accounts")
            conditions.append("colleagues >= group_size")
        if terms.coordination == "team_kind" and self._year(accounts) > terms.coordinated_by_year:
            sheet.bring("coordinated", kind == MSP, "In a coordinated practice", "yes/no", "accounts")
            conditions.append("coordinated")
        if terms.option == "third" and not terms.third_allowed:
            sheet.bring("third_open", False, "A third of a post can be signed for", "yes/no")
            conditions.append("third_open")
        if terms.option == "full" and terms.full_zone == "under_served":
            zone = accounts.of_team(accounts.measure("practice_under_served"), "physician")
            sheet.bring("under_served", zone, "In an under-served zone", "yes/no", "accounts")
            conditions.append("under_served > 0")
        return conditions

    def _growth(self, sheet: Sheet, accounts: AccountsOfYear, history: History) -> None:
        """How far the list and the file have grown, against the target."""
        option, start = self.at(accounts.last_day).option, at_start(self.since, accounts, history)
        sheet.bring("file_at_start", start.measure("active_file", "physician"), "Patients seen in the year before",
                    "patients", str(start.year))  # fmt: skip
        low, high = f"{option}_target_low", f"{option}_target_high"
        sheet.let("target", f"{low} + ({high} - {low}) * clip((list_of_low_target - list_at_start) / list_range, 0, 1)",
                  "Growth that is asked for", "share")  # fmt: skip
        for name, now in (("list", "registered_list"), ("file", "active_file")):
            sheet.let(f"growth_{name}", f"{now} / {name}_at_start - 1 if {name}_at_start > 0 else 0", "Growth since",
                      "share")  # fmt: skip
            sheet.let(f"reached_{name}", f"clip(growth_{name} / target, 0, 1) if target > 0 else growth_{name} >= 0",
                      "Part of the target that is reached", "share")  # fmt: skip

    def _filled(self, sheet: Sheet, accounts: AccountsOfYear) -> None:
        """Part of the posts that are aided in a team in which somebody works."""
        each = sheet.rows("eligible") * sheet[f"{self.at(accounts.last_day).option}_fte"] * sheet["aided"]
        team = accounts.owners["physician"].team
        due = np.bincount(team, each, minlength=accounts.size("team"))
        there = np.divide(accounts.measure(self.staff), due, out=np.zeros(len(due)), where=due > 0)
        sheet.bring("filled", np.minimum(there, 1)[team], "Part of the posts that is filled", "share", "accounts")

    def _anniversary(self, accounts: AccountsOfYear) -> tuple[int, int]:
        """Quarter in which a contract year is paid: that of the next anniversary."""
        month = self.since.month if self.since else 1
        return accounts.year + 1, (month - 1) // MONTHS_A_QUARTER + 1

    def _held(self, accounts: AccountsOfYear) -> float:
        """Part of the contract year that begins in this calendar year for which the contract holds."""
        begins = self._anniversary_day(accounts.year)
        ends = self._anniversary_day(accounts.year + 1)
        if self.until is None or self.until >= ends:
            return 1.0
        return max(0.0, ((self.until - begins).days + 1) / (ends - begins).days)

    def _anniversary_day(self, year: int) -> date:
        since = self.since or date(year, 1, 1)
        return date(year, since.month, min(since.day, 28))  # a contract of 29 February has its anniversary on the 28th

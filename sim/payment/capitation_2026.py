"""The capitation option of 2026: an amount a patient, scaled by case mix, for teams with enough patients (systems 2B).

It takes the place of visits to physicians of the team. As in Peps the year is paid on the list of the year before and
corrected in the following year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from agents.teams import GROUP, MSP
from sim.measures import Measure, measure
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.lump_sums import TermsOfClasses, case_mix, last_year, pay_team, reference_year, summed
from sim.payment.norms import Norms
from sim.payment.perimeters import ALL, LISTED, SCOPES_OF_ACTS, fees
from sim.payment.policy import Layer, Policy, Replaced
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement, quarters

DAYS_A_WEEK: Final = measure(
    "days_a_week_in_post", "days a week worked by physicians in post, summed", "days/week",
    reference="systems 2B, capitation_2026", source="physicians", where={"vacant_until": -1},
    value=lambda view: view.column("half_days") / 2,
)  # fmt: skip

HARD: Final = "hard"
NO_COLLAR: Final = "none"
ADVANCE, FINAL = "_advance", "_final"


@dataclass(frozen=True)
class CapitationParameters(TermsOfClasses):
    """Terms of the capitation option."""

    amount: float
    leak_rate: float
    min_physicians: int
    min_nurses: int
    patients_per_physician: float
    full_week_days: float
    threshold_mode: str
    collar: str
    collar_width: float
    ref_year: int


class Capitation2026(Policy[CapitationParameters]):
    """An amount a registered patient, scaled by case mix, paid to the team."""

    name = "capitation_2026"
    layer = Layer.SUBSTITUTION
    title = "Capitation option of 2026"
    parameters = CapitationParameters
    pool = "lump_sum"
    measures: ClassVar[Sequence[Measure]] = (DAYS_A_WEEK,)
    may_be_negative: ClassVar[Sequence[str]] = ("regularisation",)
    needs_norms: ClassVar[bool] = True

    def replaces(self, day: date) -> Sequence[Replaced]:
        """See :meth:`Policy.replaces`."""
        return (Replaced(SCOPES_OF_ACTS["gp"], (LISTED,)),)

    def eligible(self, accounts: AccountsOfYear, history: History, norms: Norms) -> NDArray[np.bool_]:
        """See :meth:`Policy.eligible`."""
        sheet = self.sheet(accounts, "team")
        _lay_eligible(sheet, self.at(accounts.last_day))
        return sheet.rows("eligible") > 0

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        p, sheet, year = self.at(accounts.last_day), self.sheet(accounts, "team"), accounts.year
        _lay_eligible(sheet, p)
        reference = None if p.collar == NO_COLLAR else reference_year(self, p.ref_year, accounts, history)
        if reference is not None:
            sheet.bring("ref_income", fees(reference, ALL, "gp"), "Fees of the acts of the scope in the reference year")
            sheet.bring("ref_list", reference.measure("registered_list"), "Patients in the reference year", "patients")
        mix = case_mix(norms, year, p)
        for end, listed in ((ADVANCE, last_year(accounts, history)), (FINAL, accounts)):
            _lay_case_mix(sheet, listed, mix, end)
            _lay_lump_sum(sheet, end, collared=reference is not None)
        pay_team(sheet, "lump_sum", "lump_sum_advance", cash=quarters(year))
        sheet.let("regularisation", "lump_sum_final - lump_sum_advance",
                  "Correction in the following year, for the list of 31 December")  # fmt: skip
        pay_team(sheet, "regularisation", "regularisation", cash=[(year + 1, 4)])
        return sheet.statement()


def _lay_eligible(sheet: Sheet, p: CapitationParameters) -> None:
    kind = sheet.accounts.measure("team_kind")
    sheet.bring("grouped", (kind == GROUP) | (kind == MSP), "A group practice or health home", "yes/no")
    sheet.let(
        "threshold", "patients_per_physician * days_a_week_in_post / full_week_days", "Patients aimed at", "patients"
    )
    enough = " and registered_list >= threshold" if p.threshold_mode == HARD else ""
    sheet.let(
        "eligible", f"grouped and physicians >= min_physicians and team_nurses >= min_nurses{enough}",
        "Whether the team can choose the option", "yes/no",
    )  # fmt: skip


def _lay_case_mix(sheet: Sheet, listed: AccountsOfYear, mix: NDArray[np.float64], end: str) -> None:
    """List of some 31 December, and what its patients need over what those of the nation do."""
    classes = listed.classes()
    count = classes.sum(axis=1)
    index = np.divide(summed(classes, mix), count, out=np.ones(len(count)), where=count > 0)
    if end == FINAL:
        sheet.bring("list_final", count, "Patients on 31 December", "patients")
        sheet.bring("case_mix_final", index, "Case mix of these patients, 1 for the nation's", "ratio")
    else:
        sheet.bring("list_advance", count, "Patients a year before", "patients")
        sheet.bring("case_mix_advance", index, "Case mix of these patients, 1 for the nation's", "ratio")


def _lay_lump_sum(sheet: Sheet, end: str, *, collared: bool) -> None:
    sheet.let(f"after_leak{end}", f"max(0, amount * case_mix{end} * list{end} - leak_rate * leaked_value)",
              "Amounts of the patients, less care that they bought elsewhere")  # fmt: skip
    last = f"after_leak{end}"
    if collared:
        sheet.let(f"reference{end}", f"ref_income * list{end} / ref_list if ref_list > 0 else 0",
                  "Income of the reference year, scaled")  # fmt: skip
        sheet.let(
            f"collared{end}",
            f"clip({last}, reference{end} * (1 - collar_width), reference{end} * (1 + collar_width))"
            f" if reference{end} > 0 else {last}",
            "Between floor and cap",
        )  # fmt: skip
        last = f"collared{end}"
    sheet.let(f"lump_sum{end}", f"{last} * eligible", "Lump sum of the year")

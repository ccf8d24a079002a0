"""Lump sums for registered patients: RMT, then FPMT, then FMT (systems 2.2).

Every registered patient is worth an amount a year by age and long-term illness, paid on the list of the last 31
December. Poverty adds to it: from 2018 as an uplift of the whole, from 2026 as an amount a patient with means-tested
cover. Until 2017 each consultation from age 80 earned a little more, and before 2013 only long-term illness counted.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from agents.patients import ALD
from sim import events
from sim.measures import Between, Bits, measure
from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear, ListClass
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.payees import each_payee, pay_here
from sim.payment.policy import Layer, Policy
from sim.payment.sheet import Sheet
from sim.payment.statement import Cash, Statement, quarters
from sim.standard_measures.lists import LAST_AGE, NOT_SEEN_WEEKS
from sim.working_time import QUARTERS

GROUPS: Final = {
    "under_7": (0, 6, False),
    "7_74": (7, 74, False),
    "75_79": (75, 79, False),
    "80": (80, LAST_AGE, False),
    "ald_under_80": (0, 79, True),
    "ald_80": (80, LAST_AGE, True),
}
"""Classes of the grid: first and last age, and long-term illness (systems 2.2)."""

LABELS: Final = {
    "under_7": "Registered patients under 7",
    "7_74": "Registered patients aged 7 to 74",
    "75_79": "Registered patients aged 75 to 79",
    "80": "Registered patients from age 80",
    "ald_under_80": "Registered patients with a long-term illness, under 80",
    "ald_80": "Registered patients with a long-term illness, from age 80",
}

NOT_SEEN: Final = tuple(
    measure(f"list_not_seen_{name}", f"not seen for two years: {LABELS[name].lower()}", "patients",
            reference="systems 2.2", source="patients",
            where={"age": Between(low, high), "flags": Bits(all=ALD) if ald else Bits(none=ALD),
                   "weeks_since_gp": Between(NOT_SEEN_WEEKS)})
    for name, (low, high, ald) in GROUPS.items()
)  # fmt: skip
CONSULTATIONS_80: Final = measure(
    "consultations_80", "consultations and visits of patients from age 80", "acts", reference="systems 2.2",
    where={"kind": events.GP, "payee_kind": events.PHYSICIAN, "age": Between(80)}, value="count",
)  # fmt: skip


@dataclass(frozen=True)
class ListLumpSumsParameters:
    """Terms of the lump sums for registered patients."""

    rate_under_7: float
    rate_7_74: float
    rate_75_79: float
    rate_80: float
    rate_ald_under_80: float
    rate_ald_80: float
    rate_not_seen: float
    not_seen_overrides: bool
    poverty: str
    uplift_slope: float
    uplift_from: float
    uplift_cap: float
    cap_reading: str
    c2s_amount: float
    prevention_amount: float
    consultation_80_amount: float
    list_used: str
    instalments: int


class ListLumpSums(Policy[ListLumpSumsParameters]):
    """An amount a year for each registered patient, by class."""

    name = "list_lump_sums"
    layer = Layer.BASE
    title = "Lump sums for registered patients"
    parameters = ListLumpSumsParameters
    measures: ClassVar = (*NOT_SEEN, CONSULTATIONS_80)

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        terms, year = self.at(accounts.last_day), accounts.year
        before = history.year(year - 1) if terms.list_used == "previous" else None
        statement = Statement(self.name, year)
        for sheet, to in each_payee(self, accounts):
            self._list(sheet, before or accounts, to)
            if terms.prevention_amount:
                sheet.let("prevention", "prevention_amount * prevention_done", "Prevention indicators met, by patient")
                pay_here(sheet, "prevention", "prevention", to=to, cash=[(year + 1, 2)])
            if terms.consultation_80_amount:
                sheet.let("from_80", "consultation_80_amount * consultations_80", "Consultations from age 80")
                pay_here(sheet, "consultations_80", "from_80", to=to, cash=quarters(year))
            statement += sheet.statement()
        return statement

    def _list(self, sheet: Sheet, used: AccountsOfYear, to: str) -> None:
        """The lump sums of the list, and what poverty adds."""
        terms, year = self.at(sheet.accounts.last_day), sheet.accounts.year
        cash = _instalments(year, terms.instalments)
        for group, label in LABELS.items():
            patients = used.over_classes(_OF_GROUP[group], sheet.level)
            sheet.bring(f"patients_{group}", patients, label, "patients", _of(used))
        sheet.let("classes", " + ".join(f"patients_{g} * rate_{g}" for g in GROUPS), "Registered patients by class")
        step = "classes"
        if terms.not_seen_overrides:
            step = _less_unseen(sheet, used)
        if terms.poverty == "uplift":
            step = _uplifted(sheet, used, step, terms.cap_reading)
        pay_here(sheet, "registered_list", step, to=to, cash=cash)
        if terms.poverty == "per_patient":
            _bring(sheet, used, "patients_c2s", "list_c2s", "Registered patients with means-tested cover")
            sheet.let("means_tested", "c2s_amount * patients_c2s", "Patients with means-tested cover")
            pay_here(sheet, "means_tested", "means_tested", to=to, cash=cash)


def _less_unseen(sheet: Sheet, used: AccountsOfYear) -> str:
    """Patients who were not seen for two years have a rate of their own, whatever their class."""
    for group in GROUPS:
        _bring(sheet, used, f"unseen_{group}", f"list_not_seen_{group}", "Of which not seen for two years")
    less = " - ".join(f"unseen_{g} * (rate_{g} - rate_not_seen)" for g in GROUPS)
    return _step(sheet, "seen", f"classes - {less}", "Less for patients not seen for two years")


def _uplifted(sheet: Sheet, used: AccountsOfYear, step: str, cap_reading: str) -> str:
    """The uplift of lists with many poor patients."""
    _bring(sheet, used, "listed", "registered_list", "Registered patients")
    _bring(sheet, used, "patients_c2s", "list_c2s", "Registered patients with means-tested cover")
    sheet.let("c2s_share", "patients_c2s / listed if listed > 0 else 0", "Share with means-tested cover", "share")
    capped = {
        "uplift": "min(uplift_cap, uplift_slope * max(0, c2s_share - uplift_from))",
        "share": "uplift_slope * max(0, min(uplift_cap, c2s_share) - uplift_from)",
    }
    sheet.let("uplift", capped[cap_reading], "Uplift of a list with many poor patients", "share")
    return _step(sheet, "uplifted", f"{step} * (1 + uplift)", "With the uplift")


def _bring(sheet: Sheet, used: AccountsOfYear, name: str, measured: str, label: str) -> None:
    """Put a count of the list that is paid on the sheet."""
    sheet.bring(name, used.measure(measured, sheet.level), label, "patients", _of(used))


def _of(used: AccountsOfYear) -> str:
    return f"31 December: {used.year}"


def _step(sheet: Sheet, name: str, text: str, label: str) -> str:
    """A step, and its name for the next one."""
    sheet.let(name, text, label)
    return name


def _group(one: ListClass) -> str:
    """The class of the grid that a class of the accounts belongs to."""
    return next(n for n, (low, high, ald) in GROUPS.items() if ald == one.ald and low <= one.low_age <= high)


_OF_GROUP: Final = {group: np.array([float(_group(one) == group) for one in LIST_CLASSES]) for group in GROUPS}
"""1 for the classes of the accounts that belong to each of the grid, 0 for others, ``(len(LIST_CLASSES),)``."""


def _instalments(year: int, count: int) -> Cash:
    """Quarters in which equal instalments are paid, the last one in the last quarter."""
    return [(year, (number + 1) * QUARTERS // count) for number in range(count)]

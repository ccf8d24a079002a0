"""Ipep: a yearly collective bonus on what a group's patients cost less than expected, and on quality (systems 2.5)."""

from typing import ClassVar, Final

import numpy as np

from sim.measures import measure
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.ipep_steps import IpepParameters, Steps, total
from sim.payment.list_spending import MEASURES_OF_SPENDING, of_territories
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy
from sim.payment.statement import Statement

NOTHING, SEED_ONLY, FIRST, SECOND, PLANNED, POINTS, COVID = "none", "seed", "1", "2", "3a", "3b", "covid"
BY_YEAR: Final = "by_year"

MATURITY: Final = measure("maturity_years", "years of working together", "years", reference="systems 2.5",
                          source="teams", value="maturity_years", per=("team",))  # fmt: skip


class Ipep(Policy[IpepParameters]):
    """Start-up credit, share of savings and quality money of a group of at least 5,000 registered patients."""

    name = "ipep"
    layer = Layer.ADD_ON
    title = "Shared savings and quality of a group (Ipep)"
    parameters = IpepParameters
    measures = (*MEASURES_OF_SPENDING, MATURITY)
    excludes = ("aco_one_sided", "aco_two_sided")  # the same euro saved is shared once
    needs_norms: ClassVar[bool] = True

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        p = self.at(accounts.last_day)
        if p.attribution == "hospital":
            accounts = of_territories(accounts)
            years = {year: of_territories(known) for year, known in history.accounts.items()}
            history = History(years, history.statements)
        sheet = self.sheet(accounts, "team")
        sheet.let("eligible", "registered_list >= least_list", "Enough registered patients to take part", "yes/no")
        Phases(sheet, p, history, norms).settle()
        return sheet.statement()


def phase_of(p: IpepParameters, year: int) -> str:
    """The phase in force: the one that the terms name, or that of the year for the wave."""
    if p.phase != BY_YEAR:
        return p.phase
    later = int(p.wave) - 1
    if year >= p.phase3_from + later:
        return p.phase3
    return p.phase_of_wave_2 if later else p.phase_of_wave_1


class Phases(Steps):
    """What each phase of the rule pays."""

    def settle(self) -> None:
        """Pay what the phase in force pays."""
        {
            NOTHING: lambda: None, SEED_ONLY: self.pay_seed, FIRST: self._first, SECOND: self._second,
            PLANNED: self._planned, POINTS: self._points, COVID: self._covid,
        }[phase_of(self.p, self.year)]()  # fmt: skip

    def _first(self) -> None:
        self.pay_seed()
        self.put_efficiency()
        self.pay("efficiency", "efficiency", self.late)

    def _second(self) -> None:
        seeded = self.p.phase != BY_YEAR or self.year <= self.p.seed_last_year + self.later
        if seeded:
            self.pay_seed()
        self.put_efficiency()
        self.put_score()
        self.put_quality_part()
        text, label = "efficiency + quality_part", "Efficiency and quality"
        if seeded and self.p.guarantee == "max":
            text = "max(0, efficiency + quality_part - seed)"
            label = "Efficiency and quality beyond the start-up credit, which is a guarantee"
        self.sheet.let("bonus", text, label)
        self.pay("bonus", "bonus", self.late)

    def _planned(self) -> None:
        self.put_efficiency()
        self.put_score()
        self.put_modulation()
        self.sheet.let("bonus", "efficiency * (1 + modulation)", "Efficiency, modulated by quality")
        self.pay("bonus", "bonus", self.late)

    def _points(self) -> None:
        self.put_efficiency()
        self.put_score()
        self.put_modulation()
        self.sheet.let("modulated", "efficiency * (1 + modulation)", "Efficiency, modulated by quality")
        self.sheet.let("points", "eligible * (point_value * score * registered_list if score >= least_score else 0)",
                       "Quality points")  # fmt: skip
        combine = "sum" if self.p.points_scope == "all" and self.p.points_combine == "either" else self.p.points_combine
        text, label = {
            "either": ("modulated if efficiency > 0 else points", "Efficiency where there is any, quality points else"),
            "max": ("max(modulated, points)", "The larger of efficiency and quality points"),
            "sum": ("modulated + points", "Efficiency and quality points"),
        }[combine]
        self.sheet.let("bonus", text, label)
        self.pay("bonus", "bonus", self.late)

    def _covid(self) -> None:
        if self.p.covid_option == "seed_only":
            self.pay_seed()
            return
        before = self.history.year(self.year - 1)
        paid = self.history.paid(self.year - 1, Ipep.name, "team", self.accounts.size("team"))
        if self.p.covid_option == "repeat_last":
            self.sheet.bring("paid_last_year", paid, "Paid for the year before")
            self.sheet.let("renewed", "eligible * paid_last_year", "The pay of the year before, once more")
        else:
            patients = before.measure("registered_list")[paid > 0] if before else np.zeros(0)
            mean = total(paid) / max(1.0, total(patients))
            self.sheet.bring("mean_per_patient", mean, "Mean pay a patient of the year before, over all groups",
                             "EUR/patient")  # fmt: skip
            self.sheet.let("renewed", "eligible * mean_per_patient * registered_list", "Mean pay of the year before")
        self.pay("renewed", "renewed", self.late)

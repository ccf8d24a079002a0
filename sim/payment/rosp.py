"""Pay for public-health objectives: CAPI 2009-11, ROSP 2012-25 (systems 2.3). Upside only.

Each item has points; a physician earns the part of them that the rate reached: all from the target on, one half at the
intermediate objective, and below it what was gained since the start of the contract.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final

import numpy as np

from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.contract_start import at_start
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.payees import each_payee, pay_here
from sim.payment.policy import Layer, Policy
from sim.payment.quality import HIGHER, INDICATORS, Indicator, in_force, targets, values
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement

ITEMS: Final = ("hba1c_tests", "prevention", "inappropriate_drug", "polymedication", "drugs", "ed_without_admission")
"""Items that the model knows, each an indicator ``rosp_<item>`` of ``sim.payment.quality``."""

DECLARED: Final = {"software": "it_ok", "opening": "opening_ok"}
"""Organisation items of 2012, and what the team reports of them."""

NONE, CAPI = "none", "capi"
FIXED: Final = "fixed"

type Goals = Callable[[Indicator], tuple[float, float]]


@dataclass(frozen=True)
class RospParameters:
    """Terms of the pay for public-health objectives."""

    version: str
    point: float
    reference_list: float
    points_hba1c_tests: float
    points_prevention: float
    points_inappropriate_drug: float
    points_polymedication: float
    points_drugs: float
    points_ed_without_admission: float
    points_declared: float
    points_software: float
    points_opening: float
    declared_share: float
    half: float
    objectives: str
    fixed_deciles: dict[str, list[float]]
    intermediate_decile: int
    target_decile: int
    initial_rate: str
    too_small: str
    min_den: float
    capi_amount: float
    capi_threshold: float


class Rosp(Policy[RospParameters]):
    """Points by public-health item, scaled by the list."""

    name = "rosp"
    layer = Layer.BASE
    title = "Pay for public-health objectives (ROSP)"
    parameters = RospParameters

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        terms = self.at(accounts.last_day)
        statement = Statement(self.name, accounts.year)
        if terms.version == NONE:
            return statement
        goals = _goals(terms, accounts, norms)
        for sheet, to in each_payee(self, accounts):
            counted = [item for item in ITEMS if self._item(sheet, item, accounts, history, norms, goals)]
            if terms.version == CAPI:
                _capi(sheet, counted)
            else:
                self._points(sheet, counted)
            pay_here(sheet, "objectives", "pay", to=to, cash=[(accounts.year + 1, 2)])
            statement += sheet.statement()
        return statement

    def _item(
        self, sheet: Sheet, item: str, accounts: AccountsOfYear, history: History, norms: Norms, goals: Goals
    ) -> bool:
        """Put what a payee reached on an item on the sheet; false for an item that earns nothing."""
        terms = self.at(accounts.last_day)
        if not sheet[f"points_{item}"]:
            return False
        one = INDICATORS[f"rosp_{item}"]
        least = terms.min_den
        rate = values(one, accounts, sheet.level, least)
        if terms.too_small == "national_mean":
            rate = np.where(np.isnan(rate), norms.number(one.name), rate)
        before = self._before(accounts, history)
        start = before.by_owner(lambda year: values(one, year, sheet.level, least), sheet.level)
        middle, target = goals(one)
        counts = ~np.isnan(rate)
        rate = np.where(counts, rate, 0.0)
        sheet.bring(f"rate_{item}", rate, one.label, "ratio", one.reference)
        # Without a rate of the start nothing was gained since.
        sheet.bring(f"start_{item}", np.where(np.isnan(start), rate, start), "Rate at the start", "ratio")
        sheet.bring(f"middle_{item}", middle, "Intermediate objective", "ratio", terms.objectives)
        sheet.bring(f"target_{item}", target, "Target", "ratio", terms.objectives)
        if not counts.all():
            sheet.bring(f"counts_{item}", counts, "Enough patients to be counted", "yes/no")
        sheet.let(f"reached_{item}", _reached(item, one.better, counts), "Part of the points that is earned", "share")
        return True

    def reads_norms(self) -> bool:
        """Objectives that the convention fixed need no norms."""
        return self.at(self.since or date.max).objectives != FIXED

    def _before(self, accounts: AccountsOfYear, history: History) -> AccountsOfYear:
        """The year whose rates are those of the start."""
        if self.at(accounts.last_day).initial_rate == "previous_year":
            return history.year(accounts.year - 1) or accounts
        return at_start(self.since, accounts, history)

    def _points(self, sheet: Sheet, counted: Sequence[str]) -> None:
        parts = [f"points_{item} * reached_{item}" for item in counted]
        for name, reported in DECLARED.items():
            if sheet[f"points_{name}"]:
                said = sheet.accounts.of_team(sheet.accounts.measure(reported), sheet.level)
                sheet.bring(name, said, "Reported by the team", "yes/no")
                parts.append(f"points_{name} * {name}")
        parts.append("points_declared * declared_share")
        sheet.let("points", " + ".join(parts), "Points earned", "points")
        sheet.let("pay", "point * points * registered_list / reference_list", "Points at their value, for the list")


def _capi(sheet: Sheet, counted: Sequence[str]) -> None:
    """The contract of 2009-11: an amount a patient by the mean achievement, nothing below a threshold."""
    for item in counted:
        weight = f"points_{item} * counts_{item}" if _has(sheet, f"counts_{item}") else f"points_{item}"
        sheet.let(f"weight_{item}", weight, "Weight of the item", "points")
    above = " + ".join(f"weight_{item} * reached_{item}" for item in counted) or "0"
    below = " + ".join(f"weight_{item}" for item in counted) or "0"
    sheet.let("weights", below, "Weight of all items that count", "points")
    sheet.let("achievement", f"({above}) / weights if weights > 0 else 0", "Mean achievement", "share")
    sheet.let("pay", "capi_amount * registered_list * achievement if achievement >= capi_threshold else 0",
              "An amount a patient, by achievement")  # fmt: skip


def _reached(item: str, better: str, counts: Numbers) -> str:
    """The formula of the part of an item's points that is earned (systems 2.3)."""
    at_least, beyond = (">=", ">") if better == HIGHER else ("<=", "<")
    rate, start, middle, target = (f"{name}_{item}" for name in ("rate", "start", "middle", "target"))
    text = (
        f"1 if {rate} {at_least} {target} "
        f"else half + (1 - half) * ({rate} - {middle}) / ({target} - {middle}) if {rate} {at_least} {middle} "
        f"else half * ({rate} - {start}) / ({middle} - {start}) if {rate} {beyond} {start} else 0"
    )
    return text if counts.all() else f"({text}) * counts_{item}"


def _has(sheet: Sheet, name: str) -> bool:
    return any(entry.name == name for entry in sheet)


def _goals(terms: RospParameters, accounts: AccountsOfYear, norms: Norms) -> Goals:
    """What gives the intermediate objective and the target of an indicator."""
    fixed = terms.objectives == FIXED
    scored = replace(in_force(accounts), target_def="deciles", intermediate_decile=terms.intermediate_decile,
                     target_decile=terms.target_decile)  # fmt: skip
    return partial(targets, norms=_fixed_norms(terms) if fixed else norms, terms=scored, suffix="_physicians")


def _fixed_norms(terms: RospParameters) -> Norms:
    """Norms with nothing but the deciles at which the convention fixed its objectives."""
    return Norms(deciles={f"rosp_{item}_physicians": np.array(values) for item, values in terms.fixed_deciles.items()})

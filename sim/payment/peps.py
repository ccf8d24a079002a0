"""Peps, pay of the team: a lump sum a patient in the place of visits, kept near what fees paid before (systems 2.4).

A year is paid in advance on the list of the year before, and corrected in the following year for the list of 31
December. The sources give the parts of the rule, not their order: that of the steps here is a choice, which switches
vary. Before lump sums were paid there was a year of preparation, then one that was simulated beside fees.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from agents.nurses import LIBERAL
from agents.teams import SOLO
from sim.measures import Measure, measure
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.history import History
from sim.payment.lump_sums import by_class, can_be_paid, last_year, pay_team, reference_year, summed
from sim.payment.norms import Norms
from sim.payment.peps_collar import kept_near_reference, lay_activity, lay_reference
from sim.payment.perimeters import (
    ALL,
    FOR_AME,
    LISTED,
    PERIMETER_MEASURES,
    SCOPES_OF_ACTS,
    acts,
    fees,
    leaked,
    number_of_patients,
    patients,
)
from sim.payment.policy import Layer, Policy, Replaced
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement, quarters
from sim.payment.team_lump_sum import AdjustedTerms, adjusted, lay_modulation, lay_uplift
from sim.payment.terms import BY_SCENARIO, Change, Terms

OF_THE_YEAR: Final = "of_the_year"
DESIGNS: Final = {
    "peps_2019": date(2019, 6, 19),
    "peps_2021": date(2021, 1, 1),
    "peps_2022": date(2022, 11, 10),
    "peps_2024": date(2024, 1, 1),
}
"""Texts of the scheme, by the day from which each holds; only the year of the second call is known, not its day."""

CALENDAR: Final = ("phase", "seed_credit")
"""Terms that follow the calendar whatever the design."""

PREPARATION, SHADOW, LUMP_SUM = "preparation", "shadow", "lump_sum"
ADVANCE, FINAL = "_advance", "_final"
"""What stands behind the names of steps that are taken twice: on the list of last year, on that of 31 December."""

EMPLOYED_NURSES: Final = measure(
    "fte_employed_nurses", "full-time equivalents of ordinary nurses whom a centre employs", "FTE",
    reference="systems 2.4", source="nurses", where={"kind": LIBERAL, "salaried": 1, "in_post": 1},
    value=lambda view: view.column("weekly_minutes") / view.parameters[0]["accounts_full_time_minutes"],
)  # fmt: skip


@dataclass(frozen=True)
class PepsParameters(AdjustedTerms):
    """Terms of Peps."""

    design: str
    phase: str
    perimeter: str
    scope: str
    solo_practices: bool
    min_physicians: int
    min_nurses: int
    min_professionals: int
    min_list: int
    salaried_nurse_cut: float
    questionnaire_points: float
    diabetic_indicators: bool
    ref_year: int
    activity_norm: str
    activity_low: float
    activity_high: float
    sanction: str
    sanction_size: float
    sanction_after_collar: bool
    collar_base: str
    floor: float
    cap: float
    advance_list_growth: float
    seed_credit: float


class Peps(Policy[PepsParameters]):
    """A lump sum a registered patient, paid to the team, in the place of visits."""

    name = "peps"
    layer = Layer.SUBSTITUTION
    title = "Peps: a team is paid a lump sum a patient in the place of visits"
    parameters = PepsParameters
    pool = "lump_sum"
    measures: ClassVar[Sequence[Measure]] = (*PERIMETER_MEASURES, EMPLOYED_NURSES)
    may_be_negative: ClassVar[Sequence[str]] = ("regularisation",)
    needs_norms: ClassVar[bool] = True

    def __init__(self, changes: Sequence[Change] = (), *, since: date | None = None, until: date | None = None) -> None:
        super().__init__(changes, since=since, until=until)
        self.terms = _of_design(self.terms)

    def replaces(self, day: date) -> Sequence[Replaced]:
        """See :meth:`Policy.replaces`: nothing before lump sums are paid."""
        p = self.at(day)
        if p.phase != LUMP_SUM:
            return ()
        by_physicians = SCOPES_OF_ACTS["gp"]
        by_nurses = tuple(code for code in SCOPES_OF_ACTS[p.scope] if code not in by_physicians)
        scopes = (LISTED, FOR_AME) if _pays_ame(p) else (LISTED,)
        found = [Replaced(by_physicians, scopes, p.perimeter)]
        return [*found, Replaced(by_nurses, (LISTED,), p.perimeter)] if by_nurses else found

    def eligible(self, accounts: AccountsOfYear, history: History, norms: Norms) -> NDArray[np.bool_]:
        """See :meth:`Policy.eligible`."""
        p, sheet = self.at(accounts.last_day), self.sheet(accounts, "team")
        _lay_eligible(sheet, p)
        return sheet.rows("eligible") > 0

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        p, sheet, year = self.at(accounts.last_day), self.sheet(accounts, "team"), accounts.year
        _lay_eligible(sheet, p)
        if p.seed_credit > 0:
            sheet.let("seed", "seed_credit * eligible", "Seed credit of the first years")
            pay_team(sheet, "seed_credit", "seed", cash=[(year, 2)])
        if p.phase == PREPARATION:
            return sheet.statement()
        self._lay_factors(sheet, p, history, norms)
        amounts = by_class(norms, year, p, nurses=p.scope != "gp")
        sums = summed(patients(accounts, p.perimeter), amounts)
        sheet.bring(_base(p, FINAL), sums, "Lump sums of the patients on 31 December")
        _lay_lump_sum(sheet, p, FINAL)
        if p.phase == SHADOW:
            income = fees(accounts, p.perimeter, p.scope, ame=_pays_ame(p))
            sheet.bring("fees_in_scope", income, "Fees of the acts that the lump sum would have replaced")
            sheet.let("bonus", "max(0, lump_sum_final - fees_in_scope)", "What lump sums would have paid above fees")
            pay_team(sheet, "shadow_bonus", "bonus", cash=[(year + 1, 4)])
            return sheet.statement()
        _lay_advance(sheet, p, history, amounts)
        _lay_lump_sum(sheet, p, ADVANCE)
        pay_team(sheet, "lump_sum", "lump_sum_advance", cash=quarters(year))
        sheet.let("regularisation", "lump_sum_final - lump_sum_advance",
                  "Correction in the following year, for the list of 31 December")  # fmt: skip
        pay_team(sheet, "regularisation", "regularisation", cash=[(year + 1, 4)])
        return sheet.statement()

    def _lay_factors(self, sheet: Sheet, p: PepsParameters, history: History, norms: Norms) -> None:
        """What is the same for both lists: the place, quality, activity, the reference year."""
        accounts = sheet.accounts
        if p.salaried_nurse_cut > 0:
            sheet.let("salaried_nurses_fte", "fte_asalee + fte_pathway + fte_employed_nurses",
                      "Nurses whom others than the lump sum pay", "FTE")  # fmt: skip
        lay_uplift(sheet, p, norms)
        lay_modulation(
            sheet, p, history, norms, perimeter=p.perimeter, diabetic_indicators=p.diabetic_indicators,
            questionnaire=p.questionnaire_points > 0,
        )  # fmt: skip
        reference = reference_year(self, p.ref_year, accounts, history)
        if reference is None:
            return
        counted = [(year, acts(year, p.perimeter, p.scope, ame=_pays_ame(p))) for year in (accounts, reference)]
        sheet.bring("acts_in_scope", counted[0][1], "Acts of the scope, billed or replaced", "acts")
        lay_reference(
            sheet, counted[1][1], fees(reference, p.perimeter, p.scope, ame=_pays_ame(p)),
            number_of_patients(reference, p.perimeter), reference.year,
        )  # fmt: skip
        lay_activity(sheet, p)


def _of_design(terms: Terms) -> Terms:
    """Terms of the design that is chosen: what it said from its day on, unless the scenario says otherwise."""
    design = terms.of["design"].entries[-1].value
    if design == OF_THE_YEAR:
        return terms
    fixed = dict(terms.of)
    for name, term in terms.of.items():
        if name not in CALENDAR and all(entry.label != BY_SCENARIO for entry in term.entries):
            fixed[name] = replace(term, entries=(term.at(DESIGNS[design]),))
    return Terms(terms.policy, fixed)


def _pays_ame(p: PepsParameters) -> bool:
    """Whether a sum for patients on state medical aid stands for their acts: with the whole list only."""
    return p.ame_sum > 0 and p.perimeter == ALL


def _base(p: PepsParameters, end: str) -> str:
    """Name of the sum of lump sums, before what salaried nurses are paid for elsewhere is taken off."""
    return f"base{end}" if p.salaried_nurse_cut == 0 else f"whole{end}"


def _lay_eligible(sheet: Sheet, p: PepsParameters) -> None:
    listed = number_of_patients(sheet.accounts, p.perimeter)
    sheet.bring("list_final", listed, "Patients of the perimeter on 31 December", "patients")
    alone = p.solo_practices & (sheet.accounts.measure("team_kind") == SOLO)
    sheet.bring("legal_form", can_be_paid(sheet.accounts) | alone, "A legal form that can be paid", "yes/no")
    sheet.let(
        "eligible",
        "legal_form and physicians >= min_physicians and team_nurses >= min_nurses"
        " and physicians + team_nurses >= min_professionals and list_final >= min_list",
        "Whether the team can enter the scheme", "yes/no",
    )  # fmt: skip


def _lay_advance(sheet: Sheet, p: PepsParameters, history: History, amounts: Numbers) -> None:
    """The list that the advance is paid on: that of last year, or one that is aimed at."""
    before, base = last_year(sheet.accounts, history), _base(p, "")
    counted = number_of_patients(before, p.perimeter)
    sums = before.by_owner(lambda year: summed(patients(year, p.perimeter), amounts))
    if p.advance_list_growth == 0:
        sheet.bring("list_advance", counted, "Patients of the perimeter a year before", "patients")
        sheet.bring(f"{base}_advance", sums, "Lump sums of the patients a year before")
        return
    growth = "(1 + advance_list_growth)"
    sheet.bring("list_last_year", counted, "Patients of the perimeter a year before", "patients")
    sheet.bring(f"{base}_last_year", sums, "Lump sums of the patients a year before")
    sheet.let("list_advance", f"list_last_year * {growth}", "Patients that the advance aims at", "patients")
    sheet.let(f"{base}_advance", f"{base}_last_year * {growth}", "Lump sums of the patients aimed at")


def _lay_lump_sum(sheet: Sheet, p: PepsParameters, end: str) -> None:
    """The lump sum of a year on the list of some 31 December."""
    if p.salaried_nurse_cut > 0:
        kept = "max(0, 1 - salaried_nurse_cut * salaried_nurses_fte / physicians) if physicians > 0 else 1"
        sheet.let(f"base{end}", f"whole{end} * ({kept})", "Less what salaried nurses are paid for elsewhere")
    last = adjusted(sheet, p, leaked(p.perimeter), ame=_pays_ame(p), end=end)
    last = kept_near_reference(sheet, p, last, end)
    sheet.let(f"lump_sum{end}", f"{last} * eligible", "Lump sum of the year")

"""The steps of Ipep on a worksheet: start-up credit, efficiency, quality (systems 2.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from agents.teams import CPTS
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.history import History
from sim.payment.list_spending import (
    CASH,
    RECEIVED,
    SpendingParameters,
    expected,
    national_mean,
    received,
    same_patients_before,
    spending,
    spending_text,
)
from sim.payment.norms import Norms
from sim.payment.quality import INDICATORS, QualityParameters, in_force, ipep_names, values
from sim.payment.score_on_sheet import put_score
from sim.payment.sheet import Sheet
from sim.payment.statement import Cash


@dataclass(frozen=True)
class IpepParameters(SpendingParameters):
    """Terms of Ipep."""

    least_list: float
    attribution: str
    share_of_saving: float
    level_weight: float
    trend_weight: float
    floor_mode: str
    level_ref: str
    trend_ref: str
    cohort: str
    own_group_in_national: str
    national_patients: float
    min_saving_rate: float
    territory_adj: str
    active_set: str
    min_den: float
    missing_rule: str
    target_def: str
    questionnaire_mode: str
    quality_pot: float
    score_cap: float
    modulation_range: float
    modulation_map: str
    neutral_score: float
    point_value: float
    least_score: float
    points_scope: str
    points_combine: str
    seed_low: float
    seed_high: float
    seed_list_low: float
    seed_list_high: float
    seed_slope: str
    seed_flat: float
    appraisal_share: float
    pluriprofessional_grade: float
    maturity_grade: float
    mature_years: float
    discretion: float
    guarantee: str
    covid_option: str
    wave: str
    phase: str
    first_accrual_year: int
    phase_of_wave_1: str
    phase_of_wave_2: str
    phase3: str
    phase3_from: int
    seed_last_year: int


class Steps:
    """Steps of the rule for the groups of some accounts, put on a sheet.

    Args:
        sheet: the worksheet, one row a group, with the step ``eligible``.
        p: the terms.
        history: earlier years.
        norms: what spending and quality are compared with.
    """

    def __init__(self, sheet: Sheet, p: IpepParameters, history: History, norms: Norms) -> None:
        self.sheet, self.p, self.history, self.norms = sheet, p, history, norms
        self.accounts, self.year = sheet.accounts, sheet.accounts.year
        self.later = int(p.wave) - 1

    def put_efficiency(self) -> None:
        """What the group gets of savings, by level and by trend."""
        sheet, p = self.sheet, self.p
        if p.own_team_pay == CASH:
            sheet.bring(RECEIVED, received(self.accounts, self.history), "Lump sums received in the place of fees")
        sheet.let("spending", f"({spending_text(p)}) / max(1, registered_list)", "Spending of the list", "EUR/patient")
        self._put_level()
        self._put_trend()
        weighted = {
            "per_gap": "level_weight * max(0, level_gap) + trend_weight * max(0, trend_gap)",
            "on_sum": "max(0, level_weight * level_gap + trend_weight * trend_gap)",
        }[p.floor_mode]
        sheet.let("saving", weighted, "Saving that is shared", "EUR/patient")
        text = "eligible * registered_list * share_of_saving * saving"
        if p.min_saving_rate > 0:
            text = f"{text} if saving >= min_saving_rate * expected else 0"
        sheet.let("efficiency", text, "The group's share of savings")

    def _put_level(self) -> None:
        spent = self.sheet.rows("spending")
        usual = expected(self.accounts, self.norms, self.year, self.p, self.p.territory_adj)
        self.sheet.bring("expected", self._of_nation(usual, self.accounts, spent),
                         "Spending expected of the list, given its case mix", "EUR/patient", "norms")  # fmt: skip
        level = "expected"
        if self.p.level_ref == "national_mean":
            level, mean = "national_mean", np.asarray(national_mean(self.norms, self.year, self.p))
            self.sheet.bring(level, self._of_nation(mean, self.accounts, spent), "National mean of spending",
                             "EUR/patient", "norms")  # fmt: skip
        self.sheet.let("level_gap", f"{level} - spending", "Level: what was expected less what was spent",
                       "EUR/patient")  # fmt: skip

    def _put_trend(self) -> None:
        spent, usual = self._before()
        same = self.p.cohort == "same_patients"
        label = "Spending of the same patients, year before" if same else "Spending of the list, year before"
        self.sheet.bring("spending_previous", spent, label, "EUR/patient", "accounts of the year before")
        basis, least = "spending_previous", "spending_previous"
        if self.p.trend_ref == "expected":
            self.sheet.bring("expected_previous", usual, "Spending expected in the year before", "EUR/patient", "norms")
            basis = "spending_previous * expected / expected_previous"
            least = "min(spending_previous, expected_previous)"
        self.sheet.let("trend_gap", f"{basis} - spending if {least} > 0 else 0",
                       "Trend: what was usual less what was spent", "EUR/patient")  # fmt: skip

    def _before(self) -> tuple[Numbers, Numbers]:
        """Spending in the year before a patient, and what was expected then; 0 where nothing is known."""
        before = self.history.year(self.year - 1)
        if self.p.cohort == "same_patients":
            before, spent = self.accounts, same_patients_before(self.accounts, self.p)
        elif before is None:
            nothing = np.zeros(self.accounts.size("team"))
            return nothing, nothing
        else:
            spent = spending(before, self.history, self.p)
        usual = expected(before, self.norms, self.year - 1, self.p, self.p.territory_adj)
        return spent, self._of_nation(usual, before, spent)

    def _of_nation(self, usual: Numbers, accounts: AccountsOfYear, spent: Numbers) -> Numbers:
        """National values, with the group's own spending in them where the terms say so."""
        if self.p.own_group_in_national == "excluded":
            return usual
        n, nation = accounts.measure("registered_list"), self.p.national_patients
        return np.asarray((usual * nation + spent * n) / (nation + n))

    def put_score(self) -> None:
        """The quality score of the group."""
        terms = self._scoring()
        mode = terms.questionnaire_mode
        step = "score" if mode == "off" else "score_of_indicators"
        put_score(self.sheet, ipep_names(self.p.active_set), self.history, self.norms, terms, step)
        if mode == "off":
            return
        self.sheet.bring("questionnaire", self._questionnaire(terms), "Questionnaire of patients", "share")
        self.sheet.bring("questionnaire_most", terms.questionnaire_points, "Points that it adds at most", "points",
                         "P-IPEP-Q-W")  # fmt: skip
        added = "scored * questionnaire_most * questionnaire"
        if mode == "modulation":
            added = "score_of_indicators * questionnaire_most / 100 * (2 * questionnaire - 1)"
        self.sheet.let("score", f"score_of_indicators + {added}", "Quality score with the questionnaire", "points")

    def _questionnaire(self, terms: QualityParameters) -> Numbers:
        if terms.questionnaire_mode != "replay":
            return np.nan_to_num(values(INDICATORS["questionnaire"], self.accounts, terms=terms))
        # What was really paid for: e-mails of patients handed in, then attendance of a working group, then nothing.
        years = self.year - self.p.first_accrual_year - self.later
        if years <= 0:
            return self.accounts.measure("it_ok")
        attended = np.minimum(1.0, self.accounts.measure("meetings") / terms.meetings_attended)
        return attended if years == 1 else np.zeros(len(attended))

    def _scoring(self) -> QualityParameters:
        p = self.p
        return replace(
            in_force(self.accounts), min_den=p.min_den, missing_rule=p.missing_rule, target_def=p.target_def,
            questionnaire_mode=p.questionnaire_mode,
        )  # fmt: skip

    def put_quality_part(self) -> None:
        """What quality earns of the pot that all groups share."""
        sheet, others = self.sheet, self.norms.numbers
        held = sheet.rows("eligible")
        n, spent = held * sheet.rows("registered_list"), held * sheet.rows("registered_list") * sheet.rows("spending")
        sheet.bring("groups_spending", total(spent) + others.get("ipep_other_spending", 0.0), "Spending of all groups")
        sheet.bring("groups_patients", total(n) + others.get("ipep_other_patients", 0.0), "Patients of all groups",
                    "patients")  # fmt: skip
        sheet.let("pot", "quality_pot * groups_spending", "Pot for quality, of all groups")
        sheet.let("pot_share", "eligible * pot * registered_list / max(1, groups_patients)",
                  "The group's share of the pot")  # fmt: skip
        sheet.let("quality_part", "pot_share * min(score, score_cap) / 100", "Share of the pot that quality earns")

    def put_modulation(self) -> None:
        """By how much quality raises or lowers efficiency."""
        text = {
            "linear": "clip(modulation_range * (score - neutral_score) / (100 - neutral_score), "
                      "-modulation_range, modulation_range)",
            "step": "(modulation_range if score > neutral_score else "
                    "(-modulation_range if score < neutral_score else 0))",
        }[self.p.modulation_map]  # fmt: skip
        self.sheet.let("modulation", f"{text} if scored else 0", "Modulation by quality", "share")

    def pay_seed(self) -> None:
        """Pay the start-up credit, in the year itself."""
        sheet, p = self.sheet, self.p
        slope = "(registered_list - seed_list_low) / (seed_list_high - seed_list_low)"
        size = f"clip(seed_low + (seed_high - seed_low) * {slope}, seed_low, seed_high)"
        size = size if p.seed_slope == "linear" else "seed_flat"
        sheet.let("seed_for_size", size, "Start-up credit for the size of the list")
        grades: Mapping[str, tuple[float, str, str]] = {
            "pluriprofessional": (p.pluriprofessional_grade, "min(1, max(0, n_prof - physicians) / max(1, physicians))",
                                  "Grade, 1 to 3: professions beside physicians"),
            "maturity": (p.maturity_grade, "min(1, maturity_years / mature_years)", "Grade, 1 to 3: maturity"),
        }  # fmt: skip
        for name, (given, part, label) in grades.items():
            sheet.let(name, f"{name}_grade" if given else f"floor(1 + 2 * {part})", label, "grade")
        sheet.let("appraisal", "1 - appraisal_share * (3 - pluriprofessional + maturity - 1) / 4",
                  "Appraisal: more for more professions, less for a mature group", "factor")  # fmt: skip
        appraised = "seed_for_size * appraisal + discretion" if p.discretion else "seed_for_size * appraisal"
        sheet.let("seed", f"eligible * clip({appraised}, seed_low, seed_high)", "Start-up credit")
        self.pay("seed", "seed", [(self.year, 2)])

    @property
    def late(self) -> Cash:
        """When the bonus is paid: the data of a year are complete late in the next."""
        return [(self.year + 1, 4)]

    def pay(self, component: str, step: str, cash: Cash) -> None:
        """Pay to the account of the team, or to the association where the group is one."""
        community = self.accounts.measure("team_kind") == CPTS
        if not community.any():
            self.sheet.pay(component, step, to="team_account", cash=cash)
            return
        self.sheet.bring(f"association_{step}", community, "Whether an association receives it", "yes/no")
        for to, text, label in (
            ("team_account", f"{step} * (1 - association_{step})", "To the account of the team"),
            ("association", f"{step} * association_{step}", "To the association"),
        ):
            self.sheet.let(f"{step}_to_{to}", text, label)
            self.sheet.pay(component, f"{step}_to_{to}", to=to, cash=cash)


def total(amounts: Numbers) -> float:
    """Sum that does not depend on the order of its parts."""
    return float(np.sort(amounts).sum())

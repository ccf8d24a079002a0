"""Steps that the lump sums of teams share: poverty of the place, state medical aid, leaks, quality (systems 2.4)."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.payment import peps_quality
from sim.payment.history import History
from sim.payment.lump_sums import GP_FEES, TermsOfAmounts, national_mean
from sim.payment.norms import Norms
from sim.payment.perimeters import ALL
from sim.payment.quality import INDICATORS, in_force, values
from sim.payment.score_on_sheet import put_marks
from sim.payment.sheet import Sheet

AREA_NORM: Final = "neutralise"
NO_UPLIFT: Final = "none"
UPLIFTS: Final = {
    "excess": "1 + k_pov * max(0, practice_poverty - pov_nat)",
    "proportional": "1 + k_pov * practice_poverty",
    AREA_NORM: "area_fees / national_fees",
}
"""Formulas of the factor for the place of the practice, by ``poverty_mode``."""

QUALITY_MAPS: Final = {
    "linear": "quality_range * clip((score - quality_neutral) / (quality_full - quality_neutral), -1, 1)",
    "step": "quality_range if score >= quality_full else 0 if score >= quality_neutral else -quality_range",
}
"""Formulas of the quality modulation, by ``quality_map``."""


@dataclass(frozen=True)
class AdjustedTerms(TermsOfAmounts):
    """Terms of a lump sum that place, leaks and quality move.

    Attributes:
        poverty_mode: a key of :data:`UPLIFTS`, or ``none``.
        order_quality: ``after_leak`` or ``before_leak``.
        quality_map: a key of :data:`QUALITY_MAPS`.
    """

    poverty_mode: str
    k_pov: float
    pov_nat: float
    ame_sum: float
    leak_rate: float
    order_quality: str
    quality_map: str
    quality_range: float
    quality_neutral: float
    quality_full: float
    missing_score: float


def lay_uplift(sheet: Sheet, terms: AdjustedTerms, norms: Norms) -> None:
    """The factor for the place of the practice, where the terms have one."""
    if terms.poverty_mode == NO_UPLIFT:
        return
    if terms.poverty_mode == AREA_NORM:
        year = sheet.accounts.year
        area = sheet.accounts.measure("practice_area_type").astype(np.int64)
        trend = national_mean(norms, year) / norms.number(GP_FEES)
        sheet.bring(
            "area_fees", norms.of_areas(GP_FEES)[area] * trend, "Fees of a patient in living areas of this type"
        )
        sheet.bring("national_fees", national_mean(norms, year), "Fees of a patient in the nation")
    sheet.let("uplift", UPLIFTS[terms.poverty_mode], "Factor for the place of the practice", "ratio")


def lay_modulation(
    sheet: Sheet, terms: AdjustedTerms, history: History, norms: Norms, *, perimeter: str = ALL,
    diabetic_indicators: bool = False, questionnaire: bool = False,
) -> None:  # fmt: skip
    """The part of the lump sum that quality adds or takes away.

    Args:
        sheet: the worksheet.
        terms: the terms.
        history: earlier years, for progress.
        norms: deciles and means of the indicators.
        perimeter: whose care is scored.
        diabetic_indicators: whether those of diabetes count.
        questionnaire: whether answers of patients add points.
    """
    names = peps_quality.peps_names(perimeter, diabetic_indicators)
    marks = peps_quality.peps_fractions(names, sheet.accounts, history, norms)
    if np.isnan(marks).all():
        sheet.let("modulation", "missing_score", "Quality could not be scored", "share")
        return
    put_marks(sheet, names, marks, in_force(sheet.accounts), "mean_mark" if questionnaire else "score")
    if questionnaire:
        answers = np.nan_to_num(values(INDICATORS["questionnaire"], sheet.accounts))
        sheet.bring("questionnaire", answers, "Answers of patients to the questionnaire", "share")
        sheet.let("score", "mean_mark + questionnaire_points * questionnaire", "Score with the questionnaire", "points")
    text = f"({QUALITY_MAPS[terms.quality_map]}) if scored else missing_score"
    sheet.let("modulation", text, "Part that quality adds or takes away", "share")


def adjusted(sheet: Sheet, terms: AdjustedTerms, leaked: str, *, ame: bool, end: str = "") -> str:
    """Uplift, state medical aid, leaks and quality over the value ``base``.

    Args:
        sheet: the worksheet, with ``base`` + ``end``, the uplift and the modulation on it.
        terms: the terms.
        leaked: formula of what patients bought elsewhere.
        ame: whether the sum for patients on state medical aid is paid.
        end: what is put behind the name of each step.

    Returns:
        The name of the last step.
    """
    raw = f"base{end}" if terms.poverty_mode == NO_UPLIFT else f"base{end} * uplift"
    if ame:
        raw += " + ame_sum * ame_seen"
    if raw != f"base{end}":
        sheet.let(f"raw{end}", raw, "Lump sums with the factor of the place and the sum for state medical aid")
        raw = f"raw{end}"
    if terms.order_quality == "after_leak":
        return _with_quality(sheet, _less_leaks(sheet, raw, leaked, end), end)
    return _less_leaks(sheet, _with_quality(sheet, raw, end), leaked, end)


def _less_leaks(sheet: Sheet, before: str, leaked: str, end: str) -> str:
    sheet.let(
        f"after_leak{end}", f"max(0, {before} - leak_rate * {leaked})", "Less care that patients bought elsewhere"
    )
    return f"after_leak{end}"


def _with_quality(sheet: Sheet, before: str, end: str) -> str:
    sheet.let(f"after_quality{end}", f"{before} * (1 + modulation)", "With what quality adds or takes away")
    return f"after_quality{end}"

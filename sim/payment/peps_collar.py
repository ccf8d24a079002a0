"""What keeps a lump sum near the past: the activity of the team, and a floor and a cap on what fees paid before it.

Steps 6 and 7 of Peps (systems 2.4). A team without a reference year has neither.
"""

from typing import Final, Protocol

import numpy as np

from sim.payment.accounts_of_year import Numbers
from sim.payment.sheet import Sheet

NO_CAP: Final = np.inf
NO_SANCTION: Final = "none"

ACTIVITY_NORMS: Final = {
    "total": "acts_in_scope / ref_acts if ref_acts > 0 else 1",
    "per_patient": "(acts_in_scope / list_final) / (ref_acts / ref_list)"
    " if ref_acts > 0 and ref_list > 0 and list_final > 0 else 1",
}
"""Formulas of activity over that of the reference year, by ``activity_norm``."""

SANCTIONS: Final = {
    "both_sides": "min(1, activity / activity_low, activity_high / activity)",
    "below": "min(1, activity / activity_low)",
    "fixed": "1 if activity_low <= activity <= activity_high else 1 - sanction_size",
}
"""Formulas of the factor for activity, by ``sanction``."""

COLLAR_BASES: Final = {
    "list_scaled": "ref_income * list{end} / ref_list if ref_list > 0 else 0",
    "unscaled": "ref_income",
    "acts_scaled": "ref_income * acts_in_scope / ref_acts if ref_acts > 0 else ref_income",
    "mean": "((ref_income * list{end} / ref_list if ref_list > 0 else 0)"
    " + (ref_income * acts_in_scope / ref_acts if ref_acts > 0 else ref_income)) / 2",
}
"""Formulas of the income that the lump sum is compared with, by ``collar_base``."""


class Collar(Protocol):
    """Terms that choose between steps."""

    @property
    def activity_norm(self) -> str:
        """A key of :data:`ACTIVITY_NORMS`."""

    @property
    def sanction(self) -> str:
        """A key of :data:`SANCTIONS`, or ``none``."""

    @property
    def sanction_after_collar(self) -> bool:
        """Whether the sanction comes after floor and cap; a floor before it absorbs it."""

    @property
    def collar_base(self) -> str:
        """A key of :data:`COLLAR_BASES`."""

    @property
    def cap(self) -> float:
        """Highest gain over the reference income; infinite for none."""


def lay_reference(sheet: Sheet, acts: Numbers, income: Numbers, patients: Numbers, year: int) -> None:
    """What the team did and earned in the reference year.

    Args:
        sheet: the worksheet.
        acts: acts of the scope, ``(teams,)``.
        income: their fees (EUR), ``(teams,)``.
        patients: patients of the perimeter, ``(teams,)``.
        year: calendar year.
    """
    known_of = f"accounts: {year}"
    sheet.bring("ref_acts", acts, "Acts of the scope in the reference year", "acts", source=known_of)
    sheet.bring("ref_income", income, "Fees of the acts of the scope in the reference year", source=known_of)
    sheet.bring("ref_list", patients, "Patients of the perimeter in the reference year", "patients", source=known_of)


def lay_activity(sheet: Sheet, terms: Collar) -> None:
    """The factor for activity outside its band."""
    if terms.sanction == NO_SANCTION:
        return
    sheet.let("activity", ACTIVITY_NORMS[terms.activity_norm], "Activity over that of the reference year", "ratio")
    sheet.let("activity_factor", SANCTIONS[terms.sanction], "Factor for activity outside its band", "ratio")


def kept_near_reference(sheet: Sheet, terms: Collar, step: str, end: str) -> str:
    """Activity, floor and cap over the value of a step.

    Args:
        sheet: the worksheet, with the reference year on it where there is one.
        terms: the terms.
        step: what is kept near the reference.
        end: what is put behind the name of each step; ``list`` + ``end`` is on the sheet.

    Returns:
        The name of the last step.
    """
    if "ref_income" not in {entry.name for entry in sheet}:
        return step
    sanctioned = terms.sanction != NO_SANCTION
    if sanctioned and not terms.sanction_after_collar:
        sheet.let(f"after_activity{end}", f"{step} * activity_factor", "With the factor for activity")
        step = f"after_activity{end}"
    sheet.let(
        f"reference{end}", COLLAR_BASES[terms.collar_base].format(end=end), "Income of the reference year, scaled"
    )
    # An infinite cap is none; as a number it would be 0 x infinity where the reference is 0.
    high = f"max({step}, reference{end} * (1 + floor))"
    if terms.cap < NO_CAP:
        high = f"clip({step}, reference{end} * (1 + floor), reference{end} * (1 + cap))"
    sheet.let(f"collared{end}", f"{high} if reference{end} > 0 else {step}", "Between floor and cap")
    if sanctioned and terms.sanction_after_collar:
        sheet.let(f"after_activity{end}", f"collared{end} * activity_factor", "With the factor for activity")
        return f"after_activity{end}"
    return f"collared{end}"

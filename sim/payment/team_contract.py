"""What contracts of health homes have in common: the label, who counts, meetings, deprivation (systems 2.6).

Such a contract pays points. A team reports that it met the core; then points are paid, at a value, with an uplift where
poor patients are many. A part of it is paid in advance, in the year itself, and taken back when the core was not met.
"""

from typing import Final

import numpy as np

from agents.patients import ALD
from agents.teams import HEALTH_CENTRE, MSP
from sim import events
from sim.measures import Between, Bits, Measure, measure
from sim.payment.lump_sums import pay_team
from sim.payment.norms import Norms
from sim.payment.sheet import Sheet
from sim.standard_measures.acts import SEEN

CHILD: Final = Between(0, 16)
OLD, OLDER, LAST = 75, 76, 130

CHILDREN_SEEN: Final = measure(
    "children_seen", "children to 16 without a registered physician, seen here after a first contact in the year",
    "patients", reference="P-ACI-CHILD", distinct="patient", per=("team",),
    where={**SEEN, "age": CHILD, "scope": (events.OTHER, events.FOR_AME),
           "marks": Bits(none=events.FIRST | events.LEAK | events.REGISTRATION)},
)  # fmt: skip
"""Children with two contacts or more in the year, the later ones in the team. The first may have been elsewhere: the
claims tell a first contact of the year from later ones, but not with whom it was."""


def _listed(name: str, label: str, **where: object) -> Measure:
    return measure(name, label, "patients", reference="P-ACI-FILES", source="patients", where=where)  # type: ignore[arg-type]


_ALD: Final = Bits(all=ALD)
ALD_UNDER_75: Final = _listed("list_ald_under_75", "registered patients under 75 with a long-term illness", flags=_ALD,
                              age=Between(0, OLD - 1))  # fmt: skip
LIST_OVER_75: Final = _listed("list_over_75", "registered patients over 75", age=Between(OLDER, LAST))
ALD_UP_TO_75: Final = _listed("list_ald_up_to_75", "registered patients up to 75 with a long-term illness", flags=_ALD,
                              age=Between(0, OLDER - 1))  # fmt: skip
MEASURES_OF_TEAMS: Final = (CHILDREN_SEEN, ALD_UNDER_75, LIST_OVER_75, ALD_UP_TO_75)
"""Measures that a contract of a team declares, with those of its own."""

FRAGILE: Final = {
    "75_and_over": "files_share * (list_75 + list_ald_under_75)",
    "over_75": "files_share * (list_over_75 + list_ald_up_to_75)",
}
"""Files to review in meetings, by the age that the text is read to mean: 75 and over, or over 75."""

MEETING_RULES: Final = {
    "proportional": (
        "0 if meetings < least_meetings else 1 if files_reviewed >= files_due else files_reviewed / files_due"
    ),
    "all_or_nothing": "1 if meetings >= least_meetings and files_reviewed >= files_due else 0",
}
"""How far meetings are met, by rule; with no file to review, meetings alone are asked for."""


def lay_label(sheet: Sheet) -> None:
    """Who may be under contract (``labelled``), and for how many patients (``list_counted``)."""
    kind = sheet.accounts.measure("team_kind")
    sheet.bring("has_project", np.isin(kind, (MSP, HEALTH_CENTRE)), "A health project, by the kind of team", "yes/no")
    sheet.let(
        "labelled",
        "has_project and physicians >= least_physicians and n_prof - physicians >= least_other_professionals",
        "Enough professionals for the label", "yes/no",
    )  # fmt: skip
    sheet.let("list_counted", "registered_list + children_seen", "Patients who count", "patients")


def lay_meetings(sheet: Sheet, rule: str, from_age: str) -> None:
    """How far case meetings are met (``met``), and the files that they had to review (``files_due``)."""
    sheet.let("files_due", FRAGILE[from_age], "Files of fragile patients to review in meetings", "files")
    sheet.let("met", MEETING_RULES[rule], "Part of the case meetings that is met", "share")


def lay_uplift(sheet: Sheet, norms: Norms | None) -> None:
    """What is added where patients with means-tested cover or state aid are many (``uplift``).

    Args:
        sheet: the worksheet.
        norms: where the national share comes from them; None where it is a term.
    """
    nation = "national_share"
    if norms is not None:
        nation = "share_of_nation"
        sheet.bring(nation, norms.number("share_c2s_ame"), "The same share in the nation", "share", "norms")
    sheet.let("poor_share", "(list_c2s + ame_seen) / max(1, registered_list + ame_seen)",
              "Share of patients with means-tested cover or state medical aid", "share")  # fmt: skip
    sheet.let("uplift", f"min(most_uplift, max(0, poor_share - {nation}))", "Uplift for deprivation", "share")


def pay_contract(sheet: Sheet, advance: str, contract: str) -> None:
    """Pay an advance in spring, and the rest of the contract a year later; the rest may take the advance back."""
    year = sheet.accounts.year
    sheet.let("advance_paid", f"floor(100 * {advance} + 0.5) / 100", "Advance, to the cent")
    sheet.let("balance", f"{contract} - advance_paid", "What remains once the advance is taken off")
    pay_team(sheet, "advance", "advance_paid", cash=[(year, 2)])
    pay_team(sheet, "balance", "balance", cash=[(year + 1, 2)])

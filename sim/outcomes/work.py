"""Outcomes of work: acts, hours, length of visits, lists."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.declaration import Model, Read, declare_ratios, outcome, ratio
from sim.outcomes.posts import in_post, mean_of

FULL_ACTIVITY_HALF_DAYS: Final = 9
"""Half-days a week of a full-activity GP (V-01)."""

SETTLED_WEEKS: Final = 39
"""Weeks of work in the year, of 52 less leave, under which a GP is not taken as settled."""

PATIENT_USES: Final = ("visit", "phone", "home", "travel", "unbilled")
"""Uses of a GP's time that are hours with patients: home visits with their travel, and what goes unbilled (P-H-PAT)."""


def full_activity(model: Model, year: int) -> NDArray[np.bool_]:
    """Full-activity GPs: at least 9 half-days a week, in post through the year and the one before."""
    full = in_post(model) & (model.world.physicians["half_days"] >= FULL_ACTIVITY_HALF_DAYS)
    for worked in (year, year - 1):
        if worked in model.accounts.years:
            weeks = model.accounts.array("weeks_present", worked)
            full[: len(weeks)] &= weeks >= SETTLED_WEEKS
    return full


@outcome("gps", "count", "physicians in post", reference="P-DENS")
def gps(model: Model, _year: int) -> float:
    """Physicians in post at the end of the year."""
    return float(in_post(model).sum())


@outcome("acts_per_full_activity_gp", "acts/year", "acts of a full-activity GP", reference="P-ACTS-Y")
def acts_per_full_activity_gp(model: Model, year: int) -> float:
    """Consultations and visits billed."""
    return mean_of(model.accounts.array("acts", year), full_activity(model, year))


@outcome("acts_per_gp", "acts/year", "acts of a GP", reference="P-ZIP")
def acts_per_gp(model: Model, year: int) -> float:
    """Consultations and visits billed, all GPs in post."""
    return mean_of(model.accounts.array("acts", year), in_post(model))


@outcome("hours_with_patients", "hours/week", "hours with patients of a full-activity GP", reference="P-H-PAT")
def hours_with_patients(model: Model, year: int) -> float:
    """Hours of an ordinary week: those of the year over the weeks worked."""
    accounts = model.accounts
    hours = sum(accounts.array(f"hours_{use}_physicians", year) for use in PATIENT_USES)
    weeks = np.maximum(1, accounts.array("weeks_present", year))
    return mean_of(np.asarray(hours) / weeks, full_activity(model, year))


@outcome("minutes_per_visit", "minutes", "length of a consultation, full-activity GPs", reference="P-DUR-TIMED")
def minutes_per_visit(model: Model, year: int) -> float:
    """Minutes of consultations at the practice over their number."""
    full = full_activity(model, year)
    minutes, acts = (model.accounts.array(name, year)[full].sum() for name in ("office_minutes", "office_acts"))
    return ratio(float(minutes), float(acts))


@outcome("home_visit_share", "share", "home visits among acts", reference="P-ACTS-HOME")
def home_visit_share(model: Model, year: int) -> float:
    """Home visits over all acts of physicians."""
    return ratio(model.accounts.total("home_acts", year), model.accounts.total("acts", year))


def _list_quantile(quantile: float) -> Read:
    def read(model: Model, year: int) -> float:
        lists = model.accounts.array("adult_list", year)[in_post(model)]
        return float(np.quantile(lists, quantile)) if len(lists) else float("nan")

    return read


@outcome("registered_list_mean", "patients", "registered patients of a GP", reference="P-LIST-MEAN")
def registered_list_mean(model: Model, year: int) -> float:
    """Registered patients at the end of the year, GPs in post."""
    return mean_of(model.accounts.array("registered_list", year), in_post(model))


for _name, _quantile in (("q1", 0.25), ("median", 0.5), ("q3", 0.75)):
    outcome(f"adult_list_{_name}", "patients", f"registered adults of a GP: {_name}", reference="P-LIST-DIST")(
        _list_quantile(_quantile)
    )


@outcome("active_file_mean", "patients/year", "distinct patients seen by a GP in the year", reference="P-FILE")
def active_file_mean(model: Model, year: int) -> float:
    """Distinct patients of the year, GPs in post."""
    return mean_of(model.accounts.array("active_file", year), in_post(model))


declare_ratios((
    ("acts_per_registered", "acts/person/year", "GP contacts of a registered patient, wherever", "P-ACTS-PT",
     "acts_of_list", "registered_list", 1.0),
    ("leak_rate", "share", "contacts of registered patients outside their team", "behaviour C2",
     "leaks", "acts_of_list", 1.0),
    ("nurse_contacts_per_person", "contacts/person/year", "tasks done by nurses, a person", "behaviour B",
     "nurse_contacts", "residents", 1.0),
))  # fmt: skip

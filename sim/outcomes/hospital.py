"""Outcomes of health: emergencies, stays, readmission, diabetes, and the social gradient of heart failure."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.patients import AGE_BANDS
from sim.outcomes.declaration import Model, declare_ratios, outcome

ADULT_BANDS: Final = AGE_BANDS[1:]
FIFTH: Final = 0.2

declare_ratios((
    ("avoidable_stays_per_1000_adults", "per 1,000 adults", "potentially avoidable stays", "P-HPE",
     "avoidable_stays_residents", "adult_residents", 1000.0),
    ("avoidable_share_heart_failure", "share", "heart failure among avoidable stays", "P-HPE-MIX",
     "avoidable_heart_failure", "avoidable_stays_residents", 1.0),
    ("avoidable_share_copd", "share", "COPD among avoidable stays", "P-HPE-MIX",
     "avoidable_copd", "avoidable_stays_residents", 1.0),
    ("heart_failure_admissions_per_100000_adults", "per 100,000 adults", "stays for heart failure", "P-HF-HOSP",
     "heart_failure_stays", "adult_residents", 100_000.0),
    ("ed_visits_per_1000", "per 1,000", "emergency visits", "P-ED-RATE", "ed_visits_residents", "residents", 1000.0),
    ("stays_per_1000", "per 1,000", "hospital stays", "P-HOSP75", "stays_residents", "residents", 1000.0),
    ("readmission_share", "share", "discharges followed by a readmission within 30 days", "P-READM75",
     "readmissions_residents", "discharges_residents", 1.0),
    ("readmission_share_75", "share", "same, from age 75", "P-READM75", "readmissions_75", "discharges_75", 1.0),
    ("seen_7_days_75", "share", "discharges from age 75 seen by a GP or nurse within 7 days", "P-POSTDC",
     "discharges_75_seen_7", "discharges_75", 1.0),
    ("diabetes_prevalence", "share", "people with diabetes", "P-DIAB", "diabetic_residents", "residents", 1.0),
    ("three_hba1c_share", "share", "people with diabetes with three HbA1c tests or more", "P-DIAB-PROC",
     "diabetic_three_tests", "diabetic_residents", 1.0),
))  # fmt: skip


@outcome("heart_failure_rate_deprived_fifth", "per 100,000 adults",
         "stays for heart failure, fifth of people in the poorest communes, age-standardised",
         reference="P-HF-GRAD")  # fmt: skip
def heart_failure_rate_deprived_fifth(model: Model, year: int) -> float:
    """Age-standardised on all adults of the world."""
    return _standardised_rate(model, year, -1)


@outcome("heart_failure_rate_affluent_fifth", "per 100,000 adults",
         "stays for heart failure, fifth of people in the least poor communes, age-standardised",
         reference="P-HF-GRAD")  # fmt: skip
def heart_failure_rate_affluent_fifth(model: Model, year: int) -> float:
    """Age-standardised on all adults of the world."""
    return _standardised_rate(model, year, 1)


@outcome("heart_failure_gradient", "ratio", "poorest over least poor fifth, age-standardised stays for heart failure",
         reference="P-HF-GRAD")  # fmt: skip
def heart_failure_gradient(model: Model, year: int) -> float:
    """Ratio of the two rates, not a number when the second is 0."""
    affluent = heart_failure_rate_affluent_fifth(model, year)
    return heart_failure_rate_deprived_fifth(model, year) / affluent if affluent else float("nan")


def _standardised_rate(model: Model, year: int, sign: int) -> float:
    """Directly standardised rate of the fifth of people that comes first by ``sign * poverty`` of the commune."""

    def by_commune(stem: str) -> NDArray[np.float64]:
        columns = [model.accounts.array(f"{stem}_{band}", year, "commune") for band in ADULT_BANDS]
        return np.stack(columns, axis=1).astype(float)

    stays, residents = by_commune("heart_failure_stays"), by_commune("residents_age")
    inside = first_part(sign * model.world.communes["poverty"], residents.sum(axis=1), FIFTH)
    people = inside @ residents
    rate = np.divide(inside @ stays, people, out=np.zeros(len(people)), where=people > 0)
    standard = residents.sum(axis=0)
    return float(100_000 * (rate * standard).sum() / standard.sum()) if standard.sum() else float("nan")


def first_part(order: NDArray[np.float64], people: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Share of each place that lies in the first ``share`` of people, by increasing ``order``: the last one in part."""
    rank = np.argsort(order, kind="stable")
    wanted = share * people.sum()
    before = np.cumsum(people[rank]) - people[rank]
    inside = np.zeros(len(people))
    populated = np.maximum(people[rank], 1e-12)
    inside[rank] = np.clip((wanted - before) / populated, 0, 1)
    return inside

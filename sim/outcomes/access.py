"""Outcomes of access: accessibility, users, waits, forgone needs, registration."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.patients import AGE_BANDS
from sim.outcomes.declaration import Model, Read, declare_ratios, outcome, ratio
from sim.outcomes.posts import in_post, mean_of

UNDER_SERVED: Final = 2.5
"""Accessibility under which a place is under-served (P-APL-THR)."""

TENTHS: Final = 10


def _apl_by_people(model: Model) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Accessibility of inhabited cells, worst first, and the people who live there."""
    cells = model.world.cells
    people = cells["people"].sum(axis=1, dtype=float)
    order = np.argsort(cells["apl"], kind="stable")
    order = order[people[order] > 0]
    return cells["apl"][order].astype(float), people[order]


def mean_of_part(values: NDArray[np.float64], weights: NDArray[np.float64], low: float, high: float) -> float:
    """Mean of ordered values over the part of all weight between two shares; a cell may fall into two parts."""
    total = weights.sum()
    if not total:
        return float("nan")
    ends = np.cumsum(weights) / total
    inside = np.minimum(ends, high) - np.maximum(ends - weights / total, low)
    inside = np.maximum(inside, 0.0)
    return float((values * inside).sum() / inside.sum())


@outcome("people", "people", "inhabitants", reference="behaviour A1")
def people(model: Model, year: int) -> float:
    """Inhabitants at the end of the year."""
    return model.accounts.total("residents", year)


@outcome("apl_mean", "consultations/person/year", "accessibility of GPs, mean over people", reference="P-APL-MEAN")
def apl_mean(model: Model, _year: int) -> float:
    """Accessibility weighted by people."""
    return mean_of_part(*_apl_by_people(model), 0, 1)


def _apl_tenth(number: int) -> Read:
    return lambda model, _year: mean_of_part(*_apl_by_people(model), number / TENTHS, (number + 1) / TENTHS)


for _number in range(TENTHS):
    outcome(f"apl_d{_number + 1}", "consultations/person/year",
            f"accessibility of GPs, mean of a tenth of people, the worst served first: {_number + 1}",
            reference="P-APL-D1D10")(_apl_tenth(_number))  # fmt: skip


@outcome("apl_under_served", "share", "people with an accessibility under 2.5", reference="P-APL-DESERT")
def apl_under_served(model: Model, _year: int) -> float:
    """Share of people in cells under the threshold."""
    apl, weight = _apl_by_people(model)
    return ratio(float(weight[apl < UNDER_SERVED].sum()), float(weight.sum()))


@outcome("monthly_users_per_1000", "per 1,000", "people who see a GP in a month", reference="P-VIS-MONTH")
def monthly_users_per_1000(model: Model, year: int) -> float:
    """Distinct users of each of the twelve months, mean, over residents."""
    months = model.accounts.measures["gp_users_monthly"].periods
    return ratio(model.accounts.total("gp_users_monthly", year), model.accounts.total("residents", year), 1000 / months)


declare_ratios((
    ("yearly_users", "share", "people who see a GP in the year", "P-VIS-YEAR", "gp_users", "residents", 1.0),
    ("contacts_per_person", "contacts/person/year", "GP contacts a person", "P-VIS-MEAN",
     "contacts_residents", "residents", 1.0),
    ("leaks_per_person", "contacts/person/year", "contacts outside the team of the registered GP, a person",
     "behaviour C2", "leaks_residents", "residents", 1.0),
    ("teleconsultations_per_person", "contacts/person/year", "teleconsultations bought outside, a person",
     "behaviour C2", "teleconsultations", "residents", 1.0),
    ("forgone_per_person", "needs/person/year", "needs given up, a person", "behaviour C2",
     "forgone", "residents", 1.0),
    ("delays_per_person", "requests/person/year", "requests that waited another week, a person", "behaviour C2",
     "delays", "residents", 1.0),
    ("mean_wait_days", "days", "days waited for a contact with a GP", "behaviour C3",
     "waited_days", "gp_contacts", 1.0),
    ("nurse_users_75", "share", "people from age 75 seen by a nurse in the year", "P-NURSE-USE",
     "nurse_users_75", "residents_75", 1.0),
    ("adults_unregistered", "share", "adults without a registered physician", "P-NOMT",
     "adult_residents_unregistered", "adult_residents", 1.0),
    ("adults_ald_unregistered", "share", "adults with a long-term illness without a registered physician",
     "P-NOMT-ALD", "ald_adults_unregistered", "ald_adults", 1.0),
    *((f"contacts_per_person_{_band}", "contacts/person/year", f"GP contacts a person, by age: {_band}", "P-VIS-AGE",
       f"contacts_age_{_band}", f"residents_age_{_band}", 1.0) for _band in AGE_BANDS),
))  # fmt: skip


@outcome("posted_wait_days", "days", "wait that patients see, mean over GPs in post", reference="behaviour C3")
def posted_wait_days(model: Model, _year: int) -> float:
    """Posted wait at the end of the year; an empty post has none."""
    return mean_of(model.world.physicians["posted_wait_days"], in_post(model))

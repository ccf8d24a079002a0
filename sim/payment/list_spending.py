"""Insurer spending of registered lists, observed and expected: what rules of shared savings compare (systems 2.5).

Spending is that of all patients on the list, wherever it occurs. What is expected of a list is the national mean of
each of its classes, times factors of the place: of the accessibility of physicians, and of the territory.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents import patients as people
from sim import events
from sim.measures import MEASURES, Measure, measure
from sim.payment.accounts_of_year import LIST_CLASSES, AccountsOfYear, Numbers
from sim.payment.formula import formula
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Layer
from sim.payment.rules import policy_class
from sim.payment.terms import Terms, read_terms
from sim.standard_measures.acts import SHADOW
from sim.standard_measures.lists import CARE_SPLIT

OUTLIERS: Final = ("none", "p99", "p95")
SHADOW_TARIFF, CASH = "shadow_tariff", "cash_received"
NO_TERRITORY, DEPARTEMENT, AREA_TYPE = "none", "departement", "area_type"


@dataclass(frozen=True)
class SpendingParameters:
    """How spending is counted; terms of these names are among those of the policies that share savings.

    Attributes:
        sick_pay_in_spend: whether sick pay counts.
        outlier: percentile at which the spending of a patient is cut, ``none`` for whole.
        own_team_pay: worth of acts that a lump sum of the team replaces: at tariff, or the cash received for them.
        apl_bands: edges of the bands of accessibility, in consultations a person and year.
    """

    sick_pay_in_spend: bool
    outlier: str
    own_team_pay: str
    apl_bands: Sequence[float]


@dataclass(frozen=True)
class CutParameters:
    """National percentiles of the yearly spending of one patient."""

    p99: float
    p95: float


def cuts() -> Terms:
    """The dated terms of :class:`CutParameters`."""
    return read_terms("list_spending", CutParameters)


def _cut(column: str, most: float) -> Callable[[Any], NDArray[np.float64]]:
    """Spending of each patient, cut at an amount."""
    return lambda view: np.minimum(view.column(column), most)


def _sick_pay(view: Any) -> NDArray[np.float64]:
    """Sick pay of the year before, by the split of other spending."""
    shares = view.parameters[0]["accounts_other_shares"][:, CARE_SPLIT.index("sick_pay")]
    return np.asarray(view.column("spend_prev")[:, people.SPEND_OTHER] * shares[view.column("age_band")], dtype=float)


def _declare() -> list[Measure]:
    facts: dict[str, Any] = {"reference": "systems 2.5", "source": "patients"}
    # What is counted is declared before any year begins, so the cuts are those of the file, whatever the date.
    most = {name: cuts().of[name].entries[-1].value for name in OUTLIERS[1:]}
    declared = [
        measure(f"spend_all_{name}", f"insurer spending of the list, each patient's cut at the {name[1:]}th percentile",
                "EUR", value=_cut("spent", cut), moved_by="claims_of_list", **facts)
        for name, cut in most.items()
    ]  # fmt: skip
    declared += [
        measure(f"previous_spend_{name}", f"spending in the year before of the same patients, cut at the {name[1:]}th "
                "percentile", "EUR", value=_cut("spent_prev", cut), **facts)
        for name, cut in most.items()
    ]  # fmt: skip
    declared += [
        measure("previous_spend", "insurer spending in the year before of the patients on the list", "EUR",
                value="spent_prev", **facts),
        measure("previous_sick_pay", "sick pay in the year before of the patients on the list", "EUR", value=_sick_pay,
                **facts),
        measure("own_shadow_value", "insurer's part of the tariff of acts for the list that a lump sum replaced", "EUR",
                reference="systems 2.5", where={"marks": SHADOW, "scope": events.IN_LIST}, value="insurer_cents",
                divisor=100),
    ]  # fmt: skip
    return declared


MEASURES_OF_SPENDING: Final = tuple(_declare())
"""What rules of shared savings need counted beyond the standard measures."""

RECEIVED: Final = "lump_sums_received"
"""What formulas call the cash that the team received in the place of fees."""


def spending_text(rule: SpendingParameters) -> str:
    """Spending of the list, as a formula over measures."""
    whole = "spend_all" if rule.outlier == "none" else f"spend_all_{rule.outlier}"
    text = whole if rule.sick_pay_in_spend else f"{whole} - spend_sick_pay"
    return text if rule.own_team_pay == SHADOW_TARIFF else f"{text} - own_shadow_value + {RECEIVED}"


def spending(accounts: AccountsOfYear, history: History, rule: SpendingParameters) -> Numbers:
    """Spending of the list a patient (EUR), ``(teams,)``; 0 for an empty list."""

    def named(name: str) -> Numbers:
        return received(accounts, history) if name == RECEIVED else accounts.measure(name)

    return _per_patient(formula(spending_text(rule))(named), accounts.measure("registered_list"))


def same_patients_before(accounts: AccountsOfYear, rule: SpendingParameters) -> Numbers:
    """Spending in the year before of the patients who are on the list now, a patient (EUR), ``(teams,)``."""
    whole = "previous_spend" if rule.outlier == "none" else f"previous_spend_{rule.outlier}"
    total = accounts.measure(whole) - (0 if rule.sick_pay_in_spend else accounts.measure("previous_sick_pay"))
    return _per_patient(total, accounts.measure("registered_list"))


def received(accounts: AccountsOfYear, history: History) -> Numbers:
    """What policies paid teams for a year in the place of fees (EUR), ``(teams,)``."""
    n = accounts.size("team")
    paid = [
        history.paid(year, policy, "team", n)
        for year, policy in history.statements
        if year == accounts.year and policy_class(policy).layer is Layer.SUBSTITUTION
    ]
    return np.sum(paid, axis=0) if paid else np.zeros(n)


def class_means(norms: Norms, year: int, rule: SpendingParameters) -> Numbers:
    """National mean spending of a patient of each class in a calendar year (EUR), ``(len(LIST_CLASSES),)``."""
    means = norms.of_classes("spending" if rule.outlier == "none" else f"spending_{rule.outlier}", year)
    return means if rule.sick_pay_in_spend else means - norms.of_classes("sick_pay", year)


def national_mean(norms: Norms, year: int, rule: SpendingParameters) -> float:
    """National mean spending a registered patient in a calendar year (EUR)."""
    whole = norms.number("spending" if rule.outlier == "none" else f"spending_{rule.outlier}", year)
    return whole if rule.sick_pay_in_spend else whole - norms.number("sick_pay", year)


def expected(
    accounts: AccountsOfYear, norms: Norms, year: int, rule: SpendingParameters, territory: str = NO_TERRITORY
) -> Numbers:
    """Expected spending of the list a patient, given its case mix (EUR), ``(teams,)``; 0 for an empty list.

    Args:
        accounts: the list.
        norms: hold ``spending`` and ``sick_pay`` by class, and the factors of places.
        year: calendar year of the prices.
        rule: how spending is counted.
        territory: ``area_type``: the factor of the living-area type; ``departement``: what the territory around the
            team, which stands for the département, spends over what is expected of it.
    """
    means = class_means(norms, year, rule)
    access = _access_factor(accounts, norms, rule)
    due, listed = _over_classes(accounts.measure, means)
    found = _per_patient(due, listed) * access
    if territory == AREA_TYPE:
        return found * norms.of_areas("spending_factor")[accounts.measure("practice_area_type").astype(int)]
    if territory == DEPARTEMENT:
        near, _ = _over_classes(accounts.around, means)
        text = spending_text(replace(rule, own_team_pay=SHADOW_TARIFF))
        spent = formula(text)(accounts.around)
        return found * np.divide(spent, near * access, out=np.ones(len(found)), where=near > 0)
    return found


def of_territories(accounts: AccountsOfYear) -> AccountsOfYear:
    """These accounts, where the list of each team is that of all physicians of its territory."""

    def read(name: str, level: str) -> Numbers:
        known = MEASURES[name]
        shared = level == "team" and known.of == "list" and "territory" in known.per
        return accounts.around(name) if shared else accounts.read(name, level)

    return accounts.read_by(read)


def _access_factor(accounts: AccountsOfYear, norms: Norms, rule: SpendingParameters) -> Numbers:
    bands = len(rule.apl_bands) + 1
    factors = np.array([norms.numbers.get(f"spending_apl_{band}", 1.0) for band in range(bands)])
    return np.asarray(factors[np.digitize(accounts.measure("practice_apl"), rule.apl_bands)])


def _over_classes(read: Callable[[str], Numbers], means: Numbers) -> tuple[Numbers, Numbers]:
    """Sum of class means over the patients of lists, and the number of these patients: both ``(teams,)``."""
    # Class by class: a matrix product may round a row differently when it stands elsewhere.
    due, listed = np.zeros(()), np.zeros(())
    for one, mean in zip(LIST_CLASSES, means, strict=True):
        patients = read(one.name)
        due, listed = due + patients * mean, listed + patients
    return due, listed


def _per_patient(total: Numbers, patients: Numbers) -> Numbers:
    return np.divide(total, patients, out=np.zeros(len(patients)), where=patients > 0)

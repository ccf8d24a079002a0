"""Quality indicators: what happened to patients, as ratios of declared measures, and their score (systems 3).

    found = values(INDICATORS["readmissions"], accounts, "team", least=30)
    half, full = targets(INDICATORS["readmissions"], norms, terms)
    marks = fraction(found, half, full, before, "lower")
    score(np.stack([marks, ...]), "drop")

An indicator is a ratio of two formulas over measures, so it can be computed for whoever these measures are kept for:
``ratio(indicator, read, least)`` asks ``read`` for each measure by name. Those that come from claims are kept by
physician, team and territory (lists of physicians, of teams, of the residents of a territory); the first of Ipep is
about residents, for territories only. Indicators that a team reports itself have thresholds of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.measures import MEASURES, measure
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.formula import formula
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.terms import Terms, read_terms

type Read = Callable[[str], Numbers]

HIGHER, LOWER = "higher", "lower"
SHARE: Final = "share"
DECILES: Final = 9
FULL_MARK: Final = 100.0
"""Score of who reaches every target."""

measure("list_trust", "trust of registered patients in their physician, summed", "patients", source="patients",
        reference="systems 3.2, questionnaire", value="trust_gp", divisor=255)  # fmt: skip


@dataclass(frozen=True)
class QualityParameters:
    """Terms of scoring; a policy that scores has those it lets vary among its own terms, by the same names."""

    min_den: float
    missing_rule: str
    target_def: str
    intermediate_decile: int
    target_decile: int
    record_use: float
    given_thresholds: Mapping[str, Sequence[float]]
    questionnaire_points: float
    questionnaire_mode: str
    meetings_attended: float
    no_contact_days: float
    control_at_goal: float


@dataclass(frozen=True, slots=True)
class Indicator:
    """One quality indicator.

    Attributes:
        name, label: what it is called, what it is.
        set, number: whose indicator it is (``ipep``, ``peps``, ``rosp``), and its number there.
        better: ``higher`` or ``lower``.
        numerator, denominator: measures, or formulas over measures and terms of quality.toml; "" where the model knows
            nothing of it, which is the same as missing.
        factor: what the ratio is multiplied by (100 listed patients, 1,000 adults).
        unit: unit of its value.
        level: ``list``, ``territory`` (read around the team) or ``team`` (what the team reports).
        data: ``claims``, ``ad hoc`` or ``survey``.
        reference: document section.
        days: formulas of the counts in each class of :data:`DAY_CLASSES`, of an indicator that is a median of days.
    """

    name: str
    label: str
    set: str
    number: str
    better: str
    numerator: str
    denominator: str
    factor: float = 1.0
    unit: str = SHARE
    level: str = "list"
    data: str = "claims"
    reference: str = "systems 3.2"
    days: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the model knows what it needs."""
        return bool(self.denominator)


DAY_CLASSES: Final = ((0, 7), (8, 14), (15, 30), (31, 90))
"""Classes of days from a discharge to the first contact."""

INDICATORS: Final[dict[str, Indicator]] = {}
"""Every indicator by name."""

TEXT10, PAID9, AUTO7 = "text10", "paid9", "auto7"
ACTIVE_SETS: Final[Mapping[str, tuple[int, ...]]] = {
    TEXT10: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
    PAID9: (1, 2, 3, 4, 5, 6, 8, 9, 10),
    AUTO7: (1, 2, 3, 5, 6, 8, 10),
}
"""Numbers of the Ipep indicators that count: those of the text, those that were ever paid, those from claims alone."""


def declare(*indicators: Indicator) -> None:
    """Put indicators in the registry."""
    for one in indicators:
        assert one.name not in INDICATORS, one.name
        INDICATORS[one.name] = one


def _ipep(number: int, name: str, label: str, better: str, numerator: str, denominator: str, **facts: Any) -> Indicator:
    return Indicator(name, label, "ipep", str(number), better, numerator, denominator, **facts)


def _rosp(number: str, name: str, label: str, better: str, numerator: str, denominator: str, **facts: Any) -> Indicator:
    return Indicator(name, label, "rosp", number, better, numerator, denominator, reference="systems 2.3", **facts)


declare(
    _ipep(1, "registered_residents", "residents from age 17 with a registered physician", HIGHER,
          "residents_17_registered", "residents_17", level="territory"),
    _ipep(2, "ed_without_admission", "emergency visits without admission per 100 registered patients", LOWER,
          "ed_not_admitted", "registered_list", factor=100.0, unit="per 100 patients"),
    _ipep(3, "direct_admissions", "medical admissions without passing through the emergency department", HIGHER,
          "medical_admissions_direct", "medical_admissions"),
    # Whoever was seen in a team with shared software has a file there, as far as physicians keep it up.
    _ipep(4, "shared_record", "patients whose shared record is used", HIGHER,
          "it_ok * record_use * listed_seen", "registered_list", data="ad hoc"),
    _ipep(5, "readmissions", "discharges followed by a readmission within 30 days", LOWER, "readmissions",
          "discharges"),
    _ipep(6, "avoidable_stays", "potentially avoidable stays per 1,000 registered adults", LOWER, "avoidable_stays",
          "adult_list", factor=1000.0, unit="per 1,000 adults"),
    # Nobody writes letters in the model, and the indicator was never applied.
    _ipep(7, "letters", "letters of admission, graded", HIGHER, "", "", data="ad hoc"),
    _ipep(8, "seen_after_discharge", "discharges followed by a contact with a physician or nurse within 30 days",
          HIGHER, "discharges_seen_30", "discharges"),
    # The team grades its own year: what it did of the prevention that was due.
    _ipep(9, "prevention", "preventive acts done, per 100 that were due", HIGHER, "prevention_done",
          "prevention_done + list_prevention_due", factor=100.0, unit="per 100 acts due", level="team", data="ad hoc"),
    _ipep(10, "polymedication", "registered patients under continuous polymedication", LOWER,
          "list_polymedication_continuous", "registered_list"),
    _ipep(11, "questionnaire", "answers of patients to the questionnaire", HIGHER, "list_trust", "registered_list",
          data="survey"),
    _rosp("chronic 1", "rosp_hba1c_tests", "diabetic patients with three HbA1c tests or more", HIGHER,
          "list_diabetic_three_tests", "list_diabetic"),
    _rosp("prevention 1", "rosp_prevention", "registered patients without a preventive act due", HIGHER,
          "registered_list - list_prevention_due", "registered_list"),
    _rosp("prevention 2", "rosp_inappropriate_drug", "registered patients with an inappropriate drug", LOWER,
          "list_inappropriate_drug", "registered_list"),
    _rosp("prevention 3", "rosp_polymedication", "registered patients under continuous polymedication", LOWER,
          "list_polymedication_continuous", "registered_list"),
    _rosp("efficiency 1", "rosp_drugs", "drugs per registered patient", LOWER, "list_drugs", "registered_list",
          unit="drugs/patient"),
    _rosp("efficiency 2", "rosp_ed_without_admission", "emergency visits without admission per registered patient",
          LOWER, "ed_not_admitted", "registered_list", unit="visits/patient"),
)  # fmt: skip


@cache
def quality_terms() -> Terms:
    """The dated terms of scoring."""
    return read_terms("quality", QualityParameters)


def ratio(one: Indicator, read: Read, terms: QualityParameters, least: float | None = None) -> Numbers:
    """An indicator for each owner, NaN where the denominator is below ``least`` or the model knows nothing of it.

    Args:
        one: the indicator.
        read: gives a measure by name, one value an owner.
        terms: the terms of scoring.
        least: smallest denominator; that of the terms by default.
    """

    def named(name: str) -> Any:
        return read(name) if name in MEASURES else getattr(terms, name)

    if not one.known:
        return np.full(len(read("registered_list")), np.nan)
    below = formula(one.denominator)(named)
    enough = below >= max(terms.min_den if least is None else least, np.finfo(float).tiny)
    if one.days:
        found = _median_days([formula(part)(named) for part in one.days], below, terms.no_contact_days)
        return np.where(enough, found, np.nan)
    above = formula(one.numerator)(named)
    return np.asarray(np.divide(one.factor * above, below, out=np.full(below.shape, np.nan), where=enough))


def values(
    one: Indicator, accounts: AccountsOfYear, level: str = "team", least: float | None = None,
    terms: QualityParameters | None = None,
) -> Numbers:  # fmt: skip
    """An indicator for the owners of a level (team or physician), ``(n,)``, NaN where it is missing."""
    terms = terms or in_force(accounts)
    return ratio(one, reader(accounts, level, one), terms, least)


def reader(accounts: AccountsOfYear, level: str, one: Indicator) -> Read:
    """How the measures of an indicator are read for owners of a level."""

    def read(name: str) -> Numbers:
        if one.level == "territory":
            return accounts.around(name, level)
        if level not in MEASURES[name].per:  # what only the team reports holds for each of its members
            return accounts.of_team(accounts.measure(name), level)
        return accounts.measure(name, level)

    return read


def in_force(accounts: AccountsOfYear) -> QualityParameters:
    """The terms of scoring on the last day of a year."""
    return _terms_on(accounts.last_day)


@cache
def _terms_on(day: date) -> QualityParameters:
    return QualityParameters(**{name: entry.value for name, entry in quality_terms().at(day).items()})


def targets(one: Indicator, norms: Norms, terms: QualityParameters, suffix: str = "") -> tuple[float, float]:
    """Intermediate objective and target of an indicator (systems 3.1).

    Args:
        one: the indicator.
        norms: hold its deciles over living areas, and its national mean (``numbers[name]``) for ``mean_2019``.
        terms: the terms of scoring.
        suffix: "_physicians" for deciles over physicians.
    """
    if one.name in terms.given_thresholds:
        half, full = terms.given_thresholds[one.name]
        return float(half), float(full)
    turn = DECILES + 1
    half_at, full_at = terms.intermediate_decile, terms.target_decile
    if one.better == LOWER:
        half_at, full_at = turn - half_at, turn - full_at
    full = norms.decile(one.name + suffix, full_at)
    if terms.target_def == "mean_2019":
        return norms.number(one.name), full
    return norms.decile(one.name + suffix, half_at), full


def has_targets(one: Indicator, norms: Norms, terms: QualityParameters, suffix: str = "") -> bool:
    """Whether an objective is known; without the distribution that gives it, an indicator cannot be scored."""
    return one.name in terms.given_thresholds or one.name + suffix in norms.deciles


def fraction(value: Numbers, half: float, full: float, before: Numbers, better: str) -> Numbers:
    """Part of the full mark: 1 from the target on, .5 at the intermediate objective, below it progress (systems 3.1).

    Args:
        value: the indicator, ``(n,)``, NaN where missing.
        half: intermediate objective.
        full: target.
        before: the indicator in the year before, NaN where unknown.
        better: ``higher`` or ``lower``.

    Returns:
        ``(n,)``, NaN where the value is missing.
    """
    sign = 1.0 if better == HIGHER else -1.0
    r, i, t, past = sign * np.asarray(value, dtype=float), sign * half, sign * full, sign * np.asarray(before)
    # What is not taken may divide by nothing, or by next to nothing.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        between = 0.5 + 0.5 * (r - i) / (t - i)
        progress = np.where((past < i) & (r > past), 0.5 * (r - past) / (i - past), 0.0)
    marks = np.where(r >= t, 1.0, np.where(r >= i, between, progress))
    return np.where(np.isnan(r), np.nan, marks)


def score(fractions: Numbers, missing_rule: str = "drop") -> Numbers:
    """Score out of 100, ``(n,)``; NaN where every indicator is missing.

    Args:
        fractions: parts of the full mark, ``(indicators, n)``, NaN where missing.
        missing_rule: ``drop``, ``zero`` or ``half``: a missing one is left out, counts 0, or counts one half.
    """
    counted, known = counted_as(fractions, missing_rule)
    with np.errstate(invalid="ignore"):
        found = FULL_MARK * counted.sum(axis=0) / known.sum(axis=0)
    return np.where(np.isnan(fractions).all(axis=0), np.nan, found)


def counted_as(fractions: Numbers, missing_rule: str) -> tuple[Numbers, NDArray[np.bool_]]:
    """What each indicator counts for, and whether it counts at all: both ``(indicators, n)``."""
    missing = np.isnan(fractions)
    filled = np.where(missing, 0.5 if missing_rule == "half" else 0.0, fractions)
    return filled, ~missing if missing_rule == "drop" else np.ones_like(missing)


def fractions_of(
    names: Sequence[str], accounts: AccountsOfYear, history: History, norms: Norms, terms: QualityParameters,
    level: str = "team", suffix: str = "",
) -> Numbers:  # fmt: skip
    """Parts of the full mark of several indicators, ``(indicators, n)``, NaN where missing."""

    def value(one: Indicator, year: AccountsOfYear) -> Numbers:
        return values(one, year, level, terms=terms)

    return marks_of(names, value, accounts, history, norms, terms, level, suffix)


def marks_of(
    names: Sequence[str], value: Callable[[Indicator, AccountsOfYear], Numbers], accounts: AccountsOfYear,
    history: History, norms: Norms, terms: QualityParameters, level: str = "team", suffix: str = "",
) -> Numbers:  # fmt: skip
    """Parts of the full mark of indicators whose value ``value`` gives for a year, ``(indicators, n)``.

    What the model knows nothing of, what has too small a denominator, and what the norms give no objective for is
    missing: NaN.
    """
    before = history.year(accounts.year - 1)
    found = np.full((len(names), accounts.size(level)), np.nan)
    for number, one in enumerate(INDICATORS[name] for name in names):
        if one.known and has_targets(one, norms, terms, suffix):
            now = value(one, accounts)
            past = before.by_owner(partial(value, one), level) if before else np.full(now.shape, np.nan)
            found[number] = fraction(now, *targets(one, norms, terms, suffix), past, one.better)
    return found


def ipep_names(active_set: str) -> list[str]:
    """Names of the Ipep indicators of an active set, in their order."""
    by_number = {one.number: one.name for one in INDICATORS.values() if one.set == "ipep"}
    return [by_number[str(number)] for number in ACTIVE_SETS[active_set]]


def _median_days(classes: Sequence[Numbers], total: Numbers, none: float) -> Numbers:
    """Median of days of which only classes are known: straight within a class, ``none`` days for who had no contact."""
    half = total / 2
    found = np.full(np.shape(total), none, dtype=float)
    before: Numbers = np.zeros(np.shape(total))
    for (low, high), count in zip(DAY_CLASSES, classes, strict=True):
        here = (half <= before + count) & (half > before)
        part = np.divide(half - before, count, out=np.zeros(np.shape(total)), where=here)
        found = np.where(here, low + part * (high - low), found)
        before = before + count
    return np.minimum(found, none)

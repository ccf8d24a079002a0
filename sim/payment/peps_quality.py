"""The quality indicators of Peps: for the patients of a perimeter, adjusted for case mix (systems 3.3).

    peps_scores(accounts, history, norms, "elderly")

A value that is adjusted is observed over expected, times the national value. What is expected of a list comes from the
norms: the mean, for a registered patient of each class, of every measure of the indicator (``by_class[measure]``); the
national value is ``numbers[indicator]``.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents import patients as people
from agents.teams import ALL_PATIENTS, ELDERLY_FROM, ELDERLY_NEURO_FROM, PERIMETERS
from sim import events
from sim.measures import Between, Bits, Condition, measure
from sim.payment.accounts_of_year import ONE_EACH, AccountsOfYear, Numbers
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.quality import (
    DAY_CLASSES,
    HIGHER,
    INDICATORS,
    LOWER,
    Indicator,
    QualityParameters,
    declare,
    in_force,
    marks_of,
    quality_terms,
    ratio,
    reader,
    score,
)
from sim.standard_measures.care import ADULT, DISCHARGE, STAY
from sim.standard_measures.lists import CONTINUOUS_QUARTERS, TESTS_DUE

type Where = dict[str, Condition]

NEURO_AGES: Final = Between(ELDERLY_NEURO_FROM, ELDERLY_FROM - 1)
"""Ages at which dementia and the like make a patient one of the elderly perimeter (systems 2.4)."""

PARTS: Final[dict[str, dict[str, Where]]] = {
    "elderly": {
        "elderly_65": {"age": Between(ELDERLY_FROM)},
        "elderly_neuro": {"age": NEURO_AGES, "conditions": Bits(all=1 << people.NEURO)},
    },
    "diabetic": {
        "diabetic_ald": {"flags": Bits(all=people.ALD), "conditions": Bits(all=1 << people.DIABETES)},
    },
}
"""Patients of each perimeter, in parts that plain conditions can tell; of ``all`` the standard measures speak."""


def _and(part: Where, flags: int = 0, marks: int = 0, **more: Condition) -> Where:
    """Conditions of a part of a perimeter, and further ones."""
    joined = {**part, **more}
    held = part.get("flags")
    flags |= held.all if isinstance(held, Bits) else 0
    if flags:
        joined["flags"] = Bits(all=flags)
    if marks:
        joined["marks"] = Bits(all=marks)
    return joined


def _controlled(condition: int) -> Callable[[Any], NDArray[np.bool_]]:
    """Patients whose control of a condition is at its goal."""
    # What is counted is declared before any year begins, so the goal is that of the file, whatever the date.
    goal = quality_terms().of["control_at_goal"].entries[-1].value
    whole = np.iinfo(np.uint16).max
    return lambda view: view.column("control")[:, condition] >= goal * whole


def _declare_part(name: str, part: Where) -> None:
    """What is counted for a part of a perimeter."""
    listed = partial(measure, unit="patients", reference="systems 3.3", source="patients")
    listed(f"{name}_list", f"registered patients, {name}", where=part)
    listed(f"{name}_adults", f"registered adults, {name}", where={"age": ADULT, **part})
    listed(f"{name}_continuous", f"with ten drugs or more in three quarters, {name}",
           where=_and(part, drugs_quarter=Between(CONTINUOUS_QUARTERS)))  # fmt: skip
    listed(
        f"{name}_quarter", f"with ten drugs or more in a quarter, {name}", where=_and(part, drugs_quarter=Between(1))
    )
    listed(f"{name}_inappropriate", f"with an inappropriate drug, {name}", where=_and(part, people.INAPPROPRIATE_DRUG))
    listed(f"{name}_drugs", f"drugs taken in a quarter, summed, {name}", where=part, value="n_drugs")
    counted = partial(measure, unit="discharges", reference="systems 3.3", of="list")
    counted(f"{name}_avoidable_stays", f"potentially avoidable stays of adults, {name}",
            where={**STAY, "age": ADULT, **_and(part, marks=events.AVOIDABLE)})  # fmt: skip
    left = {**DISCHARGE, **_and(part, people.ALD)}
    counted(f"{name}_discharges_ald", f"discharges with a long-term illness, {name}", where=left)
    counted(f"{name}_discharges_ald_seen_30", f"of which followed by a contact within 30 days, {name}",
            where={**left, "marks": Bits(all=events.SEEN_WITHIN_30)})  # fmt: skip
    for low, high in DAY_CLASSES:
        counted(f"{name}_discharges_ald_seen_day_{low}_{high}", f"of which first contact {low} to {high} days after",
                where={**left, "waited_days": Between(low, high)})  # fmt: skip


for _parts in PARTS.values():
    for _name, _part in _parts.items():
        _declare_part(_name, _part)
_DIABETIC: Final = PARTS["diabetic"]["diabetic_ald"]
measure("diabetic_ald_three_tests", "diabetic patients with three HbA1c tests or more", "patients", source="patients",
        reference="systems 3.3 D1", where={**_DIABETIC, "diabetes_tests": Between(TESTS_DUE)})  # fmt: skip
measure("diabetic_ald_controlled", "diabetic patients whose diabetes is controlled", "patients", source="patients",
        reference="systems 3.3 D1", where=_DIABETIC, value=_controlled(people.DIABETES))  # fmt: skip
measure("diabetic_ald_hypertension", "diabetic patients with hypertension", "patients", source="patients",
        reference="systems 3.3 D3",
        where={**_DIABETIC, "conditions": Bits(all=1 << people.DIABETES | 1 << people.HYPERTENSION)})  # fmt: skip
measure("diabetic_ald_pressure", "of which blood pressure is controlled", "patients", source="patients",
        reference="systems 3.3 D3", value=_controlled(people.HYPERTENSION),
        where={**_DIABETIC, "conditions": Bits(all=1 << people.DIABETES | 1 << people.HYPERTENSION)})  # fmt: skip

SEVEN: Final = ("polymedication", "polymedication_quarter", "drugs", "inappropriate_drug", "avoidable_stays",
                "seen_after_discharge", "days_to_contact")  # fmt: skip
"""The indicators of each perimeter, in their order."""

STANDARD: Final = {
    "list": "registered_list", "adults": "adult_list", "continuous": "list_polymedication_continuous",
    "quarter": "list_polymedication_quarter", "inappropriate": "list_inappropriate_drug", "drugs": "list_drugs",
}  # fmt: skip
"""Standard measures that say for all patients what others say for a perimeter."""


def _declare_perimeter(perimeter: str) -> None:
    """The seven indicators for the patients of a perimeter."""

    def of(what: str) -> str:
        if perimeter == PERIMETERS[ALL_PATIENTS]:
            return STANDARD.get(what, what)
        return " + ".join(f"{part}_{what}" for part in PARTS[perimeter])

    def add(number: int, name: str, label: str, better: str, above: str, below: str, **facts: Any) -> None:
        declare(Indicator(peps_name(name, perimeter), label, "peps", f"P{number}", better, of(above), of(below),
                          reference="systems 3.3", **facts))  # fmt: skip

    add(1, "polymedication", "patients under continuous polymedication", LOWER, "continuous", "list")
    add(2, "polymedication_quarter", "patients with ten drugs or more in a quarter", LOWER, "quarter", "list")
    add(3, "drugs", "drugs per patient", LOWER, "drugs", "list", unit="drugs/patient")
    add(4, "inappropriate_drug", "patients with an inappropriate drug", LOWER, "inappropriate", "list")
    add(5, "avoidable_stays", "potentially avoidable stays per 1,000 adults", LOWER, "avoidable_stays", "adults",
        factor=1000.0, unit="per 1,000 adults")  # fmt: skip
    add(6, "seen_after_discharge", "discharges of patients with a long-term illness seen within 30 days", HIGHER,
        "discharges_ald_seen_30", "discharges_ald")  # fmt: skip
    add(7, "days_to_contact", "median days from discharge to contact, patients with a long-term illness", LOWER,
        "discharges_ald_seen_30", "discharges_ald",
        unit="days", days=tuple(of(f"discharges_ald_seen_day_{low}_{high}") for low, high in DAY_CLASSES))  # fmt: skip


def peps_name(name: str, perimeter: str) -> str:
    """Name of a Peps indicator in the registry."""
    return f"peps_{name}" if perimeter == PERIMETERS[ALL_PATIENTS] else f"peps_{name}_{perimeter}"


for _perimeter in PERIMETERS:
    _declare_perimeter(_perimeter)
declare(
    Indicator("peps_hba1c_diabetic", "diabetic patients with HbA1c at its goal", "peps", "D1", HIGHER,
              "diabetic_ald_controlled", "diabetic_ald_list", reference="systems 3.3"),
    Indicator("peps_hba1c_tests_diabetic", "diabetic patients with three HbA1c tests or more", "peps",
              "D1, alternative", HIGHER, "diabetic_ald_three_tests", "diabetic_ald_list", reference="systems 3.3"),
    # The model does not tell kidney tests apart.
    Indicator("peps_microalbuminuria_diabetic", "diabetic patients tested for microalbuminuria", "peps", "D2", HIGHER,
              "", "", reference="systems 3.3"),
    Indicator("peps_blood_pressure_diabetic", "diabetic patients with blood pressure at its goal", "peps", "D3", HIGHER,
              "diabetic_ald_pressure", "diabetic_ald_hypertension", reference="systems 3.3"),
)  # fmt: skip


def peps_names(perimeter: str, diabetic_indicators: bool = False) -> list[str]:
    """Names of the seven indicators of a perimeter, and of the three of the diabetic one where they are wanted."""
    three = [name for name, one in INDICATORS.items() if one.number in ("D1", "D2", "D3")]
    seven = [peps_name(name, perimeter) for name in SEVEN]
    return seven + (three if diabetic_indicators and perimeter == "diabetic" else [])


def adjusted(
    one: Indicator, accounts: AccountsOfYear, norms: Norms, level: str = "team",
    terms: QualityParameters | None = None,
) -> Numbers:  # fmt: skip
    """An indicator adjusted for case mix: observed over expected, times the national one; ``(n,)``, NaN if missing."""
    terms = terms or in_force(accounts)

    def expected(name: str) -> Numbers:
        whole = name == STANDARD["list"]
        return accounts.over_classes(ONE_EACH if whole else norms.of_classes(name, accounts.year), level)

    found = ratio(one, reader(accounts, level, one), terms)
    if not np.isfinite(found).any():
        return found
    usual = ratio(one, expected, terms, least=0.0)
    return np.divide(found * norms.number(one.name), usual, out=np.full(found.shape, np.nan), where=usual > 0)


def peps_fractions(
    names: Sequence[str], accounts: AccountsOfYear, history: History, norms: Norms,
    terms: QualityParameters | None = None, level: str = "team", case_mix: bool = True,
) -> Numbers:  # fmt: skip
    """Parts of the full mark of Peps indicators, ``(indicators, n)``, NaN where missing.

    Args:
        names: indicators, :func:`peps_names`.
        accounts: the year.
        history: earlier years, for progress.
        norms: hold deciles, class means and national values.
        terms: the terms of scoring; those of quality.toml by default.
        level: ``team`` or ``physician``.
        case_mix: whether values are adjusted; raw ones otherwise.
    """
    known = terms or in_force(accounts)

    def value(one: Indicator, year: AccountsOfYear) -> Numbers:
        return adjusted(one, year, norms, level, known) if case_mix else ratio(one, reader(year, level, one), known)

    return marks_of(names, value, accounts, history, norms, known, level)


def peps_scores(
    accounts: AccountsOfYear, history: History, norms: Norms, perimeter: str = "all",
    terms: QualityParameters | None = None, level: str = "team", *, case_mix: bool = True,
    diabetic_indicators: bool = False,
) -> Numbers:  # fmt: skip
    """Score of Peps out of 100, ``(n,)``; NaN where every indicator is missing."""
    terms = terms or in_force(accounts)
    names = peps_names(perimeter, diabetic_indicators)
    return score(peps_fractions(names, accounts, history, norms, terms, level, case_mix), terms.missing_rule)

"""Whose care a team lump sum stands for: patients, acts, fees and leaks of each perimeter (systems 2.4).

Of ``all`` patients the standard measures speak. For ``elderly`` and ``diabetic`` this module has the same counted for
the parts of the perimeter that plain conditions can tell, whether acts were billed or replaced.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np

from agents import patients as people
from agents.teams import ELDERLY_FROM, ELDERLY_NEURO_FROM, PERIMETERS
from sim import events
from sim.measures import Between, Bits, Measure, measure
from sim.payment.accounts_of_year import LIST_CLASSES, ONE_EACH, AccountsOfYear, ListClass, Numbers
from sim.payment.peps_quality import PARTS
from sim.standard_measures.acts import IN_SCOPE, codes
from sim.standard_measures.lists import age_classes
from sim.tariffs import NURSE_CODES

ALL, ELDERLY, DIABETIC = PERIMETERS
LISTED, FOR_AME = events.SCOPES[events.IN_LIST], events.SCOPES[events.FOR_AME]

SCOPES_OF_ACTS: Final = {"gp": IN_SCOPE, "gp_nurse": (*IN_SCOPE, *NURSE_CODES)}
"""Codes of the acts that a lump sum replaces, by what the scheme calls its scope: technical and out-of-hours acts stay
at fees in both."""

_LABELS: Final = {
    "elderly_65": "patients from age 65",
    "elderly_neuro": "patients aged 50 to 64 with dementia, Parkinson's disease or multiple sclerosis",
    "diabetic_ald": "patients with diabetes as a long-term illness",
}


def _declare_class(one: ListClass, band: Between) -> list[Measure]:
    """Patients of one class who belong to a perimeter for an illness."""
    found = []
    yes = people.WOMAN * one.woman | people.ALD * one.ald | people.C2S * one.c2s
    flags = Bits(yes, (people.WOMAN | people.ALD | people.C2S) & ~yes)
    listed = partial(measure, unit="patients", reference="systems 2.4", source="patients")
    low, high = max(band.low, ELDERLY_NEURO_FROM), min(band.high, ELDERLY_FROM - 1)
    if low <= high:
        found.append(
            listed(_neuro(one), f"registered, {_LABELS['elderly_neuro']}: {one.name[5:].replace('_', ', ')}",
                   where={"age": Between(low, high), "flags": flags, "conditions": Bits(all=1 << people.NEURO)})
        )  # fmt: skip
    if one.ald:
        found.append(
            listed(_diabetic(one), f"registered, {_LABELS['diabetic_ald']}: {one.name[5:].replace('_', ', ')}",
                   where={"age": band, "flags": flags, "conditions": Bits(all=1 << people.DIABETES)})
        )  # fmt: skip
    return found


def _neuro(one: ListClass) -> str:
    return one.name.replace("list_", "list_neuro_", 1)


def _diabetic(one: ListClass) -> str:
    return one.name.replace("list_", "list_diabetic_", 1)


def _declare_part(part: str) -> list[Measure]:
    """In-scope acts of one part of a perimeter, and what it bought elsewhere."""
    found = []
    for who, names in (("gp", IN_SCOPE), ("nurse", NURSE_CODES)):
        where = {**PARTS_BY_NAME[part], "code": codes(*names), "scope": events.IN_LIST}
        counted = partial(measure, reference="systems 2.4", where=where, per=("team",))
        found += [
            counted(f"{part}_acts_{who}", f"in-scope acts, {_LABELS[part]}", "acts", value="count"),
            counted(f"{part}_fees_{who}", f"tariff value of in-scope acts, {_LABELS[part]}", "EUR", value="cents",
                    divisor=100),
        ]  # fmt: skip
    leaked = {**PARTS_BY_NAME[part], "marks": Bits(all=events.LEAK), "code": codes(*IN_SCOPE)}
    found.append(
        measure(f"{part}_leaked_value", f"tariff value of in-scope acts bought elsewhere, {_LABELS[part]}", "EUR",
                reference="systems 2.4", of="list", where=leaked, value="cents", divisor=100, per=("team",))
    )  # fmt: skip
    return found


PARTS_BY_NAME: Final = {name: where for parts in PARTS.values() for name, where in parts.items()}
"""Conditions of every part of a perimeter."""

PERIMETER_MEASURES: Final[Sequence[Measure]] = (
    *(found for one, (_, band) in zip(LIST_CLASSES, ((a, b) for a, b in age_classes() for _ in range(8)), strict=True)
      for found in _declare_class(one, band)),
    *(found for part in PARTS_BY_NAME for found in _declare_part(part)),
)  # fmt: skip
"""What perimeters need counted."""

_COUNTED: Final = {found.name for found in PERIMETER_MEASURES}


def patients(accounts: AccountsOfYear, perimeter: str) -> Numbers:
    """Registered patients of a perimeter by class of the list, ``(teams, classes)``."""
    if perimeter == ALL:
        return accounts.classes()
    return np.stack([_of_class(accounts, one, perimeter) for one in LIST_CLASSES]).T


def number_of_patients(accounts: AccountsOfYear, perimeter: str) -> Numbers:
    """Registered patients of a perimeter, ``(teams,)``."""
    if perimeter == ALL:
        return accounts.over_classes(ONE_EACH)
    return accounts.by_owner(lambda year: patients(year, perimeter).sum(axis=1))


def _of_class(accounts: AccountsOfYear, one: ListClass, perimeter: str) -> Numbers:
    if perimeter == ELDERLY and one.low_age >= ELDERLY_FROM:
        return accounts.measure(one.name)
    name = _neuro(one) if perimeter == ELDERLY else _diabetic(one)
    return accounts.measure(name) if name in _COUNTED else np.zeros(accounts.size("team"))


def acts(accounts: AccountsOfYear, perimeter: str, scope: str, *, ame: bool = False) -> Numbers:
    """In-scope acts of the team for patients of a perimeter, billed or replaced, ``(teams,)``.

    Args:
        accounts: the year.
        perimeter: one of ``agents.teams.PERIMETERS``.
        scope: a key of :data:`SCOPES_OF_ACTS`.
        ame: whether acts for patients on state medical aid count (of perimeter ``all`` only).
    """
    return _summed(accounts, perimeter, scope, "acts", ame)


def fees(accounts: AccountsOfYear, perimeter: str, scope: str, *, ame: bool = False) -> Numbers:
    """Tariff value of the acts of :func:`acts` (EUR), ``(teams,)``."""
    return _summed(accounts, perimeter, scope, "fees", ame)


def _summed(accounts: AccountsOfYear, perimeter: str, scope: str, what: str, ame: bool) -> Numbers:
    if perimeter == ALL:
        scopes = (LISTED, FOR_AME) if ame else (LISTED,)
        names = [f"{kind}_{code}_{of}" for kind in (what, f"shadow_{what}") for code in SCOPES_OF_ACTS[scope]
                 for of in scopes]  # fmt: skip
    else:
        who = ("gp", "nurse") if scope == "gp_nurse" else ("gp",)
        names = [f"{part}_{what}_{one}" for part in PARTS[perimeter] for one in who]
    return accounts.by_owner(lambda year: np.sum([year.measure(name) for name in names], axis=0))


def leaked(perimeter: str) -> str:
    """Formula of the tariff value of in-scope acts that patients of a perimeter bought elsewhere."""
    if perimeter == ALL:
        return "leaked_value"
    return "(" + " + ".join(f"{part}_leaked_value" for part in PARTS[perimeter]) + ")"

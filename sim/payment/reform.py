"""What a scenario's reform changes: terms of payment rules, and fees, each from its day on."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from agents.mistakes import Mistake, shown
from sim.payment.contract import SINCE
from sim.payment.rules import policy_class
from sim.payment.sharing.registry import sharing_rule
from sim.payment.sharing.rule import terms_of_package
from sim.payment.terms import BY_SCENARIO, Change
from sim.specification import FEES, POLICIES, SHARING, ScenarioSpec
from sim.tariffs import DatedValue, Tariffs

VALUE: Final = "value"
SOURCE: Final = "source"
REFORM: Final = "reform"
"""Source of a change that gives none."""
MOST_FEE: Final = 100_000.0
"""Largest fee that a claim line can hold (EUR)."""

type Reform = Mapping[str, Mapping[str, Any]]
"""What a reform says of each term, by policy; of each fee, under ``fees``."""


def reform_of(specification: ScenarioSpec) -> dict[str, list[Change]]:
    """The changes of terms that a scenario's reform makes, by policy."""
    return _changes_of(specification.reform)


def check_terms(reform: Reform) -> None:
    """Refuse a reform of a term that a policy does not have, or of a value that it cannot take.

    Raises:
        Mistake: with the nearest term, or what was expected.
    """
    for policy, changes in _changes_of(reform).items():
        if policy == SHARING:
            terms_of_package().changed(changes)
        else:
            rule_class(policy)(changes)


def rule_class(name: str) -> Any:
    """The class of a payment rule, or of a sharing rule of the user's own.

    Raises:
        Mistake: an unknown name, or a class that is neither.
    """
    try:
        return policy_class(name)
    except Mistake:
        if name in POLICIES:
            raise
    return sharing_rule(name)


def _changes_of(reform: Reform) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for policy, changes in reform.items():
        if policy == FEES:
            continue
        for term, entries in changes.items():
            found.setdefault(policy, []).extend(_changes(term, entries))
    return found


def _changes(term: str, said: Any) -> list[Change]:
    """A value, or ``{ value, from, source }``, or several of these; the oldest first."""
    several = said if isinstance(said, list) and said and isinstance(said[0], dict) else [said]
    return sorted((_change(term, one) for one in several), key=lambda change: change.valid_from or date.min)


def _change(term: str, said: Any) -> Change:
    if isinstance(said, dict) and VALUE in said:
        return Change(term, said[VALUE], said.get(SINCE), said.get(SOURCE, REFORM))
    return Change(term, said, None, REFORM)


def fees_of(specification: ScenarioSpec) -> Tariffs:
    """The fees of a scenario: those in force, and what its reform puts in their place.

    Before the first fee that is known of an act, that one holds: a scenario of 2012 has the children's fee of 2017.

    Raises:
        Mistake: a fee that does not exist, or a value that is no amount.
    """
    return check_fees(specification.reform)


def check_fees(reform: Reform) -> Tariffs:
    """The fees of a reform.

    Raises:
        Mistake: as :func:`fees_of`.
    """
    changes = reform.get(FEES, {})
    fees = {name: [_fee(change) for change in _changes(name, said)] for name, said in changes.items()}
    return Tariffs(extrapolate=True, reform=fees)


def _fee(change: Change) -> DatedValue:
    if isinstance(change.value, bool) or not isinstance(change.value, int | float):
        raise Mistake("fees.{name} = {value} is not a number.", name=change.term, value=shown(change.value))
    if math.isnan(change.value) or not 0 <= change.value <= MOST_FEE:
        raise Mistake("fees.{name} = {value} is outside its range, {low} to {high} EUR.",
                      name=change.term, value=shown(change.value), low=0, high=MOST_FEE)  # fmt: skip
    return DatedValue(change.valid_from or date.min, float(change.value), BY_SCENARIO, change.source)

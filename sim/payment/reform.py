"""What a scenario's reform changes: terms of payment rules, and fees, each from its day on."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from agents.mistakes import Mistake
from sim.payment.contract import SINCE
from sim.payment.terms import BY_SCENARIO, Change
from sim.specification import FEES, ScenarioSpec
from sim.tariffs import DatedValue, Tariffs

VALUE: Final = "value"
SOURCE: Final = "source"
REFORM: Final = "reform"
"""Source of a change that gives none."""


def reform_of(specification: ScenarioSpec) -> dict[str, list[Change]]:
    """The changes of terms that a scenario's reform makes, by policy."""
    found: dict[str, list[Change]] = {}
    for policy, changes in specification.reform.items():
        if policy == FEES:
            continue
        for term, entries in changes.items():
            found.setdefault(policy, []).extend(_changes(term, entries))
    return found


def _changes(term: str, said: Any) -> Iterator[Change]:
    """A value, or ``{ value, from, source }``, or several of these."""
    for one in said if isinstance(said, list) and said and isinstance(said[0], dict) else [said]:
        if isinstance(one, dict) and VALUE in one:
            yield Change(term, one[VALUE], one.get(SINCE), one.get(SOURCE, REFORM))
        else:
            yield Change(term, one, None, REFORM)


def fees_of(specification: ScenarioSpec) -> Tariffs:
    """The fees of a scenario: those in force, and what its reform puts in their place.

    Raises:
        Mistake: a fee that does not exist, or a value that is no amount.
    """
    changes = specification.reform.get(FEES, {})
    return Tariffs(reform={name: [_fee(change) for change in _changes(name, said)] for name, said in changes.items()})


def _fee(change: Change) -> DatedValue:
    if isinstance(change.value, bool) or not isinstance(change.value, int | float):
        raise Mistake("fees.{name} = {value} is not a number.", name=change.term, value=change.value)
    return DatedValue(change.valid_from or date.min, float(change.value), BY_SCENARIO, change.source)

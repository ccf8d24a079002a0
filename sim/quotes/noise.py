"""What is uncertain of a measure, so that a threshold is felt before it is met (behaviour 0).

Three sources of noise are believed independent: what one does oneself (how many acts there are, whether prevention,
tests and drugs are as they should be); what becomes of patients elsewhere (stays, emergency visits, waits); what they
spend. What one does oneself can be counted and computed, and is felt as no lottery. Which one a measure depends on
follows from its declaration. Four nodes stand for all three: the vertices of a regular
simplex, exact for polynomials of the second degree (Stroud 1957).
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents import patients as people
from sim import events
from sim.measures import Bits, Condition, Measure

type Numbers = NDArray[np.float64]

SOURCES: Final = ("activity", "quality", "spending")
CERTAIN, ACTIVITY, QUALITY, SPENDING = range(-1, 3)
NODES: Final = np.array([[1.0, 1.0, 1.0], [1.0, -1.0, -1.0], [-1.0, 1.0, -1.0], [-1.0, -1.0, 1.0]])
"""By how many standard deviations each source is away at each node, ``(nodes, sources)``."""
N_NODES: Final = len(NODES)

ABOUT_WHO: Final = frozenset({"age", "age_band", "conditions", "registered_gp", "birth_week", "woman"})
"""Columns of patients that say who they are; a count over them alone is a list, which is known."""
WHO_FLAGS: Final = people.ALIVE | people.WOMAN | people.ALD | people.C2S | people.AME | people.POOR
OF_ACTIVITY: Final = frozenset({"gp_contacts", "last_gp", "weeks_since_gp", "prevention_due", "diabetes_tests"})
DONE_FLAGS: Final = people.INAPPROPRIATE_DRUG
"""What physicians prescribe, among the flags of their patients."""
CARE_KINDS: Final = frozenset({events.ED, events.STAY, events.DISCHARGE, events.FORGONE, events.DELAY})
CARE_COLUMNS: Final = frozenset({"need", "cause", "days_since_discharge", "waited_days", "length_days", "priority"})
CARE_MARKS: Final = events.AVOIDABLE | events.ADMITTED | events.READMISSION
MONEY: Final = "EUR"


@cache
def source_of(declared: Measure) -> int:
    """The source of noise of a measure, by its declaration; ``CERTAIN`` for what is known: lists, staff, places."""
    if declared.source == "patients":
        return _of_patients(declared)
    return _of_events(declared) if declared.source == "events" else CERTAIN


def _of_patients(declared: Measure) -> int:
    if declared.unit == MONEY:
        return SPENDING
    read = {name for name, condition in declared.where if not _who(name, condition)}
    if isinstance(declared.value, str | tuple):
        read.add(declared.value if isinstance(declared.value, str) else declared.value[0])
    if read & OF_ACTIVITY or any(_done(name, condition) for name, condition in declared.where):
        return ACTIVITY
    return QUALITY if read or callable(declared.value) or declared.odd else CERTAIN


def _who(name: str, condition: Condition) -> bool:
    if name == "flags" and isinstance(condition, Bits):
        return not (condition.all | condition.none) & ~WHO_FLAGS
    return name in ABOUT_WHO


def _done(name: str, condition: Condition) -> bool:
    return name == "flags" and isinstance(condition, Bits) and bool((condition.all | condition.none) & DONE_FLAGS)


def _of_events(declared: Measure) -> int:
    where = dict(declared.where)
    kind = where.get("kind", ())
    kinds = set(kind) if isinstance(kind, tuple) else {kind}
    marks = where.get("marks")
    said = (marks.all | marks.none) if isinstance(marks, Bits) else 0
    care = bool(kinds & CARE_KINDS) or bool(CARE_COLUMNS & set(where)) or bool(said & CARE_MARKS)
    if declared.unit == MONEY and declared.of != "provider" and (kinds & CARE_KINDS or not where):
        return SPENDING
    return QUALITY if care else ACTIVITY


@cache
def counted_by(measures: tuple[Measure, ...]) -> Mapping[str, str]:
    """For each sum over claim lines, the measure that counts the acts in it, where one is declared."""
    counts = {_lines(m): m.name for m in measures if m.value in {None, "count"} and not m.distinct}
    return {
        m.name: counts[_lines(m)]
        for m in measures
        if m.source == "events" and m.value not in {None, "count"} and _lines(m) in counts
    }


def _lines(declared: Measure) -> tuple[object, ...]:
    return declared.source, declared.of, frozenset(declared.where), declared.odd


def deviation(
    declared: Measure, value: Numbers, listed: Callable[[], Numbers], count: Callable[[], Numbers | None],
    line_value: float, spending_cv: float,
) -> Numbers:  # fmt: skip
    """Standard deviation of a measure, ``(owners,)``.

    Args:
        declared: the measure.
        value: its values, ``(owners,)``.
        listed: gives the registered patients of the same owners.
        count: gives the number of acts in a sum, None where nothing counts them.
        line_value: amount of one claim (EUR), where nothing counts them.
        spending_cv: standard deviation of a patient's spending over its mean.
    """
    there = np.maximum(value, 0.0)
    if source_of(declared) == SPENDING:
        return np.asarray(there * spending_cv / np.sqrt(np.maximum(1.0, listed())))
    if declared.value in {None, "count"} or declared.source == "patients":
        return np.sqrt(there)
    number = count()
    if number is None:
        return np.sqrt(there * (line_value if declared.unit == MONEY else 1.0))
    return np.divide(there, np.sqrt(number), out=np.zeros(len(there)), where=number > 0)

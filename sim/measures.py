"""Measures: named counts and sums, declared once, that accounts keep for each payee and each year (design 4).

A measure says what it counts (``source``, ``where``), what it adds up (``value``), and to whom the line belongs
(``of`` and ``per``). Declaring one is enough: accounts count it and every action gets its footprint on it.

    measure("home_visits_85", "home visits to patients from age 85", "acts", reference="systems 0.6",
            where={"kind": events.GP, "code": events.HOME, "age": Between(85)}, value="count")
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from agents.mistakes import Mistake, nearest
from sim import events


@dataclass(frozen=True, slots=True)
class Bits:
    """Holds where all bits of ``all`` and none of ``none`` are set."""

    all: int = 0
    none: int = 0


@dataclass(frozen=True, slots=True)
class Between:
    """Holds from ``low`` to ``high``, both included."""

    low: float = -np.inf
    high: float = np.inf


type Condition = int | tuple[int, ...] | Bits | Between
"""On one column: equal to a number, one of several, bits, or a range."""

type Mask = NDArray[np.bool_]
type Odd = Callable[[Any], Mask]
"""A predicate for odd cases: it gets the view (``view.column(name)``) and returns one boolean a row."""

type Value = str | tuple[str, int] | Callable[[Any], NDArray[Any]] | None
"""What is added up: a column, one axis of a column, a function of the view, or None to count rows."""

LEVELS: Final = ("physician", "nurse", "hospital", "team", "territory", "commune")
"""Whom a line may belong to. At each level one more line, "nobody", keeps what belongs to none of them."""

OWNERS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "events": {
        "provider": ("physician", "nurse", "hospital", "team", "territory"),
        "list": ("physician", "team", "territory"),
        "home": ("territory", "commune"),
    },
    "patients": {"list": ("physician", "team", "territory"), "home": ("territory", "commune")},
    "physicians": {"self": ("physician", "team", "territory")},
    "nurses": {"self": ("nurse", "team", "territory")},
    "support": {"self": ("team", "territory")},
    "hospitals": {"self": ("hospital", "territory")},
    "teams": {"self": ("team", "territory")},
    "communes": {"self": ("commune", "territory")},
}
"""For every source, the ways in which its rows belong to somebody: who did it, whose registered patient it was for, or
where the patient lives; and the levels that each way knows."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One declared measure.

    Attributes:
        name, label, unit: what it is called, what it is, in what it is counted once divided by ``divisor``.
        reference: evidence key or document section.
        source: table that is counted (a key of :data:`OWNERS`).
        of: how a row belongs to somebody.
        per: levels kept.
        where: conditions by column, all of which must hold.
        odd: a further predicate for odd cases.
        value: what is added up; None counts rows.
        divisor: what sums are divided by when they are read (cents to euros: 100); sums stay whole inside.
        distinct: column of which each value counts once for each owner ("patient"), "" to count lines.
        periods: equal parts of the year in each of which a distinct value counts again (months: 12).
        moved_by: event measure whose footprint stands for this one (for stocks that are not counted on events).
    """

    name: str  # all that is hashed: hundreds of measures are looked up at once, and names tell enough
    label: str = field(hash=False)
    unit: str = field(hash=False)
    reference: str = field(hash=False)
    source: str = field(default="events", hash=False)
    of: str = field(default="provider", hash=False)
    per: tuple[str, ...] = field(default=(), hash=False)
    where: tuple[tuple[str, Condition], ...] = field(default=(), hash=False)
    odd: Odd | None = field(default=None, hash=False)
    value: Value = field(default=None, hash=False)
    divisor: int = field(default=1, hash=False)
    distinct: str = field(default="", hash=False)
    periods: int = field(default=1, hash=False)
    moved_by: str = field(default="", hash=False)


MEASURES: Final[dict[str, Measure]] = {}
"""Every declared measure by name, in order of declaration."""


def measure(
    name: str, label: str, unit: str, *, reference: str, where: Mapping[str, Condition] | None = None, **facts: Any
) -> Measure:
    """Declare a measure; the arguments are the attributes of :class:`Measure`.

    Raises:
        Mistake: when the name is taken, or the source, owner, level or a column of claim lines is not known.
    """
    if name in MEASURES:
        raise Mistake('measure "{name}" is declared twice.', name=name)
    known_sources = {"events": "provider", "patients": "list"}
    facts.setdefault("of", known_sources.get(facts.get("source", "events"), "self"))
    declared = Measure(name, label, unit, reference, where=tuple((where or {}).items()), **facts)
    if declared.distinct and (declared.odd is not None or declared.source != "events" or declared.value is not None):
        raise Mistake('measure "{name}": distinct values are counted on claim lines, by plain conditions.', name=name)
    owners = _known(declared, "source", declared.source, OWNERS)
    levels = _known(declared, "of", declared.of, owners)
    for level in declared.per:
        _known(declared, "per", level, dict.fromkeys(levels, ()))
    _refuse_unknown_columns(declared)
    if not declared.per:
        declared = Measure(**{**_fields(declared), "per": levels})
    MEASURES[name] = declared
    return declared


def forget(name: str) -> None:
    """Take a measure out of the registry (a test that declared it cleans up)."""
    del MEASURES[name]


def find_measure(name: str, among: Mapping[str, Measure] = MEASURES) -> Measure:
    """A measure by name.

    Raises:
        Mistake: with the nearest known name.
    """
    if name not in among:
        raise Mistake(
            'measure "{name}" is not known. Did you mean "{nearest}"?', name=name, nearest=nearest(name, among) or ""
        )
    return among[name]


def holds(column: NDArray[Any], condition: Condition) -> Mask:
    """Where a condition holds on a column."""
    if isinstance(condition, Bits):
        return column & column.dtype.type(condition.all | condition.none) == column.dtype.type(condition.all)
    if isinstance(condition, Between):
        held: Mask = column >= condition.low if condition.low > -np.inf else np.ones(len(column), dtype=bool)
        return held & (column <= condition.high) if condition.high < np.inf else held
    if isinstance(condition, tuple):
        held = np.zeros(len(column), dtype=bool)
        for number in condition:
            held |= column == number
        return held
    return column == condition


def _known[T](declared: Measure, key: str, value: str, known: Mapping[str, T]) -> T:
    """The entry of a key that must be known."""
    if value not in known:
        raise Mistake(
            'measure "{name}": {key} = "{value}" is not known. Known: {known}.',
            name=declared.name, key=key, value=value, known=", ".join(known),
        )  # fmt: skip
    return known[value]


def _refuse_unknown_columns(declared: Measure) -> None:
    """Claim lines have the columns that they are written with; other tables, some that are worked out as they are read.

    Raises:
        Mistake: with the nearest known column.
    """
    known = events.DTYPE.names or ()
    asked = [name for name, _ in declared.where] + ([declared.distinct] if declared.distinct else [])
    for name in asked if declared.source == "events" else ():
        if name not in known:
            raise Mistake(
                'measure "{name}": column "{column}" is not known. Did you mean "{nearest}"?',
                name=declared.name, column=name, nearest=nearest(name, known) or known[0],
            )  # fmt: skip


def _fields(declared: Measure) -> dict[str, Any]:
    """The attributes of a measure by name (a copy with one changed is built from them)."""
    return {slot: getattr(declared, slot) for slot in Measure.__slots__}

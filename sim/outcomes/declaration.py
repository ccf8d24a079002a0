"""How an outcome is declared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from agents.mistakes import Mistake, nearest
from sim.accounts import Accounts
from sim.treasury import Treasury
from sim.world import World


class Model(Protocol):
    """What an outcome may read."""

    world: World
    accounts: Accounts
    treasury: Treasury | None


type Read = Callable[[Model, int], float]
"""The value of an outcome in a closed year; not a number where there is nothing to divide by."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One declared outcome.

    Attributes:
        name, unit, label: what it is called, in what it is measured, what it is.
        reference: evidence key or document section.
        function: reads it from a model, for a year that has been closed.
    """

    name: str
    unit: str
    label: str
    reference: str
    function: Read


OUTCOMES: Final[dict[str, Outcome]] = {}
"""Every declared outcome by name, in order of declaration."""


def outcome(name: str, unit: str, label: str, *, reference: str = "design 4") -> Callable[[Read], Read]:
    """Declare the decorated function as an outcome.

    Raises:
        Mistake: when the name is taken.
    """
    if name in OUTCOMES:
        raise Mistake('outcome "{name}" is declared twice.', name=name)

    def declared(function: Read) -> Read:
        OUTCOMES[name] = Outcome(name, unit, label, reference, function)
        return function

    return declared


def forget(name: str) -> None:
    """Take an outcome out of the registry (a test that declared it cleans up)."""
    del OUTCOMES[name]


def find_outcome(name: str) -> Outcome:
    """An outcome by name.

    Raises:
        Mistake: with the nearest known name.
    """
    if name not in OUTCOMES:
        raise Mistake(
            'outcome "{name}" is not known. Did you mean "{nearest}"?', name=name, nearest=nearest(name, OUTCOMES) or ""
        )
    return OUTCOMES[name]


def ratio(part: float, whole: float, scale: float = 1.0) -> float:
    """``scale * part / whole``, not a number when ``whole`` is 0."""
    return scale * part / whole if whole else float("nan")


def per_measure(part: str, whole: str, scale: float = 1.0) -> Read:
    """An outcome that is one measure over another, both over the whole world."""

    def read(model: Model, year: int) -> float:
        return ratio(model.accounts.total(part, year), model.accounts.total(whole, year), scale)

    return read


def declare_ratios(rows: tuple[tuple[str, str, str, str, str, str, float], ...]) -> None:
    """Declare many ratios: (name, unit, label, reference, part, whole, scale) a row."""
    for name, unit, label, reference, part, whole, scale in rows:
        outcome(name, unit, label, reference=reference)(per_measure(part, whole, scale))

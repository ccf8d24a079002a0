"""Norms: what payment rules compare with, as a dated national table (design 4).

They are made by reference runs over the six living-area types with the same parameters (``scenarios/norms``), and
known by the digest of what made them. A user may bring a table of their own (``sim/payment/norms_file.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.mistakes import Mistake, nearest
from sim.payment.accounts_of_year import LIST_CLASSES

type Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Norms:
    """National values of one world.

    Attributes:
        digest: of what made them, "" for a table made by hand.
        base_year: calendar year that the values hold for.
        by_class: means a registered patient of each class, ``(len(LIST_CLASSES),)``, by name: ``gp_fees`` (in-scope
            fees wherever bought), ``gp_contacts``, ``spending`` (insurer), or any measure; ``share`` is the part of
            registered patients who are of the class.
        growth: value of a name in other calendar years, relative to the base year: a number a year.
        trend: yearly growth factor by name, beyond the years that ``growth`` knows.
        by_area: values of the six living-area types by name, ``(6,)``.
        deciles: 1st to 9th decile over living areas (over physicians: ``NAME_physicians``), by indicator, ``(9,)``.
        numbers: single values by name, such as ``spending`` or ``poverty``.
        standard_errors: of the values of ``by_class``, ``by_area``, ``trend`` and ``numbers``, under these words and
            the same names.
        about: how they were made: patient-years, territories, and the like.
    """

    digest: str = ""
    base_year: int = 2021
    by_class: Mapping[str, Numbers] = field(default_factory=dict)
    growth: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    trend: Mapping[str, float] = field(default_factory=dict)
    by_area: Mapping[str, Numbers] = field(default_factory=dict)
    deciles: Mapping[str, Numbers] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    standard_errors: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)

    def grown(self, name: str, year: int) -> float:
        """Value of a name in a calendar year, relative to the base year; 1 where nothing is known of it.

        Years that were simulated are as they were; beyond the last one the trend goes on, and before the first one
        nothing changes (a warm-up lives at the prices of its last day).
        """
        known = {self.base_year: 1.0, **self.growth.get(name, {})}
        first, last = min(known), max(known)
        if year < first and name in self.growth:
            return known[first]
        nearest_year = max((other for other in known if other <= year), default=last)
        return float(known[nearest_year] * self.trend.get(name, 1.0) ** (year - nearest_year))

    def of_classes(self, name: str, year: int) -> Numbers:
        """Means by class of the list in a calendar year, ``(len(LIST_CLASSES),)``.

        Raises:
            Mistake: when the norms hold no such value.
        """
        values = np.asarray(_found(self.by_class, name), dtype=np.float64)
        assert values.shape == (len(LIST_CLASSES),)
        return values * self.grown(name, year)

    def of_areas(self, name: str) -> Numbers:
        """Values of the living-area types T1 to T6, ``(6,)``."""
        return np.asarray(_found(self.by_area, name), dtype=np.float64)

    def decile(self, indicator: str, number: int) -> float:
        """A decile (1 to 9) of an indicator over living areas."""
        return float(_found(self.deciles, indicator)[number - 1])

    def number(self, name: str, year: int | None = None) -> float:
        """A single value: of the base year, or as it has grown by a calendar year."""
        return float(_found(self.numbers, name)) * (1.0 if year is None else self.grown(name, year))


def _found(table: Mapping[str, Any], name: str) -> Any:
    if name not in table:
        raise Mistake('the norms hold no "{name}". Did you mean "{nearest}"? They hold: {known}.',
                      name=name, nearest=nearest(name, table) or "", known=", ".join(table) or "-")  # fmt: skip
    return table[name]

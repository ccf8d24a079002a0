"""Norms: what payment rules compare with, as a dated national table (design 4).

They are made by reference runs over the six living-area types with the same parameters (``scenarios/norms.py``), and
known by the digest of these parameters. A user may bring a table of their own.
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
        digest: of the parameters that made them, "" for a table made by hand.
        base_year: calendar year that the values hold for.
        by_class: means a registered patient of each class, ``(len(LIST_CLASSES),)``, by name: ``gp_fees`` (in-scope
            fees wherever bought), ``gp_contacts``, ``spending`` (insurer).
        trend: yearly growth factor of each of them, by name.
        by_area: values of the six living-area types by name, ``(6,)``.
        deciles: 1st to 9th decile over living areas (or over physicians), by indicator, ``(9,)``.
        numbers: single values by name, such as ``share_c2s_ame`` or ``poverty``.
        standard_errors: of ``by_class``, by name.
    """

    digest: str = ""
    base_year: int = 2021
    by_class: Mapping[str, Numbers] = field(default_factory=dict)
    trend: Mapping[str, float] = field(default_factory=dict)
    by_area: Mapping[str, Numbers] = field(default_factory=dict)
    deciles: Mapping[str, Numbers] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    standard_errors: Mapping[str, Numbers] = field(default_factory=dict)

    def of_classes(self, name: str, year: int) -> Numbers:
        """Means by class of the list in a calendar year, ``(len(LIST_CLASSES),)``.

        Raises:
            Mistake: when the norms hold no such value.
        """
        values = np.asarray(_found(self.by_class, name), dtype=np.float64)
        assert values.shape == (len(LIST_CLASSES),)
        return values * self.trend.get(name, 1.0) ** (year - self.base_year)

    def of_areas(self, name: str) -> Numbers:
        """Values of the living-area types T1 to T6, ``(6,)``."""
        return np.asarray(_found(self.by_area, name), dtype=np.float64)

    def decile(self, indicator: str, number: int) -> float:
        """A decile (1 to 9) of an indicator over living areas."""
        return float(_found(self.deciles, indicator)[number - 1])

    def number(self, name: str) -> float:
        """A single value."""
        return float(_found(self.numbers, name))


def _found(table: Mapping[str, Any], name: str) -> Any:
    if name not in table:
        raise Mistake('the norms hold no "{name}". Did you mean "{nearest}"? They hold: {known}.',
                      name=name, nearest=nearest(name, table) or "", known=", ".join(table) or "-")  # fmt: skip
    return table[name]

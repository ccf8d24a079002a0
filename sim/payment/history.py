"""Earlier years, as a rule may look back on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.statement import Statement


@dataclass(frozen=True)
class History:
    """Earlier years of the same teams, by calendar year.

    Attributes:
        accounts: accounts by year.
        statements: what was paid, by year and policy.
    """

    accounts: Mapping[int, AccountsOfYear] = field(default_factory=dict)
    statements: Mapping[tuple[int, str], Statement] = field(default_factory=dict)

    def year(self, year: int) -> AccountsOfYear | None:
        """The accounts of a year, None where they are not known."""
        return self.accounts.get(year)

    def reference(self, year: int, before: int) -> AccountsOfYear | None:
        """The accounts of a reference year; where they are not known, those of the last year before ``before``."""
        if year in self.accounts and year < before:
            return self.accounts[year]
        known = [y for y in self.accounts if y < before]
        return self.accounts[max(known)] if known else None

    def paid(self, year: int, policy: str, level: str, size: int, component: str = "") -> Numbers:
        """What a policy paid each owner of a level for a year (EUR), ``(size,)``; 0 where nothing is known of it."""
        statement = self.statements.get((year, policy))
        return np.zeros(size) if statement is None else statement.amounts(level, size, component=component)

"""A rule that pays the account of each team a fixed amount a year, up to a year: money that a team can count on."""

from dataclasses import dataclass
from typing import Any

from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy
from sim.payment.statement import Statement, quarters
from sim.payment.terms import term

RULE = "tests.sim.deciding.granted:Grant"


@dataclass(frozen=True)
class GrantParameters:
    """Terms of :class:`Grant`."""

    amount: float = term(90_000.0, "Amount a year", "EUR", source="test", low=0, high=1e6)
    last_year: int = term(2100, "Last year that is paid", "year", source="test", low=2000, high=2200)


class Grant(Policy[GrantParameters]):
    """A fixed amount a year to the account of each team."""

    name, layer, title = "grant", Layer.ORGANISATION, "Grant"
    pool = "collective"
    parameters = GrantParameters

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        sheet: Any = self.sheet(accounts, "team")
        sheet.bring("paid", float(accounts.year <= self.at(accounts.last_day).last_year), "Whether it is still paid")
        sheet.let("due", "amount * paid", "Amount of the year")
        sheet.pay("grant", "due", to="team_account", cash=quarters(accounts.year))
        return sheet.statement()

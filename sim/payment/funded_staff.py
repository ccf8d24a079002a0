"""Staff that a payer funds: what a rule of this kind says beside money is how many people the team receives."""

from datetime import date
from typing import ClassVar

from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.history import History
from sim.payment.policy import Layer, Policy


class FundedStaff[T](Policy[T]):
    """A rule that gives a team a worker, or a part of a wage (systems 0.1, layer 4).

    Attributes:
        staff: measure of those who are there, in full-time equivalents.
        employs: kind of nurse whose post lives on this money alone and ends with it; None where others pay as well.
    """

    layer = Layer.STAFF
    staff: ClassVar[str]
    employs: ClassVar[int | None] = None

    def stopped(self, day: date) -> bool:
        """Whether the rule has paid, and pays no more on a day."""
        return self.begins <= day and self.paid_until(day.year) < day

    def fte_due(self, accounts: AccountsOfYear, history: History) -> Numbers:
        """Full-time equivalents that each team is due over the year, ``(teams,)``.

        Args:
            accounts: the year.
            history: earlier years of the same teams.
        """
        raise NotImplementedError

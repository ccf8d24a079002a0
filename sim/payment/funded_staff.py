"""Staff that a payer funds: what a rule of this kind says beside money is how many people the team receives."""

from typing import ClassVar

from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.history import History
from sim.payment.policy import Layer, Policy


class FundedStaff[T](Policy[T]):
    """A rule that gives a team a worker, or a part of a wage (systems 0.1, layer 4).

    Attributes:
        staff: measure of those who are there, in full-time equivalents.
    """

    layer = Layer.STAFF
    staff: ClassVar[str]

    def fte_due(self, accounts: AccountsOfYear, history: History) -> Numbers:
        """Full-time equivalents that each team is due over the year, ``(teams,)``.

        Args:
            accounts: the year.
            history: earlier years of the same teams.
        """
        raise NotImplementedError

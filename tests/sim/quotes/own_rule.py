"""A rule that nobody has heard of: it pays the physician for one named task that nurses do for the list."""

from dataclasses import dataclass
from typing import Any, ClassVar

from agents.tasks import K16
from sim import events
from sim.measures import MEASURES, Measure, measure
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy
from sim.payment.statement import Statement
from sim.payment.terms import term

NAME = "test_social_rights"
TASK = MEASURES.get(NAME) or measure(
    NAME, "social rights looked after by nurses", "acts", reference="test", of="list",
    where={"kind": events.NURSE, "task": K16},
)  # fmt: skip


@dataclass(frozen=True)
class SocialRightsParameters:
    """Terms of :class:`SocialRights`."""

    amount: float = term(12.0, "Amount an act", "EUR", source="test", low=-100, high=100)


class SocialRights(Policy[SocialRightsParameters]):
    """An amount for every named task done by a nurse for the physician's list."""

    name, layer, title = "social_rights", Layer.ADD_ON, "Social rights"
    parameters = SocialRightsParameters
    measures: ClassVar[tuple[Measure, ...]] = (TASK,)
    may_be_negative = ("acts",)

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        sheet: Any = self.sheet(accounts, "physician")
        sheet.let("due", f"amount * {NAME}", "An amount an act")
        sheet.pay("acts", "due", to="person", cash=[(accounts.year, 4)])
        return sheet.statement()

"""Shared savings of the United States with risk: a larger share of savings, and a share of losses (systems 2B)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.aco import AcoParameters, late, pay_savings, put_benchmark, put_quality
from sim.payment.history import History
from sim.payment.list_spending import MEASURES_OF_SPENDING
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy
from sim.payment.statement import Statement


@dataclass(frozen=True)
class AcoTwoSidedParameters(AcoParameters):
    """Terms of two-sided shared savings."""

    least_rate: float
    least_loss_share: float
    caps_of_loss: Sequence[float]


class AcoTwoSided(Policy[AcoTwoSidedParameters]):
    """From the same least rate on, savings and losses are shared; quality raises the one and lowers the other."""

    name = "aco_two_sided"
    layer = Layer.ADD_ON
    title = "Shared savings and losses (United States)"
    parameters = AcoTwoSidedParameters
    measures = MEASURES_OF_SPENDING
    excludes = ("aco_one_sided", "ipep")  # the same euro saved is shared once
    needs_norms: ClassVar[bool] = True
    may_be_negative = ("shared_loss",)

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        p = self.at(accounts.last_day)
        sheet = self.sheet(accounts, "team")
        put_benchmark(sheet, p, history, norms)
        put_quality(sheet, p, history, norms)
        pay_savings(sheet)
        year = min(max(self.year_of(accounts.year), 1), len(p.caps_of_loss)) if self.since else len(p.caps_of_loss)
        sheet.bring("cap_of_loss", p.caps_of_loss[year - 1], "Cap of losses in this year of the contract", "share",
                    self.terms.of["caps_of_loss"].at(accounts.last_day).source)  # fmt: skip
        sheet.let("loss_share", "max(least_loss_share, 1 - share_of_saving * quality)",
                  "Share of a loss that the group bears, less for quality", "share")  # fmt: skip
        sheet.let("most_lost", "cap_of_loss * benchmark * registered_list", "Most that may be lost")
        lost = "eligible * min(0, max(-most_lost, loss_share * saved * registered_list))"
        sheet.let("shared_loss", f"{lost} if saving_rate <= -least_rate else 0",
                  "Paid back, where the rate of loss is large enough")  # fmt: skip
        sheet.pay("shared_loss", "shared_loss", to="team_account", cash=late(accounts))
        return sheet.statement()

"""Shared savings of the United States without risk: a share of what a group saves, nothing to lose (systems 2B)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.aco import AcoParameters, by_size, pay_savings, put_benchmark, put_quality
from sim.payment.history import History
from sim.payment.list_spending import MEASURES_OF_SPENDING
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy
from sim.payment.statement import Statement


@dataclass(frozen=True)
class AcoOneSidedParameters(AcoParameters):
    """Terms of one-sided shared savings."""

    least_rates: Mapping[str, list[float]]


class AcoOneSided(Policy[AcoOneSidedParameters]):
    """From a least rate of saving on, that depends on the size of the list, the first euro saved is shared."""

    name = "aco_one_sided"
    layer = Layer.ADD_ON
    title = "Shared savings without risk (United States)"
    parameters = AcoOneSidedParameters
    measures = MEASURES_OF_SPENDING
    excludes = ("aco_two_sided", "ipep")  # the same euro saved is shared once
    needs_norms: ClassVar[bool] = True

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        p = self.at(accounts.last_day)
        sheet = self.sheet(accounts, "team")
        put_benchmark(sheet, p, history, norms)
        least = by_size(accounts.measure("registered_list"), p.least_rates["patients"], p.least_rates["rates"])
        sheet.bring("least_rate", least, "Least rate of saving for a list of this size", "share",
                    self.terms.of["least_rates"].at(accounts.last_day).source)  # fmt: skip
        put_quality(sheet, p, history, norms)
        pay_savings(sheet)
        return sheet.statement()

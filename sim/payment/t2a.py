"""Hospital activity payment: every stay and every emergency visit has its price (systems 2B).

For a hospital, a stay that primary care avoids is revenue lost.
"""

from dataclasses import dataclass
from typing import ClassVar

from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy
from sim.payment.statement import Statement, quarters


@dataclass(frozen=True)
class T2aParameters:
    """Terms of hospital activity payment."""

    stay: float
    stay_costly: float
    ed_fee: str
    ed_mean_cost: float
    ed_full_cost: float
    ed_acts_only: float
    volume_cut: bool
    marginal_price: float


class T2a(Policy[T2aParameters]):
    """Stays and emergency visits at their price."""

    name = "t2a"
    layer = Layer.BASE
    title = "Hospital activity payment"
    parameters = T2aParameters
    prorated: ClassVar[bool] = False

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        if not accounts.size("hospital"):
            return Statement(self.name, accounts.year)
        terms, cash = self.at(accounts.last_day), quarters(accounts.year)
        sheet = self.sheet(accounts, "hospital")
        sheet.let("stays", "stay_costly * hospital_stays_costly + stay * (hospital_stays - hospital_stays_costly)",
                  "Stays at their price")  # fmt: skip
        step = "stays"
        before = history.year(accounts.year - 1)
        if terms.volume_cut and before is not None:
            last_year = before.measure("hospital_stays", "hospital")
            sheet.bring("stays_before", last_year, "Stays of last year", "stays", str(before.year))
            sheet.let("beyond", "max(0, hospital_stays - stays_before) / max(hospital_stays, 1)",
                      "Part of the stays beyond last year's number", "share")  # fmt: skip
            sheet.let(
                "stays_cut", "stays * (1 - beyond * (1 - marginal_price))", "With stays beyond it at a lower price"
            )
            step = "stays_cut"
        sheet.pay("stays", step, to="hospital", cash=cash)
        sheet.let("emergency", f"ed_{terms.ed_fee} * hospital_ed_visits", "Emergency visits at their fee")
        sheet.pay("emergency_visits", "emergency", to="hospital", cash=cash)
        return sheet.statement()

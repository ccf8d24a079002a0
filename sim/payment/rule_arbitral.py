"""The ruling of 2015: the points of health homes before their contract (systems 2B)."""

from dataclasses import dataclass

from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy
from sim.payment.statement import Statement
from sim.payment.team_contract import MEASURES_OF_TEAMS, lay_label, lay_meetings, lay_uplift, pay_contract

CORE = {
    "optional": "opening_ok > 0 and it_ok > 0 and met >= 1",
    "in_access_core": "opening_ok > 0 and it_ok > 0 and met >= 1 and coordinator > 0",
}
"""What must be met, by what the coordinator is read to be."""


@dataclass(frozen=True)
class RuleArbitralParameters:
    """Terms of the ruling."""

    point_value: float
    points_at_reference: float
    access_points: float
    other_fixed_points: float
    reference_list: float
    least_physicians: int
    least_other_professionals: int
    least_meetings: int
    files_share: float
    advance_share: float
    national_share: float
    most_uplift: float
    coordinator_is: str
    fragile_from: str
    national_share_from: str


class RuleArbitral(Policy[RuleArbitralParameters]):
    """Fixed and variable points x value, with an uplift for deprivation; all of the core must be met."""

    name = "rule_arbitral"
    layer = Layer.ORGANISATION
    title = "Ruling of 2015 on health homes"
    parameters = RuleArbitralParameters
    measures = MEASURES_OF_TEAMS
    may_be_negative = ("balance",)
    excludes = ("aci_msp", "enmr")
    pool = "collective"

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        sheet, terms = self.sheet(accounts, "team"), self.at(accounts.last_day)
        lay_label(sheet)
        lay_meetings(sheet, "all_or_nothing", terms.fragile_from)
        sheet.let("core_met", CORE[terms.coordinator_is], "All of the core is reported as met", "yes/no")
        sheet.let("fixed", "access_points + other_fixed_points", "Fixed points", "points")
        sheet.let("variable", "(points_at_reference - fixed) * list_counted / reference_list",
                  "Points by the list", "points")  # fmt: skip
        lay_uplift(sheet, norms if terms.national_share_from == "norms" else None)
        sheet.let("in_full", "point_value * (fixed + variable) if labelled else 0", "Amount if all is met, no uplift")
        sheet.let("contract", "in_full * (1 + uplift) if core_met else 0", "What the ruling is worth")
        sheet.let("advance", "advance_share * in_full", "Advance")
        pay_contract(sheet, "advance", "contract")
        return sheet.statement()

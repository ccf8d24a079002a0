"""Contract of multi-professional health homes: points for access, teamwork and shared software (systems 2.6).

What a team reports is what it is paid for: opening hours, a coordinator and shared software are asked for before
anything else; lists, protocols, meetings and professionals make the points. Options are terms, since a team says of
itself that it meets them.
"""

from dataclasses import dataclass
from typing import Final

from sim.measures import measure
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.lump_sums import pay_team
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement
from sim.payment.team_contract import (
    MEASURES_OF_TEAMS,
    lay_label,
    lay_meetings,
    lay_uplift,
    pay_contract,
)

INTERNS: Final = measure("interns", "interns in training", "count", reference="behaviour F6", source="teams",
                         value="interns")  # fmt: skip

REPLACING: Final = "replacing"
RESCALED: Final = "anchor"

OPTIONS: Final = {
    "missions_met": "mission_points * min(missions_met, most_missions)",
    "wider_offers_met": "wider_offer_points * min(wider_offers_met, most_wider_offers)",
    "patient_tool_met": "patient_tool_points * patient_tool_met",
    "outside_coordination_met": "outside_coordination_points * outside_coordination_met",
    "advanced_software_met": "advanced_software_points * advanced_software_met",
    "crisis_plan_met": "crisis_plan_points * crisis_plan_met",
    "crisis_action_met": "crisis_action_points * crisis_action_met * list_counted / reference_list",
}
"""Points of each option that a team may meet, by the term that says how far it does."""


@dataclass(frozen=True)
class AciMspParameters:
    """Terms of the contract: the grid of points, what is reported of options, and how texts are read."""

    point_value: float
    advance_share: float
    least_advance: float
    reference_list: float
    least_physicians: int
    least_other_professionals: int
    opening_points: float
    coordination_points: float
    coordination_points_above: float
    meeting_points: float
    least_meetings: int
    files_share: float
    protocol_points: float
    most_protocols: int
    software_points: float
    software_points_per_professional: float
    trainee_points: float
    mission_points: float
    most_missions: int
    wider_offer_points: float
    most_wider_offers: int
    patient_tool_points: float
    outside_coordination_points: float
    advanced_software_points: float
    protocol_points_2022: float
    both_missions_points_2022: float
    meeting_points_2022: float
    on_demand_points_all: float
    on_demand_points_half: float
    on_demand_half: float
    crisis_plan_points: float
    crisis_action_points: float
    missions_met: float
    wider_offers_met: float
    patient_tool_met: float
    outside_coordination_met: float
    advanced_software_met: float
    on_demand_physicians: float
    crisis_plan_met: float
    crisis_action_met: float
    national_share: float
    most_uplift: float
    start_up_aid: float
    start_up_years: int
    start_up: str
    meeting_rule: str
    fragile_from: str
    increments_2022: str
    advance_base: str
    national_share_from: str
    grid: str
    anchor_points: float
    anchor_list: float
    anchor_professionals: float


class AciMsp(Policy[AciMspParameters]):
    """Points x value, with an uplift for deprivation; an advance in the year, the balance a year later."""

    name = "aci_msp"
    layer = Layer.ORGANISATION
    title = "Contract of multi-professional health homes (ACI)"
    parameters = AciMspParameters
    measures = (*MEASURES_OF_TEAMS, INTERNS)
    may_be_negative = ("balance",)
    excludes = ("rule_arbitral", "enmr")
    pool = "collective"

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        sheet, terms = self.sheet(accounts, "team"), self.at(accounts.last_day)
        lay_label(sheet)
        sheet.let("prerequisites", "opening_ok > 0 and coordinator > 0 and it_ok > 0",
                  "Opening hours, a coordinator and shared software are reported", "yes/no")  # fmt: skip
        lay_meetings(sheet, terms.meeting_rule, terms.fragile_from)
        _lay_points(sheet, terms)
        lay_uplift(sheet, norms if terms.national_share_from == "norms" else None)
        sheet.let("contract", "point_value * points * (1 + uplift) if labelled and prerequisites else 0",
                  "What the contract is worth")  # fmt: skip
        _lay_advance(sheet, terms)
        pay_contract(sheet, "advance", "contract")
        if terms.start_up == "yes" and self.year_of(accounts.year) <= terms.start_up_years:
            sheet.let("start_up_paid", "start_up_aid if has_project else 0", "Aid to a team in its first years")
            pay_team(sheet, "start_up_aid", "start_up_paid", cash=[(accounts.year, 2)])
        return sheet.statement()


def _lay_points(sheet: Sheet, terms: AciMspParameters) -> None:
    """Points of the core and of the options (``points``)."""
    sheet.let(
        "coordination",
        "(coordination_points * min(list_counted, reference_list)"
        " + coordination_points_above * max(0, list_counted - reference_list)) / reference_list",
        "Points for coordination, by the list", "points",
    )  # fmt: skip
    meeting, protocol = _points_of_teamwork(terms)
    sheet.let("meeting", f"{meeting} * met * list_counted / reference_list", "Points for case meetings", "points")
    sheet.let("protocols_paid", f"{protocol} * min(protocols, most_protocols)", "Points for protocols", "points")
    sheet.let("software", "software_points + software_points_per_professional * n_prof",
              "Points for shared software", "points")  # fmt: skip
    sheet.let("core", "opening_points + coordination + meeting + protocols_paid + software",
              "Points of the core", "points")  # fmt: skip
    sheet.let("options", _options(terms), "Points of the options", "points")
    points = "core + options"
    if terms.grid == RESCALED:
        _lay_scale(sheet)
        points = "(core + options) * scale"
    sheet.let("points", points, "Points in all", "points")


def _points_of_teamwork(terms: AciMspParameters) -> tuple[str, str]:
    """Points of meetings and of one protocol, with what the amendment of 2022 added or put in their place."""
    meeting, protocol = "meeting_points", "protocol_points"
    if terms.meeting_points_2022:
        replacing = terms.increments_2022 == REPLACING
        meeting = "meeting_points_2022" if replacing else "(meeting_points + meeting_points_2022)"
    if terms.protocol_points_2022:
        protocol = "(protocol_points + protocol_points_2022)"  # sources agree that these come on top
    return meeting, protocol


def _options(terms: AciMspParameters) -> str:
    """The formula of the options: only those that a team says it meets."""
    met = {name: text for name, text in OPTIONS.items() if getattr(terms, name)}
    if terms.both_missions_points_2022 and terms.missions_met:
        full = "both_missions_points_2022 if missions_met >= most_missions else 0"
        before = OPTIONS["missions_met"]
        met["missions_met"] = (
            f"(both_missions_points_2022 if missions_met >= most_missions else {before})"
            if terms.increments_2022 == REPLACING
            else f"{before} + ({full})"
        )
    if terms.on_demand_physicians and terms.on_demand_points_all:
        met["on_demand"] = (
            "(on_demand_points_all if on_demand_physicians >= 1"
            " else on_demand_points_half if on_demand_physicians >= on_demand_half else 0)"
        )
    return " + ".join(["(trainee_points if interns > 0 else 0)", *met.values()])


def _lay_scale(sheet: Sheet) -> None:
    """What brings a swept grid back to the published ceiling (``scale``)."""
    sheet.let(
        "grid_at_anchor",
        "opening_points + coordination_points * min(anchor_list, reference_list) / reference_list"
        " + meeting_points * anchor_list / reference_list + protocol_points * most_protocols + software_points"
        " + software_points_per_professional * anchor_professionals + trainee_points + most_missions * mission_points"
        " + most_wider_offers * wider_offer_points + patient_tool_points + outside_coordination_points"
        " + advanced_software_points",
        "Points that the grid gives the published case, all met", "points",
    )  # fmt: skip
    sheet.let("scale", "anchor_points / grid_at_anchor", "What brings the grid to the published ceiling", "ratio")


def _lay_advance(sheet: Sheet, terms: AciMspParameters) -> None:
    """The advance: a share of the core, as if all of it were met; it ignores the uplift."""
    core = "core"
    if terms.advance_base == "full_attainment":
        meeting, protocol = _points_of_teamwork(terms)
        core = "core_in_full"
        sheet.let(
            core,
            f"opening_points + coordination + {meeting} * list_counted / reference_list"
            f" + {protocol} * most_protocols + software",
            "Points of the core, were all of it met", "points",
        )  # fmt: skip
    scaled = f"{core} * scale" if terms.grid == RESCALED else core
    sheet.let("advance", f"max(least_advance, advance_share * point_value * {scaled}) if labelled else 0", "Advance")

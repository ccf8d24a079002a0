"""Contract of territorial communities: an operating part, and missions paid partly on results (systems 2B)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from agents.teams import CPTS
from sim.payment.accounts_of_year import AccountsOfYear, Numbers
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy
from sim.payment.sheet import Sheet
from sim.payment.statement import Cash, Statement, quarters
from sim.working_time import QUARTERS

MISSIONS: Final = ("access", "pathways", "prevention", "quality", "support", "crisis")
MONTHS: Final = 12
SHORTEST_MONTH: Final = 28


@dataclass(frozen=True)
class AciCptsParameters:
    """Terms of the contract, and what a community reports of its missions."""

    size_2_from: float
    size_3_from: float
    size_4_above: float
    most_1: float
    most_2: float
    most_3: float
    most_4: float
    operating_1: float
    operating_2: float
    operating_3: float
    operating_4: float
    fixed_share: float
    paid_at_start: float
    people: float
    missions: list[str]
    months_to_start: Mapping[str, float]
    achievement: Mapping[str, float]


class AciCpts(Policy[AciCptsParameters]):
    """By the size of the community: an operating part, and for each running mission a fixed and a variable part."""

    name = "aci_cpts"
    layer = Layer.ORGANISATION
    title = "Contract of territorial communities (CPTS)"
    parameters = AciCptsParameters
    pool = "collective"

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        sheet, terms, year = self.sheet(accounts, "team"), self.at(accounts.last_day), accounts.year
        sheet.bring("is_community", accounts.measure("team_kind") == CPTS, "A territorial community", "yes/no")
        _lay_size(sheet, terms)
        starts = {name: _start(self.since, terms.months_to_start[name]) for name in terms.missions}
        running = {name: _running(start, self.since, self.until, year) for name, start in starts.items()}
        running = {name: part for name, part in running.items() if part > 0}
        sheet.pay("operating", "operating", to="association", cash=[(year, _quarter(self.since))])
        if not running:
            return sheet.statement()
        _lay_missions(sheet, terms, running)
        weights = _weights(starts, running, accounts.size("team"))
        sheet.pay("missions_at_start", "at_start", to="association", cash=quarters(year), weights=weights)
        sheet.pay("missions_after_a_year", "after_a_year", to="association", cash=_anniversaries(year), weights=weights)
        return sheet.statement()


def _lay_size(sheet: Sheet, terms: AciCptsParameters) -> None:
    """Class of size, and what it may be paid (``most``, ``operating``)."""
    if terms.people:
        sheet.let("population", "people", "People of the community", "people")
    else:
        sheet.bring("population", sheet.accounts.around("residents"), "Residents of the territory", "people")
    size = "{name}_1 if population < size_2_from else {name}_2 if population < size_3_from else {name}_3"
    size += " if population <= size_4_above else {name}_4"
    sheet.let("most", f"({size.format(name='most')}) if is_community else 0", "Most that a community of this size gets")
    sheet.let("operating", f"({size.format(name='operating')}) if is_community else 0", "Operating part")


def _lay_missions(sheet: Sheet, terms: AciCptsParameters, running: Mapping[str, float]) -> None:
    """What missions pay at their start, and a year later (``at_start``, ``after_a_year``)."""
    sheet.let("mission", f"(most - operating) / {len(MISSIONS)}", "Most that one mission pays in a year")
    reached = sum(part * terms.achievement[name] for name, part in running.items())
    sheet.bring("mission_years", sum(running.values()), "Missions that run, those of a part of the year in part",
                "missions")  # fmt: skip
    sheet.bring("missions_reached", reached, "The same, each by how far its aims are reached", "missions")
    sheet.let("fixed", "fixed_share * mission * mission_years", "Fixed part of the missions")
    sheet.let("variable", "(1 - fixed_share) * mission * missions_reached", "Part on results")
    sheet.let("at_start", "paid_at_start * fixed", "Paid when the year of a mission begins")
    sheet.let("after_a_year", "fixed - at_start + variable", "Paid when it ends: the rest, and the part on results")


def _start(since: date | None, months: float) -> date:
    """The day on which a mission starts, in whole months from the first day of the contract; always without one."""
    if since is None:
        return date.min
    month = since.month - 1 + int(months)
    return date(since.year + month // MONTHS, month % MONTHS + 1, min(since.day, SHORTEST_MONTH))


def _running(start: date, since: date | None, until: date | None, year: int) -> float:
    """Part of the contract's days in a year on which a mission runs."""
    begins, ends = max(since or date.min, date(year, 1, 1)), min(until or date.max, date(year, 12, 31))
    held = (ends - begins).days + 1
    return max(0, (ends - max(begins, start)).days + 1) / held if held > 0 else 0.0


def _quarter(start: date | None) -> int:
    """The quarter of an anniversary; the first of the year where nothing is known of it."""
    return 1 if start is None or start == date.min else (start.month - 1) // (MONTHS // QUARTERS) + 1


def _anniversaries(year: int) -> Cash:
    return [(year + 1, quarter) for quarter in range(1, QUARTERS + 1)]


def _weights(starts: Mapping[str, date], running: Mapping[str, float], teams: int) -> Numbers:
    """How much of the missions falls due in each quarter, ``(teams, 4)``."""
    due = np.zeros(QUARTERS)
    for name, part in running.items():
        due[_quarter(starts[name]) - 1] += part
    return np.tile(due, (teams, 1))

"""Aids for settling, staying and helping out where physicians are few; each can be switched on (systems 2B).

caim         a contract of five years for who settles, repaid in part by who leaves earlier
cotram       for a physician from age 60 who takes in a successor (who signs is taken to do so)
coscom       for who practises there already, an amount a year
cstm         for who comes from outside to help, a share of the fees earned there
ptmg         a guaranteed monthly income for the first two years
cesp         an allowance to students who promise to settle there
scheme_2005  a share on top of fees
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from agents.teams import HEALTH_CENTRE
from sim.measures import Between, measure
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy
from sim.payment.posts import SUCCESSIONS, Posts, posts
from sim.payment.sheet import Sheet
from sim.payment.statement import Statement, quarters
from sim.working_time import QUARTERS

MONTHS: Final = 3
"""Months in a quarter."""

MEASURES_OF_POSTS: Final = (
    SUCCESSIONS,
    measure("weekly_days", "days a week of posts of physicians", "days/week", reference="systems 2B",
            source="physicians", value="half_days", divisor=2),
    measure("physicians_60", "physicians from age 60", "count", reference="systems 2B", source="physicians",
            where={"vacant_until": -1, "age": Between(60)}),
    measure("students", "students in training with the team", "count", reference="behaviour F6", source="teams",
            value="interns"),
)  # fmt: skip

YEARLY: Final = {
    "cotram": (
        "min(cotram_max, cotram_share * fees) * physicians_60",
        "Share of the fees of who takes in a successor",
    ),
    "coscom": ("coscom_amount * physicians", "Amount for who practises there"),
    "cstm": ("cstm_share * fees * (days >= cstm_days)", "Share of the fees of who comes to help"),
    "scheme_2005": ("scheme_2005_share * fees", "Share on top of fees"),
}
"""Aids that rest on the year's fees and days alone: formula and label."""


@dataclass(frozen=True)
class InstallationAidsParameters:
    """Terms of the aids."""

    caim: bool
    caim_first_year: int
    caim_last_year: int
    caim_day: float
    caim_days_min: float
    caim_days_max: float
    caim_first_part: float
    caim_years: float
    caim_uplifted: bool
    caim_uplift: float
    cotram: bool
    cotram_share: float
    cotram_max: float
    coscom: bool
    coscom_amount: float
    cstm: bool
    cstm_share: float
    cstm_days: float
    ptmg: bool
    ptmg_month: float
    ptmg_years: float
    cesp: bool
    cesp_month: float
    scheme_2005: bool
    scheme_2005_share: float


class InstallationAids(Policy[InstallationAidsParameters]):
    """Money for physicians in under-served zones."""

    name = "installation_aids"
    layer = Layer.BASE
    title = "Aids for settling in under-served zones"
    parameters = InstallationAidsParameters
    measures: ClassVar = MEASURES_OF_POSTS
    may_be_negative: ClassVar = ("caim_repaid",)
    prorated: ClassVar[bool] = False

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        """See :meth:`Policy.settle`."""
        statement = Statement(self.name, accounts.year)
        if accounts.size("physician"):
            statement += self._physicians(accounts, history)
        if self.at(accounts.last_day).cesp and accounts.size("team"):
            statement += self._students(accounts)
        return statement

    def _physicians(self, accounts: AccountsOfYear, history: History) -> Statement:
        terms, sheet = self.at(accounts.last_day), self.sheet(accounts, "physician")
        zone = (accounts.measure("practice_under_served") > 0) & (accounts.measure("team_kind") != HEALTH_CENTRE)
        sheet.bring("zone", accounts.of_team(zone, "physician"), "In an under-served zone, self-employed", "yes/no")
        held = posts(self.since, self.until, accounts, history)
        if terms.caim:
            self._caim(sheet, held)
        if terms.ptmg:
            self._ptmg(sheet, held)
        share = self.share_of(accounts.year)
        if share < 1:
            sheet.bring("part", share, "Part of the year in which the contract holds", "share")
        for name, (rule, label) in YEARLY.items():
            if getattr(terms, name):
                sheet.let(f"{name}_due", f"{rule} * zone{' * part' if share < 1 else ''}", label)
                sheet.pay(name, f"{name}_due", to="person", cash=[(accounts.year + 1, 1)])
        return sheet.statement()

    def _students(self, accounts: AccountsOfYear) -> Statement:
        """The allowance of students, who have no row of their own: the line says with which team they train."""
        sheet = self.sheet(accounts, "team")
        sheet.bring("part", self.share_of(accounts.year), "Part of the year in which the contract holds", "share")
        sheet.let("allowances", "12 * cesp_month * students * part * (practice_under_served > 0)",
                  "Allowances of students who promise to settle there")  # fmt: skip
        sheet.pay("cesp", "allowances", to="person", cash=quarters(accounts.year))
        return sheet.statement()

    def _caim(self, sheet: Sheet, held: Posts) -> None:
        """A part at signature, the rest a year later; who leaves too early pays back."""
        year, terms = sheet.accounts.year, self.at(sheet.accounts.last_day)
        there = (sheet["physicians"] > 0) | held.left
        opened, was_open = (
            (arrived >= terms.caim_first_year) & (arrived <= terms.caim_last_year)
            for arrived in (held.arrived, held.arrived_before)
        )
        sheet.bring("signs", held.comes & there & opened, "Signs this year", "yes/no", "history")
        sheet.bring("signed_last_year", held.in_second_year & was_open, "Signed last year", "yes/no", "history")
        uplift = " * (1 + caim_uplift)" if terms.caim_uplifted else ""
        days = "min(weekly_days, caim_days_max) * (weekly_days >= caim_days_min)"
        sheet.let("whole", f"caim_day * {days}{uplift} * zone", "The contract, by days a week")
        sheet.let("first_part", "whole * caim_first_part * signs", "At signature")
        sheet.pay("caim_signature", "first_part", to="person", cash=[(year, self._quarter())])
        sheet.let("second_part", "whole * (1 - caim_first_part) * signed_last_year", "A year later")
        sheet.pay("caim_after_a_year", "second_part", to="person", cash=[(year, self._quarter())])
        leaves = held.left & was_open
        if leaves.any():
            sheet.bring("leaves", leaves, "Leaves this year", "yes/no", "history")
            sheet.bring("stayed", held.stayed, "Years stayed", "years", "history")
            sheet.let("received", "whole * (1 if stayed >= 1 else caim_first_part)", "Received until then")
            sheet.let("repaid", "-received * max(0, caim_years - stayed) / caim_years * leaves",
                      "Paid back for the years that are missing")  # fmt: skip
            sheet.pay("caim_repaid", "repaid", to="person", cash=[(year + 1, 1)])

    def _ptmg(self, sheet: Sheet, held: Posts) -> None:
        """What fees lack to a guaranteed income, from the first whole quarter; a successor's, from the next year."""
        year, terms = sheet.accounts.year, self.at(sheet.accounts.last_day)
        within = self.since is not None and (self.since.day > 1 or self.since.month % MONTHS != 1)
        begins = (held.arrived + ~held.signed) * QUARTERS + (self._quarter() - 1 + within) * held.signed
        ends = (self.until.year, (self.until.month - 1) // MONTHS + 1) if self.until else (year + 1, 1)
        parts = []
        for quarter in range(1, QUARTERS + 1):
            served = year * QUARTERS + quarter - 1 - begins
            covered = (served >= 0) & (served < terms.ptmg_years * QUARTERS) & ((year, quarter) <= ends)
            sheet.bring(f"covered_{quarter}", covered, "Guaranteed in this quarter", "yes/no", "history")
            parts.append(f"covered_{quarter} * max(0, {MONTHS} * ptmg_month - fees_quarter_{quarter}_physicians)")
        sheet.let("guarantee", f"({' + '.join(parts)}) * zone", "What fees lack to the guaranteed income")
        sheet.pay("ptmg", "guarantee", to="person", cash=quarters(year))

    def _quarter(self) -> int:
        """Quarter in which the contract is signed."""
        return (self.since.month - 1) // MONTHS + 1 if self.since else 1

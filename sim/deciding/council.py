"""The council of everybody who decides: what is asked of whom when a quarter or a year ends, and in which order.

Quotes are asked of the real contracts once a year, and again when a contract or a term changes: the accounts of last
year and the rules of this one are all that they rest on (design 4).
"""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.deciding.collective import HOUR
from agents.deciding.decision import Numbers
from agents.deciding.incentives import NEUTRAL, perceived_by_nurses, readability
from agents.deciding.partners import attends
from agents.deciding.relay import first_trust
from agents.nurses import ADVANCED_PRACTICE, ASALEE
from agents.templates import HANDOVER
from sim.accounts import Accounts
from sim.deciding.diary import Diary
from sim.deciding.draws import option_draws
from sim.deciding.leaders import attract, begin_team_life, lead_quarter, start_projects
from sim.deciding.mind import Mind, mind_of, notice_pay, remember_income, talk
from sim.deciding.nurses import count_nurses
from sim.deciding.organisation import organised
from sim.deciding.pairs import dyad_ids
from sim.deciding.partner_facts import Facts, overlap_of, quiet
from sim.deciding.partners import work_together
from sim.deciding.payer import paid_by_team, payer_year
from sim.deciding.physicians import reconsider, work_less_or_more
from sim.deciding.reports import begin_reports, practise_and_report
from sim.deciding.selection import know_usual_patients
from sim.deciding.team_money import spend_collective_money
from sim.deciding.votes import consider_offers
from sim.draws import decision, uniforms
from sim.quotes.quoting import PersonQuotes, quotes_of
from sim.treasury import Treasury
from sim.world import WEEKS_PER_QUARTER, WEEKS_PER_YEAR, World

ADVERSE_SEEN = decision("adverse_seen", "whether a team takes an avoidable stay for an adverse event of a hand-over")
POST = decision("asalee_post", "whether the post of an asalee nurse is filled from year 1 on")
MONTHS: Final = 12
TEAM_ACCOUNT: Final = "team_account"
FIRST_YEAR: Final = 1
FIRST_COMPARED: Final = 2
"""Last year of the run before which nothing was paid that could have grown."""


@dataclass
class Council:
    """Everybody who decides in a world.

    Attributes:
        diary: what was decided.
    """

    diary: Diary = field(default_factory=Diary)
    _quotes: PersonQuotes | None = None
    _asked_for: tuple[int, int] = (-1, -1)
    _overlap: Numbers = field(default_factory=lambda: np.zeros(0))
    _organised: tuple[tuple[int, int], NDArray[np.bool_]] = ((-1, -1), np.zeros(0, dtype=bool))

    def remember(self, world: World, treasury: Treasury, accounts: Accounts) -> None:
        """The warm-up ends: habits, half-days and usual incomes are those of the pay under which they formed.

        That pay is the usual one of every kind of team, since the warm-up lives under it. What an arm pays instead from
        year 1 on is a change that people see, whichever arm it is.
        """
        quotes = quotes_of(treasury.before(world), world, accounts, FIRST_YEAR)
        mind_of(world, quotes, accounts, FIRST_YEAR)

    def begin(self, world: World, treasury: Treasury, accounts: Accounts) -> None:
        """Year 1 begins: posts that the scenario leaves empty are empty, and events are counted from now on."""
        if not world.physicians["income_habit"].any():  # a world warmed up by a scenario in which nobody decides
            self.remember(world, treasury, accounts)
        nurses, q = world.nurses, world.behaviour[0]
        world.dyads["handed"] = 0
        world.physicians["adverse_tasks"] = 0
        filled = uniforms(world.seed, POST, nurses["who"]) < q["setting_asalee_posts"]
        nurses["in_post"] &= (nurses["kind"] != ASALEE) | filled
        count_nurses(world)
        world.physicians["trust"] = first_trust(len(world.physicians), q)
        begin_team_life(world, treasury, self.organised(world, treasury, accounts, FIRST_YEAR))
        attract(world)
        begin_reports(world)
        know_usual_patients(world)

    def quarter(self, world: World, treasury: Treasury, accounts: Accounts) -> None:
        """What is decided when a quarter ends, after its last week."""
        year = self._turn_to(world)
        quotes = self.quotes(world, treasury, accounts, year)
        p, q = world.physicians, world.behaviour[0]
        team = world.teams[p["team"]]
        attend = attends(p["collective_minutes"].astype(np.float64), team["meetings"].astype(np.float64), q)
        strength = talk(world, quotes, attend, self.diary)
        mind = mind_of(world, quotes, accounts, year, strength)
        delegating = reconsider(world, mind, self.diary)
        earmarked = _earmarked(world, treasury, year)
        work_together(world, self._facts(world, quotes, mind, delegating, earmarked), self.diary)
        lead_quarter(world, treasury, self.organised(world, treasury, accounts, year), self.diary)
        p["adverse_tasks"] = 0

    def year(self, world: World, treasury: Treasury, accounts: Accounts) -> None:
        """What is decided when a year ends, after its accounts are closed and settled."""
        year = self._turn_to(world)
        mind = mind_of(world, self.quotes(world, treasury, accounts, year), accounts, year)
        work_less_or_more(world, mind, self.diary)
        remember_income(world, treasury.income_of("physician", len(world.physicians), year))
        offers = treasury.specification.offers
        consider_offers(world, treasury, accounts, year, offers, self.diary)
        spend_collective_money(world, treasury, accounts, year, self.diary)
        asked = self.organised(world, treasury, accounts, year + 1)
        practise_and_report(world, treasury, asked, self.diary)
        start_projects(world, self.diary)
        attract(world)
        know_usual_patients(world)
        payer_year(world, treasury, accounts, year, self.diary)

    def quotes(self, world: World, treasury: Treasury, accounts: Accounts, year: int) -> PersonQuotes:
        """Quotes of the rules of a year on the accounts of the year before; new ones are noticed."""
        key = (year, treasury.version)
        if self._quotes is None or self._asked_for != key:
            self._quotes, self._asked_for = quotes_of(treasury, world, accounts, year), key
            self._overlap = overlap_of(world)
            notice_pay(world, self._quotes)
        return self._quotes

    def organised(self, world: World, treasury: Treasury, accounts: Accounts, year: int) -> NDArray[np.bool_]:
        """Teams whose contract of a year funds an organisation, and asks for the criteria of it, ``(teams,)``."""
        key = (year, treasury.version)
        if self._organised[0] != key:
            self._organised = key, organised(treasury, world, accounts, year)
        return self._organised[1]

    def _turn_to(self, world: World) -> int:
        """Open the diary at the week that has passed; returns its year."""
        self.diary.open(world.week - 1, world.year_of(world.week - 1))
        return self.diary.year

    def _facts(
        self, world: World, quotes: PersonQuotes, mind: Mind, delegating: NDArray[np.int64], earmarked: Numbers
    ) -> Facts:
        """What bears on those who work together."""
        p, n, q = world.physicians, world.nurses, world.behaviour[0]
        reconsiders = np.zeros(len(p), dtype=bool)
        reconsiders[delegating] = True
        heard = mind.strength[:, HANDOVER] > 0
        cohesion = _of_team(world, "cohesion", n["team"])
        income = quotes.incomes.nurses.mean / MONTHS
        known = (n["kind"] == ADVANCED_PRACTICE) & (income > 0)
        topped_up = _of_team(world, "posts_paid", n["team"]) > 0
        return replace(
            quiet(world), incentives=mind.phat, nurse_incentives=perceived_by_nurses(quotes.nurses, cohesion, q),
            reconsiders=reconsiders, readability=np.where(heard, readability(q)[HANDOVER], NEUTRAL),
            overlap=self._overlap, nurse_care_hour=_care_hour(world, quotes),
            nurse_income=np.where(known, income, np.nan), topped_up=topped_up,
            alternating=mind.facts.followed_up, earmarked=earmarked, adverse=_adverse(world),
        )  # fmt: skip


def _of_team(world: World, column: str, teams: NDArray[np.int32]) -> Numbers:
    """A column of each one's team, 0 for those of no team."""
    found, there = np.zeros(len(teams)), teams >= 0
    found[there] = world.teams[column][teams[there]]
    return found


def _care_hour(world: World, quotes: PersonQuotes) -> Numbers:
    """What an hour of work brings each nurse who is paid by what she does (EUR); a salary comes whatever the hour."""
    n = world.nurses
    hours = np.maximum(n["weekly_minutes"], 1.0) * WEEKS_PER_YEAR / HOUR
    return np.where(n["salaried"] == 0, quotes.incomes.nurses.mean / hours, 0.0)


def _earmarked(world: World, treasury: Treasury, year: int) -> Numbers:
    """Money that a team account got for last year beyond that of the year before (EUR), told in the first quarter."""
    first = (world.week - world.warm_up_weeks) % WEEKS_PER_YEAR == WEEKS_PER_QUARTER
    if year <= FIRST_COMPARED or not first:
        return np.zeros(len(world.teams))
    now, before = (paid_by_team(treasury, known, payee_kind=TEAM_ACCOUNT) for known in (year - 1, year - 2))
    return np.maximum(0.0, now - before)


def _adverse(world: World) -> NDArray[np.bool_]:
    """Hand-overs that are blamed for an avoidable stay of the quarter, ``(dyads, tasks)``."""
    d, q = world.dyads, world.behaviour[0]
    stays = world.physicians["adverse_tasks"][d["physician"]]
    chance = 1.0 - (1.0 - q["setting_adverse_chance"]) ** stays
    who = dyad_ids(world, np.arange(len(d)))
    return (d["handed"] > 0) & (option_draws(world, ADVERSE_SEEN, who, stays.shape[1]) < chance)

"""What physicians hold when they decide: what actions pay as they see it, what they have heard, what they know."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from agents import templates
from agents.deciding.attention import noticed
from agents.deciding.decision import Incentives, Numbers
from agents.deciding.hours import distaste_for_work
from agents.deciding.incentives import misread_rule, noted, perceived, usual_income, worth_of_euro
from agents.deciding.relay import first_trust, relayed, taught_by_payer, told
from agents.quotes import Quotes
from sim.accounts import Accounts
from sim.deciding.diary import Diary
from sim.deciding.draws import option_draws
from sim.deciding.meetings import physicians_come
from sim.deciding.practice_facts import PracticeFacts, practice_facts
from sim.draws import decision
from sim.quotes.quoting import PersonQuotes
from sim.world import WEEKS_PER_QUARTER, World

MISREAD: Final = (
    decision("misread_message", "whether a physician misreads what an action pays later, once for all"),
    decision("misread_how", "how far a physician misreads it"),
)
ONCE: Final = 0
"""In the place of a week: what is decided once for all."""
QUARTERS: Final = 4
REPORT_QUARTER: Final = 3
"""Quarter of the year, from 1, at whose end the statements of the year before have come (behaviour C)."""


@dataclass(frozen=True)
class Mind:
    """What all physicians hold; arrays of all rows.

    Attributes:
        phat: perceived incentives.
        strength: of the messages that arrived, ``(physicians, templates)``.
        facts: what they know of their practice.
        settled_share: own settled money over own income, ``(physicians,)``.
    """

    phat: Incentives
    strength: Numbers
    facts: PracticeFacts
    settled_share: Numbers


def mind_of(world: World, quotes: PersonQuotes, accounts: Accounts, year: int, strength: Numbers | None = None) -> Mind:
    """What physicians hold in a year of the run.

    Args:
        world: the world; who is new to a post is given a start.
        quotes: what actions pay under the rules of the year.
        accounts: closed years; the one before is known.
        year: year of the run.
        strength: of messages that arrived; none by default.
    """
    p, q = world.physicians, world.behaviour[0]
    p["income"] = quotes.incomes.physicians.mean
    facts = practice_facts(world, accounts, year - 1)
    cohesion = world.teams["cohesion"][p["team"]].astype(np.float64)
    new = p["income_habit"] == 0
    p["income_habit"] = np.where(new, p["income"], p["income_habit"])
    seen = noticed(quotes.physicians, p, facts.volumes, facts.covered, q)
    u, how = (option_draws(world, which, p["who"], templates.N_TEMPLATES, ONCE) for which in MISREAD)
    read = misread_rule(u, how, q)
    phat = perceived(quotes.physicians, p, cohesion, q, world.week, seen=seen, misreading=read)
    nothing = np.zeros((len(p), templates.N_TEMPLATES))
    mind = Mind(phat, nothing if strength is None else strength, facts, _settled_share(quotes))
    if new.any():
        _start(world, mind, quotes.physicians, new)
    return mind


def half_day_pay(world: World, phat: Incentives) -> Numbers:
    """Yearly income that one half-day a week brings at the prices of today (EUR), ``(physicians,)``.

    A practice that is open longer sees more patients and lists more: as many a half-day as when habits formed, for what
    changes is the price, while patients who are short one year are nobody's choice of hours. The marginal value of a
    euro is left out of what is perceived: the choice of half-days has the income itself in it.
    """
    p = world.physicians
    worth = worth_of_euro(p, world.behaviour[0])
    return np.asarray((phat["visit"] * p["half_day_visits"] + phat["registration"] * p["half_day_patients"]) / worth)


def notice_pay(world: World, quotes: PersonQuotes) -> None:
    """Direct pay as it is now: what changed visibly is noticed, what was lost goes on as a phantom.

    With the pay, the income beyond it is counted anew, at the hours and the volumes of last year: a lump sum that takes
    the place of fees is not lost.
    """
    p = world.physicians
    p["direct_pay"], p["phantom_pay"], p["pay_changed_week"] = noted(
        quotes.physicians, p, world.behaviour[0], world.week
    )
    woken = (p["pay_changed_week"] == world.week).any(axis=1)
    p["other_income"] = np.where(woken, _beyond_half_days(world, quotes.incomes.physicians.mean), p["other_income"])


def income_beyond(world: World, half_day_pay: Numbers) -> Numbers:
    """Yearly income that half-days seem not to bring (EUR), ``(physicians,)``.

    Income is known, whatever an hour is believed to bring: who takes an hour for worth more than it is, takes the rest
    for less.

    Args:
        world: the world.
        half_day_pay: what a half-day seems to bring, :func:`half_day_pay`.
    """
    p = world.physicians
    return np.asarray(p["other_income"] + (_half_day_direct_pay(world) - half_day_pay) * p["half_days"])


def _half_day_direct_pay(world: World) -> Numbers:
    """Yearly income that one half-day a week brings to the own account at once (EUR), ``(physicians,)``."""
    p = world.physicians
    paid = p["direct_pay"].astype(np.float64)
    return np.asarray(
        paid[:, templates.VISIT] * p["half_day_visits"] + paid[:, templates.REGISTRATION] * p["half_day_patients"]
    )


def _beyond_half_days(world: World, income: Numbers) -> Numbers:
    """Income less practice costs and less what half-days bring at once (EUR/year), ``(physicians,)``."""
    p = world.physicians
    return np.asarray(income * (1.0 - p["overhead"]) - _half_day_direct_pay(world) * p["half_days"])


def talk(world: World, quotes: PersonQuotes, attend: Numbers, diary: Diary) -> Numbers:
    """A quarter of talk: intermediaries learn from the payer, colleagues from them.

    Returns:
        Strength of the messages that arrived, ``(physicians, templates)``.
    """
    p, q = world.physicians, world.behaviour[0]
    team = p["team"]
    settled = {name: quote.settled for name, quote in quotes.physicians.items()}
    tells = told(settled, len(p))
    quarter = (world.week - world.warm_up_weeks) // WEEKS_PER_QUARTER % QUARTERS or QUARTERS
    pays_later = tells.any(axis=1)
    meetings = np.where(pays_later, q["setting_payer_meetings"] / QUARTERS, 0.0)
    reports = np.where(pays_later & (quarter == REPORT_QUARTER), 1.0, 0.0)
    before = p["kappa"].astype(np.float64)
    trust = p["trust"].astype(np.float64)
    kappa = taught_by_payer(before, p["intermediary"] > 0, meetings, reports, trust, q)
    changed = (p["pay_changed_week"] == world.week).any(axis=1)  # noticed when this quarter's quotes were asked
    tie = np.maximum(world.teams["cohesion"][team], 0.0).astype(np.float64)
    withheld = world.teams["withholds"][team] > 0
    heard = relayed(kappa, p["intermediary"] > 0, team, attend, tie, trust, tells, changed, withheld, q)
    p["kappa"], p["trust"] = heard.kappa, heard.trust
    rows, which = np.nonzero(heard.kappa - before > q["setting_message_told"])
    diary.add(
        "message", team=team[rows], physician=rows, before=before[rows, which], after=heard.kappa[rows, which],
        text=np.array(templates.TEMPLATES)[which], terms={"strength": heard.strength[rows, which]},
    )  # fmt: skip
    return heard.strength


def remember_income(world: World, income: Numbers) -> None:
    """The usual income, once another year has passed; who was paid nothing keeps the old one."""
    p, q = world.physicians, world.behaviour[0]
    p["income_habit"] = np.where(income > 0, usual_income(p, income, q), p["income_habit"])


def _settled_share(quotes: PersonQuotes) -> Numbers:
    """Own settled money over own income, ``(physicians,)``."""
    incomes = quotes.incomes.physicians
    settled = np.maximum(0.0, incomes.mean - incomes.direct)
    return np.divide(settled, incomes.mean, out=np.zeros(len(settled)), where=incomes.mean > 0)


def _start(world: World, mind: Mind, quotes: Quotes, new: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
    """Who is new to a post, or to deciding: pay as it is, trust as is usual, habits and half-days as they stand.

    To the meetings that the team holds already each comes as often as that pay makes it worth.
    """
    p, q = world.physicians, world.behaviour[0]
    first = noted(quotes, p, q, world.week, first=new)
    p["direct_pay"], p["phantom_pay"], p["pay_changed_week"] = first
    p["trust"] = np.where(new[:, None], first_trust(len(p), q), p["trust"])
    p["habit_visit_pay"] = np.where(new, p["direct_pay"][:, templates.VISIT], p["habit_visit_pay"])
    p["habit_months"] = np.where(new, p["renewal_interval_months"], p["habit_months"])
    p["collective_minutes"] = np.where(new, physicians_come(world, mind.phat).value, p["collective_minutes"])
    half_days = np.maximum(p["half_days"], 1.0)
    p["half_day_visits"] = np.where(new, mind.facts.visits / half_days, p["half_day_visits"])
    p["half_day_patients"] = np.where(new, mind.facts.patients / half_days, p["half_day_patients"])
    pay = half_day_pay(world, mind.phat)
    p["other_income"] = np.where(new, _beyond_half_days(world, p["income"]), p["other_income"])
    weight = distaste_for_work(p["half_days"], pay, income_beyond(world, pay), q)
    p["hours_weight"] = np.where(new, weight, p["hours_weight"])

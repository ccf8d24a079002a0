"""Curves of money as it is felt, of teams and of the payer: talk, votes, quarrels, learning, posts, exits, refusals."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.deciding import (
    forming,
    incentives,
    leaders,
    nurses,
    payer,
    practice_and_report,
    relay,
    sharing_choice,
    voting,
)
from agents.deciding.voting import Expected, Setting
from agents.templates import N_TEMPLATES
from results.messages import _, number
from scenarios.odd.curves_of_decisions import QUARTERS, physicians, weights
from scenarios.odd.sketch import Curve, Panel, Sketch, curve

type Numbers = NDArray[np.float64]

INCOME: Final = 90_000.0
YEARS: Final = 12
WEEK: Final = 520
REPORTED: Final = 2
"""Quarter of the year, from 0, in which a report comes."""


def money_felt() -> Sketch:
    """What is made of money: readability, income, lost pay, talk."""
    q, benefit = weights(), np.linspace(-0.8, 0.8, N_TEMPLATES)
    ratio, years = np.linspace(0.4, 2.5, 43), np.linspace(0.0, 8.0, 33)
    earning = physicians(len(ratio), income=90_000.0 * ratio)
    lost = physicians(len(years), pay_changed_week=WEEK - np.round(52 * years)[:, None], phantom_pay=1.0)
    left = np.array([incentives.phantom_left(lost[[n]], q, WEEK)[0, 0] for n in range(len(years))])
    return Sketch(
        _("What is made of money"),
        _(
            "A settled incentive counts less, and backfires, where its message reads as bad care, and more where it "
            "reads as good care; a euro is worth less to who earns more than usual; "
            "pay that was lost fades with a half-life; knowledge passes from who learns at the source to colleagues, "
            "slowly."
        ),
        (
            Panel(
                _("The professional norm"),
                _("expected benefit of patients"),
                _("factor on settled money"),
                (curve("", benefit, incentives.norm_gate(weights(incentives_benefit=benefit))),),
                decimals=(1, 1),
            ),
            Panel(
                _("Worth of a euro"),
                _("income over the usual one"),
                _("factor"),
                (curve("", ratio, incentives.worth_of_euro(earning, q)),),
                decimals=(1, 1),
            ),
            Panel(_("What lost pay still weighs"), _("years since"), _("share of it"), (curve("", years, left),)),
            Panel(_("Knowledge of what is paid"), _("quarter"), _("share"), _talk(), decimals=(0, 1)),
        ),
    )


def _talk() -> tuple[Curve, ...]:
    """An intermediary who meets the payer once a year, and a colleague who is told, or not."""
    q, team = weights(), np.array([0, 0])
    found = {0.9: [0.0], 0.5: [0.0]}
    source = [0.0]
    for attendance, course in found.items():
        kappa = np.zeros((2, N_TEMPLATES))
        trust, intermediary = relay.first_trust(2, q), np.array([True, False])
        for quarter in range(QUARTERS):
            reports = np.full(2, float(quarter % 4 == REPORTED))
            kappa = relay.taught_by_payer(kappa, intermediary, np.full(2, 0.25), reports, trust, q)
            kappa = relay.relayed(
                kappa,
                intermediary,
                team,
                np.full(2, attendance),
                np.full(2, 0.8),
                trust,
                np.ones((2, N_TEMPLATES), dtype=bool),
                np.zeros(2, dtype=bool),
                np.zeros(2, dtype=bool),
                q,
            ).kappa
            course.append(float(kappa[1, 0]))
            if attendance == max(found):
                source.append(float(kappa[0, 0]))
    quarters = np.arange(QUARTERS + 1)
    return (
        curve(_("the intermediary"), quarters, source),
        *(
            curve(_("a colleague, at {share} of the meetings", share=number(share, 1)), quarters, course)
            for share, course in found.items()
        ),
    )


def teams() -> Sketch:
    """Votes, conflict, maturity, and who stays."""
    q, years = weights(), np.linspace(0.0, 10.0, 41)
    loads = np.linspace(0.6, 1.3, 29)
    stays = tuple(
        curve(
            _("{share} of the work is education", share=number(content, 1)),
            loads,
            nurses.stays(np.full(29, content), loads, np.full(29, 3_600.0), np.full(29, 2_000.0), q).value ** 4,
        )
        for content in (0.2, 0.5, 0.8)
    )
    return Sketch(
        _("Teams"),
        _(
            "A vote turns with the expected change of income, the more sharply the better it is known, and losses "
            "weigh more than gains; quarrels feed a conflict that fades; "
            "teams learn to work together over years; nurses in posts stay for the content of their work."
        ),
        (
            Panel(
                _("A yes to an offer"), _("expected change of income, % of it"), _("chance"), _votes(), decimals=(0, 1)
            ),
            Panel(_("Conflict, quarrel ending after year 6"), _("year"), _("conflict"), _conflicts(), decimals=(0, 1)),
            Panel(
                _("Maturity of a team"),
                _("years together"),
                _("share"),
                (curve("", years, leaders.maturity(years, q)),),
            ),
            Panel(_("A nurse in a post stays a year"), _("load"), _("chance"), stays, decimals=(1, 1)),
        ),
    )


def _votes() -> tuple[Curve, ...]:
    q, change = weights(), np.linspace(-0.25, 0.25, 51)
    found = []
    for known in (0.1, 0.5, 1.0):
        chances = []
        for part in change:
            one = np.array([1.0])
            expected = Expected(
                income=INCOME * one,
                gain=part * INCOME * one,
                spread=0.02 * INCOME * one,
                moved=abs(part) * INCOME * one,
                replaced=0.0 * one,
                identity=0.6 * one,
                knowledge=known * one,
                reading=one,
                quarrel=0.0 * one,
            )
            setting = Setting(recognition=0.3, project_fit=0.3, admin_hours=0.5)
            chances.append(float(voting.leaning(expected, setting, q).value[0]))
        found.append(curve(_("{share} of it is known", share=number(known, 1)), 100 * change, chances))
    return tuple(found)


def _conflicts() -> tuple[Curve, ...]:
    q, found = weights(), []
    for quarrel in (0.02, 0.05, 0.1):
        conflict, course = np.array([0.0]), [0.0]
        for year in range(YEARS):
            felt = quarrel if year < YEARS // 2 else 0.0
            conflict = sharing_choice.conflict_next(conflict, np.array([felt]), q)
            course.append(float(conflict[0]))
        found.append(curve(_("quarrel of {share} of income", share=number(quarrel, 2)), np.arange(YEARS + 1), course))
    return tuple(found)


def public_money() -> Sketch:
    """The payer: exits as it perceives them, pressure, refusals; calls for projects."""
    q, share = weights(), np.linspace(0.0, 1.0, 41)
    none = np.zeros(41)
    exits = tuple(
        curve(_("conflict {share}", share=number(c, 1)), share, payer.perceived_exit(share, np.full(41, c), none, q))
        for c in (0.0, 0.5)
    )
    pressed = tuple(
        curve(
            _("{share} of the budget unspent", share=number(u, 1)),
            share,
            [float(payer.pressure(float(r), 1.0 - u, 1.0, 0.0, q).terms["chance"][0]) for r in share],
        )
        for u in (0.0, 0.4)
    )
    refusals = tuple(
        curve(
            _("missing core: {share}", share=number(m, 1)),
            share,
            payer.refusal(np.full(41, m), share, np.ones(41), 0.0, q),
        )
        for m in (0.0, 0.5)
    )
    able = practice_and_report.profile_of(share, q)
    return Sketch(
        _("The payer and its files"),
        _(
            "The payer expects exits where trust is lost or conflict is heard; pressure to change a rule grows with "
            "them and with unspent money; a file is refused less often where memories are good; "
            "who has people to carry a project answers calls and wins them."
        ),
        (
            Panel(_("Exit, as the payer perceives it"), _("trust of the team"), _("chance"), exits, decimals=(1, 1)),
            Panel(
                _("A rule is changed this year"), _("perceived chance of exits"), _("chance"), pressed, decimals=(1, 1)
            ),
            Panel(_("A file is refused"), _("good memories of the team"), _("chance"), refusals, decimals=(1, 1)),
            Panel(
                _("Answering a call"), _("members who could carry a project"), _("chance"), _calls(), decimals=(0, 1)
            ),
            Panel(
                _("Profile of a team"),
                _("ability"),
                _("0 resistant, 1 conforming, 2 innovative"),
                (curve("", share, able),),
                decimals=(1, 0),
            ),
        ),
    )


def _calls() -> tuple[Curve, ...]:
    """Who answers a call for projects and wins it."""
    q, carriers = weights(), np.arange(0, 6)
    return tuple(
        curve(name, carriers, forming.endowed_chance(carriers.astype(float), np.full(6, has), np.full(6, False), q))
        for name, has in ((_("no coordinator"), False), (_("a coordinator"), True))
    )


SKETCHES: Final[Mapping[str, Callable[[], Sketch]]] = {
    "money_felt": money_felt,
    "teams": teams,
    "public_money": public_money,
}
"""Sketches of this file by name."""

"""Two channels: what a team does, and what it writes about it (behaviour F5).

Contracts ask for criteria, and see reports only. True practice costs members' hours; a report costs hours of who carries
the project. How far a team goes in its reports is its profile, which comes out of what it is able to do.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.deciding.decision import Decision, Numbers
from agents.declarations import Row
from agents.teams import CRITERIA

MEETINGS, PROTOCOLS, COORDINATION, OPENING, SOFTWARE, PREVENTION = range(len(CRITERIA))
RESISTANT, CONFORMING, INNOVATIVE = range(3)
WEEKS: Final = 52


class Practice(NamedTuple):
    """What teams can be seen to do, one value a team, ``(teams,)``.

    Attributes:
        collective_minutes: collective time of a member (minutes/week).
        protocols: protocols that the team has.
        maturity: M, 0 to 1.
        coordinator_fte: coordinator (FTE).
        half_days: half-days of all physicians (half-days/week).
        software: share of members who use shared software.
        prevention: mean effort of physicians on prevention.
    """

    collective_minutes: Numbers
    protocols: Numbers
    maturity: Numbers
    coordinator_fte: Numbers
    half_days: Numbers
    software: Numbers
    prevention: Numbers


class Reporting(NamedTuple):
    """What a year of reporting leaves.

    Attributes:
        practised, reported: of each criterion, ``(teams, criteria)``.
        hours: hours of who carries the project (hours/year), ``(teams,)``.
        started: announced services that have started, ``(teams, criteria)``.
    """

    practised: Numbers
    reported: Numbers
    hours: Numbers
    started: NDArray[np.bool_]


def true_practice(seen: Practice, q: Row) -> Numbers:
    """True practice of each criterion, 0 to 1, ``(teams, criteria)``; protocols are as deep as the team is mature."""
    columns = (
        seen.collective_minutes / q["team_life_meeting_minutes_due"],
        seen.maturity * seen.protocols / q["team_life_protocols_due"],
        seen.coordinator_fte / q["team_life_coordinator_due"],
        seen.half_days / q["team_life_opening_half_days"],
        seen.software,
        seen.prevention,
    )
    return np.clip(np.stack(columns, axis=1), 0.0, 1.0)


def ability(strength: Numbers, learning_years: Numbers, alliance: Numbers, motive: Numbers, q: Row) -> Decision:
    """What a team is able to do with a contract, 0 to 1, ``(teams,)``.

    Args:
        strength: of the leader, 0 for none.
        learning_years: years under collective contracts.
        alliance: trust between team and payer.
        motive: the leader's own.
        q: parameters of behaviour.
    """
    terms = {
        "strength": strength,
        "learning": np.minimum(1.0, learning_years / q["team_life_learning_years"]),
        "alliance": alliance,
        "motive": motive,
    }
    return Decision(np.mean(list(terms.values()), axis=0), terms)


def profile_of(able: Numbers, q: Row) -> NDArray[np.int64]:
    """Profile of each team, as a place in ``agents.teams.PROFILES``, ``(teams,)``."""
    return np.searchsorted(np.asarray(q["team_life_profile_cuts"]), able, side="right")


def report(
    practised: Numbers, reported: Numbers, asked: NDArray[np.bool_], profile: NDArray[np.int64],
    carried: NDArray[np.bool_], u: Numbers, q: Row,
) -> Reporting:  # fmt: skip
    """What teams write of each criterion in a year.

    All write down what they do already. Those who conform give vague rules another reading. Those who innovate announce a
    service that nobody pays for, which may start in the year. Where nobody carries the project, only what is done and
    was written down before stays reported.

    Args:
        practised: true practice, ``(teams, criteria)``.
        reported: reports of the year before, same shape.
        asked: criteria that contracts ask for, same shape; what nobody asks for is not reported anew.
        profile: profile of each team, ``(teams,)``.
        carried: whether somebody carries the project, ``(teams,)``.
        u: uniforms, whether an announced service starts, ``(teams, criteria)``.
        q: parameters of behaviour.
    """
    done = practised >= q["team_life_formalise_practice"]
    vague = np.asarray(q["team_life_vague"]) > 0
    who = np.logical_and(asked, carried[:, None])
    new = np.logical_and(who, reported < 1)
    formalised = np.logical_and(new, done)
    reread = np.logical_and(np.logical_and(new, ~done), np.logical_and(vague, profile[:, None] >= CONFORMING))
    open_still = np.logical_and(np.logical_and(who, ~done), ~np.logical_or(vague, reread))
    announced = np.logical_and(open_still, profile[:, None] >= INNOVATIVE)
    started = np.logical_and(announced, u < q["team_life_innovation_start"])
    kept = np.logical_or(carried[:, None], done)
    written = np.logical_or(np.logical_or(formalised, reread), announced)
    hours = q["team_life_formalise_hours"] * formalised.sum(axis=1) + q["team_life_reinterpret_hours"] * reread.sum(
        axis=1
    )
    practice = np.where(started, np.maximum(practised, q["team_life_innovation_practice"]), practised)
    return Reporting(practice, np.where(written, 1.0, np.where(kept, reported, 0.0)), hours, started)


def disavowed(able: Numbers, demands: NDArray[np.bool_], q: Row) -> NDArray[np.bool_]:
    """Teams that read one more demand as disavowal, and stop the project, ``(teams,)``.

    Args:
        able: ability.
        demands: whether the payer has asked for more this year.
        q: parameters of behaviour.
    """
    return np.logical_and(demands, able < q["team_life_disavowal"])


def told(reported: Numbers, q: Row) -> tuple[Numbers, Numbers]:
    """What reports of meetings and of protocols tell of, as numbers, ``(teams,)`` each."""
    meetings = np.round(reported[:, MEETINGS] * q["team_life_meetings_told"])
    return meetings, np.round(reported[:, PROTOCOLS] * q["team_life_protocols_told"])


def weekly(hours: Numbers) -> Numbers:
    """Hours a week of hours a year."""
    return hours / WEEKS

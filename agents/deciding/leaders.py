"""Leaders, and what a team learns by working together (behaviour F6)."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.deciding.decision import Decision, Numbers
from agents.declarations import Row, Table

FORMS: Final = ("none", "single", "shared", "emerging", "isolated", "divided")
"""How a team is led."""
NONE, SINGLE, SHARED, EMERGING, ISOLATED, DIVIDED = range(6)
NOBODY: Final = -1
RESOURCES: Final = 3
"""Network, know-how and will: strength is their geometric mean, for one cannot stand in for another."""
QUARTERS: Final = 4


def strength(network: Numbers, knowhow: Numbers, will: Numbers) -> Numbers:
    """Strength of a leader, 0 to 1: the cube root of network x know-how x will."""
    return np.asarray(np.cbrt(network * knowhow * will))


def strengths(p: Table, consultant: NDArray[np.bool_], q: Row) -> Numbers:
    """Strength of each physician as a leader, ``(physicians,)``, with the help of a consultant where there is one."""
    network, knowhow, will = (p[name].astype(np.float64) for name in ("network", "knowhow", "will"))
    return strength(network, advised(knowhow, consultant, q), will)


def advised(knowhow: Numbers, consultant: NDArray[np.bool_], q: Row) -> Numbers:
    """Know-how with the help of a consultant, who brings no network."""
    return np.where(consultant, np.maximum(knowhow, q["team_life_consultant_knowhow"]), knowhow)


def carriers(p: Table, q: Row) -> NDArray[np.bool_]:
    """Who could carry a project: network, know-how and will all above a threshold, ``(physicians,)``."""
    least = np.min([p[name] for name in ("network", "knowhow", "will")], axis=0)
    return np.asarray(least > q["team_life_carrier"])


def recognised(trust: Numbers, cohesion: Numbers, conflict: Numbers, q: Row) -> NDArray[np.bool_]:
    """Whether peers recognise the leader, ``(teams,)``.

    Args:
        trust: mean trust of members in what a colleague tells.
        cohesion: of the team.
        conflict: of the team.
        q: parameters of behaviour.
    """
    return np.asarray(trust * cohesion * (1 - conflict) > q["team_life_recognised_trust"])


def form_of(leads: Numbers, carrying: Numbers, network: Numbers, conflict: Numbers, q: Row) -> NDArray[np.int64]:
    """How each team is led, as a place in :data:`FORMS`, ``(teams,)``.

    Args:
        leads: 1 where somebody leads.
        carrying: members who could carry a project.
        network: of who leads.
        conflict: of the team.
        q: parameters of behaviour.
    """
    several = np.where(conflict >= q["team_life_divided_conflict"], DIVIDED, SHARED)
    alone = np.where(network < q["team_life_isolated_network"], ISOLATED, np.where(carrying > 0, SINGLE, EMERGING))
    return np.asarray(np.where(leads == 0, NONE, np.where(carrying > 1, several, alone)), dtype=np.int64)


def fatigue_next(fatigue: Numbers, hours: Numbers, criticism: Numbers, rest: Numbers, q: Row) -> Numbers:
    """Fatigue after a quarter, ``(physicians,)``.

    Args:
        fatigue: now.
        hours: organisational work (hours/week).
        criticism: conflict around the role, 0 to 1.
        rest: 1 for who has time, 0 for who is overloaded.
        q: parameters of behaviour.
    """
    strain = q["team_life_fatigue_hours"] * hours + q["team_life_fatigue_criticism"] * criticism
    moved = fatigue + strain - q["team_life_fatigue_rest"] * rest
    floor = np.minimum(fatigue, q["team_life_fatigue_floor"])
    return np.asarray(np.clip(moved, floor, 1.0))


def leaves_role(fatigue: Numbers, u: Numbers, q: Row) -> Decision:
    """Whether leaders leave the role this quarter, ``(leaders,)``."""
    worn = fatigue > q["team_life_fatigue_most"]
    return Decision(np.logical_and(worn, u < q["team_life_role_left"]), {"fatigue": fatigue})


def successor(p: Table, members: NDArray[np.int64], before: int, q: Row) -> int:
    """The member who takes the role over (row), the strongest of those with the will; -1 where there is none.

    Args:
        p: all physicians.
        members: rows of those of the team who are in post.
        before: row of who led, who does not take it over; -1 for none.
        q: parameters of behaviour.
    """
    willing = [row for row in members if row != before and p["will"][row] > q["team_life_successor_will"]]
    if not willing:
        return NOBODY
    power = strengths(p[np.array(willing)], np.zeros(len(willing), dtype=bool), q)
    return int(willing[int(np.argmax(power))])


class Loss(NamedTuple):
    """What is left when a leader is lost and nobody follows.

    Attributes:
        projects, knowledge, cohesion: factors of what was there.
    """

    projects: float
    knowledge: float
    cohesion: float


def lost_leader(gone: bool, q: Row) -> Loss:
    """What a team keeps; that its only leader is gone is a shock beyond the empty role."""
    cohesion = float(q["team_life_retirement_cohesion"]) if gone else 1.0
    return Loss(float(q["team_life_projects_kept"]), float(q["team_life_knowledge_kept"]), cohesion)


def maturity(years: ArrayLike, q: Row) -> Numbers:
    """How far teams have learnt to work together (M), 0 to 1: scales growth of K, protocols, saved time."""
    return np.asarray(1 - np.exp(-np.asarray(years, dtype=np.float64) / q["team_life_maturity_years"]))


def organisational_load(hours: Numbers, coordinator_hours: Numbers, q: Row) -> Numbers:
    """Organisational work that is left to the leader (hours/week), ``(teams,)``.

    Args:
        hours: organisational work of leader and coordinator (hours/week).
        coordinator_hours: hours of the coordinator (hours/week).
        q: parameters of behaviour.
    """
    return np.maximum(0.0, hours - q["team_life_coordinator_relief"] * coordinator_hours)


class Trial(NamedTuple):
    """A year of shared software, ``(teams,)``.

    Attributes:
        users: share of members who use it.
        works: whether enough do.
        bad_trials: failed trials so far.
        dropped: whether the team gives it up.
        conflict: conflict after the vote.
    """

    users: Numbers
    works: NDArray[np.bool_]
    bad_trials: Numbers
    dropped: NDArray[np.bool_]
    conflict: Numbers


def software_trial(users: Numbers, bad_trials: Numbers, conflict: Numbers, q: Row) -> Trial:
    """What becomes of shared software that members adopt or not.

    Args:
        users: share of members who use it this year.
        bad_trials: failed trials before.
        conflict: before.
        q: parameters of behaviour.
    """
    works = users >= q["team_life_software_trial"]
    bad = np.where(works, bad_trials, bad_trials + 1)
    low, high = q["team_life_split_vote"]
    split = np.logical_and(users > low, users < high)
    heated = np.clip(conflict + np.where(split, q["team_life_split_conflict"], 0.0), 0.0, 1.0)
    return Trial(users, works, bad, np.logical_and(~works, bad >= q["team_life_software_trials"]), heated)


def adopts(physician: NDArray[np.bool_], u: Numbers, q: Row) -> NDArray[np.bool_]:
    """Who uses shared software: most physicians, few of those who would enter everything twice, ``(members,)``."""
    by_trade = q["team_life_adopts_software"]
    return np.asarray(u < np.where(physician, by_trade[0], by_trade[1]))


def attraction(colleagues: Numbers, labelled: Numbers, q: Row) -> Numbers:
    """Attraction of a site for a young physician, in units of log-odds, ``(sites,)``; 0 for a place of one's own.

    Args:
        colleagues: physicians there.
        labelled: 1 for a health home.
        q: parameters of behaviour.
    """
    company = np.minimum(colleagues, q["team_life_attraction_most"])
    return np.asarray(q["team_life_attraction_colleague"] * company + q["team_life_attraction_label"] * labelled)


def intern_stays(interns: Numbers, q: Row) -> Numbers:
    """Chance that at least one of a site's interns takes over a post, ``(sites,)``."""
    return np.asarray(1 - (1 - q["team_life_interns_stay"]) ** interns)

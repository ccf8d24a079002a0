"""How members vote on an offer, and whether to stay under a contract (behaviour F2).

An offer is a changed stack of payments. Members never see it: each gets numbers on the own income, as it is and as it
would be, and weighs them against recognition, paperwork, quarrel and attachment to the own account.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.deciding.decision import Decision, Numbers
from agents.declarations import Row
from agents.teams import KINDS

LONE: int = 1
"""Members of a team of one, who has nobody to listen to."""
NEVER: float = 700.0
"""Log odds against a yes beyond which none is ever heard: more of them is no number any more."""


class Expected(NamedTuple):
    """What members expect of a motion, one value a voter, ``(voters,)``.

    Attributes:
        income: own income today (EUR/year).
        gain: expected change of it (EUR/year).
        spread: standard deviation of that change (EUR/year).
        moved: settled money that the motion moves (EUR/year), whatever its sign.
        replaced: part of the direct own-account income that would disappear.
        identity: attachment to self-employed status.
        knowledge: part of the amounts that the voter knows, 0 to 1.
        reading: what the voter believes the amounts are over what they are; 1 for who reads them right.
        quarrel: over the split of the money, as a share of the income.
        refuses: who says no whatever the amounts; nobody by default.
    """

    income: Numbers
    gain: Numbers
    spread: Numbers
    moved: Numbers
    replaced: Numbers
    identity: Numbers
    knowledge: Numbers
    reading: Numbers
    quarrel: Numbers
    refuses: NDArray[np.bool_] | bool = False


class Setting(NamedTuple):
    """What holds for all who vote on a motion.

    Attributes:
        recognition: felt from who makes the offer, 0 to 1.
        project_fit: how far it fits the team's project, 0 to 1.
        admin_hours: paperwork (hours/week/member).
        lock_in: what members would lose of commitments and recognition by leaving, in units of value; 0 for an offer.
    """

    recognition: float
    project_fit: float
    admin_hours: float
    lock_in: float = 0.0


def replaced_share(direct_now: Numbers, direct_offered: Numbers) -> Numbers:
    """Part of the direct own-account income that would disappear, read from flows, ``(voters,)``.

    It is 0 for an addition, and for who is pooled or on a wage, whose fees are not direct.
    """
    lost = np.maximum(0.0, direct_now - direct_offered)
    share = np.divide(lost, direct_now, out=np.zeros(len(lost)), where=direct_now > 0)
    return np.minimum(1.0, share)


def shared_knowledge(own: Numbers, q: Row) -> Numbers:
    """What each knows once the best informed member has spoken, ``(voters,)``."""
    return np.maximum(own, q["team_life_presented"] * own.max(initial=0.0))


def paperwork(replaced: Numbers, instead_of_fees: bool, q: Row) -> float:
    """Paperwork of a motion (hours/week/member).

    Args:
        replaced: part of each one's direct income that would disappear.
        instead_of_fees: whether the payment stands in the place of others.
        q: parameters of behaviour.
    """
    base = q["team_life_admin_instead"] if instead_of_fees else q["team_life_admin_add_on"]
    two_billings = np.logical_and(replaced > 0, replaced < 1).any()
    return float(base + q["team_life_admin_two_billings"] * two_billings)


def value(expected: Expected, setting: Setting, peers_yes: Numbers, q: Row) -> Decision:
    """What a motion is worth to each (V), with its terms, ``(voters,)``.

    Amounts that are not known count as nothing, and add to the spread; losses count more than gains.
    """
    income = np.maximum(expected.income, q["team_life_least_income"])
    known = expected.knowledge * expected.reading * expected.gain
    felt = np.where(known < 0, q["team_life_loss"] * known, known)
    unknown = q["team_life_unknown_spread"] * (1 - expected.knowledge) * expected.moved
    voters = np.ones(len(income))
    terms = {
        "gain": q["team_life_gain"] * felt / income,
        "risk": -q["team_life_risk"] * np.hypot(expected.spread, unknown) / income,
        "recognition": q["team_life_recognition"] * setting.recognition * voters,
        "project": q["team_life_project_fit"] * setting.project_fit * voters,
        "identity": -q["team_life_identity"] * expected.identity * expected.replaced,
        "paperwork": -q["team_life_admin_hours"] * setting.admin_hours * voters,
        "quarrel": -q["team_life_quarrel"] * expected.quarrel,
        "peers": q["team_life_peers"] * (peers_yes - 1 / 2),
        "coercion": q["team_life_coercion"] * q["team_life_coercion_fear"] * voters,
        "lock_in": setting.lock_in * voters,
    }
    return Decision(np.sum(list(terms.values()), axis=0), terms)


def chance_of_yes(worth: Numbers, q: Row) -> Numbers:
    """Chance of a yes (p_yes) to what is worth so much."""
    return np.asarray(1 / (1 + np.exp(np.minimum(-q["team_life_steepness"] * worth, NEVER))))


def leaning(expected: Expected, setting: Setting, q: Row) -> Decision:
    """Chance of a yes of each voter of one team after they have talked, ``(voters,)``, with the terms."""
    voters = len(expected.income)
    peers = np.full(voters, float(q["team_life_peers_start"]))
    worth = value(expected, setting, peers, q)
    chance = chance_of_yes(worth.value, q)
    for _ in range(round(float(q["team_life_straw_polls"])) if voters > LONE else 0):
        peers = (chance.sum() - chance) / (voters - 1)
        worth = value(expected, setting, peers, q)
        chance = chance_of_yes(worth.value, q)
    return Decision(chance, {"value": worth.value, **worth.terms})


def lock_in(commitments: float, pot: float, recognition: float, q: Row) -> float:
    """What keeps a team under a contract beside its worth.

    Args:
        commitments: fixed commitments of the team account (EUR/year).
        pot: collective money (EUR/year) that pays them.
        recognition: felt from the payer, 0 to 1.
        q: parameters of behaviour.
    """
    bound = min(1.0, commitments / pot) if pot > 0 else 0.0
    return float(q["team_life_lock_in"] * bound + q["team_life_lock_in_recognition"] * recognition)


def needed(kind: int, joining: bool, q: Row) -> float:
    """Share of yes that carries a motion in a team of a kind; joining a contract may need all."""
    assert 0 <= kind < len(KINDS)
    rule = q["team_life_needed_to_join"] if joining else q["team_life_needed_else"]
    return float(rule[kind])


def employer_decides(kind: int, q: Row) -> bool:
    """Whether the employer decides alone in a team of a kind."""
    return bool(q["team_life_employer_decides"][kind])


def authority(strength: Numbers, recognised: Numbers) -> Numbers:
    """How far a leader can carry a minority: strength, of who is recognised."""
    return strength * recognised


def carried(yes: NDArray[np.bool_], needs: float, leader_for_it: bool, power: float) -> Decision:
    """Whether a motion is carried: by the rule of the team, or by a leader who is for it and carries a minority.

    Args:
        yes: votes, ``(voters,)``.
        needs: share of yes that the rule asks for.
        leader_for_it: whether the leader votes yes.
        power: authority of the leader, 0 for none.
    """
    share = float(yes.mean()) if len(yes) else 0.0
    by_rule = len(yes) > 0 and share >= needs
    by_leader = leader_for_it and power > 1 - share
    terms = {"yes": np.array([share]), "needed": np.array([needs]), "authority": np.array([power])}
    return Decision(np.array([by_rule or by_leader]), terms)


def outvoted_leave(chance: Numbers, voted_with: NDArray[np.bool_], u: Numbers, q: Row) -> NDArray[np.bool_]:
    """Who leaves the team after a vote: some of those who were outvoted and had been sure.

    Args:
        chance: chance, before the vote, that each would vote as was decided.
        voted_with: whether each voted as was decided.
        u: uniforms.
        q: parameters of behaviour.
    """
    sure = np.logical_and(~voted_with, chance < q["team_life_outvoted_sure"])
    return np.logical_and(sure, u < q["team_life_outvoted_leaves"])

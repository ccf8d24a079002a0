"""How knowledge of what is paid spreads: who hears it at the source, what colleagues hear, what they believe (behaviour 0).

A message is a template, the sign of what it pays, what it does for patients and who says it: all that colleagues ever
receive. It passes when they meet, know and trust each other, and when it reads as good care.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.deciding.decision import Incentives, Numbers
from agents.deciding.incentives import mocked, readability, template_of
from agents.declarations import Row
from agents.templates import MESSENGERS, N_TEMPLATES

TEAM_PEER: Final = MESSENGERS.index("team_peer")
IN_PERSON: Final = MESSENGERS.index("payer_in_person")
DOCUMENT: Final = MESSENGERS.index("payer_document")

type Flags = NDArray[np.bool_]


def first_trust(physicians: int, q: Row) -> Numbers:
    """Trust in each messenger at the start, ``(physicians, messengers)``."""
    return np.tile(np.asarray(q["relay_trust"], dtype=np.float64), (physicians, 1))


def told(settled: Incentives, physicians: int) -> Flags:
    """Templates on which there is something to tell, ``(physicians, templates)``: settled money that is not nil.

    Args:
        settled: settled money of one unit by action (EUR), ``(physicians,)`` each.
        physicians: how many there are.
    """
    found = np.zeros((physicians, N_TEMPLATES), dtype=bool)
    for action, money in settled.items():
        found[:, template_of(action)] |= money != 0
    return found


def taught_by_payer(
    kappa: Numbers, intermediary: Flags, meetings: Numbers, reports: Numbers, trust: Numbers, q: Row
) -> Numbers:
    """Knowledge after what intermediaries learn at the source, ``(physicians, templates)``.

    Args:
        kappa: knowledge, ``(physicians, templates)``.
        intermediary: who learns at the source, ``(physicians,)``.
        meetings: with the payer in the quarter, ``(physicians,)``.
        reports: yearly reports received in the quarter, ``(physicians,)``.
        trust: in messengers, ``(physicians, messengers)``: a payer in person is believed more than a document.
        q: parameters of behaviour.
    """
    met = q["relay_meeting"] * trust[:, IN_PERSON] * meetings
    gain = np.where(intermediary, met + q["relay_report"] * trust[:, DOCUMENT] * reports, 0)
    return np.minimum(kappa + gain[:, None], 1)


def best_informed(kappa: Numbers, intermediary: Flags, team: NDArray[np.integer]) -> Numbers:
    """Knowledge of the best-informed intermediary of each one's team, ``(physicians, templates)``; 0 without one."""
    first = int(team.min(initial=0))
    known = np.zeros((int(team.max(initial=0)) - first + 1, kappa.shape[1]))
    np.maximum.at(known, team[intermediary] - first, kappa[intermediary])
    return known[team - first]


def message_strength(attend: Numbers, tie: Numbers, trust: Numbers, tells: Flags, somebody: Flags, q: Row) -> Numbers:
    """How strongly messages arrive, 0 to 1, ``(physicians, templates)``.

    Args:
        attend: chance to be there when the team talks, ``(physicians,)``.
        tie: with who tells, 0 to 1, ``(physicians,)``.
        trust: in who tells, 0 to 1, ``(physicians,)``.
        tells: templates of which there is something to tell, ``(physicians, templates)``.
        somebody: whether there is somebody who tells it, ``(physicians, templates)``.
        q: parameters of behaviour.

    Returns:
        0 for messages that are mocked, and the less the less they read as good care.
    """
    passes = np.where(mocked(q), 0, readability(q))
    arrives = np.maximum((attend * tie * trust)[:, None] * somebody, q["relay_least_reach"])
    strength: Numbers = arrives * passes * tells
    return strength


def somebody_tells(kappa: Numbers, intermediary: Flags, team: NDArray[np.integer], withheld: Flags) -> Flags:
    """Whether a physician has an intermediary in the team who knows something and tells it, ``(physicians, templates)``.

    Intermediaries learn from the payer, not from each other.

    Args:
        kappa: knowledge, ``(physicians, templates)``.
        intermediary: who learns at the source, ``(physicians,)``.
        team: of each one, ``(physicians,)``.
        withheld: members of teams whose intermediaries keep messages to themselves, ``(physicians,)``.
    """
    hears = np.logical_and(~intermediary, ~withheld)
    return np.logical_and(best_informed(kappa, intermediary, team) > 0, hears[:, None])


class Relayed(NamedTuple):
    """What a quarter of talk leaves.

    Attributes:
        kappa: knowledge, ``(physicians, templates)``.
        trust: in messengers, ``(physicians, messengers)``.
        strength: of the messages that arrived, ``(physicians, templates)``.
    """

    kappa: Numbers
    trust: Numbers
    strength: Numbers


def relayed(
    kappa: Numbers, intermediary: Flags, team: NDArray[np.integer], attend: Numbers, tie: Numbers, trust: Numbers,
    tells: Flags, new: Flags, withheld: Flags, q: Row,
) -> Relayed:  # fmt: skip
    """A quarter of talk inside teams: colleagues learn from intermediaries, forget, and mock what reads badly.

    Args:
        kappa: knowledge, ``(physicians, templates)``.
        intermediary: who learns at the source, ``(physicians,)``.
        team: of each one, ``(physicians,)``.
        attend: chance to be there when the team talks, ``(physicians,)``.
        tie: with the intermediary, 0 to 1, ``(physicians,)``.
        trust: in messengers, ``(physicians, messengers)``.
        tells: templates on which there is something to tell, ``(physicians, templates)``.
        new: members of teams that hear of it for the first time or anew, ``(physicians,)``: who has mocked a message
            once does not lose more trust each time it is repeated.
        withheld: members of teams whose intermediaries keep messages to themselves, ``(physicians,)``.
        q: parameters of behaviour.
    """
    somebody = somebody_tells(kappa, intermediary, team, withheld)
    heard = np.logical_and(tells, somebody)
    strength = message_strength(attend, tie, trust[:, TEAM_PEER], tells, somebody, q)
    lead = np.maximum(best_informed(kappa, intermediary, team) - kappa, 0)  # nobody unlearns from who knows less
    learnt = q["relay_rate"] * strength * lead - q["relay_forgetting"] * kappa
    laughs = np.logical_and(np.logical_and(heard, mocked(q)).any(axis=1), new)
    left = trust.copy()
    left[:, TEAM_PEER] = np.maximum(trust[:, TEAM_PEER] - q["relay_mockery"] * laughs, 0)
    return Relayed(np.clip(np.where(intermediary[:, None], kappa, kappa + learnt), 0, 1), left, strength)

"""How the payer adapts its rules, and watches those who signed them (behaviour G).

The payer of this room knows moves as columns of numbers: what each would cost, and what it would bring to teams that may
leave. Which terms of which rule a move changes is none of its business.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.deciding.decision import Decision, Numbers
from agents.deciding.utility import logistic
from agents.declarations import Row

NO_MOVE: Final = -1
"""The choice of a payer who leaves its rules as they are."""
LEFT_ALONE, HELP, REMINDER, CLAW_BACK = range(4)
ANSWERS: Final = ("left_alone", "help", "reminder", "claw_back")
"""What a control ends with."""


# Adapting rules.


def perceived_exit(trust: Numbers, conflict: Numbers, absence: Numbers, q: Row) -> Numbers:
    """Chance that each team leaves, as the payer perceives it from complaints and absence: ``(teams,)``.

    Args:
        trust: trust of the team in the payer (share).
        conflict: conflict within the team, which is heard outside (share).
        absence: part of the payer's meetings without the team (share).
        q: parameters of behaviour.
    """
    return logistic(
        q["payer_modes_exit_base"]
        + q["payer_modes_exit_complaints"] * (1 - trust)
        + q["payer_modes_exit_complaints"] * conflict
        + q["payer_modes_exit_absence"] * absence
    )


def surprise(results: Numbers, merit: Numbers) -> float:
    """Distance between what teams get and what the payer believes that they deserve: 0 for one order, 1 for the reverse.

    Args:
        results: what each team was paid a patient (EUR), ``(teams,)``.
        merit: the payer's image of each: attendance and conformity (share), ``(teams,)``.
    """
    teams = len(results)
    if teams < 2:  # noqa: PLR2004 (one team has no rank)
        return 0.0
    furthest = np.abs(2 * np.arange(teams) - (teams - 1)).sum()
    return float(np.abs(_ranks(results) - _ranks(merit)).sum() / furthest)


def _ranks(values: Numbers) -> Numbers:
    """Rank of each value, equal ones sharing theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray(((last - count + last - 1) / 2)[place])


def pressure(risk: float, spent: float, budget: float, surprised: float, q: Row) -> Decision:
    """How much presses the payer to change a rule: ``(1,)``, with the chance that it does so among the terms.

    Args:
        risk: mean perceived chance that a team leaves.
        spent: what the rule paid (EUR/year).
        budget: its budget (EUR/year), 0 for none set.
        surprised: :func:`surprise`.
        q: parameters of behaviour.
    """
    used = spent / budget if budget > 0 else 1.0
    under, deficit = max(0.0, 1 - used), max(0.0, used - 1)
    press = (
        max(0.0, risk - q["payer_modes_risk_borne"])
        + q["payer_modes_under_weight"] * max(0.0, under - q["payer_modes_under_borne"])
        + q["payer_modes_surprise_weight"] * surprised
        - q["payer_modes_deficit_weight"] * min(1.0, deficit)
    )
    chance = logistic(q["payer_modes_press_slope"] * press + q["payer_modes_press_base"])
    told = {"risk": risk, "under": under, "surprise": surprised, "deficit": deficit, "chance": float(chance)}
    return Decision(np.array([press]), {name: np.array([value]) for name, value in told.items()})


def choose_move(
    cost: Numbers, helped: Numbers, budget: float, office: bool, u: Numbers, chance: float, q: Row
) -> Decision:
    """The move that is made: the cheapest of those that raise the pay of most teams at risk, ``(1,)``.

    Args:
        cost: what each move would cost (EUR/year), ``(moves,)``.
        helped: share of the teams at risk that would be paid more, ``(moves,)``.
        budget: budget that costs are compared with (EUR/year).
        office: whether a budget office may veto.
        u: draws, whether a move is made and whether the office vetoes it, ``(2,)``.
        chance: chance that the payer makes a move.
        q: parameters of behaviour.

    Returns:
        Place of the move, -1 for none; ``vetoed`` among the terms is 1 where the office stopped it.
    """
    useful = np.flatnonzero(helped > q["payer_modes_helped_least"])
    if not len(useful) or u[0] >= chance:
        return Decision(np.array([NO_MOVE]), {})
    chosen = int(useful[np.argmin(cost[useful])])
    large = cost[chosen] > q["payer_modes_office_from"] * budget
    vetoed = float(office and large and u[1] < q["payer_modes_office_veto"])
    terms = {"cost": cost[[chosen]], "helped": helped[[chosen]], "vetoed": np.array([vetoed])}
    return Decision(np.array([chosen]), terms)


def weeks_to_effect(u: float, q: Row) -> int:
    """Weeks from a decision to the day on which it holds."""
    first, last = int(q["payer_modes_effect_first"]), int(q["payer_modes_effect_last"])
    return first + int(u * (last - first + 1))


# Before a signature.


def refusal(missing_core: Numbers, goodwill: Numbers, inexperience: Numbers, relaxed: float, q: Row) -> Numbers:
    """Chance that the payer refuses a team's file: ``(teams,)``. After the signature there is no veto any more.

    Args:
        missing_core: part of the core requirements that the file does not meet.
        goodwill: what the payer remembers of the team (share).
        inexperience: 1 for a team without any contract so far, 0 for an old hand.
        relaxed: how far the payer is from the number of teams that it wants (:func:`shortfall`).
        q: parameters of behaviour.
    """
    return logistic(
        q["payer_modes_refusal_base"]
        + q["payer_modes_refusal_core"] * missing_core
        - q["payer_modes_refusal_goodwill"] * goodwill
        + inexperience
        - q["payer_modes_count_relief"] * relaxed
    )


def heads(chance: Numbers, u: Numbers, q: Row) -> Decision:
    """Whether each file is refused by the two heads of the payer, who may disagree: yes or no, ``(teams,)``.

    Args:
        chance: chance of a refusal, ``(teams,)``.
        u: draws: those of the two heads, and the one that decides where they disagree, ``(teams, 3)``.
        q: parameters of behaviour.
    """
    each = u[:, :2] < chance[:, None]
    disagree = each[:, 0] != each[:, 1]
    refused = np.where(disagree, u[:, 2] < q["payer_modes_disagreement_refused"], each[:, 0])
    return Decision(refused, {"chance": chance, "disagree": disagree.astype(np.float64)})


def shortfall(teams: int, target: float) -> float:
    """Part of the teams that the payer wants and does not have; 0 without a target."""
    return max(0.0, 1 - teams / target) if target > 0 else 0.0


def uptake(q: Row) -> float:
    """Factor on the chance that a team takes up what is asked: over-precise demands put teams off."""
    over = max(0.0, q["payer_modes_precision"] - q["payer_modes_precision_usual"])
    return float(max(0.0, 1 - q["payer_modes_precision_uptake"] * over))


def practice(q: Row) -> float:
    """Factor on the true practice of what is reported: vague demands are met on paper."""
    vague = max(0.0, q["payer_modes_precision_usual"] - q["payer_modes_precision"])
    return float(max(0.0, 1 - q["payer_modes_precision_practice"] * vague))


# After it.


def hours_per_team(hours: float, teams: int, q: Row) -> float:
    """Monitoring hours for each team (hours/year): the people who do it stay as many when teams grow in number."""
    return hours * min(1.0, float(q["payer_modes_teams_at_ease"]) / max(1, teams))


def steering(hours: float, q: Row) -> float:
    """How heavily teams are steered beyond the usual: 0 to 1, the hours given."""
    return float(np.clip(hours / q["payer_modes_usual_hours"] - 1, 0, 1))


def deviation(reported: Numbers, activity: Numbers, q: Row) -> NDArray[np.bool_]:
    """Which teams seem to deviate from what they signed, from claims and reports alone: ``(teams,)``.

    A fall of activity is the same in claims whether nurses took the work over or nobody did.

    Args:
        reported: mean of what the team reports of the criteria (share).
        activity: contacts with physicians a patient, over those of the year before (ratio); 1 where nothing is known.
        q: parameters of behaviour.
    """
    return np.asarray((reported < q["payer_modes_report_expected"]) | (activity < q["payer_modes_activity_expected"]))


def control(deviates: NDArray[np.bool_], hours: float, u: Numbers, q: Row) -> Decision:
    """How the control of each team ends: places in ``ANSWERS``, ``(teams,)``.

    Args:
        deviates: :func:`deviation`.
        hours: monitoring hours for each team.
        u: draws: whether the team is looked at, and how it ends, ``(teams, 2)``.
        q: parameters of behaviour.
    """
    looked = u[:, 0] < min(1.0, hours / float(q["payer_modes_usual_hours"]))
    cuts = np.cumsum([float(q["payer_modes_help"]), float(q["payer_modes_reminder"])])
    answer = HELP + np.searchsorted(cuts, u[:, 1], side="right")
    answer = np.where(looked & deviates, answer, LEFT_ALONE)
    return Decision(answer, {"looked": looked.astype(np.float64), "hours": np.full(len(u), hours)})


def trust_after(trust: Numbers, answer: NDArray[np.int64], steered: float, q: Row) -> Numbers:
    """Trust of each team in the payer after a year: heavy steering wears it down, and so does a claw-back."""
    firm = np.maximum(steered, answer >= REMINDER)
    lost = q["payer_modes_steering_trust"] * firm + q["payer_modes_claw_back_trust"] * (answer == CLAW_BACK)
    return np.clip(trust - lost, 0, 1)


def goodwill_after(goodwill: Numbers, reported: Numbers, answer: NDArray[np.int64], q: Row) -> Numbers:
    """What the payer remembers of each team after a year: conformity is remembered, and so is a claw-back."""
    kept = goodwill * (1 - q["payer_modes_goodwill_fading"])
    return np.clip(kept + q["payer_modes_goodwill_conformity"] * reported * (answer < CLAW_BACK), 0, 1)

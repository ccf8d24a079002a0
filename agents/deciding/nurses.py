"""What nurses accept and propose, when they speak, and when they leave (behaviour E)."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.deciding.decision import Decision, Numbers
from agents.deciding.utility import logistic
from agents.declarations import Row
from agents.nurses import ADVANCED_PRACTICE, ASALEE, LIBERAL, PATHWAY
from agents.tasks import K17

type Flags = NDArray[np.bool_]
type Places = NDArray[np.integer[Any]]


class Offers(NamedTuple):
    """Tasks that physicians offer to nurses, one number an offer.

    Attributes:
        kind: of the nurse.
        money: perceived incentive of one event for the nurse (EUR).
        leader: 1 for a nurse who proposes tasks.
        dependence: of the nurse on physicians.
        tie: trust of the pair.
        autonomy: the nurse's wish for it.
        control: 1 where the task comes with the physician's control.
        load: share of the nurse's time in use.
        overlap: share of the nurse's patients that are the physician's.
        sanction: 1 where colleagues frown on steering patients.
    """

    kind: Places
    money: Numbers
    leader: Numbers
    dependence: Numbers
    tie: Numbers
    autonomy: Numbers
    control: Numbers
    load: Numbers
    overlap: Numbers
    sanction: Numbers


def acceptance(o: Offers, q: Row) -> Decision:
    """Chance that each nurse accepts a task: by her own lights if self-employed, by her time if in a post."""
    terms = {
        "money": q["nursing_money"] * o.money / q["incentives_eps"],
        "leader": q["nursing_leader"] * o.leader,
        "dependence": q["nursing_dependence"] * o.dependence * o.tie,
        "autonomy": q["nursing_autonomy"] * o.autonomy * o.control,
        "load": q["nursing_load"] * np.maximum(0, o.load - q["nursing_load_limit"]),
        "overlap": q["nursing_overlap"] * (1 - o.overlap),
        "sanction": q["nursing_sanction"] * o.sanction,
    }
    own = logistic(q["nursing_constant"] + sum(terms.values()))
    in_post = (o.load < q["nursing_full_load"]).astype(np.float64)
    return Decision(np.where(o.kind == LIBERAL, own, in_post), terms)


def fills_holes(kind: Places, load: Numbers, task: Places, q: Row) -> Flags:
    """Whether a nurse in an asalee post takes a task off protocol because her slots stand empty."""
    holes = np.asarray(q["nursing_holes_tasks"])[task] > 0
    return (kind == ASALEE) & (load < q["nursing_holes_load"]) & holes


def may_begin(kind: Places, load: Numbers, knowledge: Numbers, task: Places, desk_load: Numbers, q: Row) -> Flags:
    """Whether a nurse takes up another task: a pathway nurse does if idle and known, or if the desk needs help.

    Args:
        kind: of the nurse.
        load: share of her time in use.
        knowledge: what the physician knows of her.
        task: that would begin.
        desk_load: load of the team's secretaries.
        q: parameters of those who decide.
    """
    idle = (1 - load > q["nursing_idle"]) & (knowledge > q["nursing_known"])
    desk = (task == K17) & (desk_load > q["nursing_desk_load"])
    return (kind != PATHWAY) | idle | desk


def control(scope: Places, q: Row) -> Numbers:
    """Whether a task comes with the physician's control, by the condition of the law."""
    return np.asarray(q["nursing_control"])[scope]


def content(events: Numbers, q: Row) -> Numbers:
    """Share of education and derogatory tasks in a nurse's events, 0 where there is none, ``(nurses,)``.

    Args:
        events: of each nurse and task, ``(nurses, tasks)``.
        q: parameters of those who decide.
    """
    total = events.sum(axis=1)
    good = events @ np.asarray(q["nursing_content_tasks"])
    return np.divide(good, total, out=np.zeros(len(total)), where=total > 0)


def strain(load: Numbers, q: Row) -> Numbers:
    """Strain of the load, 0 to 1."""
    return np.clip((load - q["nursing_strain_start"]) / q["nursing_strain_span"], 0, 1)


def stays(share_of_content: Numbers, load: Numbers, outside: Numbers, own: Numbers, q: Row) -> Decision:
    """Chance that a nurse in an asalee post stays for a quarter: some accept less income for the work.

    Args:
        share_of_content: of education and derogatory tasks.
        load: share of the time in use.
        outside: net income elsewhere (EUR/month).
        own: net income here (EUR/month).
        q: parameters of those who decide.
    """
    terms = {
        "content": q["nursing_stay_content"] * share_of_content,
        "load": q["nursing_stay_load"] * (1 - strain(load, q)),
        "income": q["nursing_stay_income"] * (outside - own) / q["nursing_stay_income_unit"],
    }
    return Decision(logistic(sum(terms.values(), np.zeros(len(load)))) ** (1 / q["nursing_stay_quarters"]), terms)


def poor_quarters_after(
    before: Numbers, kind: Places, salaried: Flags, own: Numbers, outside: Numbers, topped_up: Flags, q: Row
) -> Numbers:
    """Quarters in a row in which a self-employed nurse of advanced practice earns too little, ``(nurses,)``."""
    poor = (kind == ADVANCED_PRACTICE) & ~salaried & ~topped_up & (own < q["nursing_poor_share"] * outside)
    return np.where(poor, before + 1, 0)


def gives_up(poor_quarters: Numbers, q: Row) -> Flags:
    """Whether a nurse of advanced practice goes back to other work."""
    return poor_quarters >= q["nursing_poor_quarters"]


def complains(unhappy: Flags, dependence: Numbers, u: Numbers, q: Row) -> tuple[Flags, Flags]:
    """Who of the unhappy complains, and who keeps silent and withdraws: most do."""
    speaks = unhappy & (u < q["nursing_complaint"] * (1 - dependence))
    return speaks, unhappy & ~speaks


def joins_pool(overlap: Numbers, same_pay: Flags, q: Row) -> Flags:
    """Whether a self-employed nurse joins a pooled payment: shared patients, and the same pay for the same act."""
    return (overlap > q["nursing_pool_overlap"]) & same_pay

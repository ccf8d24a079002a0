"""Effort beyond the usual on prevention, follow-up, tests and prescribing (behaviour D8b).

Everything is counted as in D1: a patient and year. What an effort moves and the minutes it takes act in the week, so
their numbers belong to the week and are given here.
"""

import numpy as np
from numpy.typing import ArrayLike

from agents.deciding.decision import Decision, Numbers
from agents.deciding.utility import Options, Parts, choose, options_from
from agents.declarations import Row, Table


def effort_parts(
    options: Options, *, paid: Numbers, benefit: Numbers, minutes: Numbers, worth: Numbers, q: Row
) -> Parts:
    """Utility of each effort, by part.

    Args:
        options: efforts from 0 to 1, ``(physicians, options)``.
        paid: perceived pay of all that a full effort moves (EUR a patient and year), ``(physicians,)``.
        benefit: altruism times the patient's benefit from a full effort, ``(physicians,)``.
        minutes: own minutes of a full effort, a patient and year, ``(physicians,)``.
        worth: ``agents.deciding.visits.minute_value`` (EUR), ``(physicians,)``.
        q: parameters of those who decide.
    """
    effort = options.values
    return {
        "money": paid[:, None] * effort / q["incentives_eps"],
        "benefit": benefit[:, None] * effort,
        "time": -(minutes * worth)[:, None] * effort / q["incentives_eps"],
        "work": -q["practice_effort_work"] * effort**2,
        "change": -q["practice_effort_inertia"] * options.moves,
    }


def choose_effort(
    p: Table,
    unit_pay: Numbers,
    q: Row,
    u: Numbers,
    *,
    which: int,
    units: ArrayLike,
    gain: float,
    minutes: ArrayLike,
    worth: Numbers,
    altruism: Numbers,
) -> Decision:
    """Effort on one of the subjects of ``agents.templates.EFFORTS``.

    Args:
        p: physicians who reconsider.
        unit_pay: perceived incentive of one more unit of the measures that the effort moves (EUR), ``(physicians,)``.
        q: parameters of those who decide.
        u: uniforms, ``(physicians, 1 + efforts)``, the first for staying.
        which: the subject.
        units: units at stake a patient and year, such as preventive acts due or euros of drugs.
        gain: share of them that a full effort gains.
        minutes: own minutes of a full effort, a patient and year (weekly minutes by weeks of work over the list).
        worth: ``agents.deciding.visits.minute_value`` (EUR), ``(physicians,)``.
        altruism: weight on the patient's benefit, ``(physicians,)``.

    Returns:
        Effort from 0 to 1, and the terms.
    """
    options = options_from(p["effort"][:, which], q["practice_effort_choices"])
    each = len(p)
    parts = effort_parts(
        options,
        paid=unit_pay * gain * np.broadcast_to(np.asarray(units, dtype=np.float64), each),
        benefit=altruism * q["practice_effort_benefit"][which],
        minutes=np.broadcast_to(np.asarray(minutes, dtype=np.float64), each),
        worth=worth,
        q=q,
    )
    return choose(options, parts, u, q)

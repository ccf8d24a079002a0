"""Effort beyond the usual on prevention, follow-up, tests and prescribing (behaviour D8b).

Everything is counted as in D1, for one whom it concerns: an act that falls due, a discharge, a test of a diabetic; for
prescribing and referral, a patient and year. What an effort moves and the minutes it takes act in the week, so their
numbers belong to the week and are given here.
"""

from agents.deciding.decision import Decision, Numbers
from agents.deciding.utility import Options, Parts, choose, options_from
from agents.declarations import Row, Table


def effort_parts(
    options: Options, *, paid: Numbers, benefit: Numbers, minutes: Numbers, worth: Numbers, q: Row
) -> Parts:
    """Utility of each effort, by part.

    Args:
        options: efforts from 0 to 1, ``(physicians, options)``.
        paid: perceived pay of what a full effort moves (EUR a case), ``(physicians,)``.
        benefit: altruism times the patient's benefit from a full effort, ``(physicians,)``.
        minutes: own minutes of a full effort, a case, ``(physicians,)``.
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
    p: Table, paid: Numbers, q: Row, u: Numbers, *, which: int, minutes: Numbers, worth: Numbers, altruism: Numbers
) -> Decision:
    """Effort on one of the subjects of ``agents.templates.EFFORTS``.

    Args:
        p: physicians who reconsider.
        paid: perceived pay of what a full effort moves (EUR a case), ``(physicians,)``.
        q: parameters of those who decide.
        u: uniforms, ``(physicians, 1 + efforts)``, the first for staying.
        which: the subject.
        minutes: own minutes of a full effort, a case (those of a year over its cases), ``(physicians,)``.
        worth: ``agents.deciding.visits.minute_value`` (EUR), ``(physicians,)``.
        altruism: weight on the patient's benefit, ``(physicians,)``.

    Returns:
        Effort from 0 to 1, and the terms.
    """
    options = options_from(p["effort"][:, which], q["practice_effort_choices"])
    benefit = altruism * q["practice_effort_benefit"][which]
    parts = effort_parts(options, paid=paid, benefit=benefit, minutes=minutes, worth=worth, q=q)
    return choose(options, parts, u, q)

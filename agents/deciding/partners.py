"""What working together changes in a pair: knowledge, trust, validation calls, experience, and one bad day (D2)."""

import numpy as np
from numpy.typing import NDArray

from agents.deciding.collective import minutes_held
from agents.deciding.decision import Numbers
from agents.declarations import Row
from agents.tasks import K11

QUARTERS = 4
MONTHS = 12


def validation_after(
    validation: Numbers, events: Numbers, task: NDArray[np.int64], ease: Numbers, start: Numbers, q: Row
) -> Numbers:
    """Share of events with a validation call after a quarter's events: it falls with trust, and a part remains.

    Args:
        validation: before, one a pair of a dyad and a task.
        events: handed over this quarter.
        task: of each pair.
        ease: trust of the two, times the nurse's independence of physicians.
        start: validation rate of the catalogue, ``(tasks,)``.
        q: parameters of those who decide.
    """
    rest = q["delegation_validation_floor_share"] * start[task]
    after = rest + (validation - rest) * np.exp(-q["delegation_validation_decay"] * events * ease)
    return np.where(task == K11, np.maximum(after, q["delegation_validation_anticoagulant"]), after)


def attends(collective_minutes: Numbers, meetings_year: Numbers, q: Row) -> Numbers:
    """Share of the team's meetings that a person's collective minutes a week suffice for, 0 to 1."""
    needed = minutes_held(meetings_year, q)
    return np.clip(np.divide(collective_minutes, needed, out=np.zeros(len(needed)), where=needed > 0), 0, 1)


def encounters_month(availability: Numbers, usual: Numbers, meetings_year: Numbers, both: Numbers, q: Row) -> Numbers:
    """Encounters a month of each pair: under one roof, and at meetings that both attend.

    Args:
        availability: 1 under one roof, ``(dyads,)``.
        usual: informal encounters of the team, relative to the usual.
        meetings_year: of the team.
        both: share of the meetings that both attend.
        q: parameters of those who decide.
    """
    informal = q["delegation_encounters_month"] * usual * availability
    return informal + q["delegation_meeting_counts"] * both * meetings_year / MONTHS


def knowledge_after(knowledge: Numbers, encounters: Numbers, q: Row) -> Numbers:
    """What the physician knows of the nurse after a quarter, ``(dyads,)``."""
    gained = q["delegation_knowledge_encounter"] * encounters * (1 - knowledge)
    return np.clip(knowledge + gained - q["delegation_knowledge_decay"] * knowledge, 0, 1)


def experience_after(experience: Numbers, events: Numbers, q: Row) -> Numbers:
    """Experience of the pair after a quarter's events, one a pair of a dyad and a task."""
    return 1 - (1 - experience) * np.exp(-events / q["delegation_experience_events"])


def clash(physician_leads: NDArray[np.generic], nurse_leads: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Whether both of a pair lead the patient's course, or neither."""
    return (physician_leads != 0) == (nurse_leads != 0)


def trust_after(trust: Numbers, clashes: NDArray[np.bool_], q: Row) -> Numbers:
    """Trust of the pair after a quarter, ``(dyads,)``."""
    return np.clip(trust - q["delegation_trust_clash"] * clashes, 0, 1)


def meaning_after(meaning: Numbers, handed: Numbers, q: Row) -> Numbers:
    """Meaning of the job after a quarter: relational tasks handed over take some of it.

    Args:
        meaning: before, ``(physicians,)``.
        handed: share of each task that the physician hands over, ``(physicians, tasks)``.
        q: parameters of those who decide.
    """
    relational = np.asarray(q["delegation_relational"])
    share = handed @ relational / max(relational.sum(), 1)
    return np.clip(meaning - q["delegation_relational_meaning"] * share, 0, 1)


def liability_after(shock: Numbers, q: Row) -> Numbers:
    """Fear of liability left of earlier adverse events after a quarter, ``(physicians,)``."""
    return shock * np.exp2(-1 / (QUARTERS * q["delegation_adverse_half_life"]))


def adverse(events: Numbers, u: Numbers, q: Row) -> NDArray[np.bool_]:
    """Whether an adverse event has happened among the events of each pair of a dyad and a task."""
    return u < 1 - (1 - q["delegation_adverse_rate"]) ** events

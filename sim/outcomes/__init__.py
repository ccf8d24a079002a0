"""Outcomes: the numbers that studies and patterns read from a model, each declared once (design 4).

An outcome is a function of a model and of a year that it has closed. Importing this package declares the standard ones.
"""

from sim.outcomes import access, change, groups, habits, hospital, payment, spending, work
from sim.outcomes.declaration import OUTCOMES, Outcome, find_outcome, forget, outcome

__all__ = [
    "OUTCOMES",
    "Outcome",
    "access",
    "change",
    "find_outcome",
    "forget",
    "groups",
    "habits",
    "hospital",
    "outcome",
    "payment",
    "spending",
    "work",
]

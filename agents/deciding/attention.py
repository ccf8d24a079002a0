"""What a physician notices, and which habit she or he reconsiders: one lever a quarter at most (behaviour D, F4)."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.deciding.decision import Decision, Numbers
from agents.deciding.incentives import WEEKS, template_of
from agents.declarations import Row, Table
from agents.quotes import Quotes
from agents.templates import (
    COLLECTIVE_HOUR,
    DIABETES_TEST,
    EURO_SAVED,
    FOLLOW_UP,
    HANDOVER,
    N_TEMPLATES,
    PHONE_CONTACT,
    PRESCRIBING,
    PREVENTION_ACT,
    REGISTRATION,
    VISIT,
)

LEVERS: Final[Mapping[str, tuple[int, ...]]] = {
    "delegation": (HANDOVER,),
    "renewal": (VISIT,),
    "slots": (VISIT,),
    "phone": (PHONE_CONTACT, VISIT),
    "list": (REGISTRATION,),
    "collective": (COLLECTIVE_HOUR,),
    "effort": (PREVENTION_ACT, FOLLOW_UP, DIABETES_TEST, PRESCRIBING, EURO_SAVED),
}
"""What is reconsidered by the quarter, and of which actions the pay, or a message, is about it. Half-days are
reconsidered by the year."""
LEVER_NAMES: Final = tuple(LEVERS)
N_LEVERS: Final = len(LEVER_NAMES)
NO_LEVER: Final = -1


def noticed(quotes: Quotes, p: Table, volumes: Numbers, covered: Numbers, q: Row) -> NDArray[np.bool_]:
    """Settled lines large enough to be seen, ``(physicians, templates)``.

    A line is what a template brings in a year at the usual volume. One that is small against the own income, or that
    bears on few of the own patients, stays unknown however often it is told.

    Args:
        quotes: what each action changes in the own income.
        p: physicians.
        volumes: usual units a year by template, ``(physicians, templates)``; hand-overs all together.
        covered: part of the own patients that the line bears on, ``(physicians, templates)``.
        q: parameters of behaviour.
    """
    worth, count = np.zeros((len(p), N_TEMPLATES)), np.zeros(N_TEMPLATES)
    for action, quote in quotes.items():
        worth[:, template_of(action)] += np.abs(quote.settled)
        count[template_of(action)] += 1
    line = worth / np.maximum(count, 1) * volumes
    large = line >= q["attention_income_share"] * np.maximum(p["income"], 0)[:, None]
    return np.logical_and(large, covered >= q["attention_patients_share"])


def by_lever[Values: (Numbers, NDArray[np.bool_])](values: Values) -> Values:
    """The largest value of the templates that concern each lever, ``(agents, templates)`` to ``(agents, levers)``."""
    return np.stack([values[:, list(templates)].max(axis=1) for templates in LEVERS.values()], axis=1)


def pay_changed(p: Table, week: int) -> NDArray[np.bool_]:
    """Levers of whose actions the direct pay changed in the last year, ``(physicians, levers)``."""
    recent = np.logical_and(p["pay_changed_week"] >= 0, week - p["pay_changed_week"] < WEEKS)
    return by_lever(recent)


def chance_to_reconsider(p: Table, strength: Numbers, changed: NDArray[np.bool_], q: Row) -> Numbers:
    """Chance that a lever is reconsidered this quarter, ``(physicians, levers)``.

    Args:
        p: physicians.
        strength: of the messages that arrived, 0 to 1, ``(physicians, templates)``.
        changed: levers whose direct pay changed in the last year, ``(physicians, levers)``.
        q: parameters of behaviour.
    """
    overloaded = (p["overload"] > 1)[:, None]
    chance = (
        q["attention_base"]
        + q["attention_message"] * by_lever(strength)
        + q["attention_overload"] * overloaded
        + q["attention_pay"] * changed
    )
    return np.minimum(chance, 1)


def lever_chosen(chance: Numbers, u: Numbers) -> Decision:
    """The lever that each physician reconsiders.

    Each lever wakes by its own draw; of those that wake, the one that did by the widest margin is taken, so that a
    lever more likely to wake is also more likely to win.

    Args:
        chance: that a lever wakes, ``(physicians, levers)``.
        u: uniforms, ``(physicians, levers)``.

    Returns:
        Place of the lever in :data:`LEVER_NAMES`, -1 for none.
    """
    wakes = u < chance
    margin = np.where(wakes, u / np.where(wakes, chance, 1), np.inf)
    best = margin.argmin(axis=1)
    value = np.where(wakes.any(axis=1), best, NO_LEVER)
    return Decision(value, {"chance": chance[np.arange(len(chance)), best]})

"""What a professional makes of the money that an action brings (behaviour 0).

Money passes six filters before it can move anybody: how rich one already is, whether the money comes at once, what is
known of the money that does not, how colleagues fare, whether effort moves it at all, and whether it reads as good care.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.deciding.decision import Incentives, Numbers
from agents.declarations import Row, Table
from agents.quotes import Quote, Quotes
from agents.templates import HANDOVER, N_TEMPLATES, TEMPLATES

WEEKS: Final = 52
NEUTRAL: Final = 0.5
"""Readability of a message that says nothing on patients: the logistic of 0."""


def template_of(action: str) -> int:
    """Place of a quoted action among the templates; every hand-over of a task is one."""
    return TEMPLATES.index(action) if action in TEMPLATES else HANDOVER


def readability(q: Row) -> Numbers:
    """How far the message on each template reads as good care, 0 to 1, ``(templates,)``."""
    return 1 / (1 + np.exp(-np.asarray(q["incentives_benefit"]) / q["incentives_reading"]))


def mocked(q: Row) -> NDArray[np.bool_]:
    """Templates whose messages are mocked, ``(templates,)``."""
    return readability(q) < q["incentives_mocked_below"]


def norm_gate(q: Row) -> Numbers:
    """What the professional norm leaves of a settled incentive, by template ``(templates,)``: 1 for a neutral one."""
    r = readability(q)
    open_gate = np.where(r < NEUTRAL, r / NEUTRAL, 1 + q["incentives_approval"] * (r - NEUTRAL))
    return np.where(mocked(q), q["incentives_mocked_weight"], open_gate)


def worth_of_euro(p: Table, q: Row) -> Numbers:
    """Marginal value of a euro, ``(physicians,)``: less than 1 for who earns more than usual.

    Incomes that are not positive say nothing, and leave it at 1.
    """
    income, habit = p["income"].astype(np.float64), p["income_habit"].astype(np.float64)
    known = np.logical_and(income > 0, habit > 0)
    ratio = np.divide(habit, income, out=np.ones(len(p)), where=known)
    least, most = q["incentives_worth_of_euro"]
    bounded: Numbers = np.clip(ratio ** q["incentives_income_effect"], least, most)
    return bounded


def perceived(
    quotes: Quotes, p: Table, cohesion: Numbers, q: Row, week: int, *,
    seen: NDArray[np.bool_] | None = None, misreading: Numbers | None = None,
) -> Incentives:  # fmt: skip
    """Perceived incentive of every action, for physicians (Phat).

    Args:
        quotes: what each action changes in the own income.
        p: physicians, one row for each agent of the quotes.
        cohesion: of each one's team, 0 to 1, ``(physicians,)``.
        q: parameters of behaviour.
        week: of the run.
        seen: settled lines large enough to be seen, ``(physicians, templates)``; all by default.
        misreading: what the rule is believed to pay over what it pays, ``(physicians,)`` or
            ``(physicians, templates)``; 1 by default.

    Returns:
        EUR per unit by action, ``(physicians,)``.
    """
    knows = p["kappa"].astype(np.float64)
    if seen is not None:
        knows = np.where(seen, knows, 0)
    believed = _by_template(misreading, len(p))
    worth, gate, lost = worth_of_euro(p, q), norm_gate(q), phantom_left(p, q, week)
    every, of = _together(quotes, len(p)), [template_of(action) for action in quotes]
    kappa = _known(knows.T[of], every, q)
    settled = gate[of][:, None] * kappa * believed.T[of] * _expected(every, cohesion, q)
    found = worth * (every.direct + settled + (1 - kappa) * np.maximum(lost.T[of], 0))
    return dict(zip(quotes, found, strict=True))


def perceived_by_nurses(quotes: Quotes, cohesion: Numbers, q: Row) -> Incentives:
    """Perceived incentive of every action, for nurses, whose knowledge and usual income are not followed one by one.

    Args:
        quotes: what each action changes in the own income.
        cohesion: of each one's team, 0 to 1, ``(nurses,)``.
        q: parameters of behaviour.

    Returns:
        EUR per unit by action, ``(nurses,)``.
    """
    gate, of = norm_gate(q), [template_of(action) for action in quotes]
    every = _together(quotes, len(cohesion))
    kappa = _known(np.full(every.direct.shape, float(q["incentives_nurse_knowledge"])), every, q)
    found = every.direct + gate[of][:, None] * kappa * _expected(every, cohesion, q)
    return dict(zip(quotes, found, strict=True))


def _together(quotes: Quotes, agents: int) -> Quote:
    """Quotes of all actions as one, ``(actions, agents)`` each: many small sums take longer than a large one."""
    columns = zip(*quotes.values(), strict=True) if quotes else [()] * len(Quote._fields)
    return Quote(*(np.array(column, dtype=np.float64).reshape(len(quotes), agents) for column in columns))


def _known(kappa: Numbers, quote: Quote, q: Row) -> Numbers:
    """Knowledge of settled money: what the team shares out at once is seen by all its members.

    Who has not seen a line (knowledge 0) does not see it by that road either.
    """
    at_once = np.logical_and(quote.lag_years <= q["incentives_weekly_lag"], kappa > 0)
    told = np.where(at_once, np.maximum(kappa, q["incentives_weekly_split"]), kappa)
    return np.maximum(told, q["incentives_least_knowledge"])


def _expected(quote: Quote, cohesion: Numbers, q: Row) -> Numbers:
    """Settled money, own and colleagues', discounted for its lag and its chance."""
    chance = 1 - q["incentives_lottery"] * (1 - quote.chance)
    shared = quote.settled + q["incentives_colleagues"] * cohesion * (quote.team - quote.settled)
    return chance * q["incentives_patience"] ** quote.lag_years * shared


def _by_template(values: Numbers | None, agents: int) -> Numbers:
    if values is None:
        return np.ones((agents, N_TEMPLATES))
    return np.broadcast_to(values if values.ndim > 1 else values[:, None], (agents, N_TEMPLATES))


def phantom_left(p: Table, q: Row, week: int) -> Numbers:
    """What still weighs of the direct pay lost at the last change of each, ``(physicians, templates)``.

    Pay that was gained stands there too, below 0, and weighs nothing.
    """
    changed = p["pay_changed_week"]
    years = np.where(changed < 0, 0, week - changed) / WEEKS
    fading = q["incentives_phantom"] * np.exp2(-years / q["incentives_phantom_half_life"])
    left: Numbers = np.where(changed < 0, 0, fading) * p["phantom_pay"].astype(np.float64)
    return left


class PayNoted(NamedTuple):
    """What physicians remember of their direct pay: new values of columns.

    Attributes:
        direct_pay: of one unit of each action as last seen (EUR), ``(physicians, templates)``.
        phantom_pay: lost at the last change, below 0 where it was gained (EUR), ``(physicians, templates)``.
        pay_changed_week: week of the last change of each, -1 for none, ``(physicians, templates)``.
    """

    direct_pay: Numbers
    phantom_pay: Numbers
    pay_changed_week: NDArray[Any]


def direct_by_template(quotes: Quotes, agents: int) -> Numbers:
    """Direct pay of one unit of each template (EUR), ``(agents, templates)``: hand-overs by their mean."""
    total, count = np.zeros((agents, N_TEMPLATES)), np.zeros(N_TEMPLATES)
    for action, quote in quotes.items():
        total[:, template_of(action)] += quote.direct
        count[template_of(action)] += 1
    return total / np.maximum(count, 1)


def noted(quotes: Quotes, p: Table, q: Row, week: int, first: NDArray[np.bool_] | bool = False) -> PayNoted:
    """What physicians notice of their direct pay: a change of more than a tenth, and what it took from them.

    Small changes are not noticed one by one, but add up until they are: what was last seen stays until then. Each
    action keeps the week of its own last change: a new one makes no news of an older one.

    Args:
        quotes: what each action changes in the own income now.
        p: physicians.
        q: parameters of behaviour.
        week: of the run.
        first: physicians who see their pay for the first time, ``(physicians,)`` or one for all: no change to notice.
    """
    now, before = direct_by_template(quotes, len(p)), p["direct_pay"].astype(np.float64)
    size = np.maximum(q["incentives_change_euros"], q["incentives_change_share"] * np.abs(before))
    new = np.broadcast_to(np.asarray(first), len(p))
    changed = np.logical_and(np.abs(now - before) > size, ~new[:, None])
    return PayNoted(
        np.where(np.logical_or(changed, new[:, None]), now, before),
        np.where(new[:, None], 0, np.where(changed, before - now, p["phantom_pay"])),
        np.where(new[:, None], -1, np.where(changed, week, p["pay_changed_week"])),
    )


def usual_income(p: Table, income: Numbers, q: Row, first: NDArray[np.bool_] | bool = False) -> Numbers:
    """Mean income of the last years, once another has passed (EUR/year), ``(physicians,)``.

    Args:
        p: physicians.
        income: own income of the year that has passed (EUR/year), ``(physicians,)``.
        q: parameters of behaviour.
        first: physicians whose first year it is: it is all they are used to.
    """
    habit = p["income_habit"].astype(np.float64)
    return np.where(first, income, habit + (income - habit) / q["incentives_habit_years"])


def misread_rule(u: Numbers, how: Numbers, q: Row) -> Numbers:
    """What a rule is believed to pay over what it pays, ``(agents, ...)``: 1 for most, a factor for who misreads it.

    Args:
        u: uniforms that decide who misreads, one for each new belief.
        how: uniforms that decide how far, of the same shape.
        q: parameters of behaviour.
    """
    least, most = q["incentives_misread_factor"]
    return np.where(u < q["incentives_misread"], least * (most / least) ** how, 1)

"""Agency utility: income and the patient's benefit in one balance, and the choice it leads to (behaviour D1).

The utility of a quantity has five parts, which stay apart until the choice is made, so that the diary can say which of
them decided it. Options are columns: everything here takes arrays ``(agents, options)``.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.deciding.decision import Decision, Numbers
from agents.declarations import Row

type Parts = Mapping[str, Numbers]
"""Utility of each option by part (money, work, benefit, overload, change), ``(agents, options)`` each."""

TIE: Final = 1e-9
"""Utilities that differ by less are equal: rounding must not break a tie."""
SAME: Final = 1e-6
"""Options that differ by less are one: the present value comes from a column of short floats."""


class Options(NamedTuple):
    """What agents choose among; the first column is to stay as they are.

    Attributes:
        values: ``(agents, 1 + choices)``.
        moves: whether an option differs from the present, same shape.
        is_open: False for the choice that is the present value over again, same shape.
    """

    values: Numbers
    moves: NDArray[np.bool_]
    is_open: NDArray[np.bool_]


def options_from(now: ArrayLike, choices: ArrayLike) -> Options:
    """The present value, then every choice; who stands outside the choices may stay there.

    Args:
        now: present value, ``(agents,)``.
        choices: ``(choices,)``, the same for all.
    """
    present = np.asarray(now, dtype=np.float64)[:, None]
    others = np.broadcast_to(np.asarray(choices, dtype=np.float64), (len(present), np.size(choices)))
    moves = np.concatenate([np.zeros(present.shape, dtype=bool), np.abs(others - present) > SAME], axis=1)
    is_open = moves.copy()
    is_open[:, 0] = True
    return Options(np.concatenate([present, others], axis=1), moves, is_open)


def one_step(options: Options) -> Options:
    """The same options, of which only the present and the next choice on either side are open."""
    values, present = options.values, options.values[:, :1]
    below = np.where(options.moves & (values < present), values, -np.inf).max(axis=1, keepdims=True)
    above = np.where(options.moves & (values > present), values, np.inf).min(axis=1, keepdims=True)
    return options._replace(is_open=options.is_open & (~options.moves | (values == below) | (values == above)))


def altruism(alpha: ArrayLike, settled_share: ArrayLike, q: Row) -> Numbers:
    """Weight on the patient's benefit once individual settled money has crowded part of it out (behaviour 0).

    Args:
        alpha: altruism of each physician.
        settled_share: own settled individual money over own income, 0 or more.
        q: parameters of those who decide.
    """
    share = np.maximum(np.asarray(settled_share, dtype=np.float64), 0.0)
    crowded = q["utility_crowding_out"] * share / (share + q["utility_crowding_out_share"])
    return q["utility_altruism"] * np.asarray(alpha, dtype=np.float64) * (1.0 - crowded)


def quantity_parts(
    quantities: Numbers,
    revenue: Numbers,
    best: Numbers,
    altruism: Numbers,
    overload: Numbers,
    q: Row,
    moves: NDArray[np.bool_] | None = None,
) -> Parts:
    """Utility of each quantity of service to a patient class, ``Phat*q/eps - q^2/10 + alpha*B(q) - 0.1*O*q - 0.5*[moved]``.

    Args:
        quantities: services a patient and year, ``(agents, options)``.
        revenue: perceived income of each option (EUR a patient and year), same shape; ``Phat * q`` where it has no kink.
        best: quantity that the physician takes for the patient's best, ``(agents,)``.
        altruism: weight on the patient's benefit, ``(agents,)``; see :func:`altruism`.
        overload: ``(agents,)``.
        q: parameters of those who decide.
        moves: where an option differs from the present, ``(agents, options)``; None when there is no present.
    """
    return {
        "money": revenue / q["incentives_eps"],
        "work": -q["utility_work"] * quantities**2,
        "benefit": -altruism[:, None] * np.abs(quantities - best[:, None]),
        "overload": -q["utility_overload"] * overload[:, None] * quantities,
        "change": -q["utility_inertia"] * (np.zeros(quantities.shape) if moves is None else moves.astype(np.float64)),
    }


def total(parts: Parts) -> Numbers:
    """Utility of each option, ``(agents, options)``."""
    return np.sum(np.stack(list(parts.values())), axis=0)


def choice_probabilities(utility: Numbers, q: Row) -> Numbers:
    """Logit probability of each option, ``exp(lambda * U) / sum``; an option at minus infinity is never chosen."""
    weights = np.exp(q["utility_precision"] * (utility - utility.max(axis=1, keepdims=True)))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float64)


def logit_choice(utility: Numbers, u: Numbers, q: Row) -> NDArray[np.intp]:
    """Draw an option with its logit probability: each has a draw of its own, so a new option moves people only to it.

    Args:
        utility: ``(agents, options)``.
        u: uniforms, one an option, same shape.
        q: parameters of those who decide.

    Returns:
        Column of the option, ``(agents,)``.
    """
    inside = np.clip(u, np.finfo(np.float64).tiny, 1.0 - np.finfo(np.float64).epsneg)
    return np.argmax(q["utility_precision"] * utility - np.log(-np.log(inside)), axis=1)


def best_reply(values: Numbers, utility: Numbers) -> NDArray[np.intp]:
    """Column of the option with the highest utility, the smaller value of two that tie, ``(agents,)``."""
    tied = utility >= utility.max(axis=1, keepdims=True) - TIE
    return np.argmin(np.where(tied, values, np.inf), axis=1)


def choose(options: Options, parts: Parts, u: Numbers, q: Row) -> Decision:
    """Choose by logit among the options.

    Args:
        options: ``(agents, options)``.
        parts: their utility, by part.
        u: uniforms, one an option, ``(agents, options)``.
        q: parameters of those who decide.

    Returns:
        The value chosen, and by how much each part of its utility exceeds that of staying.
    """
    return _decided(options, parts, logit_choice(open_utility(options, parts), u, q))


def choose_best(options: Options, parts: Parts) -> Decision:
    """Choose the best of the options, as :func:`choose` says."""
    return _decided(options, parts, best_reply(options.values, open_utility(options, parts)))


def open_utility(options: Options, parts: Parts) -> Numbers:
    """Utility of each option, minus infinity where it is not open, ``(agents, options)``."""
    return np.where(options.is_open, total(parts), -np.inf)


def _decided(options: Options, parts: Parts, chosen: NDArray[np.intp]) -> Decision:
    rows = np.arange(len(chosen))
    terms = {name: part[rows, chosen] - part[rows, 0] for name, part in parts.items()}
    return Decision(options.values[rows, chosen], terms)


def logistic(z: ArrayLike) -> Numbers:
    """``1 / (1 + exp(-z))``, whatever the size of ``z``."""
    half = 0.5 * np.tanh(0.5 * np.asarray(z, dtype=np.float64))
    return np.asarray(0.5 + half, dtype=np.float64)

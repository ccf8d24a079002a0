"""What a payment is made of: parts of causes with their intervals, and how often luck is taken for merit.

    found = attributed(draws, causes, power=[...], places=[...], other_norms=[...])
    found.parts          # one row a cause, the common part and the whole payment
    found.rates          # how often the rule pays for nothing, or does not pay a response

It reads what a rule pays under every coalition of causes (``scenarios/attribution`` settles them) and knows no rule.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binomtest

from results.intervals import LEVEL, p_value, t_quantile
from results.shapley import shapley

type Numbers = NDArray[np.float64]

COMMON, LUCK, PAYMENT = "common", "luck", "payment"
"""What any team of the same size is paid, what chance brings, and all that is paid."""
LEAST_BONUS: Final = 1.0
"""EUR above what any team of its size is paid, from which a team is said to be paid a bonus."""


@dataclass(frozen=True)
class Draws:
    """What a rule pays a team in one world.

    Attributes:
        worth: pay a year by coalition of causes and redraw of chance, ``(2**causes, redraws)`` (EUR).
        guaranteed: what an average team is paid a year without response and without luck (EUR).
        without: both without a group of redraws, group by group, all means taken anew.
        seeds: seeds of the redraws.
        listed: registered patients, mean.
        all_rules, all_rules_twin: what all rules paid the team and its members, with the rule and without it,
            ``(redraws,)``.
        saved: what the insurer spent less on the list than in the twin, ``(redraws,)`` (EUR a year).
    """

    worth: Numbers
    guaranteed: float
    without: Sequence[tuple[Numbers, float]]
    seeds: Sequence[int]
    listed: float
    all_rules: Numbers
    all_rules_twin: Numbers
    saved: Numbers


@dataclass(frozen=True)
class Attribution:
    """What comes out.

    Attributes:
        parts: one row a cause: mean, interval, the same a patient, share of the payment; ``even``: its mean where the
            response is one cause among others.
        rates: how often a bonus is paid, with and without response, with intervals.
        power: chance of a bonus by size of the list and planted response.
        places: what teams and places would be paid if nobody responded.
        other_norms: what the rule would pay under other norms.
        context: what goes with it: pay of all rules, spending, patients.
        draws: pay with and without response of each redraw.
    """

    parts: pd.DataFrame
    rates: pd.DataFrame
    power: pd.DataFrame
    places: pd.DataFrame
    other_norms: pd.DataFrame
    context: Mapping[str, float]
    draws: pd.DataFrame


def parts_of(worth: Numbers, guaranteed: float, *, even: bool = False) -> Numbers:
    """Mean parts of a payment: the common part, one a cause, luck, and the payment: ``(causes + 3,)``.

    What the response earned is what is paid above the pay of the same team, under the same luck, if nobody responded.
    That pay is divided among the other causes by their Shapley values, on average over all luck. Luck is what an
    average team is paid above what it would be paid without any: a rule that rewards good luck and does not punish bad
    luck pays for chance.

    Args:
        worth: pay by coalition and redraw, ``(2**causes, redraws)``; the lowest bit is the response.
        guaranteed: what an average team is paid without response and without luck.
        even: give the response a Shapley value too, as one cause among others.
    """
    mean = worth.mean(axis=1)
    causes = shapley(mean) if even else [mean[-1] - mean[-2], *shapley(mean[::2])]
    return np.array([guaranteed, *causes, float(mean[0]) - guaranteed, float(mean[-1])])


def attributed(
    draws: Sequence[Draws], causes: Sequence[str], *, power: Sequence[Mapping[str, Any]] = (),
    places: Sequence[Mapping[str, Any]] = (), other_norms: Sequence[Mapping[str, Any]] = (), level: float = LEVEL,
) -> Attribution:  # fmt: skip
    """Sum up what a rule pays under every coalition of causes.

    Args:
        draws: one a world.
        causes: names, in the order of the bits of a coalition; the first one is the response.
        power: rows of the power curve.
        places: rows of the map.
        other_norms: rows of what other norms would pay.
        level: coverage of the intervals.
    """
    estimates, errors, degrees = estimated(draws)
    names = [COMMON, *causes, LUCK, PAYMENT]
    listed = float(np.mean([one.listed for one in draws]))
    half = np.array([t_quantile(degrees, level) * error for error in errors]) if degrees > 0 else errors * math.nan
    parts = pd.DataFrame({"part": names, "mean": estimates, "low": estimates - half, "high": estimates + half,
                          "standard_error": errors, "degrees": degrees})  # fmt: skip
    parts["p"] = [p_value(m, e, degrees) for m, e in zip(estimates, errors, strict=True)]
    parts["even"] = np.mean([parts_of(one.worth, one.guaranteed, even=True) for one in draws], axis=0)
    parts["share"] = parts["mean"] / estimates[-1] if estimates[-1] else math.nan
    for column in ("mean", "low", "high"):
        parts[f"{column}_per_patient"] = parts[column] / listed if listed else math.nan
    rates = pd.DataFrame([{"response": said} | rate for said, rate in _rates(draws, level).items()])
    return Attribution(
        parts, rates, pd.DataFrame(power), pd.DataFrame(places), pd.DataFrame(other_norms), _context(draws, listed),
        _drawn(draws),
    )  # fmt: skip


def estimated(draws: Sequence[Draws]) -> tuple[Numbers, Numbers, float]:
    """Parts, their standard errors, and degrees of freedom.

    Of one world: the jackknife over groups of redraws, since what luck is measured from is itself a mean over them
    (Tukey 1958). Of several worlds: the spread from one to the next, which holds that of redraws too.

    Args:
        draws: one a world.

    Returns:
        The first two in the order of the parts, ``(causes + 3,)`` each.
    """
    found = np.array([parts_of(one.worth, one.guaranteed) for one in draws])
    mean = found.mean(axis=0)
    if len(draws) > 1:
        return mean, found.std(axis=0, ddof=1) / math.sqrt(len(draws)), float(len(draws) - 1)
    again = np.array([parts_of(*one) for one in draws[0].without])
    groups = len(again)
    if groups < 2:  # noqa: PLR2004 - one group says nothing of a spread
        return mean, np.full(len(mean), math.nan), 0.0
    spread = (groups - 1) / groups * ((again - again.mean(axis=0)) ** 2).sum(axis=0)
    return mean, np.sqrt(spread), float(groups - 1)


def rate_of(pay: Numbers, common: float | Numbers, level: float = LEVEL) -> dict[str, float]:
    """How often a bonus is paid: more than any team of that size is paid, by a euro or more; Wilson's interval.

    Args:
        pay: what was paid, one a draw (EUR).
        common: what any team of that size is paid.
        level: coverage of the interval.
    """
    paid, draws = int((np.asarray(pay) >= np.asarray(common) + LEAST_BONUS).sum()), len(pay)
    interval = binomtest(paid, draws).proportion_ci(level, method="wilson")
    return {"draws": draws, "paid": paid / draws, "paid_low": float(interval.low), "paid_high": float(interval.high)}


def _rates(draws: Sequence[Draws], level: float) -> dict[str, dict[str, float]]:
    """Rates of a bonus, over all redraws of all worlds: with response, and without (the first bit taken out)."""
    common = np.concatenate([np.full(len(one.seeds), one.guaranteed) for one in draws])
    found = {}
    for said, place in (("with", -1), ("without", -2)):
        pay = np.concatenate([one.worth[place] for one in draws])
        low, high = np.quantile(pay, [0.05, 0.95])
        found[said] = {"mean": float(pay.mean()), "sd": float(pay.std(ddof=1)) if len(pay) > 1 else math.nan,
                       "p5": float(low), "p95": float(high)} | rate_of(pay, common, level)  # fmt: skip
    return found


def _context(draws: Sequence[Draws], listed: float) -> dict[str, float]:
    """Means over worlds and redraws of what goes with the payment."""
    means = {
        name: float(np.concatenate([getattr(one, name) for one in draws]).mean())
        for name in ("all_rules", "all_rules_twin", "saved")
    }
    return {"listed": listed, **means, "redraws": float(sum(len(one.seeds) for one in draws)),
            "worlds": float(len(draws))}  # fmt: skip


def _drawn(draws: Sequence[Draws]) -> pd.DataFrame:
    rows = [
        pd.DataFrame({"world": world, "seed": list(one.seeds), "with_response": one.worth[-1],
                      "without_response": one.worth[-2], "common": one.guaranteed,
                      "luck": one.worth[-1] - one.worth[-1].mean() + one.worth[0].mean() - one.guaranteed})
        for world, one in enumerate(draws, start=1)
    ]  # fmt: skip
    return pd.concat(rows, ignore_index=True)

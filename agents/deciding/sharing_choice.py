"""Which rule shares the money of a team, and the quarrel that each rule leaves (behaviour F3).

Members hold several claims at once: to what they earned before, to equal pay for a day, to what their own list brings,
to the same pay for the same act. How loud a claim is depends on how audible its justification is: gaps between women and
men, and the pay of secretaries, have none and stay silent.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.deciding.decision import Numbers
from agents.declarations import Row

CLAIMS: Final = ("own_income", "equal_per_day", "own_list", "same_act")
"""Claims in the order of their audibility in the parameters."""
OWN_INCOME, EQUAL_PER_DAY, OWN_LIST, SAME_ACT = range(4)

EQUAL, SAME_ACT_RULE, SALARIED, POOLING, INDIVIDUAL = (
    "equal", "same_act_same_pay", "salaried", "fee_pooling", "individual",
)  # fmt: skip
OF_LUMP_SUMS: Final = (EQUAL, "hold_harmless", "fee_proportional", INDIVIDUAL, SAME_ACT_RULE)
"""Rules that a team may choose from to share a lump sum."""
BY_THE_HOUR: Final = ("equal_hourly", "fee_hourly")
"""Rules that pay collective hours: the same for all, or at each one's own fee."""


class Pot(NamedTuple):
    """What is shared, and what members can claim of it, one value a member, ``(members,)``.

    Attributes:
        income: own income today (EUR/year), by which a loss is measured.
        reference: own income of before that the pot has taken the place of (EUR/year).
        days: days worked.
        listed: registered patients, or what they bring.
        acts: own acts, and those done in the place of a colleague of another profession.
        nurse: whether the member is a nurse.
        in_place: whether a nurse does acts in the place of physicians.
    """

    income: Numbers
    reference: Numbers
    days: Numbers
    listed: Numbers
    acts: Numbers
    nurse: NDArray[np.bool_]
    in_place: NDArray[np.bool_]


class Choice(NamedTuple):
    """The rule that a team would adopt.

    Attributes:
        rule: its name.
        quarrel: what it leaves with each member, as a share of the income, ``(members,)``.
        withdrawn: whether the leader gives the project up rather than break the team.
        totals: total quarrel under each rule.
    """

    rule: str
    quarrel: Numbers
    withdrawn: bool
    totals: Mapping[str, float]


def entitlements(pot: Pot, total: float) -> Numbers:
    """What each claim would give each member of a pot (EUR/year), ``(claims, members)``.

    A claim that nothing bears out (no lists, no acts) gives what everybody gets anyway: nothing to quarrel over.
    """
    parts = [_parts(column, total) for column in (pot.days, pot.listed, pot.acts)]
    return np.stack([pot.reference, *parts])


def _parts(column: Numbers, total: float) -> Numbers:
    summed = column.sum()
    return np.asarray(total * column / summed) if summed > 0 else np.zeros(len(column))


def quarrel(pot: Pot, rule: str, given: Numbers, pooled: bool, q: Row) -> Numbers:
    """The quarrel that a rule leaves (Q), as a share of each one's income, ``(members,)``.

    In a team that has pooled its fees, slow and busy colleagues complement each other: only days are counted.

    Args:
        pot: what is shared.
        rule: the rule.
        given: what it gives each of the pot (EUR/year), ``(members,)``.
        pooled: whether the team has a past of pooled fees.
        q: parameters of behaviour.
    """
    loud = np.array(q["team_life_audible"], dtype=np.float64)
    if pooled:
        loud = np.where(np.arange(len(CLAIMS)) == EQUAL_PER_DAY, loud, 0.0)
    claimed = entitlements(pot, float(given.sum()))
    # Nurses hold no reference income, no list and no physician's day: their claim is the same act, the same pay.
    heard = np.where(pot.nurse, np.arange(len(CLAIMS))[:, None] == SAME_ACT, True)
    income = np.maximum(pot.income, q["team_life_least_income"])
    loss = np.maximum(0.0, claimed - given) * loud[:, None] * heard / income
    found = np.where(pot.nurse, 0.0, loss.max(axis=0)) if rule != SAME_ACT_RULE else loss.max(axis=0)
    refused = np.logical_and(pot.in_place, rule != SAME_ACT_RULE and given.any())  # nobody refuses a part of nothing
    return np.asarray(np.where(refused, np.maximum(found, q["team_life_nurses_refused"]), found))


def allowed(salaried: bool, pooled: bool, nurses_in_place: bool) -> tuple[str, ...]:
    """Rules that the history of a team allows for a lump sum.

    Args:
        salaried: whether the members are on a wage.
        pooled: whether the team has a past of pooled fees, which it keeps: equal shares.
        nurses_in_place: whether nurses of the team do acts in the place of physicians.
    """
    if salaried:
        return (SALARIED,)
    if pooled:
        return (EQUAL,)
    return OF_LUMP_SUMS if nurses_in_place else tuple(rule for rule in OF_LUMP_SUMS if rule != SAME_ACT_RULE)


def choose_rule(pot: Pot, offers: Mapping[str, Numbers], pooled: bool, power: float, q: Row) -> Choice:
    """The rule with the least total quarrel; the first of those that leave the same.

    Args:
        pot: what is shared.
        offers: what each member would get of it under each rule that the team's history allows, ``(members,)``.
        pooled: whether the team has a past of pooled fees.
        power: authority of the leader, 0 for none.
        q: parameters of behaviour.
    """
    quarrels = {rule: quarrel(pot, rule, given, pooled, q) for rule, given in offers.items()}
    totals = {rule: float(found.sum()) for rule, found in quarrels.items()}
    rule = min(totals, key=lambda name: totals[name])
    mean = float(quarrels[rule].mean()) if len(quarrels[rule]) else 0.0
    withdrawn = mean > q["team_life_quarrel_most"] and power < q["team_life_authority_least"]
    return Choice(rule, quarrels[rule], bool(withdrawn), totals)


def changes_rule(now: float, best: float, q: Row) -> bool:
    """Whether another rule takes enough of the total quarrel away to be worth a change."""
    return bool(now - best > q["team_life_rule_gain"] * now) and now > 0


def conflict_next(conflict: Numbers, mean_quarrel: Numbers, q: Row) -> Numbers:
    """Conflict after a year, ``(teams,)``: it fades, and each year's quarrel feeds it."""
    fed = q["team_life_conflict_kept"] * conflict + q["team_life_conflict_quarrel"] * mean_quarrel
    return np.asarray(np.clip(fed, 0.0, 1.0))


def first_hourly_rule(u: Numbers, u_objection: Numbers, others_share: Numbers, q: Row) -> NDArray[np.str_]:
    """How collective hours are first paid, ``(teams,)``: one of :data:`BY_THE_HOUR`.

    Args:
        u: uniforms of the first choice.
        u_objection: uniforms of the objection of other professions.
        others_share: share of voters who are no physicians.
        q: parameters of behaviour.
    """
    own_fee = u < q["team_life_fee_hourly"]
    object_to_it = np.logical_and(others_share > q["team_life_majority"], u_objection < q["team_life_objection"])
    return np.where(np.logical_and(own_fee, ~object_to_it), BY_THE_HOUR[1], BY_THE_HOUR[0])

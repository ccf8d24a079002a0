"""What norms hold: means by class of the list, indicators, and the measures behind them."""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Final

import sim.payment.list_spending
import sim.payment.peps_quality  # noqa: F401  both declare measures that norms are means of
from sim.measures import MEASURES, Measure
from sim.payment.formula import formula
from sim.payment.lump_sums import GP_FEES, NURSE_FEES
from sim.payment.quality import INDICATORS, Indicator
from sim.payment.rules import policy_class
from sim.standard_measures.acts import IN_SCOPE, codes
from sim.tariffs import NURSE_CODES

FEES: Final[Mapping[str, Measure]] = {
    name: Measure(name, f"tariff value of in-scope acts of the list, wherever bought: {name}", "EUR", "systems 2.4",
                  of="list", where=(("code", codes(*acts)),), value="cents", divisor=100)
    for name, acts in ((GP_FEES, IN_SCOPE), (NURSE_FEES, NURSE_CODES))
}  # fmt: skip
"""Fees that a lump sum may stand in the place of; counted by class in reference worlds only."""

SPENDING: Final = "spending"
CONTACTS: Final = "gp_contacts"
NAMED: Final[Mapping[str, str]] = {
    CONTACTS: "list_contacts",
    SPENDING: "spend_all",
    "sick_pay": "spend_sick_pay",
    "spending_p99": "spend_all_p99",
    "spending_p95": "spend_all_p95",
}
"""Measures whose mean a registered patient has a name of its own among the norms."""
GROWING: Final = (*FEES, *NAMED)
"""Means that are known year by year."""
RESIDENTS: Final = ("residents", "registered_list", "list_c2s", "ame_residents")
BY_PHYSICIAN: Final = "rosp"
"""Set of the indicators that compare physicians with physicians."""
ADJUSTED: Final = "peps"
"""Set of the indicators that are adjusted for case mix."""
SHARED_SAVINGS: Final = "ipep"
"""The policy that says what the bands of accessibility are."""


@cache
def indicators() -> Mapping[str, Indicator]:
    """Indicators that have deciles and a national value: those from claims that the model knows."""
    return {name: one for name, one in INDICATORS.items() if one.data == "claims" and one.known}


@cache
def indicators_of_physicians() -> Mapping[str, Indicator]:
    """Those that also have deciles over physicians."""
    return {name: one for name, one in indicators().items() if one.set == BY_PHYSICIAN and one.level == "list"}


def measures_of(one: Indicator) -> list[str]:
    """Measures that an indicator is a formula of."""
    texts = [text for text in (one.numerator, one.denominator, *one.days) if text]
    return list(dict.fromkeys(name for text in texts for name in formula(text).names if name in MEASURES))


@cache
def class_means() -> Mapping[str, Measure]:
    """Measures whose mean by class of the list is a norm, by the name of the norm."""
    found = {**FEES, **{name: MEASURES[of] for name, of in NAMED.items()}}
    adjusted = [name for one in indicators().values() if one.set == ADJUSTED for name in measures_of(one)]
    return found | {name: MEASURES[name] for name in dict.fromkeys(adjusted) if name != "registered_list"}


@cache
def totals() -> tuple[str, ...]:
    """Measures that are added up over territories."""
    needed = [name for one in indicators().values() for name in measures_of(one)]
    return tuple(dict.fromkeys([*RESIDENTS, *needed]))


@cache
def apl_edges() -> tuple[float, ...]:
    """Edges of the bands of accessibility that expected spending tells apart (consultations a person and year)."""
    edges = tuple(map(float, policy_class(SHARED_SAVINGS)().terms.of["apl_bands"].entries[-1].value))
    assert all(low < high for low, high in pairwise(edges))
    return edges

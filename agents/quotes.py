"""Quotes: all that a professional can know about money, which is what changes in the own income (behaviour 0)."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

type Numbers = NDArray[np.float64]


class Quote(NamedTuple):
    """Expected change of incomes by one unit of an action, one value an agent, ``(agents,)``.

    Attributes:
        direct: what reaches the own account in the year of the act (EUR).
        settled: what reaches it later, or through an account that somebody else computes or splits (EUR).
        team: the settled money of all members together, the own included (EUR).
        lag_years: years from the act to the settled money.
        chance: how far the own effort can move the settled money, against its noise: 0 for a lottery, 1 for a sum that
            can be computed.
    """

    direct: Numbers
    settled: Numbers
    team: Numbers
    lag_years: Numbers
    chance: Numbers


type Quotes = Mapping[str, Quote]
"""Quotes by action: every template but ``handover``, and the hand-overs that the law allows."""

"""A decision: what is chosen, and the terms that decided it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

type Numbers = NDArray[np.float64]

type Incentives = Mapping[str, Numbers]
"""Perceived change of the own income by one unit of each action (EUR), by name, ``(agents,)``."""


class Decision(NamedTuple):
    """What agents have chosen.

    Attributes:
        value: one choice an agent, ``(agents, ...)``.
        terms: numbers that decided it, by name, ``(agents,)`` each; they go into the diary.
    """

    value: NDArray[Any]
    terms: Mapping[str, Numbers]

"""Physicians who decide, made for tests, and the parameters they decide by."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from agents.declarations import Table, new_table
from agents.physicians import COLUMNS
from sim.parameters import behaviour_record

type Numbers = NDArray[np.float64]


def weights(**changed: Any) -> Any:
    """Parameters of those who decide; ``practice__list_selection=1.0`` changes one, whatever its range."""
    record = behaviour_record()
    for name, value in changed.items():
        record[name.replace("__", "_")] = value
    return record[0]


def physicians(count: int, **columns: ArrayLike) -> Table:
    """Physicians at the defaults of their columns, but for those given."""
    table = new_table(COLUMNS, count)
    for name, values in columns.items():
        table[name] = values
    return table


def altruists(count: int, median: float = 1.2, log_sd: float = 0.6) -> Numbers:
    """Altruism of a population, at the middles of equal parts of it."""
    return np.asarray(median * np.exp(log_sd * ndtri((np.arange(count) + 0.5) / count)))

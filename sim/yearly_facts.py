"""Facts of a year that only single patients know, read when the year is closed: how spending is spread."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

TOP_SHARES: Final[Mapping[str, float]] = {"spending_top_1": 0.01, "spending_top_5": 0.05, "spending_top_10": 0.10}


READ: Final = ("spent", "spent_prev", "age")
"""Columns of the living that the facts are read from."""


def spending_facts(blocks: Sequence[Sequence[NDArray[Any]]]) -> dict[str, float]:
    """Mean, spread, concentration and year-to-year correlation of insurer spending a person (EUR).

    The correlation is that of people who were born before the year began.

    Args:
        blocks: columns :data:`READ` of the living, block by block.
    """
    spent, before, age = map(np.concatenate, zip(*blocks, strict=True)) if blocks else np.zeros((len(READ), 0))
    both = age >= 1
    mean = float(spent.mean()) if len(spent) else 0.0
    facts = {"spending_mean": mean, "spending_cv": float(spent.std() / mean) if mean else float("nan")}
    facts["spending_autocorrelation"] = correlation(spent[both], before[both])
    spent.sort()
    return facts | {name: top_share(spent, share) for name, share in TOP_SHARES.items()}


def correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Correlation of two columns, not a number where one of them does not vary."""
    if len(first) == 0 or not (first.std() and second.std()):
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])


def top_share(amounts: NDArray[np.float64], share: float) -> float:
    """Part of the total that the top ``share`` of people hold; ``amounts`` go up."""
    total = amounts.sum()
    count = round(share * len(amounts))
    return float(amounts[len(amounts) - count :].sum() / total) if total else float("nan")

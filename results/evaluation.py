"""How well evaluations evaluate: bias, error, coverage, false alarms and power of estimates whose truth is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from results.run import RunError

POLICY: Final = "policy"
"""The effect that the policy has in the model."""
NONE: Final = "0"
"""A planted effect of nothing: what is found then is a false alarm."""
KEYS: Final = ("outcome", "size", "design", "until", "effect", "method")
"""What a score is of."""
NO_INTERVAL: Final = 1e-9
"""Truth that counts as none, as a share of the level."""


@dataclass(frozen=True)
class Scores:
    """What came out of an evaluation of evaluations.

    Attributes:
        table: one row an outcome, size, design, last year, effect and method: see :func:`scored`.
        estimates: one row a panel and method.
        teams: teams of a panel.
        policy: the payment rule.
    """

    table: pd.DataFrame
    estimates: pd.DataFrame
    teams: int
    policy: str


class EvaluationError(RunError):
    """An evaluation that cannot be scored or written, in words for its user."""


def scored(estimates: pd.DataFrame, independent: int) -> pd.DataFrame:
    """Scores of every method, as simulation studies report them (Morris, White and Crowther 2019).

    Args:
        estimates: columns :data:`KEYS`, ``estimate, low, high, truth, level, joined``, one row a panel and method.
        independent: panels that share no world. More panels than these reuse worlds, so that the error left by chance
            is at most that of so many independent ones (Hoeffding 1963, on U-statistics); ``*_mcse`` is this bound.

    Returns:
        :data:`KEYS` and

        * ``panels``, ``answered`` (panels with an estimate), ``joined`` (mean number of teams);
        * ``truth``, ``level``: means over panels, in the unit of the outcome;
        * ``bias``, ``bias_mcse``, ``rmse``, ``bias_share`` (of the level), ``rmse_share``;
        * ``coverage``: share of intervals that hold the truth of their panel, ``coverage_mcse``;
        * ``found``, ``found_mcse``: share of intervals without 0. It is the rate of false alarms where nothing is true,
          and the power where something is;
        * ``wrong_sign``: share of intervals without 0 on the wrong side of it, where something is true.
    """
    rows = [_score(dict(zip(KEYS, key, strict=True)), rows, independent)
            for key, rows in estimates.groupby(list(KEYS), sort=False)]  # fmt: skip
    return pd.DataFrame(rows)


def _score(key: dict[str, Any], rows: pd.DataFrame, independent: int) -> dict[str, Any]:
    known = rows[rows["truth"].notna()]
    told = known[known["estimate"].notna()]
    spread = told[told["low"].notna()]
    error = (told["estimate"] - told["truth"]).to_numpy(dtype=float)
    level = _mean(known["level"].to_numpy(dtype=float))
    above, below = spread["low"] > 0, spread["high"] < 0
    held = ((spread["low"] <= spread["truth"]) & (spread["truth"] <= spread["high"])).to_numpy(dtype=float)
    found = (above | below).to_numpy(dtype=float)
    some = spread["truth"].abs() > NO_INTERVAL * spread["level"].abs()
    wrong = (some & ((above & (spread["truth"] < 0)) | (below & (spread["truth"] > 0)))).to_numpy(dtype=float)
    bias, rmse = _mean(error), float(np.sqrt(_mean(error**2)))
    return key | {
        "panels": len(rows), "answered": len(told), "joined": float(rows["joined"].mean()),
        "truth": _mean(known["truth"].to_numpy(dtype=float)), "level": level,
        "bias": bias, "bias_mcse": _error(error, independent), "rmse": rmse,
        "bias_share": bias / level if level else float("nan"), "rmse_share": rmse / level if level else float("nan"),
        "coverage": _mean(held), "coverage_mcse": _error(held, independent),
        "found": _mean(found), "found_mcse": _error(found, independent),
        "wrong_sign": _mean(wrong) if some.any() else float("nan"),
    }  # fmt: skip


def _mean(values: Any) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def _error(values: Any, independent: int) -> float:
    """Bound of the standard error of a mean over panels, of which so many share no world."""
    many = min(len(values), independent)
    return float(np.std(values, ddof=1) / np.sqrt(many)) if len(values) > 1 and many else float("nan")


def of(table: pd.DataFrame, **wanted: Any) -> pd.DataFrame:
    """The scores of some keys."""
    kept = np.ones(len(table), dtype=bool)
    for name, value in wanted.items():
        kept &= (table[name] == value).to_numpy()
    return table[kept]


def levels_of(table: pd.DataFrame, key: str) -> Sequence[Any]:
    """Values of a key, in their order."""
    return list(dict.fromkeys(table[key]))

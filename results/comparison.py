"""Comparing arms on the tidy table of a study: paired differences, their intervals, and what more runs would bring.

    from results.comparison import compared

    found = compared(pd.read_parquet("runs.parquet"), ["spending_mean"], baseline="now")
    found.differences          # one row an outcome and arm
    found.levels               # one row an outcome and arm, the baseline too

The table has one row a territory, arm, vector of parameters, seed and year, as ``scenarios.study.Study`` makes it. A
replicate is one seed: its mean over the years read and the territories. Arms of a replicate start from the same world
and share its luck, so only differences within a replicate count.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from results.intervals import (
    LEVEL,
    NOTHING,
    Estimate,
    Numbers,
    always_valid,
    apart,
    benjamini_hochberg,
    chances_of_extremes,
    complete,
    crossed,
    holm,
    still_needed,
)
from results.messages import _
from results.run import RunError

type Way = Literal["fixed", "sequential"]
"""How many replicates there are: a number fixed beforehand, or until a look at the results said enough."""

KEYS: Final = ("territory", "arm", "vector", "seed", "year")
PRECISION: Final = "1%"
"""Half-width that is wanted unless somebody says otherwise: one percent of the baseline's mean."""


class ComparisonError(RunError):
    """What is wrong with a table that is to be compared, in one line."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comes out of a comparison.

    Attributes:
        differences: one row an outcome and arm other than the baseline (:data:`DIFFERENCES` says what the columns are).
        levels: one row an outcome and arm: mean, interval, and chances of being the highest and the lowest of all arms.
        baseline: arm that the others are compared with.
        way: how many replicates there are.
        precision: half-width that is wanted, as it was given.
    """

    differences: pd.DataFrame
    levels: pd.DataFrame
    baseline: str
    way: Way
    precision: str


DIFFERENCES: Final = {
    "outcome": "name of the outcome",
    "arm": "the arm",
    "baseline": "the arm that it is compared with",
    "replicates": "seeds of which both arms are known",
    "vectors": "vectors of parameters of which both arms are known",
    "missing": "pairs of worlds left out, because the outcome has no value in one (nobody to count, or a run failed)",
    "mean_baseline": "mean of the baseline over these pairs",
    "mean_arm": "mean of the arm over these pairs",
    "difference": "mean of the paired differences",
    "low": "lower end of the interval of the difference",
    "high": "upper end",
    "relative": "difference over the mean of the baseline",
    "relative_low": "lower end of the interval of the relative difference",
    "relative_high": "upper end",
    "standard_error": "standard error of the difference",
    "degrees": "degrees of freedom of the interval; missing where it is valid at every look",
    "sd_paired": "standard deviation of the paired differences",
    "sd_unpaired": "standard deviation that differences of unrelated replicates would have",
    "pairing_removed": "share of the unpaired standard deviation that pairing removed",
    "p": "p-value of no difference",
    "p_holm": "the same, corrected so that one false finding among all is as rare as stated",
    "p_bh": "the same, corrected for the share of false findings among findings",
    "wanted": "half-width of the interval that is wanted",
    "needed": "replicates still needed for it: seeds, or vectors where there are several",
    "sd_between": "standard deviation of the effect from one vector of parameters to the next",
    "sd_within": "standard deviation of replicates under one vector of parameters",
    "range_low": "lower end of where the effect lies under parameters drawn from their ranges",
    "range_high": "upper end",
    "interval": "kind of interval: t, random effects, always valid",
}  # fmt: skip
"""Columns of the table of differences."""


def compared(
    table: pd.DataFrame,
    outcomes: Sequence[str],
    baseline: str,
    *,
    years: Sequence[int] = (),
    level: float = LEVEL,
    precision: str = PRECISION,
    way: Way = "fixed",
) -> Comparison:
    """Compare every arm of a study with one of them.

    Args:
        table: tidy table of a study.
        outcomes: columns to compare.
        baseline: arm that the others are compared with.
        years: years read, averaged within a replicate; all by default.
        level: coverage of the intervals.
        precision: half-width that is wanted: ``"1%"`` of the baseline's mean, or ``"0.5"`` in the unit of the outcome.
        way: ``sequential`` where the number of replicates was decided by looking at results.

    Raises:
        ComparisonError: when the arms do not pair, or nothing can be compared.
    """
    check_pairs(table, outcomes, baseline, years)
    arms = [str(arm) for arm in dict.fromkeys(table["arm"])]
    others = [arm for arm in arms if arm != baseline]
    values = replicate_values(table, outcomes, arms, years)
    if way == "sequential" and values.shape[2] > 1:
        raise ComparisonError(_("a sequential comparison has one vector of parameters, not {count}.",
                                count=values.shape[2]))  # fmt: skip
    rows, levels = [], []
    tests = len(outcomes) * len(others)
    for name, of_outcome in zip(outcomes, values, strict=True):
        base = of_outcome[arms.index(baseline)]
        for arm in others:
            row = _difference(base, of_outcome[arms.index(arm)], level, precision, way, tests)
            rows.append({"outcome": name, "arm": arm, "baseline": baseline} | row)
        levels += [{"outcome": name} | row for row in _levels(of_outcome, arms, level)]
    differences = pd.DataFrame(rows)
    p = differences["p"].to_numpy(float)
    differences["p_holm"], differences["p_bh"] = holm(p), benjamini_hochberg(p)
    return Comparison(differences[list(DIFFERENCES)], pd.DataFrame(levels), baseline, way, precision)


def check_pairs(table: pd.DataFrame, outcomes: Sequence[str], baseline: str, years: Sequence[int] = ()) -> None:
    """Refuse a table whose arms cannot be paired.

    Raises:
        ComparisonError: with what is wrong, and what to do.
    """
    for column in (*KEYS, *outcomes):
        if column not in table:
            raise ComparisonError(_('the table of the study has no column "{column}".', column=column))
    arms = list(dict.fromkeys(table["arm"]))
    if baseline not in arms:
        raise ComparisonError(_('there is no arm "{arm}" to compare with. Arms: {known}.',
                                arm=baseline, known=", ".join(map(str, arms))))  # fmt: skip
    if len(arms) < 2:  # noqa: PLR2004 - a comparison takes two
        raise ComparisonError(_("there is one arm only, {arm}: a comparison takes two.", arm=baseline))
    twice = table.duplicated(list(KEYS))
    if twice.any():
        row = table[twice].iloc[0]
        raise ComparisonError(_("arm {arm}, seed {seed}, year {year} is there twice: give the table of one study.",
                                arm=row["arm"], seed=row["seed"], year=row["year"]))  # fmt: skip
    for year in years:
        if year not in set(table["year"]):
            raise ComparisonError(_("the study has no year {year}.", year=year))
    _check_worlds(table)


def _check_worlds(table: pd.DataFrame) -> None:
    """Arms of a replicate start from one world: they share its seeds, and the length of its warm-up."""
    seeds = {str(arm): set(rows["seed"].tolist()) for arm, rows in table.groupby("arm", sort=False)}
    first = next(iter(seeds))
    for arm, own in seeds.items():
        if own != seeds[first]:
            raise ComparisonError(
                _("arms {one} and {other} do not pair: they were run with different seeds. Run them in one study.",
                  one=first, other=arm)
            )  # fmt: skip
    if "warm_up_weeks" not in table:
        return
    begun = table[table["warm_up_weeks"] > 0]
    lengths = begun.groupby(["territory", "vector", "seed"])["warm_up_weeks"].nunique()
    if (lengths > 1).any():
        place: Any = lengths.index[int(np.argmax(lengths.to_numpy() > 1))]
        raise ComparisonError(
            _("territory {territory}, seed {seed}: the arms do not pair, since they started from different worlds "
              "(their warm-ups differ). Run them in one study.", territory=place[0], seed=place[2])
        )  # fmt: skip


def replicate_values(
    table: pd.DataFrame, outcomes: Sequence[str], arms: Sequence[str], years: Sequence[int] = ()
) -> Numbers:
    """One value a replicate: mean over the years read and the territories, missing where any of them is.

    Returns:
        ``(outcomes, arms, vectors, seeds)``, vectors and seeds in the order of their first rows.
    """
    read = table[table["year"].isin(list(years))] if years else table[table["year"] > 0]
    expected = table["territory"].nunique() * max(read["year"].nunique(), 1)
    vectors, seeds = (list(dict.fromkeys(table[key])) for key in ("vector", "seed"))
    cells = read.groupby(["arm", "vector", "seed"])[list(outcomes)]
    means = cells.mean().where(cells.count() == expected)
    whole = means.reindex(pd.MultiIndex.from_product([arms, vectors, seeds]))
    shape = (len(arms), len(vectors), len(seeds), len(outcomes))
    return np.moveaxis(whole.to_numpy(float).reshape(shape), 3, 0)


def _difference(base: Numbers, arm: Numbers, level: float, precision: str, way: Way, tests: int) -> dict[str, Any]:
    """What is known of the difference of two arms in one outcome; both are ``(vectors, seeds)``."""
    differences, rows, columns = complete(apart(arm, base))
    base, arm = base[np.ix_(rows, columns)], arm[np.ix_(rows, columns)]
    vectors, seeds = differences.shape if differences.size else (0, 0)
    found = estimated(differences, level, way, tests)
    mean = float(base.mean()) if base.size else math.nan
    relative = NOTHING
    if base.size and mean:
        share = found.mean / mean
        part = estimated((differences - share * base) / mean, level, way, tests)  # a ratio of means, linearised
        relative = Estimate(share, share + part.low, share + part.high, *[math.nan] * 3)
    paired_sd, unpaired_sd = _spread(differences), math.hypot(_spread(base), _spread(arm))
    replicates, wanted = (vectors if vectors > 1 else seeds), half_width_wanted(precision, mean)
    return {
        "replicates": seeds, "vectors": vectors, "missing": int(rows.size * columns.size - differences.size),
        "mean_baseline": mean, "mean_arm": float(arm.mean()) if arm.size else math.nan,
        "difference": found.mean, "low": found.low, "high": found.high,
        "relative": relative.mean, "relative_low": relative.low, "relative_high": relative.high,
        "standard_error": found.error, "degrees": found.degrees, "sd_paired": paired_sd, "sd_unpaired": unpaired_sd,
        "pairing_removed": 1 - paired_sd / unpaired_sd if unpaired_sd else math.nan, "p": found.p, "wanted": wanted,
        "needed": still_needed(found.error * math.sqrt(replicates), replicates, wanted, level),
        "sd_between": found.between, "sd_within": found.within if vectors > 1 else math.nan,
        "range_low": found.range_low, "range_high": found.range_high,
        "interval": "always valid" if way == "sequential" else "random effects" if vectors > 1 else "t",
    }  # fmt: skip


def estimated(differences: Numbers, level: float = LEVEL, way: Way = "fixed", tests: int = 1) -> Estimate:
    """The interval that fits how replicates were drawn; ``differences`` is ``(vectors, seeds)``, complete."""
    if not differences.size:
        return NOTHING
    if way == "sequential":
        return always_valid(differences.ravel(), level, tests=tests)
    return crossed(differences, level)


def _spread(values: Numbers) -> float:
    """Standard deviation from seed to seed, pooled over vectors of parameters."""
    if values.size == 0 or values.size == len(values):
        return math.nan
    return math.sqrt(float(values.var(axis=1, ddof=1).mean()))


def _levels(values: Numbers, arms: Sequence[str], level: float) -> list[dict[str, Any]]:
    """Mean of every arm in one outcome, over replicates that all arms have."""
    _block, rows, columns = complete(values.sum(axis=0))
    whole: NDArray[np.float64] = values[:, rows][:, :, columns]
    highest, lowest = chances_of_extremes(whole)
    found = [crossed(own, level) for own in whole]
    return [
        {"arm": arm, "mean": one.mean, "low": one.low, "high": one.high, "highest": high, "lowest": low}
        for arm, one, high, low in zip(arms, found, highest.tolist(), lowest.tolist(), strict=True)
    ]


def half_width_wanted(precision: str, mean: float) -> float:
    """The wanted half-width in the unit of the outcome.

    Args:
        precision: ``"1%"`` of the baseline's mean, or a number in the unit of the outcome.
        mean: mean of the baseline.

    Raises:
        ComparisonError: when it is neither.
    """
    text = precision.strip().replace("\u202f", "").replace("\u00a0", "").replace(",", ".")
    try:
        value = float(text.removesuffix("%"))
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise ComparisonError(_('precision "{value}": expected a number above 0, or a percentage such as 1%.',
                                value=precision))  # fmt: skip
    return value / 100 * abs(mean) if text.endswith("%") else value

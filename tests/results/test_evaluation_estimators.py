"""Estimators on toy panels: no bias where their assumption holds, intervals that hold the truth, and known failures.

Coverage is counted over 1,000 panels of fixed seeds. An interval that covers 95 % falls outside 93 to 97 % of them in
fewer than 1 in 200 such counts (binomial); one that covers 91 % is caught in 98 of 100.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from results.evaluation_estimators import METHODS, NOTHING, Wide, matches, wide

PANELS = 1000


def toy(
    seed: int, *, teams: int = 24, years: int = 4, waves: Sequence[int] = (3,), share: float = 0.5, effect: float = 0.0,
    growing: float = 0.0, trend: float = 0.1, noise: float = 0.3, dear_year: bool = False,
) -> tuple[pd.DataFrame, float]:  # fmt: skip
    """A panel of teams with a level of their own, a common trend and luck; and the true mean effect.

    Args:
        seed: of the draws.
        teams, years, waves, share: how many, how long, who joins when.
        effect, growing: effect in the first year, and what each later year adds.
        trend, noise: of all teams alike.
        dear_year: those with the highest outcome in the year before join, instead of anybody.
    """
    draws = np.random.default_rng(seed)
    level = draws.normal(0, 1, (teams, 1))
    time = np.arange(1, years + 1)
    without = level + trend * time + draws.normal(0, noise, (teams, years))
    order = np.argsort(-without[:, waves[0] - 2]) if dear_year else np.arange(teams)
    entry = np.zeros(teams, dtype=int)
    joined = order[: round(share * teams)]
    entry[joined] = np.asarray(waves)[np.arange(len(joined)) % len(waves)]
    under = (entry[:, None] > 0) & (time >= entry[:, None])
    effects = under * (effect + growing * (time - entry[:, None]))
    return pd.DataFrame({
        "team": np.repeat(np.arange(teams), years), "year": np.tile(time, teams), "entry": np.repeat(entry, years),
        "outcome": (without + effects).ravel(), "trait": np.repeat(level[:, 0], years),
    }), float(effects[under].mean()) if under.any() else 0.0  # fmt: skip


def panel(seed: int, **facts: Any) -> tuple[Wide, float]:
    seen, truth = toy(seed, **facts)
    return wide(seen, ["trait"]), truth


def many(method: str, count: int = PANELS, **facts: Any) -> tuple[float, float, float, float]:
    """Mean error, its standard error, coverage and share of intervals without 0, over panels."""
    rows = []
    for seed in range(count):
        table, truth = panel(seed, **facts)
        found = METHODS[method](table, seed)
        rows.append((found.value - truth, found.low <= truth <= found.high, found.low > 0 or found.high < 0))
    error, held, seen = np.array(rows, dtype=float).T
    return float(error.mean()), float(error.std() / count**0.5), float(held.mean()), float(seen.mean())


FAIR: dict[str, dict[str, Any]] = {
    "before_after": {"trend": 0.0, "teams": 30},
    "matched": {"share": 0.3, "teams": 40},
    "matched_did": {"share": 0.3, "teams": 40},
    "two_way": {},
    "staggered": {"teams": 60, "waves": (3, 4), "growing": 0.5},
    "imputed": {"teams": 60, "waves": (3, 4), "growing": 0.5},
    "synthetic": {"teams": 16, "years": 5, "waves": (4,), "share": 0.31},
}
"""Worlds in which what each method assumes is so."""


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_where_its_assumption_holds_a_method_is_unbiased_and_its_interval_holds_the_truth(method: str) -> None:
    bias, error, coverage, power = many(method, effect=1.0, **FAIR[method])
    assert abs(bias) < 3.3 * error
    assert 0.93 <= coverage <= 0.97
    assert power > 0.9


@pytest.mark.parametrize("method", METHODS)
def test_an_effect_moves_the_estimate_and_its_interval_as_one(method: str) -> None:
    """So that an interval holds no effect as often as it holds one, and false alarms are what coverage leaves."""
    without, with_one = (METHODS[method](panel(11, **{**FAIR[method], "growing": 0.0}, effect=effect)[0], 3)
                         for effect in (0.0, 1.0))  # fmt: skip
    moved = [with_one.value - without.value, with_one.low - without.low, with_one.high - without.high]
    assert moved == pytest.approx([1.0, 1.0, 1.0], abs=1e-6)


def test_before_after_takes_a_trend_for_an_effect() -> None:
    """Two years after against two before: a trend of 0.1 a year is an effect of 0.2, with or without a policy."""
    bias, error, coverage, alarms = many("before_after", 200, trend=0.1, noise=0.1)
    assert bias == pytest.approx(0.2, abs=4 * error)
    assert coverage < 0.05
    assert alarms > 0.95
    assert abs(many("two_way", 100, trend=0.1, noise=0.1)[0]) < 0.02


def test_two_way_fixed_effects_miss_effects_that_grow_where_entry_is_staggered() -> None:
    """Teams already under the policy serve as controls of later ones (Goodman-Bacon 2021); the others are never so."""
    facts: dict[str, Any] = {"teams": 40, "years": 8, "waves": (3, 6), "share": 0.9, "growing": 1.0, "noise": 0.1}
    bias, error, coverage, _power = many("two_way", 60, **facts)
    truth = panel(0, **facts)[1]
    assert bias < -0.3 * truth
    assert coverage < 0.1
    assert abs(bias) > 20 * error
    assert abs(many("staggered", 60, **facts)[0]) < 0.05 * truth
    assert abs(many("imputed", 60, **facts)[0]) < 0.05 * truth


def test_after_a_dear_year_methods_that_look_back_see_a_saving_that_nobody_made() -> None:
    """Luck of the year before goes away by itself (Ashenfelter 1978); more years before dilute it, and none cure it."""
    for method in ("before_after", "two_way", "staggered", "imputed"):
        bias, _error, _coverage, alarms = many(method, 60, teams=40, share=0.4, dear_year=True, trend=0.0, noise=0.7)
        assert bias < -0.1
        assert alarms > 0.15, "three times what it should be"


def test_two_way_in_one_wave_is_the_difference_of_mean_changes() -> None:
    table, _truth = panel(3, effect=0.7)
    change = table.outcome[:, 2:].mean(axis=1) - table.outcome[:, :2].mean(axis=1)
    expected = change[table.treated].mean() - change[~table.treated].mean()
    assert METHODS["two_way"](table, 0).value == pytest.approx(expected, abs=1e-9)


def test_staggered_is_the_mean_over_team_years_of_differences_with_those_not_yet_in() -> None:
    """Callaway and Sant'Anna by hand: change since the year before entry, less that of teams not yet in."""
    table, _truth = panel(5, teams=30, years=5, waves=(3, 5), share=0.6, effect=1.0)
    effects, weights = [], []
    for entry in (2, 4):
        for year in range(entry, 5):
            own, others = table.entry == entry, table.entry > year
            change = table.outcome[:, year] - table.outcome[:, entry - 1]
            effects.append(change[own].mean() - change[others].mean())
            weights.append(own.sum())
    assert METHODS["staggered"](table, 0).value == pytest.approx(np.average(effects, weights=weights), abs=1e-9)


def test_before_after_is_a_paired_t_test() -> None:
    from scipy.stats import ttest_1samp

    table, _truth = panel(2, effect=0.5)
    own = (table.outcome[:, 2:].mean(axis=1) - table.outcome[:, :2].mean(axis=1))[table.treated]
    expected = ttest_1samp(own, 0).confidence_interval()
    found = METHODS["before_after"](table, 0)
    assert (found.value, found.low, found.high) == pytest.approx((own.mean(), expected.low, expected.high))


def test_a_twin_is_found_and_never_one_who_joins() -> None:
    seen, _truth = toy(1, teams=12, share=0.25, noise=0.0, trend=0.0)
    seen["trait"] = 0.0
    wanted = {0: 7, 1: 5, 2: 11}
    for joiner, twin in wanted.items():
        seen.loc[seen["team"] == twin, "outcome"] = seen.loc[seen["team"] == joiner, "outcome"].to_numpy()
    assert matches(wide(seen, ["trait"])).tolist() == list(wanted.values())


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("share", [0.0, 1.0, 1 / 24])
def test_where_there_is_nobody_to_compare_there_is_no_estimate(method: str, share: float) -> None:
    found = METHODS[method](panel(1, share=share)[0], 0)
    if method == "before_after" and share == 1.0:
        assert np.isfinite(found.value)
    else:
        assert found == NOTHING


def test_a_placebo_draw_is_the_same_for_one_seed() -> None:
    table, _truth = panel(4, **FAIR["synthetic"])
    assert METHODS["synthetic"](table, 7) == METHODS["synthetic"](table, 7)


def test_a_panel_with_a_hole_is_refused() -> None:
    seen, _truth = toy(1)
    with pytest.raises(ValueError, match="every year"):
        wide(seen.iloc[1:])


def test_who_joins_after_the_last_year_seen_is_a_control() -> None:
    seen, _truth = toy(1, years=6, waves=(3, 5))
    table = wide(seen[seen["year"] <= 4], ["trait"])
    assert set(table.entry.tolist()) == {2, 4}
    assert table.treated.sum() == 6

"""Comparing arms on made-up tables: known answers, symmetries, refusals, and the error rates that are promised."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import default_rng
from pandas.testing import assert_frame_equal

from results.comparison import DIFFERENCES, ComparisonError, compared, half_width_wanted, replicate_values
from results.comparison_shown import Named, as_json, as_text, shown, span, write
from results.intervals import Numbers, holm, paired
from results.messages import set_language, speaking

EXPERIMENTS = 1000
SEEDS = 12
PROVENANCE = {"study": "abc", "code": "def", "parameters": "123"}


def tidy(
    values: Numbers, arms: tuple[str, ...] = ("now", "new"), outcomes: tuple[str, ...] = ("cost",)
) -> pd.DataFrame:
    """A table of one territory and year from ``(arms, vectors, seeds, outcomes)``."""
    _arms, vectors, seeds, _outcomes = values.shape
    places = pd.MultiIndex.from_product([arms, range(vectors), range(1, seeds + 1)], names=["arm", "vector", "seed"])
    table = pd.DataFrame(values.reshape(len(places), -1), index=places, columns=list(outcomes)).reset_index()
    return table.assign(territory="town", year=1, stage="", message="", warm_up_weeks=104)


def two_arms(base: list[float], arm: list[float]) -> pd.DataFrame:
    return tidy(np.array([base, arm], dtype=float)[:, None, :, None])


BASE, NEW = [10.0, 12.0, 14.0, 16.0], [11.0, 13.5, 14.5, 18.0]


# Known answers.


def test_a_small_comparison_by_hand() -> None:
    found = compared(two_arms(BASE, NEW), ["cost"], "now")
    row = found.differences.iloc[0]
    by_hand = paired(np.array([1.0, 1.5, 0.5, 2.0]))
    assert list(found.differences) == list(DIFFERENCES)
    assert (row["difference"], row["low"], row["high"], row["p"]) == pytest.approx(
        (1.25, by_hand.low, by_hand.high, by_hand.p)
    )
    assert (row["mean_baseline"], row["mean_arm"], row["relative"]) == pytest.approx((13.0, 14.25, 1.25 / 13))
    assert row["sd_paired"] == pytest.approx(0.6454972)
    assert row["sd_unpaired"] == pytest.approx(math.hypot(2.5819889, np.std(NEW, ddof=1)))
    assert row["pairing_removed"] == pytest.approx(1 - row["sd_paired"] / row["sd_unpaired"])
    assert row["wanted"] == pytest.approx(0.13)
    assert row["needed"] == 98 - 4, "1.985 * 0.6455 / sqrt(98) = 0.1294, and 0.1301 for 97"
    assert (row["replicates"], row["vectors"], row["missing"], row["interval"]) == (4, 1, 0, "t")


def test_levels_hold_every_arm_with_its_chances() -> None:
    levels = compared(two_arms(BASE, NEW), ["cost"], "now").levels.set_index("arm")
    assert levels["mean"].tolist() == [13.0, 14.25]
    by_hand = paired(np.array([1.0, 1.5, 0.5, 2.0])).p / 2
    assert levels["highest"].tolist() == pytest.approx([by_hand, 1 - by_hand], abs=0.005)
    assert levels["lowest"].tolist() == pytest.approx([1 - by_hand, by_hand], abs=0.005)


def test_years_and_territories_are_averaged_within_a_replicate() -> None:
    table = two_arms(BASE, NEW)
    years = pd.concat([table.assign(year=year, cost=table["cost"] + year) for year in (1, 2)])
    both = pd.concat([years, years.assign(territory="village", cost=years["cost"] + 10)], ignore_index=True)
    assert compared(years, ["cost"], "now").levels["mean"].tolist() == [14.5, 15.75]
    assert compared(years, ["cost"], "now", years=[2]).levels["mean"].tolist() == [15.0, 16.25]
    assert compared(both, ["cost"], "now").levels["mean"].tolist() == [19.5, 20.75]


def test_a_failed_run_takes_its_pair_with_it() -> None:
    table = two_arms(BASE, NEW)
    table.loc[(table["arm"] == "new") & (table["seed"] == 2), "cost"] = np.nan
    row = compared(table, ["cost"], "now").differences.iloc[0]
    assert (row["replicates"], row["missing"]) == (3, 1)
    assert row["mean_baseline"] == pytest.approx(np.mean([10, 14, 16]))
    gone = table[~((table["arm"] == "now") & (table["seed"] == 4) & (table["year"] == 1))]
    failed = pd.DataFrame([{**table.iloc[3].to_dict(), "year": 0, "cost": np.nan, "stage": "fork"}])
    row = compared(pd.concat([gone, failed], ignore_index=True), ["cost"], "now").differences.iloc[0]
    assert (row["replicates"], row["missing"]) == (2, 2)


def test_pairs_left_out_are_not_called_failures() -> None:
    """Nobody failed: an outcome may have no value in a world."""
    table = two_arms(BASE, NEW).assign(hours=[np.nan, 1, 1, 1, 1, 1, 1, 1])
    try:
        assert "has no value (nobody to count, or a run failed), at most: 1." in as_text(
            compared(table, ["hours"], "now"), {}
        )
        set_language("fr")
        assert "n'a pas de valeur (personne" in as_text(compared(table, ["hours"], "now"), {})
    finally:
        set_language("en")


def test_rounding_is_no_difference() -> None:
    """Three years summed in another order: the same numbers, told from chance by nothing but their last bit."""
    base, arm = [(seed + 0.1 + 0.2 + 0.3) for seed in range(3)], [(seed + 0.3 + 0.2 + 0.1) for seed in range(3)]
    base, arm = [0.1 + 0.2 + 0.3] * 3 + base, [0.3 + 0.2 + 0.1] * 3 + arm
    assert base != arm
    found = compared(two_arms(base, arm), ["cost"], "now")
    row = found.differences.iloc[0]
    assert (row["difference"], row["low"], row["high"], row["p"], row["relative"]) == (0.0, 0.0, 0.0, 1.0, 0.0)
    assert found.levels["highest"].tolist() == found.levels["lowest"].tolist() == [0.5, 0.5]


def test_a_small_difference_stays_one() -> None:
    found = compared(two_arms([1e6] * 3, [1e6 + 1e-3] * 3), ["cost"], "now")
    assert (found.differences["p"].iloc[0], found.levels["highest"].tolist()) == (0.0, [0.0, 1.0])


def test_an_outcome_that_nobody_has_is_a_row_without_numbers() -> None:
    table = two_arms(BASE, NEW).assign(never=np.nan)
    found = compared(table, ["cost", "never"], "now")
    row = found.differences.iloc[1]
    assert (row["outcome"], row["replicates"], row["missing"]) == ("never", 0, 4)
    assert math.isnan(row["difference"])
    assert math.isnan(row["p_holm"])
    assert found.differences["p_holm"].iloc[0] == found.differences["p"].iloc[0]
    assert "–" in as_text(found, {})


def test_parameters_that_move_the_effect_widen_the_interval() -> None:
    rng = default_rng(5)
    effects = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])[:, None]
    base = rng.normal(20, 1, (6, 8))
    values = np.stack([base, base + effects + rng.normal(0, 0.1, (6, 8))])[..., None]
    row = compared(tidy(values), ["cost"], "now").differences.iloc[0]
    pooled = paired((values[1] - values[0]).ravel())
    assert row["interval"] == "random effects"
    assert row["sd_between"] == pytest.approx(np.std(effects, ddof=1), abs=0.1)
    assert row["sd_within"] == pytest.approx(0.1, abs=0.03)
    assert row["high"] - row["low"] > 2 * (pooled.high - pooled.low)
    assert row["range_low"] < row["low"] < row["high"] < row["range_high"]


# Symmetries.

moves = st.lists(st.floats(-50, 50, allow_nan=False, width=32), min_size=3, max_size=8)


@settings(max_examples=50)
@given(moves, st.data())
def test_swapping_arms_flips_signs(base: list[float], data: st.DataObject) -> None:
    arm = data.draw(st.lists(st.floats(-50, 50, width=32), min_size=len(base), max_size=len(base)))
    table = two_arms(base, arm)
    here = compared(table, ["cost"], "now", precision="1").differences.iloc[0]
    there = compared(table, ["cost"], "new", precision="1").differences.iloc[0]
    assert (here["difference"], here["low"], here["high"]) == (-there["difference"], -there["high"], -there["low"])
    for name in ("p", "needed", "sd_paired", "sd_unpaired", "pairing_removed"):
        assert here[name] == pytest.approx(there[name], nan_ok=True)


@settings(max_examples=50)
@given(moves, st.integers(-1000, 1000))
def test_adding_a_constant_to_both_arms_changes_no_difference(base: list[float], constant: int) -> None:
    arm = [value * 0.5 + number for number, value in enumerate(base)]
    here = compared(two_arms(base, arm), ["cost"], "now", precision="1").differences.iloc[0]
    moved = two_arms([value + constant for value in base], [value + constant for value in arm])
    there = compared(moved, ["cost"], "now", precision="1").differences.iloc[0]
    for name in ("difference", "low", "high", "sd_paired"):
        assert here[name] == pytest.approx(there[name], abs=1e-6)


def test_the_order_of_rows_does_not_matter() -> None:
    table = two_arms(BASE, NEW)
    shuffled = table.sample(frac=1, random_state=1)
    again = pd.concat([shuffled[shuffled["arm"] == arm] for arm in ("now", "new")])
    here, there = (compared(one, ["cost"], "now").differences for one in (table, again))
    assert_frame_equal(here, there)


def test_values_come_by_outcome_arm_vector_and_seed() -> None:
    values = np.arange(24.0).reshape(2, 3, 2, 2)
    found = replicate_values(tidy(values, outcomes=("a", "b")), ["a", "b"], ["now", "new"])
    assert np.array_equal(found, np.moveaxis(values, 3, 0))


# Error rates, each over a thousand experiments at once: every outcome of the table is one.


def experiments(effect: float, spread: float = 1.0, seed: int = 1, vectors: int = 1) -> pd.DataFrame:
    """Two arms that share the luck of their seeds, an effect, and noise of the pair; differences, one an experiment."""
    rng = default_rng(seed)
    names = tuple(f"experiment_{number}" for number in range(EXPERIMENTS))
    shared = rng.normal(100, 5, (vectors, SEEDS, EXPERIMENTS))
    true = effect + (rng.normal(0, spread, (vectors, 1, EXPERIMENTS)) if vectors > 1 else 0.0)
    arm = shared + true + rng.normal(0, 1, (vectors, SEEDS, EXPERIMENTS))
    table = tidy(np.stack([shared, arm]), outcomes=names)
    return compared(table, names, "now").differences


def test_intervals_of_95_percent_hold_the_true_difference_in_95_percent() -> None:
    found = experiments(0.5)
    assert 0.93 <= ((found["low"] <= 0.5) & (found["high"] >= 0.5)).mean() <= 0.97
    truth = 0.5 / 100
    assert 0.93 <= ((found["relative_low"] <= truth) & (found["relative_high"] >= truth)).mean() <= 0.97
    assert (found["pairing_removed"] > 0.7).mean() > 0.98, "the luck of a seed is 5, the noise of the pair 1"


def test_intervals_over_parameters_hold_the_true_mean_effect_in_95_percent() -> None:
    found = experiments(0.5, vectors=8, seed=2)
    assert 0.93 <= ((found["low"] <= 0.5) & (found["high"] >= 0.5)).mean() <= 0.97


def test_no_effect_is_found_at_the_stated_rates_only() -> None:
    """Single tests err in 5 %; families of five, corrected by Holm, in 5 % of families."""
    p = experiments(0.0, seed=3)["p"].to_numpy()
    assert 0.035 <= (p < 0.05).mean() <= 0.065
    families = np.array([(holm(family) < 0.05).any() for family in p.reshape(-1, 5)])
    assert families.mean() <= 0.085, "five percent of 200 families, within two standard errors"
    assert np.array([(family < 0.05).any() for family in p.reshape(-1, 5)]).mean() > 0.15


def test_a_planted_effect_is_found_as_often_as_its_power_says() -> None:
    """An effect of one standard deviation with twelve seeds: a power of 88 % (noncentral t)."""
    found = experiments(1.0, seed=4)
    assert 0.85 <= (found["p"] < 0.05).mean() <= 0.91
    assert (found["difference"] > 0).all()
    assert (found["p_bh"] < 0.05).mean() > (found["p_holm"] < 0.05).mean() > 0.02


def test_a_sequential_comparison_is_wider_and_says_so() -> None:
    fixed, looking = (compared(two_arms(BASE, NEW), ["cost"], "now", way=way) for way in ("fixed", "sequential"))
    assert looking.differences["low"].iloc[0] < fixed.differences["low"].iloc[0]
    assert looking.differences["interval"].iloc[0] == "always valid"
    assert "every look" in as_text(looking, {})


# Refusals.


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="seed"), 'no column "seed"'),
        (lambda t: t.assign(arm="new"), 'no arm "now" to compare with. Arms: new'),
        (lambda t: t.assign(arm="now").drop_duplicates(["seed"]), "a comparison takes two"),
        (lambda t: pd.concat([t, t]), "arm now, seed 1, year 1 is there twice"),
        (lambda t: t[(t["arm"] == "now") | (t["seed"] > 1)], "run with different seeds"),
        (lambda t: t.assign(warm_up_weeks=t["arm"].map({"now": 104, "new": 52})), "started from different worlds"),
    ],
)
def test_what_does_not_pair_is_refused_with_the_reason(change, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ComparisonError, match=message):
        compared(change(two_arms(BASE, NEW)), ["cost"], "now")


def test_other_refusals() -> None:
    with pytest.raises(ComparisonError, match="no year 3"):
        compared(two_arms(BASE, NEW), ["cost"], "now", years=[3])
    vectors = tidy(np.ones((2, 3, 4, 1)))
    with pytest.raises(ComparisonError, match="one vector of parameters, not 3"):
        compared(vectors, ["cost"], "now", way="sequential")
    with pytest.raises(ComparisonError, match="expected a number above 0"):
        half_width_wanted("-1", 1.0)
    assert (half_width_wanted("2 %".replace(" ", ""), -50.0), half_width_wanted("0,5", 3.0)) == (1.0, 0.5)


# What people read.


def test_the_table_on_the_screen() -> None:
    names = {"cost": Named("insurer spending a person", "EUR/person/year")}
    set_language("en")
    text = as_text(compared(two_arms(BASE, NEW), ["cost"], "now"), names)
    assert "insurer spending a person (EUR/person/year)" in text
    assert "+1.25" in text
    assert "[+0.2229; +2.28]" in text
    assert "Differences against now; 4 worlds" in text
    assert "± 1%" in text


def test_an_interval_is_spaced_as_its_language_is() -> None:
    assert span(-0.5, 1.5) == "[-0.5000; +1.50]"
    with speaking("fr"):
        assert span(-0.5, 1.5) == "[-0,5000\u202f; +1,50]"
    assert span(math.nan, 1.5) == "–"


@pytest.mark.parametrize(
    ("value", "text"),
    [(math.nan, "–"), (math.inf, "∞"), (0.0, "0"), (12345.6, "+12,346"), (123.45, "+123.5"), (0.01234, "+0.0123"),
     (-3.14159, "-3.14")],
)  # fmt: skip
def test_numbers_are_short(value: float, text: str) -> None:
    assert shown(value, signed=True) == text


def test_every_file_says_where_it_comes_from(tmp_path: Path) -> None:
    table = two_arms(BASE, NEW)
    found = compared(table, ["cost"], "now")
    names = {"cost": Named("cost", "EUR", "age", "75+", "all")}
    files = write(found, names, table, PROVENANCE, tmp_path / "out")
    assert [file.name for file in files] == [
        "comparison.csv", "comparison.parquet", "levels.csv", "runs.parquet", "comparison.json",
    ]  # fmt: skip
    for file in files[:4]:
        read = pd.read_csv(file) if file.suffix == ".csv" else pd.read_parquet(file)
        assert set(read["study"]) == {"abc"}, file
        assert set(read["code"]) == {"def"}
    content = json.loads(files[4].read_text(encoding="utf-8"))
    assert content["provenance"].items() >= PROVENANCE.items()
    assert content["differences"][0]["sd_between"] is None
    assert (content["differences"][0]["group"], content["differences"][0]["member"]) == ("age", "75+")
    assert as_json(found, names, PROVENANCE)["baseline"] == "now"
    (tmp_path / "file").write_text("")
    with pytest.raises(ComparisonError, match="cannot be written"):
        write(found, names, table, PROVENANCE, tmp_path / "file")

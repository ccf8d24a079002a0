"""The rules of warm-up and of the number of worlds, on made-up worlds."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from results.intervals import paired, still_needed
from results.replications import Settling, running


def worlds(count: int, seed: int = 1, years: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for world in range(1, count + 1):
        shared = rng.normal(10, 3)
        for arm, effect in (("now", 0.0), ("peps", 0.5)):
            own = shared + effect + rng.normal(0, 0.4)
            rows += [{"arm": arm, "seed": world, "year": year, "x": own + year} for year in range(1, years + 1)]
    return pd.DataFrame(rows)


def test_each_point_is_the_interval_of_the_worlds_so_far() -> None:
    found = running(worlds(12), "x", "peps", "now", 0.1)
    table = worlds(12).pivot_table("x", "seed", "arm")
    differences = (table["peps"] - table["now"]).to_numpy()
    assert found.worlds.tolist() == list(range(2, 13))
    for place, n in enumerate(range(2, 13)):
        one = paired(differences[:n])
        assert found.mean[place] == pytest.approx(one.mean)
        assert found.half[place] == pytest.approx((one.high - one.low) / 2)
    assert found.needed == 12 + still_needed(float(differences.std(ddof=1)), 12, 0.1)


@given(st.integers(5, 40), st.integers(0, 1000))
@settings(max_examples=25)
def test_the_rule_asks_for_as_many_as_make_the_interval_narrow(count: int, seed: int) -> None:
    found = running(worlds(count, seed), "x", "peps", "now", 0.15)
    assert found.needed >= count
    assert (found.needed == count) == (found.half[-1] <= 0.15)


@pytest.mark.parametrize(
    ("levels", "years"),
    [([1.0, 1.0], 2), ([1.0, 1.1, 1.101], 3), ([1.0, 1.5, 2.0], 0), ([1.0, 1.01, 1.5], 2), ([0.0, 0.0, 0.0], 2)],
)
def test_a_warm_up_ends_after_the_first_quiet_year(levels: list[float], years: int) -> None:
    assert Settling(1, {"contacts": levels}, 0.02).settled_after() == years


def test_the_level_that_moves_most_decides() -> None:
    assert Settling(1, {"a": [1.0, 1.0, 1.0], "b": [1.0, 1.2, 1.2]}, 0.02).settled_after() == 3

"""Drawn communes follow the French sizes and add up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.parameters import parameter_record
from sim.territory.epci import commune_table
from sim.territory.sizes import draw_sizes, share_below, size_at, whole_parts

PARAMETERS = parameter_record()
KNOWN = dict(zip(PARAMETERS["territory_commune_size_probabilities"][0],
                 PARAMETERS["territory_commune_size_quantiles"][0], strict=True))  # fmt: skip


def test_published_quantiles_are_given_back() -> None:
    assert size_at(list(KNOWN), PARAMETERS) == pytest.approx(list(KNOWN.values()))


@pytest.mark.parametrize("size", [20, 69, 150, 461, 5_000, 26_219, 116_414, 500_000])
def test_share_below_is_the_inverse(size: float) -> None:
    assert size_at(share_below(size, PARAMETERS), PARAMETERS) == pytest.approx(size, rel=1e-6)


def test_published_quantiles_are_those_of_the_bundled_communes() -> None:
    real = np.quantile(commune_table()["population"], list(KNOWN))
    assert real == pytest.approx(list(KNOWN.values()), rel=0.01)


def test_quantiles_of_many_drawn_territories_are_french() -> None:
    # Large territories: a small total leaves no room for cities.
    drawn = np.concatenate([draw_sizes(1_000_000, 0, seed, 5, PARAMETERS) for seed in range(40)])
    wanted = {share: size for share, size in KNOWN.items() if 0.05 <= share <= 0.95}
    assert np.quantile(drawn, list(wanted)) == pytest.approx(list(wanted.values()), rel=0.12)
    assert (drawn > 2_000).mean() == pytest.approx(1 - share_below(2_000, PARAMETERS), abs=0.01)


@settings(max_examples=60)
@given(people=st.integers(200, 400_000), town=st.integers(0, 100_000), seed=st.integers(0, 2**63 - 1))
def test_communes_sum_to_the_people_and_the_town_is_the_largest(people: int, town: int, seed: int) -> None:
    sizes = draw_sizes(people, town, seed, 11, PARAMETERS)
    assert sizes.sum() == people
    assert sizes.min() >= 1
    assert (np.diff(sizes) <= 0).all()
    if town:
        assert sizes[0] == pytest.approx(min(town, people), abs=1)


@settings(max_examples=60)
@given(people=st.integers(200, 400_000), count=st.integers(1, 300), town=st.integers(0, 100_000))
def test_a_wanted_number_of_communes_is_met(people: int, count: int, town: int) -> None:
    sizes = draw_sizes(people, town, 1, 11, PARAMETERS, count)
    assert sizes.sum() == people
    assert len(sizes) == (count if town < people else 1)
    assert sizes.min() >= 0


@settings(max_examples=100)
@given(st.lists(st.tuples(st.floats(0.01, 100), st.integers(0, 3)), min_size=4, max_size=40), st.integers(0, 500))
def test_rounded_parts_keep_the_total_of_each_group(rows: list[tuple[float, int]], total: int) -> None:
    parts = np.array([part for part, _ in rows])
    group = np.array([g for _, g in rows], dtype=np.int64)
    totals = np.where(np.bincount(group, minlength=4) > 0, total, 0)
    whole = whole_parts(parts, group, totals)
    assert np.bincount(group, weights=whole, minlength=4).tolist() == totals.tolist()
    exact = parts * (totals / np.maximum(np.bincount(group, weights=parts, minlength=4), 1e-9))[group]
    assert (np.abs(whole - exact) < 1 + 1e-6).all()

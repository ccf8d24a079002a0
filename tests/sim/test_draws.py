"""Keyed randomness: pairing, uniformity, and the bad mixings that must be caught."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import draws

SEEDS, DECISIONS, STEPS, PEOPLE = range(3), range(3), range(40), range(40)
WORD = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15

type Mixing = Callable[[int, int, int, int], int]


def finalised(x: int) -> int:
    """The mixing round in plain Python."""
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & WORD
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & WORD
    return x ^ (x >> 31)


def chained_keys(seed: int, which: int, step: int, who: int) -> int:
    return int(draws.draw_key(np.uint64(seed), np.uint64(which), step, np.uint64(who)))


def xored(seed: int, which: int, step: int, who: int) -> int:
    """Must fail: keys that are only xored."""
    return finalised(seed ^ which ^ step ^ who)


def shared_increment(seed: int, which: int, step: int, who: int) -> int:
    """Must fail: keys that share an increment."""
    return finalised((seed + GOLDEN * (which + step + who)) & WORD)


def xored_after_mixing(seed: int, which: int, step: int, who: int) -> int:
    """Must fail: each key mixed alone, then xored (step 3 of person 5 is step 5 of person 3)."""
    return finalised(seed) ^ finalised(which) ^ finalised(step) ^ finalised(who)


def duplicates(mixing: Mixing) -> int:
    """Draws that two different (seed, decision, step, who) share."""
    keys = [mixing(a, b, c, d) for a in SEEDS for b in DECISIONS for c in STEPS for d in PEOPLE]
    return len(keys) - len(set(keys))


def test_no_two_draws_are_the_same() -> None:
    assert duplicates(chained_keys) == 0


@pytest.mark.parametrize("mixing", [xored, shared_increment, xored_after_mixing])
def test_bad_mixings_are_caught(mixing: Mixing) -> None:
    assert duplicates(mixing) > 100


@given(st.integers(0, WORD), st.integers(0, WORD))
def test_the_round_is_the_published_one(key: int, value: int) -> None:
    assert int(draws.chained(np.uint64(key), np.uint64(value))) == finalised((key + value + GOLDEN) & WORD)


@pytest.mark.parametrize("moved", ["seed", "which", "step", "who"])
def test_each_key_moves_half_of_the_bits(moved: str) -> None:
    """Avalanche: 2,000 pairs one apart; the mean of 64 flips has sd 0.09, so 32 +- 0.5 is beyond five sd."""
    base = {"seed": 7, "which": 11, "step": 13, "who": 17}
    flips = []
    for k in range(2_000):
        here = {name: value + 2 * k for name, value in base.items()}
        there = here | {moved: here[moved] + 1}
        flips.append((chained_keys(**here) ^ chained_keys(**there)).bit_count())
    assert abs(np.mean(flips) - 32) < 0.5


def test_draws_are_uniform_and_independent_between_steps() -> None:
    """20,000 draws: Kolmogorov-Smirnov at 1 in 1,000, correlation under five standard errors (0.035)."""
    key = draws.decision("a test", "used by this test only")
    draws.DECISIONS.pop("a test")
    people = np.arange(20_000)
    first, second = draws.uniforms(5, key, people, 1), draws.uniforms(5, key, people, 2)
    assert stats.kstest(first, "uniform").pvalue > 0.001
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.035


@given(st.sets(st.integers(0, 2**63), min_size=1, max_size=40), st.integers(0, 2**63))
def test_a_newcomer_changes_nobody_else(people: set[int], newcomer: int) -> None:
    key = np.uint64(99)
    before = sorted(people)
    after = sorted(people | {newcomer})
    old = dict(zip(before, draws.uniforms(1, key, before, 3), strict=True))
    new = dict(zip(after, draws.uniforms(1, key, after, 3), strict=True))
    assert all(new[who] == old[who] for who in before)


def test_a_decision_is_known_by_its_name_only() -> None:
    key = draws.decision("another test", "declared twice, with the same key")
    draws.decision("a third test", "between the two")
    assert draws.decision("another test", "declared twice, with the same key") == key
    for name in ("another test", "a third test"):
        draws.DECISIONS.pop(name)


def test_content_ids_are_stable() -> None:
    assert draws.content_id("territory", 1) == draws.content_id("territory", 1)
    assert draws.content_id("territory", 1) != draws.content_id("territory", 11)
    assert draws.content_id("a", "b1") != draws.content_id("ab", "1")

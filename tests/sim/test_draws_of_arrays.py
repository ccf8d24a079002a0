"""Draws for whole arrays of ids are those that a kernel would make one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.draws import chained, child_ids, decision, normals, step_key, uniform, uniforms

LOT = decision("test.lot", "a lot drawn in a test")
OTHER = decision("test.other_lot", "another one")
WORD = st.integers(0, 2**64 - 1)


@settings(max_examples=60)
@given(seed=st.integers(0, 2**63 - 1), ids=st.lists(WORD, min_size=1, max_size=5), step=st.integers(0, 10_000))
def test_an_array_is_drawn_as_its_members_are(seed: int, ids: list[int], step: int) -> None:
    key = np.uint64(step_key(np.uint64(seed), LOT, step))
    alone = [uniform(np.uint64(chained(key, np.uint64(who)))) for who in ids]
    assert uniforms(seed, LOT, np.array(ids, dtype=np.uint64), step).tolist() == alone


def test_draws_keep_the_shape_of_the_ids_and_know_seed_decision_and_step() -> None:
    ids = np.arange(6).reshape(2, 3)
    drawn = uniforms(1, LOT, ids)
    assert drawn.shape == (2, 3)
    for other in (uniforms(2, LOT, ids), uniforms(1, OTHER, ids), uniforms(1, LOT, ids, step=1)):
        assert (other != drawn).all()
    assert uniforms(1, LOT, []).shape == (0,)


def test_a_member_draws_the_same_in_any_company() -> None:
    assert uniforms(1, LOT, [5, 9, 7])[1] == uniforms(1, LOT, [9])[0]


def test_draws_are_uniform_and_normal() -> None:
    ids = np.arange(200_000)
    flat, bell = uniforms(3, LOT, ids), normals(3, LOT, ids)
    assert np.histogram(flat, 10, (0, 1))[0] == pytest.approx(np.full(10, 20_000), rel=0.03)
    assert (bell.mean(), bell.std()) == pytest.approx((0, 1), abs=0.01)
    assert ((bell > 1.96).mean(), (bell < -1.96).mean()) == pytest.approx((0.025, 0.025), abs=0.002)
    assert (np.argsort(flat) == np.argsort(bell)).all()
    assert np.isfinite(bell).all()


def test_children_of_different_parents_never_share_an_id() -> None:
    ids = np.concatenate([child_ids(parent, np.arange(1_000)) for parent in (*range(50), 2**64 - 1)])
    assert len(np.unique(ids)) == len(ids)
    assert child_ids(3, [[1, 2], [3, 4]]).shape == (2, 2)

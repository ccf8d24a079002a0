import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from results.teaching.packed import TYPES, packed, unpacked


@given(arrays(np.uint8, array_shapes(max_dims=3)))
def test_whole_numbers_come_back_as_they_were(values: np.ndarray) -> None:
    assert (unpacked(packed(values, "u1")) == values).all()


@given(arrays(np.float32, array_shapes(max_dims=4), elements=st.floats(-1e9, 1e9, width=32)))
def test_decimals_come_back_as_they_were(values: np.ndarray) -> None:
    found = unpacked(packed(values, "f4"))
    assert found.shape == values.shape
    assert (found == values).all()


def test_what_is_missing_stays_missing_and_what_is_too_large_is_the_largest() -> None:
    assert np.isnan(unpacked(packed([np.nan], "f4"))).all()
    assert unpacked(packed([-3, 300], "u1")).tolist() == [0, 255]


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind != "f4"])
def test_a_scale_is_undone(kind: str) -> None:
    assert unpacked(packed([0.5, 2.0], kind, 0.25)).tolist() == [0.5, 2.0]

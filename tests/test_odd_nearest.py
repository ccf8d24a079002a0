"""Which of equally near sites comes first is as the ODD document says (7.2): on grids, where ties are the rule."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import KDTree

from tests.odd_nearest import nearest

K = 24


@pytest.mark.skipif(
    sys.platform != "linux", reason="SciPy is built with another C++ library, which orders ties its way"
)
@settings(max_examples=25)
@given(st.integers(3, 24), st.data())
def test_the_nearest_sites_of_cells_are_found_in_the_order_of_the_text(width: int, data: st.DataObject) -> None:
    cells = np.array([(x + 0.5, y + 0.5) for y in range(width) for x in range(width)])
    chosen = data.draw(st.sets(st.integers(0, len(cells) - 1), min_size=1, max_size=80))
    sites = cells[sorted(chosen)]
    k = min(K, len(sites))
    asked = cells[:: max(1, len(cells) // 40)]
    _km, found = KDTree(sites).query(asked, k=np.arange(1, k + 1))
    assert nearest(sites, asked, k) == found.tolist()

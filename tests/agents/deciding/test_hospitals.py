"""What hospitals do for the town: by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding import hospitals
from sim.parameters import behaviour_record

Q = behaviour_record()[0]
SHARES = st.floats(0, 1)


def test_leading_a_bid_sharpens_notice() -> None:
    assert hospitals.notice_base(0.5, np.array([False, True]), Q).tolist() == pytest.approx([0.5, 0.7])


def test_agreement_by_hand() -> None:
    assert hospitals.agreement(np.array([0.0, 1.0]), Q).value.tolist() == pytest.approx(
        [1 / (1 + np.exp(1.5)), 1 / (1 + np.exp(-0.5))]
    )


def test_ties_grow_only_where_there_is_one() -> None:
    tie, full = np.array([0.0, 0.2, 0.2, 0.05]), np.array([1.0, 1.0, 0.0, 0.0])
    asked = np.array([False, False, False, True])
    assert hospitals.tie_after(tie, full, asked, Q).tolist() == pytest.approx([0.0, 0.2 + 0.05 * 0.8, 0.2, 0.0])


@settings(max_examples=50)
@given(SHARES, SHARES, st.booleans())
def test_a_tie_stays_a_share(tie: float, alternating: float, asked: bool) -> None:
    after = hospitals.tie_after(np.array([tie]), np.array([alternating]), np.array([asked]), Q)[0]
    assert 0 <= after <= 1

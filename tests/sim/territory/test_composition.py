"""Rounding, shifting and standardising."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.parameters import parameter_record
from sim.territory.composition import ages, shifted, standardised, whole_rows
from sim.territory.notes import Note


@settings(max_examples=60)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=60), st.integers(2, 6))
def test_whole_rows_keep_each_row_and_carry_what_is_rounded_away(totals: list[int], bands: int) -> None:
    share = np.arange(1, bands + 1) / np.arange(1, bands + 1).sum()
    exact = np.outer(np.array(totals, dtype=float), share)
    whole = whole_rows(exact, np.array(totals, dtype=np.int64))
    assert whole.sum(axis=1).tolist() == totals
    assert (whole >= 0).all()
    assert (np.abs(whole.sum(axis=0) - exact.sum(axis=0)) < 1.5).all()


def test_ages_follow_the_share_of_the_old() -> None:
    people = np.full(400, 37)
    table = ages(people, np.full(400, 0.3), parameter_record()["territory_age_profile"][0])
    assert (table.sum(axis=1) == 37).all()
    assert table[:, 3:].sum() / people.sum() == pytest.approx(0.3, abs=0.001)
    assert table[:, 4].sum() / table[:, 3].sum() == pytest.approx(0.065 / 0.11, rel=0.01)


@settings(max_examples=60)
@given(arrays(float, 20, elements=st.floats(0.02, 0.6)), st.floats(0.05, 0.6))
def test_shifted_shares_have_the_wanted_mean_and_keep_their_order(share: np.ndarray, wanted: float) -> None:
    weights = np.arange(1, 21, dtype=float)
    moved = shifted(share, weights, wanted)
    assert np.average(moved, weights=weights) == pytest.approx(wanted, abs=1e-6)
    assert (np.diff(moved[np.argsort(share)]) >= -1e-12).all()


def test_standardised_rates_have_mean_0_and_variance_1_over_people() -> None:
    rate, people = np.array([0.1, 0.2, 0.4]), np.array([10.0, 30.0, 5.0])
    z = standardised(rate, people)
    assert np.average(z, weights=people) == pytest.approx(0)
    assert np.average(z**2, weights=people) == pytest.approx(1)
    assert standardised(np.full(3, 0.1), people).tolist() == [0, 0, 0]


def test_a_note_is_a_sentence_that_remembers_its_template() -> None:
    note = Note("Cells left out: {count}.", count=3)
    assert note == "Cells left out: 3."
    again = pickle.loads(pickle.dumps(note))
    assert (again, again.message, again.facts) == (note, "Cells left out: {count}.", {"count": 3})

"""First inhabitants like what a scenario says of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.mistakes import Mistake
from agents.patients import AGE_BANDS, ALD, C2S, WOMAN
from scenarios.reading import load_text
from sim.founding import found
from sim.likeness import CANDIDATES, Likeness, chosen
from tests.sim.made_people import bands as bands_of

SHARES = st.lists(st.floats(0.02, 0.98), min_size=6, max_size=6).map(np.array)


def candidates(counts: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Candidates whose traits are as frequent as in France."""
    several = counts * CANDIDATES
    draws = np.random.default_rng(seed).random((3, int(several.sum())))
    flags = np.zeros(draws.shape[1], dtype=np.uint32)
    for flag, share, draw in zip((WOMAN, ALD, C2S), (0.5, 0.2, 0.11), draws, strict=True):
        flags |= np.where(draw < share, flag, 0).astype(np.uint32)
    return several, flags


@given(st.integers(1, 12), st.integers(0, 10_000))
@settings(max_examples=40)
def test_every_cell_and_band_keeps_its_people(cells: int, seed: int) -> None:
    counts = np.random.default_rng(seed).integers(0, 40, (cells, len(AGE_BANDS)))
    several, flags = candidates(counts, seed)
    given_shares = Likeness(np.full(6, 0.6), np.full(6, 0.3), None)
    kept = chosen(flags, several, counts, given_shares)
    assert len(np.unique(kept)) == counts.sum()
    ends = np.cumsum(several.ravel())
    assert np.array_equal(np.bincount(np.searchsorted(ends, kept, side="right"), minlength=counts.size), counts.ravel())


@given(SHARES)
@settings(max_examples=25)
def test_shares_are_met_to_the_last_people(women: np.ndarray) -> None:
    """Of 2,000 people a band: shares of women from 2 to 98 %, of ALD at twice what candidates have."""
    counts = np.full((20, 6), 100)
    several, flags = candidates(counts, 1)
    wanted = Likeness(women, np.full(6, 0.4), np.full(6, 0.15))
    kept = chosen(flags, several, counts, wanted)
    band = np.searchsorted(np.cumsum(several.ravel()), kept, side="right") % 6
    for one in range(6):
        own = flags[kept[band == one]]
        for flag, share in ((WOMAN, women[one]), (ALD, 0.4), (C2S, 0.15)):
            assert abs(((own & flag) > 0).mean() - share) < 0.01


def test_a_share_that_cannot_be_met_is_refused() -> None:
    counts = np.full((20, 6), 100)
    several, flags = candidates(counts, 2)
    flags[:] = flags & ~np.uint32(C2S)
    with pytest.raises(Mistake, match=r"c2s_by_age: 0\.1 of the people aged 0-17"):
        chosen(flags, several, counts, Likeness(None, None, np.full(6, 0.1)))


def test_a_territory_follows_what_its_scenario_says() -> None:
    said = {
        "age_shares": [0.3, 0.2, 0.2, 0.12, 0.1, 0.08], "women_by_age": [0.5, 0.6, 0.4, 0.5, 0.6, 0.7],
        "ald_by_age": [0.05, 0.15, 0.4, 0.6, 0.8, 0.9], "c2s_by_age": [0.3, 0.2, 0.15, 0.1, 0.05, 0.02],
    }  # fmt: skip
    lines = [f"{name} = {shares}" for name, shares in said.items()]
    communes = '[territory.commune_shares]\n"Saint-Malo" = 0.7\n"La Gouesnière" = 0.3\n'
    text = "[territory]\npeople = 6000\ntown = 0\n" + "\n".join(lines) + "\n" + communes
    world = found(load_text(text, "said"))
    people = world.patients[:6000]
    bands = bands_of(people)
    assert (np.abs(np.bincount(bands, minlength=6) / 6000 - said["age_shares"]) < 0.001).all()
    for flag, name in ((WOMAN, "women_by_age"), (ALD, "ald_by_age"), (C2S, "c2s_by_age")):
        got = [((people["flags"][bands == one] & flag) > 0).mean() for one in range(6)]
        assert (np.abs(np.array(got) - said[name]) < 0.004).all(), name
    assert dict(zip(world.communes["name"].tolist(), world.communes["people"].tolist(), strict=True)) == {
        "Saint-Malo": 4200, "La Gouesnière": 1800,
    }  # fmt: skip
    assert (np.diff(people["cell"]) >= 0).all()
    assert len(np.unique(people["who"])) == 6000

"""Travel, decay, accessibility worked by hand, and the providers nearest to a cell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.declarations import Table, new_table
from agents.physicians import COLUMNS as PHYSICIANS
from sim.draws import decision, uniforms
from sim.parameters import parameter_record
from sim.specification import TerritorySpec
from sim.territory import access, build_ground
from sim.territory.access import accessibility, decay, fill_access, nearest, standardised_need, travel_minutes
from sim.territory.grid import CELLS, COMMUNES, Ground

PARAMETERS = parameter_record()
PLACE = decision("test.place", "where a provider of a test is")


def cells_at(places: list[tuple[float, float]], people: float = 1000.0) -> Table:
    cells = new_table(CELLS, len(places))
    cells["x_km"], cells["y_km"] = np.array(places).T
    cells["people"] = people * PARAMETERS["territory_age_profile"][0]
    return cells


def test_a_journey_takes_2_minutes_and_80_seconds_a_km() -> None:
    assert travel_minutes(0, 0, 0, 0, PARAMETERS) == pytest.approx(2)
    assert travel_minutes(0, 0, 3, 4, PARAMETERS) == pytest.approx(2 + 5 / 0.75)
    assert travel_minutes([0, 1], 0, [3, 1], [4, 9], PARAMETERS) == pytest.approx([2 + 5 / 0.75, 14])


@pytest.mark.parametrize(("minutes", "weight"), [(0, 1), (5, 1), (12.5, 0.5), (18.5, 0.1), (20, 0), (90, 0)])
def test_reach_decays_from_5_to_20_minutes(minutes: float, weight: float) -> None:
    assert decay(minutes, PARAMETERS) == pytest.approx(weight)


def test_need_counts_a_mean_person_once_and_an_old_one_more() -> None:
    french = 100 * PARAMETERS["territory_age_profile"][0][None]
    assert standardised_need(french, PARAMETERS) == pytest.approx([100])
    one_each = standardised_need(np.eye(6), PARAMETERS)
    assert (np.diff(one_each) > 0).all()
    assert one_each[5] / one_each[0] == pytest.approx(8.7 / 2.7)


def test_accessibility_worked_by_hand() -> None:
    # Two cells 6 km apart: 2 + 8 = 10 minutes, weight (20 - 10) / 15 = 2/3. Offers of 3,000 and 1,000.
    # R1 = 3000 / (1000 + 1000 * 2/3) = 1.8; R2 = 1000 / (1000 * 2/3 + 1000) = 0.6.
    # APL1 = 1.8 + 0.6 * 2/3 = 2.2; APL2 = 1.8 * 2/3 + 0.6 = 1.8.
    cells = cells_at([(0.5, 0.5), (6.5, 0.5)])
    assert accessibility(cells, [0, 1], [3000.0, 1000.0]) == pytest.approx([2.2, 1.8])
    assert accessibility(cells, [0, 0, 1, -1], [2000.0, 1000.0, 1000.0, 9999.0]) == pytest.approx([2.2, 1.8])


def test_nobody_reaches_a_physician_beyond_20_minutes() -> None:
    cells = cells_at([(0.5, 0.5), (14.5, 0.5)])
    assert accessibility(cells, [0], [3000.0]) == pytest.approx([3.0, 0.0])
    assert accessibility(cells, [], []) == pytest.approx([0.0, 0.0])


def test_territories_do_not_see_each_other() -> None:
    cells = cells_at([(0.5, 0.5), (0.5, 0.5)])
    cells["territory"] = [0, 1]
    assert accessibility(cells, [0, 1], [3000.0, 1000.0]) == pytest.approx([3.0, 1.0])
    assert nearest(cells, [0, 1, 0], 3).tolist() == [[0, 2, -1], [1, -1, -1]]


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.integers(1, 30))
def test_accessibility_shares_out_the_whole_offer(seed: int, physicians: int) -> None:
    cells = build_ground(TerritorySpec(people=5_000, town=2_000), 1).cells
    at = (uniforms(seed, PLACE, np.arange(physicians)) * len(cells)).astype(int)
    offer = 1_000 + 4_000 * uniforms(seed, PLACE, np.arange(physicians), step=1)
    apl = accessibility(cells, at, offer)
    assert (apl >= 0).all()
    assert apl @ standardised_need(cells["people"], PARAMETERS) == pytest.approx(offer.sum())


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.integers(1, 30), st.floats(0.01, 1.0))
def test_neighbours_take_no_more_of_the_offer_than_they_bring(seed: int, physicians: int, across: float) -> None:
    cells = build_ground(TerritorySpec(people=5_000, town=2_000), 1).cells
    at = (uniforms(seed, PLACE, np.arange(physicians)) * len(cells)).astype(int)
    offer = 1_000 + 4_000 * uniforms(seed, PLACE, np.arange(physicians), step=1)
    apl = accessibility(cells, at, offer, across=across)
    assert apl @ standardised_need(cells["people"], PARAMETERS) == pytest.approx(offer.sum())


def test_neighbours_are_the_same_ground_again() -> None:
    # A row of 20 cells, one physician at its western end. With neighbours the eastern end is 1 km away from the next
    # one, as the second cell is from the first; both see as many people, so each is as well served as its mirror image.
    cells = cells_at([(x + 0.5, 0.5) for x in range(20)])
    alone, open_ground = (accessibility(cells, [0], [5000.0], across=across) for across in (0.0, 1.0))
    assert alone[-1] == 0
    assert open_ground[-1] == pytest.approx(open_ground[1])
    assert open_ground[1:] == pytest.approx(open_ground[1:][::-1])


def test_where_everything_is_even_a_border_is_seen_only_without_neighbours() -> None:
    cells = cells_at([(x + 0.5, y + 0.5) for x in range(12) for y in range(9)])
    everywhere = np.arange(len(cells))
    even = accessibility(cells, everywhere, np.full(len(cells), 3500.0), across=1.0)
    assert even == pytest.approx(np.full(len(cells), 3.5))
    assert np.ptp(accessibility(cells, everywhere, np.full(len(cells), 3500.0))) > 0.1


def test_neighbours_are_those_of_an_invented_ground_only() -> None:
    physicians = new_table(PHYSICIANS, 1)
    physicians["leave_weeks"] = PARAMETERS["workforce_leave_weeks"][0]
    physicians["vacant_until"] = -1
    farthest = {}
    for builder in ("synthetic", "epci", "insee"):
        cells = cells_at([(x + 0.5, 0.5) for x in range(20)])
        fill_access(Ground("g", builder, cells, new_table(COMMUNES, 1)), physicians, PARAMETERS)
        farthest[builder] = float(cells["apl"][-1])
    assert farthest["synthetic"] == farthest["epci"] > 0
    assert farthest["insee"] == 0


def test_portions_of_providers_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = build_ground(TerritorySpec(), 1).cells
    at = np.arange(0, len(cells), 3)
    whole = accessibility(cells, at, np.full(len(at), 100.0))
    monkeypatch.setattr(access, "CHUNK", 7)
    assert accessibility(cells, at, np.full(len(at), 100.0)) == pytest.approx(whole)


def test_old_physicians_and_empty_posts_do_not_count_where_they_should_not() -> None:
    cells, communes = cells_at([(0.5, 0.5), (40.5, 0.5), (80.5, 0.5)], people=1400.0), new_table(COMMUNES, 2)
    cells["commune"] = [0, 1, 1]
    physicians = new_table(PHYSICIANS, 4)
    physicians["cell"] = [0, 1, 2, 2]
    physicians["birth_week"] = [-50 * 52, -65 * 52 - 1, -40 * 52, -40 * 52]
    physicians["leave_weeks"] = PARAMETERS["workforce_leave_weeks"][0]
    physicians["half_days"] = PARAMETERS["territory_full_activity_half_days"][0]
    physicians["vacant_until"] = [-1, -1, -1, 5]
    fill_access(Ground("g", "insee", cells, communes), physicians, PARAMETERS)
    assert cells["apl"] == pytest.approx([5000 / 1400] * 3)
    assert cells["under_served"].tolist() == [0, 1, 0]
    assert communes["apl"] == pytest.approx([5000 / 1400] * 2)
    fill_access(Ground("g", "insee", cells, communes), physicians, PARAMETERS, week=6)
    assert cells["apl"][2] == pytest.approx(2 * 5000 / 1400)


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.integers(0, 40), st.integers(1, 12))
def test_nearest_providers_are_those_of_a_plain_search(seed: int, providers: int, k: int) -> None:
    cells = cells_at([(x + 0.5, y + 0.5) for x in range(9) for y in range(7)])
    at = (uniforms(seed, PLACE, np.arange(providers)) * (len(cells) + 1)).astype(int) - 1
    found = nearest(cells, at, k)
    assert found.dtype == np.int32
    for row, cell in enumerate(cells):
        squared = {
            j: (cells["x_km"][c] - cell["x_km"]) ** 2 + (cells["y_km"][c] - cell["y_km"]) ** 2
            for j, c in enumerate(at)
            if c >= 0
        }
        wanted = sorted(squared, key=lambda j: (squared[j], j))[:k]
        assert found[row].tolist() == wanted + [-1] * (k - len(wanted))

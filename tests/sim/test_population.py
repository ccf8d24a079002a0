from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from agents.declarations import Table
from agents.nurses import LIBERAL
from agents.patients import (
    ALD,
    ALIVE,
    AME,
    C2S,
    CHRONIC,
    CONDITIONS,
    DIABETES,
    FAR,
    HYPERTENSION,
    INAPPROPRIATE_DRUG,
    MENTAL,
    NEVER,
    NEWS,
    NO_PENDING,
    POOR,
    WOMAN,
)
from sim.parameters import parameter_record
from sim.population import ame_by_cell, c2s_by_cell, continuing_stops, inhabitants, populate
from sim.specification import ScenarioSpec
from sim.world import World
from tests.sim.made_people import ages, bands, hand_made_staff, living, made_world, uneven_village

PEOPLE = 60_000
PAR = parameter_record()


@cache
def world() -> World:
    return made_world(PEOPLE)


def has(patients: Table, condition: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    return (patients["conditions"] >> condition & 1).astype(bool)


def is_(patients: Table, flag: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    return (patients["flags"] & flag) != 0


def assert_share(found: float, wanted: float, people: int, slack: float = 0.0) -> None:
    """Within four standard errors of a share (a fault of that size in a hundred checks is one seed in 160)."""
    assert abs(found - wanted) < 4 * np.sqrt(max(wanted * (1 - wanted), 1e-9) / people) + slack, (found, wanted)


@given(arrays(np.float64, (7, 6), elements=st.floats(0, 300)))
def test_whole_people_keep_each_band_total_and_stay_within_one_of_the_cell(people: np.ndarray) -> None:
    whole = inhabitants(people)
    assert abs(whole.sum() - people.sum()) <= 0.5 + 1e-6
    assert (np.abs(whole.sum(axis=0) - people.sum(axis=0)) <= 1 + 1e-6).all()
    assert (whole >= 0).all()
    assert (np.abs(whole - people) < 2.0 + 1e-6).all()


def test_one_row_per_inhabitant_of_the_band_of_the_cell() -> None:
    people = living(world())
    assert len(people) == round(float(world().cells["people"].sum()))
    counted = np.zeros((len(world().cells), 6), dtype=int)
    np.add.at(counted, (people["cell"], bands(people)), 1)
    np.testing.assert_array_equal(counted, inhabitants(world().cells["people"]))


def test_prevalence_by_age_is_that_of_the_table() -> None:
    people = living(world())
    band = bands(people)
    for condition, wanted in enumerate(PAR[0]["population_prevalence"]):
        for b in range(6):
            found = has(people[band == b], condition).mean()
            # Ages within the hand-made bands follow survivors, the poor are 16.5 % in France and 16 % here.
            assert_share(float(found), wanted[b], int((band == b).sum()), slack=0.01 if condition == MENTAL else 0.003)


def test_overall_shares_are_those_of_the_evidence() -> None:
    people = living(world())
    adults = people[ages(people) >= 18]
    assert 0.050 <= has(people, DIABETES).mean() <= 0.062  # P-DIAB, V-05
    assert 0.281 <= has(people[(ages(people) >= 18) & (ages(people) < 75)], HYPERTENSION).mean() <= 0.332  # P-HTA
    assert 0.022 <= has(adults, CONDITIONS.index("heart_failure")).mean() <= 0.030  # P-HF
    assert_share(float(is_(people, ALD).mean()), 0.18, len(people), slack=0.006)
    assert 0.25 <= is_(people, CHRONIC).mean() <= 0.29
    assert_share(float(is_(people, AME).mean()), 0.006, len(people), slack=0.001)
    assert 0.09 <= is_(people, C2S).mean() <= 0.135


def test_conditions_cluster_beyond_age() -> None:
    people = living(world())
    old = people[bands(people) == 3]
    a, b = has(old, DIABETES), has(old, HYPERTENSION)
    odds = (a & b).sum() * (~a & ~b).sum() / ((a & ~b).sum() * (~a & b).sum())
    assert 1.3 < odds < 4.0


def test_poorer_cells_are_sicker() -> None:
    people = living(world())
    working = people[(ages(people) >= 40) & (ages(people) < 60)]
    poverty = world().cells["poverty"][working["cell"]]
    poor, rich = poverty > np.quantile(poverty, 0.67), poverty < np.quantile(poverty, 0.33)
    assert is_(working, POOR)[poor].mean() > 1.5 * is_(working, POOR)[rich].mean()
    assert working["conditions"][poor].astype(bool).mean() > working["conditions"][rich].astype(bool).mean()
    diabetes_ratio = (
        has(working[is_(working, POOR)], DIABETES).mean() / has(working[~is_(working, POOR)], DIABETES).mean()
    )
    assert 1.5 < diabetes_ratio < 2.6


def test_frailty_rises_with_age_and_conditions() -> None:
    people = living(world())
    band = bands(people)
    frailty = people["frailty"] / 255.0
    for b, wanted in enumerate(PAR[0]["population_frailty_mean"]):
        assert frailty[band == b].mean() == pytest.approx(wanted, rel=0.08, abs=0.004)
    number = np.bitwise_count(people["conditions"])
    assert frailty[(band == 4) & (number >= 3)].mean() > 1.3 * frailty[(band == 4) & (number == 0)].mean()


def test_women_are_more_at_high_ages() -> None:
    people = living(world())
    share = [float(is_(people[bands(people) == b], WOMAN).mean()) for b in range(6)]
    assert 0.47 < share[0] < 0.51
    assert share[5] > 0.58
    assert share[5] > share[4] > share[3]


def test_every_column_is_filled_in_range() -> None:
    people = living(world())
    chronic = is_(people, CHRONIC)
    weeks = people["renewal_interval_months"][chronic] * 52 / 12
    assert (people["renewal_due_week"][chronic] <= weeks).all()
    assert (people["renewal_due_week"][~chronic] == FAR).all()
    assert len(np.unique(people["who"])) == len(people)
    assert (people["wake"] >= 0).all()
    assert (people["wake"] <= 52).all()
    assert not is_(people, NEWS).any()
    assert (people["pending"]["need"] == NO_PENDING).all()
    assert 0.65 < people["control"][has(people, HYPERTENSION)][:, HYPERTENSION].mean() / 65535 < 0.8
    assert (people["control"][~has(people, HYPERTENSION)][:, HYPERTENSION] == 0).all()
    assert np.median(people["drift"][~is_(people, POOR)]) == pytest.approx(0.0015, rel=0.05)
    assert np.quantile(people["drift"][~is_(people, POOR)], 0.9) == pytest.approx(0.006, rel=0.08)
    assert people["health_literacy"].mean() / 255 == pytest.approx(5 / 8, abs=0.01)
    assert (people["last_gp"] == NEVER).all()
    assert people["persistent_factor"].mean() == pytest.approx(127.5, abs=2)


def test_drugs_follow_conditions_and_some_are_inappropriate() -> None:
    people = living(world())
    number = np.bitwise_count(people["conditions"])
    mean = 0.6 + 1.9 * number + 1.5 * people["frailty"] / 255
    assert people["n_drugs"].mean() == pytest.approx(mean.mean(), rel=0.02)
    many = (ages(people) >= 75) & (people["n_drugs"] >= 5)
    assert_share(float(is_(people[many], INAPPROPRIATE_DRUG).mean()), 0.25, int(many.sum()))
    some = ~many & (people["n_drugs"] > 0)
    assert_share(float(is_(people[some], INAPPROPRIATE_DRUG).mean()), 0.05, int(some.sum()))


def test_home_nursing_fills_the_minutes_of_liberal_nurses() -> None:
    w = world()
    people = living(w)
    stops = people["home_stops"].sum()
    assert stops == pytest.approx(continuing_stops(w.nurses, PAR), rel=0.01)
    liberal = w.nurses[w.nurses["kind"] == LIBERAL]
    q = PAR[0]
    per_nurse = stops / len(liberal)
    km = q["service_round_factor"] * np.sqrt(per_nurse / q["service_round_days"] * liberal["area_km2"][0])
    minutes = per_nurse * q["service_stop_minutes"] + q["service_round_days"] * 60 * km / q["service_round_speed"]
    assert minutes == pytest.approx(2700 * 0.9 * 0.95 * q["population_home_continuing"], rel=0.02)
    assert people["frailty"][people["home_stops"] > 0].mean() > 2 * people["frailty"].mean()
    assert (people["nurse_tie"][people["home_stops"] > 0] >= 0).all()


def test_means_tested_cover_follows_poverty_and_meets_a_given_share() -> None:
    cells = uneven_village().cells
    share = c2s_by_cell(cells, PAR)
    assert share[cells["poverty"].argmax()] > share[cells["poverty"].argmin()]
    given_share = c2s_by_cell(cells, PAR, 0.25)
    assert np.average(given_share, weights=cells["people"].sum(axis=1)) == pytest.approx(0.25, abs=1e-6)
    people = living(made_world(8_000, c2s=0.25))
    assert_share(float(is_(people, C2S).mean()), 0.25, len(people), slack=0.01)


def test_state_medical_aid_clusters_in_poor_urban_cells() -> None:
    cells = uneven_village(60_000).cells
    share = ame_by_cell(cells, PAR)
    crowded = cells["people"].sum(axis=1) >= PAR[0]["population_urban_density"]
    assert crowded.any()
    assert share[crowded].mean() > 2 * share[~crowded].mean()
    assert np.corrcoef(share[~crowded], cells["poverty"][~crowded])[0, 1] > 0.5


def test_same_seed_same_bytes_and_another_seed_others() -> None:
    a, b, c = made_world(3_000), made_world(3_000), made_world(3_000, seed=2)
    assert a.patients.tobytes() == b.patients.tobytes()
    assert a.patients.tobytes() != c.patients.tobytes()


def test_a_person_hangs_on_the_cell_and_not_on_the_row() -> None:
    ground = uneven_village(3_000)
    ground.cells["people"] = ground.cells["people"].round()
    straight = populate(ground, hand_made_staff(ground), ScenarioSpec(), 1, PAR)
    turned = uneven_village(3_000)
    turned.cells["people"] = turned.cells["people"].round()
    order = np.arange(len(turned.cells))[::-1]
    turned.cells[:] = turned.cells[order]
    staff = hand_made_staff(uneven_village(3_000))
    staff.physicians["cell"] = len(order) - 1 - staff.physicians["cell"]
    staff.nurses["cell"] = len(order) - 1 - staff.nurses["cell"]
    backwards = populate(turned, staff, ScenarioSpec(), 1, PAR)
    a = straight[(straight["flags"] & ALIVE) != 0]
    b = backwards[(backwards["flags"] & ALIVE) != 0]
    a, b = a[np.argsort(a["who"])], b[np.argsort(b["who"])]
    for name in ("who", "birth_week", "conditions", "frailty", "drift", "n_drugs", "vulnerability", "health_literacy"):
        np.testing.assert_array_equal(a[name], b[name], err_msg=name)

"""The invented territory: people conserved, wanted shares met, one seed one ground."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.mistakes import Mistake
from sim.area_types import AREA_TYPES
from sim.parameters import parameter_record
from sim.specification import TerritorySpec
from sim.territory import build_ground
from sim.territory.grid import Ground

DEFAULT = TerritorySpec()
FRENCH = dict(zip(AREA_TYPES, [0.212, 0.132, 0.074, 0.11, 0.293, 0.176], strict=True))


def inhabitants(ground: Ground) -> np.ndarray:
    return ground.cells["people"].sum(axis=1).astype(float)


def check_sound(ground: Ground, people: int) -> None:
    """What holds on any ground."""
    cells, communes = ground.cells, ground.communes
    assert communes["people"].sum() == people
    assert inhabitants(ground).sum() == people
    by_commune = np.bincount(cells["commune"], weights=inhabitants(ground), minlength=len(communes))
    assert by_commune.tolist() == communes["people"].tolist()
    assert (inhabitants(ground) >= 1).all()
    assert (cells["people"] == np.rint(cells["people"])).all()
    assert (cells["people"] >= 0).all()
    assert len(np.unique(cells["who"])) == len(cells)
    assert len(set(zip(cells["x_km"].tolist(), cells["y_km"].tolist(), strict=True))) == len(cells)
    assert len(set(communes["code"].tolist())) == len(communes)
    assert ((cells["poverty"] > 0) & (cells["poverty"] < 1)).all()
    assert (cells["area_type"] == communes["area_type"][cells["commune"]]).all()
    assert np.average(cells["poverty_z"], weights=inhabitants(ground)) == pytest.approx(0, abs=1e-4)
    assert inhabitants(ground).max() <= parameter_record()["territory_cell_people_most"][0]


def test_the_default_territory_is_a_median_epci() -> None:
    ground = build_ground(DEFAULT, 1)
    check_sound(ground, 23_000)
    assert ground.communes["people"].max() == 8_000
    assert 8 <= len(ground.communes) <= 53  # first and ninth tenths of P-SYN-MEMB
    assert ground.cells["x_km"].max() < 30
    assert ground.cells["y_km"].max() < 25
    assert not ground.gp_cells
    assert "Invented" in ground.notes[0]


@settings(max_examples=25)
@given(
    people=st.integers(200, 60_000), town=st.integers(0, 20_000), columns=st.integers(2, 40), rows=st.integers(2, 40),
    seed=st.integers(0, 2**63 - 1),
)  # fmt: skip
def test_people_are_conserved_on_any_ground(people: int, town: int, columns: int, rows: int, seed: int) -> None:
    spec = replace(DEFAULT, people=people, town=town, columns=columns, rows=rows)
    check_sound(build_ground(spec, seed), people)


def test_same_seed_same_ground_and_another_seed_another_ground() -> None:
    one, same, other = (build_ground(DEFAULT, seed) for seed in (7, 7, 8))
    assert one.cells.tobytes() == same.cells.tobytes()
    assert one.communes.tobytes() == same.communes.tobytes()
    assert other.cells.tobytes() != one.cells.tobytes()


def test_the_name_of_a_territory_gives_it_ids_of_its_own() -> None:
    here, there = (build_ground(replace(DEFAULT, name=name), 1) for name in ("here", "there"))
    assert not set(here.cells["who"].tolist()) & set(there.cells["who"].tolist())


def test_shares_of_age_and_poverty_are_those_asked_for() -> None:
    ground = build_ground(replace(DEFAULT, share_65_plus=0.171, poverty=0.18), 3)
    people = inhabitants(ground)
    assert ground.cells["people"][:, 3:].sum() / people.sum() == pytest.approx(0.171, abs=0.001)
    assert np.average(ground.cells["poverty"], weights=people) == pytest.approx(0.18, abs=1e-4)


def test_no_age_band_is_lost_in_small_cells() -> None:
    ground = build_ground(replace(DEFAULT, share_65_plus=0.21), 3)
    shares = ground.cells["people"].sum(axis=0) / inhabitants(ground).sum()
    assert shares == pytest.approx(parameter_record()["territory_age_profile"][0], abs=0.001)


@pytest.mark.parametrize("types", [{}, {"T1": 1.0}, FRENCH, {"T4": 0.3, "T6": 0.7}], ids=str)
def test_people_divide_between_living_areas_as_wanted(types: dict[str, float]) -> None:
    ground = build_ground(replace(DEFAULT, people=200_000, town=30_000, area_types=types), 4)
    wanted = np.array([types.get(t, 0.0) for t in AREA_TYPES]) if types else np.array([0.5, 0.5, 0, 0, 0, 0])
    got = np.bincount(ground.communes["area_type"], weights=ground.communes["people"], minlength=6) / 200_000
    assert got == pytest.approx(wanted / wanted.sum(), abs=0.03)


def test_living_areas_carry_their_ages_and_poverty() -> None:
    old, young = (build_ground(replace(DEFAULT, area_types={t: 1.0}), 5).cells for t in ("T3", "T1"))
    assert old["people"][:, 3:].sum() / old["people"].sum() == pytest.approx(0.29, abs=0.002)
    assert young["people"][:, 3:].sum() / young["people"].sum() == pytest.approx(0.18, abs=0.002)


def test_poor_cells_gather() -> None:
    cells = build_ground(replace(DEFAULT, people=100_000, area_types={"T4": 1.0}), 6).cells
    z = {(float(c["x_km"]), float(c["y_km"])): float(c["poverty_z"]) for c in cells}
    pairs = [(value, z[x + 1, y]) for (x, y), value in z.items() if (x + 1, y) in z]
    near = np.corrcoef(np.array(pairs).T)[0, 1]
    assert 0.2 < near < 0.9
    people = cells["people"].sum(axis=1)
    mean = np.average(cells["poverty"], weights=people)
    assert 0.03 < np.sqrt(np.average((cells["poverty"] - mean) ** 2, weights=people)) < 0.15


def test_few_people_leave_the_outer_cells_empty() -> None:
    ground = build_ground(replace(DEFAULT, people=200), 1)
    check_sound(ground, 200)
    assert np.ptp(ground.cells["x_km"]) < 6
    assert any("cut" in note for note in ground.notes)


def test_many_people_make_the_ground_larger_and_say_so() -> None:
    ground = build_ground(replace(DEFAULT, people=1_000_000, town=250_000, area_types=FRENCH), 1)
    check_sound(ground, 1_000_000)
    assert ground.cells["x_km"].max() > 30
    assert any("made larger" in note for note in ground.notes)
    assert len(ground.communes) > 100


@pytest.mark.parametrize(("town", "count"), [(30_000, 3), (18_000, 3), (0, 4), (52_000, 1), (5_000, 40)])
def test_a_wanted_number_of_communes_is_met(town: int, count: int) -> None:
    for seed in range(5):
        ground = build_ground(replace(DEFAULT, people=52_000, town=town, commune_count=count), seed)
        check_sound(ground, 52_000)
        assert len(ground.communes) == count
        if town:
            assert ground.communes["people"].max() == pytest.approx(town, abs=2)


def test_the_centre_of_the_town_is_denser_than_its_edge() -> None:
    cells = build_ground(replace(DEFAULT, people=20_000, town=20_000), 2).cells
    people = cells["people"].sum(axis=1)
    centre = int(np.argmax(people))
    far = np.hypot(cells["x_km"] - cells["x_km"][centre], cells["y_km"] - cells["y_km"][centre])
    assert people[far < 2].mean() > 5 * people[far > 5].mean()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"builder": "sinthetic"}, '"synthetic"'),
        ({"people": 0}, "people = 0"),
        ({"people": 250, "commune_count": 300}, "commune_count = 300"),
        ({"people": 52_000, "town": 10_000, "commune_count": 3}, "commune_count = 3"),
        ({"area_types": {"T9": 1.0}}, '"T9"'),
        ({"area_types": {"T1": 0.0}}, "above 0"),
        ({"area_types": {"T1": -1.0, "T2": 2.0}}, "0 or more"),
    ],
)
def test_what_cannot_be_built_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(Mistake, match=words):
        build_ground(replace(DEFAULT, **changes), 1)  # type: ignore[arg-type]

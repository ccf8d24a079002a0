"""Real EPCIs: the bundled table whole, names as people write them, people conserved."""

import numpy as np
import pytest

from agents.mistakes import Mistake
from sim.area_types import AREA_TYPES
from sim.parameters import parameter_record
from sim.specification import TerritorySpec
from sim.territory import build_ground
from sim.territory.epci import commune_table, epci_codes, plain, resolve_epci
from sim.territory.living_areas import by_size


def test_the_bundled_table_is_whole() -> None:
    table = commune_table()
    assert len(table) == len(set(table["code"].tolist())) == 34_957
    assert table["population"].sum() == 68_952_941
    assert table["population"].min() > 0
    assert len(epci_codes()) == 1_255
    assert (table["epci"] == "").sum() == 92
    region = np.array([int(code or 0) for code in table["region"].tolist()])
    metropolitan = table[(region >= 11) & (region <= 94)]
    assert (len(metropolitan), metropolitan["population"].sum()) == (34_740, 66_165_815)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("200046977", "200046977"),
        ("Lyon", "200046977"),
        ("Métropole de Lyon", "200046977"),
        ("villeurbanne", "200046977"),
        ("CC de Cahors", "200023737"),
        ("ca du havre", "200084952"),
        ("Le Mans", "247200132"),
        ("CA of Saint-Denis", "249740119"),
    ],
)
def test_an_epci_is_found_by_code_or_name(name: str, code: str) -> None:
    assert resolve_epci(name) == code


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "nine-digit code"),
        ("Parris", "Did you mean Paris"),
        ("200046978", "200046977"),
        ("Saint-Denis", "fits 4 EPCIs"),
        ("Sainte-Colombe", "Give the nine-digit code"),
        ("xqzw", "this name. Expected"),
        ("CC of nowhere at all", "no EPCI has this code"),
        ("l'ile d yeu", "L'Île-d'Yeu belongs to no EPCI"),
        ("CC de Bora-Bora", "Bora-Bora belongs to no EPCI"),
    ],
)
def test_an_unknown_or_ambiguous_epci_is_refused(name: str, words: str) -> None:
    with pytest.raises(Mistake, match=words):
        resolve_epci(name)


def test_names_are_compared_without_accents_and_hyphens() -> None:
    assert plain("Saint-Étienne-du-Grès") == "saint etienne du gres"
    assert plain("L'Haÿ-les-Roses") == "l hay les roses"
    assert plain("Œuilly") == "oeuilly"


@pytest.mark.parametrize("code", ["244600573", "200067106", "200054781", "200023737"])
def test_people_of_an_epci_are_its_legal_population(code: str) -> None:
    ground = build_ground(TerritorySpec(builder="epci", name=code), 1)
    members = commune_table()[commune_table()["epci"] == code]
    assert dict(zip(ground.communes["code"].tolist(), ground.communes["people"].tolist(), strict=True)) == dict(
        zip(members["code"].tolist(), members["population"].tolist(), strict=True)
    )
    people = ground.cells["people"].sum(axis=1).astype(float)
    by_commune = np.bincount(ground.cells["commune"], weights=people)
    assert by_commune.tolist() == ground.communes["people"].tolist()
    assert people.max() <= 25_000
    assert ground.name.endswith(f"({code})")
    assert any("Licence Ouverte" in note for note in ground.notes)
    assert any("laid out" in note for note in ground.notes)


def test_a_commune_keeps_its_living_area_from_seed_to_seed() -> None:
    one, other = (build_ground(TerritorySpec(builder="epci", name="200023737"), seed) for seed in (1, 2))
    assert one.communes["area_type"].tolist() == other.communes["area_type"].tolist()
    assert one.cells.tobytes() != other.cells.tobytes()


def test_living_areas_of_france_have_their_shares() -> None:
    table = commune_table()[commune_table()["epci"] != ""]
    parameters = parameter_record()
    types = by_size(table["code"], table["epci"], table["population"].astype(np.int64), parameters)
    shares = np.bincount(types, weights=table["population"], minlength=len(AREA_TYPES)) / table["population"].sum()
    assert shares == pytest.approx(parameters["territory_population_share"][0], abs=0.03)


def test_the_scenario_may_set_the_living_areas_of_an_epci() -> None:
    ground = build_ground(TerritorySpec(builder="epci", name="200023737", area_types={"T4": 1.0}, poverty=0.3), 1)
    assert set(ground.communes["area_type"].tolist()) == {3}
    assert "Living-area types are in the proportions that the scenario asks for." in ground.notes
    people = ground.cells["people"].sum(axis=1)
    assert np.average(ground.cells["poverty"], weights=people) == pytest.approx(0.3, abs=1e-4)

"""The user's Insee files: read, summed by 1 km, refused with one clear sentence when wrong. All data is invented."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from agents.mistakes import Mistake
from sim.specification import TerritorySpec
from sim.territory import build_ground
from sim.territory.bpe import codes_of, editions
from sim.territory.grid import Ground

DATA = Path(__file__).parents[2] / "data"
GRID_200 = DATA / "invented_filosofi_200m.csv"
GRID_1KM = DATA / "invented_filosofi_1km.csv"
BPE = DATA / "invented_bpe.csv"
type Change = Callable[[pd.DataFrame], pd.DataFrame]


def built(filosofi: Path, bpe: Path | str = "", **keys: object) -> Ground:
    return build_ground(replace(TerritorySpec(builder="insee", filosofi=str(filosofi), bpe=str(bpe)), **keys), 1)  # type: ignore[arg-type]


def raw(path: Path, separator: str = ",") -> pd.DataFrame:
    return pd.read_csv(path, sep=separator, dtype=str, keep_default_na=False)


def test_people_of_200_m_squares_are_summed_by_km_and_rounded_last() -> None:
    table, ground = raw(GRID_200), built(GRID_200)
    exact = table.assign(ind=table["ind"].astype(float)).groupby("idcar_1km")["ind"].sum()
    people = ground.cells["people"].sum(axis=1)
    assert len(ground.cells) == len(exact) == 6
    assert people.sum() == np.rint(exact.sum())
    assert np.sort(people) == pytest.approx(np.sort(exact.to_numpy()), abs=1)
    assert set(zip(ground.cells["x_km"].tolist(), ground.cells["y_km"].tolist(), strict=True)) == {
        (x + 0.5, y + 0.5) for x in range(3) for y in range(2)
    }
    assert ground.communes["people"].sum() == people.sum()


def test_communes_come_from_the_first_code_with_their_real_names() -> None:
    ground = built(GRID_200)
    assert ground.communes["code"].tolist() == ["01001", "01002"]
    assert ground.communes["name"].tolist() == ["L'Abergement-Clémenciat", "L'Abergement-de-Varey"]
    assert not any("absent" in note for note in ground.notes)


def test_ages_are_mapped_to_the_bands_of_the_model() -> None:
    table, ground = raw(GRID_200), built(GRID_200)
    total = {c: table[c].astype(float).sum() for c in map(str, table) if c.startswith("ind_") and c != "ind_snv"}
    known = sum(v for c, v in total.items() if c != "ind_inc")
    children = total["ind_0_3"] + total["ind_4_5"] + total["ind_6_10"] + total["ind_11_17"]
    adults = total["ind_18_24"] + total["ind_25_39"] + 0.32 * total["ind_40_54"]
    wanted = [
        children, adults, 0.68 * total["ind_40_54"] + total["ind_55_64"], 0.74 * total["ind_65_79"],
        0.26 * total["ind_65_79"] + 0.44 * total["ind_80p"], 0.56 * total["ind_80p"],
    ]  # fmt: skip
    people = ground.cells["people"].sum(axis=0)
    assert people / people.sum() == pytest.approx(np.array(wanted) / known, abs=0.001)


def test_poverty_is_smoothed_and_imputed_squares_are_reported() -> None:
    table, ground = raw(GRID_200), built(GRID_200)
    poor = table["men_pauv"].astype(float).sum() / table["men"].astype(float).sum()
    assert np.average(ground.cells["poverty"], weights=ground.cells["people"].sum(axis=1)) == pytest.approx(
        poor, abs=0.01
    )
    by_km = table.astype({"men": float, "men_pauv": float}).groupby("idcar_1km")[["men_pauv", "men"]].sum()
    unsmoothed = (by_km["men_pauv"] / by_km["men"]).to_numpy()
    assert 0 < np.ptp(ground.cells["poverty"]) < np.ptp(unsmoothed)
    ind = table["ind"].astype(float)
    share = round(100 * ind[table["i_est_200"] == "1"].sum() / ind.sum(), 1)
    assert f"People in imputed squares: {share} %." in ground.notes


def test_the_1_km_file_of_2017_is_read_and_districts_are_mapped() -> None:
    ground = built(GRID_1KM)
    assert len(ground.cells) == 20
    assert ground.communes["code"].tolist() == ["75056", "99999"]
    assert ground.communes["name"].tolist() == ["Paris", "99999"]
    assert any(note.endswith("(kept under their code): 99999.") for note in ground.notes)


def test_communes_can_be_chosen() -> None:
    ground = built(GRID_200, communes=["01002"])
    assert ground.communes["code"].tolist() == ["01002"]
    paris = built(GRID_1KM, communes=["75104"])
    assert paris.communes["code"].tolist() == ["75056"]


def test_a_ground_does_not_hang_on_the_seed() -> None:
    spec = TerritorySpec(builder="insee", filosofi=str(GRID_200), bpe=str(BPE))
    assert build_ground(spec, 1).cells.tobytes() == build_ground(spec, 2).cells.tobytes()


def test_scenario_shares_that_the_file_overrules_are_said() -> None:
    assert any("not used" in note for note in built(GRID_200, poverty=0.3).notes)


def test_the_scenario_may_set_the_living_areas() -> None:
    assert set(built(GRID_200, area_types={"T3": 1.0}).cells["area_type"].tolist()) == {2}


def test_facilities_stand_where_the_bpe_puts_them() -> None:
    ground = built(GRID_200, BPE)
    corner = {(0.5, 0.5): 2, (1.5, 1.5): 1}  # physicians with coordinates inside the grid
    places = [(float(ground.cells["x_km"][c]), float(ground.cells["y_km"][c])) for c in ground.gp_cells]
    assert len(places) == 5
    assert all(places.count(place) >= count for place, count in corner.items())
    fullest = np.argmax(np.where(ground.cells["commune"] == 1, ground.cells["people"].sum(axis=1), 0))
    assert ground.gp_cells.count(int(fullest)) >= 2  # one without coordinates, one far from anybody
    assert len(ground.nurse_cells) == 3
    assert len(ground.hospital_cells) == 1
    hospital = ground.cells[ground.hospital_cells[0]]
    assert (hospital["x_km"], hospital["y_km"]) == (2.5, 1.5)
    assert any("without coordinates" in n and n.endswith(": 2.") for n in ground.notes)
    assert any("far from" in n and n.endswith(": 1.") for n in ground.notes)
    assert any("other communes" in n and n.endswith(": 1.") for n in ground.notes)


def test_an_older_bpe_in_cp1252_has_other_codes(tmp_path: Path) -> None:
    table = raw(BPE, ";").drop(columns="EPSG").replace({"TYPEQU": {"D265": "D201", "D281": "D232"}})
    table["AN"], table["NOMRS"] = "2018", "inventé"
    table.to_csv(tmp_path / "invented_bpe_2018.csv", sep=";", index=False, encoding="cp1252")
    ground = built(GRID_200, tmp_path / "invented_bpe_2018.csv")
    assert (len(ground.gp_cells), len(ground.nurse_cells)) == (5, 3)


def test_codes_are_kept_by_edition() -> None:
    assert codes_of(2024)["D265"] == codes_of(2019)["D201"] == "gp"
    assert "D201" not in codes_of(2024)
    years = [edition["first_year"] for edition in editions()]
    assert years == sorted(years, reverse=True)
    assert years[-1] == 0


def test_coordinates_without_pyproj_say_how_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyproj", None)
    with pytest.raises(Mistake, match=r'pip install "careteams\[geo\]"'):
        built(GRID_200, BPE)
    table = raw(BPE, ";").assign(LAMBERT_X="", LAMBERT_Y="_Z")
    table.to_csv(tmp_path / "invented.csv", sep=";", index=False)
    assert len(built(GRID_200, tmp_path / "invented.csv").gp_cells) == 5  # nothing to project


def put(column: str, value: str, row: int = 3) -> Change:
    def change(table: pd.DataFrame) -> pd.DataFrame:
        table.loc[row, column] = value
        return table

    return change


def dropped(*columns: str) -> Change:
    return lambda table: table.drop(columns=list(columns))


def repeated(table: pd.DataFrame) -> pd.DataFrame:
    table.loc[5] = table.loc[3]
    return table


BAD_GRIDS: dict[str, tuple[Change, str]] = {
    "no identifier": (dropped("idcar_200m", "idcar_1km"), "lacks the columns idcar_200m. It has: "),
    "no households": (dropped("men", "men_pauv"), "lacks the columns men, men_pauv"),
    "no ages": (dropped("ind_65_79", "ind_80p"), "lacks the columns ind_65_79, ind_80p"),
    "no commune": (dropped("lcog_geo"), "lacks the columns lcog_geo"),
    "square unread": (put("idcar_200m", "N25E37"), 'line 5: idcar_200m = "N25E37": expected an identifier'),
    "square off the grid": (put("idcar_200m", "CRS3035RES200mN2500010E3700000"), "line 5: .* multiples of the size"),
    "square of 500 m": (put("idcar_200m", "CRS3035RES500mN2500000E3700000"), "expected squares of 200 m or 1000 m"),
    "two sizes": (put("idcar_200m", "CRS3035RES1000mN2500000E3700000"), "expected squares of 200 m, as in the first"),
    "two projections": (put("idcar_200m", "CRS2975RES200mN2500000E3700000"), "EPSG:3035, as in the first"),
    "square twice": (repeated, "line 7: .* each square once"),
    "commune of four": (put("lcog_geo", "1001"), 'lcog_geo = "1001": expected commune codes of five'),
    "commune empty": (put("lcog_geo", ""), 'lcog_geo = "": expected commune codes'),
    "people unread": (put("ind", "many"), 'line 5: ind = "many": expected a number of 0 or more'),
    "people empty": (put("ind", ""), 'ind = "": expected a number'),
    "people infinite": (put("ind", "inf"), 'ind = "inf": expected a number'),
    "people negative": (put("ind_18_24", "-1"), 'ind_18_24 = "-1": expected a number of 0 or more'),
    "far too many": (put("ind", "1e300"), 'ind = "1e300": expected more than 0 people, and 1,000,000 at most'),
    "nobody": (put("ind", "0"), 'ind = "0": expected more than 0 people'),
    "more households than people": (put("men", "9999"), 'men = "9999": expected no more households than people'),
    "more poor than households": (put("men_pauv", "9000"), 'men_pauv = "9000": expected no more poor households'),
    "ages do not add up": (put("ind_40_54", "0"), "line 5: ind = .* sum of the ages, within 1 %"),
    "decimal comma": (put("ind", "12,5"), 'ind = "12,5"'),
}


@pytest.mark.parametrize("case", BAD_GRIDS)
def test_a_wrong_grid_is_refused_in_one_line(case: str, tmp_path: Path) -> None:
    change, words = BAD_GRIDS[case]
    table = raw(GRID_200)
    path = tmp_path / "invented_wrong.csv"
    change(table).to_csv(path, index=False)
    with pytest.raises(Mistake, match=words) as caught:
        built(path)
    assert "invented_wrong.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


BAD_BPE: dict[str, tuple[Change, str]] = {
    "no codes": (dropped("TYPEQU"), "lacks the columns TYPEQU"),
    "no coordinates": (dropped("LAMBERT_X", "LAMBERT_Y"), "lacks the columns LAMBERT_X, LAMBERT_Y"),
    "no physician": (lambda t: t.replace({"TYPEQU": {"D265": "D201"}}), "no row of 2024 .* D265"),
    "year unread": (put("AN", "24", 0), 'line 2: AN = "24": expected a year'),
    "coordinate unread": (put("LAMBERT_X", "far", 1), 'line 3: LAMBERT_X = "far": expected metres'),
    "coordinate huge": (put("LAMBERT_Y", "1e30", 1), "expected metres"),
    "projection unread": (put("EPSG", "lambert", 1), 'line 3: EPSG = "lambert": expected a number'),
    "projection unknown": (put("EPSG", "1", 1), "EPSG = 1 is not a known projection"),
    "commune of four": (put("DEPCOM", "1001", 2), 'line 4: DEPCOM = "1001"'),
}


@pytest.mark.parametrize("case", BAD_BPE)
def test_a_wrong_bpe_is_refused_in_one_line(case: str, tmp_path: Path) -> None:
    change, words = BAD_BPE[case]
    table = raw(BPE, ";")
    path = tmp_path / "invented_wrong_bpe.csv"
    change(table).to_csv(path, sep=";", index=False)
    with pytest.raises(Mistake, match=words) as caught:
        built(GRID_200, path)
    assert "invented_wrong_bpe.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("absent.csv", None, "absent.csv.* was not found"),
        ("empty.csv", b"", "is empty"),
        ("only_header.csv", GRID_200.read_bytes().splitlines(keepends=True)[0], "no inhabited square"),
        ("semicolons.csv", GRID_200.read_bytes().replace(b",", b";"), "lacks the columns"),
        ("open_quote.csv", GRID_200.read_bytes() + b'"CRS3035', "cannot be read as a table"),
        ("cut.csv", GRID_200.read_bytes()[:-60], "expected"),
        ("latin.csv", GRID_200.read_bytes().replace(b"invented", "inventé".encode("cp1252")), "not UTF-8"),
        ("latin_header.csv", "année,ind\n".encode("cp1252"), "not UTF-8"),
        ("grid.gpkg", b"SQLite format 3", "GeoPackage"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused(name: str, content: bytes | None, words: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Mistake, match=words):
        built(tmp_path / name)


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="was not found"):
        built(tmp_path)


def test_no_file_and_no_such_commune_are_refused() -> None:
    with pytest.raises(Mistake, match=r"territory\.filosofi is empty"):
        build_ground(TerritorySpec(builder="insee"), 1)
    with pytest.raises(Mistake, match=r'"01003" is in no square .* Did you mean "01002"'):
        built(GRID_200, communes=["01003"])

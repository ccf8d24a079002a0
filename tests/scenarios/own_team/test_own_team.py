"""A user's own team: what is refused, and whether the people of the preset are like the table."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.mistakes import Mistake
from agents.patients import AGE_BAND_STARTS, ALD, C2S, WOMAN
from scenarios.cli import main
from scenarios.own_team.counts import SMALLEST_CELL, counted
from scenarios.own_team.preset import preset
from scenarios.own_team.rows import read
from scenarios.reading import load, load_text
from sim.founding import found
from sim.world import World
from tests.english import in_english  # noqa: F401

BAD = tomllib.loads((Path(__file__).parent / "bad_tables.toml").read_text(encoding="utf-8"))
EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "own_team.csv"
GOOD = """about,age,sex,ald,c2s,commune,item,count
patients,0-17,,,,,,100
patients,18-44,,,,,,300
patients,45-64,,,,,,300
patients,65+,,,,,,300
patients,,,yes,,,,180
patients,,F,,,,,520
patients,,M,,,,,480
patients,,,,yes,,,110
patients,,,,,Fougères,,600
patients,,,,,Redon,,400
staff,,,,,,physicians,2
staff,,,,,,secretaries,0.5
staff,,,,,,liberal_nurses,1
acts,,,,,,consultations,4600
acts,,,,,,home_visits,300
"""


def written(folder: Path, text: str, name: str = "table.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def bad_table(case: dict[str, object]) -> str:
    if "whole" in case:
        return str(case["whole"])
    lines = GOOD.splitlines()
    changes: dict[str, str] = case.get("lines", {})  # type: ignore[assignment]
    for start, line in changes.items():
        places = [place for place, own in enumerate(lines) if own.startswith(start)]
        assert len(places) == 1, start
        lines[places[0]] = line
    return "\n".join([*lines, *case.get("more", [])]) + "\n"  # type: ignore[misc]


def test_the_good_table_is_good(tmp_path: Path) -> None:
    made = preset(written(tmp_path, GOOD), "mine")
    spec = load_text(made.text, "mine")
    assert spec.teams["mine"].registered_list == 1000
    assert spec.teams["mine"].physicians == 2
    assert spec.territory.commune_shares == {"Fougères": 0.6, "Redon": 0.4}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_table_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    with pytest.raises(Mistake) as refused:
        preset(written(tmp_path, bad_table(BAD[name])), "mine")
    said = str(refused.value)
    assert "\n" not in said
    assert all(part in said for part in BAD[name]["said"]), said


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.xlsx", b"PK\x03\x04", "workbook"),
        ("list.csv", b"PK\x03\x04rest", "workbook"),
        ("list.csv", "about,count\npatients,Fougères".encode("latin-1"), "UTF-8"),
        ("list.csv", b"about,count\n" + b"patients,400\n" * 200_000, "too large"),
    ],
)
def test_a_file_that_is_no_table_is_refused(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(Mistake, match=said):
        preset(file, "mine")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="cannot be read"):
        preset(tmp_path / "none.csv", "mine")
    with pytest.raises(Mistake, match="folder"):
        preset(tmp_path, "mine")


def test_french_words_semicolons_and_decimal_commas_say_the_same(tmp_path: Path) -> None:
    french = GOOD.replace("about,age,sex,ald,c2s,commune,item,count", "objet,âge,sexe,ald,css,commune,poste,nombre")
    french = french.replace("yes", "oui").replace("M,", "H,").replace("staff", "équipe").replace("acts", "actes")
    french = "\ufeff" + french.replace(",", ";").replace("0.5", "0,5")
    assert preset(written(tmp_path, french), "mine").text == preset(written(tmp_path, GOOD), "mine").text


@given(st.dictionaries(st.integers(0, 5), st.integers(0, 400), min_size=6, max_size=6))
@settings(max_examples=60)
def test_no_cell_under_the_limit_is_ever_taken(tmp_path_factory: pytest.TempPathFactory, cells: dict[int, int]) -> None:
    ages = ["0-9", "10-19", "20-44", "45-64", "65-74", "75+"]
    text = "about,age,count\n" + "".join(f"patients,{ages[place]},{count}\n" for place, count in cells.items())
    rows = read(written(tmp_path_factory.mktemp("cells"), text))
    small = [count for count in cells.values() if 0 < count < SMALLEST_CELL]
    if small:
        with pytest.raises(Mistake, match="secrecy"):
            counted(Path("x"), rows)
    else:
        assert counted(Path("x"), rows).total == sum(cells.values())


# The people are like the table.


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    file = tmp_path_factory.mktemp("own") / "combourg.toml"
    file.write_text(preset(EXAMPLE, "combourg").text, encoding="utf-8")
    return found(load(file))


def test_the_registered_list_is_like_the_table(world: World) -> None:
    """Each share of the 4,389 patients within 3.3 standard errors: a false alarm of 1 in 50 over 20 shares.

    The ages of the file that the model's bands cut are compared over whole bands only.
    """
    people = world.patients[world.patients["registered_gp"] >= 0]
    n = len(people)
    age = (-1 - people["birth_week"]) // 52
    assert abs(n - 4389) < 3.3 * np.sqrt(4389 * 0.25) + 0.003 * 4389
    assert set(world.physicians["team"][people["registered_gp"]]) == {0}
    total = sum(row.count for row in read(EXAMPLE) if row.about == "patients" and set(row.cell) == {"age", "sex"})
    wanted = {"young": (353 + 673) / total, "old": (577) / total}
    got = {"young": (age < 30).mean(), "old": (age >= 75).mean()}
    wanted |= {"women": 2340 / total, "ald": 1085 / total, "ald_old": 361 / 577, "c2s": 518 / total}
    got |= {
        "women": ((people["flags"] & WOMAN) > 0).mean(), "ald": ((people["flags"] & ALD) > 0).mean(),
        "ald_old": ((people["flags"][age >= 75] & ALD) > 0).mean(), "c2s": ((people["flags"] & C2S) > 0).mean(),
    }  # fmt: skip
    sizes = dict.fromkeys(wanted, n) | {"ald_old": 577}
    for name, share in wanted.items():
        assert abs(got[name] - share) < 3.3 * np.sqrt(share * (1 - share) / sizes[name]) + SLACK.get(name, 0), name
    communes = world.communes["name"][world.cells["commune"][people["cell"]]]
    for name, count in (("Combourg", 2510), ("Lanrigan", 212), ("Cuguen", 604), ("Bonnemain", 1063)):
        share = count / total
        assert abs((communes == name).mean() - share) < 3.3 * np.sqrt(share * (1 - share) / n), name


SLACK = {"young": 0.02}
"""The model's bands begin at 18 and 45: ages 15 to 29 follow French ages inside them."""


def test_people_with_long_term_illness_are_ill(world: World) -> None:
    """The status is not only a label: it goes with conditions, in the young too."""
    band = np.digitize((-1 - world.patients["birth_week"]) // 52, AGE_BAND_STARTS[1:])
    ill = (world.patients["flags"] & ALD) > 0
    alive = world.patients["flags"] > 0
    for one in (1, 2, 3):
        here = alive & (band == one)
        many = [(world.patients["conditions"][here & rows] > 0).mean() for rows in (ill, ~ill)]
        assert many[0] > many[1] + 0.2


def test_the_command_writes_a_preset_that_is_good(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, out = written(tmp_path, GOOD, "Mon équipe 2024.csv"), tmp_path / "Mon_équipe_2024.toml"
    assert main(["team", "from-table", str(table)]) == 0
    said = capsys.readouterr().out
    assert "Filled by default" in said
    assert str(out) in said
    assert main(["check", str(out)]) == 0
    before = out.read_bytes()
    assert main(["team", "from-table", str(table)]) == 2
    assert "already" in capsys.readouterr().err
    assert out.read_bytes() == before
    assert main(["team", "from-table", str(table), "--out", str(tmp_path / "a b.toml")]) == 2
    assert main(["team", "from-table", str(written(tmp_path, "", "bad.csv"))]) == 2
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(["Mon équipe 2024.csv", out.name, "bad.csv"])

"""The record of where a file comes from: written into every kind of file, and read back."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from results import provenance
from results.figures.style import Described, new_figure, save, styled
from results.provenance import ProvenanceError, carried, commanded, in_page, in_svg, record, with_provenance
from scenarios.commands.pictures import saved

FACTS: dict[str, Any] = {
    "study": "0123abcd",
    "code": "c0de",
    "parameters": "9a9a",
    "seeds": [1, 2],
    "packages": {"numpy": "2"},
}
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60)


@pytest.fixture(autouse=True)
def asked() -> Iterator[None]:
    commanded(["compare", "agapanthes", "--arm", "peps=<&\"'"])
    yield
    commanded([])


def figure(facts: dict[str, Any]) -> Described:
    with styled():
        drawn = new_figure(20, 40)
        drawn.subplots().plot([1, 2])
    return Described("made_up", "A title", drawn, "Words.", facts)


def test_pictures_and_tables_carry_the_record(tmp_path: Path) -> None:
    wanted = record(FACTS)
    assert wanted["command"] == ["compare", "agapanthes", "--arm", "peps=<&\"'"]
    png, svg, _text = save(figure(FACTS), tmp_path)
    for other in ("own.png", "own.svg"):
        saved(figure(FACTS), tmp_path / other)
    table = with_provenance(pd.DataFrame({"x": [1.5, 2.5]}), FACTS)
    table.to_parquet(tmp_path / "t.parquet")
    (tmp_path / "p.html").write_text(f"<html>{in_page(wanted)}</html>", encoding="utf-8")
    (tmp_path / "c.json").write_text(json.dumps({"provenance": wanted | FACTS}), encoding="utf-8")
    table.to_csv(tmp_path / "t.csv", index=False)
    for name in (png, svg, *(tmp_path / n for n in ("own.png", "own.svg", "t.parquet", "p.html", "c.json", "t.csv"))):
        assert carried(name) == wanted, name
    assert list(pd.read_csv(tmp_path / "t.csv")["study"]) == ["0123abcd", "0123abcd"]
    assert b"0123abcd" in saved(figure(FACTS), tmp_path / "own.pdf").read_bytes()


@given(TEXT)
@settings(max_examples=60)
def test_any_words_come_back(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    folder = tmp_path_factory.mktemp("words")
    commanded(["compare", words])
    (folder / "p.svg").write_text(in_svg("<svg></svg>", record(FACTS)), encoding="utf-8")
    (folder / "p.html").write_text(in_page(record(FACTS)), encoding="utf-8")
    with_provenance(pd.DataFrame({"x": [1]}), FACTS).to_parquet(folder / "p.parquet")
    for name in ("p.svg", "p.html", "p.parquet"):
        assert carried(folder / name)["command"] == ["compare", words]


@pytest.mark.parametrize("words", ["é « ’ »", "日本", "a=\\n", "&lt;</metadata>"])
def test_words_of_any_alphabet_come_back_from_a_picture(tmp_path: Path, words: str) -> None:
    commanded(["compare", words])
    png, svg, _text = save(figure(FACTS), tmp_path)
    assert carried(png)["command"] == carried(svg)["command"] == ["compare", words]


def test_no_word_ends_the_element_of_a_page() -> None:
    commanded(["compare", "</script><script>alert(1)</script>"])
    assert in_page(record(FACTS)).count("</script>") == 1


def test_a_study_that_is_shown_again_keeps_its_command() -> None:
    assert record({**FACTS, "command": ["compare", "x"], "inputs": {}})["command"] == ["compare", "x"]
    with provenance.made_again({"command": ["sweep", "y"], "inputs": {"a": "b"}}):
        assert record(FACTS)["command"] == ["sweep", "y"]
    assert record(FACTS)["command"][0] == "compare"


@pytest.mark.parametrize("place", ["/home/me/secret/fig.png", "../mine/fig.png", "fig.png"])
def test_where_a_command_wrote_is_told_without_its_folder(place: str) -> None:
    commanded(["textbook", "--figure", place, f"--markdown={place}", "--arm", f"x={place}"])
    assert record(FACTS)["command"] == ["textbook", "--figure", "fig.png", "--markdown=fig.png", "--arm", f"x={place}"]


def test_a_picture_by_itself_and_one_of_a_folder_say_the_same(tmp_path: Path) -> None:
    png, _svg, text = save(figure(FACTS), tmp_path / "folder")
    assert saved(figure(FACTS), tmp_path / "made_up.png").read_bytes() == png.read_bytes()
    assert (tmp_path / "made_up.txt").read_text(encoding="utf-8") == text.read_text(encoding="utf-8")
    assert b"Description\0Words." in png.read_bytes()
    assert "<desc id=" in saved(figure(FACTS), tmp_path / "own.svg").read_text(encoding="utf-8")
    assert b"/Subject (Words.)" in saved(figure(FACTS), tmp_path / "own.pdf").read_bytes()


def test_files_of_a_command_are_known_by_their_content(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("x = 1", encoding="utf-8")
    commanded(["compare", str(file), "--arm", f"cap={file}"])
    assert record(FACTS)["inputs"] == {str(file): provenance.digest(file)}


def test_a_file_that_a_command_writes_is_none_that_it_was_made_from(tmp_path: Path) -> None:
    old = tmp_path / "answer.md"
    old.write_text("of an earlier time", encoding="utf-8")
    commanded(["calibrate", "world.toml", "--markdown", str(old), f"--figure={old}"])
    assert record(FACTS)["inputs"] == {}


@pytest.mark.parametrize("name", ["a.png", "a.svg", "a.html", "a.json", "a.csv", "a.parquet", "a.bin", "none.png"])
def test_a_file_without_a_record_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    if not name.startswith("none"):
        (tmp_path / name).write_text("{}" if name.endswith("json") else "a\n1\n", encoding="utf-8")
    with pytest.raises(ProvenanceError) as refused:
        carried(tmp_path / name)
    assert "\n" not in str(refused.value)


# Every writer of the house goes through it.


def test_every_table_and_picture_of_results_is_written_with_its_record() -> None:
    """A module that writes a table or a picture names the function that puts the record in."""
    for file in (Path(__file__).parents[2] / "results").rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        if re.search(r"\.to_(csv|parquet)\(", source):
            assert "with_provenance" in source, file
        if "savefig(" in source and file.name != "blocks.py":  # a picture inside a page, which has a record of its own
            assert "in_picture" in source, file

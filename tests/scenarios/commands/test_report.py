"""A small comparison and its report: the page's parts by parsing it, how it reads in a browser, and making it again."""

import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest

from results.messages import set_language
from results.provenance import carried
from scenarios.cli import main
from tests.english import in_english  # noqa: F401
from tests.page_outline import Outline

SCENARIO: Final = """
warm_up_years = 1
[territory]
people = 1500
town = 700
columns = 4
rows = 4
gps_per_10000 = 13.4
nurses_per_10000 = 13.4
[team.mine]
kind = "msp"
physicians = 2
liberal_nurses = 2
asalee_fte = 0.5
coordinator_fte = 0.2
registered_list = 1000
contract = ["fee_for_service"]
"""
QUESTION: Final = """
title = { en = "With a nurse?", fr = "Avec une infirmière ?" }
question = { en = "What does a paid nurse add?", fr = "Qu'apporte une infirmière financée ?" }
scenario = "%s"
outcomes = ["contacts_per_person", "forgone_per_person", "spending_mean", "nurse_contacts_per_person"]
by = ["profession", "age", "c2s", "area"]
seeds = 2
years = 1
[arms]
fees = "now"
asalee = 'team.mine.contract=["fee_for_service", "asalee"]'
"""
PHONE: Final = {"width": 375, "height": 800}
DESK: Final = {"width": 1200, "height": 900}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison, asked in a file, with reports in English and French."""
    home = tmp_path_factory.mktemp("report")
    (home / "small.toml").write_text(SCENARIO, encoding="utf-8")
    (home / "question.toml").write_text(QUESTION % (home / "small.toml"), encoding="utf-8")
    kept = pytest.MonkeyPatch()
    kept.chdir(home)
    try:
        assert main(["compare", "question.toml", "--workers", "1", "--quiet", "--out", "out", "--lang", "en"]) == 0
        for lang in ("en", "fr"):
            assert main(["report", "out", "--out", f"out/{lang}.html", "--quiet", "--lang", lang]) == 0
    finally:
        set_language("en")
        kept.undo()
    return home / "out"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_is_whole_and_accessible_by_its_markup(folder: Path, lang: str) -> None:
    text = (folder / f"{lang}.html").read_text(encoding="utf-8")
    page = Outline(text)
    assert page.all("html") == [{"lang": lang}]
    levels = page.heading_levels()
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(page.all("h2")) >= 9
    assert page.all("a")[0]["href"] == "#main"
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["href"].lstrip("#") for attrs in page.all("a")} <= set(ids)
    assert all(attrs.get("alt") and attrs["src"].startswith("data:image/png") for attrs in page.all("img"))
    assert len(page.all("img")) >= 2
    assert {attrs.get("scope") for attrs in page.all("th")} == {"col", "row"}
    assert len(page.all("caption")) == len(page.all("table")) >= 8
    assert not page.all("link") and "http" not in text.replace("http://www.w3.org", "")  # noqa: PT018


def test_the_page_answers_the_question(folder: Path) -> None:
    text = (folder / "en.html").read_text(encoding="utf-8")
    for said in ("With a nurse?", "What does a paid nurse add?", "The place", "Savings and unmet need",
                 "Gap between people with means-tested cover and others", "Living areas", "Professions",
                 "What each person of the team got", "Why each euro", "asalee.",
                 "careteams compare question.toml"):  # fmt: skip
        assert said in text, said
    french = (folder / "fr.html").read_text(encoding="utf-8")
    assert "Avec une infirmière" in french
    assert "Who wins" not in french


def test_pictures_and_tables_lie_beside_and_carry_their_record(folder: Path) -> None:
    beside = folder / "en_files"
    kinds = {file.suffix for file in beside.iterdir()}
    assert kinds == {".png", ".svg", ".txt", ".csv"}
    study = carried(folder / "comparison.json")["study"]
    assert carried(folder / "en.html")["study"] == study
    for file in beside.glob("*.csv"):
        assert set(pd.read_csv(file)["study"]) == {study}, file
    assert carried(beside / "comparison.png")["study"] == study
    assert "run_id" in carried(beside / "territory.svg")


# Making it again.


def test_what_a_page_shows_is_made_again_to_the_last_byte(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert main(["rerun", "out/en.html", "--out", "again", "--quiet"]) == 0
    for name in ("comparison.csv", "levels.csv", "comparison.parquet", "runs.parquet"):
        assert (folder.parent / "again" / name).read_bytes() == (folder / name).read_bytes(), name
    shutil.rmtree("again")


def test_a_run_is_made_again_from_any_of_its_tables(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    run = folder / "run"
    assert main(["run", "small.toml", "--years", "1", "--out", str(run), "--quiet"]) == 0
    copy = folder.parent / "copied.parquet"
    shutil.copy(run / "physicians.parquet", copy)
    assert main(["rerun", str(copy), "--out", "same", "--quiet"]) == 0
    names = sorted(file.name for file in run.glob("*.parquet"))
    assert len(names) > 10
    for name in names:
        assert (folder.parent / "same" / name).read_bytes() == (run / name).read_bytes(), name


def test_a_map_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.toml").write_text(SCENARIO, encoding="utf-8")
    assert main(["territory", "small.toml", "--out", "map.svg"]) == 0
    assert main(["rerun", "map.svg", "--out", "new", "--quiet"]) == 0
    assert Path("new/map.svg").read_bytes() == Path("map.svg").read_bytes()


def test_a_rerun_is_refused_when_something_has_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder.parent)
    table, question = "out/comparison.parquet", Path("question.toml")
    before = question.read_text(encoding="utf-8")

    def refused(*words: str) -> str:
        assert main(["rerun", *words]) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        return said

    assert "already" in refused(table, "--out", "out")
    question.write_text(before + "\n# another\n", encoding="utf-8")
    assert "question.toml was" in refused(table, "--out", "new")
    question.rename("gone.toml")
    assert "which is not here" in refused(table, "--out", "new")
    Path("gone.toml").rename(question)
    question.write_text(before, encoding="utf-8")
    monkeypatch.setattr("sim.recording.manifest.code_version", lambda: "0ther")
    assert "code was" in refused(table, "--out", "new")
    assert "no such file" in refused("nothing.png")
    assert "does not say" in refused("small.toml")
    assert not Path("new").exists()


def test_a_folder_that_is_neither_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(tmp_path)]) == 2
    assert "neither" in capsys.readouterr().err
    (tmp_path / "comparison.json").write_text("{", encoding="utf-8")
    assert main(["report", str(tmp_path), "--no-examples"]) == 2
    assert main(["report", str(tmp_path / "none")]) == 2
    assert main(["report", str(tmp_path), "--out", "x.pdf"]) == 2


def test_a_run_has_a_report_too(folder: Path) -> None:
    out = folder.parent / "run.html"
    assert main(["report", str(folder / "examples" / "asalee"), "--out", str(out), "--quiet"]) == 0
    text = out.read_text(encoding="utf-8")
    page = Outline(text)
    assert len(page.all("img")) >= 5
    assert "One run is one world" in text
    assert "run_id" in carried(out)


# In a browser.


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    from tests.results.teaching.reader import chromium, launched

    if chromium() is None:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    with sync_playwright() as playwright:
        found = launched(playwright)
        yield found
        found.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_axe_finds_nothing_and_nothing_runs_over(folder: Path, browser: Any, lang: str, size: dict[str, int]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport=size)
    page.goto((folder / f"{lang}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


def test_it_prints(folder: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto((folder / "en.html").as_uri())
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    page.close()

"""The report of a sweep: from a design file of the toy laboratory, in both languages, with failures and half-done."""

import json
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

import pandas as pd
import pytest

from results.messages import set_language
from results.provenance import carried
from results.run import RunError
from results.sweep_summary import summed_up
from scenarios.cli import main
from scenarios.study import design_file
from scenarios.study.design_file import read_design
from tests.english import in_english  # noqa: F401
from tests.page_outline import Outline
from tests.scenarios.toy_laboratory import TOY

DESIGN: Final = """
title = { en = "Does drift matter?", fr = "La dérive compte-t-elle\u202f?" }
description = "Which of both moves the state, and how far?"
scenario = "village"
outcomes = ["state", "people", "broken"]
seeds = 4
years = 2
[arms]
now = []
more = ["toy.drift=3"]
bad = ["toy.fails_in_year=2"]
[points]
kind = "sobol"
number = 8
[points.vary]
"toy.level" = { low = 0.5, high = 2.0 }
"toy.drift" = { low = 0.5, high = 2.5 }
"""
ONE_ARM: Final = """
scenario = "village"
outcomes = ["state"]
seeds = 3
[arms]
now = []
[points]
kind = "grid"
[points.vary]
"toy.level" = { values = [1, 2] }
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sweeps, and reports of the first in English and French."""
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "drift.toml").write_text(DESIGN, encoding="utf-8")
    (folder / "one.toml").write_text(ONE_ARM, encoding="utf-8")
    kept = pytest.MonkeyPatch()
    kept.chdir(folder)
    kept.setattr(design_file, "read_design", partial(read_design, laboratory=TOY))
    try:
        for name in ("drift", "one"):
            words = ["sweep", f"{name}.toml", "--out", name, "--workers", "1", "--quiet"]
            assert main(words) == 0
        for lang in ("en", "fr"):
            assert main(["report", "drift", "--out", f"{lang}.html", "--quiet", "--lang", lang]) == 0
    finally:
        set_language("en")
        kept.undo()
    return folder


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_is_whole_in_both_languages(home: Path, lang: str) -> None:
    text = (home / f"{lang}.html").read_text(encoding="utf-8")
    page = Outline(text)
    levels = page.heading_levels()
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    pictures = page.all("img")
    assert len(pictures) == 2, "state and people; the broken outcome has none"
    assert all(attrs["alt"] and attrs["src"].startswith("data:image/png") for attrs in pictures)
    said = {
        "en": ("Does drift matter?", "What was tried", "8 points, 3 arms, 4 worlds", "What varies", "What failed",
               "no patients", "No run tells of it.", "difference from now"),
        "fr": ("La dérive compte-t-elle\u202f?", "Ce qui a été essayé", "8 points, 3 bras, 4 mondes", "Ce qui varie",
               "Ce qui a échoué", "no patients", "Aucune simulation n&#39;en dit rien.", "écart à now"),
    }[lang]  # fmt: skip
    assert [words for words in (*said, "Which of both moves the state, and how far?") if words not in text] == []


def test_differences_at_each_point_are_the_planted_ones(home: Path) -> None:
    """An arm that sets the drift to 3 moves the mean state of two years by 1.5 times what it adds to the drift."""
    found = summed_up(home / "drift")
    assert (found.baseline, found.others) == ("now", ["more", "bad"])
    assert set(found.axes) == {"toy.level", "toy.drift"}
    rows = found.differences("state")
    assert set(rows["arm"]) == {"more"}, "the other arm has no whole run"
    assert len(rows) == 8
    assert set(rows["worlds"]) == {4}
    assert rows["mean"].to_numpy() == pytest.approx((1.5 * (3 - rows["toy.drift"])).to_numpy())
    assert ((rows["low"] <= rows["mean"] + 1e-9) & (rows["mean"] <= rows["high"] + 1e-9)).all()
    first, *_rest = found.ranks("state").to_dict("records")
    assert (first["axis"], first["rank"], first["points"]) == ("toy.drift", pytest.approx(-1.0), 8)
    levels = found.levels("state")
    assert len(levels[levels["worlds"] > 0]) == 16, "and none of the arm that fails"
    own = levels[levels["arm"] == "now"].merge(rows[["vector", "base"]], on="vector")
    assert own["mean"].to_numpy() == pytest.approx(own["base"].to_numpy())
    assert len(found.failed) == len(found.runs) == found.planned == 8 * 3 * 4, "an outcome of every run is broken"


def test_tables_stand_beside_and_everything_says_where_it_comes_from(home: Path) -> None:
    beside = home / "en_files"
    table = pd.read_csv(beside / "points_1.csv")
    assert len(table) == 8
    study = json.loads((home / "drift" / "manifest.json").read_text(encoding="utf-8"))["digest"]
    assert set(table["study"]) == {study}
    assert {file.suffix for file in beside.glob("sweep_state.*")} == {".png", ".svg", ".txt"}
    assert "goes most with toy.drift (rank correlation -1.00)" in (beside / "sweep_state.txt").read_text("utf-8")
    kept = carried(home / "en.html")
    assert kept["study"] == study
    assert kept["command"] == ["sweep", "drift.toml", "--out", "drift", "--workers", "1", "--quiet"]
    assert "drift.toml" in kept["inputs"]


def test_one_arm_is_shown_by_its_levels_point_by_point(home: Path) -> None:
    found = summed_up(home / "one")
    assert found.shown("state").equals(found.levels("state"))
    assert main(["report", str(home / "one"), "--out", str(home / "one.html"), "--quiet"]) == 0
    text = (home / "one.html").read_text(encoding="utf-8")
    assert "village: a sweep" in text
    assert "toy.level = 2.00" in text
    assert found.ranks("state").empty, "two points are too few"


def test_a_sweep_that_is_not_done_says_so(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = tmp_path / "store"
    (store / "runs").mkdir(parents=True)
    for name in ("manifest.json", "points.parquet"):
        (store / name).write_bytes((home / "one" / name).read_bytes())
    assert main(["report", str(store), "--quiet"]) == 2
    assert "nothing of this sweep is done yet" in capsys.readouterr().err
    (shard,) = (home / "one" / "runs").iterdir()
    pd.read_parquet(shard).head(4).to_parquet(store / "runs" / shard.name)
    assert main(["report", str(store), "--quiet"]) == 0
    assert "4 of 6 runs are done, 0 of them failed" in (store / "report.html").read_text(encoding="utf-8")
    (store / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RunError, match="holds no sweep"):
        summed_up(store)

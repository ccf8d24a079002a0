"""``careteams calibrate`` on a laboratory whose posterior is known: what it prints, writes, draws, and refuses."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from results.messages import set_language
from results.posterior import prior_driven
from scenarios.calibrating import file
from scenarios.cli import main
from tests.scenarios.calibrating.test_search import ONE
from tests.scenarios.known_laboratory import KNOWN

QUICK = ["calibrate", "mine.toml", "--workers", "1", "--quiet", "--waves", "1", "--points", "8"]


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    set_language("en")
    read = file.read_calibration

    def toy(name: str) -> Any:
        return read(name, KNOWN)

    monkeypatch.setattr(file, "read_calibration", toy)
    monkeypatch.chdir(tmp_path)
    text = ONE.replace("steps = 300", "steps = 60").replace("draws = 30", "draws = 6")
    Path("mine.toml").write_text(text, encoding="utf-8")


def test_the_report_is_printed_and_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([*QUICK, "--out", "out", "--markdown", "page.md", "--figure", "marginals.svg"]) == 0
    said = capsys.readouterr().out
    for part in ("Contraction", "prior-driven", "Fit: the model at draws", "8 points", "Study "):
        assert part in said
    assert "Validation" not in said, "nothing was asked of it"
    written = {one.name for one in (tmp_path / "out").iterdir()}
    assert written == {
        "posterior.csv", "fit.csv", "emulators.csv", "correlations.csv", "sample.parquet", "predictions.parquet",
        "calibration.json", *(f"{name}.{kind}" for name in ("marginals", "fit") for kind in ("png", "svg", "txt")),
    }  # fmt: skip
    assert prior_driven(["line.a", "line.c"], tmp_path / "out" / "posterior.csv") == ["line.c"]
    study = json.loads(Path("out/calibration.json").read_text(encoding="utf-8"))["provenance"]["study"]
    assert set(pd.read_csv("out/fit.csv")["study"]) == {study}
    assert study in Path("out/marginals.txt").read_text(encoding="utf-8")
    assert "| line.a |" in Path("page.md").read_text(encoding="utf-8")
    assert Path("marginals-fit.svg").exists()


def test_json_is_json_and_french_is_french(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUICK, "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in content["parameters"]] == ["line.a", "line.c"]
    assert content["budget"]["points"] == 8
    assert main([*QUICK, "--lang", "fr"]) == 0
    assert "Contraction : part de la variance a priori" in capsys.readouterr().out.replace("\u00a0", " ")


def test_a_mistake_has_one_line_and_nothing_is_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    Path("mine.toml").write_text(ONE.replace("value = 6.0", "valu = 6.0"), encoding="utf-8")
    assert main(QUICK) == 2
    assert main([*QUICK[:1], "none.toml", *QUICK[2:]]) == 2
    assert main([*QUICK, "--seeds", "1"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 3
    assert not (tmp_path / "results").exists()

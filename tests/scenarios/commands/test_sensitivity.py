"""``careteams sensitivity`` on a laboratory with known answers: what it prints, writes, draws, and refuses."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from results.messages import set_language
from scenarios import sensitivity
from scenarios.cli import main
from scenarios.sensitivity import Asked, sensitivity_asked
from sim.specification import ScenarioSpec
from tests.scenarios.known_laboratory import KNOWN

VILLAGE = ScenarioSpec(name="village", parameters={"toy.noise": 0.5})
QUICK = ["--arm", "off=toy.effect=0", "--arm", "on=toy.effect=1", "--workers", "1", "--quiet", "--years", "1"]
FOUR = ["--parameters", "ishigami", "--outcome", "ishigami,luck", "--seeds", "3"]


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The command answers with the toy; where it works is a folder of the test."""
    set_language("en")

    def question(scenario: str, arms: list[str], **facts: Any) -> Asked:
        return sensitivity_asked(VILLAGE, arms, laboratory=KNOWN, **{**facts, "overrides": ()})

    monkeypatch.setattr(sensitivity, "sensitivity_asked", question)
    monkeypatch.chdir(tmp_path)


def test_tables_and_figures_are_written_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for method, size in (("sobol", ["--samples", "16"]), ("morris", ["--trajectories", "4"])):
        asked = ["sensitivity", "village", *QUICK, *FOUR, "--method", method, *size]
        assert main([*asked, "--out", method, "--figure", f"{method}.svg"]) == 0
        said = capsys.readouterr().out
        assert "ishigami: on against off" in said
        assert "Study " in said
        written = {file.name for file in (tmp_path / method).iterdir()}
        assert written == {
            "sensitivity.csv", "sensitivity.parquet", "shares.csv", "runs.parquet", "sensitivity.json",
            *(f"{name}.{kind}" for name in ("tornado", "scatter") for kind in ("png", "svg", "txt")),
        }  # fmt: skip
        study = json.loads((tmp_path / method / "sensitivity.json").read_text(encoding="utf-8"))["provenance"]["study"]
        assert set(pd.read_csv(tmp_path / method / "sensitivity.csv")["study"]) == {study}
        runs = pd.read_parquet(tmp_path / method / "runs.parquet")
        assert runs["ishigami.x1"].between(-3.15, 3.15).all()
        for name in (f"{method}.svg", f"{method}-scatter.svg"):
            assert study in (tmp_path / name).with_suffix(".txt").read_text(encoding="utf-8")


def test_json_is_json_and_french_is_french(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sensitivity", "village", *QUICK, *FOUR, "--trajectories", "3", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert {row["factor"] for row in content["indices"]} == {f"ishigami.x{place}" for place in (1, 2, 3)}
    assert content["prior_driven"] == [f"ishigami.x{place}" for place in (1, 2, 3)]
    assert main(["sensitivity", "village", *QUICK, *FOUR, "--trajectories", "3", "--lang", "fr", "--out", "out"]) == 0
    said = capsys.readouterr().out
    assert "effet absolu moyen" in said
    assert "Quels paramètres" in Path("out/tornado.txt").read_text(encoding="utf-8")


def test_a_mistake_has_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sensitivity", "village", *QUICK, "--figure", "tornado.doc"]) == 2
    assert main(["sensitivity", "village", *QUICK, "--method", "sobol", "--samples", "12"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "a figure ends in" in lines[0]

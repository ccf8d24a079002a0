"""``careteams compare`` on the toy laboratory, and the one line that it has for each mistake."""

import json
from pathlib import Path

import pandas as pd
import pytest

from results.messages import set_language
from scenarios import comparing
from scenarios.cli import main
from scenarios.comparing import Question, asked
from scenarios.options.common import span
from tests.scenarios.test_comparing import LUCKY, VILLAGE

QUICK = ["--seeds", "6", "--years", "2", "--workers", "1", "--quiet"]


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The command answers with the toy; where it works is a folder of the test."""
    set_language("en")

    def question(scenario: str, arms: list[str], **facts: object) -> Question:
        facts |= {"outcomes": facts["outcomes"] or ["state", "square"], "overrides": ()}
        return asked(VILLAGE, arms, laboratory=LUCKY, **facts)  # type: ignore[arg-type]

    monkeypatch.setattr(comparing, "asked", question)
    monkeypatch.chdir(tmp_path)


def test_the_table_is_printed_with_its_origin(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "village", "--arm", "more=toy.drift=3", *QUICK]) == 0
    said = capsys.readouterr().out
    assert "Differences against now; 6 worlds" in said
    assert "Study " in said
    assert said.count("more") == 2


def test_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "village", "--arm", "more=toy.drift=3", "--outcome", "state", "--json", *QUICK]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["differences"][0]["outcome"] == "state"
    assert content["provenance"]["seeds"] == [1, 2, 3, 4, 5, 6]


def test_tables_and_figures_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arms = ["--arm", "now", "--arm", "more=toy.drift=3", "--arm", "less=toy.drift=0"]
    figure = tmp_path / "deep" / "forest.svg"
    assert main(["compare", "village", *arms, "--out", "out", "--figure", str(figure), *QUICK]) == 0
    written = {file.name for file in (tmp_path / "out").iterdir()}
    assert written == {
        "comparison.csv", "comparison.parquet", "levels.csv", "runs.parquet", "comparison.json", "comparison.png",
        "comparison.svg", "comparison.txt",
    }  # fmt: skip
    study = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))["provenance"]["study"]
    assert set(pd.read_csv(tmp_path / "out" / "comparison.csv")["study"]) == {study}
    assert study in (tmp_path / "out" / "comparison.txt").read_text(encoding="utf-8")
    assert study in figure.with_suffix(".txt").read_text(encoding="utf-8")
    assert "forest.svg" in capsys.readouterr().out


def test_failures_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    bad = ["--arm", "bad=toy.fails_in_year=1"]
    assert main(["compare", "village", "--arm", "now", "--arm", "more=toy.drift=3", *bad, *QUICK]) == 0
    assert "6 runs failed, the first with: ValueError: planted failure" in capsys.readouterr().out
    assert main(["compare", "village", *bad, *QUICK]) == 2
    assert "no pair of runs is whole" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--arm", "x="], "expected NAME, or NAME=WHAT"),
        ([], "needs an arm beside the scenario"),
        (["--arm", "nothing"], "is no override, reform file, preset, scenario file or payment rule"),
        (["--arm", "now", "--arm", "x=toy.drift=2", "--baseline", "y"], 'no arm "y"'),
        (["--arm", "x=toy.drift=2", "--figure", "x.doc"], "a figure ends in .png"),
        (["--arm", "x=toy.drift=2", "--read", "2-1"], "expected a year such as 3"),
        (["--arm", "x=toy.drift=2", "--precision", "0"], "expected a number above 0"),
        (["--arm", "x=toy.drift=2", "--seeds", "0"], "is not a whole number"),
        (["--arm", "x=toy.drift=2", "--stop", "soon"], "--stop soon: expected one of"),
        (["--arm", "x=toy.drift=2", "--armm", "y"], 'Did you mean "--arm"'),
        (["--arm", "big=territory.people=900"], "cannot differ between arms"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "village", *words, "--quiet", "--workers", "1"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert message in said.err
    assert said.err.count("\n") == 1


def test_an_unwritable_folder_is_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["compare", "village", "--arm", "more=toy.drift=3", "--out", "file", *QUICK]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(("text", "years"), [("", ()), ("3", (3,)), ("2-4", (2, 3, 4))])
def test_years_that_are_read(text: str, years: tuple[int, ...]) -> None:
    assert span("--read", text) == years

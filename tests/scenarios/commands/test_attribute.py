"""``careteams attribute``: what is wrong is said in one line before anything runs; what comes out is written."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.mistakes import Mistake
from results.attribution import Draws, attributed, rate_of
from results.messages import set_language
from scenarios.attribution import Answer
from scenarios.attribution.counterfactuals import CAUSES
from scenarios.cli import main
from scenarios.commands.attribute import share_of

COMMAND = ["attribute", "savings_3", "--policy", "ipep", "--quiet"]
PROVENANCE = {"policy": "ipep", "title": "Shared savings", "team": "savers", "study": "1a2b", "code": "c0de",
              "parameters": "da7a", "scenario": "savings_3", "years": [2022], "failed": 0}  # fmt: skip


def made() -> Answer:
    """An answer of numbers that nobody ran: a floor at zero, and two places."""
    luck = 20_000 * np.sin(np.arange(20))
    effects = np.array([3_000.0, 9_000.0, -4_000.0, 5_000.0, -1_000.0])
    worth = np.array([np.maximum(0, sum(effects[i] for i in range(5) if n >> i & 1) + luck) for n in range(32)])
    again = [(np.delete(worth, range(g, 20, 10), axis=1), 0.0) for g in range(10)]
    same = np.full(20, 1e6)
    draws = Draws(worth, 0.0, again, range(1, 21), 5_000.0, same, same, np.full(20, 800.0))
    power = [{"size": size, "effect": effect, "mean": 1.0, "common": 0.0, **rate_of(luck + 1e6 * effect, 0.0)}
             for size in (5_000, 20_000) for effect in (0.0, 0.02)]  # fmt: skip
    known = (("savers", "team", 3.0), ("others", "team", 8.0), ("T1", "area", np.nan))
    places = [{"place": name, "kind": kind, "x_km": x, "y_km": x, "list": 4_000.0, "mean": 9e3, "low": 0.0, "high": 2e4,
               "common": 0.0, **rate_of(luck, 0.0)}
              for name, kind, x in known]  # fmt: skip
    norms = [{"norms": name, "arm": arm, "mean": 1e4, "sd": 1e3}
             for name in ("as_it_is", "blind", "own_territory", "knows_all") for arm in ("twin", "paid")]  # fmt: skip
    found = attributed([draws], CAUSES, power=power, places=places, other_norms=norms)
    return Answer(found, found.draws, PROVENANCE)


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command without its hours of runs."""
    monkeypatch.setattr("scenarios.attribution.answer", lambda *_question, **_how: made())


@pytest.mark.usefixtures("answered")
def test_tables_and_a_figure_are_written_and_say_where_they_come_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*COMMAND, "--out", str(tmp_path), "--figure", str(tmp_path / "one.svg")]) == 0
    told = capsys.readouterr().out
    assert "Response: what people changed" in told
    assert "Study 1a2b" in told
    names = {file.name for file in tmp_path.iterdir()}
    assert {"attribution.csv", "attribution.parquet", "attribution.json", "attribution.png", "power.csv", "places.csv",
            "one.svg", "one.txt"} <= names  # fmt: skip
    content = json.loads((tmp_path / "attribution.json").read_text(encoding="utf-8"))
    assert sum(row["mean"] for row in content["parts"][:-1]) == pytest.approx(content["parts"][-1]["mean"])
    assert content["provenance"]["command"][0] == "attribute"


@pytest.mark.usefixtures("answered")
def test_json_holds_every_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*COMMAND, "--json"]) == 0
    content: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert {"parts", "rates", "power", "places", "other_norms", "context", "draws", "provenance"} <= content.keys()


@pytest.mark.usefixtures("answered")
def test_the_picture_speaks_french(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        assert main([*COMMAND, "--lang", "fr", "--figure", str(tmp_path / "une.png")]) == 0
    finally:
        set_language("en")
    assert "mérite, territoire ou chance" in (tmp_path / "une.txt").read_text(encoding="utf-8")
    assert "Payée pour rien" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["attribute", "savings_3"], "missing --policy"),
        (["attribute", "savings_3", "--policy", "ipepp"], 'Did you mean "ipep"'),
        ([*COMMAND, "--team", "saver"], 'Did you mean "savers"'),
        ([*COMMAND, "--seeds", "3"], "5 redraws of chance or more"),
        ([*COMMAND, "--effect", "two"], "a share of spending such as 2%"),
        ([*COMMAND, "--figure", "picture.doc"], "a figure ends in"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1


def test_shares() -> None:
    assert share_of("2%") == 0.02
    assert share_of(" 0,5 % ") == 0.005
    with pytest.raises(Mistake):
        share_of("0.02")

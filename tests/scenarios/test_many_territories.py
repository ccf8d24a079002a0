"""The benchmark of many territories: which they are, what work is believed, how a growth of memory would show."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from agents.mistakes import Mistake
from scenarios import many_territories as module
from scenarios.many_territories import as_text, bench, check_work, left_behind, memory_facts, moderate, territories

ROOT = Path(__file__).parents[2]


def rows(**changes: Any) -> pd.DataFrame:
    """Four territories on two workers, in the order in which they ended."""
    table = {
        "territory": ["a", "b", "c", "d"], "people": [1000.0] * 4, "contacts_per_person": [3.5] * 4,
        "worker": [1.0, 2.0, 1.0, 2.0], "memory_now": [3e8] * 4, "stage": [""] * 4, "message": [""] * 4,
    }  # fmt: skip
    return pd.DataFrame(table | changes)


POPULATION = dict.fromkeys("abcd", 1000)


def test_territories_are_alike_and_of_median_size() -> None:
    fifty = moderate(50)
    assert len(fifty) == 50
    assert list(fifty) == sorted(fifty)
    assert max(fifty.values()) < 1.1 * min(fifty.values())
    assert set(moderate(10)) <= set(fifty)
    with pytest.raises(Mistake, match="territories = 5000 is outside its range, 1 to 1255"):
        moderate(5000)


def test_each_territory_is_an_epci_under_the_baseline() -> None:
    (spec,) = territories(["200018083"])
    assert (spec.name, spec.territory.name, spec.territory.builder) == ("200018083", "200018083", "epci")
    assert spec.teams == {}


def test_plausible_work_is_believed() -> None:
    check_work(rows(), POPULATION)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"stage": ["", "year 1", "", ""], "message": ["", "planted", "", ""]}, "planted"),
        ({"people": [1000.0, 1000.0, 500.0, 1000.0]}, "legal population in c: 0.500"),
        ({"contacts_per_person": [0.0, 3.5, 3.5, 3.5]}, "contacts a person-year in a: 0.000"),
        ({"people": [float("nan"), 1000.0, 1000.0, 1000.0]}, "legal population in a"),
    ],
)
def test_work_that_was_not_done_is_not_reported(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(RuntimeError, match=said):
        check_work(rows(**wrong), POPULATION)
    with pytest.raises(RuntimeError, match="3 of 4 territories"):
        check_work(rows().iloc[:3], POPULATION)


def test_a_growth_is_told_and_the_first_territory_does_not_count_as_one() -> None:
    held = [float(mega) * 1e6 for first in (100, 200) for mega in (first, 350, 352, 354, 356)]
    growing = pd.DataFrame({"worker": [1.0] * 5 + [2.0] * 5, "memory_now": held})
    assert left_behind(growing) == pytest.approx(2e6)
    assert pd.isna(left_behind(rows()))


def test_this_process_knows_its_memory() -> None:
    facts = memory_facts()
    assert facts["memory_peak"] > 1e7
    assert not facts["memory_now"] > facts["memory_peak"]


def test_figures_are_printed_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    of = {"patients": 23_000, "seconds": 9.0, "worker_peak_bytes": [3e8, 4e8], "bytes_left_by_territory": 1e4}
    monkeypatch.setattr(module, "measured", lambda count, workers: of | {"workers": workers})
    assert bench([10, 50], save=True, history=tmp_path / "t.json") == 0
    assert capsys.readouterr().out.splitlines()[2].split() == ["50", "23,000", "9", "400", "0.01"]
    bench([10], as_json=True, save=True, history=tmp_path / "t.json")
    kept = json.loads((tmp_path / "t.json").read_text())
    assert [list(entry["territories"]) for entry in kept] == [["10", "50"], ["10"]]
    assert "territories" in as_text({"territories": {}})


def test_the_committed_history_names_no_machine_and_shows_no_growth() -> None:
    history = json.loads((ROOT / "benchmarks" / "territories.json").read_text())
    assert not any(word in json.dumps(history).lower() for word in ("host", "user", "node"))
    of = history[-1]["territories"]
    assert of["50"]["bytes_left_by_territory"] < 1e6
    assert max(of["50"]["worker_peak_bytes"]) < 1.05 * max(of["10"]["worker_peak_bytes"])

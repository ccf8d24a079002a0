"""The benchmark's own arithmetic: growth, reference, work asserted, history; speeds themselves are not tested."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.mistakes import Mistake
from scenarios import bench as module
from scenarios.bench import (
    as_text,
    bench,
    check_run,
    check_work,
    growth_exponent,
    numpy_reference,
    process_bytes,
    renewed,
    tiled,
)
from sim.founding import REFERENCES

FIGURES: dict[str, Any] = {
    "patient_weeks_per_s": {"6000": {"1": 2e7, "2": 3e7}, "100000": {"1": 2.5e7, "2": 4e7}},
    "passage_patient_weeks_per_s": {"6000": {"1": 2.2e7, "2": 3.3e7}, "100000": {"1": 2.9e7, "2": 5.5e7}},
    "bytes_per_patient": {"6000": 210.0, "100000": 190.0},
    "process_bytes": {"6000": 412_000_000, "100000": None},
    "growth_exponent": 0.97, "import_s": 1.2, "help_s": 0.3, "settle_10000_teams_s": 0.41,
    "quotes_10000_physicians_usual_s": 1.4, "quotes_10000_physicians_lump_sum_s": 9.0, "numpy_reference": 9.5,
    "town_23000_10_years_s": 3.9, "town_6000_10_years_s": 1.9,
}  # fmt: skip


@given(st.floats(0.5, 2.0), st.floats(1e-9, 1e-3))
def test_the_growth_exponent_of_a_power_is_its_exponent(exponent: float, scale: float) -> None:
    sizes = np.array([6e3, 1e5, 1e6, 5e6])
    assert growth_exponent(sizes, scale * sizes**exponent) == pytest.approx(exponent)


def test_the_growth_exponent_sees_a_knee() -> None:
    assert growth_exponent([1, 10, 100], [1, 10, 1000]) == pytest.approx(1.5)


def test_the_numpy_reference_is_a_speed() -> None:
    assert numpy_reference(20_000) > 0.1


@pytest.mark.parametrize(("requests", "contacts"), [(0, 1000), (1000, 0), (1000, 100_000), (1, 1)])
def test_a_model_that_does_no_plausible_work_has_no_speed(requests: int, contacts: int) -> None:
    with pytest.raises(RuntimeError, match="a patient-week"):
        check_work({"weeks": 10, "patients": 1000, "requests": requests, "contacts": contacts})


def test_plausible_work_passes() -> None:
    check_work({"weeks": 10, "patients": 1000, "requests": 1100, "contacts": 900})


@pytest.mark.parametrize(("weeks", "contacts", "payments"), [(52, 5, 1), (104, 0, 1), (104, 5, 0)])
def test_a_run_without_weeks_claims_or_payments_has_no_time(
    tmp_path: Path, weeks: int, contacts: int, payments: int
) -> None:
    write_run(tmp_path, weeks, contacts, payments)
    with pytest.raises(RuntimeError, match="did not do its work"):
        check_run(tmp_path, years=2)


def test_a_whole_run_has_a_time(tmp_path: Path) -> None:
    write_run(tmp_path, 104, 5, 1)
    check_run(tmp_path, years=2)


def write_run(folder: Path, weeks: int, contacts: int, payments: int) -> None:
    pd.DataFrame({"week": np.arange(weeks), "gp_contacts": contacts}).to_parquet(folder / "territory.parquet")
    pd.DataFrame({"cents": np.ones(payments)}).to_parquet(folder / "payments.parquet")


def test_a_process_is_weighed_without_the_one_that_started_it() -> None:
    room = np.ones(100_000_000)
    alone, with_room = (
        process_bytes(f"from scenarios.bench import tell_peak; import numpy as np; np.ones({numbers}); tell_peak()")
        for numbers in (1, 25_000_000)
    )
    if alone is not None and with_room is not None:
        assert alone < with_room < room.nbytes
        assert with_room - alone > 150_000_000


def test_ids_of_copies_are_new_and_all_different() -> None:
    ids = np.arange(1000, dtype=np.uint64)
    several = np.concatenate([ids, *(renewed(ids, copy) for copy in range(1, 5))])
    assert len(np.unique(several)) == len(several)
    assert (renewed(ids, 1) == renewed(ids, 1)).all()


@dataclass
class ToyWorld:
    """A world with every table, of two rows each, whose references all point to the second row."""

    names: list[str] = field(default_factory=lambda: ["a", "b"])
    tables: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        return self.__dict__["tables"][name]


def toy_world(monkeypatch: pytest.MonkeyPatch) -> ToyWorld:
    tables: dict[str, Any] = {}
    for name, columns in REFERENCES.items():
        if "" in columns:
            tables[name] = np.array([[1, -1], [0, 1]], dtype=np.int32)
            continue
        tables[name] = np.zeros(2, dtype=[("who", "u8"), *((c, "i4") for c in columns)])
        tables[name]["who"] = [1, 2]
        for column in columns:
            tables[name][column] = [1, -1]
    monkeypatch.setattr(module, "replace", lambda world, names, **changed: ToyWorld(names, changed))
    return ToyWorld(tables=tables)


def test_copies_side_by_side_point_to_their_own_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    world = tiled(toy_world(monkeypatch), 3)
    assert world.names == ["a", "b", "a 1", "b 1", "a 2", "b 2"]
    for name, columns in REFERENCES.items():
        table = world.tables[name]
        if "" in columns:
            assert table.tolist() == [[1, -1], [0, 1], [3, -1], [2, 3], [5, -1], [4, 5]]
            continue
        assert len(np.unique(table["who"])) == 6
        for column in columns:
            assert table[column].tolist() == [1, -1, 3, -1, 5, -1]


def test_figures_are_printed_and_kept_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "measured", lambda sizes, threads: FIGURES | {"sizes": list(sizes)})
    history = tmp_path / "history.json"
    assert bench(sizes=[6000], as_json=True, save=True, history=history) == 0
    assert json.loads(capsys.readouterr().out)["growth_exponent"] == 0.97
    bench(sizes=[100_000], save=True, history=history)
    assert [entry["sizes"] for entry in json.loads(history.read_text())] == [[6000], [100_000]]


def test_the_table_names_sizes_and_threads() -> None:
    text = as_text(FIGURES)
    assert "2 thread(s)" in text
    whole, alone = text.split("the weekly passage alone")
    assert "40.00 M/s" in whole
    assert "40.00 M/s" not in alone
    assert "55.00 M/s" in alone
    assert "growth exponent: 0.97" in text
    assert "a year of 10,000 teams settled: 0.41 s" in text
    assert "people, 10 years: 3.90 s" in text


@pytest.mark.parametrize("wrong", [{"sizes": []}, {"sizes": [0]}, {"threads": [0]}])
def test_sizes_and_threads_are_checked(wrong: dict[str, list[int]]) -> None:
    with pytest.raises(Mistake, match="expected whole numbers above 0"):
        bench(**wrong)  # type: ignore[arg-type]


def test_the_committed_history_names_no_machine() -> None:
    history = json.loads((Path(__file__).parents[2] / "benchmarks" / "history.json").read_text())
    assert isinstance(history, list)
    assert not any(word in json.dumps(history).lower() for word in ("host", "user", "node"))

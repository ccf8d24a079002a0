"""Opening a run: whole ones only, in one call, with one clear line for anything else."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from results.messages import set_language
from results.run import Run, RunError, list_runs, open_run
from sim.recorder import described_tables
from tests.invented import invented_run

SAME_IN_BOTH = {"contacts", "fatigue"}
"""Labels that are one word in both languages."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invented_run(tmp_path_factory.mktemp("runs") / "town", years=1, weeks_a_year=4, panel=10, events=True)


@pytest.fixture
def copied(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "town"))


def test_every_table_opens_as_a_frame(kept: Path) -> None:
    run = open_run(kept)
    for name in run.tables:
        frame = getattr(run, name)
        assert isinstance(frame, pd.DataFrame)
        assert len(frame) == run.manifest["tables"][name]["rows"]
    assert run.name == "invented"
    assert run.has("panel")
    assert "seed 1, 4 weeks" in repr(run)


def test_frames_are_read_once(kept: Path) -> None:
    run = open_run(str(kept))
    assert run.physicians is run.physicians


def test_the_manifest_may_be_named_itself(kept: Path) -> None:
    assert open_run(kept / "manifest.json").path == kept


def test_describe_gives_unit_and_label(kept: Path) -> None:
    columns = open_run(kept).describe("territory")
    assert columns.loc["spend_hospital", "unit"] == "EUR"
    assert columns.loc["posted_wait_days", "label"]
    assert open_run(kept).describe("physicians").loc["minutes_visit", "unit"] == "minutes"


def test_describe_speaks_french(kept: Path) -> None:
    run = open_run(kept)
    english = {table: run.describe(table) for table in run.tables}
    try:
        set_language("fr")
        french = {table: run.describe(table) for table in run.tables}
    finally:
        set_language("en")
    words = french["territory"]["label"].str.replace("\u00a0", " ")
    assert words["posted_wait_days"] == "délai affiché des médecins en poste, pondéré par leurs patientèles"
    assert words["forgone_vital"] == "renoncements aux soins, par priorité : vitale"
    assert french["physicians"].loc["minutes_visit", "unit"] == "minutes"
    assert french["territory"].loc["week", "unit"] == "semaine"
    same = {text for table, of in english.items() for text in of["label"][of["label"] == french[table]["label"]]}
    assert same <= SAME_IN_BOTH


def test_the_tables_of_a_run_are_those_that_may_be_described(kept: Path) -> None:
    known = described_tables()
    for table, content in open_run(kept).manifest["tables"].items():
        if table == "accounts":  # its columns are the declared measures; those of this run are invented
            continue
        assert content["columns"] == known[table], table


def test_results_open_a_run_without_the_simulation(kept: Path) -> None:
    code = (
        "import sys; from results.run import open_run\n"
        "run = open_run(sys.argv[1]); run.territory, run.describe('teams')\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'agents', 'sim', 'scenarios', 'matplotlib'}))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(kept)], capture_output=True, text=True, check=True,
                          cwd=Path(__file__).parents[2])  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_a_table_that_was_not_recorded_is_named(tmp_path: Path) -> None:
    run = open_run(invented_run(tmp_path / "run", years=1, weeks_a_year=1))
    with pytest.raises(RunError, match=r'no table "events"\. Its tables: territory, physicians'):
        _ = run.events


def one_line(error: pytest.ExceptionInfo[RunError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    return text


def test_nothing_there_names_the_nearest(kept: Path) -> None:
    with pytest.raises(RunError) as error:
        open_run(kept.with_name("twon"))
    assert one_line(error).endswith('there is no such folder. Did you mean "town"?')


def test_nothing_there_and_nothing_near(tmp_path: Path) -> None:
    with pytest.raises(RunError) as error:
        open_run(tmp_path / "nowhere" / "run")
    assert "Expected the folder of a run" in one_line(error)


def test_a_folder_that_is_not_a_run(tmp_path: Path) -> None:
    with pytest.raises(RunError) as error:
        open_run(tmp_path)
    assert "it has no manifest.json" in one_line(error)


def test_a_temporary_folder_is_refused_even_when_it_looks_whole(copied: Path) -> None:
    temporary = copied.rename(copied.with_name(".town.123.0123abcd.tmp"))
    with pytest.raises(RunError, match="never finished"):
        open_run(temporary)
    assert list_runs(temporary.parent) == []


@pytest.mark.parametrize("name", ["physicians.parquet", "cells.parquet"])
def test_a_missing_or_cut_file_is_named(copied: Path, name: str) -> None:
    file = copied / name
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(RunError, match=rf"{name}: the file is missing or cut"):
        open_run(copied)
    file.unlink()
    with pytest.raises(RunError, match="missing or cut"):
        open_run(copied)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 1}', "\x00"])
def test_a_broken_manifest_is_named(copied: Path, text: str) -> None:
    (copied / "manifest.json").write_text(text)
    with pytest.raises(RunError) as error:
        open_run(copied)
    assert "manifest" in one_line(error)


def test_a_newer_format_asks_for_an_update(copied: Path) -> None:
    manifest = json.loads((copied / "manifest.json").read_text())
    (copied / "manifest.json").write_text(json.dumps(manifest | {"format": 99}))
    with pytest.raises(RunError, match="format 99, this version reads up to 1"):
        open_run(copied)


def test_a_table_with_other_bytes_inside_is_named(copied: Path) -> None:
    file = copied / "teams.parquet"
    file.write_bytes(b"x" * file.stat().st_size)
    with pytest.raises(RunError, match=r"teams\.parquet: the table cannot be read"):
        _ = open_run(copied).teams


def test_list_runs_passes_over_what_is_not_one(copied: Path) -> None:
    (copied.parent / "notes").mkdir()
    (copied.parent / "file").write_text("")
    found = list_runs(copied.parent)
    assert [type(run) for run in found] == [Run]
    assert list_runs(copied.parent / "nowhere") == []

"""A run is written whole or not at all, adds up with its claim lines, and says itself what it holds."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import physicians
from agents.declarations import Column, new_table
from agents.mistakes import Mistake
from agents.patients import ALIVE
from sim import events as ev
from sim.recorder import Recorder
from sim.recording.folder import RunFolder, identity, sweep
from sim.recording.manifest import parameter_digest
from sim.recording.patients import top_shares
from sim.recording.tables import TableWriter, described, flattened
from sim.recording.territory import territory_rows
from tests.invented import invented_run, invented_spec, invented_world, pass_week


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invented_run(tmp_path_factory.mktemp("runs") / "town", years=2, weeks_a_year=5, panel=20, events=True)


def frame(run: Path, table: str) -> pd.DataFrame:
    return pd.read_parquet(run / f"{table}.parquet")


def test_every_recorded_column_is_written_each_week(whole: Path) -> None:
    table = frame(whole, "physicians")
    wanted = [name for c in physicians.COLUMNS if c.recorded for name, _ in flattened(c)]
    assert list(table.columns) == ["week", "year", "physician", *wanted]
    assert "minutes_visit" in table
    assert table["week"].tolist() == np.repeat(np.arange(52, 62), 18).tolist()
    assert table["year"].unique().tolist() == [1]
    assert table.loc[table["week"] == 52, "physician"].tolist() == list(range(18))


def test_the_same_run_written_twice_gives_the_same_files(whole: Path, tmp_path: Path) -> None:
    again = invented_run(tmp_path / "town", years=2, weeks_a_year=5, panel=20, events=True)
    tables = sorted(path.name for path in whole.glob("*.parquet"))
    assert {"events.parquet", "panel.parquet", "accounts.parquet"} <= set(tables)
    assert tables == sorted(path.name for path in again.glob("*.parquet"))
    assert [name for name in tables if (whole / name).read_bytes() != (again / name).read_bytes()] == []


def test_values_are_those_of_their_own_week(tmp_path: Path) -> None:
    world = invented_world()
    kept = []
    with Recorder(world, invented_spec(), tmp_path / "run") as recorder:
        rng = np.random.default_rng(3)
        for _ in range(3):
            events = pass_week(world, rng)
            kept.append(world.physicians["fees_cents"].copy())
            recorder.week(world, events)
        run = recorder.finish()
    assert frame(run, "physicians")["fees_cents"].tolist() == np.concatenate(kept).tolist()


def test_territory_row_adds_up_with_the_claim_lines() -> None:
    world = invented_world()
    lines = pass_week(world, np.random.default_rng(5))
    (row,) = territory_rows(world, lines, {"births": [3]})
    gp = lines["kind"] == ev.GP
    assert row["gp_contacts"] == gp.sum()
    assert row["leaks"] == ((lines["marks"] & ev.LEAK) > 0).sum()
    assert row["stops"] == lines["stops"][lines["kind"] == ev.ROUNDS].sum()
    assert row["forgone"].tolist() == np.bincount(lines["priority"][lines["kind"] == ev.FORGONE], minlength=4).tolist()
    spent = sum(float(row[f"spend_{name}"]) for name in ("gp", "nurse", "ed", "hospital"))
    assert spent == pytest.approx(lines["cents"].sum() / 100)
    assert row["people"] == (world.patients["flags"] & ALIVE).sum()
    assert row["births"] == 3
    lists, waits = world.physicians["registered_list"], world.physicians["posted_wait_days"]
    assert row["posted_wait_days"] == pytest.approx(np.average(waits, weights=lists))


def test_an_empty_post_posts_no_wait() -> None:
    """What it last posted stands still, and its list may wait for a successor."""
    world = invented_world()
    world.physicians["vacant_until"][::2] = (world.week + 30, 2**30) * (len(world.physicians) // 4) + (2**30,)
    world.physicians["posted_wait_days"][::2] = 90.0
    held = world.physicians[1::2]
    (row,) = territory_rows(world, new_table(ev.COLUMNS, 0))
    assert row["posted_wait_days"] == pytest.approx(
        np.average(held["posted_wait_days"], weights=held["registered_list"])
    )
    world.physicians["vacant_until"] = 2**30
    (row,) = territory_rows(world, new_table(ev.COLUMNS, 0))
    assert np.isnan(row["posted_wait_days"]), "nobody is in post"


def test_each_territory_has_its_own_row() -> None:
    world = invented_world()
    lines = pass_week(world, np.random.default_rng(5))
    world.territories = np.concatenate([world.territories, world.territories])
    world.territories["first_patient"], world.territories["last_patient"] = (0, 1_000), (1_000, 3_050)
    world.physicians["territory"][9:] = 1
    lines["territory"][::3] = 1
    rows = territory_rows(world, lines, {"deaths": np.array([1, 2])})
    assert rows["people"].tolist() == [1_000, 2_000]
    assert rows["deaths"].tolist() == [1, 2]
    assert rows["gp_contacts"].tolist() == [
        ((lines["kind"] == ev.GP) & (lines["territory"] == t)).sum() for t in (0, 1)
    ]  # fmt: skip
    both = world.physicians["requests"].sum() + world.nurses["requests"].sum()
    assert rows["requests"].sum() == both


def test_a_week_without_events_is_a_row_of_zeros() -> None:
    world = invented_world()
    (row,) = territory_rows(world, new_table(ev.COLUMNS, 0))
    assert row["gp_contacts"] == row["waited_days"] == row["spend_gp"] == 0
    assert row["people"] == 3_000


def test_events_are_written_with_readable_names(whole: Path) -> None:
    events = frame(whole, "events")
    assert set(events["kind"].unique()) == set(ev.KINDS)
    assert events["kind"].dtype == "category"
    weekly = frame(whole, "territory")
    assert weekly["ed_visits"].sum() == (events["kind"] == "ed").sum()


def test_panel_follows_the_same_people_whatever_the_order_of_the_rows(tmp_path: Path) -> None:
    found = []
    for shift in (0, 7):
        world = invented_world()
        world.patients[:] = np.roll(world.patients, shift)
        with Recorder(world, invented_spec(), tmp_path / f"run{shift}", panel=30) as recorder:
            recorder.week(world, pass_week(world, np.random.default_rng(1)))
            found.append(sorted(frame(recorder.finish(), "panel")["who"]))
    assert found[0] == found[1]
    assert len(found[0]) == 30


def test_panel_drops_who_is_gone_and_never_takes_the_newcomer(tmp_path: Path) -> None:
    world = invented_world()
    rng = np.random.default_rng(1)
    with Recorder(world, invented_spec(), tmp_path / "run", panel=3_000) as recorder:
        recorder.week(world, pass_week(world, rng))
        world.patients["flags"][0] = 0
        world.patients["who"][1] = 99_999_999
        recorder.week(world, pass_week(world, rng))
        panel = frame(recorder.finish(), "panel")
    first, second = (set(part["who"]) for _, part in panel.groupby("week"))
    assert first - second == {1, 2}
    assert not second - first


def test_accounts_of_several_levels_share_a_table(tmp_path: Path) -> None:
    world = invented_world()
    with Recorder(world, invented_spec(), tmp_path / "run") as recorder:
        recorder.week(world, pass_week(world, np.random.default_rng(1)))
        for level, owners in (("physician", 18), ("team", 9)):
            index = pd.RangeIndex(owners, name=level)
            recorder.year(pd.DataFrame({"fees": 1.0}, index=index), 1, {"fees": {"unit": "EUR", "label": "fees"}})
        run = recorder.finish()
    accounts = frame(run, "accounts")
    assert accounts.groupby("level")["owner"].count().to_dict() == {"physician": 18, "team": 9}
    assert len(frame(run, "spending")) == 14  # once a year, not once a level
    columns = json.loads((run / "manifest.json").read_text())["tables"]["accounts"]["columns"]
    assert {"name": "fees", "unit": "EUR", "label": "fees"} in columns


def test_manifest_describes_every_column_of_every_table(whole: Path) -> None:
    manifest = json.loads((whole / "manifest.json").read_text())
    assert manifest["scenario"]["territory"]["builder"] == "synthetic"
    assert manifest["scenario"]["start"] == "2021-01-04"
    assert manifest["notes"] == ["Communes, positions and people are invented."]
    assert manifest["packages"]["numpy"] == np.__version__
    for name, table in manifest["tables"].items():
        written = frame(whole, name)
        assert len(written) == table["rows"], name
        assert sorted(written.columns) == sorted(c["name"] for c in table["columns"]), name
        assert all(c["label"] for c in table["columns"]), name


def test_same_run_same_bytes_and_same_id_replaces(tmp_path: Path) -> None:
    first = invented_run(tmp_path / "run", years=1, weeks_a_year=2)
    before = {p.name: p.read_bytes() for p in first.glob("*.parquet")}
    second = invented_run(tmp_path / "run", years=1, weeks_a_year=2)
    assert second == first
    assert {p.name: p.read_bytes() for p in second.glob("*.parquet")} == before
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_the_same_run_again_renews_its_files_and_keeps_what_its_user_put_beside_them(tmp_path: Path) -> None:
    folder = invented_run(tmp_path / "run", years=1, weeks_a_year=2)
    whole = (folder / "territory.parquet").read_bytes()
    (folder / "notes.txt").write_text("mine")
    (folder / "report_files").mkdir()
    (folder / "report_files" / "map.png").write_bytes(b"mine too")
    (folder / "territory.parquet").write_bytes(b"damaged")
    assert invented_run(folder, years=1, weeks_a_year=2) == folder
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "report_files" / "map.png").read_bytes() == b"mine too"
    assert (folder / "territory.parquet").read_bytes() == whole
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_a_folder_that_cannot_be_renewed_keeps_all_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = invented_run(tmp_path / "run", years=1, weeks_a_year=2)
    (folder / "notes.txt").write_text("mine")
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def refused(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(Mistake, match="cannot be written there"):
        invented_run(folder, years=1, weeks_a_year=2)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_another_run_takes_the_next_free_name(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "thesis.txt").write_text("keep me")
    assert invented_run(tmp_path / "run", years=1, weeks_a_year=1).name == "run-2"
    world = invented_world(seed=2)
    with Recorder(world, invented_spec(), tmp_path / "run") as recorder:
        recorder.week(world, pass_week(world, np.random.default_rng(1)))
        assert recorder.finish().name == "run-3"
    assert (tmp_path / "run" / "thesis.txt").read_text() == "keep me"


def test_seed_scenario_and_parameters_make_the_identity(tmp_path: Path) -> None:
    ids = set()
    for name, seed, parameter in (("a", 1, 1.0), ("b", 1, 1.0), ("a", 2, 1.0), ("a", 1, 2.0)):
        world = invented_world()
        world.seed, world.parameters["choice_x"] = seed, parameter
        with Recorder(world, invented_spec(name), tmp_path / "run") as recorder:
            recorder.week(world, new_table(ev.COLUMNS, 0))
            ids.add(identity(recorder.finish()))
    assert len(ids) == 4


def test_parameter_digest_does_not_depend_on_the_order_of_files() -> None:
    one = np.array([(1.0, 2.0)], dtype=[("a", "f8"), ("b", "f8")])
    other = np.array([(2.0, 1.0)], dtype=[("b", "f8"), ("a", "f8")])
    assert parameter_digest(one) == parameter_digest(other)
    assert parameter_digest(one) != parameter_digest(np.array([(1.0, 3.0)], dtype=one.dtype))


def test_leaving_before_the_end_leaves_nothing(tmp_path: Path) -> None:
    world = invented_world()

    def stopped() -> None:
        with Recorder(world, invented_spec(), tmp_path / "run") as recorder:
            recorder.week(world, pass_week(world, np.random.default_rng(1)))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        stopped()
    assert list(tmp_path.iterdir()) == []


WRITES_FOR_EVER = """
import sys
import numpy as np
from sim.recorder import Recorder
from tests.invented import invented_spec, invented_world, pass_week
world, rng = invented_world(), np.random.default_rng(1)
with Recorder(world, invented_spec(), sys.argv[1]) as recorder:
    while True:
        recorder.week(world, pass_week(world, rng))
        for writer in recorder._writers.values():
            writer.flush()
        print("week", flush=True)
"""


def test_a_killed_run_leaves_nothing_that_can_be_opened_and_is_swept(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", WRITES_FOR_EVER, str(tmp_path / "run")]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(root)})
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"week\n"
        alive = list(tmp_path.iterdir())
        assert sweep(tmp_path) == []  # its process lives
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert [p.name.startswith(".run.") and p.suffix == ".tmp" for p in alive] == [True]
    assert not (tmp_path / "run").exists()
    assert identity(alive[0]) is None
    invented_run(tmp_path / "other", years=1, weeks_a_year=1)
    assert [p.name for p in tmp_path.iterdir()] == ["other"]


def test_sweeping_spares_other_machines_and_fresh_folders(tmp_path: Path) -> None:
    elsewhere, fresh, old, hers = (tmp_path / f".run.1.{'0' * 7}{i}.tmp" for i in range(4))
    for folder in (elsewhere, fresh, old, hers):
        folder.mkdir()
    (elsewhere / "owner.json").write_text(json.dumps({"host": "not-this-machine", "pid": 999_999_999}))
    os.utime(old, (time.time() - 86_400,) * 2)
    (tmp_path / ".run.notes.tmp").mkdir()
    assert sweep(tmp_path) == [old]
    assert len(list(tmp_path.iterdir())) == 4


def test_a_folder_that_cannot_be_written_is_a_users_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Mistake, match="cannot be written there") as caught:
        Recorder(invented_world(), invented_spec(), tmp_path / "file" / "run")
    assert "--out" in str(caught.value)


def test_a_full_disk_is_a_users_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    world = invented_world()
    with Recorder(world, invented_spec(), tmp_path / "run") as recorder:
        monkeypatch.setattr(TableWriter, "add", full)
        with pytest.raises(Mistake, match="No space left on device"):
            recorder.week(world, pass_week(world, np.random.default_rng(1)))
    assert list(tmp_path.iterdir()) == []


def test_a_place_taken_meanwhile_is_left_alone(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    (tmp_path / "run").write_text("a file")
    assert folder.publish("id").name == "run-2"
    assert (tmp_path / "run").read_text() == "a file"


def test_array_columns_are_flattened_by_their_parts() -> None:
    names = [d["name"] for d in described([Column("forgone", "i4", "count", "forgone", shape=(4,))])]
    assert names == ["forgone_vital", "forgone_high", "forgone_medium", "forgone_low"]
    assert flattened(Column("x", "f8", "", "unnamed parts", shape=(2,))) == [("x_0", 0), ("x_1", 1)]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_top_shares_lie_above_equality_and_end_at_one(amounts: list[float], shares: list[float]) -> None:
    points = np.array(sorted(shares))
    held = top_shares(np.array(amounts), points)
    if sum(amounts) == 0:
        assert not held.any()
        return
    assert (held >= points - 1e-9).all()
    assert (np.diff(held) >= -1e-9).all()
    assert top_shares(np.array(amounts), np.array([0.0, 1.0])).tolist() == pytest.approx([0.0, 1.0])

"""The study engine, on a toy laboratory: resume, failures as data, independence of workers and order, forked arms."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from agents.mistakes import Mistake
from scenarios.declared import as_tables
from scenarios.overrides import overridden
from scenarios.study import Store, Study
from scenarios.study.forking import changed_keys, check_arm
from scenarios.study.store import replaced
from scenarios.study.unit import Unit
from sim.specification import ScenarioSpec, TeamSpec
from tests.scenarios.toy_laboratory import PREPARED_LOG, TOY, ToyModel

VILLAGE, TOWN = ScenarioSpec(name="village"), ScenarioSpec(name="town")
ARMS = {"now": [], "more": ["toy.drift=3"]}


def study(seeds: Sequence[int] = range(3), **changes: Any) -> Study:
    described: dict[str, Any] = {"territories": [VILLAGE, TOWN], "arms": ARMS, "years": 2}
    described["outcomes"] = ["state", "square"]
    return Study(**(described | {"seeds": list(seeds), "laboratory": TOY} | changes))


def test_one_tidy_row_a_territory_arm_vector_seed_and_year() -> None:
    table = study(vectors=[{}, {"toy.level": 2.0}]).run()
    assert len(table) == 2 * 2 * 2 * 3 * 2
    assert list(table)[:5] == ["territory", "arm", "vector", "seed", "year"]
    assert not table.duplicated(["territory", "arm", "vector", "seed", "year"]).any()
    assert (table["stage"] == "").all()
    assert (table["warm_up_weeks"] == 104).all()


def test_arms_start_from_the_same_world_and_do_not_touch_it() -> None:
    table = study().run().set_index(["territory", "arm", "vector", "seed", "year"])["state"].unstack("arm")
    difference = (table["more"] - table["now"]).to_numpy()
    years = table.index.get_level_values("year")
    assert difference == pytest.approx(2.0 * years.to_numpy())


def test_a_vector_applies_before_the_warm_up_and_in_every_arm() -> None:
    table = study(vectors=[{}, {"toy.level": 2.0}]).run()
    state = table.pivot_table(index=["territory", "arm", "seed", "year"], columns="vector", values="state")
    assert (state[1] - state[0]).to_numpy() == pytest.approx(100.0)


def test_same_table_with_one_and_two_workers_and_in_any_order(tmp_path: Path) -> None:
    alone = study().run()
    assert_frame_equal(alone, study().run(tmp_path, workers=2))
    backwards = study(seeds=[2, 1, 0], territories=[TOWN, VILLAGE]).run()
    keys = ["territory", "arm", "vector", "seed", "year"]
    assert_frame_equal(
        alone.sort_values(keys).reset_index(drop=True), backwards.sort_values(keys).reset_index(drop=True)
    )


def test_what_is_known_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log"
    monkeypatch.setenv(PREPARED_LOG, str(log))
    first = study().run(tmp_path / "study")
    assert len(log.read_text().splitlines()) == 6
    assert_frame_equal(first, study().run(tmp_path / "study"))
    assert len(log.read_text().splitlines()) == 6
    study(seeds=range(4)).run(tmp_path / "study")
    assert len(log.read_text().splitlines()) == 8, "only the new seed is founded, once a territory"


def test_a_lost_shard_is_run_again_from_the_saved_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log"
    monkeypatch.setenv(PREPARED_LOG, str(log))
    first = study().run(tmp_path / "study")
    (shard,) = (tmp_path / "study" / "runs").iterdir()
    shard.write_bytes(b"half a shard")
    assert_frame_equal(first, study().run(tmp_path / "study"))
    assert len(log.read_text().splitlines()) == 6


def test_runs_do_not_depend_on_the_number_of_a_vector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    low, high = {"toy.level": 1.0}, {"toy.level": 2.0}
    one = study(vectors=[low, high]).run(tmp_path)
    monkeypatch.setenv(PREPARED_LOG, str(tmp_path / "log"))
    other = study(vectors=[high, low]).run(tmp_path)
    assert not (tmp_path / "log").exists(), "nothing is run again"
    swapped = other.assign(vector=1 - other["vector"])
    keys = ["territory", "arm", "vector", "seed", "year"]
    assert_frame_equal(one.sort_values(keys, ignore_index=True), swapped.sort_values(keys, ignore_index=True))


def test_a_folder_of_another_study_is_refused(tmp_path: Path) -> None:
    study().run(tmp_path)
    with pytest.raises(Mistake, match="holds another study: years"):
        study(years=1).run(tmp_path)


def test_a_failed_warm_up_is_a_row_an_arm_and_the_rest_goes_on(tmp_path: Path) -> None:
    table = study(vectors=[{"toy.bad_seed": 1}]).run(tmp_path)
    bad = table[table["seed"] == 1]
    assert (bad["stage"] == "warm-up").all()
    assert len(bad) == 4
    assert bad["message"].str.contains("nobody in it").all()
    assert bad["state"].isna().all()
    assert table.loc[table["seed"] != 1, "state"].notna().all()
    assert_frame_equal(table, study(vectors=[{"toy.bad_seed": 1}]).run(tmp_path))


def test_a_failed_arm_keeps_the_years_before_and_the_other_arms() -> None:
    table = study(arms=ARMS | {"bad": ["toy.fails_in_year=2"]}).run()
    bad = table[table["arm"] == "bad"]
    assert list(bad.loc[bad["year"] == 1, "stage"].unique()) == [""]
    assert list(bad.loc[bad["year"] == 2, "stage"].unique()) == ["year 2"]
    assert bad.loc[bad["year"] == 2, "message"].str.startswith("ValueError: planted failure").all()
    assert table.loc[table["arm"] != "bad", "state"].notna().all()


def test_an_outcome_that_fails_is_missing_and_the_others_stand() -> None:
    table = study(outcomes=["broken", "state"]).run()
    assert table["broken"].isna().all()
    assert table["state"].notna().all()
    assert (table["stage"] == "outcome broken").all()


def test_the_death_of_a_worker_is_a_row_and_the_rest_goes_on(tmp_path: Path) -> None:
    table = study(vectors=[{"toy.deadly_seed": 1}], territories=[TOWN]).run(tmp_path, workers=2)
    assert (table.loc[table["seed"] == 1, "stage"] == "worker").all()
    assert table.loc[table["seed"] != 1, "state"].notna().all()
    known = {seed for _, seed in Store(str(tmp_path)).known()}
    assert known == {0, 2}, "a death does not count: the unit is tried again next time"


SCRIPT = """
import signal
import sys
from pathlib import Path
from tests.scenarios.test_study import slow
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
    slow().run(Path(sys.argv[1]), workers=int(sys.argv[2]))
"""


def slow() -> Study:
    return study(seeds=range(8), territories=[TOWN], vectors=[{"toy.seconds": 0.4}])


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_study_killed_on_the_way_goes_on_and_gives_the_same_table(
    tmp_path: Path, how: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    folder, root = tmp_path / "study", Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(root)}
    process = subprocess.Popen(
        [sys.executable, str(script), str(folder), "2"], env=environment, cwd=root, stderr=subprocess.DEVNULL
    )
    _wait_for_shards(folder, 2, process)
    process.send_signal(how)
    assert process.wait(timeout=20) != 0
    known = set(Store(str(folder)).known())
    assert 4 <= len(known) < 16
    monkeypatch.setenv(PREPARED_LOG, str(tmp_path / "log"))
    table = slow().run(folder, keep_worlds=False)
    assert len((tmp_path / "log").read_text().splitlines()) == 8 - len(known) // 2, "what is whole is not run again"
    monkeypatch.delenv(PREPARED_LOG)
    assert_frame_equal(table, slow().run())


THREE_LINES = """
from scenarios.reading import load
from scenarios.study import Study
from tests.scenarios.toy_laboratory import TOY
print("run")
"""
ASKS = (
    'print(Study([load("village")], {"a": []}, ["state"], range(4), laboratory=TOY).run(workers=2)["stage"].tolist())'
)


@pytest.mark.parametrize(("guard", "times_run"), [("", 1), ("if __name__ == '__main__':\n    ", 3)])
def test_a_script_needs_no_guard(tmp_path: Path, guard: str, times_run: int) -> None:
    """Workers do not ask three lines for their study once more; what a guarded script declares, they declare too."""
    script = tmp_path / "three_lines.py"
    script.write_text(THREE_LINES + guard + ASKS)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True)
    assert str([""] * 4) in done.stdout
    assert done.stdout.count("run") == times_run


def _wait_for_shards(folder: Path, number: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(12_000):
        if len(list((folder / "runs").glob("*.parquet"))) >= number:
            return
        assert process.poll() is None, "the study ended before it could be stopped"
        time.sleep(0.01)
    pytest.fail("no shard came")


def test_a_stream_that_is_closed_early_leaves_whole_shards(tmp_path: Path) -> None:
    stream = study().stream(tmp_path)
    first = next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert len(first) == 4
    assert len(list((tmp_path / "runs").iterdir())) == 1
    assert len(study().run(tmp_path)) == 24


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"territories": [VILLAGE, VILLAGE]}, 'two territories are called "village"'),
        ({"outcomes": ["stat"]}, 'outcome "stat" is not known. Did you mean "state"'),
        ({"vectors": [{"level": 1}]}, 'parameter "level" is not known'),
        ({"seeds": []}, "no seeds given"),
        ({"arms": {"big": ["territory.people=900"]}}, 'arm "big": territory.people cannot differ between arms'),
    ],
)
def test_a_study_that_cannot_be_run_is_refused_before_it_starts(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Mistake, match=message):
        study(**changes)


def test_arms_may_differ_in_what_acts_after_the_fork_only() -> None:
    base = ScenarioSpec(teams={"house": TeamSpec(kind="group", physicians=5)})
    allowed = overridden(base, ["team.house.sharing_rule=equal", "team.house.contract=['aci_msp']"])
    assert changed_keys(base, allowed) == ["teams.house.contract", "teams.house.sharing_rule"]
    check_arm("paid", base, allowed)
    with pytest.raises(Mistake, match=r"teams\.house\.physicians cannot differ"):
        check_arm("larger", base, overridden(base, ["team.house.physicians=6"]))


def test_an_arm_may_take_the_right_to_hire_away_and_not_give_it() -> None:
    base = ScenarioSpec(teams={"house": TeamSpec(kind="group", physicians=5)})
    check_arm("fewer", base, overridden(base, ["parameters.team_life.posts_of_kinds=[0, 0, 0, 0, 0]"]))
    with pytest.raises(Mistake, match=r"posts_of_kinds cannot let more kinds of team hire"):
        check_arm("more", base, overridden(base, ["parameters.team_life.posts_of_kinds=[0, 1, 1, 0, 0]"]))


def test_overrides_on_a_scenario_already_read_are_checked() -> None:
    base = ScenarioSpec(teams={"house": TeamSpec(kind="group", physicians=5)})
    assert overridden(base, []) is base
    assert overridden(base, ["team.house.half_days=8"]).teams["house"].half_days == 8.0
    assert as_tables(base)["team"]["house"]["physicians"] == 5
    with pytest.raises(Mistake, match="hold_harmless"):
        overridden(base, ["team.house.sharing_rule=hold_harmles"])


def test_a_digest_knows_the_content_and_not_the_texts() -> None:
    def first(**changes: Any) -> Unit:
        return min(study(**changes).units(), key=lambda unit: (unit.territory, unit.vector, unit.seed))

    unit, other = first(), first(vectors=[{"toy.level": 2.0}])
    same = first(territories=[ScenarioSpec(name=unit.territory, title={"en": "A village"})])
    assert unit.points == same.points
    assert unit.points["now"] != other.points["now"]
    assert unit.world_digest(TOY) != other.world_digest(TOY)
    assert unit.world_digest(TOY) == first(arms={"now": []}).world_digest(TOY)


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(FileNotFoundError):
        _half_written(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def _half_written(path: Path) -> None:
    with replaced(path) as temporary:
        temporary.write_text("half")
        (path.parent / "not there" / "more").write_text("")


def test_progress_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    table: pd.DataFrame = study(seeds=[1]).run(progress=True)
    assert len(table) == 8
    assert "2/2" in capsys.readouterr().err


def test_every_model_is_closed_when_nothing_more_is_asked_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[ToyModel] = []
    begin = ToyModel.__init__

    def remembered(model: ToyModel, *given: Any) -> None:
        begin(model, *given)
        made.append(model)

    monkeypatch.setattr(ToyModel, "__init__", remembered)
    study(arms={"now": [], "fails": ["toy.fails_in_year=1"]}).run()
    assert len(made) > 2
    assert [vars(model) for model in made] == [{}] * len(made)

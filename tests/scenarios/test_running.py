import hashlib
import json
from pathlib import Path

import pytest

import careteams
from agents.mistakes import Mistake
from results.figures import OF_TEAM, draw
from results.run import RunError, open_run
from scenarios import cli
from scenarios.reading import load_text
from scenarios.running import bar, default_folder, simulate
from sim.specification import ScenarioSpec

VILLAGE = """
years = 1
warm_up_years = 1
[territory]
name = "Village"
people = 1500
columns = 5
rows = 5
town = 1000
[team.lilas]
kind = "group"
physicians = 2
"""


def village(*overrides: str) -> ScenarioSpec:
    return load_text(VILLAGE, "village", overrides)


def digests(folder: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.glob("*.parquet"))}


@pytest.mark.slow
def test_a_run_is_written_whole_and_tells_its_progress(tmp_path: Path) -> None:
    weeks: list[int] = []
    folder = simulate(village(), out=tmp_path / "here", progress=weeks.append)
    assert folder == tmp_path / "here"
    assert sum(weeks) == 104
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["weeks"], manifest["scenario"]["name"], manifest["seed"]) == (52, "village", 1)
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.slow
def test_the_same_seed_gives_the_same_tables_and_another_seed_others(tmp_path: Path) -> None:
    first = simulate(village(), out=tmp_path / "a", progress=False)
    again = simulate(village(), out=tmp_path / "b", progress=False, threads=2)
    other = simulate(village("seed=2"), out=tmp_path / "c", progress=False)
    assert digests(first) == digests(again)
    assert digests(first)["territory.parquet"] != digests(other)["territory.parquet"]


@pytest.mark.slow
def test_a_run_that_is_stopped_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weeks = 0

    def stopping(count: int) -> None:
        nonlocal weeks
        weeks += count
        if weeks > 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(village(), out=tmp_path / "run", progress=stopping)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_command_line_runs_says_and_draws(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    file = tmp_path / "village.toml"
    file.write_text(VILLAGE)
    assert cli.main(["run", str(file), "--out", str(tmp_path / "out"), "--panel", "20", "--record-events"]) == 0
    out = capsys.readouterr().out
    assert "GP contacts per person" in out
    assert str(tmp_path / "out") in out
    written = {f.name for f in (tmp_path / "out").iterdir()}
    assert {"manifest.json", "panel.parquet", "events.parquet", "overview.png", "overview.txt"} <= written


@pytest.mark.slow
def test_three_lines_of_python_load_run_and_plot(tmp_path: Path) -> None:
    file = tmp_path / "village.toml"
    file.write_text(VILLAGE)
    run = careteams.load(file).run(seed=3, out=tmp_path / "run", progress=False)
    assert run.plot().axes
    assert run.manifest["seed"] == 3
    assert careteams.open_run(tmp_path / "run").territory["people"].iloc[0] > 1000


def test_a_folder_in_use_for_something_else_is_refused_before_anything_is_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "village.toml").write_text(VILLAGE)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "page.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.json").write_text('{"run_id": "of another run"}')
    before = sorted(tmp_path.rglob("*"))
    for name in ("thesis", "file", "other"):
        words = ["run", str(tmp_path / "village.toml"), "--quiet", "--out", str(tmp_path / name)]
        assert cli.main(words) == 2
        assert "holds another run or something else" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.slow
def test_a_run_may_be_made_again_where_it_stands_and_another_may_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "village.toml").write_text(VILLAGE)
    folder = simulate(village(), progress=False)
    assert folder == tmp_path / "results/runs/village-seed1"
    (folder / "notes.txt").write_text("mine")
    assert simulate(village(), out=folder, progress=False) == folder
    assert (folder / "notes.txt").read_text() == "mine"
    with pytest.raises(Mistake, match="holds another run"):
        simulate(village("seed=2"), out=folder, progress=False)
    assert cli.main(["run", "village.toml", "--set", "record.panel=5", "--quiet", "--no-figure"]) == 0
    assert "this run is in" in capsys.readouterr().err  # even when quiet: it is not where one looks for it
    assert (tmp_path / "results/runs/village-seed1-2/panel.parquet").is_file()


def test_threads_are_checked_before_anything_is_built() -> None:
    with pytest.raises(Mistake, match="threads = 0 is outside its range, 1 to 256"):
        simulate(village(), threads=0)


def test_a_run_without_a_folder_goes_under_results() -> None:
    assert default_folder(village("seed=7")) == Path("results/runs/village-seed7")


def test_the_bar_counts_weeks_on_the_error_stream(capsys: pytest.CaptureFixture[str]) -> None:
    with bar("warm-up", None, progress=True) as passed:
        passed(3)
    out, err = capsys.readouterr()
    assert out == ""
    assert "compiled" in err
    assert "warm-up" in err


@pytest.mark.slow
@pytest.mark.parametrize("nurses", [0.0, 13.1])
def test_a_place_where_no_team_works_is_run_and_told(
    nurses: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "desert.toml", tmp_path / "desert"
    file.write_text(f"{VILLAGE.partition('[team.')[0]}gps_per_10000 = 0\nnurses_per_10000 = {nurses}\n")
    assert cli.main(["run", str(file), "--out", str(out)]) == 0
    out_lines = capsys.readouterr().out
    assert "careteams story" not in out_lines
    assert out_lines.startswith("desert: Village, 52 weeks")
    counted = {line[:46].strip(): line[46:].split() for line in out_lines.splitlines()}
    for of_nothing in ("days from request to GP contact", "leaks: share of contacts bought elsewhere",
                       "registered patients per physician", "contacts per physician"):  # fmt: skip
        assert counted[of_nothing] == ["–"]
    assert cli.main(["report", str(out), "--out", str(tmp_path / "page.html")]) == 0
    run = open_run(out)
    assert run.figures(tmp_path / "figures", dpi=40)
    assert "no physician works here" in draw(run, "professions").text
    words = [text.get_text() for axes in draw(run, "overview").figure.axes for text in axes.texts]
    assert "no physician here has a list" in words
    assert ("nobody works here" in words) == (not nurses)
    assert "nobody is on the list" in draw(run, "access").text
    for name in OF_TEAM:
        with pytest.raises(RunError, match="there is no team"):
            draw(run, name)
    for command in ("story", "explain"):
        assert cli.main([command, str(out), "--team", "lilas"]) == 2
        assert 'has no team "lilas".' in capsys.readouterr().err
    assert cli.main(["story", str(out)]) == 2

"""``careteams story``, as its users type it."""

import json
from pathlib import Path

import pytest

from scenarios import cli
from tests.english import in_english  # noqa: F401  a fixture that every test here uses
from tests.told_run import TEAM, told_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return told_run(tmp_path_factory.mktemp("runs") / "told").path


def said(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = cli.main([str(word) for word in words])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_story_is_told_in_both_languages(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, err = said(capsys, "story", folder, "--team", TEAM)
    assert (code, err) == (0, "")
    assert [part.split(".")[0] for part in out.split("\n\n")[1:]] == ["Year 1", "Year 2", "Year 3", "Year 4"]
    code, out, _err = said(capsys, "story", folder, "--team", TEAM, "--lang", "fr", "--years", "3")
    assert code == 0
    assert "Année 3. Une année calme" in out
    assert "Année 2" not in out


def test_a_story_as_json_as_events_and_with_figures(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    _code, out, _err = said(capsys, "story", folder, "--team", TEAM, "--json", "--years", "1-2")
    told = json.loads(out)
    assert [chapter["year"] for chapter in told["chapters"]] == [1, 2]
    assert all(chapter["sentences"] for chapter in told["chapters"])
    _code, out, _err = said(capsys, "story", folder, "--team", TEAM, "--events", "--years", "4")
    assert len(out.splitlines()) == 2
    assert "a nurse declines a task" in out
    code, out, _err = said(capsys, "story", folder, "--team", TEAM, "--figures", tmp_path / "pictures")
    assert code == 0
    assert (tmp_path / "pictures" / "timeline.png").is_file()
    assert "figure: " in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--team", "Les Tileuls"), 'Did you mean "Les Tilleuls"'),
        (("--team", TEAM, "--years", "one"), "--years one: expected a year such as 3"),
        (("--team", TEAM, "--years", "2-"), "--years 2-: expected a year such as 3"),
        (("--team", TEAM, "--years", "7"), "years 7 to 7: the run has years 1 to 4"),
    ],
)
def test_mistakes_are_one_line(
    capsys: pytest.CaptureFixture[str], folder: Path, words: tuple[str, ...], message: str
) -> None:
    code, out, err = said(capsys, "story", folder, *words)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1

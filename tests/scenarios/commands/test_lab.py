"""``careteams lab``, as its users type it."""

import json
from pathlib import Path

import pytest

from scenarios import cli
from tests.english import in_english  # noqa: F401  a fixture that every test here uses


def said(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = cli.main(["lab", *map(str, words)])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_game_is_told_with_its_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys)
    assert (code, err) == (0, "")
    assert "0.5       7/8, 7/8, 7/8     2/3, 2/3, 2/3     3, 5, 7" in out
    assert "capitation against fee-for-service: -31.5%" in out
    assert [line.split()[0] for line in out.splitlines() if " need is " in line] == ["yes", "yes"]
    assert any(line.startswith("V-10 ") and line.endswith("inside") for line in out.splitlines())


def test_json_and_a_changed_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    _code, out, _err = said(capsys, "--json", "--set", "parameters.utility.precision=1")
    found = json.loads(out)
    assert found["change"] == pytest.approx(-0.39, abs=0.005)
    assert all(found["orderings"].values())
    assert found["v10"]["verdict"] == "inside"
    assert found["means"]["mixed"]["5"] == pytest.approx(5.0)


def test_the_figure_has_its_words_beside_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _err = said(capsys, "--figure", tmp_path / "new" / "laboratory.svg", "--lang", "fr")
    assert code == 0
    assert out.count("laboratory.svg") == 1
    assert (tmp_path / "new" / "laboratory.svg").read_text(encoding="utf-8").count("<svg") == 1
    assert (tmp_path / "new" / "laboratory.txt").read_text(encoding="utf-8").count("0,94") == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--set", "parameters.utility.precisio=1"], 'Did you mean "utility.precision"?'),
        (["--set", "parameters.utility.precision=9"], "outside its range"),
        (["--figure", "{here}/figure.docx"], "cannot be written"),
        (["--figuer", "a.png"], 'Did you mean "--figure"?'),
    ],
)
def test_a_mistake_is_one_line_and_code_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], message: str
) -> None:
    code, _out, err = said(capsys, *(word.format(here=tmp_path) for word in words))
    assert code == 2
    assert message in err
    assert err.count("\n") == 1

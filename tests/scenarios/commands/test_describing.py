"""What can be said before anything runs, in both languages."""

from collections.abc import Iterator

import pytest

from results.messages import set_language
from scenarios.cli import main
from scenarios.files import presets
from sim.parameters import all_parameters


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    set_language("en")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments]) == 0
    return capsys.readouterr().out.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_parameter_is_described_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "parameters", "choice.travel_minute", "--lang", "fr").splitlines()
    assert lines[0] == "choice.travel_minute : Une minute de trajet vers un médecin"
    assert lines[1].endswith("utilité/minute")
    assert lines[3].endswith("hypothèse")


def test_every_parameter_is_listed_and_a_group_lists_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    known = list(all_parameters())
    assert [line.split()[0] for line in said(capsys, "parameters", "--lang", "en").splitlines()] == known
    group = said(capsys, "parameters", "choice", "--lang", "en").splitlines()
    assert [line.split()[0] for line in group] == [name for name in known if name.startswith("choice.")]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_preset_is_listed_and_described(capsys: pytest.CaptureFixture[str], language: str) -> None:
    listed = said(capsys, "presets", "--lang", language).splitlines()
    assert [line.split()[0] for line in listed] == list(presets())
    for name in presets():
        text = said(capsys, "describe", name, "--lang", language)
        assert ("le scénario" if language == "fr" else "the scenario") in text
        assert "[territory]" in text


def test_an_unknown_parameter_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parameters", "choice.travel_minutes", "--lang", "en"]) == 2
    assert 'Did you mean "choice.travel_minute"?' in capsys.readouterr().err

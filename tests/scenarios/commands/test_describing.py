"""What can be said before anything runs, in both languages."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from results.messages import set_language
from scenarios.cli import main
from scenarios.declared import as_tables
from scenarios.files import find, presets
from sim.parameters import all_parameters
from sim.specification import OfferSpec, PayerSpec, RecordSpec, ScenarioSpec, TeamSpec, TerritorySpec

OF_FILE = ("title", "description", "extends", "without", "reforms")
"""Keys of a file that are told before its tables, or gone once it is read."""
USUAL: dict[str, Any] = {"territory": TerritorySpec(), "team": TeamSpec(), "offer": OfferSpec(), "payer": PayerSpec(),
                         "record": RecordSpec(), "": ScenarioSpec()}  # fmt: skip
WHOLE = """extends = "default"
[territory]
commune_shares = { "Le Bourg" = 0.6, Hameau = 0.4 }
[reform.peps]
phi = 1.1
[reform.fees]
G = [{ value = 31.5, from = 2026-01-01, source = "our proposal" }]
[record]
panel = 50
[payer]
mode = "adaptive"
[offer.later]
policies = ["peps"]
from = 2022-01-01
[offer.later.terms.peps]
perimeter = "all"
"""
"""A file that says something of every table which the presets leave as it is."""


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


def sections(text: str) -> dict[str, list[str]]:
    """Lines of a description by heading."""
    blocks = [block.splitlines() for block in text.split("\n\n")[1:]]
    return {lines[0]: [line.strip() for line in lines[1:]] for lines in blocks}


def keys_said(table: dict[str, Any], place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Table and name of each key of a file that is not at its default; a task handed over is a key of its team."""
    owner = place[0] if place else ""
    usual = as_tables(USUAL[owner]) if owner in USUAL and "terms" not in place else {}
    for name, value in table.items():
        if place[2:] == ("delegation",):
            yield place[:2], f"{name}:"
        elif isinstance(value, dict) and name not in ("area_types", "commune_shares", *OF_FILE):
            yield from keys_said(value, (*place, name))
        elif value != usual.get(name) and name not in OF_FILE:
            yield place, f"{name} ="


@pytest.mark.parametrize("name", [*presets(), "whole"])
def test_every_key_of_a_file_is_described(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    whole = tmp_path / "whole.toml"
    whole.write_text(WHOLE)
    file = find(name)[0] if name != "whole" else whole
    found = sections(said(capsys, "describe", str(file), "--lang", "en"))
    said_keys = list(keys_said(tomllib.loads(file.read_text())))
    for place, key in said_keys:
        heading = f"[{'.'.join(place)}]" if place else "the scenario"
        assert any(line.startswith(key) for line in found[heading]), (heading, key)


def test_tables_of_values_are_described_whole(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    whole = tmp_path / "whole.toml"
    whole.write_text(WHOLE)
    found = sections(said(capsys, "describe", str(whole), "--lang", "en"))
    assert found["[territory]"][1].startswith('commune_shares = {"Le Bourg" = 0.6, Hameau = 0.4}')
    assert found["[reform.peps]"] == ["phi = 1.1"]
    assert found["[reform.fees]"] == ['G = [{value = 31.5, from = 2026-01-01, source = "our proposal"}]']
    assert found["[record]"][0].startswith("panel = 50 patients")
    assert found["[offer.later]"][1].startswith("from = 2022-01-01")
    assert found["[offer.later.terms.peps]"] == ['perimeter = "all"']


def test_a_term_set_on_the_command_line_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    plain = said(capsys, "describe", "camelias", "--lang", "en")
    changed = said(capsys, "describe", "camelias", "--set", "peps.phi=1.1", "--lang", "en")
    assert changed.removeprefix(plain).split() == ["[reform.peps]", "phi", "=", "1.1"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["territory.builder=epci", "territory.name=Vitr"], 'territory.name = "Vitr": no EPCI has this code'),
        (["territory.builder=epci", "territory.name=Sainte-Marie"], '"Sainte-Marie" fits 9 EPCIs'),
        (["team.msp.commune=Nulle-Part"], 'team "msp": commune = "Nulle-Part" is not in the territory'),
        (["team.msp.area_type=T6"], 'team "msp": area_type = "T6", but the territory "Ordinaire" has only T1, T2.'),
        (["team.msp.registered_list=22900"], "teams register 22900 patients, but only"),
        (["territory.builder=insee", "territory.filosofi={lacking}"], "the column"),
    ],
)
def test_check_refuses_what_a_run_would_refuse(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, settings: list[str], message: str
) -> None:
    lacking = tmp_path / "lacking.csv"
    lacking.write_text("idcar_1km,men\nCRS3035RES1000mN2029000E4251000,3\n")
    options = [part for text in settings for part in ("--set", text.replace("{lacking}", str(lacking)))]
    assert main(["check", "default", *options, "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert message in err
    assert err.count("\n") == 1

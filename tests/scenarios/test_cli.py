import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import careteams
from agents.mistakes import Mistake
from results.messages import set_language
from scenarios import cli
from tests.english import in_english  # noqa: F401  a fixture that every test here uses

ROOT = Path(__file__).parents[2]


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(list(words))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["rnu"], 'the command "rnu" is not known. Did you mean "run"? Commands: run, presets,'),
        (["xyz"], 'the command "xyz" is not known. Commands: run,'),
        (["run"], "careteams run: missing SCENARIO. See careteams run --help."),
        (["run", "default", "--yeers", "3"], 'careteams run: "--yeers" is not known. Did you mean "--years"?'),
        (["run", "default", "--years"], "careteams run: --years needs a value."),
        (["run", "default", "--years", "0"], "--set years=0: years = 0 is outside its range, 1 to 100 years."),
        (["run", "default", "--years", "two"], 'years = "two" is not a whole number.'),
        (["run", "default", "--threads", "none"], "careteams: --threads: none is not a whole number of 1 or more."),
        (["run", "default", "--threads", "1000"], "threads = 1000 is outside its range, 1 to 256."),
        (["run", "default", "--panel", "-5"], "panel = -5 is outside its range"),
        (["run", "agapanthe"], 'Did you mean the preset "agapanthes"?'),
        (["check", "nowhere.toml"], "nowhere.toml: there is no such file or preset."),
        (["describe", "default", "--set", "yeras=3"], 'Did you mean "years"?'),
        (["parameters", "choice.travel_minut"], 'Did you mean "choice.travel_minute"?'),
        (["presets", "again"], 'careteams presets: "again" is not known.'),
        (["--lang", "de", "presets"], "careteams: --lang de: expected one of en, fr."),
        (["compare", "default", "--stop", "sing"], 'sing: expected one of sign, precision. Did you mean "sign"?'),
        (["team", "from-tabel", "x.csv"], 'action from-tabel: expected one of from-table. Did you mean "from-table"?'),
        (["territory", "--epci", ""], "careteams territory: --epci needs a value."),
        (["run", "default", "--out="], "careteams run: --out needs a value."),
        (["run", "default", "--out", "."], '"." is the folder you are in, or above it: name a folder for this'),
        (["run", "default", "--out", ".."], '".." is the folder you are in, or above it'),
        (["--verbose"], 'careteams: "--verbose" is not known.'),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_and_code_2(capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    code, out, err = said(capsys, *words)
    assert code == 2
    assert not out
    assert message in err
    assert err.count("\n") == 1
    assert err.startswith("careteams: ")


@pytest.mark.parametrize("words", [[], ["--help"], ["run", "--help"], ["--version"], ["presets"], ["check", "msp1"]])
def test_what_needs_no_run_answers_with_code_0(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    code, out, err = said(capsys, *words)
    assert (code, err) == (0, "")
    assert out


def test_a_scenario_is_described_key_by_key_with_its_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, "describe", "agapanthes", "--set", "choice.travel_minute=-0.1")
    assert out.startswith("Agapanthes: five GPs who give up fees\n")
    assert "people = 12500 people" in out
    assert "k02: 0.2 to the nurse (asalee)" in out
    assert "choice.travel_minute = -0.1" in out
    assert "peps" in out


def test_parameters_are_listed_by_group_and_described_with_their_source(capsys: pytest.CaptureFixture[str]) -> None:
    _, everything, _ = said(capsys, "parameters")
    _, group, _ = said(capsys, "parameters", "choice")
    _, one, _ = said(capsys, "parameters", "choice.travel_minute")
    assert set(group.splitlines()) < set(everything.splitlines())
    assert "source: " in one
    assert "range:  -0.3 to -0.02" in one


def test_messages_and_help_are_in_french_when_asked_or_in_the_environment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "la commande « rnu »" in said(capsys, "--lang", "fr", "rnu")[2].replace("\u00a0", " ")
    assert "simule un scénario" in said(capsys, "--lang=fr", "--help")[1]
    assert "cinq médecins" in said(capsys, "presets", "--lang", "fr")[1]
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert "correct (1 équipe, 2 ans)" in said(capsys, "check", "msp1")[1].replace("\u202f", " ")
    assert "good (1 team, 2 years)" in said(capsys, "--lang", "en", "check", "msp1")[1]


def test_ctrl_c_leaves_with_130_and_says_that_nothing_is_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr("scenarios.running.simulate", interrupted)
    code, _, err = said(capsys, "run", "default")
    assert code == 130
    assert "careteams: stopped; no half-written run is left." in err


def test_options_of_run_become_overrides_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def simulated(spec: Any, **options: Any) -> Path:
        seen.update(options, spec=spec)
        return Path("somewhere")

    monkeypatch.setattr("scenarios.running.simulate", simulated)
    words = "run default --set years=9 --years 5 --seed 7 --out there --threads 2 --panel 50 --record-events --quiet"
    assert cli.main([*words.split(), "--no-figure"]) == 0
    spec = seen["spec"]
    assert (spec.years, spec.seed, spec.record.panel, spec.record.events) == (5, 7, 50, True)
    assert (seen["out"], seen["threads"], seen["progress"]) == ("there", 2, False)


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m scenarios.cli parameters | head -1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_output_that_cannot_be_written_is_one_line_and_a_missing_letter_a_question_mark() -> None:
    command = [sys.executable, "-m", "scenarios.cli", "parameters", "choice.travel_minute", "--lang", "fr"]
    narrow = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=ROOT, env=narrow, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("choice.travel_minute?: Une minute de trajet vers un m?decin")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "careteams: il n'y a plus de place là où ceci s'écrit.\n"


def test_help_and_the_public_face_import_nothing_heavy() -> None:
    code = (
        "import sys, careteams, scenarios.cli; scenarios.cli.parser();"
        "heavy = {'numpy', 'pandas', 'numba', 'mesa', 'matplotlib', 'babel', 'tqdm', 'scipy'};"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("text", ["0", "-1", "x", "1.5"])
def test_a_count_that_is_none_names_its_option(capsys: pytest.CaptureFixture[str], text: str) -> None:
    code, out, err = said(capsys, "compare", "default", f"--seeds={text}", "--lang", "fr")
    assert (code, out) == (2, "")
    assert err == f"careteams: --seeds\N{NO-BREAK SPACE}: {text} n'est pas un nombre entier d'au moins 1.\n"


def test_three_lines_of_python_reach_a_scenario() -> None:
    scenario = careteams.load("agapanthes", "team.agapanthes.physicians=5", years=3)
    assert scenario.name == "agapanthes"
    assert scenario.specification.years == 3
    assert scenario.changed(seed=8, name="my village").specification.seed == 8
    assert "agapanthes" in careteams.presets()
    with pytest.raises(Mistake, match="years = 0 is outside its range"):
        careteams.load("default", years=0)


def test_french_help_says_what_each_command_does_in_one_mood() -> None:
    """In the third person, as a command does it: no infinitive begins a line."""
    set_language("fr")
    try:
        top = cli.parser()
    finally:
        set_language("en")
    commands: Any = next(one for one in top._actions if isinstance(one.choices, dict))
    lines = [one.help for one in commands._choices_actions]
    lines += [action.help for made in commands.choices.values() for action in made._actions]
    first = {re.split(r"[ ,]", line.removeprefix("n'"))[0] for line in lines if line}
    nouns = {"dossier", "nombre", "mesure"}
    assert not {word for word in first - nouns if re.fullmatch(r"[a-zâé]+(er|ir)|dire|faire|refaire|être", word)}
    values = {action.metavar for made in commands.choices.values() for action in made._actions}
    assert "CLÉ=VALEUR" in values
    assert "KEY=VALUE" not in values

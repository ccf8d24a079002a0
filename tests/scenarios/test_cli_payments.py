"""``careteams policies``, ``explain`` and ``budget``, as their users type them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from scenarios import cli
from sim.specification import POLICIES
from tests.english import in_english  # noqa: F401  a fixture that every test here uses
from tests.paid_run import LILAS, paid_run, paid_town


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One year of the town under its stack, and under fees alone."""
    place, spec = tmp_path_factory.mktemp("runs"), paid_town()
    fees = replace(spec, teams={**spec.teams, "lilas": replace(LILAS, contract=["fee_for_service"])})
    return {"stack": paid_run(place / "stack", 1)[0], "fees": paid_run(place / "fees", 1, fees)[0]}


def said(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = cli.main([str(word) for word in words])
    out, err = capsys.readouterr()
    return code, out, err


def good(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    code, out, err = said(capsys, *words)
    assert (code, err) == (0, "")
    return out


def test_all_rules_are_listed_with_their_layer_and_title(capsys: pytest.CaptureFixture[str]) -> None:
    lines = good(capsys, "policies").splitlines()
    assert [line.split()[0] for line in lines[: len(POLICIES)]] == list(POLICIES)
    assert "substitution" in next(line for line in lines if line.startswith("peps"))
    assert good(capsys, "policies", "--lang", "fr") != "\n".join(lines)


def test_a_rule_is_shown_with_its_terms_dates_and_sources(capsys: pytest.CaptureFixture[str]) -> None:
    out = good(capsys, "policies", "peps")
    assert out.startswith("peps: ")
    assert "  cap: " in out
    assert "2022-11-10  0.2 share  [press: P-PEPS-CAP]" in out
    assert "one of: preparation, shadow, lump_sum" in out


@pytest.mark.parametrize("name", ["fees", "fee_for_service"])
def test_fees_are_shown_by_act_with_days_and_sources(capsys: pytest.CaptureFixture[str], name: str) -> None:
    out = good(capsys, "policies", name)
    assert "  G: Consultation of a physician" in out
    assert "2023-11-01  26.5 EUR  [press: P-FEE-G]" in out
    assert "before: billed as HOME" in out
    assert "on top of G" in out
    assert ("surcharge" in out) == (name == "fee_for_service")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["policies", "pesp"], 'policy "pesp" is not known. Did you mean "peps"?'),
        (["policies", "no_such:Rule"], 'module "no_such" cannot be imported'),
        (["explain"], "careteams explain: missing"),
        (["explain", "nowhere"], "nowhere: there is no such folder."),
        (["budget", "nowhere"], "nowhere: there is no such folder."),
        (["explain", "{stack}", "--team", "lila"], 'the run has no team "lila". Did you mean "lilas"?'),
        (["explain", "{stack}", "--year", "9"], "the run has no year 9. Its years: 1."),
        (["explain", "{stack}", "--policy", "pesp"], 'the run has no payment rule "pesp". Did you mean "peps"?'),
        (["budget", "{stack}", "--year", "9"], "the run has no year 9."),
        (["budget", "{stack}", "--against", "nowhere"], "nowhere: there is no such folder."),
        (["explain", "{stack}", "--yaer", "1"], 'Did you mean "--year"?'),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_and_code_2(
    capsys: pytest.CaptureFixture[str], folders: dict[str, Path], words: list[str], message: str
) -> None:
    code, out, err = said(capsys, *(word.format(**folders) for word in words))
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_explain_prints_the_statement_then_the_arithmetic(
    capsys: pytest.CaptureFixture[str], folders: dict[str, Path]
) -> None:
    out = good(capsys, "explain", folders["stack"], "--team", "lilas")
    head = out.index("What persons get of it")
    assert out.index("EUR, year 1") < head < out.index("Lump sums for registered patients · registered list")
    assert "P-PEPS-CAP" in out
    assert "Numbers are shown to six decimals" in out.splitlines()[-1]


def test_explain_gives_one_rule_and_json(capsys: pytest.CaptureFixture[str], folders: dict[str, Path]) -> None:
    found = json.loads(good(capsys, "explain", folders["stack"], "--policy", "peps", "--json"))
    assert {one["system"] for one in found} == {"peps"}
    assert {"name", "label", "formula", "numbers", "value"} == set(found[0]["steps"][0])
    assert sum(one["amount"] for one in found) > 0


def test_explain_and_budget_speak_french(capsys: pytest.CaptureFixture[str], folders: dict[str, Path]) -> None:
    english = good(capsys, "explain", folders["stack"], "--team", "lilas", "--policy", "peps", "--lang", "en")
    french = good(capsys, "explain", folders["stack"], "--team", "lilas", "--policy", "peps", "--lang", "fr")
    assert len(french.splitlines()) == len(english.splitlines())
    assert "Ce que les personnes en reçoivent" in good(
        capsys, "explain", folders["stack"], "--team", "lilas", "--lang", "fr"
    )
    assert "séjours hospitaliers" in good(capsys, "budget", folders["stack"], "--lang", "fr")


def test_budget_alone_against_another_run_and_as_json(
    capsys: pytest.CaptureFixture[str], folders: dict[str, Path]
) -> None:
    alone = json.loads(good(capsys, "budget", folders["stack"], "--json"))
    assert alone["year"] == 1
    assert alone["lines"]["peps"]["insurer"] > 0
    out = good(capsys, "budget", folders["stack"], "--against", folders["fees"])
    assert " less " in out.splitlines()[0]
    against = json.loads(good(capsys, "budget", folders["stack"], "--against", folders["fees"], "--json"))
    assert against["lines"]["stays"] == {"insurer": 0, "complementary": 0, "households": 0}
    assert against["lines"]["peps"] == alone["lines"]["peps"]

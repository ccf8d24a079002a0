"""Contracts of a scenario, checked as a whole: rules that exist, terms that they take, nothing paid twice."""

from pathlib import Path
from typing import Any

import pytest

from agents.mistakes import Mistake
from scenarios.reading import load, load_text
from sim.specification import ScenarioSpec

TEAM = "[team.lilas]\nkind = 'msp'\nphysicians = 3\nliberal_nurses = 3\n"
FEES = '"fee_for_service"'


def contract(*rules: str, terms: str = "", top: str = "") -> ScenarioSpec:
    """A scenario with one team under some rules."""
    named = ", ".join(f'"{rule}"' for rule in ("fee_for_service", *rules))
    return load_text(f"{top}\n{TEAM}contract = [{named}]\n{terms}", "lilas.toml")


def refused(*rules: str, terms: str = "", top: str = "") -> str:
    with pytest.raises(Mistake) as wrong:
        contract(*rules, terms=terms, top=top)
    assert "\n" not in str(wrong.value)
    return str(wrong.value)


def under(rule: str, terms: str) -> str:
    return f"[team.lilas.terms.{rule}]\n{terms}\n"


def test_a_good_contract_is_taken_with_its_terms() -> None:
    spec = contract("peps", "aci_msp", terms=under("peps", "from = 2021-01-01\nperimeter = 'elderly'"))
    assert spec.teams["lilas"].terms["peps"]["perimeter"] == "elderly"


@pytest.mark.parametrize(
    ("rules", "terms", "says"),
    [
        (["pesp"], "", ['contract = "pesp" is not known.', 'Did you mean "peps"?']),
        (["no_such:Rule"], "", ['policy "no_such:Rule": module "no_such" cannot be imported']),
        (["peps", "peps"], "", ['contract names "peps" twice.']),
        (["peps"], under("pesp", "cap = 0.2"), ['[terms]: "pesp" is not known here.', '"peps"']),
        (["peps"], under("ipep", "cap = 0.2"), ['terms of "ipep" are given, but it is not in the contract.', '"peps"']),
        (["peps"], under("peps", "capp = 0.2"), ['"peps" has no term "capp".', 'Did you mean "cap"?']),
        (["peps"], under("peps", "perimeter = 'elder'"), ['peps.perimeter = "elder" is not known.', '"elderly"']),
        (["peps"], under("peps", "perimeter = ['all']"), ['peps.perimeter = ["all"] is not known.', '"all"']),
        (["peps"], under("peps", "cap = -1"), ["peps.cap = -1 share is outside its range"]),
        (["peps"], under("peps", "from = 'soon'"), ['peps.from = "soon" is not a day']),
        (["peps"], under("peps", "from = 2022-01-01\nuntil = 2021-01-01"), ["peps.until = 2021-01-01 comes before"]),
        (["peps", "capitation_2026"], "", ['"peps" and "capitation_2026" both replace acts G']),
        (["peps", "ipso"], "", ['both replace acts']),
        (["enmr", "aci_msp"], "", ['"enmr" and "aci_msp" pay for the same thing; end one before the other begins.']),
    ],
)  # fmt: skip
def test_a_bad_contract_is_refused_with_the_team_and_the_nearest_name(
    rules: list[str], terms: str, says: list[str]
) -> None:
    message = refused(*rules, terms=terms)
    assert message.startswith("lilas.toml: ")
    assert "lilas" in message.removeprefix("lilas.toml: ")
    for said in says:
        assert said in message


def test_rules_that_replace_the_same_acts_may_follow_one_another() -> None:
    days = under("peps", "until = 2025-12-31") + under("capitation_2026", "from = 2026-01-01")
    assert contract("peps", "capitation_2026", terms=days).teams["lilas"].contract[1:] == ["peps", "capitation_2026"]


def test_a_lump_sum_whose_term_begins_later_is_seen_to_replace_twice() -> None:
    start = "start = 2019-07-01"  # Peps pays no lump sum before 2021
    contract("peps", "ipso", terms=under("ipso", "until = 2020-12-31"), top=start)
    assert '"peps" and "ipso" both replace acts G (in_list) on 2021-01-01.' in refused("peps", "ipso", top=start)
    shadow = under("peps", "phase = 'shadow'")
    contract("peps", "ipso", terms=shadow, top=start)


# The contract of teams that name none.


def test_teams_without_a_contract_take_the_default_one() -> None:
    spec = load_text(f"default_contract = [{FEES}]\n{TEAM}", "text")
    assert spec.default_contract == ["fee_for_service"]
    assert spec.teams["lilas"].contract == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ('["pesp"]', ['default_contract = "pesp" is not known.', 'Did you mean "peps"?']),
        ('["rosp", "rosp"]', ['default_contract names "rosp" twice.']),
        ('["peps", "ipso"]', ["both replace acts"]),
        ('["enmr", "aci_msp"]', ["pay for the same thing"]),
        ('"rosp"', ['default_contract = "rosp" is not a list in square brackets.']),
    ],
)
def test_a_bad_default_contract_is_refused(given: str, says: list[str]) -> None:
    with pytest.raises(Mistake) as wrong:
        load_text(f"default_contract = {given}", "text")
    assert str(wrong.value).startswith("text: ")
    for said in says:
        assert said in str(wrong.value)


# A new contract goes with its own terms.


def extended(folder: Path, text: str, overrides: tuple[str, ...] = ()) -> dict[str, dict[str, Any]]:
    """Terms of a team of a file that extends one with terms of Peps."""
    base = f'{TEAM}contract = [{FEES}, "peps", "rosp"]\n' + under("peps", "cap = 0.3") + under("rosp", "point = 8")
    (folder / "base.toml").write_text(base, encoding="utf-8")
    (folder / "top.toml").write_text(f'extends = "base.toml"\n{text}', encoding="utf-8")
    return load(folder / "top.toml", overrides).teams["lilas"].terms


def test_terms_of_a_rule_that_a_new_contract_drops_go_with_it(tmp_path: Path) -> None:
    both = {"peps": {"cap": 0.3}, "rosp": {"point": 8}}
    assert extended(tmp_path, "") == both
    assert extended(tmp_path, f'[team.lilas]\ncontract = [{FEES}, "rosp"]') == {"rosp": {"point": 8}}
    assert extended(tmp_path, "", ('team.lilas.contract=["rosp"]',)) == {"rosp": {"point": 8}}
    assert extended(tmp_path, "[team.lilas]\nphysicians = 4") == both


def test_terms_of_a_new_contract_come_with_it(tmp_path: Path) -> None:
    text = f'[team.lilas]\ncontract = [{FEES}, "ipep"]\n' + under("ipep", "score_cap = 110")
    assert extended(tmp_path, text) == {"ipep": {"score_cap": 110}}


def test_terms_that_a_file_gives_for_a_rule_outside_its_own_contract_are_refused(tmp_path: Path) -> None:
    text = f'[team.lilas]\ncontract = [{FEES}, "ipep"]\n' + under("peps", "cap = 0.2")
    with pytest.raises(Mistake, match='terms of "peps" are given, but it is not in the contract'):
        extended(tmp_path, text)

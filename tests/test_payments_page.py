"""The page on payments tells the truth: its files load, its code gives what it shows, its tables are complete."""

import doctest
import re
from pathlib import Path

import pytest

from scenarios.reading import load
from sim.payment.contract import contract_of
from sim.payment.reform import fees_of, reform_of
from sim.payment.rules import policy_class
from sim.specification import POLICIES, SHARING

PAGE = Path(__file__).parents[1] / "docs" / "payments.md"
TEXT = PAGE.read_text(encoding="utf-8")
NOT_RULES = (
    "governance of a CPTS", "ESP, ESP-CLAP", "MAIA, DAC, CLS", "PRADO", "DMP, labelled software", "réseaux de santé",
    "Sécpa", "épisode de soins", "parcours coordonnés renforcés", "responsabilité populationnelle",
    "médecin référent (1997-2004)", "forfait structure", "fee repayment above the Ondam target (1997)",
    "FIR, start-up and building aid", "article 51 of 2009 (protocols)",
    "GP assistant (a junior's acts on a senior's claims)", "case managers of insurers; Zorggroepen, EAP, CCG",
    "Diabeo, CardiAuvergne, telemedicine", "SPTS, STSP (a binding territorial service)",
)  # fmt: skip
"""What the sources name beside payment rules (systems 1, tier C)."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)


def rows(heading: str) -> list[list[str]]:
    """Cells of the first table under a heading, without its head."""
    section = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def ids(cell: str) -> list[str]:
    return re.findall(r"`([a-z_0-9]+)`", cell)


def test_the_code_of_the_page_gives_what_it_shows() -> None:
    (code,) = blocks("python")
    test = doctest.DocTestParser().get_doctest(code, {}, PAGE.name, str(PAGE), 0)
    assert doctest.DocTestRunner().run(test).failed == 0
    assert len(test.examples) > 5


def test_the_scenario_and_the_reform_of_the_page_are_taken(tmp_path: Path) -> None:
    scenario, reform = blocks("toml")
    (tmp_path / "better_cap.toml").write_text(reform, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(f'reforms = ["better_cap.toml"]\n{scenario}', encoding="utf-8")
    spec = load(tmp_path / "mine.toml")
    team = spec.teams["agapanthes"]
    assert {"from", "until", "perimeter"} == set(team.terms["peps"])
    assert spec.reform["peps"]["floor"] == 0.05
    assert fees_of(spec).reform["G"][0].value == 31.5
    contract = contract_of(team.contract, team.terms, spec.start, reform_of(spec))
    assert {policy.name for policy in contract.policies} == set(team.contract)


@pytest.mark.parametrize("override", re.findall(r"--set (?:\"([^\"]+)\"|'([^']+)'|(\S+))", TEXT))
def test_overrides_of_the_page_are_taken(override: tuple[str, ...]) -> None:
    text = next(part for part in override if part)
    assert load("agapanthes", [text]).reform


def test_every_rule_is_in_the_table_with_its_terms() -> None:
    table = rows("All systems")
    assert {name for row in table for name in ids(row[0])} == {*POLICIES, SHARING}
    for row in table:
        for name in set(ids(row[0])) & set(POLICIES) - {"fee_for_service"}:
            assert f"`sim/payment/tariffs/{name}.toml`" in row[3]


def test_rules_stand_in_the_order_of_the_stack_with_hospitals_and_sharing_last() -> None:
    named = [name for row in rows("All systems") for name in ids(row[0])]
    layers = [policy_class(name).layer for name in named[:-2]]
    assert layers == sorted(layers)
    assert named[-2:] == ["t2a", SHARING]


def test_layers_hold_the_rules_that_they_name() -> None:
    for number, row in enumerate(rows("The stack"), start=1):
        assert row[2]
        for name in ids(row[2]):
            assert policy_class(name).layer == number, name
    assert {name for row in rows("The stack") for name in ids(row[2])} == set(POLICIES)


def test_what_is_no_rule_is_named_with_its_representation() -> None:
    table = rows("What is not a rule here, and how to represent it")
    assert tuple(row[0] for row in table) == NOT_RULES
    assert all(len(row) == 2 and row[1] for row in table)

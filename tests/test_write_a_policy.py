"""The page that teaches how to write a payment rule does what it says: its code runs, its scenario loads and pays."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.mistakes import Mistake
from scenarios.reading import load
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.contract import contract_of
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.rules import policy_class
from sim.specification import ScenarioSpec

PAGE = Path(__file__).parents[1] / "docs" / "write-a-policy.md"
RULE = "follow_up:FollowUp"
LONGEST = 30


def block(language: str) -> str:
    """The first block of code of a language."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the page's rule, as its reader would have it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "follow_up.py").write_text(block("python"), encoding="utf-8")
    yield tmp_path
    sys.modules.pop("follow_up", None)
    policy_class.cache_clear()


def _paid(rule: str = RULE, **terms: float) -> float:
    accounts = AccountsOfYear.of_tables(2021, {"team": {"discharges_seen_7": [40.0]}})
    contract = contract_of([rule], {rule: terms}, ScenarioSpec().start)
    return sum(statement.total for statement in contract.settle(accounts, History(), Norms()))


def test_the_rule_is_short_and_pays_what_it_says(here: Path) -> None:
    assert len([line for line in block("python").splitlines() if line.strip()]) <= LONGEST
    assert _paid() == 800
    assert _paid(amount=30.0) == 1_200
    assert _paid(most=500.0) == 500


def test_the_scenario_of_the_page_loads_with_its_terms(here: Path) -> None:
    (here / "my_scenario.toml").write_text(block("toml"), encoding="utf-8")
    spec = load("my_scenario.toml")
    team = spec.teams["agapanthes"]
    assert team.contract[-1] == RULE
    assert team.terms[RULE] == {"amount": 30.0}


def test_a_reform_of_the_page_is_taken(here: Path) -> None:
    (here / "my_scenario.toml").write_text(block("toml"), encoding="utf-8")
    spec = load("my_scenario.toml", [f"{RULE}.amount=30 from 2024-01-01"])
    assert RULE in spec.reform


@pytest.mark.parametrize("called", [RULE, f'"{RULE}"', "follow_up"])
def test_a_term_is_given_on_the_command_line_for_good_or_for_one_team(here: Path, called: str) -> None:
    (here / "my_scenario.toml").write_text(block("toml"), encoding="utf-8")
    spec = load("my_scenario.toml", [f"{called}.most=900", f"team.agapanthes.terms.{called}.amount=35"])
    assert spec.reform == {RULE: {"most": 900}}
    assert spec.teams["agapanthes"].terms == {RULE: {"amount": 35}}


def test_a_module_may_have_dots_in_its_name(here: Path) -> None:
    (here / "rules_of_ours").mkdir()
    text = block("python").replace('name = "follow_up"', 'name = "late_follow_up"')
    (here / "rules_of_ours" / "late.py").write_text(text, encoding="utf-8")
    rule = "rules_of_ours.late:FollowUp"
    (here / "my_scenario.toml").write_text(block("toml").replace(RULE, rule), encoding="utf-8")
    try:
        spec = load("my_scenario.toml", [f"team.agapanthes.terms.{rule}.amount=35"])
        assert spec.teams["agapanthes"].terms == {rule: {"amount": 35}}
    finally:
        for name in ("rules_of_ours.late", "rules_of_ours"):
            sys.modules.pop(name, None)


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("follow_up.amout=30", 'Did you mean "amount"?'),
        ("follow_upp.amount=30", 'Did you mean "follow_up"?'),
        ("visits_made.amount=30", "called module:Class, or by its name where the scenario has it"),
        (f"team.agapanthes.terms.{RULE}.amount=-1", "outside its range"),
    ],
)
def test_a_term_that_cannot_be_given_is_one_line(here: Path, override: str, said: str) -> None:
    (here / "my_scenario.toml").write_text(block("toml"), encoding="utf-8")
    with pytest.raises(Mistake) as wrong:
        load("my_scenario.toml", [override])
    assert str(wrong.value).startswith(f"--set {override}: ")
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("amount * discharges_seen_7", "amount * discharges_sen_7", "discharges_seen_7"),
        ("min(earned, most)", "earned / 0 * most", "not a number"),
        ("min(earned, most)", "0 - earned", "may_be_negative"),
        ('sheet.let("pay"', 'raise KeyError("oops")\n        sheet.let("pay"', "KeyError"),
        ("return sheet.statement()", "return 3", "not a Statement"),
        ('to="team_account"', 'to="somebody"', "somebody"),
        ("min(earned, most)", "earned ** 2", "cannot use"),
    ],
)
def test_a_wrong_rule_ends_in_one_line_that_names_it(here: Path, old: str, new: str, said: str) -> None:
    (here / "follow_up.py").write_text(block("python").replace(old, new), encoding="utf-8")
    with pytest.raises(Mistake) as wrong:
        _paid()
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(
    ("rule", "said"),
    [("follow_up:FolowUp", "FollowUp"), ("follow_upp:FollowUp", "follow_upp"), ("follow_up:FollowUpTerms", "subclass")],
)
def test_a_rule_that_cannot_be_found_is_told(here: Path, rule: str, said: str) -> None:
    with pytest.raises(Mistake) as wrong:
        _paid(rule)
    assert said in str(wrong.value)

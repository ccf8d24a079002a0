"""Whatever a user's own rule hands in wrong ends in one line that names it; nothing of it is paid."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from agents.mistakes import Mistake
from sim.payment import rules
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.checks import checked
from sim.payment.contract import Contract
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy, Replaced, check_class
from sim.payment.rules import policy_class
from sim.payment.statement import Component, Statement, quarters
from sim.payment.terms import term

type Change = Callable[[Component], Component]
ACCOUNTS = AccountsOfYear.of_tables(2021, {"team": {"registered_list": [800.0, 900.0]}})


@dataclass(frozen=True)
class Amount:
    amount: float = term(2.0, "Amount a patient", "EUR", source="ours")


class Own(Policy[Amount]):
    """A right rule; what tests put in the place of its component, its year or its claims makes it wrong."""

    name, layer, title, parameters = "own", Layer.ADD_ON, "A rule of our own", Amount
    change: Change = staticmethod(lambda part: part)
    claims: Sequence[Replaced] = ()
    answer: Any = None

    def replaces(self, day: date) -> Sequence[Replaced]:
        return self.claims

    def eligible(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Any:
        return super().eligible(accounts, history, norms) if self.answer is None else self.answer

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        sheet = self.sheet(accounts, "team")
        sheet.let("pay", "amount * registered_list", "An amount a patient")
        sheet.pay("list", "pay", to="team_account", cash=quarters(accounts.year))
        (part,) = sheet.statement().components
        return Statement(self.name, accounts.year, (self.change(part),))


def settled(policy: Policy[Any]) -> list[Statement]:
    return list(Contract((policy,)).settle(ACCOUNTS, History(), Norms()))


def told(policy: Policy[Any]) -> str:
    with pytest.raises(Mistake) as wrong:
        settled(policy)
    assert "\n" not in str(wrong.value)
    return str(wrong.value)


def own(change: Change) -> Own:
    policy = Own()
    policy.change = change
    return policy


def test_a_right_rule_is_paid() -> None:
    (statement,) = settled(Own())
    assert statement.total == 3_400


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"payees": np.array([0, -1])}, "pays team -1"),
        ({"payees": np.array([0, 1_000])}, "pays team 1000"),
        ({"team": np.array([1, 0])}, "in their order"),
        ({"payees": np.array([1, 0])}, "in their order"),
        ({"payees": np.array([0]), "team": np.array([0]), "cents": np.array([100])}, "all of them"),
        ({"level": "teem"}, 'Did you mean "team"'),
        ({"level": "physician"}, "nobody to be paid"),
        ({"payee_kind": "somebody"}, "somebody"),
        ({"cents": np.array([100])}, "2 payees"),
        ({"cents": np.array([np.nan, 100.0])}, "whole cents"),
        ({"cents": np.array([1.5, 100.0])}, "whole cents"),
        ({"cents": np.array([-100, 100])}, "may_be_negative"),
        ({"cash": []}, "at least one"),
        ({"cash": [2021]}, "such as (2024, 1)"),
        ({"cash": [(2021, 9)]}, "such as (2024, 1)"),
        ({"cash": [(2021, 0.5)]}, "such as (2024, 1)"),
        ({"weights": np.ones((2, 3))}, "(2, 4)"),
        ({"weights": np.full((2, 4), np.nan)}, "from 0 on"),
        ({"weights": -np.ones((2, 4))}, "from 0 on"),
    ],
)
def test_a_wrong_component_is_told_with_its_rule_and_name(facts: dict[str, Any], said: str) -> None:
    message = told(own(lambda part: replace(part, **facts)))
    assert said in message
    assert message.startswith('policy "own", component "list"')


@pytest.mark.parametrize("wrong", [Statement("peps", 2021), Statement("own", 1999)])
def test_a_statement_of_another_rule_or_year_is_refused(wrong: Statement) -> None:
    with pytest.raises(Mistake, match="expected its own for 2021"):
        checked(wrong, "own", (), ACCOUNTS)


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        (Replaced(("GG",)), 'act "GG"'),
        (Replaced(("G",), ("listed",)), 'scope "listed"'),
        (Replaced(("G",), perimeter="elder"), 'Did you mean "elderly"'),
    ],
)
def test_claims_that_do_not_exist_are_refused(claims: Replaced, said: str) -> None:
    policy = Own()
    policy.claims = [claims]
    with pytest.raises(Mistake) as wrong:
        Contract((policy,)).replaced(date(2021, 1, 1))
    assert said in str(wrong.value)


@pytest.mark.parametrize("answer", [np.array([True]), np.array([1.0, 0.0]), "yes"])
def test_eligible_answers_for_each_team(answer: Any) -> None:
    class LumpSum(Own):
        layer = Layer.SUBSTITUTION

    policy = LumpSum()
    policy.answer = answer
    assert "each of 2 teams" in told(policy)


def test_an_error_is_told_with_the_line_of_the_rule_and_not_of_a_library() -> None:
    def broken(part: Component) -> Component:
        np.zeros((2, 3)) @ np.zeros((2, 3))  # a matrix product that cannot be
        return part

    here = Path(__file__)
    line = next(
        n for n, text in enumerate(here.read_text(encoding="utf-8").splitlines(), 1) if "cannot be\n" in text + "\n"
    )
    assert told(own(broken)).startswith(f'policy "own" failed at {here.name}:{line}: ValueError')


def test_a_mistake_on_the_sheet_is_told_with_the_line() -> None:
    class Level(Own):
        def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
            return (
                self.sheet(accounts, "tem").statement()
                if accounts.measure("n_prof", "tem").any()
                else Statement("own", 0)
            )

    class Name(Own):
        def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
            self.sheet(accounts, "team").let("pay", "amont", "")
            return Statement("own", 0)

    assert told(Level()).startswith(f'policy "own", {Path(__file__).name}:')
    assert f"See {Path(__file__).name}:" in told(Name())


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("layer", "add-on"), ("name", 3), ("title", None), ("parameters", dict), ("pool", "house"),
     ("may_be_negative", "list"), ("excludes", "peps"), ("measures", None)],
)  # fmt: skip
def test_a_class_that_is_no_rule_is_found_before_anything_runs(attribute: str, value: Any) -> None:
    assert check_class(Own) == {}
    assert list(check_class(type("Wrong", (Own,), {attribute: value}))) == [attribute]


class Taken(Own):
    """Bears the name of a rule of ours."""

    name: ClassVar[str] = "peps"


class Twin(Own):
    """Bears the name of another rule of the user's own."""


def test_a_name_that_is_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_OWN", {})
    policy_class.cache_clear()
    with pytest.raises(Mistake, match="that of a rule of careteams"):
        policy_class(f"{__name__}:Taken")
    assert policy_class(f"{__name__}:Own") is Own
    with pytest.raises(Mistake, match="choose another"):
        policy_class(f"{__name__}:Twin")
    policy_class.cache_clear()

"""Contracts: order of settlement, no act paid twice, dates of entry and exit, replaced acts that go back to fees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.mistakes import Mistake
from agents.teams import BY_NURSES, BY_PHYSICIANS, ELDERLY_PATIENTS
from sim import events
from sim.payment import contract as contracts
from sim.payment.accounts_of_year import AccountsOfYear
from sim.payment.contract import Contract, bits, contract_of
from sim.payment.fee_for_service import FeeForService
from sim.payment.history import History
from sim.payment.norms import Norms
from sim.payment.policy import Layer, Policy, Replaced
from sim.payment.statement import Statement, quarters
from sim.payment.terms import Change, term

START = date(2021, 1, 4)


@dataclass(frozen=True)
class Amount:
    amount: float = term(80.0, "Amount a patient", "EUR", source="ours", low=0, high=500)
    least: float = term(100.0, "Least list", "patients", source="ours", low=0, high=5000)


class LumpSum(Policy[Amount]):
    name = "lump_sum"
    layer = Layer.SUBSTITUTION
    title = "A lump sum in the place of consultations"
    parameters = Amount

    def replaces(self, day: date) -> Sequence[Replaced]:
        return [Replaced(("G",), ("in_list", "ame"), "elderly")]

    def eligible(self, accounts: AccountsOfYear, history: History, norms: Norms) -> NDArray[np.bool_]:
        return accounts.measure("registered_list") >= self.at(accounts.last_day).least

    def settle(self, accounts: AccountsOfYear, history: History, norms: Norms) -> Statement:
        sheet = self.sheet(accounts, "team")
        sheet.let("pay", "amount * registered_list if registered_list >= least else 0", "A lump sum a patient")
        sheet.pay("lump_sum", "pay", to="team_account", cash=quarters(accounts.year))
        return sheet.statement()


class Other(LumpSum):
    name = "other"


class Later(LumpSum):
    """Replaces nothing as long as its amount is 0."""

    name = "later"

    def replaces(self, day: date) -> Sequence[Replaced]:
        return super().replaces(day) if self.at(day).amount else []


class NurseDays(LumpSum):
    name = "nurse_days"

    def replaces(self, day: date) -> Sequence[Replaced]:
        return [Replaced(("BSA", "BSB", "BSC"), events.SCOPES)]


class Bonus(LumpSum):
    name = "bonus"
    layer = Layer.ADD_ON
    excludes: ClassVar[Sequence[str]] = ("old_bonus",)

    def replaces(self, day: date) -> Sequence[Replaced]:
        return []


class OldBonus(Bonus):
    name = "old_bonus"
    excludes: ClassVar[Sequence[str]] = ()


RULES = {kind.name: kind for kind in (LumpSum, Other, Later, NurseDays, Bonus, OldBonus, FeeForService)}


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contracts, "policy_class", RULES.__getitem__)


def accounts(listed: Sequence[float] = (1_000.0, 50.0)) -> AccountsOfYear:
    """Two teams with a physician each: 100 consultations billed to others, 400 replaced."""
    physician = {
        "team": [0, 1], "acts_G_other": [100, 100], "fees_G_other": [2_500, 2_500],
        "shadow_acts_G_in_list": [400, 400], "shadow_fees_G_in_list": [10_000, 10_000],
    }  # fmt: skip
    return AccountsOfYear.of_tables(2021, {"team": {"registered_list": listed}, "physician": physician})


def settled(contract: Contract, known: AccountsOfYear | None = None) -> dict[str, Statement]:
    return {s.system: s for s in contract.settle(known or accounts(), History(), Norms())}


def test_policies_settle_by_layer_whatever_order_they_are_named_in() -> None:
    names = ["bonus", "lump_sum", "fee_for_service"]
    assert [p.name for p in contract_of(names, {}, START).policies] == ["fee_for_service", "lump_sum", "bonus"]


def test_replaced_acts_are_paid_once_by_the_lump_sum_or_by_fees_where_the_team_is_not_eligible() -> None:
    paid = settled(contract_of(["fee_for_service", "lump_sum"], {}, START))
    assert paid["lump_sum"].amounts("team", 2).tolist() == [80_000, 0]
    assert paid["fee_for_service"].amounts("physician", 2).tolist() == [2_500, 12_500]


def test_two_lump_sums_in_the_place_of_the_same_acts_are_refused() -> None:
    with pytest.raises(Mistake, match=r"both replace acts G"):
        contract_of(["fee_for_service", "lump_sum", "other"], {}, START)
    contract_of(["fee_for_service", "lump_sum", "nurse_days"], {}, START)


def test_they_are_refused_too_where_one_of_them_begins_to_replace_later() -> None:
    changes = {"later": [Change("amount", 0.0), Change("amount", 80.0, date(2023, 1, 1))]}
    with pytest.raises(Mistake, match=r'"lump_sum" and "later" both replace acts G \(ame\) on 2023-01-01'):
        contract_of(["lump_sum", "later"], {}, START, changes)
    contract_of(["lump_sum", "later"], {"lump_sum": {"until": date(2022, 12, 31)}}, START, changes)
    contract_of(["lump_sum", "later"], {"later": {"until": date(2022, 12, 31)}}, START, changes)


def test_they_may_follow_one_another() -> None:
    days = {"lump_sum": {"until": date(2021, 12, 31)}, "other": {"from": date(2022, 1, 1)}}
    contract = contract_of(["lump_sum", "other"], days, START)
    assert [len(contract.replaced(date(year, 6, 1))) for year in (2021, 2022)] == [1, 1]
    assert list(settled(contract)) == ["lump_sum"]


def test_rules_that_pay_for_the_same_thing_exclude_each_other() -> None:
    with pytest.raises(Mistake, match="pay for the same thing"):
        contract_of(["old_bonus", "bonus"], {}, START)
    contract_of(["old_bonus", "bonus"], {"old_bonus": {"until": date(2019, 12, 31)}, "bonus": {"from": START}}, START)


@pytest.mark.parametrize(
    "rules",
    [
        *combinations(("ipep", "aco_one_sided", "aco_two_sided"), 2),
        *combinations(("aci_msp", "enmr", "rule_arbitral"), 2),
    ],
)
def test_rules_that_pay_the_same_saving_or_the_same_organisation_cannot_hold_together(rules: tuple[str, str]) -> None:
    days = {rules[0]: {"until": date(2021, 12, 31)}, rules[1]: {"from": date(2022, 1, 1)}}
    for names in (rules, rules[::-1]):
        with pytest.raises(Mistake, match="pay for the same thing"):
            contract_of(names, {}, START)
        assert len(contract_of(names, days, START).policies) == len(names)


def test_entry_and_exit_in_mid_year_pay_that_part_and_replace_from_their_day() -> None:
    contract = contract_of(["lump_sum"], {"lump_sum": {"from": date(2021, 7, 2)}}, START)
    assert contract.replaced(date(2021, 7, 1)) == []
    assert len(contract.replaced(date(2021, 7, 2))) == 1
    half = (date(2021, 12, 31) - date(2021, 7, 1)).days / 365
    assert settled(contract)["lump_sum"].total == pytest.approx(80_000 * half, abs=0.01)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"lump_sum": {"amont": 5.0}}, '"amount"'),
        ({"lump_sum": {"amount": 5_000.0}}, "outside its range"),
        ({"lump_sum": {"from": "2021"}}, "not a day"),
        ({"lump_sum": {"from": date(2022, 1, 1), "until": date(2021, 1, 1)}}, "comes before"),
    ],
)
def test_terms_that_a_rule_does_not_take_are_refused(terms: dict[str, dict[str, object]], said: str) -> None:
    with pytest.raises(Mistake, match=said):
        contract_of(["lump_sum"], terms, START)


def test_what_is_replaced_is_told_to_the_week_bit_by_bit() -> None:
    contract = contract_of(["lump_sum", "nurse_days"], {}, START)
    codes, perimeter = bits(contract.replaced(START))
    days = (1 << events.BSA) | (1 << events.BSB) | (1 << events.BSC)
    assert codes.tolist() == [days | 1 << events.G, days, days | 1 << events.G]
    assert (perimeter[BY_PHYSICIANS], perimeter[BY_NURSES]) == (ELDERLY_PATIENTS, 0)
    assert not any(part.any() for part in bits([]))


def test_teams_settle_the_same_alone_and_together_in_any_order() -> None:
    contract = contract_of(["fee_for_service", "lump_sum", "bonus"], {}, START)
    both = settled(contract)
    turned = settled(contract, accounts((50.0, 1_000.0)))
    for name in ("lump_sum", "bonus"):
        assert both[name].amounts("team", 2).tolist() == turned[name].amounts("team", 2)[::-1].tolist()

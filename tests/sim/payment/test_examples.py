"""Every worked example of every payment rule pays what it must, to the cent, and says why."""

import numpy as np
import pytest

from sim.payment import peps_quality
from sim.payment.checks import checked
from sim.payment.funded_staff import FundedStaff
from sim.payment.rules import policy_class
from sim.specification import POLICIES
from tests.sim.payment.worked_examples import Example, all_marks, examples

ALL = list(examples())


@pytest.mark.parametrize("example", ALL, ids=[example.id for example in ALL])
def test_the_example_pays_what_it_must(example: Example, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = policy_class(example.policy)
    policy = kind(example.changes(), since=example.facts.get("since"), until=example.facts.get("until"))
    accounts, history, norms = example.accounts(), example.history(), example.norms()
    if "score" in example.facts:
        score = example.facts["score"]
        monkeypatch.setattr(peps_quality, "peps_fractions", all_marks(score))
    if "eligible" in example.facts:
        assert np.array_equal(policy.eligible(accounts, history, norms), np.atleast_1d(example.facts["eligible"]))
    statement = checked(policy.settle(accounts, history, norms), policy.name, policy.may_be_negative)
    expected = example.facts["expected"]
    if not isinstance(expected, dict):
        expected = {"total": expected}
    if "total" in expected:
        assert statement.total == pytest.approx(expected["total"], abs=0.001)
    for component, amount in expected.get("components", {}).items():
        paid = sum(int(part.cents.sum()) for part in statement.components if part.name == component) / 100
        assert paid == pytest.approx(amount, abs=0.001), component
    for level, amounts in expected.get("owners", {}).items():
        assert statement.amounts(level, len(amounts)) == pytest.approx(amounts, abs=0.001), level
    if "fte" in expected:
        assert isinstance(policy, FundedStaff)
        assert policy.fte_due(accounts, history) == pytest.approx(np.atleast_1d(expected["fte"]), abs=1e-4)
    lines = list(statement.lines())
    for quarter, amount in expected.get("quarters", {}).items():
        paid = sum(line.amount for line in lines if f"{line.cash_year}-{line.cash_quarter}" == quarter)
        assert paid == pytest.approx(amount, abs=0.001), quarter
    assert sum(line.amount for line in lines) == pytest.approx(statement.total, abs=0.001)
    assert all(line.terms for line in lines)


NUMBERED = {
    "FFS": (1, 2, 3, 5), "LLS": range(1, 7), "ROSP": range(1, 6), "PEPS": range(1, 15), "IPEP": range(1, 15),
    "ACI": range(1, 9), "ASA": range(1, 5), "IPA": range(1, 6), "AM": range(1, 6), "HC": range(1, 4),
}  # fmt: skip
"""Examples that the specification numbers, by scheme; FFS-4, who pays one visit, is in ``test_tariffs.py``."""


def test_the_examples_of_the_specification_are_all_there() -> None:
    """Each under its own number, or under it and what tells its cases apart (``PEPS-13-elderly``)."""
    ids = [example.id for example in ALL]
    assert len(ids) == len(set(ids))
    due = {f"{scheme}-{number}" for scheme, numbers in NUMBERED.items() for number in numbers}
    assert due <= {"-".join(one.split("-")[:2]) for one in ids}


def test_every_rule_has_worked_examples() -> None:
    assert {example.policy for example in ALL} == set(POLICIES)

"""Every worked example of every sharing rule gives what it must, to the cent, and says why."""

import numpy as np
import pytest

from agents.teams import SHARING_RULES
from sim.payment.statement import to_cents
from tests.sim.payment.sharing.worked_examples import Example, examples

ALL = list(examples())


@pytest.mark.parametrize("example", ALL, ids=[example.id for example in ALL])
def test_the_example_gives_what_it_must(example: Example) -> None:
    members, account = example.members(), example.account()
    shared = example.rule().shared(account, members)
    assert shared.cents.tolist() == to_cents(example.facts["expected"]).tolist()
    kept = to_cents(np.atleast_1d(example.facts.get("kept", np.zeros(len(account)))))
    assert shared.kept.tolist() == kept.tolist()
    assert shared.cents.sum() + shared.kept.sum() == account.sum()


@pytest.mark.parametrize("example", ALL, ids=[example.id for example in ALL])
def test_the_worksheet_says_the_amount(example: Example) -> None:
    members = example.members()
    shared = example.rule().shared(example.account(), members)
    says = shared.sheet.rows(shared.step)
    assert np.abs(says - shared.cents[shared.here] / 100).max(initial=0) < 0.011
    for place in range(len(says)):
        assert shared.step in shared.sheet.row(shared.step, place)


def test_every_rule_of_the_specification_has_examples() -> None:
    ids = [example.id for example in ALL]
    assert len(ids) == len(set(ids))
    assert {example.rule_name for example in ALL} == set(SHARING_RULES)

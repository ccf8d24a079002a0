"""What the law lets nurses do (behaviour B)."""

from agents.nurses import KINDS
from agents.tasks import AUTHORISATION, CLOSED, INFORMAL, OPEN, PRESCRIPTION, PROTOCOL, TASKS
from sim.legal_scope import legal_scope, nurses_allowed
from sim.parameters import all_parameters


def test_some_lines_of_the_catalogue() -> None:
    assert legal_scope("k01", "advanced_practice") == OPEN
    assert legal_scope("k02", "liberal") == PROTOCOL
    assert legal_scope("k02", "asalee") == AUTHORISATION
    assert legal_scope("k12", "liberal") == PRESCRIPTION
    assert legal_scope("k13", "liberal") == INFORMAL
    assert legal_scope("k16", "liberal") == CLOSED


def test_who_may_take_a_task() -> None:
    assert nurses_allowed("k00") == []
    assert nurses_allowed("k08") == ["asalee", "liberal"]
    assert nurses_allowed("k05") == sorted(KINDS)


def test_a_scenario_may_reform_the_law() -> None:
    table = [[CLOSED] * len(KINDS) for _ in TASKS]
    table[0][0] = PROTOCOL
    reform = {"tasks.scope": table}
    assert legal_scope("k00", "liberal", reform) == PROTOCOL
    assert nurses_allowed("k05", reform) == []
    assert all_parameters()["tasks.scope"].value != table

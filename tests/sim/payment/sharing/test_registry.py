"""Sharing rules by name: those of the package, and a user's own."""

from pathlib import Path

import numpy as np
import pytest

from agents.mistakes import Mistake
from agents.teams import SHARING_RULES
from sim.payment.sharing.members import Members
from sim.payment.sharing.registry import sharing_rule
from sim.payment.sharing.rule import SHARED
from sim.payment.terms import Change

OWN = """
from dataclasses import dataclass

from sim.payment.sharing.rule import SharingRule
from sim.payment.terms import term


@dataclass(frozen=True)
class Terms:
    first_part: float = term(0.5, "Part of the first member", "share", source="our own", low=0, high=1)


class FirstMore(SharingRule):
    name, title = "first_more", "More for the first"
    parameters = Terms

    def write(self, sheet, members):
        sheet.bring("first", members.row == 0, "The first member", "yes/no")
        others = "(1 - first_part) / (members_of_team - 1)"
        sheet.let("share", f"pool * (first_part if first else {others})", "A part")


class Lazy(SharingRule):
    name, title = "lazy", "Writes nothing"


class Odd(FirstMore):
    pools = ("tips",)
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_sharing.py").write_text(OWN, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.parametrize("name", SHARING_RULES)
def test_every_known_rule_is_there(name: str) -> None:
    kind = sharing_rule(name)
    assert kind.name == name
    assert kind.title
    assert set(kind.pools) <= set(SHARED)


def test_an_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(Mistake, match=r'"hold_harmles" is not known\. Did you mean "hold_harmless"'):
        sharing_rule("hold_harmles")


@pytest.mark.usefixtures("own")
def test_a_rule_of_the_users_own() -> None:
    rule = sharing_rule("own_sharing:FirstMore")([Change("first_part", 0.6)])
    members = Members.of_columns(2021, 1, {"days": [1, 1, 1]})
    assert rule.share(np.array([1_000]), members).tolist() == [600, 200, 200]


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("own_sharing:FirstMor", r'no class "FirstMor"\. Did you mean "FirstMore"'),
        ("own_sharing:Lazy", "its write is missing"),
        ("own_sharing:Odd", 'pool "tips" is not known'),
        ("own_sharing:Terms", "is no subclass"),
        ("no_such_module:Rule", "cannot be imported"),
    ],
)
def test_a_wrong_rule_ends_in_one_clear_message(name: str, says: str) -> None:
    with pytest.raises(Mistake, match=says):
        sharing_rule(name)

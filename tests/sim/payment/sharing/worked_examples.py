"""Worked examples of sharing rules, in files that a non-programmer can read and extend.

Each file of ``examples_sharing/`` belongs to the rule of its name. An example says:

    id, says        what it is called and what it shows
    account         EUR on the account; one value a team where there are several
    members         columns of the members: value of each, by name (sim/payment/sharing/members.py)
    teams           facts of the team: hourly_rate, staff, projects, professionals
    terms           terms of sharing that differ from their defaults
    year            calendar year, 2021 by default
    expected        EUR of each member
    kept            EUR that stays on the account, where some does
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.payment.sharing.members import Members
from sim.payment.sharing.registry import sharing_rule
from sim.payment.sharing.rule import Cents, SharingRule
from sim.payment.statement import to_cents
from sim.payment.terms import Change

FOLDER = Path(__file__).parents[1] / "examples_sharing"


@dataclass(frozen=True)
class Example:
    """One worked example."""

    rule_name: str
    facts: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.facts["id"])

    def rule(self) -> SharingRule:
        return sharing_rule(self.rule_name)([Change(k, v) for k, v in self.facts.get("terms", {}).items()])

    def members(self) -> Members:
        teams = {name: np.atleast_1d(value) for name, value in self.facts.get("teams", {}).items()}
        return Members.of_columns(self.facts.get("year", 2021), len(self.account()), {**self.facts["members"], **teams})

    def account(self) -> Cents:
        return to_cents(np.atleast_1d(self.facts["account"]))


def examples() -> Iterator[Example]:
    """Every worked example, file by file."""
    for file in sorted(FOLDER.glob("*.toml")):
        for facts in tomllib.loads(file.read_text(encoding="utf-8"))["example"]:
            yield Example(facts.get("rule", file.stem), facts)

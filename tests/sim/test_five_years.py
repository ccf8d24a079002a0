"""Every payment rule runs, pays and is explained to the cent for five years on the default territory; agapanthes too.

Of agapanthes it is the whole stack of the preset, with the aid for assistants added. On the default territory every
rule stands in one of a few contracts, of the team that it is for: a salaried centre and a territorial community are put
beside the teams that are there. Terms are those that let a rule pay (a smaller least list, every aid), since one that
pays nobody explains nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from results.run import Run, open_run
from scenarios.norms import norms_for
from scenarios.reading import load
from sim.model import CareModel, prepared
from sim.recorder import Recorder
from sim.specification import POLICIES, Delegation, ScenarioSpec, TeamSpec
from tests.results.test_explain import explained

YEARS, WEEKS_A_YEAR = 5, 52
FEES = ["fee_for_service", "list_lump_sums", "rosp"]
HOSPITAL = "t2a"
BESIDE = {
    "centre": TeamSpec(kind="health_centre", physicians=3, salaried_nurses=1, secretaries=1),
    "community": TeamSpec(kind="cpts", physicians=0, other_professionals=12),
}
"""Teams that are put beside those of the default territory, for rules that pay no other."""


@dataclass(frozen=True)
class Stack:
    """Rules that one team is under together."""

    rules: Sequence[str]
    terms: Mapping[str, Any] = field(default_factory=dict)
    team: str = "msp"
    fees: Sequence[str] = tuple(FEES)

    @property
    def contract(self) -> list[str]:
        return [*self.fees, *self.rules]


AIDS = {"coscom": True, "cotram": True, "cstm": True, "ptmg": True, "cesp": True}
FEW = {"least_list": 1_000.0}
STACKS = [
    Stack(["ipep", "aci_msp", "asalee", "ipa", "medical_assistant", "installation_aids", "paerpa", "qof_like"],
          {"ipep": FEW, "installation_aids": AIDS}),
    Stack(["peps", "aco_one_sided"], {"aco_one_sided": {**FEW, "least_rates": {"rates": [0.0, 0.0, 0.0]}}}),
    Stack(["capitation_2026", "aco_two_sided", "rule_arbitral"],
          {"capitation_2026": {"threshold_mode": "target"}, "aco_two_sided": {**FEW, "least_rate": 0.0}}),
    Stack(["ipso", "enmr"]),
    Stack(["equilibre"]),
    Stack(["health_centre_salary", "primordial"], team="centre"),
    Stack(["aci_cpts"], team="community", fees=()),
]  # fmt: skip
"""Contracts in which every rule stands once (hospitals are under theirs in every one)."""


def _territory() -> ScenarioSpec:
    """The default territory; its health home has an advanced-practice nurse, a student, and meets every month."""
    spec = replace(load("default"), years=YEARS, warm_up_years=1, decisions=False)
    handed = {"k01": Delegation("advanced_practice", 0.3), "k14": Delegation("advanced_practice", 0.5)}
    home = replace(spec.teams["msp"], advanced_practice_nurses=1, interns=1, meetings=12, delegation=handed)
    return replace(spec, teams={**spec.teams, **BESIDE, "msp": home})


@cache
def _warmed() -> CareModel:
    model = prepared(_territory(), norms=norms_for(load("agapanthes")))
    model.world.cells["under_served"][:] = 1  # for aids and centres of such zones: the default territory has none
    return model


def _recorded(model: CareModel, spec: ScenarioSpec, folder: Path) -> Run:
    with Recorder(model.world, spec, folder) as recorder:
        model.recorder = recorder
        model.run(YEARS * WEEKS_A_YEAR)
        return open_run(recorder.finish())


def test_every_rule_stands_in_a_stack() -> None:
    tried = [*FEES, HOSPITAL, *(name for stack in STACKS for name in stack.rules)]
    assert sorted(tried) == sorted(POLICIES)


@pytest.mark.parametrize("stack", STACKS, ids=[stack.rules[0] for stack in STACKS])
def test_a_stack_pays_for_five_years_and_is_explained_to_the_cent(stack: Stack, tmp_path: Path) -> None:
    spec = _territory()
    signed = replace(spec.teams[stack.team], contract=stack.contract, terms=dict(stack.terms))
    under = replace(spec, teams={**spec.teams, stack.team: signed})
    model = _warmed().fork(under)
    run = _recorded(model, under, tmp_path / "run")
    paid = run.payments[run.payments["cents"] != 0]
    assert set(stack.rules) <= set(paid["system"]), "a rule of the stack has paid nobody in five years"
    assert set(run.payments["year"]) == set(range(1, YEARS + 1))
    assert explained(run) > 0
    assert model.treasury is not None
    for group in model.treasury.groups:
        for shares in group.shares.values():  # nothing lost, nothing created on the way to persons
            came_in = sum(int(c.sum()) for pool in shares.paid_in.values() for c in pool.values())
            personal = sum(int(cents.sum()) for cents in shares.personal.values())
            assert came_in + personal == int(shares.incomes().sum() + shares.on_accounts().sum())


def test_agapanthes_with_assistants_is_explained_to_the_cent_over_five_years(tmp_path: Path) -> None:
    usual = load("agapanthes")
    team = usual.teams["agapanthes"]
    stack = [*team.contract, "medical_assistant"]
    spec = replace(usual, years=YEARS, warm_up_years=1, decisions=False,
                   teams={"agapanthes": replace(team, contract=stack)})  # fmt: skip
    run = _recorded(prepared(spec, norms=norms_for(spec)), spec, tmp_path / "run")
    paid = run.payments[run.payments["cents"] != 0]
    assert set(stack) <= set(paid["system"])
    assert sorted(run.payments["year"].unique()) == list(range(1, YEARS + 1))
    assert explained(run) > 0

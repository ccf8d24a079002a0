"""Every payment rule runs for five years on the default territory; agapanthes under its whole stack."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from results.run import open_run
from scenarios.norms import norms_for
from scenarios.reading import load
from sim.model import CareModel, prepared
from sim.recorder import Recorder
from sim.specification import POLICIES, ScenarioSpec
from tests.results.test_explain import test_every_payment_follows_from_its_written_formulas_to_the_cent as explained

YEARS, WEEKS_A_YEAR = 5, 52
FEES = ["fee_for_service", "list_lump_sums", "rosp"]
HOSPITAL, CENTRE = "t2a", "health_centre_salary"
STACKS = [
    [*FEES, "ipep", "aci_msp", "asalee", "ipa", "medical_assistant", "installation_aids", "paerpa", "qof_like"],
    [*FEES, "peps", "aco_one_sided", "aci_cpts", CENTRE],
    [*FEES, "capitation_2026", "aco_two_sided", "rule_arbitral"],
    [*FEES, "ipso", "enmr"],
    [*FEES, "primordial"],
    [*FEES, "equilibre"],
]
"""Contracts of the team ``msp`` in which every rule stands once at least (hospitals are under theirs in every one)."""


@cache
def _default() -> CareModel:
    return prepared(replace(load("default"), warm_up_years=1, decisions=False), norms=norms_for(load("agapanthes")))


def _under(contract: list[str]) -> ScenarioSpec:
    spec = replace(load("default"), warm_up_years=1, decisions=False)
    return replace(spec, teams={**spec.teams, "msp": replace(spec.teams["msp"], contract=contract, terms={})})


def test_every_rule_stands_in_a_stack() -> None:
    assert {HOSPITAL, *(name for stack in STACKS for name in stack)} == set(POLICIES)


@pytest.mark.parametrize("contract", STACKS, ids=[stack[len(FEES)] for stack in STACKS])
def test_a_stack_pays_for_five_years_and_every_cent_arrives(contract: list[str]) -> None:
    model = _default().fork(_under(contract))
    model.run(YEARS * WEEKS_A_YEAR)
    treasury = model.treasury
    assert treasury is not None
    for year in range(1, YEARS + 1):
        settled = treasury.settled[year]
        assert {*contract, HOSPITAL} <= {statement.system for _, statement in settled}
        assert all(np.isfinite(statement.total) for _, statement in settled)
        for group in treasury.groups:
            if year in group.shares:
                shares = group.shares[year]
                came_in = sum(int(c.sum()) for pool in shares.paid_in.values() for c in pool.values())
                personal = sum(int(cents.sum()) for cents in shares.personal.values())
                assert came_in + personal == int(shares.incomes().sum() + shares.on_accounts().sum())


def test_agapanthes_with_assistants_is_explained_to_the_cent_over_five_years(tmp_path: Path) -> None:
    usual = load("agapanthes")
    team = usual.teams["agapanthes"]
    stack = [*team.contract, "medical_assistant"]
    spec = replace(usual, years=YEARS, warm_up_years=1, decisions=False,
                   teams={"agapanthes": replace(team, contract=stack)})  # fmt: skip
    model = prepared(spec, norms=norms_for(spec))
    with Recorder(model.world, spec, tmp_path / "run") as recorder:
        model.recorder = recorder
        model.run(YEARS * WEEKS_A_YEAR)
        run = open_run(recorder.finish())
    assert set(stack) <= set(run.payments["system"])
    assert sorted(run.payments["year"].unique()) == list(range(1, YEARS + 1))
    explained(run)

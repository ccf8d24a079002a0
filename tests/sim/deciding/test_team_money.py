"""Collective money of teams: flows, posts, minutes and commitments (behaviour F4)."""

from typing import Any

import numpy as np
import pytest

from agents.nurses import PATHWAY
from sim.deciding import team_money
from sim.deciding.diary import Diary
from sim.treasury import treasury_of
from tests.sim.deciding.made_teams import ASKED, CENTRE, GROUP_ROW, HOME, MadeAccounts, made_spec, made_world, paid


def made() -> tuple[Any, Any]:
    spec = made_spec()
    world = made_world(spec)
    world.teams["projects"] = 1
    return world, treasury_of(world, spec)


def spend(world: Any, treasury: Any, hours: float = 0.0) -> Diary:
    diary = Diary()
    accounts: Any = MadeAccounts(world, hours_collective_physicians=hours)
    team_money.spend_collective_money(world, treasury, accounts, 2, diary)
    return diary


def test_flows_are_collective_money_only() -> None:
    world, treasury = made()
    treasury.settled[1] = [(0, paid("aci_msp", [HOME], [50_000])), (0, paid("peps", [HOME], [400_000]))]
    flows = team_money.collective_flows(treasury, 1, len(world.teams))
    assert set(flows) == {"aci_msp"}
    assert flows["aci_msp"].tolist() == [50_000, 0, 0, 0]


def test_stacked_money_opens_a_post_and_adds_minutes_never_referrals() -> None:
    world, treasury = made()
    for year in (1, 2):
        treasury.settled[year] = [(0, paid("aci_msp", [HOME], [50_000])), (0, paid("ipep", [HOME], [50_000]))]
    nurse = int(np.flatnonzero((world.nurses["team"] == HOME) & (world.nurses["kind"] == PATHWAY))[0])
    minutes, shares = float(world.nurses["weekly_minutes"][nurse]), world.dyads["share"].copy()
    diary = spend(world, treasury)
    assert world.teams["posts_paid"][HOME] == pytest.approx(1.0)
    assert world.teams["fixed_commitments"][HOME] == pytest.approx(56_000)
    assert world.nurses["weekly_minutes"][nurse] == pytest.approx(minutes + 2_100)
    assert (world.dyads["share"] == shares).all()
    assert diary.counts[0, "hire"] == 1


@pytest.mark.parametrize("lacking", ["second year", "project", "kind", "money"])
def test_no_post_without_two_years_a_project_an_account_and_money(lacking: str) -> None:
    world, treasury = made()
    team = CENTRE if lacking == "kind" else HOME
    euros = 50_000 if lacking == "money" else 100_000
    for year in (1, 2):
        treasury.settled[year] = [(0, paid("aci_msp", [team], [euros if lacking != "second year" or year == 2 else 0]))]
    if lacking == "project":
        world.teams["projects"] = 0.9
    spend(world, treasury, hours=200.0 if lacking == "money" else 0.0)
    assert (world.teams["posts_paid"] == 0).all()


def test_a_post_closes_with_its_funding_and_the_nurse_leaves() -> None:
    world, treasury = made()
    nurse = int(np.flatnonzero((world.nurses["team"] == HOME) & (world.nurses["kind"] == PATHWAY))[0])
    world.nurses["weekly_minutes"][nurse] = 2_100
    world.teams["posts_paid"][HOME], world.teams["fixed_commitments"][HOME] = 1.0, 56_000
    world.teams["fund"][HOME] = 40_000
    diary = spend(world, treasury)
    assert world.teams["posts_paid"][HOME] == 0
    assert world.teams["fixed_commitments"][HOME] == 0
    assert world.nurses["weekly_minutes"][nurse] == 0
    assert world.nurses["in_post"][nurse] == 0
    assert {kind for _, kind in diary.counts} == {"post_closed", "departure"}


def test_an_empty_post_gets_minutes_and_waits_for_somebody() -> None:
    world, treasury = made()
    nurse = int(np.flatnonzero((world.nurses["team"] == HOME) & (world.nurses["kind"] == PATHWAY))[0])
    world.nurses["weekly_minutes"][nurse], world.nurses["in_post"][nurse] = 0, 0
    for year in (1, 2):
        treasury.settled[year] = [(0, paid("aci_msp", [HOME], [50_000]))]
    spend(world, treasury)
    assert world.nurses["weekly_minutes"][nurse] > 0
    assert world.nurses["in_post"][nurse] == 0


def test_a_team_that_gets_money_commits_some_until_there_is_none_left() -> None:
    world, _ = made()
    teams = world.teams
    teams["coordinator_fte"][GROUP_ROW] = 0.5
    team_money.press_rate(world, GROUP_ROW)
    assert teams["hourly_rate"][GROUP_ROW] == pytest.approx(47.5)
    came = np.array([0.0, 30_000.0, 30_000.0, 0.0])
    team_money.commit(world, came)
    assert teams["fixed_commitments"].tolist() == pytest.approx([0, 0.5 * 44_000 + 3 * 500, 0, 0])
    teams["fund"] = 10_000
    team_money.commit(world, 0 * came)
    assert teams["fixed_commitments"][GROUP_ROW] > 0
    teams["fund"] = -1
    team_money.commit(world, 0 * came)
    assert teams["fixed_commitments"][GROUP_ROW] == 0


def test_a_collective_contract_is_one_of_an_organisation_or_has_paid_the_account() -> None:
    _world, treasury = made()
    assert team_money.under_collective_contract(treasury, ASKED).tolist() == [True, False, False, False]
    treasury.settled[1] = [(0, paid("ipep", [HOME], [20_000]))]
    assert team_money.under_collective_contract(treasury, ~ASKED & False).tolist() == [True, False, False, False]

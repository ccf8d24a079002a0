"""Votes of teams: joining, staying, leaving, sharing (behaviour F2, F3)."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from agents.deciding.sharing_choice import BY_THE_HOUR
from agents.teams import SHARING_RULES, sharing_code
from sim.deciding import votes
from sim.deciding.motions import Result, TeamYear, expected_of, hold_vote, outvoted, setting_of, voters_of
from sim.deciding.quarrels import agreed_rule, first_hourly_rule, rule_of
from sim.signing import Signed, with_rule
from sim.specification import OfferSpec
from sim.treasury import treasury_of
from tests.sim.deciding.made_teams import (
    ALONE,
    CENTRE,
    FEES,
    GROUP_ROW,
    HOME,
    TEAMS,
    made_spec,
    made_world,
    made_year,
    offered,
    paid,
)

ADD_ON = OfferSpec(policies=["qof_like"], kinds=[])
INSTEAD = OfferSpec(policies=["peps"], kinds=["msp", "group"])


def year_of(offer: OfferSpec, gains: Any = 0.0, **how: Any) -> tuple[TeamYear, Any]:
    spec = made_spec(offers={"offer": offer})
    world = made_world(spec)
    return made_year(world, spec, offered(world, gains, **how)), spec


def consider(life: TeamYear, spec: Any) -> None:
    votes.consider_offers(life.world, life.treasury, life.accounts, life.year, spec.offers, life.diary, life.quoted)


def test_what_pays_is_joined_and_what_costs_is_not() -> None:
    life, spec = year_of(ADD_ON, 0.5)
    votes._Opening(life, "offer", spec.offers["offer"]).hold()
    today = life.treasury.signatures.today
    assert all(signed.under("qof_like") for signed in today)
    assert today[HOME].terms["qof_like"]["from"] == date(2022, 1, 1)
    life, spec = year_of(ADD_ON, -0.5)
    votes._Opening(life, "offer", spec.offers["offer"]).hold()
    assert not any(signed.under("qof_like") for signed in life.treasury.signatures.today)
    assert life.diary.counts[0, "vote"] == len(TEAMS)
    assert (0, "join") not in life.diary.counts


def test_an_offer_is_for_its_kinds_teams_days_and_places() -> None:
    life, spec = year_of(replace(ADD_ON, kinds=["msp"]), 0.5)
    consider(life, spec)
    assert [signed.under("qof_like") for signed in life.treasury.signatures.today] == [True, False, False, False]
    life, spec = year_of(replace(ADD_ON, only_teams=["group"]), 0.5)
    consider(life, spec)
    assert [signed.under("qof_like") for signed in life.treasury.signatures.today] == [False, True, False, False]
    life, spec = year_of(replace(ADD_ON, since=date(2030, 1, 1)), 0.5)
    consider(life, spec)
    assert (0, "vote") not in {key for key in life.diary.counts if key[1] == "join"}
    assert not any(signed.under("qof_like") for signed in life.treasury.signatures.today)
    life, spec = year_of(replace(ADD_ON, places=1), 0.5)
    consider(life, spec)
    assert sum(signed.under("qof_like") for signed in life.treasury.signatures.today) == 1


def test_a_contract_that_pays_twice_is_no_offer() -> None:
    twice = OfferSpec(policies=["enmr"], kinds=["msp"])
    life, _ = year_of(twice, 0.5)
    votes._Opening(life, "offer", twice).hold()
    assert not life.diary.counts
    freed = replace(twice, instead_of=["aci_msp"], writing_months=0.0)
    life.world.teams["reported"][HOME] = 1
    votes._Opening(life, "offer", freed).hold()
    assert life.diary.counts[0, "vote"] == 1


def test_a_collective_contract_takes_its_time_to_be_written() -> None:
    collective = OfferSpec(policies=["aci_msp"], kinds=["group"])
    life, spec = year_of(collective, 0.5)
    life.world.teams["reported"][GROUP_ROW] = 1
    life.world.teams["goodwill"][GROUP_ROW] = 1
    votes._Opening(life, "offer", spec.offers["offer"]).hold()
    signed = life.treasury.signatures.today[GROUP_ROW]
    if signed.under("aci_msp"):  # the payer may refuse the file
        assert signed.terms["aci_msp"]["from"] == date(2023, 7, 1)
        assert life.world.teams["hourly_rate"][GROUP_ROW] == pytest.approx(47.5)
    else:
        assert life.diary.counts[0, "control"] == 1


def test_a_team_that_pools_its_fees_goes_on_when_collective_money_comes() -> None:
    for rule, kept in (("fee_pooling", True), ("equal", False)):
        life, _ = year_of(ADD_ON, 0.5)
        life.world.teams["sharing_rule"][GROUP_ROW] = SHARING_RULES.index(rule)
        first_hourly_rule(life, GROUP_ROW, life.treasury.signatures.today[GROUP_ROW])
        found = SHARING_RULES[life.world.teams["sharing_rule"][GROUP_ROW]]
        assert (found == rule) is kept
        assert kept or found in BY_THE_HOUR


def test_exit_is_free_each_year() -> None:
    life, _ = year_of(ADD_ON, 0.5)
    votes.consider_leaving(life)
    assert not life.treasury.signatures.today[HOME].under("aci_msp")
    assert life.diary.counts[0, "leave"] == 1
    life, _ = year_of(ADD_ON, -0.5)
    votes.consider_leaving(life)
    assert life.treasury.signatures.today[HOME].under("aci_msp")
    assert life.treasury.signatures.today[HOME].under("rosp")


def test_nobody_leaves_what_has_not_begun() -> None:
    life, _ = year_of(ADD_ON, 0.5)
    today = life.treasury.signatures.today[HOME]
    later = with_rule(today, "aci_msp", date(2022, 7, 1))
    life.treasury.change_contract(life.world, HOME, later.names, later.terms)
    votes.consider_leaving(life)
    assert life.treasury.signatures.today[HOME].under("aci_msp")


def test_what_was_signed_together_is_left_together() -> None:
    signed = Signed((*FEES, "ipep", "peps", "aci_msp", "asalee", "qof_like"), {"qof_like": {"from": date(2022, 1, 1)}})
    assert votes.bundles(signed) == [("peps",), ("ipep",), ("qof_like",), ("aci_msp",)]
    split = Signed((*FEES, "ipep", "qof_like"), {})
    assert votes.bundles(split) == [("ipep", "qof_like")]


def test_teams_choose_the_rule_with_the_least_quarrel() -> None:
    life, _ = year_of(INSTEAD)
    signed = Signed((*FEES, "peps"), {})
    life.world.teams["pooled_years"][GROUP_ROW] = 5
    assert agreed_rule(life, GROUP_ROW, signed, "").rule == "equal"
    assert agreed_rule(life, HOME, signed, "individual").rule == "individual"
    found = agreed_rule(life, HOME, signed, "")
    assert found.totals[found.rule] == min(found.totals.values())
    assert "same_act_same_pay" not in found.totals
    assert agreed_rule(life, ALONE, Signed(tuple(FEES), {}), "").rule == rule_of(life, ALONE)


def test_pooled_fees_are_nothing_that_a_pot_has_taken() -> None:
    """Who shares all fees already shares what stands in their place the same way, and quarrels over that alone."""
    life, _ = year_of(INSTEAD, {"fee_pooling": 0.0}, direct_lost=0.6)
    life.world.teams["sharing_rule"][GROUP_ROW] = sharing_code("fee_pooling")
    quoted = life.quoted

    def pooled(team: int, signed: Signed, rule: str) -> Any:
        """Fees go through the pot under that rule alone: they are direct under any other."""
        offer = quoted(team, signed, rule)
        return offer._replace(offered_direct=(1 - 0.6 * (rule == "fee_pooling")) * offer.now_mean)

    life = replace(life, quoted=pooled)
    today = Signed((*FEES, "peps"), {})
    found = agreed_rule(life, GROUP_ROW, today, "", Signed(tuple(FEES), {}))
    assert found.rule == "fee_pooling"
    assert not found.withdrawn
    assert not found.quarrel.any()
    life.world.teams["sharing_rule"][CENTRE] = sharing_code("fee_pooling")
    assert agreed_rule(life, CENTRE, today, "").rule == "salaried"


def test_what_pays_nobody_is_nothing_to_leave() -> None:
    """What moves an income, or has paid an account, can be left, whether it paid anybody last year or not."""
    for gain, came, votes_held in ((0.01, 0.0, True), (0.0, 20_000.0, True), (0.0, 0.0, False)):
        life, _ = year_of(ADD_ON, gain)
        life.treasury.settled[life.year] = [(0, paid("aci_msp", [HOME], [came]))]
        life.treasury._teams[life.year] = [np.arange(len(TEAMS))]
        votes.consider_leaving(life)
        assert ((0, "vote") in life.diary.counts) is votes_held, (gain, came)


def test_a_quarrel_withdraws_the_project_of_a_weak_leader() -> None:
    life, spec = year_of(INSTEAD, 0.02, direct_lost=0.6)
    quoted = life.quoted

    def unequal(team: int, signed: Signed, rule: str) -> Any:
        offer = quoted(team, signed, rule)
        kept = offer.offered_mean.copy()
        kept[0] -= 40_000
        return offer._replace(offered_mean=kept)

    life = replace(life, quoted=unequal)
    life.world.teams["recognised"] = 0
    votes._Opening(life, "offer", spec.offers["offer"]).hold()
    assert not any(signed.under("peps") for signed in life.treasury.signatures.today)
    assert life.diary.counts[0, "conflict"] == 2


def test_the_employer_decides_for_a_centre() -> None:
    life, spec = year_of(replace(ADD_ON, kinds=["health_centre"]), 0.5)
    consider(life, spec)
    frame = life.diary.frame()
    vote = frame[(frame["kind"] == "vote") & (frame["team"] == CENTRE)]
    assert vote["after"].tolist() == [1.0]


def test_votes_move_with_numbers_and_not_with_names() -> None:
    results = []
    for name in ("first", "another_name"):
        spec = made_spec(offers={name: ADD_ON})
        world = made_world(spec)
        life = made_year(world, spec, offered(world, 0.02, sd=0.02))
        consider(life, spec)
        results.append((world.teams.tobytes(), life.diary.frame().drop(columns="text").to_csv()))
    assert results[0] == results[1]


def test_outvoted_members_leave_alone() -> None:
    life, _ = year_of(ADD_ON, 0.5)
    life.world.behaviour["team_life_outvoted_sure"] = 1.0
    life.world.behaviour["team_life_outvoted_leaves"] = 1.0
    result = Result(
        True, 0.5, 0.5, voters_of(life.world, HOME, life.quoted(HOME, Signed((), {}), "")),
        np.array([False, True, True, True, False, True]), np.full(6, 0.05), {},
    )  # fmt: skip
    life.world.nurses["collective_minutes"] = 30
    outvoted(life, HOME, result)
    leaves = life.world.physicians["leaves_week"]
    assert leaves[0] > life.world.week
    assert (leaves[1:] == -1).all()
    assert sorted(life.world.nurses["collective_minutes"][:2].tolist()) == [0.0, 30.0]


@pytest.mark.parametrize("months", [0, 6, 18])
def test_months_to_the_contract(months: int) -> None:
    begins = {0: date(2022, 1, 1), 6: date(2022, 7, 1), 18: date(2023, 7, 1)}
    assert votes._later(date(2022, 1, 1), months) == begins[months]


def test_calls_are_won_by_some() -> None:
    spec = made_spec(offers={"call": replace(ADD_ON, call=True)})
    won = []
    for seed in range(12):
        world = made_world(replace(spec, seed=seed))
        life = made_year(world, spec, offered(world, 0.5), treasury_of(world, spec))
        consider(life, spec)
        won.append(sum(signed.under("qof_like") for signed in life.treasury.signatures.today))
    assert 0 < np.mean(won) < len(TEAMS)


def test_self_employed_nurses_stay_out_of_a_pool_unless_they_share_patients_and_pay() -> None:
    life, _ = year_of(INSTEAD, 0.5, direct_lost=0.8)
    offer = life.quoted(HOME, life.treasury.signatures.today[HOME], "equal")
    voters = voters_of(life.world, HOME, offer)
    nurses = slice(len(voters.physicians), len(voters.places))
    assert len(voters.nurses)

    def refusing(overlap: float, **how: bool) -> list[bool]:
        life.__dict__["overlap"] = np.full(len(life.world.nurses), overlap)
        found = np.asarray(expected_of(life, voters, offer, np.zeros(len(offer.now_mean)), **how).refuses)
        assert not np.delete(found, np.arange(len(found))[nurses]).any()
        return sorted({bool(one) for one in found[nurses]})

    assert refusing(0.9, staying=False, same_pay=True) == [False]
    assert refusing(0.9, staying=False, same_pay=False) == [True]
    assert refusing(0.3, staying=False, same_pay=True) == [True]
    assert refusing(0.3, staying=True, same_pay=False) == [False]


def test_demands_that_are_too_precise_put_teams_off() -> None:
    usual: list[float] = []
    precise: list[float] = []
    for demanded, found in ((0.5, usual), (1.0, precise)):
        life, _ = year_of(ADD_ON, 0.01)
        life.world.behaviour["payer_modes_precision"] = demanded
        offer = life.quoted(HOME, life.treasury.signatures.today[HOME], "equal")
        voters = voters_of(life.world, HOME, offer)
        expected = expected_of(life, voters, offer, np.zeros(len(offer.now_mean)), staying=False)
        setting = setting_of(life, HOME, 0.3)
        found.extend(hold_vote(life, HOME, expected, setting, voters, joining=True).chance)
        stays = hold_vote(life, HOME, expected, setting, voters, joining=False).chance
        assert (stays >= np.array(found) - 1e-12).all()
    assert (np.array(precise) < np.array(usual)).all()

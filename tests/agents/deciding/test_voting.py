"""Votes: the worked table, and what must hold whatever the numbers (behaviour F2)."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deciding import voting
from agents.deciding.voting import Expected, Setting
from agents.teams import GROUP, HEALTH_CENTRE, KINDS, MSP, SOLO
from tests.agents.deciding.people import weights

TABLE: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "votes.toml").read_text(encoding="utf-8"))
INCOME = 100_000.0
SPLIT = 0.5


def expected(voters: int = 1, **columns: Any) -> Expected:
    """What voters expect; gain, spread and moved as shares of the income."""
    usual = {"gain": 0.0, "spread": 0.0, "moved": 0.0, "replaced": 0.0, "identity": 0.6, "knowledge": 1.0,
             "reading": 1.0, "quarrel": 0.0}  # fmt: skip
    found = {name: np.full(voters, 1.0) * value for name, value in (usual | columns).items()}
    for name in ("gain", "spread", "moved"):
        found[name] = found[name] * INCOME
    return Expected(income=np.full(voters, INCOME), **found)


def setting(admin_hours: float = 0.3, lock_in: float = 0.0) -> Setting:
    return Setting(recognition=0.3, project_fit=0.3, admin_hours=admin_hours, lock_in=lock_in)


@pytest.mark.parametrize("row", TABLE)
def test_the_worked_votes(row: str) -> None:
    q, table = weights(), TABLE[row]
    given_ = {name: table[name] for name in ("gain", "spread", "replaced", "identity", "quarrel")}
    worth = voting.value(expected(**given_), setting(table["admin_hours"]), np.array([SPLIT]), q)
    assert worth.value[0] == pytest.approx(table["value"], abs=0.0051)
    assert voting.chance_of_yes(worth.value, q)[0] == pytest.approx(table["chance"], abs=0.0051)
    assert worth.value[0] == pytest.approx(sum(term[0] for term in worth.terms.values()))


def test_the_worst_of_motions_is_a_plain_no() -> None:
    worth, q = np.array([-1e6, -2.0, 0.0, 1e6]), weights()
    chance = voting.chance_of_yes(worth, q)
    assert chance == pytest.approx([0.0, 1 / (1 + np.exp(2 * q["team_life_steepness"])), 0.5, 1.0])


def test_paperwork_is_read_from_flows() -> None:
    q, some, none, whole = weights(), np.array([0.0, 0.8]), np.zeros(2), np.ones(2)
    assert voting.paperwork(none, False, q) == pytest.approx(0.3)
    assert voting.paperwork(none, True, q) == pytest.approx(0.5)
    assert voting.paperwork(some, True, q) == pytest.approx(1.0)
    assert voting.paperwork(whole, True, q) == pytest.approx(0.5)


def test_what_is_replaced_is_direct_income_only() -> None:
    now, then = np.array([100.0, 100.0, 0.0, 100.0]), np.array([20.0, 130.0, 0.0, 100.0])
    assert voting.replaced_share(now, then) == pytest.approx([0.8, 0.0, 0.0, 0.0])


def test_losses_count_more_and_what_is_unknown_counts_as_risk() -> None:
    q, split = weights(), np.array([SPLIT])
    none = voting.value(expected(), setting(), split, q).value
    gain, loss = (voting.value(expected(gain=by), setting(), split, q).value - none for by in (0.02, -0.02))
    assert loss == pytest.approx(-1.5 * gain)
    unknown = voting.value(expected(gain=0.02, moved=0.5, knowledge=0.0), setting(), split, q)
    assert unknown.terms["gain"] == pytest.approx(0.0)
    assert unknown.terms["risk"] < 0
    half = voting.value(expected(gain=0.02, moved=0.5, knowledge=0.5), setting(), split, q)
    assert unknown.terms["risk"] < half.terms["risk"] < 0


def test_who_knows_most_tells_the_others() -> None:
    q = weights()
    assert voting.shared_knowledge(np.array([0.05, 0.8]), q) == pytest.approx([0.56, 0.8])


def test_talk_amplifies_a_leaning_and_a_lone_voter_hears_nobody() -> None:
    talk, silent = weights(), weights(team_life__straw_polls=0.0)
    liked, one = expected(voters=5, gain=0.05), expected(gain=0.05)
    assert (voting.leaning(liked, setting(), talk).value > voting.leaning(liked, setting(), silent).value).all()
    assert voting.leaning(one, setting(), talk).value == voting.leaning(one, setting(), silent).value


@given(
    loss=st.floats(0.1, 1.0), sd=st.floats(0, 0.5), identity=st.floats(0.3, 1.0), replaced=st.floats(0.5, 1.0),
    quarrel=st.floats(0, 0.3), voters=st.integers(2, 12), admin=st.floats(0.3, 2.0),
)  # fmt: skip
@settings(max_examples=50)
def test_no_vote_passes_when_everybody_unpooled_loses(
    loss: float, sd: float, identity: float, replaced: float, quarrel: float, voters: int, admin: float
) -> None:
    q = weights()
    worse = expected(voters, gain=-loss, spread=sd, replaced=replaced, identity=identity, quarrel=quarrel)
    chance = voting.leaning(worse, setting(admin), q).value
    assert (chance < 0.1).all()
    yes = np.full(voters, 0.5) < chance
    for kind in (SOLO, GROUP, MSP):
        assert not voting.carried(yes, voting.needed(kind, True, q), False, 1.0).value[0]


@given(
    gain=st.floats(-0.1, 0.2), sd=st.floats(0, 0.3), identity=st.floats(0.05, 1.0), replaced=st.floats(0.05, 1.0),
    quarrel=st.floats(0, 0.1),
)  # fmt: skip
@settings(max_examples=50)
def test_pooled_members_accept_more_and_salaried_ones_leave_less(
    gain: float, sd: float, identity: float, replaced: float, quarrel: float
) -> None:
    q = weights()

    def chance(**columns: float) -> float:
        members = expected(5, gain=gain, spread=sd, **columns)
        hours = voting.paperwork(members.replaced, True, q)
        return float(voting.leaning(members, setting(hours), q).value[0])

    unpooled = chance(replaced=replaced, identity=identity, quarrel=quarrel)
    pooled = chance(replaced=0.0, identity=identity)
    assert pooled > unpooled
    salaried = expected(5, gain=0.0, spread=0.0, identity=0.05)
    owner = expected(5, gain=min(gain, 0.0), spread=sd, replaced=replaced, identity=identity, quarrel=quarrel)
    stay = [voting.leaning(one, setting(0.5, 0.1), q).value.mean() for one in (salaried, owner)]
    assert stay[0] >= stay[1]


@given(gain=st.floats(-0.2, 0.2), before=st.floats(0.01, 0.3), cut=st.floats(0, 1), floor=st.floats(-0.2, 0.2))
@settings(max_examples=50)
def test_a_guarantee_works_through_spread_and_losses_alone(
    gain: float, before: float, cut: float, floor: float
) -> None:
    q, split = weights(), np.array([SPLIT])
    without = voting.value(expected(gain=gain, spread=before), setting(), split, q)
    held = voting.value(expected(gain=max(gain, floor), spread=before * cut), setting(), split, q)
    assert held.value >= without.value - 1e-12
    changed = {name for name in held.terms if held.terms[name] != without.terms[name]}
    assert changed <= {"gain", "risk"}


def test_rules_of_the_vote() -> None:
    q = weights()
    assert [voting.needed(kind, True, q) for kind in range(len(KINDS))] == pytest.approx([0.5, 1, 1, 0.5, 0.5])
    assert voting.needed(MSP, False, q) == pytest.approx(2 / 3, abs=1e-3)
    assert [voting.employer_decides(kind, q) for kind in range(len(KINDS))].index(True) == HEALTH_CENTRE
    yes = np.array([True, True, True, False, False])
    assert not voting.carried(yes, 1.0, False, 0.9).value[0]
    assert not voting.carried(yes, 1.0, True, 0.3).value[0]
    assert voting.carried(yes, 1.0, True, 0.5).value[0]
    assert voting.carried(yes, 0.6, False, 0.0).value[0]
    assert not voting.carried(np.zeros(0, dtype=bool), 0.5, True, 1.0).value[0]
    assert voting.authority(np.array([0.8]), np.array([0])) == 0


def test_commitments_and_recognition_lock_in() -> None:
    q = weights()
    assert voting.lock_in(30_000, 60_000, 0.5, q) == pytest.approx(0.3 * 0.5 + 0.2 * 0.5)
    assert voting.lock_in(90_000, 60_000, 0.0, q) == pytest.approx(0.3)
    assert voting.lock_in(30_000, 0.0, 0.0, q) == 0


def test_only_some_of_the_outvoted_leave() -> None:
    q = weights()
    chance, voted = np.array([0.05, 0.05, 0.5, 0.05]), np.array([False, False, False, True])
    gone = voting.outvoted_leave(chance, voted, np.array([0.05, 0.5, 0.05, 0.05]), q)
    assert gone.tolist() == [True, False, False, False]

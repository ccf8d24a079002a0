"""Same patients, other arm: a change reaches only what it touches, and the draws are those of the patients."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from agents.declarations import Table
from agents.patients import (
    ACUTE,
    ADMINISTRATIVE,
    EMERGENCY,
    FLARE,
    HOME_VISIT,
    PREVENTION,
    PSYCHOSOCIAL,
    RENEWAL,
    WOMENS_HEALTH,
)
from sim import events as ev
from sim.founding import found
from sim.parameters import parameter_record
from sim.specification import Delegation, TeamSpec
from sim.week import requests as rq
from sim.week.passage import Passage
from sim.world import World
from tests.sim.made_weeks import (
    SHARING,
    changed,
    different_tables,
    digest,
    lived,
    living,
    packed,
    seasoned,
    town,
    weeks,
)

WEEKS = 10
OF_A_TERRITORY = ("physicians", "nurses", "support", "hospitals", "teams", "cells", "communes", "patients", "dyads")
NEIGHBOURS = [town(2_500, name="North"), town(2_000, name="South", teams={})]


def territory_of(world: World, table: str) -> np.ndarray:
    """The territory of each row of a table."""
    if table == "patients":
        return np.repeat(np.arange(len(world.territories)), np.diff([0, *world.territories["last_patient"]]))
    if table == "dyads":
        return world.physicians["territory"][world.dyads["physician"]]
    if table == "support":
        return world.teams["territory"][world.support["team"]]
    return getattr(world, table)["territory"]


def rows_of(world: World, table: str, territories: tuple[int, ...]) -> bytes:
    return packed(getattr(world, table)[np.isin(territory_of(world, table), territories)])


def differing(one: World, other: World, territories: tuple[int, ...]) -> list[str]:
    """Tables in which these territories differ between two worlds."""
    return [name for name in OF_A_TERRITORY if rows_of(one, name, territories) != rows_of(other, name, territories)]


CHANGED_TEAMS = {
    "a physician more": replace(SHARING, physicians=4),
    "shorter weeks": replace(SHARING, half_days=6.0),
    "nothing handed over": replace(SHARING, delegation={}),
    "another size": replace(SHARING, physicians=5, liberal_nurses=0, registered_list=900),
}


@pytest.mark.parametrize("team", CHANGED_TEAMS.values(), ids=CHANGED_TEAMS)
def test_a_team_changed_in_one_territory_leaves_the_others_as_they_are(team: TeamSpec) -> None:
    before = found([*NEIGHBOURS, town(3_000, name="East")])
    after = found([*NEIGHBOURS, town(3_000, name="East", teams={"sharing": team})])
    lines, other_lines = lived(before, WEEKS), lived(after, WEEKS)
    assert differing(before, after, (0, 1)) == []
    assert {"patients", "physicians"} <= set(differing(before, after, (2,)))
    near, other_near = lines[lines["territory"] < 2], other_lines[other_lines["territory"] < 2]
    assert len(near) > 1_000
    assert packed(near) == packed(other_near)
    for number in ("births", "next_row", "residents"):
        np.testing.assert_array_equal(before.territories[number][:2], after.territories[number][:2])


def other_half_days(world: World) -> None:
    world.physicians["half_days"][territory_of(world, "physicians") == 0] -= 2.0


def other_share(world: World) -> None:
    world.dyads["share"][territory_of(world, "dyads") == 0] = 0.0


def other_notice(world: World) -> None:
    world.hospitals["p_notice"][0] = 0.9
    world.hospitals["direct_accept"][0] = 0.9


def a_retirement(world: World) -> None:
    world.physicians["leaves_week"][0] = world.week + 2


def other_control(world: World) -> None:
    patients = world.patients[territory_of(world, "patients") == 0]
    patients["control"] //= 4
    world.patients[: len(patients)] = patients


CHANGES = (other_half_days, other_share, other_notice, a_retirement, other_control)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_in_the_first_territory_does_not_reach_those_after_it(change: Callable[[World], None]) -> None:
    base = found([*NEIGHBOURS, town(1_500, name="East")])
    arm = changed(base, change)
    lines, other_lines = lived(base, 6), lived(arm, 6)
    assert differing(base, arm, (1, 2)) == []
    assert differing(base, arm, (0,))
    far, other_far = lines[lines["territory"] > 0], other_lines[other_lines["territory"] > 0]
    assert packed(far) == packed(other_far)


def test_territories_side_by_side_live_as_they_would_alone() -> None:
    """Rows move, nobody else does: the people of a territory meet the same weeks alone and beside others."""
    beside = found([town(2_000, name="North", teams={}), town(2_500, name="South")])
    alone = found(town(2_500, name="South"))
    lines, own = lived(beside, 8), lived(alone, 8)
    south = lines[lines["territory"] == 1]
    first = int(beside.territories["first_patient"][1])
    np.testing.assert_array_equal(beside.patients["who"][first:], alone.patients["who"])
    np.testing.assert_array_equal(beside.patients["control"][first:], alone.patients["control"])
    for column in ("week", "day", "kind", "code", "need", "marks", "cents", "minutes_tenths", "age", "length_days"):
        np.testing.assert_array_equal(south[column], own[column])
    np.testing.assert_array_equal(south["patient"] - first, own["patient"])


UNTOUCHED_BY_CARE = (ACUTE, PREVENTION, ADMINISTRATIVE, PSYCHOSOCIAL, WOMENS_HEALTH, HOME_VISIT, EMERGENCY)


def asked(world: World, needs: tuple[int, ...], number: int) -> set[tuple[int, int, int, int]]:
    """New requests of care of some needs: who asks, when, for what."""
    found_requests: set[tuple[int, int, int, int]] = set()
    for week in weeks(world, number):
        r = week.requests
        # A visit that a nurse adds to one asked again is no new need.
        r = r[(r["slot"] == rq.NEW_REQUEST) & (r["since"] == week.number) & np.isin(r["need"], needs)]
        r = r[~np.isin(r["target"], (rq.TO_ROUNDS, rq.TO_REGISTRY, rq.TO_HOSPITAL, rq.DISCHARGED))]
        who = week.before["who"][r["patient"]]
        found_requests |= {
            (week.number, int(w), int(n), int(d)) for w, n, d in zip(who, r["need"], r["day"], strict=True)
        }
    return found_requests


def worse_control(world: World) -> None:
    world.patients["control"] //= 3


def test_needs_arise_in_the_same_weeks_while_states_differ() -> None:
    base = found(town(teams={}))
    worse = changed(base, worse_control)
    needs, same_needs = asked(base, UNTOUCHED_BY_CARE, 15), asked(worse, UNTOUCHED_BY_CARE, 15)
    assert len(needs) > 1_500
    assert needs == same_needs
    both = living(base.patients) & living(worse.patients)
    np.testing.assert_array_equal(base.patients["who"][both], worse.patients["who"][both])
    np.testing.assert_array_equal(base.patients["ceiling"][both], worse.patients["ceiling"][both])
    ill = both & (base.patients["conditions"] > 0)
    assert base.patients["control"][ill].mean() > 1.3 * worse.patients["control"][ill].mean()
    assert base.patients["renewal_due_week"][ill].tobytes() != worse.patients["renewal_due_week"][ill].tobytes()


def test_better_control_takes_flares_away_and_adds_none() -> None:
    base = seasoned()
    base.dyads["share"] = 0.0
    worse = changed(base, worse_control)
    flares, more = asked(base, (FLARE,), 1), asked(worse, (FLARE,), 1)
    assert flares < more
    flares, more = asked(base, (FLARE,), 12), asked(worse, (FLARE,), 12)
    assert len(more) > 1.3 * len(flares)


def shared(share: float) -> World:
    delegation = {"k01": Delegation("advanced_practice", share)}
    return found(town(teams={"sharing": replace(SHARING, delegation=delegation)}))


def test_a_share_of_nothing_is_no_delegation() -> None:
    nothing = found(town(teams={"sharing": replace(SHARING, delegation={})}))
    zero = shared(0.0)
    assert digest(nothing, lived(nothing, WEEKS)) == digest(zero, lived(zero, WEEKS))
    some = shared(0.5)
    lived(some, WEEKS)
    assert {"patients", "physicians", "nurses", "dyads"} <= set(different_tables(nothing, some))


def renewals(lines: Table) -> tuple[int, int]:
    """Renewals of the first team's patients by a physician, and by a nurse in place of one."""
    mine = lines[(lines["need"] == RENEWAL) & (lines["registered_team"] == 0)]
    by_nurse = (mine["kind"] == ev.NURSE) & ((mine["marks"] & ev.REPLACES) > 0)
    return int((mine["kind"] == ev.GP).sum()), int(by_nurse.sum())


def test_the_more_is_handed_over_the_fewer_renewals_physicians_see() -> None:
    pairs = [renewals(lived(shared(share), 20)) for share in (0.0, 0.4, 0.8)]
    by_physician, by_nurse = zip(*pairs, strict=True)
    assert by_nurse[0] == 0
    assert by_nurse[0] < by_nurse[1] < by_nurse[2]
    assert by_physician[0] > by_physician[1] > by_physician[2]
    # What one side gains the other loses, save for those who wait or are seen twice.
    assert sum(pairs[2]) == pytest.approx(sum(pairs[0]), rel=0.25)


def test_another_parameter_reaches_the_world_that_has_it() -> None:
    base = seasoned()
    arm = base.fork()
    arm.parameters = parameter_record({"care.gp_effect": 0.0})
    Passage(arm).write_ceilings()
    same = living(base.patients)
    np.testing.assert_array_equal(base.patients["ceiling"][same], arm.patients["ceiling"][same])
    lived(base, 12)
    lived(arm, 12)
    ill = living(base.patients) & living(arm.patients) & (base.patients["conditions"] > 0)
    has = (base.patients["conditions"][ill, None] >> np.arange(7)) & 1 > 0
    loss = base.patients["control"][ill][has].mean() - arm.patients["control"][ill][has].mean()
    assert loss / 65535 > 0.005

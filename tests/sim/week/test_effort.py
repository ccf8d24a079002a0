"""Effort beyond the usual, relative to the start: each lever has an outcome that it moves (behaviour D8b)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.patients import ALIVE, INAPPROPRIATE_DRUG, NEVER, SPEND_DRUGS, SPEND_GP, SPEND_OTHER
from agents.physicians import COLUMNS as PHYSICIAN_COLUMNS
from agents.templates import EFFORT_FOLLOW_UP, EFFORT_PRESCRIBING, EFFORT_PREVENTION, N_EFFORTS
from sim import events as ev
from sim.founding import found
from sim.parameters import all_parameters
from sim.week.effort import by_effort, effort_minutes, follow_up_delay, review_drugs
from sim.week.scene import scene
from sim.week.spending import accrue_other_spending
from sim.world import World
from tests.sim.made_weeks import digest, lived, living, packed, seasoned, town

GAINS = st.sampled_from([0.25, 0.3, -0.06, -0.2])
EFFORT = st.floats(0, 1)


def with_effort(effort: float, *levers: int) -> World:
    world = seasoned()
    for c in levers or range(N_EFFORTS):
        world.physicians["effort"][:, c] = effort
    return world


def test_the_rates_of_care_are_stated_at_the_effort_of_the_start() -> None:
    (column,) = [c for c in PHYSICIAN_COLUMNS if c.name == "effort"]
    assert column.default == all_parameters()["care.effort_start"].value
    world = seasoned()
    assert by_effort(scene(world), 0, EFFORT_PREVENTION, 0.25) == 1.0
    assert by_effort(scene(world), -1, EFFORT_PREVENTION, 0.25) == 1.0
    assert effort_minutes(scene(world), 0) == 0.0


@settings(derandomize=True, max_examples=50)
@given(EFFORT, GAINS)
def test_a_rate_is_linear_in_effort(effort: float, gain: float) -> None:
    """(1 + g e) / (1 + g 0.3)."""
    s = scene(with_effort(effort))
    assert by_effort(s, 0, EFFORT_PREVENTION, gain) == pytest.approx((1 + gain * effort) / (1 + gain * 0.3), rel=1e-6)


def test_at_the_start_no_parameter_of_effort_changes_a_byte() -> None:
    """Neither the size of any effect nor of its time acts while everybody stays at the start."""
    usual, other = seasoned(), seasoned()
    q = other.parameters
    q["care_effort_prevention"], q["care_effort_follow_up"], q["care_effort_tests"] = 0.4, 0.5, 0.1
    q["care_effort_spending"], q["care_effort_inappropriate"], q["care_prevention_elsewhere"] = -0.1, 0.0, 0.05
    q["service_effort_minutes"] = 60.0
    lines, same = lived(usual, 6), lived(other, 6)
    assert packed(lines) == packed(same)
    other.parameters = usual.parameters
    assert digest(usual) == digest(other)


def drugs_and_others(effort: float) -> tuple[float, float]:
    world = with_effort(effort, EFFORT_PRESCRIBING)
    world.patients["spend"] = 0
    rows = np.flatnonzero(living(world.patients) & (world.patients["registered_gp"] >= 0))[:800]
    for i in rows:
        accrue_other_spending(scene(world), int(i))
    assert not world.patients["spend"][:, SPEND_GP].any()
    return float(world.patients["spend"][:, SPEND_DRUGS].sum()), float(world.patients["spend"][:, SPEND_OTHER].sum())


def test_effort_on_prescribing_lowers_drugs_and_what_is_prescribed_of_the_rest() -> None:
    (drugs, other), (fewer, less) = drugs_and_others(0.3), drugs_and_others(1.0)
    ratio = (1 - 0.06) / (1 - 0.06 * 0.3)
    assert fewer / drugs == pytest.approx(ratio, rel=1e-4)
    assert ratio < less / other < 1.0
    assert drugs_and_others(0.0)[0] > drugs


def inappropriate(effort: float) -> set[int]:
    world = with_effort(effort, EFFORT_PRESCRIBING)
    world.patients["n_drugs"] = 12
    world.physicians["effort"][:, EFFORT_PRESCRIBING] -= np.float32(1e-4)  # so that the start is drawn anew as well
    for i in range(len(world.patients)):
        review_drugs(scene(world), i)
    of_list = world.patients["registered_gp"] >= 0
    return set(np.flatnonzero(of_list & ((world.patients["flags"] & INAPPROPRIATE_DRUG) > 0)).tolist())


def test_effort_on_prescribing_takes_inappropriate_drugs_away_and_adds_none() -> None:
    none, usual, whole = inappropriate(0.01), inappropriate(0.3), inappropriate(1.0)
    assert whole < usual < none
    assert len(whole) / len(usual) == pytest.approx(0.8 / 0.94, abs=0.05)


def delays(effort: float) -> np.ndarray:
    """Days after which discharges are followed up, by the same draws whatever the effort."""
    world = with_effort(effort, EFFORT_FOLLOW_UP)
    world.parameters["hospital_asks_follow_up"], world.hospitals["notice_delay_days"] = 0.15, 7
    s, rng, found_delays = scene(world), np.random.default_rng(3), []
    for notified, asks, wait, u in rng.random((4_000, 4)):
        delay = 6.0 * wait if asks < 0.15 else 14.0 * wait if notified < 0.5 else 7.0 + 21.0 * wait
        found_delays.append(follow_up_delay(s, 0, 0, delay, 0.5, u))
    return np.array(found_delays)


def test_effort_on_follow_up_moves_the_share_in_time_by_its_ratio() -> None:
    none, usual, whole = ((delays(e) < 7).mean() for e in (0.0, 0.3, 1.0))
    assert usual == pytest.approx(0.15 + 0.85 * 0.5 * 0.5, abs=0.02)
    assert whole / usual == pytest.approx(1.3 / 1.09, rel=0.04)
    assert none / usual == pytest.approx(1 / 1.09, rel=0.04)
    assert (delays(1.0) <= delays(0.3)).all(), "nobody waits longer for it"


def shares_seen(effort: float) -> tuple[float, float, int]:
    """Discharges seen within 7 and 30 days of lists whose physicians make this effort."""
    world = found(town(6_000, teams={}))
    world.physicians["effort"][:, EFFORT_FOLLOW_UP] = effort
    world.parameters["hospital_other_stays"] = 0.5
    world.parameters["hospital_notice_occupancy"] = 0.0  # so many stays crowd the hospital
    lines = lived(world, 40)
    reports = lines[(lines["kind"] == ev.DISCHARGE) & (lines["registered_gp"] >= 0)]
    seen = [float(((reports["marks"] & mark) > 0).mean()) for mark in (ev.SEEN_WITHIN_7, ev.SEEN_WITHIN_30)]
    return seen[0], seen[1], len(reports)


def test_more_discharges_are_seen_in_time_with_effort() -> None:
    none, whole = shares_seen(0.0), shares_seen(1.0)
    assert whole[2] > 600
    assert whole[0] > 1.1 * none[0]
    assert whole[1] > none[1]


def prevention_due(effort: float) -> float:
    world = found(town(teams={}))
    world.physicians["effort"][:, EFFORT_PREVENTION] = effort
    lived(world, 40)
    mine = living(world.patients) & (world.patients["registered_gp"] >= 0)
    return float((world.patients["prevention_due"][mine] > 0).mean())


def test_less_prevention_is_due_with_effort() -> None:
    assert prevention_due(1.0) < prevention_due(0.3) < prevention_due(0.0)


def diabetics_tested(effort: float) -> int:
    world = found(town(teams={}))
    world.physicians["effort"] = effort
    lines = lived(world, 30)
    return int(((lines["marks"] & ev.TEST) > 0).sum())


def test_more_diabetics_are_tested_with_effort() -> None:
    assert diabetics_tested(1.0) > 1.08 * diabetics_tested(0.3)


def test_effort_reaches_no_one_who_has_no_physician() -> None:
    world = with_effort(1.0)
    alone = np.flatnonzero(world.patients["flags"] & ALIVE)[:1]
    world.patients["registered_gp"][alone], world.patients["nurse_contact"][alone] = -1, NEVER
    assert by_effort(scene(world), int(world.patients["registered_gp"][alone[0]]), EFFORT_PRESCRIBING, -0.06) == 1.0

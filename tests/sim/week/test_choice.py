"""Where a need is taken: the exact logit, one draw an option, and only where an option exists."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from agents.declarations import new_table
from agents.patients import ACUTE, HIGH, LOW, MEDIUM, POOR, PREVENTION, RENEWAL
from agents.tasks import K01, K02, K13, freed_minutes
from agents.teams import HEALTH_CENTRE, MSP, SOLO
from sim.draws import chained
from sim.founding import found
from sim.week.buffers import Buffers
from sim.week.choice import accepts_nurse, choose, hand_over, partner_for, taste, taste_at_most, utility
from sim.week.lands import whole
from sim.week.passage import Passage
from sim.week.patient_state import logistic
from sim.week.requests import (
    AGAIN,
    AT_HOME,
    COLUMNS,
    FORGO,
    NEW_REQUEST,
    REPLACES,
    TO_ED,
    TO_GP,
    TO_NURSE,
    TO_TELECONSULTATION,
)
from sim.week.requests import DTYPE as REQUESTS
from sim.week.scene import Scene, scene
from sim.week.service import presence
from sim.world import World
from tests.sim.made_weeks import SHARING, seasoned, town

DRAWS = 20_000
PATIENT = 0
FIRST_KEY = np.uint64(12_345)


WEIGHTS = {
    "choice_travel_minute": -0.12, "choice_registered": 3.0, "choice_share_past": 0.8, "choice_same_team": 0.5,
    "choice_wait_day": [0.6, 0.6, 0.2, 0.05], "choice_nurse_door": -1.0, "choice_teleconsultation": -2.5,
    "choice_teleconsultation_young": 0.8, "choice_emergency_department": -3.5, "choice_emergency_minute": -0.05,
    "choice_emergency_high": 1.2, "choice_ask_again": -1.0, "choice_forgo": -3.2, "choice_forgo_poor": 0.6,
    "choice_forgo_illiteracy": 0.6, "needs_referral_constant": 0.3, "needs_referral_trust": 1.5,
    "needs_referral_home": 0.5, "needs_referral_minute": -0.05, "territory_travel_base_minutes": 2.0,
    "territory_travel_km_per_minute": 0.75,
}  # fmt: skip
"""The weights of behaviour C2, whatever the calibration has made of them."""


def keys(number: int) -> list[np.uint64]:
    return [np.uint64(chained(FIRST_KEY, np.uint64(n))) for n in range(number)]


def made(people: int = 6_000) -> World:
    """A world whose physicians are all at work, with open lists and different waits; one patient made by hand."""
    world = found(town(people, teams={"sharing": replace(SHARING, delegation={})}))
    for name, weight in WEIGHTS.items():
        world.parameters[name] = weight
    world.physicians["present"] = 1
    world.physicians["list_open"] = 1.0
    world.physicians["posted_wait_days"] = np.linspace(0.5, 6.0, len(world.physicians))
    p = world.patients[PATIENT : PATIENT + 1]
    p["birth_week"], p["flags"] = -52 * 30, 1 | POOR
    p["registered_gp"], p["known_gp"], p["share_past"], p["health_literacy"] = 1, 1, 153, 102
    return world


def chosen(s: Scene, need: int, priority: int, marks: int = 0, number: int = DRAWS) -> NDArray[np.int64]:
    """Options chosen with many keys: a physician's row, or minus (target + 1)."""
    request = new_table(COLUMNS, 1)
    options = np.empty(number, np.int64)
    for n, key in enumerate(keys(number)):
        request["need"], request["priority"], request["marks"], request["patient"] = need, priority, marks, PATIENT
        choose(s, PATIENT, request, 0, key, int(s.patients["nurse_tie"][PATIENT]))
        target = int(request["target"][0])
        options[n] = request["provider"][0] if target == TO_GP else -target - 1
    return options


def minutes_to(world: World, cell: int, home: int) -> float:
    """Behaviour C, Space: minutes = 2 + km / 0.75."""
    there, here = world.cells[cell], world.cells[home]
    return 2 + math.hypot(there["x_km"] - here["x_km"], there["y_km"] - here["y_km"]) / 0.75


def logit(world: World, priority: int) -> dict[int, float]:
    """The probabilities of behaviour C2, written down again for the patient made by hand (30 years old, poor)."""
    p = world.patients[PATIENT]
    own, wait_weight = 1, {HIGH: 0.60, MEDIUM: 0.20, LOW: 0.05}[priority]
    team = world.physicians["team"][own]
    near = set(world.near_physicians[p["cell"]].tolist()) | set(
        np.flatnonzero(world.physicians["team"] == team).tolist()
    )
    utility = {}
    for g in near - {-1}:
        v = -0.12 * minutes_to(world, world.physicians["cell"][g], p["cell"])
        v -= wait_weight * world.physicians["posted_wait_days"][g]
        if g == own:
            v += 3.0 + 0.8 * 153 / 255
        elif world.physicians["team"][g] == team:
            v += 0.5
        utility[g] = v
    utility[-TO_TELECONSULTATION - 1] = -2.5 + 0.8
    if priority <= MEDIUM:
        hospital = world.hospitals[world.near_hospitals[p["cell"], 0]]
        minutes = minutes_to(world, hospital["cell"], p["cell"]) + hospital["minutes_beyond"]
        utility[-TO_ED - 1] = -3.5 - 0.05 * minutes + 1.2 * (priority == HIGH)
    utility[-AGAIN - 1] = -1.0
    if priority >= MEDIUM:
        utility[-FORGO - 1] = -3.2 + 0.6 + 0.6 * (1 - 102 / 255)
    total = sum(math.exp(v) for v in utility.values())
    return {option: math.exp(v) / total for option, v in utility.items()}


def agreement(world: World, priority: int, expected: dict[int, float]) -> float:
    """p-value of the chi-square of 20,000 choices against a law; rare options are put together."""
    options, counts = np.unique(chosen(scene(world), ACUTE, priority), return_counts=True)
    count = dict(zip(options.tolist(), counts.tolist(), strict=True))
    assert set(count) <= set(expected)
    common = [option for option, share in expected.items() if share * DRAWS >= 20]
    rare = [option for option in expected if option not in common]
    observed = [count.get(option, 0) for option in common] + [sum(count.get(option, 0) for option in rare) + 1]
    law = np.array([expected[option] for option in common] + [sum(expected[option] for option in rare) + 1 / DRAWS])
    return float(stats.chisquare(observed, law / law.sum() * sum(observed)).pvalue)


@pytest.mark.parametrize("priority", [HIGH, MEDIUM, LOW])
def test_frequencies_are_those_of_the_logit(priority: int) -> None:
    """20,000 draws show a difference of 1.5 points in a common option; chi-square at 1 in 1,000."""
    world = made()
    expected = logit(world, priority)
    assert len(expected) >= 6
    assert agreement(world, priority, expected) > 0.001


def test_another_weight_would_be_seen() -> None:
    """The test above has power: a médecin traitant who weighs a fifteenth less is refused."""
    world = made()
    expected = logit(world, MEDIUM)
    world.parameters["choice_registered"] *= 14 / 15
    assert agreement(world, MEDIUM, expected) < 1e-6


@settings(derandomize=True)
@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_no_taste_exceeds_what_it_may_be_at_most(key: int, option: int) -> None:
    """And most of the time by little: else nobody would be spared the exact draw."""
    one, other = np.uint64(key), np.uint64(option)
    assert taste(one, other) <= taste_at_most(one, other)


def test_what_a_taste_may_be_at_most_is_close_to_it() -> None:
    option = np.uint64(1)
    over = np.array([taste_at_most(key, option) - taste(key, option) for key in keys(2_000)])
    assert 0 <= np.median(over) < 0.01
    assert np.mean(np.isinf(over)) < 0.01, "the last step has no end"


def test_tastes_are_gumbel_draws_of_their_own() -> None:
    """20,000 draws: Kolmogorov-Smirnov at 1 in 1,000 sees a distance of 0.014."""
    one = np.array([taste(key, np.uint64(1)) for key in keys(DRAWS)])
    two = np.array([taste(key, np.uint64(2)) for key in keys(DRAWS)])
    assert stats.kstest(one, "gumbel_r").pvalue > 0.001
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.035
    # A table of quantiles has no steps: the extremes reach as far as those of the law.
    assert one.max() > stats.gumbel_r.ppf(1 - 10 / DRAWS)
    assert one.min() < stats.gumbel_r.ppf(10 / DRAWS)


def test_who_is_passed_by_would_not_have_been_preferred() -> None:
    """A rival is beaten or not whatever is left out on the way: above, at and below the utility, and far from it."""
    world = made()
    s, passed_by = scene(world), 0
    for key in keys(300):
        for g in range(len(world.physicians)):
            whole = utility(s, PATIENT, g, 0.5, 0.25, 0.2, key, -1e30)
            for rival in (whole - 3.0, np.nextafter(whole, -9.0), whole, np.nextafter(whole, 9.0), whole + 3.0):
                value = utility(s, PATIENT, g, 0.5, 0.25, 0.2, key, rival)
                assert (value > rival) == (whole > rival)
                assert value in (whole, -1e30)
                passed_by += value != whole
    assert passed_by > 100, "the comparison is able to fail"


def test_who_is_away_or_closed_is_no_option() -> None:
    world = made()
    world.physicians["present"][1] = 0
    assert not (chosen(scene(world), ACUTE, MEDIUM, number=3_000) == 1).any()
    world.physicians["present"] = 0
    options = chosen(scene(world), ACUTE, MEDIUM, number=500)
    assert (options < 0).all()
    world = made()
    world.physicians["list_open"] = 0.0
    options = chosen(scene(world), ACUTE, MEDIUM, number=3_000)
    mine = np.flatnonzero(world.physicians["team"] == world.physicians["team"][1])
    assert set(options[options >= 0].tolist()) <= set(mine.tolist())
    # A closed list does not stop who has been there before.
    other = int(np.flatnonzero(world.physicians["team"] != world.physicians["team"][1])[0])
    world.patients["known_gp"][PATIENT] = other
    assert (chosen(scene(world), ACUTE, MEDIUM, number=3_000) == other).any()


@pytest.mark.parametrize(
    ("need", "priority", "marks", "never"),
    [
        (PREVENTION, LOW, 0, TO_TELECONSULTATION),
        (ACUTE, MEDIUM, AT_HOME, TO_TELECONSULTATION),
        (ACUTE, LOW, 0, TO_ED),
        (RENEWAL, LOW, 0, TO_ED),
        (ACUTE, HIGH, 0, FORGO),
    ],
)
def test_some_needs_have_no_such_option(need: int, priority: int, marks: int, never: int) -> None:
    world = made()
    # Everything else far away, so that the option would be taken if it existed.
    for name in ("choice_teleconsultation", "choice_emergency_department", "choice_forgo"):
        world.parameters[name] = 5.0
    options = chosen(scene(world), need, priority, marks, number=500)
    assert not (options == -never - 1).any()
    all_open = chosen(scene(world), ACUTE, MEDIUM, number=500)
    assert (all_open == -never - 1).any()


def test_a_nurses_door_is_open_for_a_vaccine_that_is_due() -> None:
    world = made()
    nurse = int(world.near_nurses[world.patients["cell"][PATIENT], 0])
    world.nurses["own_door"] = 1
    world.patients["nurse_tie"][PATIENT], world.patients["prevention_due"][PATIENT] = nurse, 1
    taken = np.mean(chosen(scene(world), PREVENTION, LOW, number=4_000) == -TO_NURSE - 1)
    assert taken > 0.005
    for column, value in (("prevention_due", 2), ("prevention_due", 0)):
        world.patients[column][PATIENT] = value
        assert not (chosen(scene(world), PREVENTION, LOW, number=1_000) == -TO_NURSE - 1).any()
    world.patients["prevention_due"][PATIENT], world.nurses["own_door"] = 1, 0
    assert not (chosen(scene(world), PREVENTION, LOW, number=1_000) == -TO_NURSE - 1).any()


@pytest.mark.parametrize(
    ("kind", "day", "share", "opens"),
    [
        (MSP, date(2021, 1, 4), 1.0, True), (HEALTH_CENTRE, date(2021, 1, 4), 1.0, True),
        (SOLO, date(2021, 1, 4), 1.0, False), (MSP, date(2018, 1, 1), 1.0, False), (MSP, date(2021, 1, 4), 0.0, False),
    ],
)  # fmt: skip
def test_a_nurses_door_is_open_for_a_simple_complaint_where_a_protocol_is(
    kind: int, day: date, share: float, opens: bool
) -> None:
    """C2: k19 where legal; national protocols from 2020, inside coordinated structures."""
    world = made()
    nurse = int(world.near_nurses[world.patients["cell"][PATIENT], 0])
    world.start, world.parameters["needs_protocol_acute_share"] = day, share
    world.nurses["own_door"], world.nurses["team"][nurse], world.patients["nurse_tie"][PATIENT] = 1, 0, nurse
    world.teams["kind"][0] = kind
    assert (chosen(scene(world), ACUTE, LOW, number=4_000) == -TO_NURSE - 1).any() == opens


def settled_choices(world: World) -> dict[tuple[int, int, int, int], tuple[int, int]]:
    """Where each new request of the coming week goes, by who asks, for what, when."""
    passage = Passage(world)
    s = scene(world)
    presence(s)
    r = passage._ask(s, whole(world), Buffers(REQUESTS))
    r = r[(r["slot"] == NEW_REQUEST) & np.isin(r["target"], (TO_GP, TO_TELECONSULTATION, TO_ED, AGAIN, FORGO))]
    who = world.patients["who"][r["patient"]]
    provider = np.where(r["target"] == TO_GP, r["provider"], -1)
    asked = zip(who.tolist(), r["need"].tolist(), r["day"].tolist(), r["tie"].tolist(), strict=True)
    return dict(zip(asked, zip(r["target"].tolist(), provider.tolist(), strict=True), strict=True))


def test_a_new_physician_draws_patients_only_to_himself() -> None:
    base = found(town(4_000, teams={}))
    assert (base.near_physicians[:, -1] == -1).all(), "there is room for one more among the nearest"
    base.physicians["leave_weeks"] = 0.0
    more = base.fork()
    newcomer = len(more.physicians)
    more.physicians = np.concatenate([more.physicians, more.physicians[:1]])
    more.physicians["who"][newcomer] = 987_654_321
    more.teams = np.concatenate([more.teams, more.teams[:1]])
    more.physicians["team"][newcomer] = len(base.teams)
    more.teams["first_physician"][-1], more.teams["last_physician"][-1] = newcomer, newcomer + 1
    more.physicians["list_open"][newcomer] = 1.0
    free = np.argmax(more.near_physicians == -1, axis=1)
    more.near_physicians[np.arange(len(free)), free] = newcomer
    before, after = settled_choices(base), settled_choices(more)
    assert before.keys() == after.keys()
    moved = [request for request, option in before.items() if after[request] != option]
    assert len(moved) > 10
    assert {after[request] for request in moved} == {(TO_GP, newcomer)}
    assert len(before) > 5 * len(moved)


def test_an_option_that_closes_moves_only_those_who_had_chosen_it() -> None:
    base = seasoned()
    base.physicians["leave_weeks"] = 0.0
    base.dyads["share"] = 0.0
    fewer = base.fork()
    fewer.parameters["choice_teleconsultation"] = -1e6
    before, after = settled_choices(base), settled_choices(fewer)
    moved = [request for request, option in before.items() if after[request] != option]
    assert moved
    assert {before[request][0] for request in moved} == {TO_TELECONSULTATION}
    assert not any(option[0] == TO_TELECONSULTATION for option in after.values())


def test_a_referral_shifts_a_probability() -> None:
    """Behaviour C2: logistic(0.3 + 1.5 trust + 0.5 prefers_home at home, else -0.05 minutes)."""
    world = made()
    s = scene(world)
    p = world.patients[PATIENT : PATIENT + 1]
    p["trust_nurse"], p["prefers_home"] = 153, 51
    nurse = 0
    near = minutes_to(world, world.nurses["cell"][nurse], p["cell"][0])
    for at_home, z in ((True, 0.3 + 1.5 * 0.6 + 0.5 * 0.2), (False, 0.3 + 1.5 * 0.6 - 0.05 * near)):
        accepted = np.mean([accepts_nurse(s, PATIENT, nurse, at_home, key) for key in keys(DRAWS)])
        expected = 1 / (1 + math.exp(-z))
        assert logistic(z) == pytest.approx(expected)
        assert abs(accepted - expected) < 4 * math.sqrt(expected * (1 - expected) / DRAWS)


def test_a_task_is_handed_over_as_often_as_the_share_says() -> None:
    world = found(town())
    world.parameters["needs_referral_constant"] = 1e3  # everybody accepts
    s = scene(world)
    task, g = 1, 0
    taken = np.array([partner_for(s, PATIENT, g, task, False, key) for key in keys(DRAWS)])
    mine = np.arange(world.physicians["dyad_start"][g], world.physicians["dyad_end"][g])
    share = world.dyads["share"][mine, task]
    assert share.max() == 0.5
    assert set(taken.tolist()) == {-1, int(mine[share.argmax()])}
    assert abs(np.mean(taken >= 0) - 0.5) < 4 * math.sqrt(0.25 / DRAWS)
    world.parameters["needs_referral_constant"] = -1e3  # nobody does
    assert all(partner_for(s, PATIENT, g, task, False, key) == -1 for key in keys(200))


HANDED_OVER = 4_000


@pytest.mark.parametrize("task", [K01, K02, K13])
def test_the_week_frees_what_professionals_reckon_with(task: int) -> None:
    """Behaviour B: sigma (g - v c) - s g minutes an event. 4,000 events of at most 37 minutes: four standard errors.

    Found here first: calls used to be made for services that were only added, which nobody reckoned with.
    """
    world = made()
    world.dyads["validation"][0, task] = 0.6
    s, rows = scene(world), new_table(COLUMNS, HANDED_OVER)
    for n, key in enumerate(keys(HANDED_OVER)):
        hand_over(s, rows, n, 0, task, key, True)
    q = world.parameters[0]
    g, sigma, share = (float(q[f"tasks_{name}"][task]) for name in ("minutes_gp", "sigma", "supervision"))
    replaces = (rows["marks"] & REPLACES) > 0
    freed = g * replaces - rows["gp_minutes_tenths"] / 10
    expected = freed_minutes(g, sigma, 0.6, float(q["tasks_validation_call_minutes"][task]), share)
    assert freed.mean() == pytest.approx(expected, abs=4 * freed.std() / math.sqrt(HANDED_OVER) + 0.05)
    assert replaces.mean() == pytest.approx(sigma, abs=4 * math.sqrt(sigma * (1 - sigma) / HANDED_OVER))
    beside = new_table(COLUMNS, 1)
    hand_over(s, beside, 0, 0, task, keys(1)[0], False)
    assert beside["gp_minutes_tenths"][0] == int(10 * share * g), "what is added is supervised, and nothing more"
    assert not beside["marks"][0] & REPLACES

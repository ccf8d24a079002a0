from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from agents.declarations import Table
from agents.patients import ALD, ALIVE, CHRONIC, NEVER, NEWS, NO_PENDING, WOMAN
from sim.draws import DECISIONS
from sim.parameters import parameter_record
from sim.week.ageing import death_rate
from sim.week.demography import Flows, demography_week, settlement
from sim.week.newcomers import cell_from, free_row, poisson
from sim.world import World
from tests.sim.made_people import bands, live_a_week, living, made_world

PEOPLE = 20_000
PAR = parameter_record()


@dataclass(frozen=True)
class Years:
    start: Table
    ten: Table
    thirty: Table
    flows: list[Flows]
    world: World


def lived(world: World, weeks: int) -> list[Flows]:
    place = settlement(world)
    flows = []
    for _ in range(weeks):
        flows.append(demography_week(world, place))
        live_a_week(world.patients, world.cells, world.parameters, np.uint64(world.seed), world.week)
        world.week += 1
    return flows


@cache
def years() -> Years:
    world = made_world(PEOPLE)
    start = living(world).copy()
    flows = lived(world, 520)
    ten = living(world).copy()
    flows += lived(world, 1040)
    return Years(start, ten, living(world).copy(), flows, world)


def shares(patients: Table, week: int, mask: "np.ndarray") -> "np.ndarray":
    band = bands(patients, week)
    return np.array([mask[band == b].mean() for b in range(6)])


def test_people_are_conserved_over_the_years() -> None:
    y = years()
    before = PEOPLE
    for flow in y.flows:
        before += int((flow.births + flow.moves_in - flow.deaths - flow.moves_out).sum())
    # The dead of the last week are taken off in the next.
    assert before - len(_awaiting(y.world)) == len(y.thirty)
    assert not sum(flow.without_room.sum() for flow in y.flows)


def _awaiting(world: World) -> Table:
    p = world.patients
    return p[((p["flags"] & ALIVE) == 0) & ((p["flags"] & NEWS) != 0)]


def test_each_week_balances() -> None:
    world = made_world(4_000)
    place = settlement(world)
    for _ in range(30):
        counted = len(living(world)) + len(_awaiting(world))
        flow = demography_week(world, place)
        change = int((flow.births + flow.moves_in - flow.deaths - flow.moves_out).sum())
        assert len(living(world)) == counted + change
        assert len(flow.rows) == int((flow.births + flow.moves_in).sum())
        live_a_week(world.patients, world.cells, world.parameters, np.uint64(1), world.week)
        world.week += 1


@pytest.mark.parametrize("when", ["ten", "thirty"])
def test_population_stays_within_five_per_cent(when: str) -> None:
    assert len(getattr(years(), when)) == pytest.approx(PEOPLE, rel=0.05)


@pytest.mark.parametrize(("when", "week"), [("ten", 519), ("thirty", 1559)])
def test_age_structure_stays(when: str, week: int) -> None:
    patients = getattr(years(), when)
    found = np.bincount(bands(patients, week), minlength=6) / len(patients)
    wanted = np.bincount(bands(years().start), minlength=6) / PEOPLE
    np.testing.assert_allclose(found, wanted, rtol=0.06, atol=0.008)


@pytest.mark.parametrize(("when", "week"), [("ten", 519), ("thirty", 1559)])
def test_prevalence_by_age_stays(when: str, week: int) -> None:
    patients = getattr(years(), when)
    n = np.bincount(bands(patients, week), minlength=6)
    for condition, table in enumerate(PAR[0]["population_prevalence"]):
        found = shares(patients, week, patients["conditions"] >> condition & 1)
        error = 4 * np.sqrt(table * (1 - table) / n) + 0.012
        assert (np.abs(found - table) < error).all(), (condition, found, table)
    ill = shares(patients, week, (patients["flags"] & ALD) != 0)
    np.testing.assert_allclose(ill, PAR[0]["population_ald"], atol=0.05)
    chronic = ((patients["flags"] & CHRONIC) != 0).mean()
    assert 0.25 <= chronic <= 0.29
    frailty = shares(patients, week, patients["frailty"] / 255.0)
    np.testing.assert_allclose(frailty, PAR[0]["population_frailty_mean"], rtol=0.15, atol=0.01)


def test_births_deaths_and_moves_are_near_french_rates() -> None:
    flows = years().flows
    per_year = {
        name: sum(int(getattr(f, name).sum()) for f in flows) / 30 / PEOPLE
        for name in ("births", "deaths", "moves_in", "moves_out")
    }
    assert 0.009 < per_year["births"] < 0.013
    assert 0.008 < per_year["deaths"] < 0.013
    assert 0.02 < per_year["moves_in"] < 0.04
    assert 0.02 < per_year["moves_out"] < 0.04


def test_ids_are_never_given_twice_and_lists_are_right() -> None:
    world = years().world
    people = living(world)
    assert len(np.unique(people["who"])) == len(people)
    listed = world.patients[world.patients["who"] != 0]["registered_gp"]
    counted = np.bincount(listed[listed >= 0], minlength=len(world.physicians))
    np.testing.assert_array_equal(counted, world.physicians["registered_list"])


def test_nurse_ties_last() -> None:
    people = years().thirty
    old = bands(people, 1559) >= 4
    assert (people["nurse_tie"][old] >= 0).mean() == pytest.approx(0.71, abs=0.05)


def test_same_seed_same_years_and_another_seed_others() -> None:
    worlds = [made_world(3_000, seed=seed) for seed in (1, 1, 2)]
    for world in worlds:
        lived(world, 60)
    assert worlds[0].patients.tobytes() == worlds[1].patients.tobytes()
    assert worlds[0].patients.tobytes() != worlds[2].patients.tobytes()


def test_known_news_give_the_same_week_as_looking_for_them() -> None:
    a, b = made_world(6_000), made_world(6_000)
    for world, told in ((a, False), (b, True)):
        place = settlement(world)
        for _ in range(8):
            rows = np.flatnonzero(world.patients["flags"] & NEWS).astype(np.int32)
            demography_week(world, place, rows if told else None)
            live_a_week(world.patients, world.cells, world.parameters, np.uint64(1), world.week)
            world.week += 1
    assert a.patients.tobytes() == b.patients.tobytes()


def test_one_death_more_changes_nobody_else() -> None:
    a, b = made_world(6_000), made_world(6_000)
    b.patients[17]["flags"] = b.patients[17]["flags"] & ~np.uint16(ALIVE) | NEWS
    gone = int(a.patients[17]["who"])
    for world in (a, b):
        lived(world, 12)
    ids = {int(who) for who in living(a)["who"]} - {gone}
    others = {int(who) for who in living(b)["who"]}
    assert ids == others
    names = ["who", "birth_week", "conditions", "frailty", "drift", "cell", "flags"]
    left, right = (w[names][np.argsort(w["who"])] for w in (living(a), living(b)))
    left = left[left["who"] != gone]
    np.testing.assert_array_equal(left, right)


def test_newborn_are_blank_and_take_after_their_mother() -> None:
    world = made_world(PEOPLE)
    flows = lived(world, 20)
    born = living(world)
    born = born[born["birth_week"] >= 0]
    assert len(born) > 20
    assert len(born) <= sum(int(f.births.sum() + f.moves_in.sum()) for f in flows)
    assert (born["spend"] == 0).all()
    assert (born["last_gp"] == NEVER).all()
    assert (born["pending"]["need"] == NO_PENDING).all()
    assert (born["ceiling"] > 0).all()
    assert (born["known_gp"] >= 0).mean() > 0.7


def test_death_is_likelier_for_men_the_old_the_frail_and_the_sick() -> None:
    world = made_world(2_000)
    p = world.patients
    p["birth_week"][:5] = -52 * 80 - 1
    p["flags"][:5] = ALIVE | WOMAN
    p["conditions"][:5], p["frailty"][:5] = 0, 50
    p["flags"][1] = ALIVE
    p["frailty"][2] = 200
    p["conditions"][3] = 4
    p["birth_week"][4] = -52 * 50 - 1
    woman, man, frail, sick, younger = (death_rate(p, PAR, i, 0) for i in range(5))
    assert man > woman
    assert frail > 2 * woman
    assert sick == pytest.approx(2.5 * woman)
    assert younger < woman / 4


def test_rows_are_looked_for_round_the_end() -> None:
    world = made_world(2_000)
    n = len(world.patients)
    last_taken = len(living(world)) - 1
    assert free_row(world.patients, 0, n, 0) == last_taken + 1
    world.patients["flags"] = ALIVE
    assert free_row(world.patients, 0, n, 5) == -1
    world.patients["flags"][3] = 0
    assert free_row(world.patients, 0, n, 5) == 3
    world.patients["flags"][3] = NEWS
    assert free_row(world.patients, 0, n, 5) == -1


def test_poisson_quantiles_have_the_mean() -> None:
    draws = (np.arange(2_000) + 0.5) / 2_000
    for mean in (0.2, 3.0, 40.0):
        assert np.mean([poisson(mean, u, 10_000) for u in draws]) == pytest.approx(mean, rel=0.01)
    assert poisson(0.0, 0.999, 10) == 0
    assert poisson(5.0, 1.0, 7) == 7


def test_a_newcomer_settles_where_people_are() -> None:
    cumulative = np.array([[0.0], [0.25], [0.25], [1.0]])
    assert [cell_from(cumulative, 0, 4, 0, u) for u in (0.0, 0.24, 0.25, 0.99)] == [1, 1, 3, 3]


def test_every_decision_of_demography_is_declared() -> None:
    assert {"falls_ill", "moves_away", "gives_birth", "arrives", "retires", "successor"} <= set(DECISIONS)

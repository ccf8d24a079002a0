"""How providers serve their week: order, reserve, shorter visits when overloaded, the wait that they post."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from agents.declarations import Table, new_table
from agents.patients import ACUTE, FLARE, HIGH, LOW, MEDIUM, PSYCHOSOCIAL, RENEWAL
from agents.templates import EFFORT_TESTS
from agents.uses import (
    COLLECTIVE,
    EFFORT,
    EVIDENCE,
    HOME,
    IDLE,
    ORGANISATIONAL,
    OVERRUN,
    PERSONAL,
    PHONE,
    SUPERVISION,
    TRAVEL,
    UNBILLED,
    VISIT,
)
from sim.founding import found
from sim.week.parts import blocks
from sim.week.passage import Passage
from sim.week.relief import FREED, OWED
from sim.week.requests import AT_HOME, BY_PHONE, COLUMNS, TO_ED, TO_GP, TO_NURSE, TO_ROUNDS
from sim.week.scene import scene
from sim.week.service import MOST_COUNTED, by_provider, in_order, presence, serve_nurses, serve_physicians, visit_tenths
from sim.world import World
from tests.sim.made_weeks import lived, seasoned, town

WEEK = 60
HALF_DAYS = 9.0
CAPACITY = HALF_DAYS * 281.0 * (1 - 0.2)  # 2,023.2 minutes


def practice(overrun: float = 0.0) -> World:
    """Hand numbers: the first physician is at work 9 half-days a week, by whole slots, and ends on time."""
    world = seasoned()
    q, g = world.parameters, world.physicians
    q["service_minutes_per_half_day"], q["service_unbilled_share"], g["phone_share"] = 281.0, 0.2, 0.0
    q["service_wait_memory"], q["service_wait_queue"], q["service_wait_floor"] = 0.75, 0.5, 0.05
    q["service_same_day_reserve"], q["service_overrun_minutes_per_day"] = 0.25, overrun
    q["service_overrun_fatigue"], q["service_fatigue_resting"] = 0.01, 0.2
    q["service_overload_minutes"], q["service_shortest_visit"] = 3.0, 8.0
    g["half_days"], g["present"], g["slot_acute"], g["slot_chronic"], g["overload"] = HALF_DAYS, 1, 15.0, 20.0, 0.0
    g["posted_wait_days"], g["demand_share"] = 4.0, 0.8
    return world


def requests_of(*groups: tuple[int, dict[str, int]]) -> Table:
    """Requests to the first physician, group by group: how many, and how they differ from an acute one."""
    rows = new_table(COLUMNS, sum(number for number, _ in groups))
    rows["target"], rows["provider"], rows["need"], rows["priority"], rows["since"] = TO_GP, 0, ACUTE, MEDIUM, WEEK
    rows["tie"] = np.arange(len(rows))
    first = 0
    for number, columns in groups:
        for name, value in columns.items():
            rows[name][first : first + number] = value
        first += number
    return rows


def served(world: World, requests: Table, owed_tenths: int = 0, freed_tenths: int = 0) -> Table:
    """The first physician's row after a week of these requests."""
    rows, starts = by_provider(requests, (0, 0), (0, len(world.physicians)))
    support = np.zeros((3, len(world.physicians)), np.int64)
    support[OWED, 0], support[FREED, 0] = owed_tenths, freed_tenths
    serve_physicians(scene(world), requests, rows, starts, support, 0, 0, 1)
    return world.physicians[0]


def test_what_leading_takes_is_booked_out_of_the_time_outside_billed_acts() -> None:
    """Files come first; the week's minutes and what is left for patients stay as they are."""
    before = served(practice(), requests_of((1, {})))
    unbilled = float(before["minutes"][UNBILLED])
    for files, rest in ((60.0, 90.0), (unbilled - 30, 90.0), (9_999.0, 90.0)):
        world = practice()
        world.physicians["evidence_minutes"], world.physicians["organisational_minutes"] = files, rest
        after = served(world, requests_of((1, {})))["minutes"]
        written = min(files, unbilled)
        assert after[EVIDENCE] == pytest.approx(written)
        assert after[ORGANISATIONAL] == pytest.approx(min(rest, unbilled - written))
        assert after[[UNBILLED, EVIDENCE, ORGANISATIONAL]].sum() == pytest.approx(unbilled)
        assert after[IDLE] == before["minutes"][IDLE]


def test_all_is_served_when_there_is_time() -> None:
    world, requests = practice(), requests_of((40, {}), (10, {"need": RENEWAL, "priority": LOW}))
    p = served(world, requests)
    assert requests["served"].all()
    assert p["minutes"][VISIT] == pytest.approx(40 * 15 + 10 * 20)
    assert p["minutes"][UNBILLED] == pytest.approx(HALF_DAYS * 281 * 0.2)
    assert p["minutes"][IDLE] == pytest.approx(CAPACITY - 800, abs=0.11)
    assert p["minutes"][OVERRUN] == 0
    assert p["booked_share"] == pytest.approx(800 / CAPACITY, rel=1e-3)
    assert p["backlog_minutes"] == 0


def test_posted_wait_is_the_formula_of_the_behaviour() -> None:
    """C3: 0.75 of last week's + 0.25 of (7 backlog / weekly minutes + 0.5 u / max(0.05, 1 - u)) days."""
    world, requests = practice(), requests_of((40, {}), (10, {"need": RENEWAL}))
    u = 800 / CAPACITY
    assert served(world, requests)["posted_wait_days"] == pytest.approx(0.75 * 4 + 0.25 * 0.5 * u / (1 - u), rel=1e-3)
    world, requests = practice(), requests_of((200, {}))
    p = served(world, requests)
    done = int(CAPACITY // 15)
    u, backlog = 15 * done / CAPACITY, 15 * (200 - done)
    expected = 0.75 * 4 + 0.25 * (7 * backlog / CAPACITY + 0.5 * u / 0.05)
    assert requests["served"].sum() == done == 134
    assert p["posted_wait_days"] == pytest.approx(expected, rel=1e-3)
    assert p["backlog_minutes"] == pytest.approx(backlog)
    assert p["demand_share"] == pytest.approx(0.75 * 0.8 + 0.25 * 200 * 15 / CAPACITY, rel=1e-3)


def test_a_quarter_of_the_week_is_kept_for_those_who_come_now() -> None:
    """2,023 minutes: the queue takes up to 1,517 (101 visits), this week's medium needs the rest (33 visits)."""
    world = practice()
    requests = requests_of((200, {"priority": LOW, "since": WEEK - 1}), (60, {"priority": MEDIUM}))
    served(world, requests)
    assert requests["served"][:200].sum() == int(0.75 * CAPACITY // 15) == 101
    assert requests["served"][200:].sum() == 33
    world = practice()
    world.parameters["service_same_day_reserve"] = 0.0
    requests["served"] = 0
    served(world, requests)
    assert requests["served"][:200].sum() == 134
    assert not requests["served"][200:].any()


def test_what_is_not_kept_for_today_goes_to_the_queue() -> None:
    world, requests = practice(), requests_of((200, {"priority": LOW, "since": WEEK - 1}), (5, {}))
    served(world, requests)
    assert requests["served"][200:].all()
    assert requests["served"][:200].sum() == 134 - 5


def test_supervision_comes_off_the_minutes_of_patients() -> None:
    world, requests = practice(), requests_of((200, {}))
    p = served(world, requests, owed_tenths=3_000)
    assert p["minutes"][SUPERVISION] == pytest.approx(300)
    assert requests["served"].sum() == int((CAPACITY - 300) // 15)
    total = p["minutes"][[VISIT, SUPERVISION, UNBILLED, IDLE]].sum()
    assert total == pytest.approx(HALF_DAYS * 281, abs=0.11)


def test_more_support_than_minutes_is_overrun() -> None:
    p = served(practice(), requests_of((3, {})), owed_tenths=int(10 * CAPACITY) + 1_000)
    assert p["minutes"][OVERRUN] == pytest.approx(100, abs=0.11)
    assert p["minutes"][[VISIT, IDLE]].sum() == 0


@pytest.mark.parametrize("priority", [HIGH, MEDIUM, LOW])
def test_the_day_is_drawn_out_for_whoever_is_left(priority: int) -> None:
    """Up to 60 minutes a day, 4.5 days: 270 minutes beyond the 2,023 of the week."""
    world, requests = practice(60.0), requests_of((300, {"priority": priority}))
    p = served(world, requests)
    assert requests["served"].sum() == int((CAPACITY + 270) // 15) == 152
    assert p["minutes"][OVERRUN] == pytest.approx(152 * 15 - CAPACITY, abs=0.11)
    assert p["fatigue"] > 0.2
    assert p["booked_share"] == 1.0
    world, requests = practice(), requests_of((300, {"priority": priority}))
    assert served(world, requests)["minutes"][OVERRUN] == 0


def test_the_drawn_out_day_goes_to_the_most_pressing() -> None:
    world, requests = practice(60.0), requests_of((150, {"priority": LOW}), (140, {"priority": HIGH}))
    served(world, requests)
    assert requests["served"][150:].all()
    assert requests["served"][:150].sum() == 152 - 140


@pytest.mark.parametrize(
    ("overload", "slot", "expected"),
    [(0.0, 15.0, 150), (1.0, 15.0, 120), (1.5, 15.0, 105), (1.5, 10.0, 80), (1.0, 9.0, 80)],
)
def test_visits_are_shortened_by_overload_but_not_under_eight_minutes(
    overload: float, slot: float, expected: int
) -> None:
    """P-DUR-LOAD: slot - 3 O, at least 8 minutes."""
    world = practice()
    world.physicians["overload"], world.physicians["slot_acute"] = overload, slot
    assert visit_tenths(scene(world), 0, requests_of((1, {})), 0) == expected


@pytest.mark.parametrize(("need", "expected"), [(ACUTE, 150), (RENEWAL, 200), (FLARE, 200)])
def test_chronic_visits_have_their_own_slot(need: int, expected: int) -> None:
    assert visit_tenths(scene(practice()), 0, requests_of((1, {"need": need})), 0) == expected


def test_a_home_visit_has_its_travel_apart() -> None:
    world, requests = practice(), requests_of((2, {"marks": AT_HOME}))
    minutes = served(world, requests)["minutes"]
    q = world.parameters[0]
    assert minutes[TRAVEL] == pytest.approx(2 * q["service_home_visit_travel_minutes"])
    assert minutes[HOME] + minutes[TRAVEL] == pytest.approx(2 * q["service_home_visit_minutes"])


def test_some_contacts_are_taken_by_phone_but_no_renewal_and_nothing_pressing() -> None:
    world = practice()
    world.physicians["phone_share"][0] = 1.0
    world.patients["conditions"][0] = 0
    groups: tuple[tuple[int, dict[str, int]], ...]
    groups = ((3, {}), (3, {"need": RENEWAL}), (3, {"priority": HIGH}), (3, {"need": PSYCHOSOCIAL, "priority": LOW}))
    requests = requests_of(*groups)
    minutes = served(world, requests)["minutes"]
    by_phone = (requests["marks"] & BY_PHONE) > 0
    assert by_phone.tolist() == [True] * 3 + [False] * 6 + [True] * 3
    assert minutes[PHONE] == pytest.approx(6 * world.parameters[0]["service_phone_minutes"])
    assert minutes[VISIT] == pytest.approx(3 * 20 + 3 * 15)


def test_who_is_away_books_nothing() -> None:
    world, requests = practice(), requests_of((3, {}))
    world.physicians["present"][0] = 0
    p = served(world, requests)
    assert not p["minutes"].any()
    assert not requests["served"].any()
    assert p["posted_wait_days"] == 4.0


ASKING = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(0, 2**32 - 1)),
    min_size=1,
    max_size=60,
    unique_by=lambda r: r[2],
)


@settings(derandomize=True)
@given(ASKING)
def test_order_is_class_then_wait_then_tie(asking: list[tuple[int, int, int]]) -> None:
    requests = requests_of((len(asking), {}))
    requests["priority"], requests["tie"] = [a for a, *_ in asking], [c for *_, c in asking]
    requests["since"] = [WEEK - waited for _, waited, _ in asking]
    rows = in_order(requests, np.arange(len(asking)), WEEK).tolist()
    assert rows == sorted(range(len(asking)), key=lambda n: (asking[n][0], -asking[n][1], asking[n][2]))


@pytest.mark.parametrize("asking", [0, 1, MOST_COUNTED, MOST_COUNTED + 1, 3 * MOST_COUNTED])
def test_order_is_the_same_however_many_ask(asking: int) -> None:
    """Few are put in order by counting, many by sorting."""
    requests, draws = requests_of((asking, {})), np.random.default_rng(1)
    requests["priority"] = draws.integers(0, 4, asking)
    requests["since"] = WEEK - draws.integers(0, 6, asking)
    requests["tie"] = draws.permutation(asking)
    some = draws.permutation(asking)
    order = np.lexsort((requests["tie"], requests["since"], requests["priority"]))
    assert in_order(requests, some, WEEK).tolist() == order.tolist()


@settings(derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.sampled_from([TO_GP, TO_NURSE, TO_ROUNDS, TO_ED])), max_size=50),
    st.integers(1, 60), st.integers(0, 90), st.integers(0, 90),
)  # fmt: skip
def test_requests_are_sorted_by_provider_in_their_order(
    asking: list[tuple[int, int]], together: int, nurse: int, physician: int
) -> None:
    """Whatever the size of the parts that are sorted together, and whichever rows are those of the first of each."""
    firsts = np.array([physician if target == TO_GP else nurse for _, target in asking], dtype=np.int32)
    requests = requests_of((len(asking), {}))
    requests["provider"], requests["target"] = [a for a, _ in asking] + firsts, [b for _, b in asking]
    parts = blocks(0, len(asking), together)
    rows, starts = by_provider(requests, (nurse, nurse + 7), (physician, physician + 8), parts)
    for first, targets in ((7, (TO_GP,)), (0, (TO_NURSE, TO_ROUNDS))):
        for g in range(7):
            mine = [n for n, (provider, target) in enumerate(asking) if provider == g and target in targets]
            assert rows[starts[first + g] : starts[first + g + 1]].tolist() == mine
    assert starts[-1] == len(rows)


def test_a_nurse_makes_the_round_first() -> None:
    """10 stops of 12 minutes on 20 km2, then tasks with what remains."""
    world = practice()
    q, j = world.parameters, 0
    q["service_round_factor"], q["service_round_days"], q["service_round_speed"] = 0.71, 6.0, 45.0
    world.nurses["weekly_minutes"][j], world.nurses["area_km2"][j] = 400.0, 20.0
    world.nurses["posted_wait_days"][j] = 2.0
    requests = requests_of(
        (1, {"target": TO_ROUNDS, "count": 10, "minutes_tenths": 1_200}),
        (14, {"target": TO_NURSE, "minutes_tenths": 200}),
    )
    rows, starts = by_provider(requests, (0, len(world.nurses)), (0, 1))
    serve_nurses(scene(world), requests, rows, starts, 0, 0, 1)
    p = world.nurses[j]
    travel = 6 * 60 * 0.71 * math.sqrt(10 / 6 * 20) / 45
    assert p["minutes"][HOME] == pytest.approx(120)
    assert p["minutes"][TRAVEL] == pytest.approx(travel)
    done = int((400 - 120 - travel) // 20)
    assert requests["served"].sum() == 1 + done == 13
    busy, backlog = 120 + travel + 20 * done, 20 * (14 - done)
    u = busy / 400
    expected = 0.75 * 2 + 0.25 * (7 * backlog / 400 + 0.5 * u / max(0.05, 1 - u))
    assert p["posted_wait_days"] == pytest.approx(expected, rel=1e-5)
    assert p["minutes"][IDLE] == pytest.approx(400 - busy, abs=0.11)


def test_a_round_too_long_is_overrun() -> None:
    world = practice()
    world.nurses["weekly_minutes"][0] = 100.0
    requests = requests_of(
        (1, {"target": TO_ROUNDS, "count": 10, "minutes_tenths": 1_200}),
        (1, {"target": TO_NURSE, "minutes_tenths": 200}),
    )
    rows, starts = by_provider(requests, (0, len(world.nurses)), (0, 1))
    serve_nurses(scene(world), requests, rows, starts, 0, 0, 1)
    minutes = world.nurses["minutes"][0]
    assert requests["served"].tolist() == [1, 0]
    assert minutes[OVERRUN] == pytest.approx(120 + minutes[TRAVEL] - 100, abs=0.11)
    assert world.nurses["booked_share"][0] == 1.0


WITHIN = (VISIT, SUPERVISION, UNBILLED, IDLE, COLLECTIVE, EFFORT, PERSONAL)


def test_the_share_of_contacts_by_phone_is_the_physicians_own() -> None:
    world, requests = practice(), requests_of((300, {"priority": LOW}))
    world.physicians["phone_share"] = [1.0, *[0.0] * (len(world.physicians) - 1)]
    s = scene(world)
    for n in range(300):
        requests["tie"][n] = n
        visit_tenths(s, 0, requests, n)
    assert (requests["marks"] & BY_PHONE).all()
    requests["marks"] = 0
    for n in range(300):
        visit_tenths(s, 1, requests, n)
    assert not requests["marks"].any()


def test_the_share_by_phone_starts_at_the_parameter() -> None:
    world = found(town(parameters={"service.phone_share": 0.2}))
    np.testing.assert_allclose(world.physicians["phone_share"], 0.2)


@settings(derandomize=True, max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=4, max_size=4), st.floats(0, 180), st.integers(0, 6_000))
def test_every_minute_of_the_week_has_one_use_whatever_is_decided(
    effort: list[float], collective: float, freed: int
) -> None:
    world, requests = practice(), requests_of((30, {}), (10, {"need": RENEWAL}))
    world.physicians["effort"][0], world.physicians["collective_minutes"][0] = effort, collective
    p = served(world, requests, 500, freed)
    assert p["minutes"][list(WITHIN)].sum() - p["minutes"][OVERRUN] == pytest.approx(HALF_DAYS * 281, abs=0.11)
    assert (p["minutes"] >= 0).all()
    assert p["minutes"][COLLECTIVE] >= collective - 0.01


def test_effort_beyond_that_of_the_start_takes_time_from_patients_and_less_gives_it_back() -> None:
    """D8b: 20 minutes a week for a whole effort on tests, 0.3 of them already in the unbilled time."""
    world, usual = practice(), HALF_DAYS * 281 * 0.2
    world.parameters["service_effort_minutes"] = [30.0, 15.0, 20.0, 20.0]
    idle = {}
    for effort in (0.0, 0.3, 1.0):
        world.physicians["effort"][0] = 0.3
        world.physicians["effort"][0, EFFORT_TESTS] = effort
        minutes = served(world, requests_of((3, {})))["minutes"].copy()
        assert minutes[EFFORT] == pytest.approx(20 * max(0.0, effort - 0.3), abs=1e-5)
        assert minutes[UNBILLED] == pytest.approx(usual + 20 * min(0.0, effort - 0.3), abs=1e-5)
        idle[effort] = minutes[IDLE]
    assert idle[0.3] - idle[1.0] == pytest.approx(14, abs=0.11)
    assert idle[0.0] - idle[0.3] == pytest.approx(6, abs=0.11)


def test_collective_time_takes_time_from_patients() -> None:
    world, requests = practice(), requests_of((200, {}))
    world.physicians["collective_minutes"][0] = 150.0
    p = served(world, requests)
    assert p["minutes"][COLLECTIVE] == pytest.approx(150)
    assert requests["served"].sum() == int((CAPACITY - 150) // 15)


def freed_week(**columns: float) -> tuple[Table, Table]:
    """A full week in which nurses have freed 300 minutes; requests and the physician after it."""
    world, requests = practice(), requests_of((200, {}))
    world.parameters["service_overload_minutes"] = 0.0
    for name, value in columns.items():
        if name in (world.teams.dtype.names or ()):
            world.teams[name] = value
        elif name in (world.physicians.dtype.names or ()):
            world.physicians[name] = value
        else:
            world.parameters[name] = value
    return requests, served(world, requests, 0, 3_000)


def test_only_a_part_of_freed_time_stays_for_patients() -> None:
    """D2: 0.30 + 0.30 min(O, 1) for more patients, 0.10 longer visits, 0.15 collective work, the rest private."""
    requests, p = freed_week(more_patients=0.3)
    assert p["minutes"][PERSONAL] == pytest.approx(300 * 0.45, rel=1e-5)
    assert p["minutes"][COLLECTIVE] == pytest.approx(300 * 0.15)
    assert requests["minutes_tenths"][0] == 151, "30 minutes over 200 visits"
    assert p["minutes"][VISIT] == pytest.approx(CAPACITY - 300 * 0.60, abs=16)
    requests, p = freed_week(more_patients=0.3, overload=1.5)
    assert p["minutes"][PERSONAL] == pytest.approx(300 * 0.15, rel=1e-4)


def test_freed_time_that_does_not_leak_is_all_for_patients() -> None:
    kept, _ = freed_week(service_freed_leak=0.0, more_patients=0.0)
    every, p = freed_week(more_patients=1.0)
    assert kept["served"].sum() == every["served"].sum() == int(CAPACITY // 15)
    assert p["minutes"][[PERSONAL, COLLECTIVE]].sum() == 0


@settings(derandomize=True, max_examples=20)
@given(st.floats(0, 1), st.floats(0, 1))
def test_the_more_is_kept_for_patients_the_more_are_seen(one: float, other: float) -> None:
    low, high = sorted((one, other))
    fewer, more = freed_week(more_patients=low)[0], freed_week(more_patients=high)[0]
    assert fewer["served"].sum() <= more["served"].sum()


def test_a_visit_prepared_at_the_desk_is_shorter() -> None:
    world = practice()
    world.teams["desk_minutes_saved"] = 4.0
    assert visit_tenths(scene(world), 0, requests_of((1, {"need": RENEWAL})), 0) == 160
    assert visit_tenths(scene(world), 0, requests_of((1, {"need": ACUTE})), 0) == 150


def test_collective_time_of_a_nurse_comes_after_the_round_and_before_tasks() -> None:
    world = practice()
    world.nurses["weekly_minutes"][0], world.nurses["collective_minutes"][0] = 400.0, 100.0
    requests = requests_of((20, {"target": TO_NURSE, "minutes_tenths": 200}))
    rows, starts = by_provider(requests, (0, len(world.nurses)), (0, 1))
    serve_nurses(scene(world), requests, rows, starts, 0, 0, 1)
    assert requests["served"].sum() == 15
    assert world.nurses["minutes"][0, COLLECTIVE] == 100


def test_a_nurse_out_of_post_serves_nobody() -> None:
    world = practice()
    world.nurses["in_post"][0] = 0
    requests = requests_of((2, {"target": TO_NURSE, "minutes_tenths": 200}))
    rows, starts = by_provider(requests, (0, len(world.nurses)), (0, 1))
    serve_nurses(scene(world), requests, rows, starts, 0, 0, 1)
    assert not requests["served"].any()
    assert not world.nurses["minutes"][0].any()


def test_leave_and_empty_posts_keep_physicians_away() -> None:
    world = found(town(teams={}, people=9_000))
    world.physicians["leave_weeks"] = 0.0
    world.physicians["vacant_until"][1] = world.week + 5
    presence(scene(world))
    assert world.physicians["present"].tolist() == [1, 0, *[1] * (len(world.physicians) - 2)]
    world.physicians["leave_weeks"] = 52.0
    presence(scene(world))
    assert not world.physicians["present"].any()
    world.physicians["leave_weeks"], away = 6.2, []
    for week in range(400):
        world.week = week
        presence(scene(world))
        away.append(1 - world.physicians["present"][2:].mean())
    n = 400 * (len(world.physicians) - 2)
    assert abs(np.mean(away) - 6.2 / 52) < 4 * math.sqrt(0.12 * 0.88 / n)


def posted_waits(memory: float) -> NDArray[np.float64]:
    """Posted waits of a saturated practice over two years, after one that is not looked at, ``(weeks, physicians)``."""
    world = found(town(9_000, teams={}, gps_per_10000=3.4))
    world.physicians["leave_weeks"] = 0.0
    world.physicians["birth_week"] = -52 * 45
    world.parameters["service_wait_memory"] = memory
    passage = Passage(world)
    waits = []
    for _ in range(156):
        passage.week()
        waits.append(world.physicians["posted_wait_days"].astype(float))
    return np.array(waits)[52:]


def lagged(values: NDArray[np.float64], lag: int) -> NDArray[np.float64]:
    """Autocorrelation of each column at a lag."""
    around = values - values.mean(axis=0)
    return (around[lag:] * around[:-lag]).sum(axis=0) / (around**2).sum(axis=0)


def swings(waits: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whose wait goes up and down by turns: a rise tends to follow a fall, and the level leaps."""
    changes = np.diff(waits, axis=0)
    turns = np.mean(changes[1:] * changes[:-1] < 0, axis=0)
    leaps = np.abs(changes).mean(axis=0) / waits.mean(axis=0)
    return (lagged(changes, 1) < -0.1) | (turns > 0.5) | (leaps > 0.05) | (lagged(waits, 1) < lagged(waits, 2))


def test_a_saturated_practice_does_not_swing_from_week_to_week() -> None:
    waits = posted_waits(0.75)
    assert waits.mean() > 14, "it is saturated"
    assert not swings(waits).any()


def test_a_practice_without_memory_would_swing() -> None:
    """The test above is able to fail."""
    assert swings(posted_waits(0.0)).all()


def test_a_week_of_a_town_leaves_posts_neither_idle_nor_flooded() -> None:
    world = found(town(6_000))
    lived(world, 30)
    at_work = world.physicians["present"] > 0
    assert 0.3 < world.physicians["booked_share"][at_work].mean() <= 1.0

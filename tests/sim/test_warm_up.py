"""How long a world is warmed up: the rule, year by year, and the model that follows it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest

from agents.declarations import Table
from agents.patients import ALIVE
from sim.founding import found
from sim.model import CareModel, prepared
from sim.parameters import Parameter, all_parameters
from sim.warm_up import LONGEST_YEARS, SHORTEST_YEARS, WEIGHTS, Gauge, Level, acts, mean_control
from sim.world import RECORDS, World
from tests.sim.made_weeks import living, town

TOLERANCE = 0.02
STILL = Level(3.0, 0.8, 0.7)


def settled(*levels: Level) -> bool:
    gauge = Gauge()
    gauge.levels = list(levels)
    return gauge.settled(TOLERANCE)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([], False),
        ([STILL], False),
        ([STILL, STILL], True),
        ([STILL, replace(STILL, contacts=3.05)], True),
        ([STILL, replace(STILL, contacts=3.07)], False),
        ([STILL, replace(STILL, booked=0.83)], False),
        ([STILL, replace(STILL, control=0.68)], False),
        ([replace(STILL, contacts=9.0), STILL, STILL], True),
        ([STILL, STILL, replace(STILL, control=0.6)], False),
        ([replace(STILL, contacts=float(n)) for n in range(1, 6)], False),
        ([replace(STILL, contacts=float(n)) for n in range(1, 7)], True),
    ],
)
def test_a_warm_up_ends_when_a_year_is_like_the_one_before(levels: Sequence[Level], expected: bool) -> None:
    assert settled(*levels) == expected


def test_levels_near_nothing_are_compared_too() -> None:
    nothing = Level(0.0, 0.0, 0.0)
    assert not nothing.far_from(nothing, TOLERANCE)
    assert replace(nothing, booked=0.1).far_from(nothing, TOLERANCE)


def world_at_work() -> World:
    world = found(town(1_500, teams={}))
    world.physicians["present"] = 1
    return world


def test_a_year_is_the_mean_of_its_weeks() -> None:
    world, gauge = world_at_work(), Gauge()
    people = int(living(world.patients).sum())
    for week in range(1, 105):
        world.week = week
        world.physicians["contacts"] = 10 if week <= 52 else 20
        world.physicians["booked_share"] = 0.5 if week % 2 else 0.7
        gauge.add_week(world)
        assert len(gauge.levels) == week // 52
    n = len(world.physicians)
    for level, contacts in zip(gauge.levels, (10, 20), strict=True):
        assert level.contacts == pytest.approx(52 * contacts * n / people)
        assert level.booked == pytest.approx(0.6)
        assert level.control == pytest.approx(mean_control(world))


def test_those_away_do_not_count_as_idle() -> None:
    world, gauge = world_at_work(), Gauge()
    world.physicians["booked_share"] = 0.8
    for week in range(1, 53):
        world.week = week
        world.physicians["present"] = 1
        world.physicians["present"][0] = week % 2
        world.physicians["booked_share"][0] = 0.8 * (week % 2)
        gauge.add_week(world)
    assert gauge.levels[0].booked == pytest.approx(0.8)


def test_control_is_that_of_the_conditions_of_the_living() -> None:
    world = world_at_work()
    world.patients["control"] = 0
    world.patients["conditions"] = 0
    assert mean_control(world) == 1.0
    first, second = np.flatnonzero(living(world.patients))[:2]
    world.patients["conditions"][[first, second]] = 1, 0b110
    world.patients["control"][first, 0] = 65535
    assert mean_control(world) == pytest.approx(1 / 3)
    world.patients["flags"][second] &= ~np.uint16(ALIVE)
    assert mean_control(world) == 1.0


@cache
def warmed() -> CareModel:
    return prepared(town(1_500, teams={}))


def test_the_rule_decides_between_two_and_six_years() -> None:
    model = warmed()
    years = len(model.warm_up.levels)
    assert (SHORTEST_YEARS, LONGEST_YEARS) == (2, 6)
    assert SHORTEST_YEARS <= years <= LONGEST_YEARS
    assert model.world.week == model.world.warm_up_weeks == 52 * years
    tolerance = float(model.world.parameters[0]["service_warm_up_tolerance"])
    moving = [
        now.far_from(then, tolerance) for then, now in zip(model.warm_up.levels, model.warm_up.levels[1:], strict=False)
    ]
    assert years == LONGEST_YEARS or not moving[-1]
    assert all(moving[:-1]), "it went on no longer than needed"


def test_year_one_begins_on_the_first_day_of_the_scenario() -> None:
    model = warmed()
    assert model.year == model.world.year == 1
    assert model.world.day() == date(2021, 1, 4)
    assert max(model.accounts.years) == 0
    assert not model.world.patients["gp_contacts"].any()
    assert not model.world.patients["spend"].any()
    assert model.world.patients["spend_prev"].sum() > 0


@pytest.mark.parametrize("years", [1, 3])
def test_a_scenario_may_say_how_long(years: int) -> None:
    told: list[int] = []
    model = prepared(replace(town(1_500, teams={}), warm_up_years=years), progress=told.append)
    assert len(model.warm_up.levels) == years
    assert model.world.week == 52 * years
    assert sum(told) == 52 * years


def test_departures_are_due_after_the_warm_up() -> None:
    specification = replace(town(3_000), warm_up_years=1)
    leaving = replace(specification.teams["sharing"], departures_due=2, near_retirement=0, mean_age=40.0)
    model = CareModel(found(replace(specification, teams={"sharing": leaving})))
    due = model.world.physicians["leaves_week"].copy()
    assert (due[:2] >= 0).all()
    model.warm(specification)
    assert (model.world.physicians["successions"][:2] == 0).all()
    assert (model.world.physicians["vacant_until"][:2] == -1).all(), "nobody has left yet"
    np.testing.assert_array_equal(model.world.physicians["leaves_week"][:2], due[:2] + 52)
    model.run(int(due[:2].max()) + 1)
    left = (model.world.physicians["vacant_until"][:2] >= 0) | (model.world.physicians["successions"][:2] > 0)
    assert left.all()


def test_a_warm_up_lives_at_the_prices_of_its_end() -> None:
    """The fee of a visit rises in time: every week of a warm-up pays that of the scenario's first day."""
    specification = replace(town(1_500, teams={}), warm_up_years=1, start=date(2024, 2, 5))
    model = CareModel(found(specification))
    fees = set()
    passed = model.passage.week

    def watched(day: date | None = None) -> Table:
        lines = passed(day)
        visits = lines[(lines["code"] == 1) & (lines["day"] < 5)]
        fees.update(visits["cents"].tolist())
        return lines

    model.passage.week = watched  # type: ignore[method-assign]
    model.warm(specification)
    assert fees == {2_650}


SILENT = [parameter for parameter in all_parameters().values() if not acts(parameter.id)]
"""Parameters that are said not to act before the fork."""


def edge(parameter: Parameter, *, low: bool = False) -> Any:
    """An end of the range of a parameter; the other one where that is its value."""
    value = np.asarray(parameter.value, dtype=float)
    wanted, other = (parameter.low, parameter.high) if low else (parameter.high, parameter.low)
    return np.where(value == wanted, other, wanted).tolist()


def saved(folder: Path, parameters: dict[str, Any]) -> dict[str, bytes]:
    """All that is kept of a tiny world at the end of its warm-up, but for the parameters themselves."""
    specification = replace(town(1_500), warm_up_years=1, parameters=parameters)
    model = CareModel(found(specification), specification)
    assert model.council is not None
    assert min(len(model.world.physicians), len(model.world.nurses), len(model.world.dyads)) > 0
    model.warm(specification)
    model.save(folder / "world.npz")
    with ZipFile(folder / "world.npz") as files:
        return {name: files.read(name) for name in files.namelist() if Path(name).stem not in RECORDS}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return saved(tmp_path_factory.mktemp("plain"), {})


def test_most_weights_of_decisions_are_said_not_to_act_before_the_fork() -> None:
    every = [parameter for parameter in all_parameters().values() if parameter.behaviour]
    assert len(SILENT) == len(every) - len(WEIGHTS) > 300
    assert not any(acts(parameter.id) for parameter in SILENT)
    assert acts("choice.travel_minute")


@pytest.mark.parametrize("low", [False, True])
def test_what_is_said_not_to_act_before_the_fork_changes_no_byte_of_a_warmed_up_world(
    low: bool, plain: dict[str, bytes], tmp_path: Path
) -> None:
    assert saved(tmp_path, {parameter.id: edge(parameter, low=low) for parameter in SILENT}) == plain


@pytest.mark.slow
@pytest.mark.parametrize("part", range(9))
def test_nor_does_any_part_of_it(part: int, plain: dict[str, bytes], tmp_path: Path) -> None:
    """Effects of two parameters could undo each other: any two of them are apart in one of these halves."""
    half = [parameter for number, parameter in enumerate(SILENT) if number >> part & 1]
    assert saved(tmp_path, {parameter.id: edge(parameter) for parameter in half}) == plain


@pytest.mark.parametrize("parameter", [*WEIGHTS, "choice.travel_minute"])
def test_what_acts_before_the_fork_is_seen_there(parameter: str, plain: dict[str, bytes], tmp_path: Path) -> None:
    """So the tests above can fail, and no weight is among those that act without need."""
    assert saved(tmp_path, {parameter: edge(all_parameters()[parameter])}) != plain


def test_a_weight_that_is_not_declared_cannot_be_read_in_a_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    specification = replace(town(400, teams={}), warm_up_years=1)
    model = CareModel(found(specification), specification)
    whole = model.world.behaviour
    add_week = model.warm_up.add_week

    def reads_another(world: World) -> None:
        for weight in WEIGHTS:
            field = all_parameters()[weight].field
            assert np.array_equal(world.behaviour[0][field], whole[0][field])
        with pytest.raises(ValueError, match="no field"):
            world.behaviour[0][SILENT[0].field]
        add_week(world)

    monkeypatch.setattr(model.warm_up, "add_week", reads_another)
    model.warm(specification)
    assert model.world.behaviour is whole


def test_a_warm_up_leaves_it_to_the_point_to_remember_its_pay() -> None:
    specification = replace(town(1_500), warm_up_years=1)
    model = CareModel(found(specification), specification)
    model.warm(specification)
    assert not model.world.physicians["income_habit"].any()
    model.remember()
    assert (model.world.physicians["income_habit"] == prepared(specification).world.physicians["income_habit"]).all()
    assert model.world.physicians["income_habit"].any()

"""Points of a sweep: within their ranges, reproducible, extended by what adds to them."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.mistakes import Mistake
from scenarios.study.points import Axis, axis_of, listed, points_of, vector_of
from sim.parameters import all_parameters, check_override
from tests.scenarios.toy_laboratory import parameters

IDS = [name for name, parameter in all_parameters().items() if np.shape(parameter.value) == ()]


def axes(*names: str, **said: Any) -> list[Axis]:
    return [axis_of(name, said, parameters(), {}) for name in names]


@settings(max_examples=50)
@given(
    st.lists(st.sampled_from(IDS), min_size=1, max_size=4, unique=True),
    st.sampled_from(["grid", "latin_hypercube", "sobol", "one_at_a_time"]),
    st.integers(1, 40),
    st.integers(0, 5),
)
def test_points_are_in_the_recorded_ranges_and_the_same_each_time(
    names: Sequence[str], kind: str, number: int, draw: int
) -> None:
    made = [axis_of(name, {"levels": 2}, all_parameters(), {}) for name in names]
    points = points_of(kind, made, number, [draw])
    assert points == points_of(kind, made, number, [draw])
    assert len(points) == {"grid": 2 ** len(names)}.get(kind, number) or kind == "one_at_a_time"
    for point in points:
        for name, value in vector_of(point, made).items():
            check_override(name, value)


@settings(max_examples=50)
@given(st.floats(1e-3, 1e3), st.floats(1.01, 1e3), st.booleans(), st.floats(0, 1))
def test_an_axis_stays_between_its_ends(low: float, ratio: float, log: bool, share: float) -> None:
    axis = Axis("a", "a", 1.0, low=low, high=low * ratio, log=log)
    assert axis.low <= axis.at(share) <= axis.high
    assert axis.at(0) == pytest.approx(low)
    assert axis.at(1) == pytest.approx(low * ratio)


def test_a_grid_is_every_combination() -> None:
    points = points_of("grid", axes("toy.drift", "toy.level", levels=3))
    assert len(points) == 9
    assert {point["toy.drift"] for point in points} == {0.5, 1.75, 3.0}
    (single,) = points_of("grid", axes("toy.drift", levels=1))
    assert single == {"toy.drift": 1.75}


def test_a_latin_hypercube_fills_each_slice_once() -> None:
    points = points_of("latin_hypercube", axes("toy.drift", "toy.level"), 20)
    for axis in axes("toy.drift", "toy.level"):
        slices = [int(20 * (point[axis.name] - axis.low) / (axis.high - axis.low)) for point in points]
        assert sorted(slices) == list(range(20))


def test_a_longer_sobol_draw_begins_with_the_shorter_one_and_another_draw_adds_points() -> None:
    two = axes("toy.drift", "toy.level")
    short, long = points_of("sobol", two, 5), points_of("sobol", two, 16)
    assert long[:5] == short
    both = points_of("latin_hypercube", two, 4, [1, 2])
    assert both[:4] == points_of("latin_hypercube", two, 4, [1])
    assert len({tuple(point.values()) for point in both}) == 8


def test_one_at_a_time_starts_from_the_scenario_and_moves_one() -> None:
    points = points_of("one_at_a_time", axes("toy.drift", "toy.level", levels=2))
    assert points[0] == {"toy.drift": 1.0, "toy.level": 1.0}
    assert len(points) == 5
    assert all(sum(value != points[0][name] for name, value in point.items()) == 1 for point in points[1:])


def test_values_and_logarithmic_steps() -> None:
    (values,) = axes("toy.level", values=[1, 5])
    assert [values.at(share) for share in (0, 0.49, 0.5, 1)] == [1, 1, 5, 5]
    (log,) = axes("toy.level", scale="log")
    assert log.steps() == pytest.approx([0.1, 1.0, 10.0])
    assert math.isclose(log.at(0.5), 1.0)


def test_one_number_of_a_table_or_all_of_them() -> None:
    one, other = axes("toy.table[0][1]", "toy.table[1][0]")
    assert one.centre == 2.0
    assert vector_of({one.name: 7.0, other.name: 0.0}, [one, other]) == {"toy.table": [[1.0, 7.0], [0.0, 4.0]]}
    (whole,) = axes("toy.table", times=[0.5, 2])
    assert whole.centre == 1.0
    assert vector_of({"toy.table": 2.0}, [whole]) == {"toy.table": [[2.0, 4.0], [6.0, 8.0]]}


def test_the_scenario_s_own_value_is_the_centre() -> None:
    axis = axis_of("toy.drift", {}, parameters(), {"toy.drift": 2.5})
    assert axis.centre == 2.5
    assert listed([{}, {"toy.drift": 1}], [axis]) == [{"toy.drift": 2.5}, {"toy.drift": 1.0}]


@pytest.mark.parametrize(
    ("name", "said", "message"),
    [
        ("toy.drifts", {}, 'the parameter "toy.drifts" is not known. Did you mean "toy.drift"?'),
        ("toy.table", {}, r"toy.table is a table of shape \(2, 2\): name one number of it, as toy.table\[0\]\[0\]"),
        ("toy.table[0][2]", {}, "is a table of shape"),
        ("toy.drift[0]", {}, "is a table of shape"),
        ("toy.drift", {"low": 2, "high": 2}, "low = 2.0 is not below high = 2.0"),
        ("toy.table[0][0]", {"scale": "log"}, "needs a range above 0, not from 0.0"),
    ],
)
def test_an_axis_that_cannot_be_is_refused(name: str, said: dict[str, Any], message: str) -> None:
    with pytest.raises(Mistake, match=message):
        axis_of(name, said, parameters(), {})


@pytest.mark.parametrize("value", [True, "1", math.nan])
def test_a_listed_value_is_a_number(value: Any) -> None:
    with pytest.raises(Mistake, match="is not a number"):
        listed([{"toy.drift": value}], axes("toy.drift"))

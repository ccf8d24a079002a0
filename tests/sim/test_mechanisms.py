"""Mechanisms: all of behaviour H are there, their options are values of parameters that exist, and nothing else."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agents.mistakes import Mistake
from scenarios.study.forking import applied
from sim.founding import found
from sim.mechanisms import ON, all_mechanisms, check_mechanisms, effective_parameters
from sim.parameters import all_parameters, behaviour_record, check_override, parameter_record
from sim.specification import ScenarioSpec
from tests.sim.made_weeks import town

ROOT = Path(__file__).parents[2]
LAST = 70
SWITCHES = (0.0, 1.0)
"""Values with which a mechanism may be taken out beyond the range of its parameter: no weight, or all of it at once."""
BEYOND = {"team_life.maturity_years": "a time constant, which cannot be 0"}
"""Other values beyond a range, each with its reason."""


def test_every_mechanism_of_the_specification_is_listed_once() -> None:
    numbers = Counter(m.number for m in all_mechanisms().values() if m.number)
    assert set(numbers) == {f"M{number:02d}" for number in range(1, LAST + 1)}
    assert set(numbers.values()) == {1}


def test_every_mechanism_says_what_it_is() -> None:
    for m in all_mechanisms().values():
        assert re.fullmatch(r"[a-z_]+", m.id)
        assert m.line, m.id
        assert not m.line.endswith("."), m.id
        assert m.source, m.id
        assert m.priority in (1, 2, 3), m.id
        assert (ROOT / m.where).exists(), m.where
        assert m.options or m.note, f"{m.id} has no option and does not say why"
        assert ON not in m.options, m.id


def test_every_option_is_made_of_values_that_parameters_can_take() -> None:
    for m in all_mechanisms().values():
        for option, values in m.options.items():
            assert values, (m.id, option)
            for key, value in values.items():
                assert key in all_parameters(), (m.id, key)
                parameter = all_parameters()[key]
                given = np.asarray(value, dtype=float)
                assert given.shape == np.shape(parameter.value), (m.id, key)
                in_range = bool((given >= parameter.low).all() and (given <= parameter.high).all())
                assert in_range or key in BEYOND or np.isin(given, SWITCHES).all(), (m.id, key, value)


def test_every_option_changes_something_and_no_two_are_the_same() -> None:
    known = all_parameters()
    for m in all_mechanisms().values():
        for option, values in m.options.items():
            if m.id == "selection" and option == "off":
                continue  # it is off by default
            assert any(not np.array_equal(known[key].value, value) for key, value in values.items()), (m.id, option)
        assert len({str(values) for values in m.options.values()}) == len(m.options), m.id


def test_all_options_can_be_chosen_one_by_one() -> None:
    for m in all_mechanisms().values():
        for option in (ON, *m.options):
            given = effective_parameters(ScenarioSpec(mechanisms={m.id: option}))
            assert given == (m.options[option] if option != ON else {})
            parameter_record(given)
            behaviour_record(given)


def test_a_world_is_founded_under_its_mechanisms() -> None:
    world = found(replace(town(1_000, teams={}), mechanisms={"relay": "full", "overload": "off"}))
    assert world.behaviour["incentives_least_knowledge"] == 1
    assert world.parameters["service_overload_minutes"] == 0
    assert applied(world, ScenarioSpec(), ScenarioSpec()).behaviour["incentives_least_knowledge"] == 0


def test_own_parameters_stand_over_options() -> None:
    spec = ScenarioSpec(mechanisms={"relay": "full"}, parameters={"incentives.least_knowledge": 0.3})
    assert effective_parameters(spec)["incentives.least_knowledge"] == 0.3
    assert effective_parameters(ScenarioSpec()) == {}


def test_an_option_may_leave_the_range_that_is_swept_and_nothing_else_may() -> None:
    check_override("practice.phone_money", 0.0)
    with pytest.raises(Mistake, match="outside its range"):
        check_override("practice.phone_money", -0.1)
    with pytest.raises(Mistake, match="outside its range"):
        check_override("incentives.eps", 0.0)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"rely": "off"}, 'the mechanism "rely" is not known. Did you mean "relay"'),
        ({"relay": "ful"}, 'the mechanism "relay" has no option "ful". Did you mean "full"'),
        ({"relay": "sometimes"}, "Known values: on, full, off"),
        ({"legal_gate": "off"}, 'the mechanism "legal_gate" cannot be switched. The law'),
        ({"intermediaries": "off", "relay": "full"}, 'mechanisms "intermediaries" and "relay" both set incentives'),
    ],
)
def test_wrong_names_and_contradictions_are_refused_in_one_line(chosen: dict[str, str], said: str) -> None:
    with pytest.raises(Mistake, match=said) as caught:
        check_mechanisms(chosen)
    assert "\n" not in str(caught.value)
    with pytest.raises(Mistake):
        effective_parameters(ScenarioSpec(mechanisms=chosen))

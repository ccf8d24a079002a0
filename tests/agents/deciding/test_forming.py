"""How health homes start, and who wins calls for projects (behaviour F1)."""

import numpy as np
import pytest

from agents.deciding import forming
from tests.agents.deciding.people import weights


def test_dissatisfaction_starts_a_project_where_somebody_carries_it() -> None:
    q = weights()
    overload, isolation = np.array([0.5, 1.2, 1.2]), np.array([0.25, 0.25, 0.25])
    suffering = forming.dissatisfaction(overload, isolation, np.full(3, 0.2), np.full(3, 0.5), q)
    assert suffering.value == pytest.approx([0.365, 0.645, 0.645])
    assert forming.starts_project(suffering.value, np.array([1.0, 1.0, 0.0]), q).tolist() == [False, True, False]


def test_writing_takes_eighteen_months() -> None:
    q, projects = weights(), np.array([0.0, 1.0])
    begun = forming.first_page(projects, q)
    assert (forming.first_page(begun, q) == begun).all()
    quarters = 0
    while begun[0] < 1:
        begun, quarters = forming.written(begun, q), quarters + 1
    assert quarters == 6
    assert begun == pytest.approx([1.0, 2.0])
    assert forming.written(np.array([0.0, 2.0]), q) == pytest.approx([0.0, 2.0])


def test_the_fearful_follow_once_enough_have_joined() -> None:
    q, never = weights(), np.ones(10)
    assert forming.joiners(10, 2, never, q) == 0
    assert forming.joiners(10, 3, never, q) == 2
    assert forming.joiners(10, 10, np.zeros(10), q) == 0
    assert forming.joiners(10, 0, np.zeros(10), q) == 8
    assert forming.joiners(0, 0, np.zeros(0), q) == 0


def test_a_health_home_needs_two_physicians_and_somebody_else() -> None:
    found = forming.is_health_home(np.array([2.0, 1.0, 3.0]), np.array([1.0, 5.0, 0.0]), weights())
    assert found.tolist() == [True, False, False]


def test_the_endowed_answer_and_win() -> None:
    yes, no = np.array([True]), np.array([False])
    q = weights()
    assert forming.endowed_chance(np.array([0.0]), no, no, q) == pytest.approx([0.1])
    assert forming.endowed_chance(np.array([1.0]), yes, yes, q) == pytest.approx([0.7])
    assert forming.endowed_chance(np.array([9.0]), yes, yes, q) == pytest.approx([1.0])

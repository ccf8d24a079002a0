"""What is compiled ahead is what a week calls."""

from typing import Any

from sim.ahead import compile_ahead
from sim.founding import found
from sim.week import demography
from sim.week.effects import apply
from sim.week.passage import Passage
from tests.sim.made_weeks import town

AHEAD: tuple[Any, ...] = (apply, demography._week)


def test_it_is_compiled_for_the_arguments_of_a_week() -> None:
    Passage(found(town(600))).week()
    known = [list(kernel.signatures) for kernel in AHEAD]
    assert all(known)
    compile_ahead()
    assert [list(kernel.signatures) for kernel in AHEAD] == known

import pytest

from results.messages import LANGUAGES
from scenarios.overrides import overridden
from scenarios.study.forking import check_arm
from scenarios.study.laboratory import CARETEAMS
from scenarios.teaching import outcomes
from scenarios.teaching.grid import Arm, Factor, Grid, grid

GRIDS = {"whole": grid(), "quick": grid().in_short()}


@pytest.mark.parametrize("name", GRIDS)
def test_every_arm_that_is_asked_for_starts_from_the_world_of_its_territory(name: str) -> None:
    whole: Grid = GRIDS[name]
    asked = {arm for plan in (*whole.studies.values(), whole.factorial.plan) for arm in plan.arms}
    asked |= {arm for one in whole.runs.values() for arm in one.arms}
    for arm in asked:
        place = whole.territories[whole.arm(arm).territory]
        base = place.spec()
        check_arm(arm, base, overridden(base, whole.arm(arm).overrides(place, base)))


@pytest.mark.parametrize("name", GRIDS)
def test_a_study_has_its_baseline_and_reads_years_that_it_simulates(name: str) -> None:
    for plan in (*GRIDS[name].studies.values(), GRIDS[name].factorial.plan):
        assert plan.baseline in plan.arms
        assert set(plan.read) <= set(range(1, plan.years + 1))
        assert plan.seeds > 1  # an interval takes two


def test_texts_of_the_grid_are_there_in_both_languages() -> None:
    whole = grid()
    factors: tuple[Arm | Factor, ...] = (
        *whole.arms.values(),
        *whole.factorial.rules,
        *whole.factorial.amounts,
        *whole.factorial.sharings,
    )
    for one in factors:
        assert set(one.title) == set(one.text) == set(LANGUAGES)
        assert all(one.title.values())
        assert all(one.text.values())


def test_a_recorded_run_and_a_study_of_one_arm_are_told_apart_by_nothing_but_what_is_written() -> None:
    """The arms of the map are arms of the studies: what is looked at week by week is what the intervals speak of."""
    whole = grid()
    known = {arm for plan in whole.studies.values() for arm in plan.arms}
    assert {arm for one in whole.runs.values() for arm in one.arms} <= known


def test_every_outcome_of_the_page_is_known_to_its_laboratory() -> None:
    known = outcomes.laboratory().outcomes()
    assert set(outcomes.names(4, 5, tasks=True)) <= set(known)
    assert set(CARETEAMS.outcomes()) <= set(known)


def test_outcomes_are_declared_with_all_that_the_page_says_of_them() -> None:
    for name, declared in outcomes.declared().items():
        assert set(declared["label"]) == set(declared["unit"]) == set(LANGUAGES), name
        assert declared["good"] in (-1, 0, 1)
        assert declared["decimals"] >= 0

"""Derived columns of professionals, which measures may ask for."""

import numpy as np

from sim.payment.installation_aids import MEASURES_OF_POSTS
from sim.views import table_view
from sim.working_time import YearOfTime
from tests.sim.made_weeks import seasoned


def test_the_age_of_physicians_is_in_whole_years_at_the_end_of_the_year() -> None:
    world = seasoned()
    born = world.physicians["birth_week"]
    born[0], born[1] = world.week - 60 * 52, world.week - 60 * 52 + 1
    columns = YearOfTime().columns("physicians", world)
    assert columns["age"]()[:2].tolist() == [60, 59]
    assert "age" not in YearOfTime().columns("nurses", world)


def test_a_measure_asks_for_it() -> None:
    world = seasoned()
    world.physicians["birth_week"] = world.week - 61 * 52
    world.physicians["birth_week"][0] = world.week - 59 * 52
    world.physicians["vacant_until"] = -1
    world.physicians["vacant_until"][1] = world.week + 9
    (aged,) = (one for one in MEASURES_OF_POSTS if one.name == "physicians_60")
    view = table_view("physicians", world, YearOfTime().columns("physicians", world))
    assert view.rows(aged).tolist() == np.arange(2, len(world.physicians)).tolist()
